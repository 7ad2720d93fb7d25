"""The letter by which the NGO asks for a change. No source prints a form of it (GR-I-16); the wording is ours."""

from __future__ import annotations

from django.utils import translation

from ortaq.core import clock
from ortaq.core.bilingual import pick
from ortaq.documents.paper import (
    Align,
    Block,
    Cell,
    Column,
    Heading,
    Paper,
    Paragraph,
    Party,
    Row,
    Signatory,
    Signatures,
    Table,
)
from ortaq.law.text import Text
from ortaq.projects.models import Change
from ortaq.projects.queries.change import shown

LANGUAGES = ("kk", "ru")
WORDS = {
    "title": Text("ЖОБАҒА ӨЗГЕРІС ЕНГІЗУ ТУРАЛЫ № {number} ХАТ", "ПИСЬМО № {number} О ВНЕСЕНИИ ИЗМЕНЕНИЙ В ПРОЕКТ"),
    "contract": Text("{day} № {number} шарт, «{title}» жобасы", "Договор от {day} № {number}, проект «{title}»"),
    "asked": Text("Жобаға төмендегі өзгерісті енгізуге келісім беруіңізді сұраймыз.", "Просим согласовать следующее изменение проекта."),
    "what": Text("Не өзгереді", "Что изменяется"),
    "before": Text("Қазіргі мәні", "В действующей редакции"),
    "after": Text("Жаңа мәні", "В новой редакции"),
    "reason": Text("Өзгерістің себебі", "Основание изменения"),
    "effect": Text("Міндеттерге, индикаторларға және қаражатқа әсері", "Влияние на задачи, индикаторы и средства"),
    "letter": Text("Қосымша: {file} (SHA-256: {sha256})", "Приложение: {file} (SHA-256: {sha256})"),
    "head": Text("ҮЕҰ басшысы", "Руководитель НПО"),
    "answer": Text("Жауабы", "Ответ"),
    "approved": Text("{day} келісілді, жоба жоспарына енгізілді.", "Согласовано {day}, внесено в план проекта."),
    "refused": Text("{day} бас тартылды.", "Отказано {day}."),
    "withdrawn": Text("Өтінішті ҮЕҰ қайтарып алды.", "Запрос отозван НПО."),
    "body": Text("Қаражат беруші орган атынан", "От органа, предоставившего средства"),
    "seal": Text("М.О.", "М.П."),
    "signature": Text("(қолы)", "(подпись)"),
}  # fmt: skip


def letter(change: Change, language: str) -> Paper:
    """The request of `change` in Kazakh or Russian; once it is decided, the decision too."""
    contract = change.project.contract

    def say(name: str, **values: object) -> str:
        return WORDS[name].fill(**values).say(language)

    with translation.override(language):
        table = [
            Row(
                (
                    Cell(f"{one.what}\n{one.field}".strip()),
                    Cell(one.before or "—"),
                    Cell(one.after or "—"),
                )
            )
            for one in shown(change, contract)
        ]
    day = f"{contract.concluded_on:%d.%m.%Y}" if contract.concluded_on else ""
    title = say("title", number=change.number)
    blocks: list[Block] = [
        Paragraph(pick(contract.grantor.name_kk, contract.grantor.name_ru, language), Align.RIGHT),
        Paragraph(pick(contract.grantee.name_kk, contract.grantee.name_ru, language), Align.RIGHT),
        Heading(title, 1),
        Paragraph(
            say(
                "contract",
                day=day,
                number=contract.number,
                title=pick(contract.title_kk, contract.title_ru, language),
            ),
            Align.CENTER,
        ),
        Paragraph(say("asked")),
        Table(
            (Column(say("what"), 4), Column(say("before"), 4), Column(say("after"), 4)),
            tuple(table),
        ),
        Heading(say("reason"), 3),
        Paragraph(change.reason or "—"),
        Heading(say("effect"), 3),
        Paragraph(change.effect or "—"),
    ]
    if change.letter:
        said = say("letter", file=change.letter.name, sha256=change.letter.sha256)
        blocks.append(Paragraph(said, small=True))
    asked_on = f"{clock.day_of(change.asked_at):%d.%m.%Y}" if change.asked_at else ""
    blocks.append(_signature(say("head"), say("signature"), say("seal"), asked_on))
    if change.state in WORDS:
        decided_on = f"{clock.day_of(change.decided_at):%d.%m.%Y}" if change.decided_at else ""
        blocks += [Heading(say("answer"), 2), Paragraph(say(change.state, day=decided_on))]
        if change.remark:
            blocks.append(Paragraph(change.remark))
        if change.decided_by:
            blocks.append(
                _signature(say("body"), say("signature"), say("seal"), decided_on, change.decided_by.short_name)
            )  # fmt: skip
    return Paper(title, language, tuple(blocks), footer=contract.number)


def _signature(position: str, hint: str, seal: str, dated: str, name: str = "") -> Signatures:
    who = Signatory(position, name, signature_hint=hint, seal=seal)
    return Signatures((Party((who,)),), dated)

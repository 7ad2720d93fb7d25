"""The protocol of a selection of small grants. No source prints a form of it (GR-I-13); the wording is ours."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils import translation

from ortaq.core import clock, money
from ortaq.core.bilingual import pick
from ortaq.documents.paper import (
    Align,
    Block,
    Cell,
    Column,
    Field,
    Fields,
    Heading,
    Orientation,
    Paper,
    Paragraph,
    Party,
    Row,
    Signatory,
    Signatures,
    Table,
)
from ortaq.law.text import Text
from ortaq.projects.models import SmallCompetition, SmallGrant
from ortaq.projects.queries.small import public_name, region_name
from ortaq.projects.small_checks import Limits

LANGUAGES = ("kk", "ru")
WORDS = {
    "title": Text("ШАҒЫН ГРАНТТАР КОНКУРСЫНЫҢ № {number} ХАТТАМАСЫ", "ПРОТОКОЛ № {number} КОНКУРСА МАЛЫХ ГРАНТОВ"),
    "draft": Text("Нәтижелер әлі жарияланған жоқ.", "Итоги ещё не опубликованы."),
    "ngo": Text("Конкурсты өткізуші", "Организатор конкурса"),
    "contract": Text("Шарт", "Договор"),
    "contract_of": Text("{day} № {number}", "от {day} № {number}"),
    "competition": Text("Конкурс", "Конкурс"),
    "taken": Text("Өтінімдер қабылданған мерзім", "Срок приёма заявок"),
    "until": Text("{begins} – {ends}", "{begins} – {ends}"),
    "amount": Text("Бір шағын гранттың сомасы", "Сумма одного малого гранта"),
    "decided": Text("Нәтижелер жарияланған күн", "Дата публикации итогов"),
    "counts": Text("Түскен өтінім – {received}, іріктелгені – {chosen}, берілген сома – {sum}.", "Поступило заявок – {received}, отобрано – {chosen}, выделено – {sum}."),
    "who": Text("Өтінім беруші", "Заявитель"),
    "region": Text("Өңір", "Регион"),
    "what": Text("Мақсаты", "Назначение"),
    "asked": Text("Сұралған сома", "Запрошено"),
    "given": Text("Берілген сома", "Выделено"),
    "decision": Text("Шешім және себебі", "Решение и его основание"),
    "yes": Text("іріктелді", "отобрана"),
    "no": Text("іріктелмеді", "не отобрана"),
    "open": Text("шешім қабылданған жоқ", "решение не принято"),
    "withdrawn": Text("өтінім беруші қайтарып алды", "отозвана заявителем"),
    "consent": Text("Сомасына қаражат беруші орган келісім берді: {sum}.", "На сумму получено согласие органа, предоставившего средства: {sum}."),
    "head": Text("ҮЕҰ басшысы", "Руководитель НПО"),
    "member": Text("Іріктеуге қатысқан", "Участвовал(а) в отборе"),
    "signature": Text("(қолы)", "(подпись)"),
    "seal": Text("М.О.", "М.П."),
}  # fmt: skip
Grant = SmallGrant.State


def protocol(
    competition: SmallCompetition, grants: Sequence[SmallGrant], language: str, *, named: bool
) -> Paper:
    """All applications with what was decided of each; citizens by name only when `named`."""
    with translation.override(language):
        return _Made(competition, grants, language, named).paper()


class _Made:
    def __init__(
        self,
        competition: SmallCompetition,
        grants: Sequence[SmallGrant],
        language: str,
        named: bool,
    ) -> None:
        self.competition, self.grants = competition, grants
        self.language, self.named = language, named

    def say(self, name: str, **values: object) -> str:
        return WORDS[name].fill(**values).say(self.language)

    def paper(self) -> Paper:
        one, contract = self.competition, self.competition.project.contract
        title = self.say("title", number=one.number)
        chosen = [grant for grant in self.grants if grant.given_tiyn]
        blocks: list[Block] = [Heading(title, 1)]
        if one.decided_at is None:
            blocks.append(Paragraph(self.say("draft"), Align.CENTER, bold=True))
        blocks += [
            Fields(tuple(self.head())),
            Paragraph(
                self.say(
                    "counts",
                    received=len(self.grants),
                    chosen=len(chosen),
                    sum=money.show(sum(grant.given_tiyn or 0 for grant in chosen)),
                )
            ),
            Table(
                (
                    Column("№", 1),
                    Column(self.say("who"), 4),
                    Column(self.say("region"), 3),
                    Column(self.say("what"), 5),
                    Column(self.say("asked"), 2, Align.RIGHT),
                    Column(self.say("given"), 2, Align.RIGHT),
                    Column(self.say("decision"), 5),
                ),
                tuple(self.row(grant) for grant in self.grants),
            ),
            Signatures(
                (
                    Party((Signatory(self.say("head"), signature_hint=self.say("signature"), seal=self.say("seal")),)),
                    Party((Signatory(self.say("member"), signature_hint=self.say("signature")),)),
                ),
                f"{clock.day_of(one.decided_at):%d.%m.%Y}" if one.decided_at else "",
            ),
        ]  # fmt: skip
        return Paper(title, self.language, tuple(blocks), Orientation.LANDSCAPE, contract.number)

    def head(self) -> list[Field]:
        one, of = self.competition, self.competition.project.contract
        day = f"{of.concluded_on:%d.%m.%Y}" if of.concluded_on else ""
        found = [
            Field(self.say("ngo"), pick(of.grantee.name_kk, of.grantee.name_ru, self.language)),
            Field(self.say("contract"), self.say("contract_of", day=day, number=of.number)),
            Field(self.say("competition"), pick(one.title_kk, one.title_ru, self.language)),
        ]
        if one.opens_at and one.closes_at:
            ends = one.closes_at.astimezone(clock.ALMATY)
            found.append(
                Field(
                    self.say("taken"),
                    self.say("until", begins=f"{clock.day_of(one.opens_at):%d.%m.%Y}", ends=f"{ends:%d.%m.%Y %H:%M}"),
                )
            )  # fmt: skip
        if amount := Limits.of(one.limits).amount:
            found.append(Field(self.say("amount"), amount))
        if one.decided_at:
            found.append(Field(self.say("decided"), f"{clock.day_of(one.decided_at):%d.%m.%Y}"))
        return found

    def row(self, grant: SmallGrant) -> Row:
        said = {Grant.REFUSED: "no", Grant.SUBMITTED: "open", Grant.WITHDRAWN: "withdrawn"}
        decision = [self.say(said.get(Grant(grant.state), "yes")), grant.reason]
        if grant.consented_tiyn and grant.consented_tiyn == grant.given_tiyn:
            decision.append(self.say("consent", sum=money.show(grant.consented_tiyn)))
        who = grant.name if self.named and grant.name else public_name(grant)
        return Row(
            (
                Cell(str(grant.number)),
                Cell(who),
                Cell(region_name(grant.region)),
                Cell(grant.title),
                Cell(money.show(grant.asked_tiyn)),
                Cell(money.show(grant.given_tiyn) if grant.given_tiyn else "—"),
                Cell(". ".join(one.rstrip(".") for one in decision if one)),
            )
        )

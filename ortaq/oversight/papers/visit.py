"""The report of a visit (SO-M-15). No source prints a form of it; the layout and its wording are ours (inferred)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from ortaq import law
from ortaq.core import clock
from ortaq.core.bilingual import pick
from ortaq.documents.paper import (
    Align,
    Block,
    Cell,
    Column,
    Field,
    Fields,
    Heading,
    Paper,
    Paragraph,
    Party,
    Row,
    Signatory,
    Signatures,
    Table,
)
from ortaq.documents.showing import day
from ortaq.faces.say import short_hash
from ortaq.law.text import Text
from ortaq.oversight.models import Visit

LANGUAGES = ("kk", "ru")
WORDS = {
    "title": Text("{year} ЖЫЛҒЫ МОНИТОРИНГ НӘТИЖЕЛЕРІ ТУРАЛЫ № {number} ЕСЕП", "ОТЧЁТ № {number} О РЕЗУЛЬТАТАХ МОНИТОРИНГА ЗА {year} ГОД"),
    "project": Text("Әлеуметтік жоба", "Социальный проект"),
    "contract": Text("Шарттың нөмірі мен күні", "Номер и дата договора"),
    "contract_said": Text("№ {number}, {day}", "№ {number}, {day}"),
    "body": Text("Мемлекеттік орган", "Государственный орган"),
    "supplier": Text("Жобаны іске асырушы", "Исполнитель проекта"),
    "began": Text("Мониторинг күні мен уақыты", "Дата и время мониторинга"),
    "place": Text("Орны", "Место"),
    "officer": Text("Мониторингті жүргізген қызметкер", "Мониторинг провёл(а) сотрудник"),
    "expert": Text("Мониторингті жүргізген тәуелсіз сарапшы", "Мониторинг провёл(а) независимый эксперт"),
    "verdicts": Text("1. Көрсеткіштер бойынша қорытынды", "1. Выводы по показателям"),
    "indicator": Text("Көрсеткіш", "Показатель"),
    "verdict": Text("Қорытынды", "Вывод"),
    "reasons": Text("Негіздеме", "Обоснование"),
    "tools": Text("2. Қолданылған құралдар", "2. Использованные инструменты"),
    "tool": Text("Құрал", "Инструмент"),
    "showed": Text("Нәтижесі", "Результат"),
    "not_done": Text("аяқталмаған", "не завершён"),
    "observations": Text("3. Анықталғандар", "3. Наблюдения"),
    "none_seen": Text("Ескертулер жоқ.", "Замечаний нет."),
    "what_seen": Text("Не анықталды", "Что установлено"),
    "weight": Text("Маңызы", "Значимость"),
    "when": Text("Қайда, қашан", "Где и когда"),
    "photo": Text("Фотосурет, SHA-256: {sha256}", "Фотография, SHA-256: {sha256}"),
    "actions": Text("4. Түзету шаралары", "4. Корректирующие меры"),
    "no_actions": Text("Түзету шаралары белгіленген жоқ.", "Корректирующие меры не назначены."),
    "what": Text("Не істеу керек", "Что сделать"),
    "who": Text("Кім орындайды", "Кто выполняет"),
    "due": Text("Мерзімі", "Срок"),
    "to": Text("№ {number} бойынша", "по № {number}"),
    "requests": Text("5. Сұратылған құжаттар", "5. Запрошенные документы"),
    "no_requests": Text("Құжаттар сұратылған жоқ.", "Документы не запрашивались."),
    "asked": Text("Не сұратылды", "Что запрошено"),
    "state": Text("Жағдайы", "Состояние"),
    "conclusion": Text("6. Жалпы қорытынды", "6. Общее заключение"),
    "sign_officer": Text("Қызметкер", "Сотрудник"),
    "sign_expert": Text("Тәуелсіз сарапшы", "Независимый эксперт"),
    "signature": Text("(қолы)", "(подпись)"),
    "basis": Text("Мемлекеттік әлеуметтік тапсырысты қалыптастыру, мониторингтеу және бағалау қағидаларының 9, 10-тармақтары. Есептің нысаны қағидаларда белгіленбеген.", "Пункты 9, 10 Правил формирования, мониторинга и оценки государственного социального заказа. Форма отчёта правилами не установлена."),
    "draft": Text("есеп әлі қалыптастырылмаған", "отчёт ещё не сформирован"),
}  # fmt: skip
VERDICTS = {
    "met": Text("орындалды", "выполнен"),
    "partly": Text("ішінара орындалды", "выполнен частично"),
    "not_met": Text("орындалмады", "не выполнен"),
    "not_applicable": Text("қолданылмайды", "не применяется"),
}
WEIGHTS = {
    "good": Text("жақсы тәжірибе", "хорошая практика"),
    "minor": Text("жақсарту керек", "следует улучшить"),
    "serious": Text("бұзушылық", "нарушение"),
}
OWNERS = {"ngo": Text("ҮЕҰ", "НПО"), "body": Text("мемлекеттік орган", "государственный орган")}
STATES = {
    "asked": Text("жауап берілмеген", "ответ не получен"),
    "answered": Text("жауап берілді", "ответ получен"),
    "accepted": Text("толық алынды", "получено полностью"),
    "withdrawn": Text("сұрату қайтарып алынды", "запрос отозван"),
}


def report(visit: Visit, content: Mapping[str, Any], language: str) -> Paper:
    """The paper in kk or ru from `content` (`procedure.report.content_of`), frozen or as it would be now, which its foot says."""

    def say(name: str, **values: object) -> str:
        return WORDS[name].fill(**values).say(language)

    edition = law.edition(visit.plan.act, str(content["edition"]))
    indicators = edition.grounds("monitoring_indicators")
    tools = edition.grounds("monitoring_tools")
    contract, by = visit.plan.project.contract, content["by"]
    title = say("title", year=content["year"], number=content["number"])
    concluded = day(contract.concluded_on) if contract.concluded_on else "—"
    head = (
        ("project", pick(contract.title_kk, contract.title_ru, language)),
        ("contract", say("contract_said", number=contract.number, day=concluded)),
        ("body", pick(contract.grantor.name_kk, contract.grantor.name_ru, language)),
        ("supplier", pick(contract.grantee.name_kk, contract.grantee.name_ru, language)),
        ("began", _instant(content["started_at"])),
        ("place", content["place"] or "—"),
        (by["role"], by["name"] or "—"),
    )
    verdicts = [
        (
            ground.text.say(language),
            VERDICTS[given["verdict"]].say(language) if given.get("verdict") in VERDICTS else "—",
            given.get(language) or given.get("kk") or "—",
        )
        for key, ground in indicators.items()
        for given in [content["verdicts"].get(key, {})]
    ]
    used = [
        (
            tools[one["tool"]].text.say(language) if one["tool"] in tools else one["tool"],
            _summary(one, language) if one["done"] else say("not_done"),
        )
        for one in content["tools"]
    ]
    seen = [
        (
            str(one["number"]),
            "\n".join(
                filter(
                    None,
                    (one["text"], one["photo"] and say("photo", sha256=short_hash(one["photo"]))),
                )
            ),
            WEIGHTS[one["weight"]].say(language),
            "\n".join(filter(None, (one["place"], _instant(one["seen_at"])))),
        )
        for one in content["observations"]
    ]
    actions = [
        (
            f"{action['what']} ({say('to', number=one['number'])})",
            "\n".join(filter(None, (OWNERS[action["owner"]].say(language), action["person"]))),
            day(action["due_on"]),
        )
        for one in content["observations"]
        for action in one["actions"]
    ]
    asked = [
        (one["what"], day(one["due_on"]), STATES[one["state"]].say(language))
        for one in content["requests"]
    ]
    numbered = (Column("№", 1), Column(say("what_seen"), 9))
    conclusion = content["conclusion"].get(language) or content["conclusion"].get("kk") or "—"
    signed_on = clock.day_of(visit.reported_at) if visit.reported_at else None
    blocks: list[Block] = [
        Heading(title, 1),
        Fields(tuple(Field(say(name), value) for name, value in head)),
        Heading(say("verdicts")),
        _table(
            (Column(say("indicator"), 5), Column(say("verdict"), 3), Column(say("reasons"), 8)),
            verdicts,
        ),
        Heading(say("tools")),
        _table((Column(say("tool"), 4), Column(say("showed"), 10)), used),
        Heading(say("observations")),
        _table((*numbered, Column(say("weight"), 3), Column(say("when"), 4)), seen)
        if seen
        else Paragraph(say("none_seen")),
        Heading(say("actions")),
        _table((Column(say("what"), 9), Column(say("who"), 4), Column(say("due"), 3)), actions)
        if actions
        else Paragraph(say("no_actions")),
        Heading(say("requests")),
        _table((Column(say("asked"), 9), Column(say("due"), 3), Column(say("state"), 4)), asked)
        if asked
        else Paragraph(say("no_requests")),
        Heading(say("conclusion")),
        # The last lines go over with the signature, which would otherwise stand alone on a page.
        *(Paragraph(part, leads=True) for part in conclusion.split("\n") if part.strip()),
        Signatures(
            (
                Party(
                    (
                        Signatory(
                            say(f"sign_{by['role']}"), by["name"], signature_hint=say("signature")
                        ),
                    )
                ),
            ),
            day(signed_on) if signed_on else "",
        ),
        Paragraph(say("basis"), Align.LEFT, small=True),
    ]
    foot = visit.content_sha256 and f"SHA-256 {visit.content_sha256}"
    return Paper(title, language, tuple(blocks), footer=foot or say("draft"))


def _table(columns: tuple[Column, ...], rows: Sequence[Sequence[str]]) -> Table:
    return Table(columns, tuple(Row(tuple(Cell(cell) for cell in row)) for row in rows))


def _summary(tool: Mapping[str, Any], language: str) -> str:
    found: Mapping[str, str] = tool.get("summary") or {}
    return found.get(language) or found.get("kk") or "—"


def _instant(text: str) -> str:
    """An instant of the content as 15.05.2023 11:00, in the house's time."""
    if not text:
        return "—"
    at = datetime.fromisoformat(text)
    return f"{clock.day_of(at):%d.%m.%Y} {at.astimezone(clock.ALMATY):%H:%M}"

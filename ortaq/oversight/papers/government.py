"""The information to the Government on paper (SO-M-16). No act sets a form of it; the layout is ours."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from django.utils import translation

from ortaq.core import clock, money
from ortaq.core.bilingual import pick
from ortaq.documents.paper import (
    Align,
    Block,
    Cell,
    Column,
    Heading,
    Orientation,
    PageBreak,
    Paper,
    Paragraph,
    Party,
    Row,
    RowKind,
    Signatory,
    Signatures,
    Table,
)
from ortaq.documents.showing import show
from ortaq.documents.stamp import head
from ortaq.law.text import Text
from ortaq.oversight.models import GovernmentInformation
from ortaq.oversight.papers.statutory import rounded
from ortaq.oversight.queries.government import Group, figures_of, silent_names
from ortaq.oversight.sums import Sums

LANGUAGES = ("kk", "ru")
WORDS = {
    "title information": Text(
        "{year} жылғы мемлекеттік әлеуметтік тапсырысты іске асыру нәтижелері туралы ақпарат",
        "Информация о результатах реализации государственного социального заказа за {year} год",
    ),
    "to information": Text(
        "Қазақстан Республикасының Үкіметіне", "В Правительство Республики Казахстан"
    ),
    "title analysis": Text(
        "{year} жылғы мемлекеттік әлеуметтік тапсырысты іске асыру нәтижелері туралы талдамалық есеп",
        "Аналитический отчёт о результатах реализации государственного социального заказа за {year} год",
    ),
    "to analysis": Text("Мемлекеттік органдарға", "Государственным органам"),
    "draft": Text("Жоба: жолданбаған", "Проект: не направлена"),
    "intro": Text(
        "{year} жылы мемлекеттік әлеуметтік тапсырыс шеңберінде {rows} әлеуметтік жоба іске асырылды. Жоспарланған сома – {planned}, шарттар бойынша – {contracted}, төленгені – {paid}. Мониторинг {visited} жобада жүргізілді, нәтижелері {scored} жобада бағаланды{mean}.",
        "В {year} году в рамках государственного социального заказа реализовано социальных проектов: {rows}. Запланировано {planned}, по договорам {contracted}, выплачено {paid}. Мониторинг проведён по {visited} проектам, результаты оценены по {scored} проектам{mean}.",
    ),
    "with mean": Text(
        ", орташа балл – {mean} (1-ден 5-ке дейін)", ", средний балл {mean} (от 1 до 5)"
    ),
    "basis": Text(
        "Деректер мемлекеттік органдар ұсынған және қабылданған жылдық мониторинг есептерінен (9-қосымша) алынды.",
        "Данные взяты из принятых годовых отчётов государственных органов о мониторинге (приложение 9).",
    ),
    "field": Text("Салалар бойынша", "По сферам"),
    "region": Text("Өңірлер бойынша", "По регионам"),
    "body": Text("Мемлекеттік органдар бойынша", "По государственным органам"),
    "of field": Text("Сала", "Сфера"),
    "of region": Text("Өңір", "Регион"),
    "of body": Text("Мемлекеттік орган", "Государственный орган"),
    "rows": Text("Жобалар саны", "Число проектов"),
    "planned": Text("Жоспарланған сома (мың теңге)", "Планируемая сумма (тысяч тенге)"),
    "contracted": Text("Шарттық сома (мың теңге)", "Договорная сумма (тысяч тенге)"),
    "paid": Text("Төленгені (мың теңге)", "Выплачено (тысяч тенге)"),
    "visited": Text("Мониторинг жүргізілгені", "Охвачено мониторингом"),
    "scored": Text("Бағаланғаны", "Оценено"),
    "mean": Text("Орташа балл", "Средний балл"),
    "total": Text("Жиынында", "Итого"),
    "silent": Text(
        "Жылдық есебі қабылданбаған мемлекеттік органдар: {names}.",
        "Государственные органы, чей годовой отчёт не принят: {names}.",
    ),
    "summary": Text("Қорытындылар", "Выводы"),
    "foot": Text("Мазмұнының SHA-256 мәні: {hash}", "SHA-256 содержания: {hash}"),
    "position": Text("лауазымы", "должность"),
    "signature": Text("қолы", "подпись"),
    "name": Text("тегі, аты, әкесінің аты (бар болса)", "фамилия, имя, отчество (при наличии)"),
}
SUMS = ("planned", "contracted", "paid")
COUNTS = ("visited", "scored")


def information(row: GovernmentInformation, content: Mapping[str, Any], language: str) -> Paper:
    """The letter in Kazakh or Russian, from what was frozen or from what stands now."""
    with translation.override(language):
        blocks = tuple(_blocks(row, content, language))
    footer = _say("foot", language, hash=row.content_sha256) if row.content_sha256 else ""
    title = _say(f"title {kind_of(row)}", language, year=row.year)
    return Paper(title, language, blocks, footer=footer)


def _say(word: str, language: str, **filled: object) -> str:
    return WORDS[word].fill(**filled).say(language)


def _blocks(
    row: GovernmentInformation, content: Mapping[str, Any], language: str
) -> Iterator[Block]:
    figures = figures_of(content)
    if row.sent_at is not None:
        yield Paragraph(head(row.number, clock.day_of(row.sent_at), language), align=Align.LEFT)
    else:
        yield Paragraph(_say("draft", language), align=Align.LEFT, small=True)
    kind = kind_of(row)
    yield Paragraph(_say(f"to {kind}", language), align=Align.RIGHT, bold=True)
    yield Heading(_say(f"title {kind}", language, year=row.year), 1)
    yield Paragraph(_intro(row.year, figures.total, language))
    yield Paragraph(_say("basis", language))
    if names := silent_names(content, language):
        yield Paragraph(_say("silent", language, names="; ".join(names)))
    summary = pick(content["summary"]["kk"], content["summary"]["ru"], language)
    if summary:
        yield Heading(_say("summary", language))
        yield from (Paragraph(part) for part in summary.split("\n") if part.strip())
    yield Signatures((Party((_signatory(language),)),))
    yield PageBreak(Orientation.LANDSCAPE)
    for way, groups in (
        ("field", figures.fields),
        ("region", figures.regions),
        ("body", figures.bodies),
    ):
        yield Heading(_say(way, language))
        yield _table(way, groups, figures.total, language)


def kind_of(row: GovernmentInformation) -> str:
    """The edition of 2018 knows an analytical report to the state bodies, that of 2022 an information to the Government (SO-18-08)."""
    return "information" if row.due_at is not None else "analysis"


def _signatory(language: str) -> Signatory:
    hints = {f"{name}_hint": _say(name, language) for name in ("position", "signature", "name")}
    return Signatory("", **hints)


def _intro(year: int, total: Sums, language: str) -> str:
    mean = ""
    if total.mean is not None:
        mean = _say("with mean", language, mean=show(rounded(total.mean), "decimal", language).text)
    sums = {name: money.show(getattr(total, name), language=language) for name in SUMS}
    return _say(
        "intro",
        language,
        year=year,
        rows=total.rows,
        visited=total.visited,
        scored=total.scored,
        mean=mean,
        **sums,
    )


def _table(way: str, groups: Sequence[Group], total: Sums, language: str) -> Table:
    heads = [
        Column(_say(f"of {way}", language), 6),
        Column(_say("rows", language), 2, Align.RIGHT),
        *(Column(_say(name, language), 3, Align.RIGHT) for name in SUMS),
        *(Column(_say(name, language), 2, Align.RIGHT) for name in (*COUNTS, "mean")),
    ]
    rows = [Row(tuple(_cells(_named(one, language), one.sums, language))) for one in groups]
    last = Row(tuple(_cells(_say("total", language), total, language)), RowKind.TOTAL)
    return Table(tuple(heads), (*rows, last))


def _named(group: Group, language: str) -> str:
    name = group.name.say(language)
    return f"{group.number}. {name}" if group.number else name


def _cells(name: str, found: Sums, language: str) -> Iterable[Cell]:
    yield Cell(name)
    yield show(found.rows, "int", language)
    for key in SUMS:
        yield show(getattr(found, key), "money_thousand", language)
    for key in COUNTS:
        yield show(getattr(found, key), "int", language)
    mean = rounded(found.mean)
    yield Cell("–") if mean is None else show(mean, "decimal", language)

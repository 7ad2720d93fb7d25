"""A plan from a table (csv or xlsx): read row by row, everything or nothing.

Headers are those of the shipped data and of the printed plan (form GRANT-P) in Kazakh and
Russian. A row that cannot be read is told by its number, column, what stands there and what
is expected; then nothing is imported.
"""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ortaq import law
from ortaq.core.kazakh import fold
from ortaq.core.money import MAX_TIYN, NBSP
from ortaq.documents.columns import TableRefused, Unread, lacking, placed, plain
from ortaq.grants.models import (
    PlanField,
    PlanVersion,
    PrintedTotal,
    SmallGrantTerms,
    Topic,
    TopicAmount,
)

from .reading import read_small_grants, read_term, read_territory

DATA = Path(__file__).with_name("data")
THOUSAND_TENGE = 100_000
TENGE = 100
LONGEST_TEXT = 20_000

# Our name of a column → how files head it. The first form is the one we write ourselves.
HEADERS: dict[str, tuple[str, ...]] = {
    "field_no": ("field_no", "бағыт №", "№ бағыт", "№ направления"),
    "field_name": ("field_name_kk", "бағыт", "направление"),
    "field_name_ru": ("field_name_ru", "бағыт (орысша)", "направление (рус.)"),
    "number": ("topic_no", "№", "№ п/п", "р/с №"),
    "number_in_field": ("topic_no_in_field", "№ в направлении", "бағыттағы №"),
    "title": ("title_kk", "грант тақырыптары", "грант тақырыбы", "темы грантов", "тема гранта"),
    "title_ru": ("title_ru", "тема гранта (рус.)"),
    "goal": ("goal_kk", "жобаның мақсаты", "цель проекта"),
    "goal_ru": ("goal_ru", "цель проекта (рус.)"),
    "tasks": (
        "tasks_kk",
        "міндеттері (жобаның негізгі бағыттары)",
        "міндеттері",
        "задачи (основные направления проекта)",
        "задачи",
    ),
    "tasks_ru": ("tasks_ru", "задачи (рус.)"),
    "term": ("term_kk", "іске асырылу мерзімі", "срок реализации"),
    "territory": ("territory_kk", "аумақтық қамтылуы", "территориальный охват"),
    "amount_thousand": (
        "amount_thousand_tenge",
        "бөлінген қаражат көлемі мың теңге",
        "бөлінген қаражат көлемі, мың теңге",
        "объём выделенных средств, тыс. тенге",
        "объем выделенных средств, тыс. тенге",
    ),
    "amount_tenge": (
        "amount_tenge",
        "бөлінген қаражат көлемі, теңге",
        "объём выделенных средств, тенге",
        "объем выделенных средств, тенге",
    ),
    "year": ("year", "жыл", "год"),
    "result": (
        "expected_result_kk",
        "жобаны іске асырудан күтілетін нәтиже",
        "күтілетін нәтиже",
        "ожидаемый результат от реализации проекта",
        "ожидаемый результат",
    ),
    "result_ru": ("expected_result_ru", "ожидаемый результат (рус.)"),
}
TOTAL_HEADERS = (
    "scope",
    "field_no",
    "year",
    "label_kk",
    "amount_as_printed",
    "amount_thousand_tenge",
)
REQUIRED = ("field_no", "field_name", "number", "title")


@dataclass(slots=True)
class Row:
    """One record: a topic's money in one year."""

    number: int
    cells: Mapping[str, str]
    year: int
    amount_tiyn: int

    def __getitem__(self, name: str) -> str:
        return self.cells.get(name, "")


def day_of(version: PlanVersion) -> date:
    """The day whose regions a version speaks of: that of its act, else the first of its year."""
    return version.act_date or date(version.plan.year, 1, 1)


def shipped() -> tuple[list[list[str]], list[list[str]]]:
    """The approved plan of 2020 and its printed totals, as tables."""
    tables = []
    for name in ("grant_plan_2020.csv", "grant_plan_2020_totals.csv"):
        with (DATA / name).open(encoding="utf-8", newline="") as file:
            tables.append(list(csv.reader(file)))
    return tables[0], tables[1]


# --- Reading -------------------------------------------------------------------------------------


def read_rows(table: Sequence[Sequence[str]], *, default_year: int) -> tuple[list[Row], int]:
    """The records of a plan and the unit of its amounts in tiyn; `TableRefused` with all that is wrong."""
    if len(table) < 2:
        raise TableRefused([Unread(1, "", "", _("a row of headings and at least one topic"))])
    columns = _columns(table[0])
    unit = THOUSAND_TENGE if "amount_thousand" in columns else TENGE
    amount_column = "amount_thousand" if unit == THOUSAND_TENGE else "amount_tenge"
    rows: list[Row] = []
    unread: list[Unread] = []
    for number, cells in enumerate(table[1:], 2):
        named = {name: plain(cells[at]) for name, at in columns.items() if at < len(cells)}
        if not any(named.values()):
            continue
        wrong = list(_wrong(number, named, amount_column))
        year = _year(number, named.get("year", ""), default_year, wrong)
        amount = _amount(number, named.get(amount_column, ""), unit, wrong)
        unread += wrong
        if not wrong:
            rows.append(Row(number, named, year, amount))
    unread += _repeated(rows)
    if unread:
        raise TableRefused(unread)
    if not rows:
        raise TableRefused([Unread(2, "", "", _("at least one topic"))])
    return rows, unit


def _columns(header: Sequence[str]) -> dict[str, int]:
    columns = placed(header, HEADERS)
    missing = [HEADERS[name][0] for name in REQUIRED if name not in columns]
    if not {"amount_thousand", "amount_tenge"} & columns.keys():
        missing.append(HEADERS["amount_thousand"][0])
    if missing:
        raise TableRefused(lacking(header, missing))
    return columns


def _wrong(number: int, cells: Mapping[str, str], amount_column: str) -> Iterable[Unread]:
    for name in REQUIRED:
        if not cells.get(name):
            yield Unread(number, HEADERS[name][0], "", _("some text"))
    if not cells.get(amount_column):
        yield Unread(number, HEADERS[amount_column][0], "", _("a sum"))
    for name, text in cells.items():
        if len(text) > LONGEST_TEXT:
            yield Unread(
                number,
                HEADERS[name][0],
                f"{text[:60]}…",
                _("a text of at most %(limit)s characters") % {"limit": LONGEST_TEXT},
            )
        elif "\x00" in text:
            yield Unread(
                number, HEADERS[name][0], text[:60].replace("\x00", "�"), _("readable text")
            )
    for name in ("number", "field_no", "number_in_field"):
        if len(cells.get(name, "")) > 10:
            yield Unread(number, HEADERS[name][0], cells[name][:60], _("a short number"))


def _year(number: int, text: str, default: int, wrong: list[Unread]) -> int:
    if not text:
        return default
    cleaned = text.removesuffix(".0")
    if cleaned.isascii() and cleaned.isdigit() and 2000 <= int(cleaned[:5]) <= 2100:
        return int(cleaned)
    wrong.append(Unread(number, HEADERS["year"][0], text[:60], _("a year such as 2020")))
    return default


def _amount(number: int, text: str, unit: int, wrong: list[Unread]) -> int:
    if not text:  # already told as missing
        return 0
    cleaned = text.replace(NBSP, "").replace("\u202f", "").replace(" ", "").replace(",", ".")
    whole, _dot, rest = cleaned.partition(".")
    written = (
        whole.isascii() and whole.isdigit() and (not rest or (rest.isascii() and rest.isdigit()))
    )
    if written and len(cleaned) <= 20:
        tiyn = Decimal(cleaned) * unit
        if tiyn == int(tiyn) and 0 < tiyn <= MAX_TIYN:
            return int(tiyn)
    column = "amount_thousand" if unit == THOUSAND_TENGE else "amount_tenge"
    wrong.append(
        Unread(number, HEADERS[column][0], text[:60], _("a sum above zero such as 15 665"))
    )
    return 0


def _repeated(rows: Sequence[Row]) -> Iterable[Unread]:
    seen: dict[tuple[str, int], int] = {}
    for row in rows:
        key = (row["number"], row.year)
        if key in seen:
            yield Unread(
                row.number,
                HEADERS["number"][0],
                row["number"],
                _("a topic and year that row %(row)s does not have already") % {"row": seen[key]},
            )
        seen.setdefault(key, row.number)


@dataclass(frozen=True, slots=True)
class Total:
    """A control total as printed; `field_no` empty for the grand total."""

    field_no: str
    year: int
    label: str
    printed: str
    amount_tiyn: int


def read_totals(table: Sequence[Sequence[str]]) -> list[Total]:
    """Printed totals, with the headings of the shipped file; `TableRefused` with all that is wrong."""
    header = [fold(title) for title in table[0]] if table else []
    missing = [name for name in TOTAL_HEADERS if name not in header]
    if missing:
        raise TableRefused(lacking((), missing))
    at = {name: header.index(name) for name in TOTAL_HEADERS}
    totals: list[Total] = []
    unread: list[Unread] = []
    for number, cells in enumerate(table[1:], 2):
        if not any(cells):
            continue
        cell = {name: cells[place].strip() for name, place in at.items()}
        wrong: list[Unread] = []
        year = _year(number, cell["year"], 0, wrong)
        amount = _amount(number, cell["amount_thousand_tenge"], THOUSAND_TENGE, wrong)
        if cell["scope"] not in {"field", "plan"}:
            wrong.append(Unread(number, "scope", cell["scope"][:60], "field / plan"))
        unread += wrong
        printed = cell["amount_as_printed"] or cell["amount_thousand_tenge"]
        totals.append(
            Total(
                cell["field_no"] if cell["scope"] == "field" else "",
                year,
                cell["label_kk"][:200],
                printed[:40],
                amount,
            )
        )
    if unread:
        raise TableRefused(unread)
    return totals


# --- Writing -------------------------------------------------------------------------------------


@transaction.atomic
def fill(
    version: PlanVersion,
    table: Sequence[Sequence[str]],
    totals: Sequence[Sequence[str]] | None = None,
) -> dict[str, Any]:
    """Fill a draft version with the topics of `table` and the printed `totals`; all or nothing.

    What the draft held before is replaced. Gives the facts for the journal: topics, fields,
    sums per year in tiyn, terms and territories that could not be read.
    """
    rows, unit = read_rows(table, default_year=version.plan.year)
    printed = read_totals(totals) if totals else []
    version.topics.all().delete()
    version.fields.all().delete()
    version.printed_totals.all().delete()
    version.unit_tiyn = unit
    version.save(update_fields=["unit_tiyn"])
    fields = _write_fields(version, rows)
    topics = _write_topics(version, rows, fields)
    TopicAmount.objects.bulk_create(
        TopicAmount(topic=topics[row["number"]], year=row.year, amount_tiyn=row.amount_tiyn)
        for row in rows
    )
    unknown = {t.field_no for t in printed if t.field_no and t.field_no not in fields}
    if unknown:
        raise TableRefused(
            [
                Unread(1, "field_no", no, _("the number of a field of this plan"))
                for no in sorted(unknown)
            ]
        )
    PrintedTotal.objects.bulk_create(
        PrintedTotal(
            version=version,
            field=fields.get(total.field_no),
            year=total.year,
            label=total.label,
            printed=total.printed,
            amount_tiyn=total.amount_tiyn,
        )
        for total in printed
    )
    sums = Counter[int]()
    for row in rows:
        sums[row.year] += row.amount_tiyn
    return {
        "topics": len(topics),
        "fields": len(fields),
        "sums": {str(year): tiyn for year, tiyn in sorted(sums.items())},
        "unread_terms": sum(not topic.term for topic in topics.values()),
        "unread_territories": sum(not topic.coverage for topic in topics.values()),
    }


def _write_fields(version: PlanVersion, rows: Sequence[Row]) -> dict[str, PlanField]:
    by_name = {fold(f.text.kk): f.key for f in law.fields_of("grants_2019_guide")}
    fields: dict[str, PlanField] = {}
    for row in rows:
        if row["field_no"] in fields:
            continue
        name = row["field_name"]
        fields[row["field_no"]] = PlanField(
            version=version,
            position=len(fields) + 1,
            number=row["field_no"],
            name_kk=name,
            name_ru=row["field_name_ru"],
            # The plan of 2020 adds words after the direction's name: the beginning decides.
            direction=next((key for kk, key in by_name.items() if fold(name).startswith(kk)), ""),
        )
    PlanField.objects.bulk_create(fields.values())
    return fields


def _write_topics(
    version: PlanVersion, rows: Sequence[Row], fields: Mapping[str, PlanField]
) -> dict[str, Topic]:
    day = day_of(version)
    topics: dict[str, Topic] = {}
    for row in rows:
        if row["number"] in topics:
            continue
        territory = read_territory(row["territory"], day)
        topics[row["number"]] = Topic(
            version=version,
            field=fields[row["field_no"]],
            position=len(topics) + 1,
            number=row["number"],
            number_in_field=row["number_in_field"],
            title_kk=row["title"],
            title_ru=row["title_ru"],
            goal_kk=row["goal"],
            goal_ru=row["goal_ru"],
            tasks_kk=row["tasks"],
            tasks_ru=row["tasks_ru"],
            result_kk=row["result"],
            result_ru=row["result_ru"],
            term_printed=row["term"][:300],
            term=read_term(row["term"]),
            territory_printed=row["territory"][:500],
            coverage=territory.coverage,
            regions=list(territory.regions),
            region_count=territory.count,
        )
    Topic.objects.bulk_create(topics.values())
    SmallGrantTerms.objects.bulk_create(
        SmallGrantTerms(
            topic=topic,
            kind=small.kind,
            amount_tiyn=small.amount_tiyn,
            minimum=small.minimum,
            permitted_kk=small.permitted,
            forbidden_kk=small.forbidden,
            recipients_kk=small.recipients,
            remark=", ".join(small.remarks),
        )
        for topic in topics.values()
        if (small := read_small_grants(topic.tasks_kk, topic.result_kk))
    )
    return topics


REMARKS = {
    "GR-X-11": gettext_lazy(
        "The printed text lacks “not”: it reads as if small grants were for running the project. "
        "The same rule as for the other topics is applied; please confirm."
    ),
    "GR-X-12": gettext_lazy(
        "“From 500 thousand” is read as exactly 500 thousand tenge each; any other amount needs the "
        "operator's consent."
    ),
}

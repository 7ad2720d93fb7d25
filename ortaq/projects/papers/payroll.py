"""The three breakdowns of the final financial report (IM-067): salaries, civil-law contracts, taxes, by month and person.

Their columns are lost in the source (GAP-I-04); these are our proposal. The same tables are a page, a workbook and an annex.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import get_language

from ortaq.documents.spreadsheet import Sheet, tenge
from ortaq.law.text import Text
from ortaq.projects import months
from ortaq.projects.models import Project
from ortaq.projects.payroll import Due
from ortaq.projects.queries import money as queries

# Wording of the annex, as the guide lists the three (SO annex 6).
SALARIES = Text(
    "Жобаның әр айы үшін әр адамға жалақы төлемдерінің таратып жазылуы",
    "Расшифровка выплат заработной платы каждому лицу за каждый месяц проекта",
    "Breakdown of salary payments to each person for each month of the project",
)
CIVIL_LAW = Text(
    "Азаматтық-құқықтық сипаттағы шарттар бойынша әр адамға әр ай үшін төлемдердің таратып жазылуы",
    "Расшифровка выплат по договорам гражданско-правового характера каждому лицу за каждый месяц",
    "Breakdown of payments under civil-law contracts to each person for each month",
)
TAXES = Text(
    "Жалақыға, сарапшылардың қаламақысына және азаматтық-құқықтық сипаттағы шарттарға салынатын салықтардың барлық түрін әр ай үшін төлеудің таратып жазылуы",
    "Расшифровка уплаты всех видов налогов с заработной платы, гонораров экспертов и договоров гражданско-правового характера за каждый месяц",
    "Breakdown of all kinds of taxes on salaries, experts' fees and civil-law contracts for each month",
)
MONTH = Text("Ай", "Месяц", "Month")
PERSON = Text("Т.А.Ә.", "Ф.И.О.", "Full name")
POST = Text("Лауазымы", "Должность", "Position")
DOCUMENT = Text("Құжат", "Документ", "Document")
ACCRUED = Text("Есептелді", "Начислено", "Accrued")
PAID_OUT = Text("Қолға берілді", "Выплачено на руки", "Paid out")
ON_WHAT = Text("Неден", "С чего", "On what")
ON_SALARIES = Text("жалақыдан", "с заработной платы", "on salaries")
ON_CIVIL_LAW = Text(
    "азаматтық-құқықтық шарттардан", "с гражданско-правовых договоров", "on civil-law contracts"
)
TOTAL = Text("Барлығы", "Итого", "Total")


@dataclass(frozen=True, slots=True)
class Row:
    """A row: words first, then money in tiyn."""

    words: list[str]
    money: list[int]
    is_total: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """One breakdown; its last row is the total of the others."""

    key: str
    title: Text
    words: list[Text]
    money: list[Text]
    rows: list[Row]


def tables(project: Project, language: str = "") -> list[Table]:
    """The three breakdowns, months in words of `language` (default: the page's); three queries."""
    language = language or get_language() or "kk"
    return [
        _people("salaries", SALARIES, queries.payroll(project), language),
        _people("civil_law", CIVIL_LAW, queries.civil_law(project), language),
        _taxes(queries.taxes(project), language),
    ]


def _people(key: str, title: Text, rows: list[queries.PayRow], language: str) -> Table:
    dues = [due for due in queries.dues_in(row.taxes for row in rows) if not due.on_top]
    made = [
        Row(
            [months.said([row.month], language), row.person, row.post, row.documents],
            [row.pay.accrued, *_sums(row.taxes, dues), row.pay.net],
        )
        for row in rows
    ]
    words, money = [MONTH, PERSON, POST, DOCUMENT], [ACCRUED, *_shorts(dues), PAID_OUT]
    return Table(key, title, words, money, [*made, *_total(made, len(words), language)])


def _taxes(rows: list[queries.TaxRow], language: str) -> Table:
    dues = queries.dues_in(row.all for row in rows)
    made = [
        Row([months.said([row.month], language), on.say(language)], [*sums, sum(sums)])
        for row in rows
        for on, taxes in ((ON_SALARIES, row.salaries), (ON_CIVIL_LAW, row.civil_law))
        if any(sums := _sums(taxes, dues))
    ]
    words, money = [MONTH, ON_WHAT], [*_shorts(dues), TOTAL]
    return Table("taxes", TAXES, words, money, [*made, *_total(made, len(words), language)])


def _sums(taxes: dict[str, int], dues: list[Due]) -> list[int]:
    return [taxes.get(due.key, 0) for due in dues]


def _shorts(dues: list[Due]) -> list[Text]:
    return [due.short for due in dues]


def _total(rows: list[Row], words: int, language: str) -> Iterator[Row]:
    if rows:
        sums = [sum(column) for column in zip(*(row.money for row in rows), strict=True)]
        yield Row([TOTAL.say(language), *[""] * (words - 1)], sums, is_total=True)


def sheets(project: Project, language: str = "") -> Iterator[Sheet]:
    """The breakdowns as worksheets."""
    language = language or get_language() or "kk"
    for table in tables(project, language):
        yield Sheet(
            table.title.say(language),
            [head.say(language) for head in (*table.words, *table.money)],
            ([*row.words, *map(tenge, row.money)] for row in table.rows),
        )

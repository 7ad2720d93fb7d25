"""Values in every place of any form, for its sample on paper: invented, and longer than most.

They follow from the kinds of the form's columns alone, so a new form has its sample at once. What
breaks a layout stands in them: long texts, long Kazakh words, large sums, lists of several.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from . import filling, forms
from .paper import Paper

LONG = {
    "kk": (
        "Қазақстан Республикасының ауылдық елді мекендеріндегі мүмкіндігі шектеулі жастарды "
        "әлеуметтік бейімдеу және олардың еңбек нарығындағы бәсекеге қабілеттілігін арттыру, "
        "ынтымақтастықтарыңыздың қанағаттандырылмағандықтарына қарамастан. "
    ),
    "ru": (
        "Социальная адаптация молодёжи с ограниченными возможностями в сельских населённых "
        "пунктах и повышение её конкурентоспособности на рынке труда. "
    ),
}
LONG["en"] = LONG["ru"]  # papers are kk and ru; the English wording is for readers of the form
LINE = 90  # letters of what stands in a gap or on a line
ROWS = 9
DAY = "2026-05-14"
HEAD = {
    "surname": "Әубәкірова",
    "given_name": "Әлия",
    "patronymic": "Серікқызы",
    "position": "Директор",
    "phone_numbers": ["+7 700 000 00 01"],
    "email": "aliya@example.kz",
}
VALUES: Mapping[str, Any] = {
    "int": 4,
    "decimal": Decimal("3.75"),
    "money": 1_234_567_89,
    "money_thousand": 1_131_260_000_00,
    "percent": 50,
    "date": DAY,
    "person": HEAD,
    "months": [1, 2, 5, 12],
}


def filled(form: forms.Form, language: str, rows: int = ROWS, text: str = "") -> Paper:
    """The form in `language` with a value in every place and `rows` rows in each table that grows;
    `text` in place of the long one.
    """
    given = values(form, language, text or LONG[language], rows)
    return filling.fill(form, given, language, number="12/34", on=date.fromisoformat(DAY))


def values(form: forms.Form, language: str, text: str, rows: int = ROWS) -> dict[str, Any]:
    """What `filled` fills the form with, as `filling.fill` takes it."""
    gaps = [*form.header, *form.particulars, *form.blanks, *([form.dated] if form.dated else [])]
    return {
        "fields": {
            gap.key: "2026" if gap.key == "year" else _value(gap.type, text[:LINE].strip())
            for gap in gaps
        },
        "sections": {
            section.key: _section(section, language, text, rows)
            for section in form.sections
            if not section.fixed
        },
        "signatures": {
            one.key: {"position": "Директор", "name": "Ә. С. Әубәкірова"}
            if any(one.position_hint)
            else {"name": "Ә. С. Әубәкірова"}
            for party in form.parties
            for one in party.signatories
        },
    }


def _value(kind: str, text: str) -> Any:
    return VALUES.get(kind, text)


def _section(section: forms.Section, language: str, text: str, rows: int) -> Any:
    if section.choices:
        return section.choices[0].key
    if not section.tables:
        return text * 3
    tables = {table.key: _table(table, language, text, rows) for table in section.tables}
    return tables if len(tables) > 1 else tables[section.tables[0].key]


def _table(table: forms.Table, language: str, text: str, rows: int) -> Any:
    if table.shape == "estimate":
        return _estimate(table, text)
    if table.shape == "fields":
        fields = _fields(table, text)
        return [{"task_text": text, "values": fields}] * 2 if table.repeated else fields
    lines = [_line(table.leaves(), text) for _ in range(rows)]
    if table.groups:
        heading = table.row("field").label.fill(number=1, field=text[:LINE].strip())
        lines = [{"group": heading.say(language)}, *lines]
    if table.repeated:
        return [{"task_text": text, "rows": lines}] * 2
    return {table.head.key: text, "rows": lines} if table.head else lines


def _fields(table: forms.Table, text: str) -> dict[str, Any]:
    return {row.key: _field(table, row, text) for row in table.rows if row.kind != "group"}


def _field(table: forms.Table, row: forms.Row, text: str) -> Any:
    """One value, or one for each column that the form leaves to whoever fills it."""
    own = table.own()
    if [column.key for column in own] in ([], ["value"]):
        return _value(row.type, text * 3)
    return _line(own, text)


def _line(columns: tuple[forms.Column, ...], text: str) -> dict[str, Any]:
    return {
        column.key: [_value(column.type, text)] * 3
        if column.multiple
        else _value(column.type, text)
        for column in columns
        if column.key != "num"
    }


def _estimate(table: forms.Table, text: str) -> dict[str, Any]:
    money = {"total": 1500_00, "own_contribution": 500_00, "grant": 1000_00}
    counted = {"unit": "адам", "quantity": 3, "unit_cost": 500_00}
    lines = [
        {"row": row.key, "activity": activity, "item": text[:60]} | money | counted
        for row in table.rows
        if row.kind in {"line", "repeat"}
        for activity in (1, 2)
    ]
    return {"activities": [text[:70], "Семинар"], "lines": lines}

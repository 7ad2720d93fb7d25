"""What the forms ask for: every place for a value, its type, its limit, whether it must be filled.

The forms are data (`ortaq.documents.forms`); here stands only what the printed form does not
say: which answers may stay empty, how long a text may be, and the few columns beyond the print
that the law's checks need (a team member's role, a project's months, the activity of a cost).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from ortaq.documents import forms
from ortaq.documents.forms import Column, Row, Section, Table
from ortaq.documents.writing.slots import CELL, LINE, LONG, Group, Layout, Rows, Slot

from .parts import Part

ROLES = (
    ("head", _("first head")),
    ("accountant", _("accountant")),
    ("pr", _("public relations specialist")),
    ("other", pgettext_lazy("role in a team", "other")),
)

# May stay empty: the form says "if any", or a nought is meant by leaving it out.
OPTIONAL = {
    "GRANT-A2": {
        "head/patronymic",
        *(
            f"chief_accountant/{part}"
            for part in (
                "surname",
                "given_name",
                "patronymic",
                "position",
                "phone_numbers",
                "email",
            )
        ),
        "staff_regular",
        "staff_invited",
        "volunteers",
    },
    "GRANT-A3": {"engaged"},
    "GRANT-A4": {"age"},
    "GRANT-A5": {"item", "own_contribution", "other_cofinancing", "grant"},
}
# Tables that may have no rows; in all others at least one is needed.
EXPERIENCE = ("topic_experience", "regional_experience")
MAY_BE_EMPTY = {*EXPERIENCE, "partners"}
# Answers of one line; all other text gets a field that grows.
ONE_LINE = {
    "registered_name", "bin", "actual_address", "period", "member_name", "position", "group",
    "age", "partner", "frequency", "item", "unit",
}  # fmt: skip
PEOPLE = {"head": _("First head"), "chief_accountant": _("Chief accountant")}
PERSON = (
    ("surname", _("Surname")),
    ("given_name", _("Given name")),
    ("patronymic", _("Patronymic, if any")),
    ("position", _("Position")),
    ("phone_numbers", _("Telephone numbers")),
    ("email", _("E-mail")),
)


@dataclass(frozen=True, slots=True)
class PartLayout(Layout):
    """All that one part asks for."""

    part: Part


def layout(part: Part, *, local_plan: bool) -> PartLayout:
    """What `part` asks for; sections only for topics of a local plan are left out elsewhere."""
    form = part.form()
    wanted = [s for s in form.sections if s.only_if != "local_plan" or local_plan]
    return PartLayout(tuple(_group(form, section) for section in wanted), part)


def _group(form: forms.Form, section: Section) -> Group:
    if not section.tables:
        return Group(section, (Slot(section.key, section.title, "text", LONG, required=True),))
    table = section.tables[0]
    if table.shape == "fields":
        slots = [slot for row in table.rows for slot in _fields(form, section, row)]
        return Group(section, tuple(slots))
    head: tuple[Slot, ...] = ()
    path = section.key
    if table.shape == "estimate":
        path = f"{section.key}/lines"
    elif table.head:
        path = f"{section.key}/rows"
        label = table.head.label
        head = (Slot(f"{section.key}/{table.head.key}", label, "text", CELL, required=True),)
    least = 0 if table.key in MAY_BE_EMPTY else 1
    return Group(section, head, Rows(path, tuple(_columns(form, table)), least))


def _fields(form: forms.Form, section: Section, row: Row) -> Iterator[Slot]:
    optional = OPTIONAL.get(form.id, set())
    path = f"{section.key}/{row.key}"
    if row.type == "person":
        for key, label in PERSON:
            needed = f"{row.key}/{key}" not in optional
            whose = format_lazy("{person}: {part}", person=PEOPLE[row.key], part=label)
            yield Slot(f"{path}/{key}", whose, "line", LINE, needed)
        return
    # Annex 4 asks for texts; the questionnaire of annex 2 for short answers, but for one.
    short = form.id == "GRANT-A2" and row.key != "target_group"
    kind = "bin" if row.key == "bin" else _kind(row.key, row.type, short=short)
    yield Slot(path, row.label, kind, LINE if short else LONG, row.key not in optional)


def _columns(form: forms.Form, table: Table) -> Iterator[Slot]:
    optional = OPTIONAL.get(form.id, set())
    if table.shape == "estimate":
        yield Slot("row", "", "line", 40, required=True)
        yield Slot("activity", "", "line", 40, required=False)
    for column in table.leaves():
        if column.key not in ("num", "total"):  # printed, not filled in
            yield _column(column, required=column.key not in optional)
        if table.key in EXPERIENCE and column.key == "period":
            yield Slot("first", _("First month (for example 03.2018)"), "month", 40, True)
            yield Slot("last", _("Last month (empty while it runs)"), "month", 40, False)
        if (table.key, column.key) == ("project_team", "position"):
            yield Slot("role", _("Role in the project team"), "choice", LINE, True, ROLES)
            yield Slot("engaged", _("Engaged specialist, not on the staff"), "flag", LINE, False)


def _column(column: Column, *, required: bool) -> Slot:
    kind = _kind(column.key, column.type, short=column.key in ONE_LINE)
    return Slot(column.key, column.label, kind, LINE if kind == "line" else CELL, required)


def _kind(key: str, kind: str, *, short: bool) -> str:
    if kind == "text":
        return "line" if short else "text"
    return kind

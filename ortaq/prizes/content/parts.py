"""What the pages of an application ask for: the questionnaire, the description, the recommendations (PR-014).

The forms are data (`documents/forms/prizes`); here stands what they do not print: which answers may stay empty, first and last
month of a project, who carried it out, and the contact data of a recommendation. Annex 1 is written from the others.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from ortaq import law
from ortaq.documents import forms
from ortaq.documents.writing.slots import CELL, LINE, LONG, Group, Heading, Layout, Rows, Slot

LETTER, QUESTIONNAIRE, DESCRIPTION, LIST = "PRIZE-A1", "PRIZE-A2", "PRIZE-A3", "PRIZE-CL"
ANNEXES = (LETTER, QUESTIONNAIRE, DESCRIPTION)
# Names, numbers and codes of annex 2 are short; subject, goal and addresses may be long.
SHORT = ("bic", "iban")
PERSON = (
    ("surname", _("Surname"), True),
    ("given_name", _("Given name"), True),
    ("patronymic", _("Patronymic, if any"), False),
    ("position", _("Position"), True),
    ("phone_numbers", _("Telephone numbers"), True),
    ("email", _("E-mail"), True),
)
# Who carried out a project of annex 3: what was done in another way is no experience of the NGO (PR-023).
OWN, OTHERS = "own", "others"
CARRIED_OUT = (
    (OWN, _("by our organisation")),
    (OTHERS, _("privately by specialists, or through another organisation")),
)
NGO, STATE_BODY = "ngo", "state_body"
RECOMMENDERS = (
    (NGO, pgettext_lazy("who recommends", "an NGO")),
    (STATE_BODY, pgettext_lazy("who recommends", "a state body")),
)
PROJECTS, RECOMMENDATIONS = "experience/projects", "recommendations"


@dataclass(frozen=True, slots=True)
class Part:
    """A page of the application; `form` is the annex whose sections it asks for."""

    key: str
    title: Any
    form: str = ""

    @property
    def cite(self) -> str:
        """Where the annex stands."""
        annex = {QUESTIONNAIRE: "2", DESCRIPTION: "3"}.get(self.form)
        return f"guide, prize annex {annex}" if annex else "guide, prizes"


PARTS = (
    Part("questionnaire", _("Annex 2: questionnaire"), QUESTIONNAIRE),
    Part("description", _("Annex 3: description of the activity"), DESCRIPTION),
    Part("recommendations", _("Recommendations")),
)


def part(key: str) -> Part | None:
    """The page with this key."""
    return next((one for one in PARTS if one.key == key), None)


def form(key: str, edition: law.Edition) -> forms.Form:
    """The blank form, as the edition of the rules has it."""
    return forms.form(key, edition.key)


def papers_asked(edition: law.Edition) -> list[dict[str, str]]:
    """The list of documents as an announcement freezes it: [{key, num, kk, ru, en}] (PR-010, PR-014)."""
    table = form(LIST, edition).section("papers").table("papers")
    return [
        {
            "key": row.key,
            "num": row.num,
            "kk": row.label.kk,
            "ru": row.label.ru,
            "en": row.label.en,
        }
        for row in table.rows
    ]


def layout(one: Part, edition: law.Edition) -> Layout:
    """What a page asks for."""
    if one.key == "recommendations":
        return Layout((_recommendations(edition),))
    return Layout(tuple(_groups(one, edition)))


def _groups(one: Part, edition: law.Edition) -> Iterator[Group]:
    for section in form(one.form, edition).sections:
        if not section.tables:
            yield Group(section, (Slot(section.key, section.title, "text", LONG, required=True),))
        elif section.tables[0].shape == "fields":
            slots = tuple(
                slot for row in section.tables[0].rows for slot in _fields(section.key, row)
            )
            yield Group(section, slots)
        else:
            label = {one.key: one.label for one in section.tables[0].leaves()}
            heading = Heading(
                section.key,
                _("Work experience in the direction"),
                section.num,
                section.notes[0] if section.notes else "",
            )
            yield Group(heading, (), Rows(PROJECTS, _projects(label), least=1))


def _fields(section: str, row: forms.Row) -> Iterator[Slot]:
    path = f"{section}/{row.key}"
    if row.type == "person":
        for key, label, needed in PERSON:
            whose = format_lazy(_("First head: {part}"), part=label)
            yield Slot(f"{path}/{key}", whose, "line", LINE, needed)
        return
    kind: str = "bin" if row.key == "bin" else "line" if row.key in SHORT else row.type
    yield Slot(path, row.label, kind, CELL if kind == "text" else LINE, row.required)


def _projects(label: dict[str, Any]) -> tuple[Slot, ...]:
    return (
        Slot("project", label["project"], "text", CELL, required=True),
        Slot("carried_out", _("Carried out"), "choice", LINE, True, CARRIED_OUT),
        Slot("first", _("First month (for example 03.2018)"), "month", 40, required=True),
        Slot("last", _("Last month (empty while it runs)"), "month", 40, required=False),
        Slot("results", label["results"], "text", CELL, required=True),
    )


def _recommendations(edition: law.Edition) -> Group:
    asked = next(row for row in papers_asked(edition) if row["key"] == "recommendations")
    heading = Heading(
        "recommendations",
        _("Recommendations"),
        instruction=law.Text(asked["kk"], asked["ru"], asked["en"]),
    )
    least = edition.number("prize.recommendations_min")
    cells = (
        Slot("kind", _("Recommended by"), "choice", LINE, True, RECOMMENDERS),
        Slot("organisation", _("Name of the organisation or state body"), "line", LINE, True),
        Slot("person", _("Who signed it: full name and position"), "line", LINE, True),
        Slot("contacts", _("Contact data: telephone or e-mail"), "line", LINE, True),
        Slot("about", _("What was done together and what came of it"), "text", CELL, True),
    )
    return Group(heading, (), Rows(RECOMMENDATIONS, cells, least))

"""What a bid consists of: the bidder's technical specification in the guide's form, an answer to
each service of the customer, the price (SO-T-046, SO-T-082).

The form is data (`documents/forms/social_order`); here stands what the printed form does not say:
which answers may stay empty, and columns that the commission's criteria and the contract need.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from ortaq import law
from ortaq.documents import forms
from ortaq.documents.writing.slots import CELL, LINE, LONG, Group, Heading, Layout, Rows, Slot
from ortaq.planning.models import ExpectedIndicator, Service
from ortaq.tenders.models import Lot

FORM, EDITION = "SO-TS", "2019"
ANNEX = "guide, SO annex 1"
# What an earlier project counts as, in the words of criterion C5.
EXPERIENCE = (
    ("social", _("social programme or project")),
    ("market", _("service like the one procured")),
)


@dataclass(frozen=True, slots=True)
class Part:
    """A page of the bid. `criterion` is what its content is scored by, "" for none."""

    key: str
    title: Any
    sections: tuple[str, ...]
    criteria: tuple[str, ...] = ()


PARTS = (
    Part("experience", _("Goals, experience, team"), ("goals_match", "experience", "qualification"), ("C2", "C5")),
    Part("services", _("Answers to the services"), ("services",), ("C1",)),
    Part("project", _("Project and plan"), ("description", "plan", "media_plan"), ("C3",)),
    Part("results", _("Indicators and risks"), ("indicators", "risks", "base", "optional"), ("C6",)),
    Part("price", _("Price"), ("price",)),
)  # fmt: skip


def part(key: str) -> Part | None:
    """The page with this key."""
    return next((one for one in PARTS if one.key == key), None)


def edition_of(lot: Lot) -> law.Edition:
    """The edition under which the tender was begun."""
    return law.edition(lot.tender.act, lot.tender.edition)


def form() -> forms.Form:
    """The blank form of the technical specification."""
    return forms.form(FORM, EDITION)


def slug(service: Service) -> str:
    """A service in the paths of a bid: its key without signs that paths give a meaning to."""
    return "s" + "".join(sign if sign.isalnum() else "-" for sign in service.key)


def layout(
    one: Part, edition: law.Edition, services: Sequence[Service], *, multi_year: bool
) -> Layout:
    """What a page asks for."""
    asks = _Asks(edition, services, multi_year)
    return Layout(tuple(group for key in one.sections for group in asks.section(key)))


class _Asks:
    def __init__(self, edition: law.Edition, services: Sequence[Service], multi_year: bool) -> None:
        self.edition, self.services, self.multi_year = edition, services, multi_year

    def section(self, key: str) -> Iterator[Group]:
        if key == "services":
            yield from map(_service, self.services)
        elif key == "price":
            yield _price()
        else:
            printed = form().section(key)
            if printed.only_if != "multi_year" or self.multi_year:
                yield self._printed(printed)

    def _printed(self, section: forms.Section) -> Group:
        key = section.key
        head = Heading(key, section.title, section.num, section.notes[0] if section.notes else "")
        columns = {
            "goals_match": self._goals,
            "experience": self._projects,
            "qualification": self._team,
            "plan": self._activities,
            "indicators": self._indicators,
        }
        if key in columns:
            rows = columns[key]()
            return Group(head, tuple(_fields(section)), rows)
        slots = tuple(_fields(section))
        table = next((one for one in section.tables if one.shape == "rows"), None)
        if table is None:
            return Group(head, slots or (_text(key, section.title, required=key == "base"),))
        path = key if len(section.tables) == 1 else f"{key}/{table.key}"
        cells = tuple(
            Slot(
                column.key,
                column.label,
                column.type if column.type != "text" else "text",
                CELL,
                required=True,
            )
            for column in table.leaves()
            if column.key != "num"
        )
        return Group(head, slots, Rows(path, cells, least=1))

    def _goals(self) -> Rows:
        least = self.edition.number("spec.goals_min")
        cells = (
            _text("goal", _("Goal by the founding documents")),
            _text("match", _("Why it matches the service")),
        )
        return Rows("goals_match", cells, least)

    def _projects(self) -> Rows:
        label = {c.key: c.label for c in form().section("experience").table("projects").leaves()}
        cells = (
            _text("name", label["name"]),
            Slot("counts_as", _("It was"), "choice", LINE, True, EXPERIENCE),
            Slot("first", _("First month (for example 03.2018)"), "month", 40, True),
            Slot("last", _("Last month (empty while it runs)"), "month", 40, False),
            _text("customer_geography", label["customer_geography"]),
            Slot("cost", label["cost"], "money", LINE, False),
            _text("results", label["results"]),
        )
        return Rows("experience/projects", cells, least=0)

    def _team(self) -> Rows:
        cells = (
            Slot("member_name", _("Surname, name, patronymic"), "line", LINE, True),
            Slot("position", _("Duty in the project"), "line", LINE, True),
            _text("qualification", _("Education and experience")),
        )
        return Rows("qualification", cells, least=1)

    def _activities(self) -> Rows:
        label = {c.key: c.label for c in form().section("plan").table("activities").leaves()}
        choices = tuple((slug(one), one.name) for one in self.services)
        cells = (
            Slot("service", _("Service of the customer that it provides"), "choice", LINE, False, choices),
            Slot("kind", _("Kind of activity"), "line", LINE, True),
            Slot("name", _("Name of the activity"), "line", LINE, True),
            Slot("term", label["term"], "line", LINE, True),
            Slot("place", label["place"], "line", LINE, True),
            # The title of C3 asks for the names, its level of 6 points does not (GAP-T-21).
            Slot("responsible", label["responsible"], "line", LINE, True),
            _text("about", _("Description of the activity")),
        )  # fmt: skip
        return Rows("plan", cells, least=1)

    def _indicators(self) -> Rows:
        levels = tuple(ExpectedIndicator.Level.choices)
        natures = tuple(ExpectedIndicator.Nature.choices)
        cells = (
            Slot("level", _("Level"), "choice", LINE, True, levels),
            Slot("nature", _("Kind of indicator"), "choice", LINE, True, natures),
            _text("text", _("Indicator")),
            Slot("expected", _("Expected value"), "line", LINE, True),
        )
        return Rows("indicators", cells, least=1)


def _text(path: str, label: Any, *, required: bool = True) -> Slot:
    return Slot(path, label, "text", CELL, required)


# May stay empty: an NGO without experience may bid (level 0 of C5 bars nobody).
OPTIONAL = ("social_projects", "similar_projects", "market")


def _fields(section: forms.Section) -> Iterator[Slot]:
    for table in section.tables:
        if table.shape != "fields":
            continue
        for row in table.rows:
            kind = "text" if row.type == "text" else row.type
            limit = LONG if kind == "text" else LINE
            yield Slot(f"{section.key}/{row.key}", row.label, kind, limit, row.key not in OPTIONAL)


def _service(service: Service) -> Group:
    path = f"services/{slug(service)}"
    how_many = format_lazy(_("How many you offer (asked for: {asked})"), asked=service.quantity)
    return Group(
        Heading(path, service.name, instruction=service.requirements),
        (
            Slot(f"{path}/offer", _("What you offer and how it will be done"), "text", LONG, True),
            Slot(f"{path}/quantity", how_many, "int", LINE, True),
            Slot(
                f"{path}/above",
                _("What goes beyond the customer's requirements"),
                "text",
                LONG,
                False,
            ),
        ),
    )


def _price() -> Group:
    instruction = _(
        "For all services of the lot together, in tenge. No bank guarantee, no security of the bid "
        "or of the contract is asked for in a social order."
    )
    return Group(
        Heading("price", _("Price offer"), instruction=instruction),
        (Slot("price/offer", _("Price offered, in tenge"), "money", LINE, True),),
    )

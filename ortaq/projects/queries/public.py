"""What everybody may know of the money of a public contract and of what was done for it (SO-G-07): sums and counts.

No person and no payee is named here, and what fewer than five people got or said is not told apart. Which contracts
and projects are public is not decided here: callers begin with what their room shows to everybody.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import Count, Max, Min, Q, Sum

from ortaq.law.text import Text
from ortaq.projects import estimate
from ortaq.projects.models import (
    Event,
    Expense,
    Project,
    SmallCompetition,
    SmallGrant,
    Tranche,
)
from ortaq.projects.small_checks import GIVEN

from . import small

# Of fewer people nothing is told apart: whoever knows one of them would learn the rest.
FEWEST = 5
# What people were paid, and what is reckoned from it: all that tells it stands or falls with their number.
SALARIES = "salaries_lines"
FROM_SALARIES = {SALARIES, "social_tax", "medical_insurance"}
TO_PEOPLE = {*FROM_SALARIES, "services_natural_lines"}
# The code of what stands together with everything else there is.
ALL = "all"
TOGETHER = Text("Барлық түрі бірге", "Все виды вместе", "All kinds together")


def enough(people: int) -> bool:
    """Whether so many people may be counted in public."""
    return people >= FEWEST


@dataclass(frozen=True, slots=True)
class Item:
    """What was spent on a cost item of the estimate, or on several together; `sum_tiyn` as the body admitted it.

    `ALL`: on whatever it was, since nothing but the pay of a few people is there.
    """

    keys: tuple[str, ...]
    labels: tuple[Text, ...]
    sum_tiyn: int


@dataclass(slots=True)
class Money:
    """The money of a project: tranches with their days, and expenses by cost item as far as the body admitted them."""

    tranches: list[Tranche] = field(default_factory=list)
    items: list[Item] = field(default_factory=list)

    @property
    def paid_tiyn(self) -> int:
        return sum(one.paid_tiyn or 0 for one in self.tranches)

    @property
    def admitted_tiyn(self) -> int:
        return sum(one.sum_tiyn for one in self.items)


def money_of(projects: Collection[Project]) -> dict[int, Money]:
    """By the projects' keys; they come with their contracts. Two queries.

    Of a tranche the document and the remark stay with the parties.
    """
    found: dict[int, Money] = {project.pk: Money() for project in projects}
    rows = Tranche.objects.filter(project__in=found).order_by("project", "number")
    for tranche in rows.defer("condition", "document", "remark"):
        found[tranche.project_id].tranches.append(tranche)
    spent: dict[int, list[Mapping[str, Any]]] = defaultdict(list)
    looked_through = Expense.objects.filter(
        project__in=found,
        source=Expense.Source.GRANT,
        state__in=(Expense.State.ADMITTED, Expense.State.PARTLY),
    )
    for row in (
        looked_through.order_by()
        .values("project", "line__category")
        .annotate(
            sum=Sum("admitted_tiyn"),
            # Whom it was paid to, as far as these are people: members of the team and others.
            team=Count("person", distinct=True),
            others=Count("payee", distinct=True, filter=Q(payee_is_organisation=False)),
        )
    ):
        spent[row["project"]].append(row)
    for project in projects:
        found[project.pk].items = _items(project, spent[project.pk])
    return found


def _items(project: Project, rows: Sequence[Mapping[str, Any]]) -> list[Item]:
    """The cost items in the order of the estimate. What fewer than five people were paid stands together with
    the smallest other item: a remainder would tell it as well.
    """
    known = estimate.items_of(project.contract)
    order = {key: number for number, key in enumerate(known)}

    def place(key: str) -> int:
        return order.get(key, len(order))

    def item(chosen: Sequence[Mapping[str, Any]]) -> Item:
        keys = sorted((row["line__category"] for row in chosen), key=place)
        labels = (known[key].label if key in known else Text(key, key, key) for key in keys)
        return Item(tuple(keys), tuple(dict.fromkeys(labels)), sum(row["sum"] for row in chosen))

    people = {row["line__category"]: max(row["team"], row["others"]) for row in rows}

    def is_told(category: str) -> bool:
        number = people.get(SALARIES if category in FROM_SALARIES else category, 0)
        return number >= FEWEST or (number == 0 and category not in TO_PEOPLE)

    there = [row for row in rows if row["sum"]]
    few = [row for row in there if not is_told(row["line__category"])]
    rest = [row for row in there if row not in few]
    if few and not rest:  # nothing to stand together with: only how much it is in all
        return [Item((ALL,), (TOGETHER,), sum(row["sum"] for row in few))]
    if few:
        least = min(rest, key=lambda row: (row["sum"], place(row["line__category"])))
        rest.remove(least)
        few.append(least)
    found = [item([row]) for row in rest] + ([item(few)] if few else [])
    return sorted(found, key=lambda one: place(one.keys[0]))


@dataclass(frozen=True, slots=True)
class Held:
    """Events that were held: how many, from when to when, and how many in each region ("" where none is named)."""

    number: int
    first: datetime
    last: datetime
    regions: Mapping[str, int]


def events_of(projects: Collection[Project]) -> dict[int, Held]:
    """By the projects' keys; a project without an event that was held is not there. One query."""
    by_project = defaultdict(list)
    for row in (
        Event.objects.filter(project__in=projects, state=Event.State.HELD)
        .order_by()
        .values("project", "region")
        .annotate(number=Count("id"), first=Min("starts_at"), last=Max("starts_at"))
    ):
        by_project[row["project"]].append(row)
    return {
        pk: Held(
            sum(row["number"] for row in rows),
            min(row["first"] for row in rows),
            max(row["last"] for row in rows),
            {row["region"]: row["number"] for row in sorted(rows, key=lambda row: row["region"])},
        )
        for pk, rows in by_project.items()
    }


def given_on(projects: Collection[Project]) -> dict[int, list[SmallCompetition]]:
    """The public competitions of small grants of these projects, each with `given_tiyn`, None until it is decided. One query."""
    found: dict[int, list[SmallCompetition]] = defaultdict(list)
    decided = Q(state=SmallCompetition.State.DECIDED)
    given = Q(grants__state__in=(*GIVEN, SmallGrant.State.RETURNED))
    rows = (
        small.public_competitions()
        .select_related(None)
        .filter(project__in=projects)
        .only("project", "code", "title_kk", "title_ru")
        .order_by("opens_at", "pk")
    )
    for row in rows.annotate(given_tiyn=Sum("grants__given_tiyn", filter=decided & given)):
        found[row.project_id].append(row)
    return found

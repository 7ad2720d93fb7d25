"""What the pages of contracts read, each in a fixed number of queries."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from django.db.models import Model, Prefetch, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from ortaq.core import journal
from ortaq.core.kazakh import fold
from ortaq.core.models import JournalEntry
from ortaq.faces.paging import KeyPage, key_page
from ortaq.faces.parts import Entry
from ortaq.law.text import Text
from ortaq.people.actor import Actor
from ortaq.people.models import User
from ortaq.projects import estimate
from ortaq.projects.models import Activity, Approval, BudgetLine, Contract, Indicator, TeamMember
from ortaq.projects.policy.contract import sees_contacts

State = Contract.State
# Blocks by name, as the journal and the pages call them.
BLOCKS = {
    "general": _("General information"),
    "team": _("Team"),
    "plan": _("Plan"),
    "budget": _("Estimate"),
    "effect": _("Social effect"),
    "terms": _("Conditions"),
    "approvals": _("Approvals"),
}


def contracts_visible_to(actor: Actor) -> QuerySet[Contract]:
    """The one visibility query: contracts of which one of the actor's organisations is a party."""
    mine = actor.organisation_ids
    # What a state body still drafts is its own: the supplier gets the contract when it is sent.
    unsent = Q(instrument=Contract.Instrument.SOCIAL_ORDER, state=State.DRAFT)
    return Contract.objects.filter(Q(grantor__in=mine) | (Q(grantee__in=mine) & ~unsent))


def contract_list(actor: Actor, asked: Mapping[str, Any]) -> KeyPage[Contract]:
    """The contracts of the organisation acted for, the newest first; one query.

    `asked` may have `q` (number, application, title, grantee), `state` and `page`.
    """
    organisation = actor.acting_for
    rows = contracts_visible_to(actor).filter(
        Q(grantor=organisation) | Q(grantee=organisation) if organisation else Q(pk__in=())
    )
    if words := fold(str(asked.get("q", ""))[:200]):
        rows = rows.filter(Q(search__contains=words) | Q(grantee__search__contains=words))
    if asked.get("state") in State.values:
        rows = rows.filter(state=asked["state"])
    rows = rows.select_related("grantor", "grantee").defer("general", "social_effect", "search")
    return key_page(rows, asked, order=["-id"], size=25)


def contract_head(actor: Actor) -> QuerySet[Contract]:
    """Visible contracts of grants with what every tab's head shows and the policies ask. Those of other
    instruments are on pages of the instrument's own room.
    """
    return (
        contracts_visible_to(actor)
        .filter(instrument=Contract.Instrument.GRANT)
        .select_related("grantor", "grantee", "scan", "project")
        .defer("project__baseline")
        .prefetch_related(Prefetch("approvals", Approval.objects.select_related("person")))
    )


# --- Tabs ----------------------------------------------------------------------------------------


def team_of(contract: Contract, actor: Actor) -> dict[str, list[TeamMember]]:
    """The team by table. Whoever may not see contacts does not get them at all."""
    rows = list(contract.team.all())
    if not sees_contacts(actor, contract):
        for row in rows:
            row.contact = ""
    return {table.value: [row for row in rows if row.table == table] for table in TeamMember.Table}


@dataclass(frozen=True, slots=True)
class Task:
    """A section of block III: a task, the final presentation or the information work."""

    section: str
    number: int  # of the task; 0 for the other sections
    text: str
    activities: list[Activity]


def plan_of(contract: Contract) -> list[Task]:
    """Block III by section and task, numbered anew in each; two queries."""
    rows = contract.activities.prefetch_related(
        Prefetch("indicators", Indicator.objects.order_by("position", "id"))
    )
    order = list(Activity.Section)
    ordered = sorted(rows, key=lambda row: order.index(Activity.Section(row.section)))
    tasks: list[Task] = []
    for (section, text), group in groupby(ordered, key=lambda row: (row.section, row.task)):
        number = sum(t.section == Activity.Section.TASK for t in tasks) + 1
        in_task = section == Activity.Section.TASK
        tasks.append(Task(section, number if in_task else 0, text, list(group)))
    return tasks


@dataclass(frozen=True, slots=True)
class Group:
    """Lines of the estimate under one cost item of one year, with their sums."""

    year: int
    item: Text
    lines: list[BudgetLine]
    sums: estimate.Sums


@dataclass(frozen=True, slots=True)
class Budget:
    groups: list[Group]
    total: estimate.Sums

    @property
    def several_years(self) -> bool:
        return len({group.year for group in self.groups}) > 1


def budget_of(contract: Contract) -> Budget:
    """The estimate by year and cost item in the order of the form; one query."""
    known = estimate.items(contract.edition)
    order = {key: number for number, key in enumerate(known)}
    lines = sorted(
        contract.budget.select_related("activity"),
        key=lambda line: (line.year, order.get(line.category, len(order)), line.position, line.pk),
    )
    groups = []
    for (year, category), group in groupby(lines, key=lambda line: (line.year, line.category)):
        found = list(group)
        item = known[category].label if category in known else Text(category, category, category)
        groups.append(Group(year, item, found, estimate.Sums.of(found)))
    return Budget(groups, estimate.Sums.of(lines))


def history_of(subject: Model, titles: Mapping[str, Any]) -> list[Entry]:
    """The journal of a contract or of what belongs to it, the newest first, for its parties; two queries."""
    written = list(journal.history(subject))
    keys = {entry.actor for entry in written if entry.actor}
    people = User.objects.in_bulk([int(key.partition(":")[2]) for key in keys])
    return [
        Entry(
            entry.at,
            titles.get(entry.step, entry.step),
            _who(entry, people),
            BLOCKS.get(entry.facts.get("block", ""), ""),
            entry.hash,
        )
        for entry in reversed(written)
    ]


def _who(entry: JournalEntry, people: Mapping[int, User]) -> Any:
    if not entry.actor:
        return _("Ortaq itself")
    person = people.get(int(entry.actor.partition(":")[2]))
    return person.short_name if person else ""

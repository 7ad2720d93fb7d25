"""What a project is: its team, and what was done in it by whom; each in a fixed number of queries."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from ortaq.core.keys import key_of
from ortaq.core.models import JournalEntry
from ortaq.faces.paging import KeyPage, key_page
from ortaq.faces.parts import Entry
from ortaq.people.models import User
from ortaq.projects.models import Project, TeamMember
from ortaq.projects.procedure.project import PROJECT

# Steps that others write on the project, beside the project's own.
TITLES: dict[str, Any] = {
    "begin": _("Opened by the signed contract"),
    "changed": _("Plan changed by an approved request"),
    "schedule": _("Schedule of reports set"),
    "evidence_add": _("Evidence attached"),
    "evidence_attach": _("Evidence joined to indicators"),
    "evidence_accept": _("Evidence accepted"),
    "evidence_refuse": _("Evidence not accepted"),
    "evidence_withdraw": _("Evidence withdrawn"),
    "reach_record": _("People reached or NGOs covered recorded"),
    "reach_strike": _("A line of people reached struck out"),
    "people_entered": _("Participants entered"),
    "people_marked": _("Attendance marked"),
    "people_merged": _("Two entries of one person merged"),
    "people_read": _("List of participants read"),
    "person_forgotten": _("Personal data of one person erased"),
    "people_forgotten": _("Personal data of all participants erased"),
    **{name: step.title for name, step in PROJECT.steps.items()},
}


def team_of(project: Project, *, contacts: bool) -> dict[str, list[TeamMember]]:
    """Block II by table; whoever may not see contacts does not get them at all. One query."""
    rows = list(project.contract.team.all())
    if not contacts:
        for row in rows:
            row.contact = ""
    return {table.value: [row for row in rows if row.table == table] for table in TeamMember.Table}


@dataclass(frozen=True, slots=True)
class History:
    page: KeyPage[JournalEntry]
    entries: list[Entry]


def history_of(project: Project, asked: Mapping[str, Any]) -> History:
    """The journal of the project, the newest first, for its parties; two queries."""
    rows = JournalEntry.objects.filter(subject=key_of(project))
    page = key_page(rows, asked, order=["-number"], size=50)
    keys = {entry.actor for entry in page.rows if entry.actor}
    people = User.objects.in_bulk([int(key.partition(":")[2]) for key in keys])
    return History(
        page,
        [
            Entry(
                entry.at,
                TITLES.get(entry.step, entry.step),
                _who(entry, people),
                _which(entry),
                entry.hash,
            )
            for entry in page.rows
        ],
    )


def _which(entry: JournalEntry) -> str:
    """The numbers of the pieces or the request that the entry is about."""
    numbers = entry.facts.get("numbers") or [entry.facts.get("number")]
    named = ", ".join(str(one) for one in numbers if isinstance(one, int))
    return f"№ {named}" if named else ""


def _who(entry: JournalEntry, people: Mapping[int, User]) -> Any:
    if not entry.actor:
        return _("Ortaq itself")
    person = people.get(int(entry.actor.partition(":")[2]))
    return person.short_name if person else ""

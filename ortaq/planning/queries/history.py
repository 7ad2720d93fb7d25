"""The journal of a subject as people read it: what, when, who."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from ortaq.core import journal
from ortaq.core.models import JournalEntry
from ortaq.core.procedure import Procedure
from ortaq.faces.parts import Entry
from ortaq.people.models import User

Title = Callable[[JournalEntry], Any]


def history(subject: Any, procedure: Procedure[Any], more: Mapping[str, Any]) -> list[Entry]:
    """All entries about `subject`, the newest first; `more` titles what is no step; 2 queries."""
    written = journal.history(subject).order_by("-number")
    return told(written, titles(procedure, more))


def titles(procedure: Procedure[Any], more: Mapping[str, Any]) -> Title:
    """The title of an entry: its step's, or that of `more`, or the bare name of the step."""
    known = {name: step.title for name, step in procedure.steps.items()} | dict(more)
    return lambda entry: known.get(entry.step, entry.step)


def told(written: Iterable[JournalEntry], title: Title) -> list[Entry]:
    """These entries for people, in their order; one query for the names besides theirs."""
    written = list(written)
    keys = {entry.actor for entry in written if entry.actor}
    people = User.objects.in_bulk([int(key.partition(":")[2]) for key in keys])
    found = []
    for entry in written:
        person = people.get(int(entry.actor.partition(":")[2])) if entry.actor else None
        who = person.short_name if person else _("Ortaq, by the clock")
        found.append(Entry(entry.at, title(entry), who, hash=entry.hash))
    return found

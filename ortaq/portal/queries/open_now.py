"""What takes part of everybody now: discussions, competitions, tenders, prizes, small grants, councils."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _

from ortaq.core import clock
from ortaq.gazette.models import Publication
from ortaq.gazette.queries import open_on

from .records import lines

Kind = Publication.Kind
# What one does there, and where all of the kind stand, those over included.
GROUPS: Mapping[str, tuple[Any, Any, Any]] = {
    Kind.DISCUSSION: (
        _("Comment on topics of the social order"),
        reverse_lazy("planning:discussions"),
        _("All discussions and their reports"),
    ),
    Kind.COMPETITION: (
        _("Apply for a grant"),
        reverse_lazy("grants:competitions"),
        _("All competitions and their results"),
    ),
    Kind.TENDER: (
        _("Bid in a tender of the social order"),
        reverse_lazy("tenders:tenders"),
        _("All tenders and their results"),
    ),
    Kind.PRIZE: (
        _("Apply for the prize"),
        reverse_lazy("prizes:rounds"),
        _("All prizes and who received them"),
    ),
    Kind.SMALL: (
        _("Apply for a small grant"),
        reverse_lazy("projects:small_grants"),
        _("All competitions of small grants"),
    ),
    Kind.COUNCIL: (
        _("Put yourself forward for an expert council"),
        reverse_lazy("oversight:councils"),
        _("All expert councils and who sits on them"),
    ),
    Kind.EVALUATION: (
        _("Comment on the evaluation of a project"),
        reverse_lazy("oversight:public_evaluations"),
        _("How completed projects are evaluated"),
    ),
}
# So many of each kind stand on the front page.
SHOWN = 5
MOST = 400


@dataclass(frozen=True, slots=True)
class Group:
    """What is open of one kind, the first to close first; `more` are not shown."""

    kind: str
    title: Any
    shown: Sequence[Publication]
    more: int
    address: Any
    words: Any


def open_now() -> QuerySet[Publication]:
    """What is open at this instant, the first to close first."""
    return open_on(clock.now()).filter(kind__in=GROUPS)


def groups() -> list[Group]:
    """What is open by kind, in the order of a year; one query."""
    found: dict[str, list[Publication]] = {kind: [] for kind in GROUPS}
    for row in lines(open_now())[:MOST]:
        found[row.kind].append(row)
    return [
        Group(kind, title, rows[:SHOWN], max(0, len(rows) - SHOWN), address, words)
        for kind, (title, address, words) in GROUPS.items()
        for rows in (found[kind],)
    ]

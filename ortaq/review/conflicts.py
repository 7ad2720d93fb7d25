"""Conflicts of interest that the registers know of, whatever the expert declared (GR-C-08, GR-C-11)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.db import transaction

from ortaq.core import clock, journal
from ortaq.core.keys import organisation as organisation_key
from ortaq.core.keys import person as person_key
from ortaq.people.models import Membership
from ortaq.registry.models import Affiliation

from .composition import members_of
from .models import Conflict, Panel, Seat

Tie = tuple[int, int, str]
# Ties found in these states still matter; a closed panel's decision stands.
WATCHED = (
    Panel.State.FORMING,
    Panel.State.DECLARING,
    Panel.State.FINAL,
    Panel.State.SCORING,
    Panel.State.MEETING,
    Panel.State.APPOINTING,
    Panel.State.IN_OFFICE,
)


def ties(panel: Panel, day: date | None = None) -> set[Tie]:
    """Every (person, applicant, reason) that the registers know among members and applicants on `day` (default: today).

    Four queries: seats with their experts, applicants, memberships, affiliations.
    """
    seats = members_of(panel)
    people = [seat.person_id for seat in seats]
    found = ties_between(people, panel.applicants.values("organisation"), day)
    applicants = set(panel.applicants.values_list("organisation", flat=True))
    for seat in seats:
        if seat.expert is None:
            continue
        if seat.expert.proposed_by_id in applicants:
            found.add((seat.person_id, seat.expert.proposed_by_id, Conflict.Reason.PROPOSED))
        if seat.expert.employer_id in applicants:
            found.add((seat.person_id, seat.expert.employer_id, Conflict.Reason.EMPLOYER))
    return found


def ties_of(panel: Panel, people: Iterable[int]) -> set[Tie]:
    """What memberships and recorded affiliations say of these people and the applicants; two queries."""
    return ties_between(people, panel.applicants.values("organisation"))


def ties_between(people: Iterable[int], organisations: Any, day: date | None = None) -> set[Tie]:
    """What memberships and recorded affiliations say of these people and organisations (numbers, or a query of numbers) on `day`
    (default: today); two queries.
    """
    people, day = list(people), day or clock.today()
    found: set[Tie] = set()
    memberships = Membership.objects.current(day).filter(
        user__in=people, organisation__in=organisations
    )
    for user, organisation in memberships.values_list("user", "organisation"):
        found.add((user, organisation, Conflict.Reason.MEMBERSHIP))
    affiliations = Affiliation.objects.binding(day).filter(
        person__in=people, organisation__in=organisations
    )
    found.update(affiliations.values_list("person", "organisation", "kind"))
    return found


@transaction.atomic
def detect(panel: Panel, *, at: datetime | None = None) -> list[Conflict]:
    """Write down every tie not written yet; sheets that it touches are set aside.

    Runs inside each step that could matter and whenever a register changes, so that a tie
    recorded in the middle of scoring closes the dossier at once.
    """
    from .procedure.sheet import set_aside

    rows = _write_down(panel, ties(panel), at or clock.now())
    if rows:
        set_aside(panel, [(row.person_id, row.organisation_id) for row in rows])
    return rows


@transaction.atomic
def note(panel: Panel) -> list[Conflict]:
    """Write down every tie not written yet that held when the panel closed: what followed from its sheets is final and stays."""
    assert panel.points_open_at is not None  # a closed panel
    return _write_down(panel, ties(panel, clock.day_of(panel.points_open_at)), clock.now())


def _write_down(panel: Panel, found: set[Tie], at: datetime) -> list[Conflict]:
    known = set(
        panel.conflicts.filter(origin=Conflict.Origin.DETECTED).values_list(
            "person", "organisation", "reason"
        )
    )
    new = sorted(found - known)
    rows = [
        Conflict(
            panel=panel,
            person_id=person,
            organisation_id=organisation,
            origin=Conflict.Origin.DETECTED,
            reason=reason,
            since=at,
        )
        for person, organisation, reason in new
    ]
    Conflict.objects.bulk_create(rows)
    if new:
        facts = [[person_key(p), organisation_key(o), reason] for p, o, reason in new]
        journal.append(panel, "conflicts_detected", facts={"conflicts": facts}, at=at)
    return rows


def watch(person: int, organisation: int) -> None:
    """A tie of this person and organisation was recorded: look at the panels where both are."""
    # Of nearly everybody this is all that has to be asked.
    seated = list(Seat.objects.filter(person=person, until=None).values_list("panel", flat=True))
    if not seated:
        return
    panels = Panel.objects.filter(
        pk__in=seated, applicants__organisation=organisation, state__in=WATCHED
    )
    for panel in panels.distinct():
        detect(panel)

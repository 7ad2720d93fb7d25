"""What taking a seat, leaving it and approving the composition require and do (GR-C-04..08, 12, 14)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from ortaq.core import letters
from ortaq.core.keys import key_of
from ortaq.core.procedure import Attempt
from ortaq.law.findings import Finding, Severity
from ortaq.registry.models import Expert
from ortaq.review import composition, conflicts, queries
from ortaq.review.composition import edition_of
from ortaq.review.models import Panel, Seat

from .sheet import set_aside_all_of

# From here on a member who comes has to declare on applicants whose list went out already.
DECLARED_STATES = (
    Panel.State.DECLARING,
    Panel.State.FINAL,
    Panel.State.SCORING,
    Panel.State.MEETING,
)


def _error(panel: Panel, code: str, message: Any, about: str = "") -> Finding:
    cite = edition_of(panel).parameter("commission.size_max").cite
    return Finding(code, Severity.ERROR, message, cite, about=about)


def needed(panel: Panel, attempt: Attempt) -> Iterable[Finding]:
    """At the meeting a member is added only for applications that recusals left without points."""
    if panel.state == Panel.State.MEETING and not queries.unscored(panel).exists():
        message = _(
            "All applications have their points, so nobody joins the commission at the meeting."
        )
        yield _error(panel, "not_needed", message, "expert")


def no_points_lost(panel: Panel, attempt: Attempt) -> Iterable[Finding]:
    """At the meeting nobody leaves whose points count: whoever sees the points must not choose
    whose points count. Who may not judge recuses themselves.
    """
    seat: Seat = attempt.facts["seat"]
    if panel.state == Panel.State.MEETING and seat.signed:
        message = _(
            "This member's points are before the meeting, so the member cannot be released from it. "
            "Mark in the attendance who is not there."
        )
        yield _error(panel, "points_lost", message)


def in_the_register(panel: Panel, attempt: Attempt) -> Iterable[Finding]:
    """The person is in the experts' register and does not sit on this panel yet (GR-C-02)."""
    expert: Expert = attempt.facts["expert"]
    # Asked anew: what the page read may have changed before this step took its turn.
    if not Expert.objects.filter(pk=expert.pk, state=Expert.State.REGISTERED).exists():
        message = _("This person is not in the experts' register. Choose somebody who is.")
        yield _error(panel, "not_in_register", message, "expert")
    if panel.seats.filter(person=expert.person_id, until=None).exists():
        message = _("This person sits on the commission already.")
        yield _error(panel, "sits_already", message, "expert")


def not_barred(panel: Panel, attempt: Attempt) -> Iterable[Finding]:
    """Neither the organiser's staff nor proposed by an NGO that applied, by data (GR-C-07, GR-C-08)."""
    expert: Expert = attempt.facts["expert"]
    yield from composition.bars(panel, [expert])[expert.pk]


def confirmed(panel: Panel, attempt: Attempt) -> Iterable[Finding]:
    """Besides the data, it is confirmed that the person does not work for the organiser (GR-C-07)."""
    if not attempt.facts.get("confirmed"):
        message = _("Confirm that this person does not work for the organiser of the commission.")
        yield _error(panel, "not_confirmed", message, "confirmed")


def room_left(panel: Panel, attempt: Attempt) -> Iterable[Finding]:
    """At most fifteen with the secretary, so fourteen members and a place kept for the secretary
    (GR-C-05, GR-X-15).
    """
    size = edition_of(panel).parameter("commission.size_max")
    members = panel.seats.filter(until=None, role=Seat.Role.MEMBER).count()
    if members >= size.value - 1:
        message = _(
            "The commission is full: one of its places is the secretary's. Release a member first."
        )
        numbers = {"members": members, "most": size.value}
        yield Finding("no_room", Severity.ERROR, message, size.cite, numbers)


def not_a_member(panel: Panel, attempt: Attempt) -> Iterable[Finding]:
    """The secretary does not score, so is none of the members (GR-C-13)."""
    if panel.seats.filter(person=attempt.facts["person"], until=None).exists():
        message = _("This person sits on the commission already. The secretary does not score.")
        yield _error(panel, "sits_already", message, "email")


def sits_here(panel: Panel, attempt: Attempt) -> Iterable[Finding]:
    """The seat is a present seat of this panel."""
    seat: Seat = attempt.facts["seat"]
    if not panel.seats.filter(pk=seat.pk, until=None).exists():
        yield _error(panel, "seat_ended", _("This person has left the commission already."))


def reasoned(panel: Panel, attempt: Attempt) -> Iterable[Finding]:
    """The reason is stated: changes are kept with date and reason (GR-C-14)."""
    if not str(attempt.facts.get("reason") or "").strip():
        yield _error(
            panel, "no_reason", _("State the reason: it is kept in the journal."), "reason"
        )


def keeps_shares(panel: Panel, attempt: Attempt) -> Iterable[Finding]:
    """What the composition would be after the substitution; a warning, since a substitute "should"
    keep the shares (GR-C-12, inferred).
    """
    leaving: Seat = attempt.facts["seat"]
    expert: Expert = attempt.facts["expert"]
    after = [seat for seat in composition.seats_of(panel) if seat.pk != leaving.pk]
    after.append(Seat(panel=panel, person_id=expert.person_id, expert=expert, side=expert.side))
    for finding in composition.findings(panel, after):
        if finding.severity is Severity.ERROR:
            yield replace(finding, severity=Severity.WARNING)


def composition_in_order(panel: Panel, attempt: Attempt) -> Iterable[Finding]:
    """Size, shares, secretary, nobody barred: one finding for each unmet rule (GR-C-05..08)."""
    yield from composition.findings(panel)


def somebody_left_for_each(panel: Panel, attempt: Attempt) -> Iterable[Finding]:
    """Each applicant can be scored by somebody; the shares after recusals are shown (GR-C-12)."""
    yield from composition.after_recusals(panel)


# --- Effects -------------------------------------------------------------------------------------


def seated(panel: Panel, attempt: Attempt) -> Mapping[str, Any]:
    seat = _sit(panel, attempt.facts["expert"], attempt.now)
    return {"seat": seat.pk, "person": _key(seat), "side": seat.side}


def substituted(panel: Panel, attempt: Attempt) -> Mapping[str, Any]:
    leaving: Seat = attempt.facts["seat"]
    set_aside = _end(leaving, attempt)
    seat = _sit(panel, attempt.facts["expert"], attempt.now, instead_of=leaving)
    return {
        "left": _key(leaving),
        "seat": seat.pk,
        "person": _key(seat),
        "side": seat.side,
        "reason": leaving.end_reason,
        "sheets_set_aside": set_aside,
    }


def released(panel: Panel, attempt: Attempt) -> Mapping[str, Any]:
    seat: Seat = attempt.facts["seat"]
    set_aside = _end(seat, attempt)
    return {"left": _key(seat), "reason": seat.end_reason, "sheets_set_aside": set_aside}


def secretary_seated(panel: Panel, attempt: Attempt) -> Mapping[str, Any]:
    before = panel.seats.filter(role=Seat.Role.SECRETARY, until=None).first()
    if before is not None:
        before.until = attempt.now
        before.save(update_fields=["until"])
    seat = Seat.objects.create(
        panel=panel,
        person=attempt.facts["person"],
        role=Seat.Role.SECRETARY,
        since=attempt.now,
        substitutes=before,
    )
    return {"person": _key(seat), "left": _key(before) if before else ""}


def approved(panel: Panel, attempt: Attempt) -> Mapping[str, Any]:
    conflicts.detect(panel, at=attempt.now)
    seats = composition.seats_of(panel)
    count = composition.shares(seats)
    return {
        "people": [_key(seat) for seat in seats],
        "members": count.members,
        "operator": count.operator,
    }


def _sit(panel: Panel, expert: Expert, now: datetime, instead_of: Seat | None = None) -> Seat:
    seat = Seat.objects.create(
        panel=panel,
        person=expert.person,
        expert=expert,
        side=expert.side,
        confirmed_not_staff=True,
        substitutes=instead_of,
        since=now,
    )
    conflicts.detect(panel, at=now)
    if panel.state in DECLARED_STATES:
        invite(panel, [seat])
    return seat


def invite(panel: Panel, seats: Iterable[Seat]) -> None:
    """Send members the list of applicants and the way to their declaration (GR-C-10)."""
    applicants = [row.organisation for row in panel.applicants.select_related("organisation")]
    people = [seat.person for seat in seats]
    template = "review/letters/declaration.txt"
    letters.prepare(
        panel, "declaration", people, template, {"applicants": applicants}, release=True
    )


def _end(seat: Seat, attempt: Attempt) -> int:
    """End a seat; gives how many of the member's sheets no longer count."""
    set_aside = set_aside_all_of(seat)
    seat.until = attempt.now
    seat.end_reason = str(attempt.facts["reason"]).strip()
    seat.save(update_fields=["until", "end_reason"])
    return set_aside


def _key(seat: Seat) -> str:
    return key_of(seat.person)

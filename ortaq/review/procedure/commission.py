"""An appointed commission: appointing → in office → ended (SO-T-065..075).

take_on, take_off   while the order is prepared: members and their chair
secretary           appointed apart from the members; has no vote (SO-T-069)
appoint             the organiser's decision: odd, large enough, chair, secretary (SO-T-066..068)
release             a member leaves and another one comes by one decision, so that the number stays odd
ask_to_leave        a member wishes to leave; the organiser owes the decision
list_bidders        from the opening on: who bids, and which member is tied to whom (SO-T-071)
put                 a question is put to the vote (`motion`)
end                 with the last contract (SO-T-072)
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from ortaq.core import duties, letters
from ortaq.core.duties import Owed
from ortaq.core.keys import key_of, organisation
from ortaq.core.procedure import Attempt, Procedure, Step, anyone, system_only
from ortaq.law import commission as rules
from ortaq.law.findings import Finding, Severity
from ortaq.law.text import Text
from ortaq.review import conflicts, policy
from ortaq.review.commission import by_law, findings, sitting, tied
from ortaq.review.composition import edition_of
from ortaq.review.models import Applicant, Motion, Panel, Seat

from .motion import MOTION
from .motion import owed as votes_owed

State = Panel.State
STAGE_6 = rules.STAGE_6
ORDER = ("order_number", "order_on", "order_by")


# --- Appointing --------------------------------------------------------------------------------------


def not_on_it(panel: Panel, attempt: Attempt) -> Iterable[Finding]:
    """Nobody has two places, and the secretary is none of the members (SO-T-069)."""
    person = attempt.facts.get("person") or attempt.facts.get("successor")
    if person and panel.seats.filter(person=person, until=None).exists():
        yield rules.against(edition_of(panel), "on_the_commission", about="email")


def not_tied(panel: Panel, attempt: Attempt) -> Iterable[Finding]:
    """Whoever comes is not tied to a bidder; known from the opening on (SO-T-071)."""
    person = attempt.facts.get("person") or attempt.facts.get("successor")
    if person and panel.applicants.exists() and conflicts.ties_of(panel, [person.pk]):
        yield rules.against(edition_of(panel), "conflict_of_interest", about="email")


def in_order(panel: Panel, attempt: Attempt) -> Iterable[Finding]:
    """The composition meets every rule (SO-T-065..071)."""
    yield from findings(panel)


def order_stated(panel: Panel, attempt: Attempt) -> Iterable[Finding]:
    """The decision: its number, its day, who signed it (SO-T-066)."""
    if not all(attempt.facts.get(name) for name in ORDER):
        yield rules.against(edition_of(panel), "no_order", about="order_number")


def _taken_on(panel: Panel, attempt: Attempt) -> Mapping[str, Any]:
    office = Seat.Office.CHAIR if attempt.facts.get("chair") else Seat.Office.NONE
    if office:  # one chair: the one before becomes a member
        sitting(panel).filter(office=office).update(office=Seat.Office.NONE)
    seat = _sit(panel, attempt.facts["person"], attempt, office=office)
    return {"person": key_of(seat.person), "office": office}


def _taken_off(panel: Panel, attempt: Attempt) -> Mapping[str, Any]:
    seat: Seat = attempt.facts["seat"]
    _end(seat, attempt)
    return {"left": key_of(seat.person)}


def _secretary(panel: Panel, attempt: Attempt) -> Mapping[str, Any]:
    before = panel.seats.filter(role=Seat.Role.SECRETARY, until=None).first()
    if before is not None:
        _end(before, attempt)
    seat = _sit(panel, attempt.facts["person"], attempt, role=Seat.Role.SECRETARY)
    return {"person": key_of(seat.person), "left": key_of(before.person) if before else ""}


def _appointed(panel: Panel, attempt: Attempt) -> Mapping[str, Any]:
    for name in ORDER:
        setattr(panel, name, attempt.facts[name])
    panel.in_office_from = attempt.now
    panel.save(update_fields=[*ORDER, "in_office_from"])
    _tell(panel, [seat.person for seat in sitting(panel)])
    return {
        "order": panel.order_number,
        "on": panel.order_on,
        "people": [key_of(seat.person) for seat in sitting(panel)],
    }


def _tell(panel: Panel, people: Iterable[Any]) -> None:
    """Whoever is appointed hears of it, with the way to the commission's page."""
    letters.prepare(panel, "appointed", people, "review/letters/appointed.txt", release=True)


def _sit(panel: Panel, person: Any, attempt: Attempt, **row: Any) -> Seat:
    row = {"role": Seat.Role.MEMBER, **row}
    seat = Seat.objects.create(panel=panel, person=person, since=attempt.now, **row)
    conflicts.detect(panel, at=attempt.now)
    return seat


def _end(seat: Seat, attempt: Attempt) -> None:
    seat.until, seat.end_reason = attempt.now, str(attempt.facts.get("reason") or "").strip()
    seat.save(update_fields=["until", "end_reason"])


# --- In office ---------------------------------------------------------------------------------------


def sits_here(panel: Panel, attempt: Attempt) -> Iterable[Finding]:
    """The seat is a present one of this commission."""
    seat: Seat = attempt.facts["seat"]
    if not panel.seats.filter(pk=seat.pk, until=None).exists():
        message = _("This person has left the commission already.")
        yield Finding("seat_ended", Severity.ERROR, message, edition_of(panel).cite(STAGE_6))


def stays_odd(panel: Panel, attempt: Attempt) -> Iterable[Finding]:
    """A resignation alone would make the commission even (SO-T-067, SO-T-068)."""
    seat: Seat = attempt.facts["seat"]
    if seat.role != Seat.Role.MEMBER or attempt.facts.get("successor"):
        return
    edition = edition_of(panel)
    members = sitting(panel).filter(role=Seat.Role.MEMBER).exclude(pk=seat.pk).count()
    yield from by_law(panel, members=members)
    if not policy.organises(attempt.actor, panel):
        yield rules.against(edition, "no_substitution", about="successor")


def only_the_organiser_replaces(panel: Panel, attempt: Attempt) -> Iterable[Finding]:
    """Members vote without the right of substitution (SO-T-067)."""
    if attempt.facts.get("successor") and not policy.organises(attempt.actor, panel):
        yield rules.against(edition_of(panel), "no_substitution", about="successor")


def reasoned(panel: Panel, attempt: Attempt) -> Iterable[Finding]:
    """Why somebody leaves: with the decision by which it happens."""
    if not str(attempt.facts.get("reason") or "").strip():
        message = _("State the reason and the decision: both are kept in the journal.")
        cite = edition_of(panel).cite(STAGE_6)
        yield Finding("no_reason", Severity.ERROR, message, cite, about="reason")


def _released(panel: Panel, attempt: Attempt) -> Mapping[str, Any]:
    seat: Seat = attempt.facts["seat"]
    office, role = seat.office, seat.role
    _end(seat, attempt)
    successor = attempt.facts.get("successor")
    if successor is not None:
        _sit(panel, successor, attempt, office=office, role=role, substitutes=seat)
        _tell(panel, [successor])
    for motion in panel.motions.filter(state=Motion.State.OPEN):
        duties.keep(motion, votes_owed(motion), now=attempt.now)
    return {
        "left": key_of(seat.person),
        "came": key_of(successor) if successor else "",
        "reason": seat.end_reason,
    }


def _asked(panel: Panel, attempt: Attempt) -> Mapping[str, Any]:
    seat = sitting(panel).get(person=attempt.actor.user)
    seat.end_reason = str(attempt.facts["reason"]).strip()
    seat.save(update_fields=["end_reason"])
    return {"person": key_of(seat.person)}


def _bidders_listed(panel: Panel, attempt: Attempt) -> Mapping[str, Any]:
    bidders = sorted(set(attempt.facts["organisations"]))
    Applicant.objects.bulk_create(
        [Applicant(panel=panel, organisation_id=pk) for pk in bidders], ignore_conflicts=True
    )
    found = conflicts.detect(panel, at=attempt.now)
    return {"bidders": [organisation(pk) for pk in bidders], "conflicts": len(found)}


# --- Putting to the vote -------------------------------------------------------------------------------


def sits(panel: Panel, attempt: Attempt) -> Iterable[Finding]:
    """Who puts a question sits on the commission: a member, or the secretary who prepares it."""
    if _seat_of(panel, attempt.actor) is None:
        yield rules.against(edition_of(panel), "not_a_member")


def no_open_motion(panel: Panel, attempt: Attempt) -> Iterable[Finding]:
    """One vote at a time on one question."""
    same = panel.motions.filter(kind=attempt.facts["kind"], subject=attempt.facts["on"])
    if same.filter(state=Motion.State.OPEN).exists():
        message = _("The commission is voting on this already.")
        yield Finding(
            "being_voted_on",
            Severity.ERROR,
            message,
            edition_of(panel).cite(STAGE_6, inferred=True),
        )


def _put(panel: Panel, attempt: Attempt) -> Mapping[str, Any]:
    facts = attempt.facts
    names = ("kind", "title", "address", "proposal", "reason", "decide_by")
    motion = Motion(
        panel=panel,
        subject=facts["on"],
        put_at=attempt.now,
        put_by=_seat_of(panel, attempt.actor),
        **{name: facts[name] for name in names if facts.get(name) is not None},
    )
    MOTION.begin(motion, actor=attempt.actor, kind=motion.kind, about=motion.subject)
    return {"motion": motion.pk, "kind": motion.kind, "subject": motion.subject}


def _seat_of(panel: Panel, actor: Any) -> Seat | None:
    user = getattr(actor, "user", None)
    return sitting(panel).filter(person=user).first() if user is not None else None


def _ended(panel: Panel, attempt: Attempt) -> Mapping[str, Any]:
    panel.in_office_until = attempt.now
    panel.save(update_fields=["in_office_until"])
    return {"until": attempt.now}


TAKE_ON = Step(
    "take_on",
    _("Take onto the commission"),
    source=State.APPOINTING,
    target=None,
    by=policy.organises,
    requires=(not_on_it, not_tied),
    effect=_taken_on,
    cite=STAGE_6,
)
TAKE_OFF = Step(
    "take_off",
    _("Take off the list"),
    source=State.APPOINTING,
    target=None,
    by=policy.organises,
    requires=(sits_here,),
    effect=_taken_off,
    cite=STAGE_6,
)
SECRETARY = Step(
    "secretary",
    _("Appoint the secretary"),
    source=(State.APPOINTING, State.IN_OFFICE),
    target=None,
    by=policy.organises,
    requires=(not_on_it,),
    effect=_secretary,
    cite=STAGE_6,
)
APPOINT = Step(
    "appoint",
    _("Appoint the commission"),
    source=State.APPOINTING,
    target=State.IN_OFFICE,
    by=policy.organises,
    requires=(in_order, order_stated),
    effect=_appointed,
    cite=STAGE_6,
    final=True,
    keeps_refusals=True,
)
RELEASE = Step(
    "release",
    _("Release from the commission"),
    source=State.IN_OFFICE,
    target=None,
    by=policy.organises | policy.is_panel_member,
    requires=(
        sits_here,
        reasoned,
        only_the_organiser_replaces,
        not_on_it,
        not_tied,
        stays_odd,
    ),
    effect=_released,
    cite=STAGE_6,
    keeps_refusals=True,
)
ASK_TO_LEAVE = Step(
    "ask_to_leave",
    _("Ask to be released"),
    source=State.IN_OFFICE,
    target=None,
    by=policy.is_panel_member,
    requires=(reasoned,),
    effect=_asked,
    cite=STAGE_6,
)
LIST_BIDDERS = Step(
    "list_bidders",
    _("List those who bid"),
    source=(State.APPOINTING, State.IN_OFFICE),
    target=None,
    by=system_only,
    effect=_bidders_listed,
    cite="guide, SO vs grants table",
)
PUT = Step(
    "put",
    _("Put to the vote"),
    source=State.IN_OFFICE,
    target=None,
    by=anyone,
    requires=(sits, in_order, no_open_motion),
    effect=_put,
    cite=STAGE_6,
    keeps_refusals=True,
)
END = Step(
    "end",
    _("End the commission's term"),
    source=(State.APPOINTING, State.IN_OFFICE),
    target=State.ENDED,
    by=system_only,
    effect=_ended,
    cite=STAGE_6,
)


def owed(panel: Panel) -> Iterable[Owed]:
    """The organiser owes the decision, and a member in place of one who must or wants to leave."""
    organiser = organisation(panel.organisation_id)
    page = reverse("review:commission", args=[panel.pk])
    if panel.state == State.APPOINTING:
        yield Owed(
            "appoint_commission",
            organiser,
            Text(
                "Конкурстық комиссия мен оның хатшысын тағайындау",
                "Назначить конкурсную комиссию и её секретаря",
                "Appoint the commission and its secretary",
            ),
            None,
            page,
            STAGE_6,
        )
    elif panel.state == State.IN_OFFICE:
        leaving = sitting(panel).exclude(end_reason="").exists()
        if leaving or tied(panel):
            yield Owed(
                "replace_member",
                organiser,
                Text(
                    "Комиссия мүшесінің орнына басқа адамды тағайындау",
                    "Назначить другого члена комиссии вместо выбывающего",
                    "Appoint somebody in place of a member who leaves",
                ),
                None,
                page,
                STAGE_6,
            )


COMMISSION: Procedure[Panel] = Procedure(
    Panel,
    (
        TAKE_ON,
        TAKE_OFF,
        SECRETARY,
        APPOINT,
        RELEASE,
        ASK_TO_LEAVE,
        LIST_BIDDERS,
        PUT,
        END,
    ),
    duties=owed,
)

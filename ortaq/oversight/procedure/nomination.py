"""Who sits on an expert council: people put themselves forward, withdraw, are chosen or not, leave and are replaced (SO-E-06..09, SO-X-26)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from ortaq.core import clock, journal
from ortaq.core.keys import person
from ortaq.core.procedure import Refused, Step, clock_behind, locked, moved_on, not_yours
from ortaq.oversight.models import ExpertCouncil, Nomination
from ortaq.people.actor import Actor
from ortaq.people.models import User

from .council import CITE, COUNCIL, State, of_body, tell
from .council_checks import Place, finding, in_time, selected_by

NOMINATE = Step(
    "nominate",
    _("Put myself forward"),
    source=State.ANNOUNCED,
    target=None,
    by=lambda actor, _council: actor.user is not None,
    cite=CITE,
)
INVITE = Step(
    "invite",
    _("Put somebody into the composition"),
    source=State.CHOOSING,
    target=None,
    by=of_body,
    cite=CITE,
)
ANSWER = Step(
    "answer", _("Answer a candidate"), source=State.CHOOSING, target=None, by=of_body, cite=CITE
)
WITHDRAW = Step(
    "withdraw",
    _("Withdraw"),
    source=(State.ANNOUNCED, State.CHOOSING),
    target=None,
    by=lambda actor, _council: actor.user is not None,
)
REPLACE = Step(
    "replace",
    _("Replace a member"),
    source=State.IN_OFFICE,
    target=None,
    by=of_body,
    cite=CITE,
)


def _held(council: ExpertCouncil, step: Step, actor: Actor) -> ExpertCouncil:
    """The council, locked; raises `Refused` for whoever may not take the step, in another state, and while the clock is behind."""
    fresh = locked(ExpertCouncil, council.pk)
    if late := clock_behind(clock.now()):
        raise Refused(step, [late])
    if not step.by(actor, fresh):
        raise Refused(step, [not_yours(step)])
    if fresh.state not in step.sources:
        raise Refused(step, [moved_on(step, fresh, "state")])
    return fresh


def _note(council: ExpertCouncil, step: Step, actor: Actor, **facts: Any) -> None:
    journal.append(council, step.name, actor=actor.key, behalf=actor.behalf, facts=facts)
    COUNCIL.settle(council)


def works_at_body(who: User, body: int) -> bool:
    """Works for the body: a council of civil society is not made of its officers (SO-E-05)."""
    return who.memberships.filter(organisation=body, ends_on=None).exists()


def _fit(council: ExpertCouncil, who: User, step: Step, experience: str) -> None:
    found = []
    if not experience.strip():
        message = _("Write what experience in the field there is.")
        found.append(finding(council, "no_experience", message, "experience"))
    if works_at_body(who, council.body_id):
        message = _(
            "Whoever works for the state body does not sit on its expert council: it is formed of civil society."
        )
        found.append(finding(council, "works_for_the_body", message))
    if found:
        raise Refused(step, found)


@transaction.atomic
def nominate(council: ExpertCouncil, values: Mapping[str, str], *, actor: Actor) -> Nomination:
    """Put oneself forward, once; what was written is replaced by a later sending. After the term only by the body's decision: kept,
    marked as late (SO-X-26). `values`: education, experience, organisation. Raises `Refused`.
    """
    fresh = _held(council, NOMINATE, actor)
    assert actor.user is not None
    _fit(fresh, actor.user, NOMINATE, values.get("experience", ""))
    now = clock.now()
    late = fresh.nominations_until is not None and now > fresh.nominations_until
    made = Nomination.objects.filter(council=fresh, person=actor.user).first()
    if made is None or made.state == Place.WITHDRAWN:  # who comes back comes as of now
        made = made or Nomination(council=fresh, person=actor.user)
        made.put_forward_at, made.late = now, late
    for name in ("education", "experience", "organisation"):
        setattr(made, name, str(values.get(name, "")).strip())
    made.state = Place.OFFERED
    made.save()
    _note(fresh, NOMINATE, actor, nomination=made.pk, late=made.late)
    return made


@transaction.atomic
def withdraw(nomination: Nomination, *, actor: Actor) -> None:
    """A candidate withdraws until the composition is laid before the NGO council; when the last one does, the body forms the council on
    its own, as if nobody had been put forward. Raises `Refused`.
    """
    fresh = _held(nomination.council, WITHDRAW, actor)
    row = fresh.nominations.get(pk=nomination.pk)
    if actor.user is None or row.person_id != actor.user.pk:
        raise Refused(WITHDRAW, [not_yours(WITHDRAW)])
    row.state = Place.WITHDRAWN
    row.save(update_fields=["state"])
    if fresh.state == State.CHOOSING:
        fresh.formed_alone = not in_time(fresh).exists()
        fresh.save(update_fields=["formed_alone"])
    _note(fresh, WITHDRAW, actor, nomination=row.pk)


@transaction.atomic
def invite(council: ExpertCouncil, who: User, experience: str, *, actor: Actor) -> Nomination:
    """The body puts somebody into the composition itself: only where nobody was put forward in time (SO-E-08), or where the edition
    knows no self-nomination (SO-18-11). Who is put there gets a letter, and can withdraw: nobody sits on a council against their will
    (SO-E-06). Raises `Refused`.
    """
    fresh = _held(council, INVITE, actor)
    if not fresh.formed_alone and selected_by(fresh, "self_nomination"):
        message = _("Candidates were put forward in time: the composition is chosen among them.")
        raise Refused(INVITE, [finding(fresh, "not_alone", message)])
    _fit(fresh, who, INVITE, experience)
    made, _new = Nomination.objects.update_or_create(
        council=fresh,
        person=who,
        defaults={
            "experience": experience.strip(),
            "own": False,
            "state": Place.CHOSEN,
            "put_forward_at": clock.now(),
        },
    )
    tell(fresh, made, "invited")
    _note(fresh, INVITE, actor, person=person(who.pk))
    return made


@transaction.atomic
def answer(nomination: Nomination, *, chosen: bool, reason: str, actor: Actor) -> None:
    """Choose a candidate or not; who is not chosen is told why, and so is everybody why a late one is. Raises `Refused`."""
    fresh = _held(nomination.council, ANSWER, actor)
    row = fresh.nominations.select_related("person").get(pk=nomination.pk)
    if row.state == Place.WITHDRAWN:
        raise Refused(ANSWER, [moved_on(ANSWER, row, "state")])
    if not reason.strip() and (row.late or not chosen):
        raise Refused(ANSWER, [finding(fresh, "no_reason", _("State the reason."), "reason")])
    row.state, row.reason = Place.CHOSEN if chosen else Place.DECLINED, reason.strip()
    row.save(update_fields=["state", "reason"])
    _note(fresh, ANSWER, actor, nomination=row.pk, chosen=chosen)


@transaction.atomic
def replace(
    council: ExpertCouncil,
    leaves: Nomination,
    comes: User | None,
    values: Mapping[str, Any],
    *,
    actor: Actor,
) -> None:
    """A member leaves a council in office, and perhaps another one comes. `values`: reason, and for the one who comes experience and
    the minutes by which the NGO council approved (approved_on, number). Raises `Refused`.
    """
    fresh = _held(council, REPLACE, actor)
    row = fresh.nominations.get(pk=leaves.pk)
    found = []
    if not str(values.get("reason") or "").strip():
        found.append(finding(fresh, "no_reason", _("State the reason."), "reason"))
    if row.state != Place.CHOSEN or row.until is not None:
        found.append(finding(fresh, "not_a_member", _("This person does not sit on the council.")))
    day, approval = values.get("approved_on"), selected_by(fresh, "approval_by_council")
    if comes is not None and approval and not isinstance(day, date):
        message = _("Write the day on which the NGO council approved the new member.")
        found.append(finding(fresh, "no_day", message, "approved_on"))
    elif comes is not None and isinstance(day, date) and day > clock.today():
        message = _("This day has not come yet.")
        found.append(finding(fresh, "day_to_come", message, "approved_on"))
    if (
        comes is not None
        and fresh.nominations.filter(person=comes, state=Place.CHOSEN, until=None).exists()
    ):
        found.append(
            finding(fresh, "sits_already", _("This person sits on the council already."), "email")
        )
    if found:
        raise Refused(REPLACE, found)
    today = clock.today()
    row.until, row.reason = today, str(values["reason"]).strip()
    row.save(update_fields=["until", "reason"])
    tell(fresh, row, "left")
    if comes is not None:
        _fit(fresh, comes, REPLACE, str(values.get("experience") or ""))
        made, _new = Nomination.objects.update_or_create(
            council=fresh,
            person=comes,
            defaults={
                "experience": str(values["experience"]).strip(),
                "own": False,
                "state": Place.CHOSEN,
                "since": today,
                "until": None,
                "reason": "",
                "put_forward_at": clock.now(),
            },
        )
        tell(fresh, made, "chosen")
    _note(
        fresh,
        REPLACE,
        actor,
        leaves=row.pk,
        comes=person(comes.pk) if comes else None,
        approved_on=day.isoformat() if isinstance(day, date) else None,
        number=str(values.get("approval_number") or "").strip(),
    )

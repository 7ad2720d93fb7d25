"""The experts' register, the NGO database, the calendar and the index, as steps.

expert   proposed → registered | declined; declined, removed → proposed; registered → removed
return   sent → approved | returned for correction; returned → sent (the first day stays)
day      a row of the calendar, and
value    one of the index: entered, never changed; withdrawing it enters one that undoes it
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from ortaq import law
from ortaq.core import clock, journal, letters
from ortaq.core.keys import key_of, organisation
from ortaq.core.models import CalendarDay, IndexValue
from ortaq.core.procedure import Attempt, Procedure, Step
from ortaq.law import grants as law_of_grants
from ortaq.law.findings import Finding, Severity
from ortaq.people.models import Organisation, User

from . import policy
from .models import Affiliation, AnnualReturn, Expert, ExpertDirection

State = Expert.State
GUIDE = "guide, grants, step 3"


def edition() -> law.Edition:
    """The grants rules by which the register is kept today."""
    return law.at("grants_rules", clock.today())


# --- Experts -------------------------------------------------------------------------------------


def qualified(expert: Expert, attempt: Attempt) -> Iterable[Finding]:
    """Education and at least two years of work in at least one direction (GR-C-01)."""
    yield from qualification(expert)


def qualification(expert: Expert) -> list[Finding]:
    """What the law says of each direction; an error of its own where none of them is enough."""
    rules = edition()
    least = rules.parameter("expert.experience_years_min")
    found: list[Finding] = []
    enough = False
    for row in expert.directions.all():
        lacking = law_of_grants.expert(
            rules, years=row.years, education=bool(row.education.strip()), direction=row.direction
        )
        enough = enough or not lacking
        # A direction that is not enough does not keep out of the register whom another one lets in.
        found += [replace(finding, severity=Severity.WARNING) for finding in lacking]
    if not enough:
        message = _(
            "An expert needs professional education and enough years of work in at least one "
            "direction. Add a direction, or correct what is entered."
        )
        numbers = {"least": least.value}
        found.append(
            Finding("not_qualified", Severity.ERROR, message, least.cite, numbers, "directions")
        )
    return found


def reasoned(subject: Any, attempt: Attempt) -> Iterable[Finding]:
    """The decision says why."""
    if not str(attempt.facts.get("reason", "")).strip():
        yield Finding(
            "no_reason",
            Severity.ERROR,
            _("State the reason: whoever is concerned will read it."),
            about="reason",
        )


def _remarked(expert: Expert, attempt: Attempt) -> Mapping[str, Any]:
    expert.remarks = str(attempt.facts["reason"]).strip()
    expert.save(update_fields=["remarks"])
    _write_to(expert, attempt)
    return {}


def _registered(expert: Expert, attempt: Attempt) -> Mapping[str, Any]:
    expert.remarks = ""
    expert.save(update_fields=["remarks"])
    _write_to(expert, attempt)
    return {"directions": [row.direction for row in expert.directions.order_by("id")]}


def _write_to(expert: Expert, attempt: Attempt) -> None:
    """Tell the person what was decided, unless it is their own step."""
    if attempt.actor.key == key_of(expert.person):
        return
    # A decision may be taken more than once, so its instant belongs to the letter's kind.
    kind = f"expert-decided-{attempt.now:%Y%m%d%H%M%S}"
    template = "registry/letters/expert_decided.txt"
    letters.prepare(expert, kind, [expert.person], template, {"expert": expert}, release=True)


def _amended(expert: Expert, attempt: Attempt) -> Mapping[str, Any]:
    """Replace the statements of the entry by those in `facts`."""
    facts = attempt.facts
    expert.employer = facts["employer"]
    expert.employer_name = facts["employer_name"]
    expert.region_code = facts["region_code"]
    expert.name = expert.person.full_name
    expert.save(
        update_fields=["employer", "employer_name", "region_code", "name", "sort", "search"]
    )
    state_directions(expert, facts["directions"])
    return {"directions": [row["direction"] for row in facts["directions"]]}


def state_directions(expert: Expert, rows: Iterable[Mapping[str, Any]]) -> None:
    """Make the expert's directions exactly `rows` (direction, education, years, evidence)."""
    expert.directions.all().delete()
    ExpertDirection.objects.bulk_create(ExpertDirection(expert=expert, **row) for row in rows)


REGISTER = Step(
    "register",
    _("Take into the register"),
    source=State.PROPOSED,
    target=State.REGISTERED,
    by=policy.keeps_register,
    requires=(qualified,),
    effect=_registered,
    cite=GUIDE,
)
DECLINE = Step(
    "decline",
    _("Decline"),
    source=State.PROPOSED,
    target=State.DECLINED,
    by=policy.keeps_register,
    requires=(reasoned,),
    effect=_remarked,
    cite=GUIDE,
)
AMEND = Step(
    "amend",
    _("Amend the entry"),
    source=(State.PROPOSED, State.REGISTERED, State.DECLINED),
    target=State.PROPOSED,
    by=policy.may_amend,
    effect=_amended,
    cite=GUIDE,
)
REMOVE = Step(
    "remove",
    _("Take out of the register"),
    source=(State.PROPOSED, State.REGISTERED),
    target=State.REMOVED,
    by=policy.may_leave,
    requires=(reasoned,),
    effect=_remarked,
    cite=GUIDE,
)
RETURN_TO_REGISTER = Step(
    "propose_again",
    _("Propose again"),
    source=(State.DECLINED, State.REMOVED),
    target=State.PROPOSED,
    by=policy.may_leave,
    cite=GUIDE,
)

EXPERT: Procedure[Expert] = Procedure(
    Expert, (REGISTER, DECLINE, AMEND, REMOVE, RETURN_TO_REGISTER)
)


def propose(
    *,
    person: User,
    by: Organisation | None,
    directions: Iterable[Mapping[str, Any]],
    actor: Any,
    employer: Organisation | None = None,
    employer_name: str = "",
    region_code: str = "",
) -> Expert:
    """A new entry in the register, waiting for the operator's decision (GR-C-03).

    `by` is the NGO or the operator that proposes, None for self-nomination; it decides the side
    on which the expert counts. Raises `IntegrityError` when the person has an entry already.
    """
    operator = by is not None and by.kind == Organisation.Kind.OPERATOR
    expert = Expert(
        person=person,
        side=Expert.Side.OPERATOR if operator else Expert.Side.NGO,
        proposed_by=by,
        employer=employer,
        employer_name=employer_name or (employer.name_kk if employer else ""),
        region_code=region_code,
        proposed_at=clock.now(),
        name=person.full_name,
    )
    rows = list(directions)
    EXPERT.begin(expert, actor=actor, side=expert.side, proposed_by=key_of(by) if by else "")
    state_directions(expert, rows)
    if actor.key != key_of(person):
        template = "registry/letters/expert_proposed.txt"
        letters.prepare(expert, "expert-proposed", [person], template, release=True)
    return expert


# --- Ties ------------------------------------------------------------------------------------------


def record_tie(expert: Expert, tie: Affiliation, *, actor: Any) -> Affiliation:
    """Keep a tie of the expert to an organisation; commissions hear of it at once (GR-C-11)."""
    with transaction.atomic():
        tie.person = expert.person
        tie.save()
        _note(expert, "tie", tie, actor)
    return tie


def end_tie(expert: Expert, tie: Affiliation, until: date, *, actor: Any) -> None:
    """Say since when a tie no longer holds; conflicts written down already stay."""
    with transaction.atomic():
        tie.until = until
        tie.save(update_fields=["until"])
        _note(expert, "tie_ended", tie, actor)


def _note(expert: Expert, step: str, tie: Affiliation, actor: Any) -> None:
    facts = {"organisation": organisation(tie.organisation_id), "kind": tie.kind}
    journal.append(expert, step, actor=actor.key, behalf=actor.behalf, facts=facts)


# --- Annual returns ------------------------------------------------------------------------------


def _approved(annual_return: AnnualReturn, attempt: Attempt) -> Mapping[str, Any]:
    annual_return.approved_on = clock.day_of(attempt.now)
    annual_return.save(update_fields=["approved_on"])
    return {"sent_on": annual_return.sent_on}


def _returned(annual_return: AnnualReturn, attempt: Attempt) -> Mapping[str, Any]:
    return {"year": annual_return.year, "reason": str(attempt.facts["reason"]).strip()}


APPROVE = Step(
    "approve",
    _("Approve the return"),
    source=AnnualReturn.State.SENT,
    target=AnnualReturn.State.APPROVED,
    by=policy.keeps_database,
    effect=_approved,
    cite="NG-021",
)
RETURN = Step(
    "return",
    _("Return for correction"),
    source=AnnualReturn.State.SENT,
    target=AnnualReturn.State.RETURNED,
    by=policy.keeps_database,
    requires=(reasoned,),
    effect=_returned,
    cite="NG-022",
)
SEND_AGAIN = Step(
    "send_again",
    _("Record the corrected return"),
    source=AnnualReturn.State.RETURNED,
    target=AnnualReturn.State.SENT,
    by=policy.keeps_database,
    cite="NG-024",
)

ANNUAL_RETURN: Procedure[AnnualReturn] = Procedure(AnnualReturn, (APPROVE, RETURN, SEND_AGAIN))


def record_return(annual_return: AnnualReturn, *, actor: Any) -> AnnualReturn:
    """Record a return as the NGO database shows it, with the evidence for it."""
    return ANNUAL_RETURN.begin(
        annual_return,
        actor=actor,
        organisation=key_of(annual_return.organisation),
        year=annual_return.year,
        sent_on=annual_return.sent_on,
        evidence=annual_return.evidence,
    )


# --- The calendar and the index ------------------------------------------------------------------
# Read by `core.terms`. Who enters a row says nothing on `known_from`: it is the day of entering, so
# that no term that has begun can be moved.


def _latest(row: CalendarDay | IndexValue) -> bool:
    """Whether no later row has taken the place of this one."""
    if isinstance(row, CalendarDay):
        return not CalendarDay.objects.filter(day=row.day, pk__gt=row.pk).exists()
    return not IndexValue.objects.filter(valid_from=row.valid_from, pk__gt=row.pk).exists()


def shipped_kind(day: date) -> str:
    """What the shipped calendar says of a day."""
    row = law.kazakhstan().row(day)
    return row.kind.value if row else CalendarDay.Kind.ORDINARY


def shipped_amount(day: date) -> int | None:
    """The index that begins on a day by the shipped table, in tiyn."""
    return next(
        (one.amount_tiyn for one in law.shipped_values() if one.valid_from == day),
        None,
    )


def still_holds(row: CalendarDay | IndexValue, attempt: Attempt) -> Iterable[Finding]:
    """Only what holds and differs from the shipped table can be taken back."""
    if not _latest(row):
        message = _("A later entry has taken the place of this one. Withdraw that one instead.")
        yield Finding("replaced", Severity.ERROR, message)
    elif (
        row.kind == shipped_kind(row.day)
        if isinstance(row, CalendarDay)
        else row.amount_tiyn == shipped_amount(row.valid_from)
    ):
        message = _("This entry says the same as the built-in table: there is nothing to withdraw.")
        yield Finding("as_shipped", Severity.ERROR, message)


def _day_withdrawn(row: CalendarDay, attempt: Attempt) -> Mapping[str, Any]:
    why = str(attempt.facts["reason"]).strip()
    undoing = CalendarDay(day=row.day, kind=shipped_kind(row.day), source_act=why)
    return {"reason": why, "undone_by": key_of(record_day(undoing, actor=attempt.actor))}


def _value_withdrawn(row: IndexValue, attempt: Attempt) -> Mapping[str, Any]:
    why, amount = str(attempt.facts["reason"]).strip(), shipped_amount(row.valid_from)
    kind = IndexValue.Kind.NONE if amount is None else IndexValue.Kind.VALUE
    undoing = IndexValue(valid_from=row.valid_from, kind=kind, amount_tiyn=amount, source_act=why)
    return {"reason": why, "undone_by": key_of(record_index(undoing, actor=attempt.actor))}


WITHDRAW_DAY = Step(
    "withdraw",
    _("Withdraw the entry"),
    source=CalendarDay.Kind.values,
    target=None,
    by=policy.keeps_law_data,
    requires=(reasoned, still_holds),
    effect=_day_withdrawn,
)
WITHDRAW_VALUE = Step(
    "withdraw",
    _("Withdraw the entry"),
    source=IndexValue.Kind.values,
    target=None,
    by=policy.keeps_law_data,
    requires=(reasoned, still_holds),
    effect=_value_withdrawn,
)

CALENDAR: Procedure[CalendarDay] = Procedure(CalendarDay, (WITHDRAW_DAY,), state_field="kind")
INDEX: Procedure[IndexValue] = Procedure(IndexValue, (WITHDRAW_VALUE,), state_field="kind")


def record_day(row: CalendarDay, *, actor: Any) -> CalendarDay:
    """Enter what a day is; terms that begin from today on count with it."""
    row.known_from, row.entered_by = clock.today(), actor.user
    return CALENDAR.begin(row, actor=actor, day=row.day, kind=row.kind, act=row.source_act)


def record_index(row: IndexValue, *, actor: Any) -> IndexValue:
    """Enter the value of the index that holds from a day on."""
    row.known_from, row.entered_by = clock.today(), actor.user
    facts = {"valid_from": row.valid_from, "amount_tiyn": row.amount_tiyn, "act": row.source_act}
    return INDEX.begin(row, actor=actor, **facts)

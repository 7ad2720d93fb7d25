"""The calendar and the index.

A row of the calendar and one of the index are entered, never changed; withdrawing one enters
another that undoes it. Read by `core.terms`. Who enters a row says nothing on `known_from`: it is
the day of entering, so that no term that has begun can be moved.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

from ortaq import law
from ortaq.core import clock
from ortaq.core.keys import key_of
from ortaq.core.models import CalendarDay, IndexValue
from ortaq.core.procedure import Attempt, Procedure, Step
from ortaq.law.findings import Finding, Severity
from ortaq.registry import policy

from .shared import reasoned


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

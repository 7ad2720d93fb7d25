"""What the clock does with prizes: a round is begun quietly, its acceptance ends (PR-011, PR-012).

`prepare_due` and `close_due` are called by `ortaq tick`, the second one by any page that meets a round whose time has come.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from ortaq.core import clock, deadlines
from ortaq.core.procedure import SYSTEM, Refused
from ortaq.planning.procedure.hearing import authorised_body
from ortaq.prizes.models import Round

from . import round_draft
from .round import CLOSE, ROUND

State = Round.State


@dataclass(slots=True)
class Closed:
    """What was done: the rounds changed, and why others could not be."""

    closed: list[Round] = field(default_factory=list)
    refused: list[Refused] = field(default_factory=list)


def prepare_due() -> Closed:
    """Begin the draft of this year's prize from the day on which it has to be prepared, so that its duty stands in time.

    Nothing without an authorised body, or where somebody has begun it already. After the year's acceptance it is too late.
    """
    found, today = Closed(), clock.today()
    body = authorised_body()
    if body is None or not round_draft.is_time(today):
        return found
    if not Round.objects.filter(year=today.year).exists():
        found.closed.append(round_draft.begin(body, today.year, actor=SYSTEM))
    return found


def close_due() -> Closed:
    """End the acceptance of every round whose last instant has passed. Safe at any time and for several at once."""
    found = Closed()
    due = Round.objects.filter(state=State.ANNOUNCED, apply_until__lt=deadlines.over_before())
    for one in due.order_by("year"):
        try:
            ROUND.take(CLOSE, one, actor=SYSTEM)
        except Refused as refused:
            if not refused.has("moved_on"):
                found.refused.append(refused)
        else:
            found.closed.append(one)
    return found


def closed_if_due(found: Round) -> Round:
    """The round as a page is to show it: closed, if its time has come. No query otherwise."""
    if found.state == State.ANNOUNCED and deadlines.is_over(found.apply_until, clock.now()):
        close_due()
        found.refresh_from_db()
    return found

"""What `ortaq check` asks of the registers: returns as they were sent, flags that follow from facts."""

from __future__ import annotations

from ortaq.core import audit
from ortaq.core.audit import Fault, Faults, Machine
from ortaq.core.keys import key_of
from ortaq.people.models import Standing

from .models import AnnualReturn, ReturnVersion, StandingFlag
from .procedure.standing_flag import RUNNING

FLAG = StandingFlag.State
MACHINES = (
    # A status recorded by evidence stands alone; what is filled in here or entered from paper begins as a draft.
    Machine(
        AnnualReturn,
        begins=(AnnualReturn.State.DRAFT, AnnualReturn.State.APPROVED),
        without_journal=lambda one: one.way == AnnualReturn.Way.RECORDED,
    ),
    # Raised, lifted and raised again by the watch, as facts come and go.
    Machine(
        StandingFlag,
        carried={
            FLAG.OPEN: {"", FLAG.DECIDED},
            FLAG.DECIDED: {FLAG.OPEN},
            FLAG.LIFTED: {"", FLAG.OPEN, FLAG.DECIDED},
            FLAG.OVER: {"", FLAG.OPEN, FLAG.DECIDED},
        },
    ),
)


def faults(*, quick: bool = False) -> Faults:
    """Every row of this room that contradicts another."""
    yield from audit.frozen(ReturnVersion.objects.all(), quick=quick)
    for some in audit.pieces(ReturnVersion.objects.select_related("annual_return"), quick=quick):
        for version in some:
            first = version.annual_return.sent_on
            if first is None or audit.day(version.sent_at) < first:
                yield Fault(key_of(version), "it was sent before the first sending of its return")
    for flag in StandingFlag.objects.filter(state__in=RUNNING).select_related("standing"):
        standing: Standing = flag.standing
        if standing.organisation_id != flag.organisation_id:
            yield Fault(
                key_of(flag), "it stands on another organisation than the fact that it comes from"
            )

"""Annual returns: sent → approved | returned for correction; returned → sent (the first day stays)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from ortaq.core import clock
from ortaq.core.keys import key_of
from ortaq.core.procedure import Attempt, Procedure, Step
from ortaq.registry import policy
from ortaq.registry.models import AnnualReturn

from .shared import reasoned


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

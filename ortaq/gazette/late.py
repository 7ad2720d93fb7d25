"""Which duties are public: the terms of state bodies and of the operator whose delay everybody waits out.

Decided here, once; the README of the portal says why these. Persons and NGOs are never named.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.db.models import Q, QuerySet

from ortaq.core import clock
from ortaq.core.models import Duty

ORGANISATION = "organisation:"
# By what they are about: the codes of duties whose delay everybody waits out.
PUBLIC: Mapping[str, tuple[str, ...]] = {
    "planning.assessment": ("next_assessment",),
    "planning.formation": ("decide", "report", "submit", "publish_budget"),
    "grants.competition": ("check", "publish"),
    "grants.question": ("answer_question",),
    "tenders.tender": ("announce", "appoint", "review", "publish"),
    "tenders.tenderquestion": ("answer_question",),
    "oversight.statutoryreport": ("submit_annex9",),
    "oversight.governmentinformation": ("inform_government",),
    "oversight.evaluation": ("discuss_evaluation", "form_evaluation", "post_evaluation"),
    "prizes.round": ("announce", "list", "publish_results", "hand_diplomas", "pay_prizes"),
}
CODES = sorted({code for codes in PUBLIC.values() for code in codes})


def overdue(now: datetime | None = None) -> QuerySet[Duty]:
    """The public duties whose term has ended."""
    public = Q(pk__in=[])
    for about, codes in PUBLIC.items():
        public |= Q(subject__startswith=f"{about}:", code__in=codes)
    return ended(now or clock.now()).filter(public, bearer__startswith=ORGANISATION)


def ended(now: datetime) -> QuerySet[Duty]:
    """Late duties with the codes of public ones, whatever they are about: what a mark of lateness has to look at."""
    return Duty.objects.filter(code__in=CODES, due_at__lt=now, done_at=None)

"""Formation: draft → discussion → deciding → reported → council → listed → requested → budgeted.

publish             annex 1 complete in kk and ru; the public discussion opens (SO-F-05)
close_discussion    by the system once ten full working days have passed (SO-F-07, SO-X-25)
report              every comment decided with reasons; annex 2 is published (SO-F-09, SO-F-10)
submit              the Information (annex 3) goes to the council or the authorised body (SO-F-12..17)
form_list           the list of topics, by the council's recommendations (SO-F-18)
request             the topics of the list go into the budget request (SO-F-20)
budget              the approved sums; a smaller sum asks for a new specification (SO-T-058)
publish_budget      the Information after the budget is published and sent (SO-F-21)
discard             a draft that is not to be published is deleted; its journal stays
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.utils.translation import gettext_lazy as _

from ortaq.core import clock
from ortaq.core.duties import Owed
from ortaq.core.procedure import SYSTEM, Procedure, Refused, Step
from ortaq.planning.models import Formation
from ortaq.planning.policy import forms, forms_or_system

from . import budgeting, discussing, hearing, yearly

State = Formation.State

PUBLISH = Step(
    "publish",
    _("Publish the topics for discussion"),
    source=State.DRAFT,
    target=State.DISCUSSION,
    by=forms,
    requires=(
        discussing.has_topics,
        discussing.annex_complete,
        discussing.both_languages,
        discussing.fields_of_edition,
        discussing.needs_assessed,
        discussing.sums_plausible,
    ),
    effect=discussing.published,
    cite="№18-2022 ¶7(2)",
    final=True,
)
CLOSE_DISCUSSION = Step(
    "close_discussion",
    _("End the public discussion"),
    source=State.DISCUSSION,
    target=State.DECIDING,
    by=forms_or_system,
    requires=(discussing.term_over,),
    effect=discussing.closed,
    cite="№18-2022 ¶7(2)",
)
REPORT = Step(
    "report",
    _("Publish the report on the discussion"),
    source=State.DECIDING,
    target=State.REPORTED,
    by=forms,
    requires=(discussing.all_decided,),
    effect=discussing.reported,
    cite="№18-2022 ¶7(2), annex 2",
    final=True,
)
SUBMIT = Step(
    "submit",
    _("Submit the topics to the council"),
    source=State.REPORTED,
    target=State.COUNCIL,
    by=forms,
    requires=(hearing.year_stated, hearing.addressee_known),
    effect=hearing.submitted,
    cite="№18-2022 ¶7(3)",
)
FORM_LIST = Step(
    "form_list",
    _("Form the list of topics"),
    source=(State.REPORTED, State.COUNCIL),
    target=State.LISTED,
    by=forms,
    requires=(hearing.council_heard, hearing.every_topic_answered, hearing.departures_reasoned),
    effect=hearing.listed,
    cite="№18-2022 ¶7(3)",
    final=True,
)
REQUEST = Step(
    "request",
    _("Include the topics in the budget request"),
    source=State.LISTED,
    target=State.REQUESTED,
    by=forms,
    requires=(budgeting.specifications_approved, budgeting.estimates_complete),
    effect=budgeting.requested,
    cite="№18-2022 ¶7(4)",
)
BUDGET = Step(
    "budget",
    _("Enter the approved budget"),
    source=State.REQUESTED,
    target=State.BUDGETED,
    by=forms,
    requires=(budgeting.sums_stated, budgeting.act_stated),
    effect=budgeting.approved,
    cite="№18-2022 ¶7(4)",
    final=True,
)
PUBLISH_BUDGET = Step(
    "publish_budget",
    _("Publish the Information after the budget"),
    source=State.BUDGETED,
    target=None,
    by=forms,
    requires=(budgeting.not_published_before,),
    effect=budgeting.published,
    cite="№18-2022 ¶7(4)",
    final=True,
)

DISCARD = Step(
    "discard",
    _("Discard the draft"),
    source=State.DRAFT,
    target=None,
    by=forms,
    final=True,
    removes=True,
)


def owed(formation: Formation) -> Iterable[Owed]:
    """What the body owes in the present state."""
    yield from discussing.owed(formation)
    yield from yearly.owed(formation)
    yield from hearing.owed(formation)
    yield from budgeting.owed(formation)


FORMATION: Procedure[Formation] = Procedure(
    Formation,
    (
        PUBLISH,
        CLOSE_DISCUSSION,
        REPORT,
        SUBMIT,
        FORM_LIST,
        REQUEST,
        BUDGET,
        PUBLISH_BUDGET,
        DISCARD,
    ),
    duties=owed,
)


@dataclass(slots=True)
class Closing:
    """What `close_due` did: the discussions closed, and why others could not be."""

    closed: list[Formation] = field(default_factory=list)
    refused: list[Refused] = field(default_factory=list)


def close_due() -> Closing:
    """Close every discussion whose term has passed. Safe to call at any time and by several at once."""
    closing = Closing()
    due = Formation.objects.filter(state=State.DISCUSSION, closes_at__lt=clock.now())
    for formation in due.order_by("closes_at", "id"):
        try:
            FORMATION.take(CLOSE_DISCUSSION, formation, actor=SYSTEM)
        except Refused as refused:
            # Somebody closed it a moment ago: nothing is left to do.
            if {finding.code for finding in refused.findings} != {"moved_on"}:
                closing.refused.append(refused)
        else:
            closing.closed.append(formation)
    return closing

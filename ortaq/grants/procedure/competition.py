"""The competition: draft → announced → checking → scoring → meeting → published.

announce            kk and ru complete, window of 20-30 calendar days, lots of the named version
discard             a draft that is not to be announced
extend              a decision before the old end of acceptance (GR-A-06)
close_acceptance    by the system once the end has passed; begins check and conflict round
begin_scoring       every application decided, something to score, commission final; opens the dossiers
begin_meeting       scoring over; points are opened to the commission's meeting
prepare             outcomes of all lots and the letters, quietly
draw_up             the protocol, once the meeting is closed
publish             outcomes, states of applications, letters and the public page in one step
                    (these three also straight from checking, where nothing is left to score)
file_protocol       the scan of the signed protocol, before or after
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from ortaq.core import deadlines
from ortaq.core.duties import Owed
from ortaq.core.keys import organisation
from ortaq.core.procedure import SYSTEM, Attempt, Procedure, Refused, Step
from ortaq.grants.models import Competition
from ortaq.grants.policy.competition import is_its_operator, is_its_operator_or_system
from ortaq.law.text import Text

from . import competition_acceptance as acceptance
from . import competition_announcement as announcement
from . import competition_scoring as scoring
from . import outcome, protocol

State = Competition.State
# Outcomes are decided at the meeting, or by the check alone where it leaves nothing to score.
DECIDING = (State.CHECKING, State.MEETING)


def _discarded(competition: Competition, attempt: Attempt) -> Mapping[str, Any]:
    """What the journal keeps of a draft that was thrown away; nobody but its operator knew of it."""
    numbers = competition.lots.values_list("topic__number", flat=True)
    return {"version": competition.version_id, "topics": list(numbers)}


ANNOUNCE = Step(
    "announce",
    _("Announce the competition"),
    source=State.DRAFT,
    target=State.ANNOUNCED,
    by=is_its_operator,
    requires=(
        announcement.has_lots,
        announcement.version_in_force,
        announcement.not_announced_before,
        announcement.both_languages,
        announcement.window_in_order,
        announcement.terms_stated,
        announcement.delivery_stated,
    ),
    effect=announcement.announced,
    cite="guide, grants, step 2",
    final=True,
)
DISCARD = Step(
    "discard",
    _("Discard the draft"),
    source=State.DRAFT,
    target=None,
    by=is_its_operator,
    effect=_discarded,
    cite="guide, grants, step 2",
    final=True,
    removes=True,
)
EXTEND = Step(
    "extend",
    _("Extend acceptance"),
    source=State.ANNOUNCED,
    target=None,
    by=is_its_operator,
    requires=(acceptance.before_the_end, acceptance.decision_stated, acceptance.moves_later),
    effect=acceptance.extended,
    cite="GR-A-06",
)
CLOSE_ACCEPTANCE = Step(
    "close_acceptance",
    _("End acceptance"),
    source=State.ANNOUNCED,
    target=State.CHECKING,
    by=is_its_operator_or_system,
    requires=(acceptance.acceptance_over,),
    effect=acceptance.closed,
    cite="announcement 2020 §3",
)
BEGIN_SCORING = Step(
    "begin_scoring",
    _("Hand the applications to the experts"),
    source=State.CHECKING,
    target=State.SCORING,
    by=is_its_operator,
    requires=(scoring.all_decided, scoring.something_to_score, scoring.commission_final),
    effect=scoring.scoring_begun,
    cite="guide, grants, step 5",
    final=True,
)
BEGIN_MEETING = Step(
    "begin_meeting",
    _("Open the commission's meeting"),
    source=State.SCORING,
    target=State.MEETING,
    by=is_its_operator,
    requires=(scoring.scoring_over,),
    effect=scoring.meeting_begun,
    cite="guide, grants, step 5",
    final=True,
)
PREPARE = Step(
    "prepare",
    _("Prepare the outcomes"),
    source=DECIDING,
    target=None,
    by=is_its_operator,
    requires=(scoring.nothing_to_score, outcome.all_scored),
    effect=outcome.prepare,
    cite="413-rules via announcement 2020 §2",
)
DRAW_UP = Step(
    "draw_up",
    _("Draw up the protocol"),
    source=DECIDING,
    target=None,
    by=is_its_operator,
    requires=(
        scoring.nothing_to_score,
        outcome.prepared,
        outcome.ties_decided,
        outcome.meeting_closed,
        protocol.number_given,
    ),
    effect=protocol.drawn_up,
    cite="guide, grants, step 5",
)
PUBLISH = Step(
    "publish",
    _("Publish the results"),
    source=DECIDING,
    target=State.PUBLISHED,
    by=is_its_operator,
    requires=(
        scoring.nothing_to_score,
        outcome.prepared,
        outcome.ties_decided,
        outcome.meeting_closed,
        protocol.protocol_ready,
        protocol.signed_electronically,
    ),
    effect=outcome.publish,
    cite="guide, grants, step 5",
    final=True,
)
FILE_PROTOCOL = Step(
    "file_protocol",
    _("File the signed protocol"),
    source=(*DECIDING, State.PUBLISHED),
    target=None,
    by=is_its_operator,
    requires=(protocol.paper_allowed, protocol.scan_at_hand),
    effect=protocol.filed,
    cite="guide, grants, step 5",
)


def owed(competition: Competition) -> Iterable[Owed]:
    """What the operator owes in the present state."""
    bearer = organisation(competition.operator_id)
    address = reverse("grants:competition_manage", args=[competition.pk])
    if competition.state == State.ANNOUNCED:
        yield Owed(
            "close_acceptance",
            bearer,
            Text(
                "Өтінімдерді қабылдау аяқталады: тізімді қараңыз",
                "Приём заявок заканчивается: просмотрите список",
                "Acceptance ends: look through the list",
            ),
            competition.closes_at,
            address,
            "announcement 2020 §3",
        )
    ready = scoring.ends_without_scoring(competition)
    if competition.state == State.CHECKING and not ready:
        yield Owed(
            "check",
            bearer,
            Text(
                "Өтінімдерді тексеріп, жіберу туралы шешім қабылдау",
                "Проверить заявки и решить о допуске",
                "Check the applications and decide on admission",
            ),
            competition.check_due_at,
            address,
            "guide, grants, step 4",
        )
    if competition.state == State.MEETING or ready:
        yield from protocol.owed(competition)
        address = reverse("grants:outcomes", args=[competition.pk])
        yield Owed(
            "publish",
            bearer,
            Text(
                "Конкурс қорытындыларын жариялау",
                "Опубликовать итоги конкурса",
                "Publish the results of the competition",
            ),
            None,
            address,
            "guide, grants, step 5",
        )


COMPETITION: Procedure[Competition] = Procedure(
    Competition,
    (
        ANNOUNCE,
        DISCARD,
        EXTEND,
        CLOSE_ACCEPTANCE,
        BEGIN_SCORING,
        BEGIN_MEETING,
        PREPARE,
        DRAW_UP,
        PUBLISH,
        FILE_PROTOCOL,
    ),
    duties=owed,
)


@dataclass(slots=True)
class Closing:
    """What `close_due` did: the competitions closed, and why others could not be."""

    closed: list[Competition] = field(default_factory=list)
    refused: list[Refused] = field(default_factory=list)


def close_due() -> Closing:
    """Close every acceptance whose end has passed. Safe to call at any time and by several at once."""
    closing = Closing()
    for competition in Competition.objects.filter(
        state=State.ANNOUNCED, closes_at__lt=deadlines.over_before()
    ).order_by("closes_at", "id"):
        try:
            COMPETITION.take(CLOSE_ACCEPTANCE, competition, actor=SYSTEM)
        except Refused as refused:
            # Somebody closed or extended it a moment ago: nothing is left to do.
            codes = {finding.code for finding in refused.findings}
            done = refused.step is CLOSE_ACCEPTANCE and codes <= {"moved_on", "acceptance_open"}
            if not done:
                closing.refused.append(refused)
        else:
            closing.closed.append(competition)
    return closing

"""A motion of an appointed commission: open → adopted, rejected or no decision (SO-T-067, 073..075).

vote           a member, once, in person; when all have voted the result stands by itself
adopt          more than half of all members are for it, or votes are equal and the chair is for it
reject         the same against it
leave_open     neither: the question may be put again (GAP-T-06)
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import Any

from django.utils.translation import gettext_lazy as _

from ortaq.core.duties import Owed
from ortaq.core.keys import person
from ortaq.core.procedure import SYSTEM, Attempt, Procedure, Refused, Step, anyone
from ortaq.law import commission as rules
from ortaq.law import tender
from ortaq.law.findings import Finding, Severity
from ortaq.law.text import Text
from ortaq.people.policy import predicate
from ortaq.review.commission import sitting, tied
from ortaq.review.composition import edition_of
from ortaq.review.models import Motion, Panel, Seat, Vote

State = Motion.State
STAGE_6 = rules.STAGE_6
# By kind of motion: what its adoption does.
ADOPTED: dict[str, Callable[[Motion, Attempt], None]] = {}


def tally(motion: Motion) -> tender.Vote:
    """What the votes of the present members decide now; two queries."""
    members = {seat.pk: seat for seat in _members(motion.panel)}
    votes = dict(motion.votes.filter(seat__in=members).values_list("seat", "in_favour"))
    sides = list(votes.values())
    chair = next((seat.pk for seat in members.values() if seat.office == Seat.Office.CHAIR), None)
    side = None if chair not in votes else "for" if votes[chair] else "against"
    return tender.vote(
        edition_of(motion.panel),
        members=len(members),
        in_favour=sum(sides),
        against=len(sides) - sum(sides),
        chair=side,
    )


def _members(panel: Panel) -> list[Seat]:
    return [seat for seat in sitting(panel) if seat.role == Seat.Role.MEMBER]


def all_voted(motion: Motion) -> bool:
    """Every present member has voted."""
    voted = set(motion.votes.values_list("seat", flat=True))
    return all(seat.pk in voted for seat in _members(motion.panel))


# --- Voting ------------------------------------------------------------------------------------------


def may_vote(motion: Motion, attempt: Attempt) -> Iterable[Finding]:
    """A present member, not the secretary, not tied to a bidder, who has not voted yet."""
    edition = edition_of(motion.panel)
    user = getattr(attempt.actor, "user", None)
    seat = sitting(motion.panel).filter(person=user).first() if user is not None else None
    if motion.panel.state != Panel.State.IN_OFFICE or seat is None:
        yield rules.against(edition, "not_a_member")
    elif seat.role == Seat.Role.SECRETARY:
        yield rules.against(edition, "secretary_votes_not")
    elif seat.person_id in tied(motion.panel):
        yield rules.against(edition, "conflict_of_interest")
    elif motion.votes.filter(seat=seat).exists():
        yield rules.against(edition, "voted_already")


def still_open(motion: Motion, attempt: Attempt) -> Iterable[Finding]:
    """The vote has not ended."""
    if motion.state != State.OPEN:
        cite = edition_of(motion.panel).cite(STAGE_6)
        message = _("The vote is over: %(state)s.") % {"state": motion.get_state_display()}
        yield Finding("vote_over", Severity.ERROR, message, cite)


def side_chosen(motion: Motion, attempt: Attempt) -> Iterable[Finding]:
    """For or against."""
    if not isinstance(attempt.facts.get("in_favour"), bool):
        cite = edition_of(motion.panel).cite(STAGE_6)
        yield Finding(
            "no_side", Severity.ERROR, _("Choose: for or against."), cite, about="in_favour"
        )


def _voted(motion: Motion, attempt: Attempt) -> Mapping[str, Any]:
    seat = sitting(motion.panel).get(person=attempt.actor.user)
    Vote.objects.create(
        motion=motion,
        seat=seat,
        in_favour=attempt.facts["in_favour"],
        remark=str(attempt.facts.get("remark") or "").strip(),
        cast_at=attempt.now,
    )
    return {"seat": seat.pk, "in_favour": attempt.facts["in_favour"]}


# --- The result --------------------------------------------------------------------------------------


@predicate
def leads(actor: Any, motion: Motion) -> bool:
    """The chair or the secretary, who end a vote in which some have not voted; or the last vote itself."""
    if actor is SYSTEM:
        return True
    user = getattr(actor, "user", None)
    seat = sitting(motion.panel).filter(person=user).first() if user is not None else None
    return seat is not None and (
        seat.role == Seat.Role.SECRETARY or seat.office == Seat.Office.CHAIR
    )


def law_says(decision: str) -> Callable[[Motion, Attempt], Iterable[Finding]]:
    """The requirement that the votes decide so and not otherwise."""

    def decides(motion: Motion, attempt: Attempt) -> Iterable[Finding]:
        found = tally(motion)
        if found.decision != decision:
            yield replace(found.finding, severity=Severity.ERROR)

    return decides


def somebody_voted(motion: Motion, attempt: Attempt) -> Iterable[Finding]:
    """A vote is not ended before anybody has voted."""
    if not motion.votes.exists():
        message = _("Nobody has voted yet.")
        cite = edition_of(motion.panel).cite(STAGE_6, inferred=True)
        yield Finding("no_votes", Severity.ERROR, message, cite)


def _decided(motion: Motion, attempt: Attempt) -> Mapping[str, Any]:
    found = tally(motion).finding
    motion.decided_at, motion.finding = attempt.now, found.as_dict()
    motion.save(update_fields=["decided_at", "finding"])
    return dict(found.numbers)


def _adopted(motion: Motion, attempt: Attempt) -> Mapping[str, Any]:
    facts = _decided(motion, attempt)
    if happens := ADOPTED.get(motion.kind):
        happens(motion, attempt)
    return facts


VOTE = Step(
    "vote",
    _("Vote"),
    source=tuple(State),  # who votes twice hears why, also when the last vote has ended it
    target=None,
    by=anyone,
    requires=(may_vote, still_open, side_chosen),
    effect=_voted,
    cite=STAGE_6,
    final=True,
    keeps_refusals=True,
)
ADOPT = Step(
    "adopt",
    _("Adopted"),
    source=State.OPEN,
    target=State.ADOPTED,
    by=leads,
    requires=(somebody_voted, law_says("adopted")),
    effect=_adopted,
    cite=STAGE_6,
)
REJECT = Step(
    "reject",
    _("Rejected"),
    source=State.OPEN,
    target=State.REJECTED,
    by=leads,
    requires=(somebody_voted, law_says("rejected")),
    effect=_decided,
    cite=STAGE_6,
)
LEAVE_OPEN = Step(
    "leave_open",
    _("No decision"),
    source=State.OPEN,
    target=State.UNDECIDED,
    by=leads,
    requires=(somebody_voted, law_says("none")),
    effect=_decided,
    cite=STAGE_6,
)
BY_DECISION = {"adopted": ADOPT, "rejected": REJECT, "none": LEAVE_OPEN}


def owed(motion: Motion) -> Iterable[Owed]:
    """Every member who has not voted yet."""
    if motion.state != State.OPEN:
        return
    voted = set(motion.votes.values_list("seat", flat=True))
    for seat in _members(motion.panel):
        if seat.pk not in voted:
            yield Owed(
                "vote",
                person(seat.person_id),
                Text("Комиссияда дауыс беру", "Проголосовать в комиссии", "Vote in the commission"),
                motion.decide_by,
                motion.address,
                STAGE_6,
            )


MOTION: Procedure[Motion] = Procedure(Motion, (VOTE, ADOPT, REJECT, LEAVE_OPEN), duties=owed)


def vote(motion: Motion, *, actor: Any, in_favour: bool | None, remark: str = "") -> None:
    """Cast a vote; the last one ends the voting. Raises `Refused` with the clause for the secretary,
    for anybody else who is no member, and for a second vote.
    """
    MOTION.take(VOTE, motion, actor=actor, in_favour=in_favour, remark=remark)
    if all_voted(motion):
        close(motion, actor=SYSTEM)


def close(motion: Motion, *, actor: Any) -> None:
    """End the voting with what the law makes of the votes cast; nothing when it is over already."""
    try:
        MOTION.take(BY_DECISION[tally(motion).decision], motion, actor=actor)
    except Refused:
        motion.refresh_from_db()
        if motion.state == State.OPEN:  # else somebody else ended it at the same moment
            raise

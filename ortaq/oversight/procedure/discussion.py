"""The public discussion of a preliminary evaluation report, under the edition of 2018 alone (SO-18-09).

Anybody comments without an account. What comes after the end is kept and not considered. The body decides on each with reasons.
"""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from django.db import transaction
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from ortaq.core import clock, journal
from ortaq.core.keys import key_of
from ortaq.core.procedure import (
    Attempt,
    Refused,
    Step,
    clock_behind,
    locked,
    moved_on,
    not_yours,
)
from ortaq.law.findings import Finding
from ortaq.oversight.models import Evaluation, EvaluationComment
from ortaq.people.actor import Actor

from .annex8 import discusses, edition_of, error, of_body

State = Evaluation.State
LONGEST = 5_000
COMMENT = Step(
    "comment",
    _("Comment on the preliminary report"),
    source=(),
    target=None,
    by=lambda _actor, _evaluation: True,
)
DECIDE = Step("decide", _("Decide on the comment"), source=(), target=None, by=of_body)


def is_open(evaluation: Evaluation) -> bool:
    """Whether a comment that comes now is considered."""
    until = evaluation.discussion_until
    return evaluation.state == State.DISCUSSED and until is not None and clock.now() <= until


def discussion_is_over(evaluation: Evaluation, attempt: Attempt) -> Iterable[Finding]:
    """Under an edition with a discussion: it has run its days, and every comment is decided (SO-18-09)."""
    if not discusses(evaluation):
        return
    edition = edition_of(evaluation)
    if evaluation.discussion_until is None:
        message = _("The preliminary report has not been discussed in public yet.")
        yield error(edition, "not_discussed", message)
    elif attempt.now <= evaluation.discussion_until:
        message = _("The public discussion of the preliminary report still runs.")
        yield error(edition, "discussion_runs", message, until=evaluation.discussion_until)
    elif undecided := evaluation.comments.filter(late=False, accepted=None).count():
        message = format_lazy(_("Comments without a decision: {count}."), count=undecided)
        yield error(edition, "comments_open", message, "comments", count=undecided)


@transaction.atomic
def comment(evaluation: Evaluation, once: UUID, *, author: str, text: str) -> EvaluationComment:
    """A comment of anybody; the same form sent twice makes one. Late ones are kept and marked. Raises `Refused` where nothing is
    discussed, and without a name or a text.
    """
    fresh = locked(Evaluation, evaluation.pk)
    if found := EvaluationComment.objects.filter(once=once, evaluation=fresh).first():
        return found
    edition, now = edition_of(fresh), clock.now()
    if late := clock_behind(now):
        raise Refused(COMMENT, [late])
    if fresh.discussion_until is None:
        raise Refused(COMMENT, [moved_on(COMMENT, fresh, "state")])
    lacking = []
    if not author.strip():
        lacking.append(error(edition, "no_name", _("Write your name."), "author"))
    if not text.strip():
        message = _("Write what you want to say of the report.")
        lacking.append(error(edition, "no_text", message, "text"))
    if lacking:
        raise Refused(COMMENT, lacking)
    made = EvaluationComment.objects.create(
        evaluation=fresh,
        once=once,
        author=author.strip()[:250],
        text=text.strip()[:LONGEST],
        given_at=now,
        late=not is_open(fresh),
    )
    journal.append(fresh, "comment", facts={"comment": key_of(made), "late": made.late}, at=now)
    return made


@transaction.atomic
def decide(row: EvaluationComment, *, accepted: bool | None, reason: str, actor: Actor) -> None:
    """Accept a comment or not, with reasons; may be decided anew until the report is formed. Raises `Refused` for strangers, for late
    comments, once the report is formed, and with what lacks.
    """
    fresh = locked(Evaluation, row.evaluation_id)
    edition, now = edition_of(fresh), clock.now()
    if late := clock_behind(now):
        raise Refused(DECIDE, [late])
    if not of_body(actor, fresh):
        raise Refused(DECIDE, [not_yours(DECIDE)])
    if fresh.state != State.DISCUSSED:
        raise Refused(DECIDE, [moved_on(DECIDE, fresh, "state")])
    lacking = []
    if row.late:
        message = _("A comment that came after the end of the discussion is not considered.")
        lacking.append(error(edition, "late", message))
    if accepted is None:
        message = _("Choose whether the comment is accepted.")
        lacking.append(error(edition, "not_decided", message, "accepted"))
    if not reason.strip():
        lacking.append(error(edition, "no_reason", _("State the reasons."), "reason"))
    if lacking:
        raise Refused(DECIDE, lacking)
    row.accepted, row.reason, row.decided_at = accepted, reason.strip(), now
    row.save(update_fields=["accepted", "reason", "decided_at"])
    journal.append(
        fresh,
        "decide",
        actor=actor.key,
        behalf=actor.behalf,
        facts={"comment": key_of(row), "accepted": accepted},
        at=now,
    )


def account_of(evaluation: Evaluation) -> dict[str, object]:
    """What the report on the completion of the discussion says: how many came, were late, accepted or not; nobody's name."""
    rows = list(evaluation.comments.values_list("late", "accepted"))
    return {
        "received": sum(not late for late, _accepted in rows),
        "late": sum(late for late, _accepted in rows),
        "accepted": sum(accepted is True for _late, accepted in rows),
        "refused": sum(accepted is False for _late, accepted in rows),
    }

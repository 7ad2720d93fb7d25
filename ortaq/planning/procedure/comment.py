"""Comments on the topics: written by anybody, counted once confirmed, late ones kept apart (SO-F-07..09)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import F, Max
from django.utils.translation import gettext_lazy as _

from ortaq.core import clock, duties, journal
from ortaq.core.procedure import clock_behind
from ortaq.people.actor import Actor
from ortaq.people.models import Organisation
from ortaq.planning.models import Comment, Formation, Topic
from ortaq.planning.policy import SPEAKERS, forms

from . import letters
from .formation import FORMATION, owed

State = Comment.State
A_DAY = timedelta(days=1)
# A flood is stopped per person, never per discussion: an opponent must not be able to close it.
MOST_A_DAY: int = settings.ORTAQ_COMMENTS_A_DAY
# One address may be asked so often to confirm within a day, whoever types it and wherever.
MOST_LETTERS_A_DAY = 5


@transaction.atomic
def write(
    formation: Formation,
    text: str,
    *,
    actor: Actor,
    topic: Topic | None = None,
    name: str = "",
    email: str = "",
    organisation: Organisation | None = None,
    language: str = "kk",
) -> Comment:
    """A new comment. Signed in it is received at once; otherwise once the e-mail is confirmed.

    `organisation`: comment in the name of an NGO that the actor speaks for. What comes after the
    end of the discussion is kept and marked late (SO-F-08). `ValidationError` with a sentence for
    the reader for a repetition, a flood and a clock that was set back.
    """
    row = FORMATION.lock(formation.pk)
    now = _instant()
    if row.published_at is None:
        raise PermissionDenied
    if organisation is not None and not actor.roles_in(organisation) & SPEAKERS:
        raise PermissionDenied
    if topic is not None and topic.formation_id != row.pk:
        raise PermissionDenied
    mine = Comment.objects.filter(
        **{"author": actor.user} if actor.user else {"email": email, "author": None}
    )
    same = mine.filter(formation=row, topic=topic, text=text)
    if same.exclude(state=State.UNCONFIRMED).exists():
        raise ValidationError(_("You have sent this comment already."), code="repeated")
    most = MOST_A_DAY if actor.user else MOST_LETTERS_A_DAY
    if mine.filter(written_at__gt=now - A_DAY).count() >= most:
        raise ValidationError(
            _(
                "You have sent %(most)s comments within a day. Please put what remains into one "
                "comment tomorrow; your text is kept below."
            ),
            code="too_many",
            params={"most": most},
        )
    comment = Comment.objects.create(
        formation=row,
        topic=topic,
        author=actor.user,
        author_name=actor.user.full_name if actor.user else name,
        organisation=organisation,
        email=actor.user.email if actor.user else email,
        language=actor.user.language if actor.user else language,
        text=text,
        written_at=now,
    )
    if actor.user:
        _receive(comment, row, now, actor=actor)
    else:
        letters.confirm(comment)
    return comment


@transaction.atomic
def confirm(token: str) -> Comment:
    """Count the comment whose e-mail is confirmed; doing it twice changes nothing.

    The instant of confirming decides whether it is late: until then anybody could have written it.
    Raises `Comment.DoesNotExist` for an unknown token.
    """
    comment = Comment.objects.select_related("formation").get(token=token)
    row = FORMATION.lock(comment.formation_id)
    comment.refresh_from_db()
    if comment.state == State.UNCONFIRMED:
        _receive(comment, row, _instant())
    return comment


def _instant() -> datetime:
    """The present, asked under the lock; `ValidationError` when the clock was set back."""
    now = clock.now()
    if behind := clock_behind(now):
        raise ValidationError(behind.message, code=behind.code)
    return now


def _receive(
    comment: Comment, formation: Formation, now: datetime, *, actor: Actor | None = None
) -> None:
    """Give the comment its number, or the mark of lateness."""
    comment.received_at = now
    in_time = (
        formation.state == Formation.State.DISCUSSION
        and formation.closes_at is not None
        and comment.received_at <= formation.closes_at
    )
    if in_time:
        last = Comment.objects.filter(formation=formation).aggregate(Max("number"))["number__max"]
        comment.number = (last or 0) + 1
        Formation.objects.filter(pk=formation.pk).update(comments=F("comments") + 1)
        if comment.topic_id:
            Topic.objects.filter(pk=comment.topic_id).update(comments=F("comments") + 1)
    comment.state = State.RECEIVED if in_time else State.LATE
    comment.save(update_fields=["received_at", "number", "state"])
    journal.append(
        comment,
        "receive",
        actor=actor.key if actor else "",
        behalf=actor.behalf if actor else "",
        facts={"number": comment.number, "late": not in_time},
        at=now,
    )


@transaction.atomic
def decide(
    comment: Comment,
    decision: str,
    *,
    reasons_kk: str,
    reasons_ru: str,
    actor: Actor,
    summary: str = "",
    seen: datetime | None = None,
) -> None:
    """Accept a comment or not, with reasons in both languages (SO-F-09).

    `seen` is when the decision that the page showed was taken (None: there was none yet). May be
    changed until the report is published. `PermissionDenied` for strangers, `ValidationError` for
    a late comment, without reasons, once the report is out, or when a colleague was faster.
    """
    row, now = _deciding(comment.formation_id, actor, decision, reasons_kk, reasons_ru)
    comment.refresh_from_db()
    if comment.state != State.RECEIVED:
        raise ValidationError(
            _("A comment that came after the end of the discussion is not considered."),
            code="late",
        )
    if comment.decided_at != seen:
        raise ValidationError(
            _(
                "A colleague has decided on this comment meanwhile. Their decision stands beside "
                "yours; save again if yours is to replace it."
            ),
            code="moved_on",
        )
    comment.summary = summary.strip()
    _decide(comment, decision, (reasons_kk, reasons_ru), actor, now)
    _keep_duties(row, now)


@transaction.atomic
def decide_many(
    formation: Formation,
    numbers: Iterable[int],
    decision: str,
    *,
    reasons_kk: str,
    reasons_ru: str,
    actor: Actor,
) -> int:
    """One decision on many comments that are alike; how many it was taken on.

    What a colleague has decided meanwhile keeps its decision. Raises as `decide` does.
    """
    row, now = _deciding(formation.pk, actor, decision, reasons_kk, reasons_ru)
    undecided = Comment.objects.filter(
        formation=formation, number__in=list(numbers), state=State.RECEIVED, decided_at=None
    )
    comments = list(undecided.order_by("number"))
    for comment in comments:
        _decide(comment, decision, (reasons_kk, reasons_ru), actor, now)
    _keep_duties(row, now)
    return len(comments)


def _deciding(
    formation: int, actor: Actor, decision: str, reasons_kk: str, reasons_ru: str
) -> tuple[Formation, datetime]:
    """Lock the formation and refuse what holds for any comment; gives it and the present instant."""
    row = FORMATION.lock(formation)
    if not forms(actor, row):
        raise PermissionDenied
    if row.state not in {Formation.State.DISCUSSION, Formation.State.DECIDING}:
        raise ValidationError(
            _("The report on the discussion is published; its decisions no longer change."),
            code="reported",
        )
    if decision not in Comment.Decision.values or not decision:
        raise ValidationError(_("Choose whether the comment is accepted."), code="no_decision")
    if not (reasons_kk.strip() and reasons_ru.strip()):
        raise ValidationError(
            _("Write the reasons of the decision in Kazakh and in Russian."), code="no_reasons"
        )
    return row, _instant()


def _keep_duties(formation: Formation, now: datetime) -> None:
    """The duty to decide is done with the last decision."""
    duties.keep(formation, owed(formation), now=now)


def _decide(
    comment: Comment, decision: str, reasons: tuple[str, str], actor: Actor, now: datetime
) -> None:
    """Write down a decision with its reasons in Kazakh and in Russian."""
    comment.decision, comment.decided_at = decision, now
    comment.reasons_kk, comment.reasons_ru = (words.strip() for words in reasons)
    comment.save(update_fields=["decision", "reasons_kk", "reasons_ru", "summary", "decided_at"])
    journal.append(
        comment,
        "decide",
        actor=actor.key,
        behalf=actor.behalf,
        facts={"decision": decision},
        at=now,
    )


@transaction.atomic
def hide(comment: Comment, reason: str, *, actor: Actor) -> None:
    """Hide an insult from the public page; the record, its number and its decision stay.

    An empty `reason` shows the comment again. `PermissionDenied` for strangers.
    """
    row = FORMATION.lock(comment.formation_id)
    if not forms(actor, row):
        raise PermissionDenied
    reason = reason.strip()[:500]
    comment.hidden_at = _instant() if reason else None
    comment.hidden_reason = reason
    comment.save(update_fields=["hidden_at", "hidden_reason"])
    journal.append(
        comment,
        "hide" if reason else "show",
        actor=actor.key,
        behalf=actor.behalf,
        facts={"reason": reason},
    )

"""Comments on the topics: written by anybody, counted once confirmed, late ones kept apart (SO-F-07..09)."""

from __future__ import annotations

from datetime import timedelta

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import F, Max
from django.utils.translation import gettext_lazy as _

from ortaq.core import clock, journal
from ortaq.people.actor import Actor
from ortaq.people.models import Organisation
from ortaq.planning.models import Comment, Formation, Topic
from ortaq.planning.policy import SPEAKERS, forms

from . import letters
from .formation import FORMATION

State = Comment.State
A_DAY = timedelta(days=1)
# A flood is stopped per person, never per discussion: an opponent must not be able to close it.
MOST_A_DAY = 20
# One address may be asked so often to confirm within a day, whoever types it.
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
    the reader before the discussion, for a repetition and for a flood.
    """
    now = clock.now()
    row = FORMATION.lock(formation.pk)
    if row.published_at is None:
        raise PermissionDenied
    if organisation is not None and not actor.roles_in(organisation) & SPEAKERS:
        raise PermissionDenied
    mine = Comment.objects.filter(formation=row)
    mine = mine.filter(author=actor.user) if actor.user else mine.filter(email=email, author=None)
    if mine.filter(text=text, topic=topic).exclude(state=State.UNCONFIRMED).exists():
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
        text=text,
        written_at=now,
    )
    if actor.user:
        _receive(comment, row, actor=actor)
    else:
        letters.confirm(comment, language)
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
        _receive(comment, row)
    return comment


def _receive(comment: Comment, formation: Formation, *, actor: Actor | None = None) -> None:
    """Give the comment its number, or the mark of lateness."""
    comment.received_at = clock.now()
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
) -> None:
    """Accept a comment or not, with reasons in both languages (SO-F-09).

    May be changed until the report is published. `PermissionDenied` for strangers,
    `ValidationError` for a late comment, without reasons, or once the report is out.
    """
    row = FORMATION.lock(comment.formation_id)
    if not forms(actor, row):
        raise PermissionDenied
    comment.refresh_from_db()
    if comment.state != State.RECEIVED:
        raise ValidationError(
            _("A comment that came after the end of the discussion is not considered."),
            code="late",
        )
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
    comment.decision = decision
    comment.reasons_kk, comment.reasons_ru = reasons_kk.strip(), reasons_ru.strip()
    comment.summary, comment.decided_at = summary.strip(), clock.now()
    comment.save(update_fields=["decision", "reasons_kk", "reasons_ru", "summary", "decided_at"])
    journal.append(
        comment, "decide", actor=actor.key, behalf=actor.behalf, facts={"decision": decision}
    )


@transaction.atomic
def hide(comment: Comment, reason: str, *, actor: Actor) -> None:
    """Hide an insult from the public page; the record, its number and its decision stay.

    An empty `reason` shows the comment again. `PermissionDenied` for strangers.
    """
    row = FORMATION.lock(comment.formation_id)
    if not forms(actor, row):
        raise PermissionDenied
    comment.hidden_at = clock.now() if reason else None
    comment.hidden_reason = reason.strip()[:500]
    comment.save(update_fields=["hidden_at", "hidden_reason"])
    journal.append(
        comment,
        "hide" if reason else "show",
        actor=actor.key,
        behalf=actor.behalf,
        facts={"reason": comment.hidden_reason},
    )

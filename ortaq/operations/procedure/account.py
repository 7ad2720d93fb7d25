"""What an administrator may do with the way into an account; never with what its owner may do or sees.

Each act has a reason out of five, stands in the person's chain of the journal and is told to the person by letter at once, so
that nobody is locked out or let in behind their back. Roles are not given here: that is for heads of organisations.
"""

from __future__ import annotations

from allauth.mfa.models import Authenticator
from axes.models import AccessAttempt
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import models, transaction
from django.db.models import F
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from ortaq.core import journal, letters
from ortaq.core.procedure import locked
from ortaq.people import policy
from ortaq.people.actor import Actor
from ortaq.people.models import User

WAYS_IN = "installation:ways_in"


class Reason(models.TextChoices):
    """Why: words of ours, so that nothing of anybody gets into the journal."""

    ASKED = "asked", _("the person asked for it")
    LOST = "lost", _("a telephone, key or computer was lost")
    SUSPECTED = "suspected", _("somebody else may know the password")
    LEFT = "left", _("the person no longer works with the system")
    MISTAKE = "mistake", _("an earlier act was a mistake")


class Act(models.TextChoices):
    """What can be done."""

    LOCK = "lock", pgettext_lazy("account", "Lock the account")
    UNLOCK = "unlock", pgettext_lazy("account", "Unlock the account")
    RESET = "reset", _("Remove the second factor")
    END = "end", _("End all sessions")


def take(act: str, person: User, reason: str, *, actor: Actor) -> None:
    """One act with an account. `ValidationError` with a sentence when there is nothing to do, or it is one's own account."""
    if not policy.is_staff(actor):
        raise PermissionDenied
    if actor.user is not None and actor.user.pk == person.pk:
        raise ValidationError(
            _(
                "This is your own account. Another administrator has to do this, so that two people know of it."
            )
        )
    act, reason = Act(act), Reason(reason)
    with transaction.atomic():
        row = locked(User, person.pk)
        {Act.LOCK: _lock, Act.UNLOCK: _unlock, Act.RESET: _reset, Act.END: _end}[act](row)
        entry = journal.append(
            row, f"account_{act}", actor=actor.key, facts={"reason": str(reason)}
        )
        letters.prepare(
            entry,
            f"account_{act}",
            [row],
            f"operations/letters/account_{act}.txt",
            {"reason": reason.label},
            release=True,
        )


def _lock(row: User) -> None:
    if not row.is_active:
        raise ValidationError(_("This account is locked already."))
    row.is_active = False
    row.save(update_fields=["is_active"])
    _end(row)


def _unlock(row: User) -> None:
    if row.is_active:
        raise ValidationError(_("This account is not locked."))
    row.is_active = True
    row.save(update_fields=["is_active"])


def _reset(row: User) -> None:
    removed, _models = Authenticator.objects.filter(user=row).delete()
    if not removed:
        raise ValidationError(_("This account has no second factor."))
    _end(row)


def _end(row: User) -> None:
    User.objects.filter(pk=row.pk).update(session_round=F("session_round") + 1)


def open_way_in(attempt: AccessAttempt, *, actor: Actor) -> None:
    """Forget the wrong passwords that closed an account for one address; the owner of the account keeps theirs."""
    if not policy.is_staff(actor):
        raise PermissionDenied
    with transaction.atomic():
        AccessAttempt.objects.filter(
            username=attempt.username, ip_address=attempt.ip_address
        ).delete()
        journal.append(WAYS_IN, "way_in_opened", actor=actor.key, facts={"attempt": attempt.pk})

"""An account and what hangs on it are erased: at its owner's wish, or because the time of keeping is over.

What the law obliges to keep stays: applications, protocols, signatures, the journal. Whoever signed, decided or sat on a
commission keeps their name in the account, which signs nobody in any more; of everybody else the name goes too. Nothing that a hash, a receipt or
a chain stands on is touched, so `ortaq check` and `ortaq journal verify` find afterwards what they found before.

Copies in backups age out with them: nothing is taken out of a backup.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from axes.models import AccessAttempt, AccessFailureLog, AccessLog
from django.conf import settings
from django.contrib.sessions.models import Session
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from ortaq.api.models import Token
from ortaq.api.procedure import REVOKE, TOKEN
from ortaq.core import clock, journal, work
from ortaq.core.keys import key_of
from ortaq.core.models import Letter, Work
from ortaq.core.procedure import locked
from ortaq.people.actor import actor_for
from ortaq.people.models import Invitation, Membership, User, new_token
from ortaq.people.policy import MANAGERS
from ortaq.people.procedure import end_membership
from ortaq.people.queries import proven_addresses
from ortaq.planning.models import Comment
from ortaq.projects.procedure import forgetting as participants
from ortaq.projects.queries.participant import over_due
from ortaq.review.models import Panel, Seat
from ortaq.subscriptions.models import Asked, OrganisationCalendar, Reader
from ortaq.subscriptions.procedure.subscription import digest_of, end
from ortaq.tenders.models import Opener, OpeningKey, Tender

# Rows that bind nobody: they go, or name nobody in any paper.
FREE = frozenset({"people.Membership", "api.Token", "tenders.OpeningKey", "planning.Card"})
GONE = "example.invalid"  # a name that no mail reaches (RFC 2606)
# Days. Letters and addresses of guests: `ORTAQ_LETTER_DAYS`.
INVITATIONS, UNPROVEN = 90, 30


@dataclass(frozen=True, slots=True)
class Forgotten:
    """What an erasure did: how many rows were erased or emptied, and for what the name stays."""

    erased: int
    keeps_name: tuple[str, ...]


def in_the_way(person: User) -> list[str]:
    """Why an account cannot be erased today, in the reader's language; each with what to do."""
    found = []
    if (
        Seat.objects.filter(person=person, until=None)
        .exclude(panel__state__in=(Panel.State.CLOSED, Panel.State.ENDED))
        .exists()
    ):
        found.append(
            _(
                "You sit on a commission or council in office. Ask its organiser to end your appointment first."
            )
        )
    if Opener.objects.filter(person=person, tender__state=Tender.State.ANNOUNCED).exists():
        found.append(
            _("You are named to open the bids of a tender. Open them first, or they may be lost.")
        )
    current = Membership.objects.current().filter(role__in=MANAGERS)
    others = current.exclude(user=person).values("organisation")
    found += [
        _("%(name)s has no other head or deputy: invite one first.")
        % {"name": one.organisation.name}
        for one in current.filter(user=person)
        .exclude(organisation__in=others)
        .select_related("organisation")
    ]
    return found


def names_kept_for(person: User) -> tuple[str, ...]:
    """The kinds of records that the law obliges to keep and that name this person (labels of models)."""
    return tuple(dict.fromkeys(label for label, rows in _bound(person) if rows.exists()))


def _bound(person: User) -> Iterator[tuple[str, models.QuerySet[Any]]]:
    """Rows that point at a person and may not lose them: the database itself protects these."""
    for relation in User._meta.get_fields(include_hidden=True):
        if not isinstance(relation, models.ManyToOneRel):
            continue
        model: Any = relation.related_model
        protected = relation.on_delete is models.PROTECT or model._meta.label == "signing.Signature"
        if protected and model._meta.label not in FREE:
            yield model._meta.label, model._default_manager.filter(**{relation.field.name: person})


@transaction.atomic
def forget(person: User, *, actor: Any) -> Forgotten:
    """Erase an account and what hangs on it. `ValidationError` with all that is in the way; then nothing is changed."""
    if reasons := in_the_way(person):
        raise ValidationError(reasons)
    row = locked(User, person.pk)
    own = actor_for(row)
    addresses = proven_addresses(row) | {row.email}
    bound = names_kept_for(row)
    for membership in Membership.objects.current().filter(user=row).select_related("organisation"):
        end_membership(membership, actor=own)
    for token in Token.objects.filter(made_by=row, state=Token.State.ACTIVE):
        TOKEN.take(REVOKE, token, actor=own)
    erased = _forget_addresses(addresses) + _letters(Letter.objects.filter(recipient=row))
    erased += _voices(Comment.objects.filter(author=row))
    for rows in (
        EmailAddress.objects.filter(user=row),
        Authenticator.objects.filter(user=row),
        OrganisationCalendar.objects.filter(user=row),
        OpeningKey.objects.filter(person=row).exclude(pk__in=Opener.objects.values("key")),
    ):
        erased += rows.delete()[0]
    for one in Work.objects.filter(asked_by=row):
        work.ask_to_cancel(one)
    # Its files go with the next `ortaq tidy`.
    erased += Work.objects.filter(asked_by=row).update(kept_until=clock.now())
    erased += _sessions(row)
    _blank(row, keep_name=bool(bound))
    facts = {"rows": erased, "name_kept": bool(bound)}
    journal.append(row, "forgotten", actor=actor.key, behalf=actor.behalf, facts=facts)
    return Forgotten(erased, bound)


def _blank(row: User, *, keep_name: bool) -> None:
    """The account names nobody and signs nobody in; its number stays, since the journal speaks of it."""
    row.email = f"{row.pk}@{GONE}"
    row.iin, row.iin_confirmed_at, row.phone = None, None, ""
    if not keep_name:
        row.surname, row.given_name, row.patronymic = f"№ {row.pk}", "", ""
    row.is_active = row.is_staff = row.is_superuser = False
    row.calendar_token, row.last_login = new_token(), None
    row.set_unusable_password()
    row.save()


@transaction.atomic
def forget_guest(address: str, *, actor: Any) -> int:
    """Erase what is kept of an address without an account: subscriptions, letters, invitations, the sender of comments. How many rows."""
    comments = Comment.objects.filter(email=address, author=None)
    erased = _voices(comments) + _forget_addresses({address})
    letters = Letter.objects.filter(recipient=None, address=address)
    erased += _letters(letters)
    journal.append(
        "installation:personal",
        "guest_forgotten",
        actor=actor.key,
        behalf=actor.behalf,
        facts={"rows": erased},
    )
    return erased


def _forget_addresses(addresses: Iterable[str]) -> int:
    """What is known by an address alone."""
    wanted, erased = list(addresses), 0
    for reader in Reader.objects.filter(address__in=wanted):
        end(reader)
        erased += 1
    marks = [digest_of(address) for address in wanted]
    # Who wants no letters at all is remembered by that mark.
    erased += Asked.objects.filter(digest__in=marks, refused=False).delete()[0]
    erased += Invitation.objects.filter(email__in=wanted).delete()[0]
    for model in (AccessAttempt, AccessFailureLog, AccessLog):
        erased += model.objects.filter(username__in=wanted).delete()[0]
    return erased


def _letters(rows: models.QuerySet[Letter]) -> int:
    """That there was a letter stays, and when; what waits is not sent any more."""
    rows.filter(
        state__in=(Letter.State.PREPARED, Letter.State.RELEASED, Letter.State.FAILED)
    ).delete()
    number = 0
    for one in rows.exclude(body="", address=""):
        one.address, one.title, one.body, one.error, one.unsubscribe = (
            f"{one.pk}@{GONE}",
            "",
            "",
            "",
            "",
        )
        one.save(update_fields=["address", "title", "body", "error", "unsubscribe"])
        number += 1
    return number


def _voices(rows: models.QuerySet[Comment]) -> int:
    """A comment that was published stays with its number and answer; who wrote it is not shown any more."""
    waiting = rows.filter(state=Comment.State.UNCONFIRMED).delete()[0]
    return waiting + rows.update(author_name="—", email="")


def _sessions(person: User) -> int:
    """End every session of a person, also those on other devices."""
    number = 0
    for session in Session.objects.filter(expire_date__gte=clock.now()).iterator():
        if session.get_decoded().get("_auth_user_id") == str(person.pk):
            session.delete()
            number += 1
    return number


# --- By term ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Due:
    """What has served its time today, and how to erase it."""

    what: str
    rows: models.QuerySet[Any]


def due() -> list[Due]:
    """What is to be erased today. Attempts to sign in and sessions are `ortaq tidy`'s."""
    now = clock.now()
    days = timedelta(days=settings.ORTAQ_LETTER_DAYS)
    answered = Q(decided_at__lt=now - days) | Q(
        state=Comment.State.LATE, received_at__lt=now - days
    )
    sent = (Letter.State.SENT, Letter.State.GIVEN_UP)
    unproven = (
        User.objects.filter(last_login=None, joined_at__lt=now - timedelta(days=UNPROVEN))
        .filter(memberships=None, is_staff=False)
        .exclude(emailaddress__verified=True)
    )
    return [
        Due(
            "letters",
            Letter.objects.filter(state__in=sent, created_at__lt=now - days).exclude(body=""),
        ),
        Due("addresses of comments", Comment.objects.filter(answered).exclude(email="")),
        Due(
            "invitations",
            Invitation.objects.filter(invited_at__lt=now - timedelta(days=INVITATIONS)),
        ),
        Due(
            "opening keys never confirmed",
            OpeningKey.objects.filter(confirmed_at=None, made_at__lt=now - timedelta(days=1)),
        ),
        Due("accounts never proven", unproven.exclude(email__endswith=f"@{GONE}")),
    ]


def erase_due() -> dict[str, int]:
    """Erase what has served its time, each kind in a transaction of its own; how many rows of each."""
    done = {}
    for one in due():
        with transaction.atomic():
            done[one.what] = _erase(one)
    for project in over_due():
        done["participants"] = done.get("participants", 0) + participants.forget_all(project)
    if any(done.values()):
        with transaction.atomic():
            facts = {name.replace(" ", "_"): number for name, number in done.items() if number}
            journal.append("installation:personal", "erased_by_term", facts=facts)
    return done


def _erase(one: Due) -> int:
    if one.what == "letters":
        return one.rows.update(body="")
    if one.what == "addresses of comments":
        return one.rows.update(email="")
    number = 0
    for row in one.rows:
        if isinstance(row, User) and (names_kept_for(row) or key_of(row) in _acted(row)):
            continue
        row.delete()
        number += 1
    return number


def _acted(person: User) -> set[str]:
    """The key of a person of whom the journal tells: their number is not given away again."""
    from ortaq.core.models import JournalEntry

    key = key_of(person)
    return {key} if JournalEntry.objects.filter(Q(actor=key) | Q(subject=key)).exists() else set()

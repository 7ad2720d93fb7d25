"""Accounts as an administrator finds them: by the whole e-mail address or the number in a log, not by leafing through people."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from axes.models import AccessAttempt
from django.conf import settings
from django.db.models import QuerySet

from ortaq.core import clock
from ortaq.core.keys import key_of
from ortaq.core.models import JournalEntry
from ortaq.people.models import User


@dataclass(frozen=True, slots=True)
class Account:
    """One account: the way into it, and what administrators have done with it."""

    person: User
    confirmed: bool
    factors: list[str]
    acts: list[JournalEntry]
    by: dict[str, User]  # who did them, by key


def find(asked: str) -> User | None:
    """The account of a whole e-mail address or of a number."""
    asked = asked.strip()
    if asked.isdecimal() and len(asked) < 18:
        return User.objects.filter(pk=int(asked)).first()
    if "@" not in asked or "\x00" in asked:  # PostgreSQL knows no such character
        return None
    return User.objects.filter(email=asked.lower()).first()


def account(pk: int) -> Account | None:
    """Five queries."""
    person = User.objects.filter(pk=pk).first()
    if person is None:
        return None
    chain = JournalEntry.objects.filter(subject=key_of(person), step__startswith="account_")
    acts = list(chain.order_by("-number")[:50])
    numbers = {one.actor.removeprefix("person:") for one in acts if one.actor}
    return Account(
        person,
        EmailAddress.objects.filter(user=person, email=person.email, verified=True).exists(),
        sorted(Authenticator.objects.filter(user=person).values_list("type", flat=True)),
        acts,
        {key_of(one): one for one in User.objects.filter(pk__in=numbers)},
    )


def locked() -> QuerySet[User]:
    return User.objects.filter(is_active=False)


def closed_ways() -> QuerySet[Any]:
    """Accounts that are closed for one address by wrong passwords, at this moment."""
    since = clock.now() - timedelta(hours=settings.AXES_COOLOFF_TIME)
    found: QuerySet[Any] = AccessAttempt.objects.filter(
        failures_since_start__gte=settings.AXES_FAILURE_LIMIT, attempt_time__gte=since
    )
    return found

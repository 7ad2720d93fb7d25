"""Subscriptions: asked for, confirmed by a letter's link, changed, ended. No legal procedure: nothing is journalled.

What a passer-by is told never depends on whether the address is known: `subscribe` says nothing but whether it was the
signed-in person's own, proven address.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, time, timedelta

from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.db import transaction
from django.urls import reverse
from django.utils.crypto import salted_hmac

from ortaq.core import clock, keyfolder, letters
from ortaq.core.keys import key_of
from ortaq.core.models import Letter
from ortaq.core.procedure import locked
from ortaq.gazette.queries import watermark
from ortaq.people.actor import Actor
from ortaq.people.queries import proven_addresses
from ortaq.subscriptions.filters import Filters
from ortaq.subscriptions.models import Asked, Reader, Subscription

Frequency = Subscription.Frequency
# So many letters an address gets that nobody answers, at most one a day.
LETTERS = 3
# So long an unconfirmed subscription waits.
WAITS = timedelta(days=7)
# So many subscriptions an address has, and so many wait for its word: strangers cannot bury it.
MOST, MOST_WAIT = 20, 5
# When letters of a day or a week are written.
MORNING = time(8)
SALT = "ortaq.subscriptions"


class TooMany(Exception):
    """The address has as many subscriptions as it may."""


def digest_of(address: str) -> str:
    """The keyed hash under which it is remembered how often an address was asked."""
    text = address.strip().lower()
    return salted_hmac(SALT, text, secret=keyfolder.marks(), algorithm="sha256").hexdigest()


def subscribe(
    address: str,
    filters: Filters,
    frequency: str,
    language: str,
    *,
    actor: Actor | None = None,
) -> Reader | None:
    """Keep a subscription; the reader when it is the actor's own proven address, and then it holds at once.

    For every other address a letter with a link asks to confirm it, unless one went out today, three went unanswered, or
    the address wants none; the answer is always None, and nothing is kept of an address that gets no letter any more.
    Raises `TooMany` for one's own address only.
    """
    now, address = clock.now(), address.strip().lower()
    own = actor is not None and address in proven_addresses(actor.user)
    with transaction.atomic():
        Asked.objects.get_or_create(digest=digest_of(address))
        asked = locked(Asked, digest_of(address))
        if own:
            asked.refused = False
        elif asked.refused or asked.letters >= LETTERS:
            return None
        reader, _made = Reader.objects.get_or_create(
            address=address, defaults={"language": language, "digest": asked.digest}
        )
        row = reader.subscriptions.filter(filters=filters.query).first()
        if row is None:
            if own and _confirmed(reader) >= MOST:
                raise TooMany
            if not own and reader.subscriptions.filter(confirmed_at=None).count() >= MOST_WAIT:
                return None
            row = Subscription(reader=reader, filters=filters.query)
        if own:
            row.frequency = frequency
            _begin(row, now)
        elif row.confirmed_at is None:
            row.frequency = frequency
            row.save()
            _ask(reader, asked, now)
        asked.save()
    return reader if own else None


def _confirmed(reader: Reader) -> int:
    return reader.subscriptions.exclude(confirmed_at=None).count()


def _begin(row: Subscription, now: datetime) -> None:
    """From now on letters tell of what is published."""
    if row.confirmed_at is None:
        row.confirmed_at, row.cursor = now, watermark()
    row.next_at = next_time(row.frequency, now)
    row.save()


def _ask(reader: Reader, asked: Asked, now: datetime) -> None:
    """A letter with the link, at most one a day."""
    today = clock.day_of(now)
    if asked.last_on == today:
        return
    letters.prepare(
        reader,
        f"confirm-{today.isoformat()}",
        [letters.Guest(reader.address, reader.language)],
        "subscriptions/letters/confirm.txt",
        {
            "manage": absolute(reverse("subscriptions:manage", args=[reader.token])),
            "never": absolute(never_address(reader.address)),
            "days": WAITS.days,
        },
        release=True,
    )
    asked.letters, asked.last_on = asked.letters + 1, today


def absolute(address: str) -> str:
    return f"{settings.SITE_URL}{address}"


def never_address(address: str) -> str:
    """Where the owner of an address says that they want no letters at all; it works when nothing else is left here."""
    return reverse(
        "subscriptions:never",
        args=[Signer(key=keyfolder.marks(), salt=SALT).sign(digest_of(address))],
    )


def confirm(reader: Reader, pks: Collection[int]) -> int:
    """Let these of the reader's subscriptions begin; how many began."""
    now = clock.now()
    with transaction.atomic():
        Asked.objects.filter(digest=digest_of(reader.address)).update(letters=0)
        room = max(MOST - _confirmed(reader), 0)
        rows = list(reader.subscriptions.filter(pk__in=pks, confirmed_at=None).order_by("pk"))
        for row in rows[:room]:
            _begin(row, now)
    return min(len(rows), room)


def change(row: Subscription, frequency: str) -> None:
    """How often letters come from now on."""
    row.frequency = frequency
    row.next_at = next_time(frequency, clock.now())
    row.save(update_fields=["frequency", "next_at"])


def speak(reader: Reader, language: str) -> None:
    """The language of letters from now on."""
    reader.language = language
    reader.save(update_fields=["language"])


def end(reader: Reader, pks: Collection[int] | None = None) -> None:
    """End these of the reader's subscriptions (None: all); with the last one nothing is kept of the reader."""
    with transaction.atomic():
        rows = reader.subscriptions.all()
        _remove(list(rows if pks is None else rows.filter(pk__in=pks)))
        if not reader.subscriptions.exists():
            _forget([reader])


def never(signed: str) -> bool:
    """No letters to this address any more, whoever asks; False for a link that is not ours."""
    try:
        digest = Signer(key=keyfolder.marks(), salt=SALT).unsign(signed)
    except BadSignature:
        return False
    with transaction.atomic():
        Asked.objects.update_or_create(digest=digest, defaults={"refused": True})
        for reader in Reader.objects.filter(digest=digest):
            end(reader)
    return True


def _remove(rows: Collection[Subscription]) -> None:
    _forget_letters([key_of(row) for row in rows])
    Subscription.objects.filter(pk__in=[row.pk for row in rows]).delete()


def _forget(readers: Collection[Reader]) -> None:
    _forget_letters([key_of(reader) for reader in readers])
    Reader.objects.filter(pk__in=[reader.pk for reader in readers]).delete()


def _forget_letters(subjects: Collection[str]) -> None:
    """The outbox keeps addresses too."""
    Letter.objects.filter(subject__in=subjects, recipient=None).delete()


def next_time(frequency: str, now: datetime) -> datetime:
    """When the next letter of a subscription may be written: at once, tomorrow morning, on Monday morning."""
    if frequency == Frequency.AT_ONCE:
        return now
    day = clock.day_of(now) + timedelta(days=1)
    if frequency == Frequency.WEEKLY:
        day += timedelta(days=-day.weekday() % 7)
    return clock.at(day, MORNING.hour)


def tidy(now: datetime) -> int:
    """Delete what nobody confirmed in time, readers without subscriptions and what is old in the outbox; how many
    subscriptions.
    """
    with transaction.atomic():
        old = list(Subscription.objects.filter(confirmed_at=None, created_at__lt=now - WAITS))
        _remove(old)
        _forget(list(Reader.objects.filter(subscriptions=None, created_at__lt=now - WAITS)))
        Letter.objects.filter(
            subject__startswith="subscriptions.", recipient=None, sent_at__lt=now - KEPT
        ).delete()
        last = clock.day_of(now - REMEMBERED)
        Asked.objects.filter(refused=False, last_on__lt=last).delete()
    return len(old)


# How long a letter that was sent stays in the outbox, and how long it is remembered that an address was asked.
KEPT = timedelta(days=30)
REMEMBERED = timedelta(days=365)

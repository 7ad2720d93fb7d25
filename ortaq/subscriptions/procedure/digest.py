"""The letters of subscriptions: each publication is told of once in each, in the order in which it became public.

A letter and the place up to which it tells are written in one transaction, and the gazette gives its numbers in the order
of commits: nothing is told twice, and nothing is left out.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.urls import reverse
from django.utils import translation

from ortaq.core import clock, letters
from ortaq.core.procedure import locked
from ortaq.gazette.models import Publication
from ortaq.gazette.queries import published, watermark
from ortaq.subscriptions.filters import Filters
from ortaq.subscriptions.models import Subscription

from .subscription import absolute, never_address, next_time

Frequency = Subscription.Frequency
# So many are named in a letter; the page of what is followed has them all.
NAMED = 50
# Subscriptions of one run, and of one look.
MOST, CHUNK = 20_000, 500


@dataclass(frozen=True, slots=True)
class News:
    """What a letter tells: the first publications, and how many there are."""

    rows: Sequence[Publication]
    count: int

    @property
    def more(self) -> int:
        return self.count - len(self.rows)


def send(limit: int = MOST) -> tuple[int, int]:
    """Write the letters that are due; how many letters, of how many subscriptions that were looked at."""
    now, mark = clock.now(), watermark()
    written = looked = 0
    # Many follow the same: what is new for them is looked up once.
    known: dict[tuple[str, int], News] = {}
    last = 0
    while looked < limit:
        due = Subscription.objects.filter(
            confirmed_at__isnull=False, next_at__lte=now, cursor__lt=mark, pk__gt=last
        )
        pks = list(due.order_by("pk").values_list("pk", flat=True)[:CHUNK])
        if not pks:
            break
        for pk in pks:
            written += _write(pk, mark, now, known)
        looked, last = looked + len(pks), pks[-1]
    _wait(mark, now)
    return written, looked


def _write(pk: int, mark: int, now: datetime, known: dict[tuple[str, int], News]) -> int:
    with transaction.atomic():
        try:
            row = locked(Subscription, pk)
        except Subscription.DoesNotExist:  # ended this moment
            return 0
        if row.cursor >= mark or row.next_at is None or row.next_at > now:
            return 0  # another run was here
        name = (row.filters, row.cursor)
        if name not in known:
            known[name] = news_of(row, mark)
        news = known[name]
        if news.rows:
            _letter(row, news, mark)
        row.cursor, row.next_at = mark, next_time(row.frequency, now)
        row.save(update_fields=["cursor", "next_at"])
    return bool(news.rows)


def news_of(row: Subscription, mark: int) -> News:
    """What a subscription has not been told of yet, up to the number `mark`; two queries at most."""
    rows = Filters.parse(row.filters).narrow(published())
    rows = rows.filter(sequence__gt=row.cursor, sequence__lte=mark).order_by("sequence")
    found = list(rows[: NAMED + 1])
    count = rows.count() if len(found) > NAMED else len(found)
    return News(found[:NAMED], count)


def _letter(row: Subscription, news: News, mark: int) -> None:
    reader = row.reader
    with translation.override(reader.language):
        title = Filters.parse(row.filters).title()
    letters.prepare(
        row,
        f"digest-{mark}",
        [letters.Guest(reader.address, reader.language)],
        "subscriptions/letters/digest.txt",
        {
            "news": news,
            "now": clock.now(),
            "title": title,
            "manage": absolute(reverse("subscriptions:manage", args=[reader.token])),
            "end": absolute(reverse("subscriptions:end", args=[reader.token, row.pk])),
            "never": absolute(never_address(reader.address)),
        },
        release=True,
        unsubscribe=absolute(reverse("subscriptions:end", args=[reader.token, row.pk])),
    )


def _wait(mark: int, now: datetime) -> None:
    """Whoever gets a letter a day and had no news waits for the next morning, not for the next news."""
    for frequency in (Frequency.DAILY, Frequency.WEEKLY):
        due = Subscription.objects.filter(
            confirmed_at__isnull=False, next_at__lte=now, cursor__gte=mark, frequency=frequency
        )
        due.update(next_at=next_time(frequency, now))

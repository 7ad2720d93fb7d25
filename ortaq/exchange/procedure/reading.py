"""One reading of the procurement system: page by page, each in a transaction of its own with the place to go on from.

What a reading has taken is kept, whatever stops it; the next one goes on there. A row that came before and comes again unchanged
writes nothing but, of unfair suppliers, that it is still listed.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from ortaq.core import clock, journal
from ortaq.core.procedure import locked
from ortaq.exchange.goszakup import Client, Page, Row, Trouble
from ortaq.exchange.models import Cursor, Received
from ortaq.exchange.models.received import Kind

from . import listing

# A reading is a minute's work of a timer: what is left over comes with the next.
MOST_PAGES = 100
TOLD = tuple(field.name for field in dataclasses.fields(Row) if field.name != "external")


@dataclass(slots=True)
class Outcome:
    """What a reading of one kind brought; `error` as in `Cursor`."""

    kind: str
    new: int = 0
    changed: int = 0
    same: int = 0
    left_out: int = 0
    raised: int = 0
    gone: int = 0
    done: bool = False
    error: str = ""

    @property
    def counts(self) -> dict[str, int]:
        found = dataclasses.asdict(self)
        return {name: found[name] for name in ("new", "changed", "raised", "gone") if found[name]}


def read(client: Client, *, again: bool = False, pages: int = MOST_PAGES) -> list[Outcome]:
    """Read what is new of each kind; with `again` from the beginning, so that changed rows are met too.

    A kind that cannot be read says why and does not keep the others from being read.
    """
    return [_read(client, kind, again=again, pages=pages) for kind in Kind.values]


def _read(client: Client, kind: str, *, again: bool, pages: int) -> Outcome:
    cursor, _made = Cursor.objects.get_or_create(kind=kind)
    if again:
        Cursor.objects.filter(pk=cursor.pk).update(after=0, began_at=None)
        cursor.refresh_from_db()
    found, why = Outcome(kind), ""
    try:
        for _page in range(pages):
            page = client.page(kind, cursor.after)
            cursor = _take(cursor, page, found)
            if not page.more:
                found.done = True
                break
    except Trouble as trouble:
        found.error, why = trouble.code, trouble.why
    now = clock.now()
    with transaction.atomic():
        row = locked(Cursor, cursor.pk)
        row.tried_at, row.error, row.why = now, found.error, why
        if found.done:
            row.done_at = now
        row.save(update_fields=["tried_at", "error", "why", "done_at"])
        if found.counts:
            journal.append(row, "read", facts=found.counts, at=now)
    return found


def _take(cursor: Cursor, page: Page, found: Outcome) -> Cursor:
    """Keep a page and the place that follows it; `Trouble` when another reading was here meanwhile."""
    with transaction.atomic():
        row = locked(Cursor, cursor.pk)
        if row.after != cursor.after or row.began_at != cursor.began_at:
            raise Trouble("overtaken")
        now = clock.now()
        listed = row.kind == Kind.UNFAIR
        if row.began_at is None:
            row.began_at, row.came = now, 0
        kept = _keep(row.kind, page.rows, found, now)
        row.came += len(page.rows) + page.left_out
        row.after = max(row.after, page.after)
        found.left_out += page.left_out
        if listed:
            found.raised += listing.raise_for(kept, now)
        if not page.more:
            if listed:
                found.gone += _end_of_list(row, now)
                row.after = 0
            row.began_at = None
        row.save(update_fields=["after", "began_at", "came"])
    return row


def _keep(kind: str, rows: Sequence[Row], found: Outcome, now: datetime) -> list[Received]:
    """Write the rows that are new or differ; all of them as they are kept now."""
    told = {row.external: row for row in rows}
    known = {
        one.external: one for one in Received.objects.filter(kind=kind, external__in=told.keys())
    }
    new, changed, same = [], [], []
    for external, row in told.items():
        values = {name: getattr(row, name) for name in TOLD}
        one = known.get(external)
        if one is None:
            instants = {"first_at": now, "changed_at": now, "seen_at": now}
            new.append(Received(kind=kind, external=external, **values, **instants))
            continue
        one.seen_at = now
        if one.raw_sha256 == row.raw_sha256 and one.gone_at is None:
            same.append(one)
            continue
        for name, value in values.items():
            setattr(one, name, value)
        one.changed_at, one.gone_at = now, None
        changed.append(one)
    Received.objects.bulk_create(new)
    Received.objects.bulk_update(changed, [*TOLD, "changed_at", "seen_at", "gone_at"])
    Received.objects.filter(pk__in=[one.pk for one in same]).update(seen_at=now)
    found.new += len(new)
    found.changed += len(changed)
    found.same += len(same)
    return [*new, *changed, *same]


def _end_of_list(cursor: Cursor, now: datetime) -> int:
    """Who was not in the list that has just been read to its end is no longer listed; how many findings end by it.

    A list without a single row is no news that everybody has left it.
    """
    if not cursor.came:
        return 0
    rows = Received.objects.filter(
        kind=Kind.UNFAIR, gone_at=None, seen_at__lt=cursor.began_at or now
    )
    gone = list(rows.only("pk"))
    Received.objects.filter(pk__in=[row.pk for row in gone]).update(gone_at=now)
    return listing.end_of(gone, now)

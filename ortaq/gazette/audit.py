"""What `ortaq check` asks of the gazette: it says what the rooms say, all of it, and nothing that is hidden."""

from __future__ import annotations

from collections.abc import Collection

from ortaq.core.audit import TELL, Fault, Faults

from .keeping import catch_up, chunks, told
from .models import Pending, Publication
from .sources import every
from .telling import Source

ANEW = "`ortaq gazette --all` writes it anew; if it comes back, tell the authors of the program."
QUICK = 2  # pieces of each kind


def faults(*, quick: bool = False) -> Faults:
    """Publications that differ from what their rooms say is public now.

    What was touched and is not written anew yet is brought up first, as the next minute would.
    """
    catch_up()
    for source in every():
        for number, keys in enumerate(chunks(source)):
            if quick and number == QUICK:
                break
            yield from _compare(source, keys)
    stuck = Pending.objects.count()
    if stuck:
        yield Fault("gazette", f"{stuck} subjects cannot be told; the log says why", TELL)


def _compare(source: Source, keys: Collection[int]) -> Faults:
    drafts = {source.key(draft.pk): draft for draft in source.drafts(keys)}
    rows = Publication.objects.filter(key__in=[source.key(pk) for pk in keys])
    known = {row.key: row for row in rows}
    for key in sorted(drafts.keys() | known.keys()):
        draft, row = drafts.get(key), known.get(key)
        if draft is None:
            if row is not None and not row.withdrawn:
                yield Fault(key, "it is published and not public", ANEW)
        elif row is None or row.withdrawn:
            yield Fault(key, "it is public and not published", ANEW)
        elif row.digest != told(source, draft, row).digest:
            yield Fault(key, "what is published differs from what is public", ANEW)

"""A fault, how it is told, and how rows are read so that memory stays flat."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, TypeVar

from django.db import models

from ortaq.core import clock
from ortaq.core.canonical import sha256
from ortaq.core.keys import key_of

Row = TypeVar("Row", bound=models.Model)
PIECE = 500
# So many of the newest rows of each kind `--quick` looks at.
SAMPLE = 300

RESTORE = (
    "Somebody or something wrote past the program. Keep the database as it is, compare with the last backup, and "
    "restore the row from there."
)
FILES = "Bring the file back from a backup (`ortaq restore`); its name in the store is its SHA-256."
TELL = "Tell the authors of the program: a step left this behind."


@dataclass(frozen=True, slots=True)
class Fault:
    """One broken invariant: the subject's key, what is wrong, what to do. A `remark` is worth knowing and breaks nothing."""

    subject: str
    what: str
    do: str = RESTORE
    remark: bool = False

    def __str__(self) -> str:
        return f"{self.subject}: {self.what}. {self.do}"


Faults = Iterator[Fault]


MOVED = (
    "Somebody moved it past the program: the journal has the announced instant, and its checkpoints are public. Put that instant "
    "back, and find out who had the database in hand."
)


def pieces(rows: models.QuerySet[Row], *, quick: bool = False) -> Iterator[list[Row]]:
    """The rows by primary key in lists of `PIECE`, each a query of its own; with `quick` the newest `SAMPLE` only."""
    if quick:
        newest = list(rows.order_by("-pk")[:SAMPLE])
        if newest:
            yield newest
        return
    last: Any = None
    while True:
        some = list((rows if last is None else rows.filter(pk__gt=last)).order_by("pk")[:PIECE])
        if not some:
            return
        yield some
        last = some[-1].pk


def frozen(
    rows: models.QuerySet[Any],
    *,
    content: str = "content",
    digest: str = "sha256",
    quick: bool = False,
    what: str = "its frozen content is not what its hash says",
) -> Faults:
    """Rows whose JSON `content` no longer has the SHA-256 in `digest`; rows without a digest are not frozen yet."""
    for some in pieces(rows.exclude(**{digest: ""}).only("pk", content, digest), quick=quick):
        for row in some:
            if sha256(getattr(row, content)) != getattr(row, digest):
                yield Fault(key_of(row), what)


def day(at: datetime) -> date:
    """The day of an instant in Asia/Almaty."""
    return clock.day_of(at)

"""What must always hold of the rows of an installation, and how a breach of it is told (`ortaq check`).

Every room has an `audit.py` whose `faults(quick)` looks at its own nouns; `operations.checks` asks them all. Here is what they
share: a `Fault` says of which subject what is wrong and what to do; rows are read in pieces, so that memory stays flat; what every
procedure promises of its states, its journal and its duties is checked once for all of them.
"""

from __future__ import annotations

from .owing import loose_duties, owed
from .sending import letters, works
from .states import Machine, announced, chains, states, vanished
from .store import content_fault, orphans, stored
from .told import FILES, PIECE, RESTORE, SAMPLE, TELL, Fault, Faults, day, frozen, pieces

__all__ = [
    "FILES", "PIECE", "RESTORE", "SAMPLE", "TELL", "Fault", "Faults", "Machine", "announced", "chains", "content_fault", "day", "faults",
    "frozen", "letters", "loose_duties", "orphans", "owed", "pieces", "states", "stored", "vanished", "works",
]  # fmt: skip


def faults(*, quick: bool = False) -> Faults:
    """What this room looks after: the journal, stored files, letters, long work, duties without a subject."""
    yield from chains(quick=quick)
    yield from stored(quick=quick)
    yield from letters()
    yield from works()
    yield from loose_duties(quick=quick)
    yield from orphans(quick=quick)

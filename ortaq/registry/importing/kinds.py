"""Which tables of the state can be read in: each kind hangs itself here, the rooms above as well.

    kinds["past"] = Kind(_("contracts of past years"), layout, plan_of, take)

What is common to all stands once, in `procedure.table_import`: shown before it is taken, taken as it was shown or not at
all, the same table twice changes nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from .progress import Progress
from .tables import Layout, Rows, Shown, digest_of


class Change(Shown, Protocol):
    """One change that a table would make: `kind` is "new" or "changed"; "conflict" where it overrules somebody's word."""

    @property
    def kind(self) -> str: ...


@dataclass
class Plan:
    """All that a table would change, and what was told of it; `total` is how many things it speaks of."""

    rows: Rows
    changes: list[Any] = field(default_factory=list)
    total: int = 0

    @property
    def counts(self) -> dict[str, int]:
        """How many of each kind: "conflicts" are changes too, of "unchanged" nothing becomes."""
        kinds = [one.kind for one in self.changes]
        return {
            "new": kinds.count("new"),
            "changed": len(kinds) - kinds.count("new"),
            "conflicts": kinds.count("conflict"),
            "unchanged": self.total - len(kinds),
        }

    @property
    def digest(self) -> str:
        """SHA-256 of all that would change."""
        return digest_of(self.changes)


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of table: `title` says what it holds, `layout` how it is headed.

    `plan_of(rows, lock=False, progress=silent)` says what would change now; `take(imported, changes, attempt, progress)`
    changes it, in the step's transaction; both tell how far they are. `names` are the words for what changes, and `said(name, value)` a value as the reader reads it
    ("" for one that has no words of its own). `more_heads` stand in the empty table beside the layout's.
    """

    title: Any
    layout: Layout
    plan_of: Callable[..., Plan]
    take: Callable[[Any, Sequence[Any], Any, Progress], None]
    names: Mapping[str, Any] = field(default_factory=dict)
    said: Callable[[str, Any], str] = lambda _name, _value: ""
    more_heads: Callable[[], Sequence[str]] = tuple


kinds: dict[str, Kind] = {}


def choices() -> list[tuple[str, Any]]:
    """Name and title of each kind, for a form."""
    return [(name, kind.title) for name, kind in kinds.items()]

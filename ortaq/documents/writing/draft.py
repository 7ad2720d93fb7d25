"""What is written of a form so far: one document with its own history.

The saves that pages opened earlier are merged with, and the texts that two people wrote in one place, are part of it, so
that whoever keeps the document keeps all of it: encrypted as one, or as one column.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

from ortaq.core.journal import instant

from . import paths
from .merge import Edit, Merged, RowStep, merge, take_step

# Saves that are kept to merge pages opened earlier; older ones make every difference a conflict.
KEPT = 100


@dataclass(frozen=True, slots=True)
class Change:
    """A save: the version it made, what stood there before, who saved and when."""

    version: int
    before: dict[str, Any]
    person_id: int
    at: str


@dataclass(slots=True)
class Conflict:
    """What a person typed where another had changed the same field meanwhile."""

    base_version: int
    data: dict[str, Any]
    at: str


@dataclass(slots=True)
class Draft:
    """`data` is nested as in `documents.writing.paths`; `conflicts` are open ones by person."""

    data: dict[str, Any] = field(default_factory=dict)
    version: int = 0
    changes: list[Change] = field(default_factory=list)
    conflicts: dict[int, Conflict] = field(default_factory=dict)

    @property
    def edited_at(self) -> datetime | None:
        return datetime.fromisoformat(self.changes[-1].at) if self.changes else None

    def since(self, version: int) -> list[Change]:
        """The saves after a version, in their order."""
        return [change for change in self.changes if change.version > version]

    def record(
        self, data: dict[str, Any], before: Mapping[str, Any], person: int, at: datetime
    ) -> None:
        """A save that has made `data`."""
        self.data, self.version = data, self.version + 1
        self.changes.append(Change(self.version, dict(before), person, instant(at)))
        del self.changes[:-KEPT]

    def write(
        self, edits: Sequence[Edit], *, person: int, at: datetime, step: RowStep | None = None
    ) -> Merged:
        """Merge edits into the draft; conflicts are kept for the person to settle.

        `edits` come from `documents.writing.reading`, which has left out what is over its limit. `step` is taken afterwards; a
        row that somebody else changed since is not removed.
        """
        oldest = min((edit.version for edit in edits), default=self.version)
        changes = self.since(min(oldest, step.version) if step else oldest)
        merged = merge(
            paths.flatten(self.data),
            changes,
            edits,
            person=person,
            known_from=self.version - KEPT,
        )
        if step is not None:
            take_step(step, merged, [one for one in changes if one.person_id != person])
        if merged.before:
            self.record(paths.nest(merged.flat), merged.before, person, at)
        if merged.conflicts:
            if person in self.conflicts:
                self.conflicts[person].data |= merged.conflicts
            else:
                typed = dict(merged.conflicts)
                self.conflicts[person] = Conflict(oldest, typed, instant(at))
        return merged

    def settle(self, mine: Sequence[str], *, person: int, at: datetime) -> bool:
        """End the person's conflict: of `mine` the typed values are taken, of all other paths what
        stands in the draft. Whether there was one.
        """
        conflict = self.conflicts.pop(person, None)
        if conflict is None:
            return False
        merged = Merged(paths.flatten(self.data))
        for path in mine:
            if path in conflict.data:
                merged.write(path, conflict.data[path])
        if merged.before:
            self.record(paths.nest(merged.flat), merged.before, person, at)
        return True

    def as_dict(self) -> dict[str, Any]:
        """The draft as JSON keeps it."""
        return {
            "data": self.data,
            "version": self.version,
            "changes": [asdict(one) for one in self.changes],
            "conflicts": {str(key): asdict(one) for key, one in self.conflicts.items()},
        }

    @staticmethod
    def parts_of(found: Mapping[str, Any]) -> tuple[Any, ...]:
        """What `as_dict` gave, as the arguments of a draft."""
        return (
            found["data"],
            found["version"],
            [Change(**one) for one in found["changes"]],
            {int(key): Conflict(**one) for key, one in found["conflicts"].items()},
        )

    @classmethod
    def of(cls, found: Mapping[str, Any] | None) -> Draft:
        """The draft as `as_dict` gave it; an empty one for nothing."""
        return cls(*cls.parts_of(found)) if found else cls()

"""What somebody typed against what others saved meanwhile.

A page says for every unit (a row, a field) which version of the part it showed. What stood
there then is found again from the changes made since, so each value is compared three ways:

    base     what the page showed
    mine     what came back from it
    theirs   what stands in the part now

Untouched by me: theirs stays. Untouched by others: mine is taken. Changed by both and not
alike: theirs stays in its place, mine is kept as a conflict for a person to settle.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from .paths import ORDER, Flat, is_empty, table_of, unit_of


class Change(Protocol):
    """A save: the version it made, what stood there before, who saved."""

    @property
    def version(self) -> int: ...
    @property
    def before(self) -> Mapping[str, Any]: ...
    @property
    def person_id(self) -> int: ...


@dataclass(frozen=True, slots=True)
class Edit:
    """What came back for one unit: the version that the page showed, and {path: value}."""

    unit: str
    version: int
    values: Mapping[str, Any]


@dataclass(slots=True)
class Merged:
    """`flat` is the part as it is now to be; `before` what each changed path held; `conflicts`
    what was typed against somebody else's change; `current` the units whose page shows exactly
    what now stands in the part; `kept` a row that was to go but stays; `others` whether somebody
    else has saved since the page showed what it edits.
    """

    flat: Flat
    before: dict[str, Any] = field(default_factory=dict)
    conflicts: dict[str, Any] = field(default_factory=dict)
    current: list[str] = field(default_factory=list)
    kept: str = ""
    others: bool = False

    def write(self, path: str, value: Any) -> None:
        """Put `value` there, remembering what stood there; a new row goes to the end."""
        self.before.setdefault(path, self.flat.get(path))
        if is_empty(value):
            self.flat.pop(path, None)
            return
        self.flat[path] = value
        if table := table_of(path):
            order = f"{table}/{ORDER}"
            row = unit_of(path).removeprefix(f"{table}/")
            if row not in self.flat.get(order, ()):
                self.before.setdefault(order, self.flat.get(order))
                self.flat[order] = [*self.flat.get(order, ()), row]

    def remove_row(self, unit: str) -> None:
        """Take a row out, with all that stands in it."""
        table = table_of(unit + "/")
        for path in [path for path in self.flat if unit_of(path) == unit]:
            self.before.setdefault(path, self.flat.pop(path))
        order = f"{table}/{ORDER}"
        row = unit.removeprefix(f"{table}/")
        self.reorder(order, [other for other in self.flat.get(order, ()) if other != row])

    def reorder(self, order: str, rows: list[str]) -> None:
        """Give the rows of a table another order."""
        self.before.setdefault(order, self.flat.get(order))
        self.flat[order] = rows


@dataclass(frozen=True, slots=True)
class RowStep:
    """What a button does with a row: "remove", "up" or "down". `version` is what the page showed."""

    what: str
    unit: str
    version: int = 0


def take_step(step: RowStep, merged: Merged, by_others: Sequence[Change]) -> None:
    """Take a step with a row; one that others changed since, and that stays although it was to
    go, is named in `merged.kept`.
    """
    if step.what == "remove":
        later = [one for one in by_others if one.version > step.version]
        if any(unit_of(path) == step.unit for one in later for path in one.before):
            merged.kept = step.unit
        else:
            merged.remove_row(step.unit)
        return
    table = table_of(step.unit + "/")
    order = f"{table}/{ORDER}"
    rows = list(merged.flat.get(order, ()))
    name = step.unit.removeprefix(f"{table}/")
    if name in rows:
        at = rows.index(name)
        to = at - 1 if step.what == "up" else at + 1
        rows.insert(max(0, min(len(rows) - 1, to)), rows.pop(at))
        merged.reorder(order, rows)


def merge(
    flat: Flat, changes: Sequence[Change], edits: Sequence[Edit], *, person: int, known_from: int
) -> Merged:
    """Merge `edits` of a person into the part.

    `changes` are the saves since the oldest version named by an edit, in order; what stood in
    versions before `known_from` is no longer known, so any difference to them is a conflict.
    A person's own earlier saves are no conflict: an answer that got lost on its way back to the
    page must not set them against themselves.
    """
    shown = max((edit.version for edit in edits), default=None)
    merged = Merged(dict(flat))
    merged.others = shown is not None and any(
        change.version > shown and change.person_id != person for change in changes
    )
    for edit in edits:
        for path, mine in edit.values.items():
            theirs = merged.flat.get(path)
            if _same(mine, theirs):
                continue
            later = [c for c in changes if c.version > edit.version and path in c.before]
            base = later[0].before[path] if later else theirs
            known = edit.version >= known_from
            if known and _same(mine, base):
                continue
            if known and all(change.person_id == person for change in later):
                merged.write(path, mine)
            else:
                merged.conflicts[path] = mine
        if all(_same(mine, merged.flat.get(path)) for path, mine in edit.values.items()):
            merged.current.append(edit.unit)
    merged.before = {p: b for p, b in merged.before.items() if not _same(b, merged.flat.get(p))}
    return merged


def _same(one: Any, other: Any) -> bool:
    return one == other or (is_empty(one) and is_empty(other))

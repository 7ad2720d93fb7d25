"""What pages hand to components that show more than one value."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from fractions import Fraction
from typing import Any

from .tones import Tone


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a data table. With `sort` its head is a link that sorts by that name."""

    text: Any
    sort: str = ""
    numeric: bool = False


@dataclass(frozen=True, slots=True)
class Event:
    """A point of a timeline: an instant, a day or (None) a time not known yet."""

    at: datetime | date | None
    title: Any
    text: Any = ""
    cite: Any = None
    state: str = ""
    """`done`, `now` or `ahead`; empty: judged by the clock."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of a journal: when, what, who (already allowed to be shown), the entry's hash."""

    at: datetime
    title: Any
    who: Any = ""
    text: Any = ""
    hash: str = ""


@dataclass(frozen=True, slots=True)
class Stage:
    """A step of a wizard: `todo`, `doing`, `done` or `problem`."""

    text: Any
    address: str = ""
    state: str = "todo"
    note: Any = ""


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar of a chart: `value` is compared with the other bars, `shown` is what is written."""

    label: Any
    value: int | Fraction
    shown: Any
    tone: Tone = Tone.INFO
    href: str = ""


@dataclass(frozen=True, slots=True)
class Curve:
    """A curve of a line chart: points (how far along, how high), each a part of the whole from 0 to 1."""

    label: Any
    points: Sequence[tuple[Fraction, Fraction]]


@dataclass(frozen=True, slots=True)
class Area:
    """A region of the tile map: `value` decides its shade, `short` (at most 8 signs) stands in the tile.

    A code that is no region of the map's day ("" for the whole country) stands in the table only.
    """

    code: str
    value: int | Fraction
    shown: Any
    short: Any = ""
    href: str = ""
    label: Any = ""
    """Instead of the region's own name."""


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of days, the last one included; one day is a point. `planned`: what the law or the plan says."""

    begins: date
    ends: date
    planned: bool = False


@dataclass(frozen=True, slots=True)
class YearRow:
    """A line of the year: its stretches and points, and their days in words (`shown`)."""

    label: Any
    spans: Sequence[Span]
    shown: Any
    href: str = ""
    tone: Tone = Tone.INFO


@dataclass(frozen=True, slots=True)
class Flow:
    """A step of the way of money. `value` None: a step without a sum; `shown` None: nothing known yet."""

    label: Any
    value: int | None
    shown: Any
    note: Any = ""
    href: str = ""


@dataclass(frozen=True, slots=True)
class Pair:
    """Plan against fact. `plan_shown` and `fact_shown` are what is written."""

    label: Any
    plan: int | Fraction
    fact: int | Fraction
    plan_shown: Any
    fact_shown: Any
    href: str = ""


@dataclass(frozen=True, slots=True)
class Stack:
    """A bar of several parts in the order of the picture's key, each with what is written for it."""

    label: Any
    values: Sequence[int | Fraction]
    shown: Sequence[Any]
    total: Any
    href: str = ""


@dataclass(frozen=True, slots=True)
class Spread:
    """How points lie between 0 and `maximum`: all of them, in any order."""

    label: Any
    points: Sequence[int | Fraction]
    maximum: int | Fraction
    href: str = ""


@dataclass(frozen=True, slots=True)
class ScoreRow:
    """One sheet: points in the order of the grid's columns (None: not given) and their total."""

    label: Any
    points: Sequence[int | Fraction | None]
    total: int | Fraction | None = None
    note: Any = ""


@dataclass(frozen=True, slots=True)
class ScoreGrid:
    """Points by criterion: `columns` are (heading, maximum), `totals` the last line."""

    columns: Sequence[tuple[Any, int]]
    rows: Sequence[ScoreRow]
    totals: ScoreRow | None = None
    caption: Any = ""


@dataclass(frozen=True, slots=True)
class Difference:
    """One field that two people changed: what I typed and what the other one saved."""

    label: Any
    mine: Any
    theirs: Any
    name: str = ""


@dataclass(frozen=True, slots=True)
class Conflict:
    """Two people on one draft: who saved when, and where the two texts differ."""

    who: Any
    at: datetime
    differences: Sequence[Difference] = field(default_factory=tuple)

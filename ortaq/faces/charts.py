"""Geometry of the inline pictures, in whole units of the viewBox, so that no style is needed."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from statistics import quantiles
from typing import Any

from ortaq.core import regions
from ortaq.core.regions import Region

from . import say
from .parts import Area, Bar, Curve, Flow, Pair, Span, Spread, Stack, YearRow

WIDTH, HEIGHT = 1000, 400
MOST_MONTHS = 120


@dataclass(frozen=True, slots=True)
class DrawnBar:
    bar: Bar
    length: int


def bar_chart(bars: Sequence[Bar]) -> list[DrawnBar]:
    """Each bar with its length out of `WIDTH`; what is not zero stays visible."""
    longest = max((bar.value for bar in bars), default=0)
    return [DrawnBar(bar, _length(bar.value, longest)) for bar in bars]


def _length(value: int | Fraction, longest: int | Fraction) -> int:
    if value <= 0 or longest <= 0:
        return 0
    return max(6, round(Fraction(value) * WIDTH / Fraction(longest)))


@dataclass(frozen=True, slots=True)
class DrawnCurve:
    curve: Curve
    points: str


def line_chart(curves: Sequence[Curve]) -> list[DrawnCurve]:
    """Each curve as the points of a polyline; what lies outside the picture is drawn on its edge."""
    return [
        DrawnCurve(
            one, " ".join(f"{_part(x, WIDTH)},{HEIGHT - _part(y, HEIGHT)}" for x, y in one.points)
        )
        for one in curves
    ]


def _part(share: Fraction, whole: int) -> int:
    return round(min(max(share, Fraction(0)), Fraction(1)) * whole)


# --- The tile map of regions -----------------------------------------------------------------------

TILE, LEVELS = 60, 4


@dataclass(frozen=True, slots=True)
class Tile:
    """A region in its place: corner in units of the viewBox, shade from 0 (nothing) to `LEVELS`."""

    area: Area
    region: Region
    x: int
    y: int
    level: int


@dataclass(frozen=True, slots=True)
class Shade:
    """What a shade stands for: its smallest and its greatest value, as written."""

    level: int
    least: Any
    most: Any


@dataclass(frozen=True, slots=True)
class TileMap:
    width: int
    height: int
    tiles: Sequence[Tile]
    key: Sequence[Shade]
    rows: Sequence[tuple[Area, Any]]
    """Every area with its name, the regions of the map first, for the table."""
    linked: bool


def tile_map(areas: Sequence[Area], day: date) -> TileMap:
    """The regions of `day`, each in its place; a region that is not among `areas` has nothing."""
    given = {area.code: area for area in areas}
    here = regions.on(day)
    own = [given.get(region.code, Area(region.code, 0, say.NOTHING)) for region in here]
    levels = _levels([area.value for area in own])
    tiles = [
        Tile(area, region, region.tile[0] * TILE, region.tile[1] * TILE, levels[area.value])
        for region, area in zip(here, own, strict=True)
    ]
    known = {region.code for region in here}
    beside = [area for area in areas if area.code not in known]
    return TileMap(
        width=(max(region.tile[0] for region in here) + 1) * TILE,
        height=(max(region.tile[1] for region in here) + 1) * TILE,
        tiles=tiles,
        key=_key(tiles),
        rows=[(area, area.label or region.name) for region, area in zip(here, own, strict=True)]
        + [(area, area.label or _name(area.code, day)) for area in beside],
        linked=any(area.href for area in own),
    )


def _name(code: str, day: date) -> Any:
    known = regions.find(code, day)
    return known.name if known else code or say.NOTHING


def _levels(values: Sequence[int | Fraction]) -> dict[int | Fraction, int]:
    """The shade of each value: as many different values in one shade as in another.

    By order and not by size: beside the capital every oblast would be equally pale.
    """
    different = sorted({value for value in values if value > 0})
    levels = {
        value: 1 + place * LEVELS // len(different)
        for place, value in enumerate(different)
        if len(different) > LEVELS
    } or {value: place + 1 for place, value in enumerate(different)}
    return {value: levels.get(value, 0) for value in values}


def _key(tiles: Sequence[Tile]) -> list[Shade]:
    key = []
    for level in range(1, LEVELS + 1):
        held = sorted((t.area for t in tiles if t.level == level), key=lambda area: area.value)
        if held:
            key.append(Shade(level, held[0].shown, held[-1].shown))
    return key


# --- A year ----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class DrawnSpan:
    """A stretch (`length` above 0) or a point, in units of `WIDTH`."""

    x: int
    length: int
    planned: bool


@dataclass(frozen=True, slots=True)
class DrawnYearRow:
    row: YearRow
    spans: Sequence[DrawnSpan]


@dataclass(frozen=True, slots=True)
class Year:
    rows: Sequence[DrawnYearRow]
    months: Sequence[date]
    """First days of the months that are written above; the lines of all of them: `grid`."""
    grid: str
    today: int | None
    planned: bool
    """Whether anything planned is drawn, so that the key explains it."""


def year_chart(rows: Sequence[YearRow], begins: date, ends: date, today: date) -> Year:
    """Whole months from that of `begins` to that of `ends`; what lies outside is cut at the edge.

    At most 120 months are drawn: what begins earlier is cut off.
    """
    months = _months(begins, ends)
    first, after = months[0], _next(months[-1])
    whole = (after - first).days

    def place(day: date) -> int:
        return (min(max(day, first), after) - first).days * WIDTH // whole

    drawn = []
    for row in rows:
        seen = [span for span in row.spans if span.ends >= first and span.begins < after]
        drawn.append(DrawnYearRow(row, [_span(span, place) for span in seen]))
    every = -(-len(months) // 12)
    return Year(
        rows=drawn,
        months=months[::every],
        grid="".join(f"M{place(month)} 0V24" for month in [*months, after][::every]),
        today=place(today) if first <= today < after else None,
        planned=any(span.planned for one in drawn for span in one.spans),
    )


def _span(span: Span, place: Callable[[date], int]) -> DrawnSpan:
    if span.begins == span.ends:
        return DrawnSpan(place(span.begins), 0, span.planned)
    start = place(span.begins)
    return DrawnSpan(start, max(4, place(span.ends + timedelta(days=1)) - start), span.planned)


def _months(begins: date, ends: date) -> list[date]:
    months = [ends.replace(day=1)]
    while months[0] > begins and len(months) < MOST_MONTHS:
        months.insert(0, (months[0] - timedelta(days=1)).replace(day=1))
    return months


def _next(month: date) -> date:
    return (month + timedelta(days=31)).replace(day=1)


# --- The way of money ------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class DrawnFlow:
    """A step with the outline of its part of the stream, as points of a polygon; "" without a sum."""

    step: Flow
    points: str


def flow_chart(steps: Sequence[Flow]) -> list[DrawnFlow]:
    """The stream narrows from each step's sum to the next one's; steps without a sum let it pass."""
    widest = max((step.value or 0 for step in steps), default=0)
    drawn, before = [], None
    for step in steps:
        width = before if step.value is None else _length(step.value, widest)
        if width is None:
            drawn.append(DrawnFlow(step, ""))
            continue
        above = width if before is None else before
        drawn.append(DrawnFlow(step, _stream(above, width)))
        before = width
    return drawn


def _stream(above: int, below: int) -> str:
    """From one width to another in the upper third of 100 units, then straight down."""
    a, b = (WIDTH - above) // 2, (WIDTH - below) // 2
    return f"{a},0 {b},33 {b},100 {WIDTH - b},100 {WIDTH - b},33 {WIDTH - a},0"


# --- Bars beside and on one another ----------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class DrawnPair:
    pair: Pair
    plan: int
    fact: int


def pair_chart(pairs: Sequence[Pair]) -> list[DrawnPair]:
    """Each plan and fact by its length out of `WIDTH`, all on one scale."""
    longest = max((max(pair.plan, pair.fact) for pair in pairs), default=0)
    return [DrawnPair(one, _length(one.plan, longest), _length(one.fact, longest)) for one in pairs]


TEXTURES = 5


@dataclass(frozen=True, slots=True)
class Segment:
    """A part of a stacked bar: where it begins, how long it is, how it is drawn (1 to `TEXTURES`)."""

    x: int
    length: int
    texture: int
    hatch: str


@dataclass(frozen=True, slots=True)
class DrawnStack:
    stack: Stack
    segments: Sequence[Segment]
    parts: Sequence[tuple[Any, Any]]
    """Every part that is not zero with its name, as written."""


def stacked_bars(stacks: Sequence[Stack], key: Sequence[Any]) -> list[DrawnStack]:
    """Each bar's parts end to end, all bars on one scale; `key` names the parts."""
    longest = max((sum(stack.values) for stack in stacks), default=0)
    return [
        DrawnStack(
            stack,
            list(_segments(stack.values, longest)),
            [
                (name, shown)
                for name, shown, value in zip(key, stack.shown, stack.values, strict=True)
                if value
            ],
        )
        for stack in stacks
    ]


def _segments(values: Sequence[int | Fraction], longest: int | Fraction) -> Iterator[Segment]:
    begun: int | Fraction = 0
    for place, value in enumerate(values):
        if value > 0:
            x = round(Fraction(begun) * WIDTH / Fraction(longest))
            begun += value
            length = max(3, round(Fraction(begun) * WIDTH / Fraction(longest)) - x)
            texture = place % TEXTURES + 1
            yield Segment(x, length, texture, hatch(texture, x, length))


def hatch(texture: int, x: int, length: int) -> str:
    """Lines on a part, so that neighbours differ without colour: upright, slanting, lying or none."""
    ends = range(x + 12, x + length, 12)
    if texture == 2:
        return "".join(f"M{at} 0V20" for at in ends)
    if texture == 4:
        return "".join(f"M{at} 0L{at - 12} 20" for at in ends)
    if texture == 5:
        return f"M{x} 7H{x + length}M{x} 13H{x + length}"
    return ""


# --- How points lie --------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class DrawnSpread:
    """Least, quarter, middle, three quarters and greatest of all points: exact, and in units of `WIDTH`."""

    spread: Spread
    points: Sequence[Fraction]
    places: Sequence[int]

    @property
    def middle(self) -> Fraction | None:
        return self.points[2] if self.points else None

    @property
    def ends(self) -> tuple[Fraction, Fraction] | None:
        return (self.points[0], self.points[-1]) if self.points else None

    @property
    def half(self) -> int:
        """How long the box is that holds the middle half."""
        return max(4, self.places[3] - self.places[1])


def spread_chart(spreads: Sequence[Spread]) -> list[DrawnSpread]:
    """Quartiles as between the nearest two points (inclusive), exact."""
    drawn = []
    for one in spreads:
        points = sorted(Fraction(point) for point in one.points)
        found = [points[0], *_quarters(points), points[-1]] if points else []
        places = [_part(point / Fraction(one.maximum), WIDTH) for point in found]
        drawn.append(DrawnSpread(one, found, places))
    return drawn


def _quarters(points: Sequence[Fraction]) -> list[Fraction]:
    if len(points) == 1:
        return [points[0]] * 3
    return quantiles(points, n=4, method="inclusive")

"""Geometry of the inline pictures, in whole units of the viewBox, so that no style is needed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from .parts import Bar, Curve

WIDTH, HEIGHT = 1000, 400


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

"""Pictures drawn on the server: readable in black and white, with their figures written out."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.template import Context
from django.utils.safestring import SafeString

from ortaq.core import clock
from ortaq.faces import charts, parts

from . import draw, register


@register.simple_tag(takes_context=True)
def tile_map(
    context: Context,
    areas: Sequence[parts.Area],
    caption: Any,
    *,
    day: date | None = None,
    unit: Any = "",
) -> SafeString:
    """The regions of `day` (default: today) as tiles; the exact figures in a table that opens."""
    drawn = charts.tile_map(areas, day or clock.today())
    return draw(context, "tile_map", map=drawn, caption=caption, unit=unit)


@register.simple_tag(takes_context=True)
def year_chart(
    context: Context,
    rows: Sequence[parts.YearRow],
    caption: Any,
    begins: date,
    ends: date,
    *,
    today: date | None = None,
) -> SafeString:
    """Stretches and points of a year, one line each, with their days written beside."""
    drawn = charts.year_chart(rows, begins, ends, today or clock.today())
    return draw(context, "year_chart", year=drawn, caption=caption)


@register.simple_tag(takes_context=True)
def flow_chart(context: Context, steps: Sequence[parts.Flow], caption: Any) -> SafeString:
    """A stream of money that narrows from step to step, each with its sum and what it rests on."""
    return draw(context, "flow_chart", steps=charts.flow_chart(steps), caption=caption)


@register.simple_tag(takes_context=True)
def pair_chart(
    context: Context,
    pairs: Sequence[parts.Pair],
    caption: Any,
    *,
    plan: Any = "",
    fact: Any = "",
) -> SafeString:
    """Plan (hollow) over fact (solid), line by line; `plan` and `fact` say what these are here."""
    drawn = charts.pair_chart(pairs)
    return draw(context, "pair_chart", pairs=drawn, caption=caption, plan=plan, fact=fact)


@register.simple_tag(takes_context=True)
def stacked_bars(
    context: Context, stacks: Sequence[parts.Stack], key: Sequence[Any], caption: Any
) -> SafeString:
    """Bars of several parts, told apart by lightness and lines; all figures in a table that opens."""
    names = [(place % charts.TEXTURES + 1, name) for place, name in enumerate(key)]
    named = [(one, charts.hatch(one, 0, 48), name) for one, name in names]
    drawn = charts.stacked_bars(stacks, key)
    return draw(context, "stacked_bars", stacks=drawn, key=named, caption=caption)


@register.simple_tag(takes_context=True)
def spread_chart(context: Context, spreads: Sequence[parts.Spread], caption: Any) -> SafeString:
    """Where points lie: from the least to the greatest, the middle half as a box, the middle as a line."""
    return draw(context, "spread_chart", spreads=charts.spread_chart(spreads), caption=caption)

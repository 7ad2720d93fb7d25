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

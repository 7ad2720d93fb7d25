"""What the pages of the registers read, each in a fixed number of queries, by noun."""

from .annual_return import returns_list, returns_visible_to
from .expert import available, experts_visible_to, register, ties_of
from .law_data import (
    YEARS_AHEAD,
    Line,
    Month,
    calendar_lines,
    entered_by,
    index_lines,
    months,
    thresholds,
    years_kept,
)
from .ngo import ngos
from .shared import PAGE

__all__ = [
    "PAGE",
    "YEARS_AHEAD",
    "Line",
    "Month",
    "available",
    "calendar_lines",
    "entered_by",
    "experts_visible_to",
    "index_lines",
    "months",
    "ngos",
    "register",
    "returns_list",
    "returns_visible_to",
    "thresholds",
    "ties_of",
    "years_kept",
]

"""The experts' register, the NGO database, the calendar and the index, as steps, by noun."""

from .affiliation import end_tie, record_tie
from .annual_return import ANNUAL_RETURN, begin_return, record_return, register_paper
from .expert import AMEND, EXPERT, propose, qualification
from .law_data import (
    CALENDAR,
    INDEX,
    record_day,
    record_index,
    shipped_amount,
    shipped_kind,
)
from .shared import reasoned

__all__ = [
    "AMEND",
    "ANNUAL_RETURN",
    "CALENDAR",
    "EXPERT",
    "INDEX",
    "begin_return",
    "end_tie",
    "propose",
    "qualification",
    "reasoned",
    "record_day",
    "record_index",
    "record_return",
    "record_tie",
    "register_paper",
    "shipped_amount",
    "shipped_kind",
]

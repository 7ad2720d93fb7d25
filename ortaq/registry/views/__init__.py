"""The pages of the registers: find, ask the policy, take one step or read one query, render."""

from .expert import add_tie, amend, end_tie, expert, expert_step, experts, nominate, propose
from .law_data import (
    calendar,
    day,
    day_step,
    index,
    index_step,
    index_value,
    record_day,
    record_index,
)
from .ngo import ngos

__all__ = [
    "add_tie",
    "amend",
    "calendar",
    "day",
    "day_step",
    "end_tie",
    "expert",
    "expert_step",
    "experts",
    "index",
    "index_step",
    "index_value",
    "ngos",
    "nominate",
    "propose",
    "record_day",
    "record_index",
]

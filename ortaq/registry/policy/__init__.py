"""Who may do what with the registers: predicates over (actor, subject)."""

from .annual_return import checks_returns, files_returns, keeps_database, writes_for
from .expert import (
    answers_for_an_ngo,
    is_the_expert,
    keeps_register,
    may_amend,
    may_leave,
    may_nominate_self,
    may_propose,
    may_record_ties,
    may_see_register,
    proposed_the_expert,
)
from .law_data import keeps_law_data

__all__ = [
    "answers_for_an_ngo",
    "checks_returns",
    "files_returns",
    "is_the_expert",
    "keeps_database",
    "keeps_law_data",
    "keeps_register",
    "may_amend",
    "may_leave",
    "may_nominate_self",
    "may_propose",
    "may_record_ties",
    "may_see_register",
    "proposed_the_expert",
    "writes_for",
]

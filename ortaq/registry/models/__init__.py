"""Who is known to the state: annual returns, experts, and who belongs to whom."""

from .affiliation import Affiliation, AffiliationQuerySet
from .annual_return import AnnualReturn, PaperReturn, ReturnDraft, ReturnPaper, ReturnVersion
from .expert import Expert, ExpertDirection
from .ngo import LONGEST_WORD, Ngo, NgoDirection, NgoWord
from .standing_flag import StandingFlag
from .table_import import RegisterEntry, TableImport

__all__ = [
    "LONGEST_WORD",
    "Affiliation",
    "AffiliationQuerySet",
    "AnnualReturn",
    "Expert",
    "ExpertDirection",
    "Ngo",
    "NgoDirection",
    "NgoWord",
    "PaperReturn",
    "RegisterEntry",
    "ReturnDraft",
    "ReturnPaper",
    "ReturnVersion",
    "StandingFlag",
    "TableImport",
]

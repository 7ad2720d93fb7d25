"""Who is known to the state: annual returns, experts, and who belongs to whom."""

from .affiliation import Affiliation, AffiliationQuerySet
from .annual_return import AnnualReturn
from .expert import Expert, ExpertDirection
from .ngo import Ngo, NgoDirection, NgoWord
from .standing_flag import StandingFlag
from .table_import import RegisterEntry, TableImport

__all__ = [
    "Affiliation",
    "AffiliationQuerySet",
    "AnnualReturn",
    "Expert",
    "ExpertDirection",
    "Ngo",
    "NgoDirection",
    "NgoWord",
    "RegisterEntry",
    "StandingFlag",
    "TableImport",
]

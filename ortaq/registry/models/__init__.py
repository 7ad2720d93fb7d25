"""Who is known to the state: annual returns, experts, and who belongs to whom."""

from .affiliation import Affiliation, AffiliationQuerySet
from .annual_return import AnnualReturn
from .expert import Expert, ExpertDirection
from .ngo import Ngo, NgoDirection, NgoWord

__all__ = [
    "Affiliation",
    "AffiliationQuerySet",
    "AnnualReturn",
    "Expert",
    "ExpertDirection",
    "Ngo",
    "NgoDirection",
    "NgoWord",
]

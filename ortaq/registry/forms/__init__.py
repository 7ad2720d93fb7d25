"""What is typed into the registers, by noun."""

from .affiliation import TieEndForm, TieForm
from .annual_return import ReturnForm
from .expert import BaseDirections, DirectionForm, EntryForm, ProposalForm, directions
from .law_data import DayForm, IndexForm
from .shared import DIRECTIONS, OrganisationByBin, ReasonForm, direction_choices, with_empty

__all__ = [
    "DIRECTIONS",
    "BaseDirections",
    "DayForm",
    "DirectionForm",
    "EntryForm",
    "IndexForm",
    "OrganisationByBin",
    "ProposalForm",
    "ReasonForm",
    "ReturnForm",
    "TieEndForm",
    "TieForm",
    "direction_choices",
    "directions",
    "with_empty",
]

"""Contracts, and what is done under them."""

from .centre import Centre
from .change import Change
from .contract import (
    Activity,
    Approval,
    BudgetLine,
    Contract,
    Indicator,
    Partner,
    Place,
    TeamMember,
)
from .event import Event, Trainer
from .evidence import Consultation, Evidence, Proof
from .money import Expense, WorkingEstimate
from .participant import Apart, Consumer, Participation
from .project import Project, Tranche
from .reach import Reach
from .report import Act, PeopleList, Presentation, Remark, Report, Submission
from .subgrant import SmallCompetition, SmallGrant, SmallGrantVersion

__all__ = [
    "Act",
    "Activity",
    "Apart",
    "Approval",
    "BudgetLine",
    "Centre",
    "Change",
    "Consultation",
    "Consumer",
    "Contract",
    "Event",
    "Evidence",
    "Expense",
    "Indicator",
    "Participation",
    "Partner",
    "PeopleList",
    "Place",
    "Presentation",
    "Project",
    "Proof",
    "Reach",
    "Remark",
    "Report",
    "SmallCompetition",
    "SmallGrant",
    "SmallGrantVersion",
    "Submission",
    "TeamMember",
    "Trainer",
    "Tranche",
    "WorkingEstimate",
]

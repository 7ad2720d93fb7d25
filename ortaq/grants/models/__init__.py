"""The nouns of grants, by stage: plan, competition, application, outcome."""

from .application import (
    AdmissibilityCheck,
    Application,
    ApplicationPart,
    Attachment,
    PaperDelivery,
    PartChange,
    PartConflict,
    Receipt,
)
from .competition import Competition, Extension, Lot, Question
from .outcome import Outcome, Protocol
from .plan import (
    Plan,
    PlanField,
    PlanVersion,
    PrintedTotal,
    Proposal,
    SmallGrantTerms,
    Topic,
    TopicAmount,
)

__all__ = [
    "AdmissibilityCheck",
    "Application",
    "ApplicationPart",
    "Attachment",
    "Competition",
    "Extension",
    "Lot",
    "Outcome",
    "PaperDelivery",
    "PartChange",
    "PartConflict",
    "Plan",
    "PlanField",
    "PlanVersion",
    "PrintedTotal",
    "Proposal",
    "Protocol",
    "Question",
    "Receipt",
    "SmallGrantTerms",
    "Topic",
    "TopicAmount",
]

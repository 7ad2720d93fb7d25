"""The nouns of prizes, by stage: round, application, award (PR)."""

from .application import (
    Application,
    ApplicationChange,
    ApplicationConflict,
    Attachment,
    PaperDelivery,
    Receipt,
)
from .award import Award, Decision
from .round import Direction, Round

__all__ = [
    "Application",
    "ApplicationChange",
    "ApplicationConflict",
    "Attachment",
    "Award",
    "Decision",
    "Direction",
    "PaperDelivery",
    "Receipt",
    "Round",
]

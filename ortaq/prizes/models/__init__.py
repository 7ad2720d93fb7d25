"""The nouns of prizes, by stage: round, application, award (PR)."""

from .application import (
    Application,
    ApplicationChange,
    ApplicationConflict,
    Attachment,
    Frozen,
    PaperDelivery,
    Receipt,
)
from .award import Award
from .round import Direction, Round

__all__ = [
    "Application",
    "ApplicationChange",
    "ApplicationConflict",
    "Attachment",
    "Award",
    "Direction",
    "Frozen",
    "PaperDelivery",
    "Receipt",
    "Round",
]

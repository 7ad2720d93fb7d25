"""What the pages of review read, each in a fixed number of queries."""

from ortaq.review.gate import dossiers_open_to, open_to_person

from .dossiers import (
    Standing,
    decisions,
    my_dossiers,
    points_of,
    points_visible_to,
    ranking,
    ties,
    unscored,
)
from .panels import panels_visible_to

__all__ = [
    "Standing",
    "decisions",
    "dossiers_open_to",
    "my_dossiers",
    "open_to_person",
    "panels_visible_to",
    "points_of",
    "points_visible_to",
    "ranking",
    "ties",
    "unscored",
]

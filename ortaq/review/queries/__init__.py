"""What the pages of review read, each in a fixed number of queries."""

from .dossiers import (
    Standing,
    decisions,
    dossiers_open_to,
    my_dossiers,
    open_to_person,
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

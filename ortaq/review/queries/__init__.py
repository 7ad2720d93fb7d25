"""What the pages of review read, each in a fixed number of queries."""

from ortaq.review.gate import dossiers_open_to, open_to_person

from .dossiers import (
    Points,
    Standing,
    decisions,
    known_to,
    lapsed_decisions,
    my_dossiers,
    points_of,
    points_page,
    points_visible_to,
    ranking,
    ties,
    unscored,
    without_points,
)
from .panels import my_seat, panels_visible_to
from .sheets import (
    changes_of,
    far_from_others,
    own_sheet,
    own_votes,
    recused_from,
    signed_sheets,
)

__all__ = [
    "Points",
    "Standing",
    "changes_of",
    "decisions",
    "dossiers_open_to",
    "far_from_others",
    "known_to",
    "lapsed_decisions",
    "my_dossiers",
    "my_seat",
    "open_to_person",
    "own_sheet",
    "own_votes",
    "panels_visible_to",
    "points_of",
    "points_page",
    "points_visible_to",
    "ranking",
    "recused_from",
    "signed_sheets",
    "ties",
    "unscored",
    "without_points",
]

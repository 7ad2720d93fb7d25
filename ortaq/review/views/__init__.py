"""The pages of commissions: find, ask the policy, take one step or read one query, render."""

from .declaring import conflicts, declaration
from .meeting import election, meeting, points, progress, ranking
from .panels import candidates, panel, panel_step, panels, seat, seats
from .sheets import dossier, dossiers, sign

__all__ = [
    "candidates",
    "conflicts",
    "declaration",
    "dossier",
    "dossiers",
    "election",
    "meeting",
    "panel",
    "panel_step",
    "panels",
    "points",
    "progress",
    "ranking",
    "seat",
    "seats",
    "sign",
]

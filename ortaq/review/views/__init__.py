"""The pages of commissions: find, ask the policy, take one step or read one query, render."""

from .commission import commission, motion_close, motion_vote, successor
from .declaring import conflicts, declaration
from .meeting import election, meeting, points, progress, ranking
from .panels import candidates, panel, panel_step, panels, seat, seats
from .printing import declaration_paper, sheet_paper
from .sheets import dossier, dossiers, sign

__all__ = [
    "candidates",
    "commission",
    "conflicts",
    "declaration",
    "declaration_paper",
    "dossier",
    "dossiers",
    "election",
    "meeting",
    "motion_close",
    "motion_vote",
    "panel",
    "panel_step",
    "panels",
    "points",
    "progress",
    "ranking",
    "seat",
    "seats",
    "sheet_paper",
    "sign",
    "successor",
]

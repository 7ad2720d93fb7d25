"""Panels, score sheets, appointed commissions and their motions, as steps."""

from .commission import COMMISSION
from .evaluating import EVALUATING
from .motion import MOTION
from .panel import PANEL
from .sheet import SHEET

__all__ = ["COMMISSION", "EVALUATING", "MOTION", "PANEL", "SHEET"]

"""The panel and the score sheet, as steps."""

from .panel import PANEL
from .sheet import SHEET

__all__ = ["PANEL", "SHEET"]

"""Contracts, and what is done under them."""

from .contract import Activity, Approval, BudgetLine, Contract, Indicator, TeamMember

__all__ = ["Activity", "Approval", "BudgetLine", "Contract", "Indicator", "TeamMember"]

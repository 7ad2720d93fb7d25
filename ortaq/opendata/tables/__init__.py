"""Every public table, by its slug, in the order of the page."""

from __future__ import annotations

from . import grants, oversight, planning, projects, register, tenders
from .declared import Column, Kind, Table

_ALL = (
    *planning.TABLES,
    *grants.TABLES,
    *tenders.TABLES,
    *projects.TABLES,
    *oversight.TABLES,
    *register.TABLES,
)
TABLES: dict[str, Table] = {table.slug: table for table in _ALL}

__all__ = ["TABLES", "Column", "Kind", "Table"]

"""Pages about a project that rooms above this one hold: they hang their tabs here, for projects do not know them.

    beside.tabs.append(address_of)      in the `ready` of the room; (actor, project) → (text, address) or None

A tab is asked of every page of a project, so it must not run a query of its own.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ortaq.people.actor import Actor

from .models import Project

Tab = Callable[[Actor, Project], tuple[Any, str] | None]
tabs: list[Tab] = []


def tabs_for(actor: Actor, project: Project) -> list[tuple[Any, str]]:
    """Text and address of each further tab that this reader sees."""
    return [found for one in tabs if (found := one(actor, project)) is not None]

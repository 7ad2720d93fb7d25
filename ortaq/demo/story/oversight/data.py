"""The data of the oversight's story: `data/oversight.toml`."""

from __future__ import annotations

import uuid
from functools import cache
from typing import Any

from ortaq.demo import cast
from ortaq.demo.story.projects.data import FORMS

TENGE = 100
YEAR = 2023
LANGUAGES = ("kk", "ru")


@cache
def oversight() -> dict[str, Any]:
    return cast.table("oversight.toml")


def rows(name: str) -> list[dict[str, Any]]:
    """The rows of one table of the file, in their order."""
    found: list[dict[str, Any]] = oversight()[name]
    return found


def row_of(name: str, ngo: str) -> dict[str, Any]:
    """What a table tells of the project of an NGO; `LookupError` where it tells nothing."""
    return next((row for row in rows(name) if row["ngo"] == ngo), {}) or _nothing(name, ngo)


def _nothing(name: str, ngo: str) -> dict[str, Any]:
    raise LookupError(f"The story tells no {name} of {ngo}")


def form_of(*what: object) -> uuid.UUID:
    """The form of the story that makes something once, however often its beat is played."""
    return uuid.uuid5(FORMS, f"oversight {' '.join(map(str, what))}")

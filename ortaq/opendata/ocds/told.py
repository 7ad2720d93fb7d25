"""One event of a process, as it is told."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from .parts import Part


@dataclass(frozen=True, slots=True)
class Told:
    """One thing that is told: `tag` when it is told first, `again` when it is told differently later."""

    event: str
    at: datetime
    tag: tuple[str, ...]
    again: tuple[str, ...]
    content: Part


def release_id(ocid: str, event: str, revision: int) -> str:
    """The identifier of a release: what it tells of, and how often that was told before."""
    return f"{ocid}-{event}-{revision}" if revision > 1 else f"{ocid}-{event}"

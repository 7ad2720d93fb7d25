"""Which edition a record of this room works under."""

from __future__ import annotations

from typing import Any

from ortaq import law


def edition_of(record: Any) -> law.Edition:
    """The edition that a formation, assessment or specification pins (SO-X-19)."""
    return law.edition(record.act, record.edition)

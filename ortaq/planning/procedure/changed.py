"""Two officers on one row: what the second one is told."""

from __future__ import annotations

from typing import Any


class Changed(Exception):
    """A colleague saved the row meanwhile; `theirs` is what stands now, None if it is removed."""

    def __init__(self, theirs: Any) -> None:
        self.theirs = theirs
        super().__init__(getattr(theirs, "pk", None))

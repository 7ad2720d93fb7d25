"""An application with everything that it says, loaded once and read by checks, pages and papers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from ortaq import law
from ortaq.documents.writing import paths
from ortaq.documents.writing.slots import Layout
from ortaq.prizes.models import Application, Attachment

from . import parts
from .parts import PARTS, Part


@dataclass
class Whole:
    """An application and its files that were not taken out; `conflicts`: edits of two people nobody has settled."""

    application: Application
    files: Sequence[Attachment]
    conflicts: int = 0

    @property
    def edition(self) -> law.Edition:
        return self.application.round.rules

    @cached_property
    def data(self) -> dict[str, Any]:
        """What is filled in, without rows in which nothing stands."""
        filled: dict[str, Any] = paths.without_empty_rows(self.application.content)
        return filled

    @cached_property
    def flat(self) -> paths.Flat:
        return paths.flatten(self.data)

    def layout(self, part: Part) -> Layout:
        return parts.layout(part, self.edition)

    @cached_property
    def layouts(self) -> list[tuple[Part, Layout]]:
        return [(part, self.layout(part)) for part in PARTS]

    def of_kind(self, *kinds: str) -> list[Attachment]:
        """The files of these kinds."""
        return [one for one in self.files if one.kind in kinds]

    @property
    def projects(self) -> list[dict[str, Any]]:
        """The rows of the table of annex 3."""
        return list((self.data.get("experience") or {}).get("projects") or ())

    @property
    def recommendations(self) -> list[dict[str, Any]]:
        return list(self.data.get("recommendations") or ())

    @property
    def questionnaire(self) -> dict[str, Any]:
        """Annex 2."""
        return dict(self.data.get("questionnaire") or {})

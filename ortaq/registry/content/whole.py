"""An annual return with everything in it, loaded once and read by checks, pages and the sending."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from ortaq.documents.writing import paths
from ortaq.documents.writing.draft import Draft
from ortaq.registry.models import AnnualReturn, ReturnDraft, ReturnPaper

from . import known
from .parts import EDITION, FORM


@dataclass
class Whole:
    """A return with what is written of it, its papers, and what other rooms hold of its year."""

    annual_return: AnnualReturn
    draft: Draft
    papers: list[ReturnPaper] = field(default_factory=list)
    held: list[known.Held] = field(default_factory=list)

    @cached_property
    def data(self) -> dict[str, Any]:
        """What is filled in, without rows in which nothing stands."""
        filled: dict[str, Any] = paths.without_empty_rows(self.draft.data)
        return filled

    @cached_property
    def flat(self) -> paths.Flat:
        return paths.flatten(self.data)

    def rows(self, table: str) -> list[dict[str, Any]]:
        """The written rows of a table."""
        return list(self.data.get(table) or [])

    def sum_of(self, section: str, *but: str) -> int:
        """The sum of a section of money in tiyn, without the rows named; what is no sum counts nought."""
        found = self.data.get(section) or {}
        return sum(
            value
            for key, value in found.items()
            if key not in but and isinstance(value, int) and not isinstance(value, bool)
        )

    @cached_property
    def not_taken(self) -> list[known.Held]:
        """What other rooms hold and the table of projects does not name."""
        rows = self.rows("projects")
        ids = {row["id"] for row in rows}
        numbers = {str(row.get("contract", "")).partition(",")[0].strip() for row in rows} - {""}
        return [one for one in self.held if one.row_id not in ids and one.number not in numbers]

    @property
    def content(self) -> dict[str, Any]:
        """What is sent: canonical, with the papers by their hashes."""
        return {
            "form": f"{FORM}/{EDITION}",
            "year": self.annual_return.year,
            "bin": self.annual_return.organisation.bin,
            "sections": self.data,
            "papers": [
                {
                    "paper": one.paper,
                    "file": one.file_id,
                    "name": one.file.name,
                    "sha256": one.file.sha256,
                    "size": one.file.size,
                }
                for one in self.papers
            ],
        }


def load(annual_return: AnnualReturn) -> Whole:
    """The return as it is being written; two queries, and those of the rooms above."""
    row = ReturnDraft.objects.filter(annual_return=annual_return).first()
    draft = Draft.of(row.content if row else None)
    papers = ReturnPaper.objects.filter(annual_return=annual_return, removed_at=None)
    held = known.held(annual_return.organisation_id, annual_return.year)
    return Whole(annual_return, draft, list(papers.select_related("file")), held)

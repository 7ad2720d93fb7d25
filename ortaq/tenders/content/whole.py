"""A bid with everything that it says, loaded once and read by checks, pages and the seal."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from ortaq import law
from ortaq.documents.writing import paths
from ortaq.documents.writing.slots import Layout
from ortaq.planning.models import Service
from ortaq.tenders.models import Bid

from . import parts
from .draft import Draft
from .parts import PARTS, Part


@dataclass
class Whole:
    """A bid, its decrypted draft, and the services that it answers."""

    bid: Bid
    edition: law.Edition
    draft: Draft
    services: Sequence[Service]

    @cached_property
    def data(self) -> dict[str, Any]:
        """What is filled in, without rows in which nothing stands."""
        filled: dict[str, Any] = paths.without_empty_rows(self.draft.data)
        return filled

    @cached_property
    def flat(self) -> paths.Flat:
        return paths.flatten(self.data)

    @property
    def multi_year(self) -> bool:
        return self.bid.lot.topic.financial_years > 1

    def layout(self, part: Part) -> Layout:
        return parts.layout(part, self.edition, self.services, multi_year=self.multi_year)

    @cached_property
    def layouts(self) -> list[tuple[Part, Layout]]:
        return [(part, self.layout(part)) for part in PARTS]

    @property
    def price(self) -> Any:
        """What stands as the price: tiyn, or a text that is no sum."""
        return self.flat.get("price/offer")

    def rows(self, table: str) -> list[dict[str, Any]]:
        """The written rows of a table, by its path."""
        found: Any = self.data
        for step in table.split("/"):
            found = (found or {}).get(step)
        return list(found or [])

    def service(self, service: Service) -> dict[str, Any]:
        """The answer to a service."""
        answers = self.data.get("services") or {}
        return dict(answers.get(parts.slug(service)) or {})

"""One application with everything that it says, loaded once and read by checks, pages and papers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any

from ortaq import law
from ortaq.documents import forms
from ortaq.documents.writing import paths
from ortaq.grants.models import Application, ApplicationPart, Attachment

from .estimate import Estimate, estimate_of
from .parts import BUDGET, CAPACITY, CONTENT, QUESTIONNAIRE, Part
from .slots import PartLayout


@dataclass(frozen=True, slots=True)
class Written:
    """A form of the application and what was written into it."""

    layout: PartLayout
    row: ApplicationPart

    @property
    def part(self) -> Part:
        return self.layout.part

    @property
    def data(self) -> dict[str, Any]:
        """The filled sections, without rows in which nothing stands."""
        filled: dict[str, Any] = paths.without_empty_rows(self.row.data)
        return filled

    @property
    def form(self) -> forms.Form:
        return self.part.form()


@dataclass
class Whole:
    """An application, its forms in order, its files, and how many edit conflicts are open."""

    application: Application
    edition: law.Edition
    written: Sequence[Written]
    attachments: Sequence[Attachment]
    open_conflicts: Mapping[int, int] = field(default_factory=dict)

    def of(self, key: str) -> Iterator[Written]:
        """The forms of a part, one for each year."""
        return (written for written in self.written if written.part.key == key)

    def one(self, key: str, year: int = 0) -> Written | None:
        """One form, None if the application has none of that name and year."""
        return next((written for written in self.of(key) if written.part.year == year), None)

    @cached_property
    def estimates(self) -> list[tuple[Written, Estimate]]:
        """The cost estimates, one for each year."""
        return [(one, estimate_of(one.form, one.data)) for one in self.of(BUDGET)]

    def calendar(self, year: int) -> list[dict[str, Any]]:
        """The rows of the calendar plan of a year: the activities that costs refer to."""
        content = self.one(CONTENT, year)
        return list((content.data.get("calendar_plan") or []) if content else [])

    @property
    def partners(self) -> list[dict[str, Any]]:
        """The partners named in annex 4, of all years."""
        return [row for one in self.of(CONTENT) for row in one.data.get("partners") or []]

    @property
    def team(self) -> list[dict[str, Any]]:
        """The project team of annex 3."""
        capacity = self.one(CAPACITY)
        return list((capacity.data.get("project_team") or []) if capacity else [])

    @property
    def questionnaire(self) -> dict[str, Any]:
        """The answers of annex 2."""
        found = self.one(QUESTIONNAIRE)
        return dict(found.data.get("questionnaire") or {}) if found else {}

    def files_of(self, *kinds: str) -> list[Attachment]:
        return [one for one in self.attachments if one.kind in kinds]

    def amount_of(self, year: int) -> int:
        """What the topic allots, in tiyn: for one year, or for all when there is one copy."""
        if not year:
            return int(self.application.lot.amount_tiyn)
        amounts = self.application.lot.topic.amounts.all()
        return int(next((one.amount_tiyn for one in amounts if one.year == year), 0))

    def months(self, year: int) -> list[date]:
        """The first days of the months in which the project runs (in a year, if given); empty
        while its term is not stated.
        """
        begins, ends = self.application.starts_on, self.application.ends_on
        if begins is None or ends is None or ends < begins:
            return []
        first, last = begins.year * 12 + begins.month - 1, ends.year * 12 + ends.month - 1
        days = [date(n // 12, n % 12 + 1, 1) for n in range(first, min(last, first + 35) + 1)]
        return [day for day in days if not year or day.year == year]

"""Which forms make up an application (GR-A-13): read from the edition of the rules."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from ortaq import law
from ortaq.documents import forms
from ortaq.grants.models import Application, Topic

LETTER = "letter"
QUESTIONNAIRE, CAPACITY, CONTENT, BUDGET = "questionnaire", "capacity", "content", "budget"


@dataclass(frozen=True, slots=True)
class Part:
    """One of the nine parts of an application; a form with one copy a year comes once a year.

    `key` is its name in the edition, `year` is 0 where there is one copy for all years.
    """

    key: str
    number: int
    form_id: str
    year: int
    title: law.Text
    cite: law.Citation

    @property
    def place(self) -> str:
        """Its name in findings and addresses: "content/2020"."""
        return f"{self.key}/{self.year}"

    def form(self) -> forms.Form:
        """The blank form; `LookupError` for a part that is a file."""
        return forms.form(self.form_id, self.cite.edition)


def years_of(topic: Topic) -> list[int]:
    """The years for which annexes 4 and 5 are filled: [0] for one, all of them for more (GR-A-21)."""
    years = [amount.year for amount in topic.amounts.all()]
    return years if len(years) > 1 else [0]


def parts(edition: law.Edition, years: Iterable[int]) -> list[Part]:
    """The parts that are forms, in their order; the letter is among them."""
    found = []
    for key, row in edition.data["parts"].items():
        if row["kind"] != "form":
            continue
        for year in years if row.get("per_year") else [0]:
            title, cite = law.Text.of(row["text"]), edition.cite(row["cite"])
            found.append(Part(key, row["number"], row["form"], year, title, cite))
    return found


def file_parts(edition: law.Edition) -> list[Part]:
    """The parts that are files (6-9), in their order."""
    return [
        Part(key, row["number"], "", 0, law.Text.of(row["text"]), edition.cite(row["cite"]))
        for key, row in edition.data["parts"].items()
        if row["kind"] == "file"
    ]


def parts_of(application: Application) -> list[Part]:
    """The forms of an application; reads the amounts of its topic."""
    return parts(application.competition.rules, years_of(application.lot.topic))


def written_parts(application: Application) -> list[Part]:
    """The forms that the applicant fills in: all but the letter, which is written from them."""
    return [part for part in parts_of(application) if part.key != LETTER]

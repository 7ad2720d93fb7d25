"""The five tools of monitoring, each with its working sheet (SO-M-08).

The act names the tools and prints no forms: what the sheets ask is ours (forms SO-MI, SO-MS, SO-MQ, SO-MD, SO-MN) and inferred.
A tool is a module with

    prefill(visit, day)       the facts that are frozen when the visit begins
    parts(row)                what its sheet asks
    figures(row)              what it comes to, exact (fractions as "numerator/denominator")
    said(figures)             the same in a sentence of the reader's language
    lacks(row, figures)       what must still be filled in before it is finished: (message, field or row)
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, Protocol, cast

from django.utils import translation

from ortaq.faces import say
from ortaq.law import Ground
from ortaq.oversight.models import Instrument, Visit
from ortaq.oversight.sheets import CONCLUSIONS, Part, texts_of

from . import documents, indicators, mystery_shopper, networks, survey

LANGUAGES = ("kk", "ru")


class Tool(Protocol):
    """What the module of a tool offers."""

    def prefill(self, visit: Visit, day: date) -> dict[str, Any]: ...
    def parts(self, row: Instrument) -> list[Part]: ...
    def figures(self, row: Instrument) -> dict[str, Any]: ...
    def said(self, figures: Mapping[str, Any]) -> str: ...
    def lacks(self, row: Instrument, figures: Mapping[str, Any]) -> Iterable[tuple[Any, str]]: ...


# By their keys in law.
TOOLS: dict[str, Tool] = {
    "indicators": cast(Tool, indicators),
    "mystery_shopper": cast(Tool, mystery_shopper),
    "survey": cast(Tool, survey),
    "documents": cast(Tool, documents),
    "networks": cast(Tool, networks),
}


def tool_of(row: Instrument) -> Tool:
    """The module of an instrument's tool."""
    return TOOLS[row.tool]


def begun(visit: Visit, day: date) -> list[Instrument]:
    """The instruments of a visit that begins on `day`, not saved yet, each with the facts of that day."""
    return [
        Instrument(
            visit=visit,
            tool=key,
            content={"facts": TOOLS[key].prefill(visit, day), "texts": {}},
        )
        for key in visit.tools
    ]


def heading(ground: Ground) -> str:
    """The tool as the act names it, in the reader's language, with a capital letter even behind a quotation mark."""
    name = say.text(ground.text)
    first = next((place for place, letter in enumerate(name) if letter.isalpha()), 0)
    return f"{name[:first]}{name[first : first + 1].upper()}{name[first + 1 :]}"


def summary(row: Instrument, figures: Mapping[str, Any]) -> dict[str, str]:
    """What a finished tool showed, in both languages: its figures in words, then the conclusion."""
    found, texts = {}, texts_of(row.content)
    for language, name in zip(LANGUAGES, CONCLUSIONS, strict=True):
        with translation.override(language):
            said = tool_of(row).said(figures)
        found[language] = "\n".join(filter(None, (said, texts.get(name, ""))))
    return found

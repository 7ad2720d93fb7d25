"""Needs: the sources conclusions rest on, the kinds of assessment, its questions and worksheets.

The rules name the sources, each edition its own nine (SO-F-03, SO-T-025); the method is that of
the guide for NGOs (SO-T-026..038). All of it stands in the acts' files.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from .editions import Edition, Ground, edition
from .findings import Citation, Finding, Severity
from .text import EMPTY, Text
from .wording import wording

METHOD = ("tender_scoring", "2019")


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of assessment and the guide's advice on it (SO-T-029)."""

    key: str
    name: Text
    when: Text
    why: tuple[Text, ...]
    how: tuple[Text, ...]
    where: tuple[Text, ...]
    remark: Text
    cite: Citation


@dataclass(frozen=True, slots=True)
class Cell:
    """A field of a worksheet, with the question it asks where it asks one."""

    key: str
    name: Text
    ask: Text


@dataclass(frozen=True, slots=True)
class Worksheet:
    """A tool of the analysis: its cells stand in the order in which they are worked on."""

    key: str
    name: Text
    about: Text
    cells: tuple[Cell, ...]
    remark: Text
    cite: Citation

    def has(self, cell: str) -> bool:
        """Whether the worksheet has a cell of that key."""
        return any(one.key == cell for one in self.cells)


def method() -> Edition:
    """The edition that describes how needs are assessed."""
    return edition(*METHOD)


def sources(one: Edition) -> dict[str, Ground]:
    """The kinds of sources that an edition of the rules names, by key and in its order."""
    return one.grounds("sources")


def questions() -> dict[str, Ground]:
    """What an assessment answers (SO-T-028), by key and in order."""
    return method().grounds("needs_questions")


def context() -> dict[str, Ground]:
    """What each analysis says of its surroundings (SO-T-038), by key and in order."""
    return method().grounds("analysis_context")


def life_situations() -> dict[str, Ground]:
    """The grounds of a difficult life situation: eleven in twelve lines (SO-T-052, GAP-T-16)."""
    return method().grounds("life_situation_grounds")


def kinds() -> dict[str, Kind]:
    """The kinds of assessment by key, in the order of a project's life."""
    guide = method()
    return {
        key: Kind(
            key,
            Text.of(row["text"]),
            Text.of(row["when"]),
            tuple(map(Text.of, row["why"])),
            tuple(map(Text.of, row["how"])),
            tuple(map(Text.of, row["where"])),
            _remark(row),
            guide.cite(row["cite"]),
        )
        for key, row in guide.data["needs_kinds"].items()
    }


def uses() -> dict[str, tuple[Text, tuple[Text, ...]]]:
    """What an assessment serves customers and suppliers for (SO-T-030): for whom, and for what."""
    return {
        key: (Text.of(row["text"]), tuple(map(Text.of, row["uses"])))
        for key, row in method().data["needs_uses"].items()
    }


def worksheets() -> dict[str, Worksheet]:
    """The worksheets by key: problem tree, SWOT, PEST and its variants (SO-T-033..037)."""
    guide = method()
    return {
        key: Worksheet(
            key,
            Text.of(row["text"]),
            Text.of(row["about"]),
            tuple(
                Cell(cell["key"], Text.of(cell["text"]), Text.of(cell.get("ask", {})))
                for cell in row["cells"]
            ),
            _remark(row),
            guide.cite(row["cite"]),
        )
        for key, row in guide.data["canvases"].items()
    }


def triangulated(number: int, distinct: int) -> Finding | None:
    """None if conclusion `number` rests on enough distinct sources, else what is in its way (SO-T-026)."""
    least = method().parameter("needs.sources_min")
    if distinct >= method().number("needs.sources_min"):
        return None
    numbers = {"number": number, "distinct": distinct, "least": least.value}
    message = wording("needs.too_few_sources", **numbers)
    return Finding("too_few_sources", Severity.ERROR, message, least.cite, numbers)


def _remark(row: Mapping[str, Any]) -> Text:
    return Text.of(row["remark"]) if "remark" in row else EMPTY

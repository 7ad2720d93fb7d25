"""A working sheet of a tool of monitoring: what it asks, row by row, and how the words of two people are brought together.

`Instrument.content` holds
    facts     what the records said when the visit began; never changed afterwards
    texts     {name of a field: what was typed}
    writers   {name of a field: who typed it last}
    figures   what the sheet comes to, exact; and `summary`, the same in words, both written when it is finished
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext_lazy as _

from ortaq.law.text import Text
from ortaq.projects.reporting.content import mark_of

LONG, SHORT = 20_000, 500
CONCLUSIONS = ("conclusion_kk", "conclusion_ru")


@dataclass(frozen=True, slots=True)
class Field:
    """One thing to fill in. With `choices` one of them is picked; `area` takes several lines; `kind` is that of an input."""

    name: str
    label: Any
    choices: tuple[tuple[str, Any], ...] = ()
    area: bool = False
    kind: str = "text"

    def read(self, typed: str) -> str:
        """What may be kept of what was sent: nothing that cannot be chosen, nothing endless."""
        clean = typed.replace("\0", "").replace("\r\n", "\n").strip()
        if self.choices:
            return clean if clean in {value for value, _label in self.choices} else ""
        return clean[: LONG if self.area else SHORT]


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a sheet. `notes` are the facts beside it; `links` lead to the files behind it: (text, key of the file)."""

    key: str
    text: Any
    fields: tuple[Field, ...] = ()
    notes: tuple[Any, ...] = ()
    links: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Part:
    """Rows under one heading; `fields` are those that stand there alone."""

    title: Any = ""
    rows: tuple[Row, ...] = ()
    fields: tuple[Field, ...] = ()
    note: Any = ""


# What every sheet ends with; both languages, since the report has both.
CLOSING = Part(
    _("Conclusion"),
    fields=(
        Field("conclusion_kk", _("In Kazakh"), area=True),
        Field("conclusion_ru", _("In Russian"), area=True),
    ),
)


def fields_of(parts: Iterable[Part]) -> list[Field]:
    """All fields of a sheet in their order."""
    return [
        one
        for part in parts
        for one in (*(each for row in part.rows for each in row.fields), *part.fields)
    ]


def texts_of(content: Mapping[str, Any]) -> Mapping[str, str]:
    """What was typed so far, by the names of the fields."""
    texts: Mapping[str, str] = content.get("texts", {})
    return texts


def wording(text: Text) -> dict[str, str]:
    """Words of a form or an act as facts keep them."""
    return {"kk": text.kk, "ru": text.ru}


@dataclass(slots=True)
class Merged:
    """`texts` as they are now to be; `changed` names what is new in them, `conflicts` what was typed against somebody else's words."""

    texts: dict[str, str]
    writers: dict[str, str]
    changed: list[str] = field(default_factory=list)
    conflicts: dict[str, str] = field(default_factory=dict)


def merge(
    content: Mapping[str, Any],
    typed: Mapping[str, str],
    marks: Mapping[str, int],
    *,
    writer: str,
    insist: Collection[str] = (),
) -> Merged:
    """Bring what a page sent together with what stands. `marks` say of each field which text the page had shown; a field that only
    the other person touched stays theirs, one that both touched is a conflict unless the writer insists. What somebody wrote
    earlier themselves is no conflict: an answer may have been lost on its way.
    """
    merged = Merged(dict(texts_of(content)), dict(content.get("writers", {})))
    for name, mine in typed.items():
        theirs = merged.texts.get(name, "")
        seen = marks.get(name)
        if mine == theirs:
            continue
        if seen == mark_of(theirs) or name in insist or merged.writers.get(name) == writer:
            merged.texts[name] = mine
            merged.writers[name] = writer
            merged.changed.append(name)
        elif seen != mark_of(mine):
            merged.conflicts[name] = mine
    return merged

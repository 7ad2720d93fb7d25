"""Fields (бағыт, сала) of social orders, grants and prizes, and the sets each act uses (SO-T-011,
SO-X-28).
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from .numbers import shown
from .text import Text
from .wording import refused

FILE = Path(__file__).with_name("acts") / "fields.toml"


@dataclass(frozen=True, slots=True)
class Field:
    """One field. `ru_quoted`: the Russian words are a source's and not a translation."""

    key: str
    number: int
    text: Text
    ru_quoted: bool


@cache
def _data() -> dict[str, Any]:
    return tomllib.loads(FILE.read_text(encoding="utf-8"))


@cache
def field_sets() -> dict[str, tuple[str, ...]]:
    """Keys of the fields of each set, for example of `"grants_2019_guide"`."""
    return {key: tuple(row["members"]) for key, row in _data()["sets"].items()}


def field(key: str) -> Field:
    """The field `key`; `Refused` if there is none."""
    rows = _data()["fields"]
    if key not in rows:
        raise refused("unknown_field", field=shown(key), known=", ".join(rows))
    row = rows[key]
    return Field(key, row["number"], Text.of(row["text"]), row["ru_quoted"])


@cache
def fields_by_name() -> dict[str, str]:
    """The key of each field by its Kazakh words, as papers name it."""
    return {field(key).text.kk: key for key in _data()["fields"]}


def fields_of(of: str) -> list[Field]:
    """The fields of the set `of` in its order; `Refused` if there is no such set."""
    if of not in field_sets():
        raise refused("unknown_field", field=shown(of), known=", ".join(field_sets()))
    return [field(key) for key in field_sets()[of]]

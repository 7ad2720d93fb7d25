"""All sentences that `law` says, in data files: `wording.toml` here and in the packages below.

A translator edits data, and a test proves that no language and no placeholder is
missing. Wording quoted from an act stands in the act's edition instead.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from functools import cache
from pathlib import Path

from .errors import Refused
from .text import LANGUAGES, Text

HERE = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Tenge:
    """An amount of tiyn that a sentence says in tenge, exactly."""

    tiyn: int | Fraction


@cache
def sentences() -> dict[str, Text]:
    """Every sentence by its dotted name, for example `"grants.winner"`."""
    return {
        f"{room}.{name}": Text.of(wording)
        for path in sorted(HERE.glob("**/wording.toml"))
        for room, entries in tomllib.loads(path.read_text(encoding="utf-8")).items()
        for name, wording in entries.items()
    }


def wording(sentence: str, /, **values: object) -> Text:
    """The `sentence` of that name with its `{placeholders}` filled in all languages.

    A `Text` is put in each language's own words; days and `Tenge` are written as each
    language writes them.
    """
    template = sentences()[sentence]
    return Text(
        **{
            language: getattr(template, language).format(
                **{name: _said(value, language) for name, value in values.items()}
            )
            for language in LANGUAGES
        }
    )


def refused(sentence: str, /, **values: object) -> Refused:
    """The refusal whose sentence is `refused.<sentence>` in the wording files."""
    return Refused(wording(f"refused.{sentence}", **values))


def sentence(words: Text) -> Text:
    """An act's wording as a sentence of its own: a full stop behind each language."""
    return Text(*(f"{wording}." if wording else "" for wording in words))


def _said(value: object, language: str) -> object:
    if isinstance(value, Text):
        return value.say(language)
    if isinstance(value, Tenge):
        return _tenge(value.tiyn, language)
    if isinstance(value, date):
        return f"{value.day} {value:%B %Y}" if language == "en" else f"{value:%d.%m.%Y}"
    return value


def in_tenge(tiyn: int | Fraction, language: str) -> str:
    """An exact amount of tiyn in tenge as a language writes it: also parts of a tiyn."""
    return _tenge(tiyn, language)


def _tenge(tiyn: int | Fraction, language: str) -> str:
    """Grouped by thousands; as many decimals as it takes, at most 6 and then "≈"."""
    amount = Fraction(tiyn) / 100
    places = 0
    while places < 6 and (amount * 10**places).denominator != 1:
        places = places + 2 if places == 0 else places + 1
    scaled = round(amount * 10**places)
    sign = "" if Fraction(scaled, 10**places) == amount else "≈"
    tenge, part = divmod(abs(scaled), 10**places)
    comma, point = (",", ".") if language == "en" else ("\N{NO-BREAK SPACE}", ",")
    written = f"{tenge:,}".replace(",", comma)
    return f"{sign}{'-' if scaled < 0 else ''}{written}" + (
        f"{point}{part:0{places}}" if part else ""
    )

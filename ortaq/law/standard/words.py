"""Amounts with their units, and how they are said in three languages."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from ortaq.law.text import LANGUAGES, Text
from ortaq.law.wording import sentences, wording

# Units that can be told in one another. Hours and days cannot: whether an hour is an academic
# one, and how many make a day, the Standard does not say (ST-A-08). Minutes are taken as 1/60 h.
SCALES = ({"minute": 1, "hour": 60}, {"month": 1, "year": 12})
PLACES = 2
MOST_PLACES = 9


@dataclass(frozen=True, slots=True)
class Amount:
    """An exact number with its unit ("person", "percent", "hour" ...)."""

    value: Fraction
    unit: str

    def to(self, unit: str) -> Fraction | None:
        """The value in `unit`, `None` where the Standard has no way from one to the other."""
        if unit == self.unit:
            return self.value
        for scale in SCALES:
            if unit in scale and self.unit in scale:
                return self.value * scale[self.unit] / scale[unit]
        return None

    def words(self) -> Text:
        """Number and unit: "12 persons", "0.5 hours", "85%"; "≈" where a decimal is not exact."""
        return Text(**{language: self._say(language) for language in LANGUAGES})

    def _say(self, language: str) -> str:
        written = decimal(self.value, language)
        if self.unit == "percent":
            return f"{written}%"
        forms = getattr(sentences()[f"unit.{self.unit}"], language).split("|")
        return f"{written} {_form(forms, self.value, language)}"


def decimal(value: Fraction, language: str) -> str:
    """`value` as a decimal: "66.67" is written "≈66,67" since it is not exact.

    As many places as it takes not to be shown as the whole number that it is not: 49.999 %
    must not read "50 %, below the minimum of 50 %".
    """
    if value.denominator == 1:
        return str(value.numerator)
    places = PLACES
    while round(value, places).denominator == 1 and places < MOST_PLACES:
        places += 1
    rounded = round(value, places)
    whole, part = divmod(abs(int(rounded * 10**places)), 10**places)
    written = f"{whole}.{part:0{places}}".rstrip("0").rstrip(".")
    if language != "en":
        written = written.replace(".", ",")
    return written if rounded == value else f"≈{written}"


def _form(forms: Sequence[str], value: Fraction, language: str) -> str:
    """The form of a noun after a number; a part takes the genitive singular in Russian."""
    if language == "kk" or len(forms) == 1:
        return forms[0]
    if language == "en":
        return forms[0] if value == 1 else forms[1]
    if value.denominator != 1:
        return forms[1]
    tens, ones = value.numerator % 100, value.numerator % 10
    if ones == 1 and tens != 11:
        return forms[0]
    return forms[1] if ones in (2, 3, 4) and tens not in (12, 13, 14) else forms[2]


def joined(parts: Iterable[Text], separator: str = ", ") -> Text:
    """`parts` one after the other in every language."""
    listed = list(parts)
    return Text(
        **{
            language: separator.join(part.say(language) for part in listed)
            for language in LANGUAGES
        }
    )


def subject(*parts: Text) -> Text:
    """What a finding is about: "Seminar. Number of participants"."""
    return joined([part for part in parts if any(part)], ". ")


def place(number: int, paragraphs: Iterable[str]) -> Text:
    """Where a rule stands: "Standard, table 7, ¶10"; a `number` of 0 stands for no table."""
    parts = [wording("standard.table", number=number)] if number else []
    for paragraph in paragraphs:
        whole, _, item = paragraph.rstrip(")").partition("(")
        name = "standard.subparagraph" if item else "standard.paragraph"
        parts.append(wording(name, number=whole, **({"item": item} if item else {})))
    return wording("standard.place", where=joined(parts))

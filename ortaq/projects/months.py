"""Months in which an activity runs: as a list to reckon with, and in words (GR-I-08)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import date

from django.utils import translation
from django.utils.dates import MONTHS

THROUGHOUT = {
    "kk": "жобаны іске асыру барысында",
    "ru": "в течение реализации проекта",
}


def between(begins: date | None, ends: date | None) -> list[str]:
    """["2020-07", "2020-08", ...] from the month of one day to that of another; at most 60."""
    if begins is None or ends is None or ends < begins:
        return []
    first, last = begins.year * 12 + begins.month - 1, ends.year * 12 + ends.month - 1
    return [f"{n // 12}-{n % 12 + 1:02}" for n in range(first, min(last, first + 59) + 1)]


# Beginnings of the names of months, long enough to be no other word.
_NAMES = (
    ("қаңтар", "январ", "january"),
    ("ақпан", "феврал", "february"),
    ("наурыз", "март", "march"),
    ("сәуір", "апрел", "april"),
    ("мамыр", "май", "мая", "мае", "may"),
    ("маусым", "июн", "june"),
    ("шілде", "июл", "july"),
    ("тамыз", "август", "august"),
    ("қыркүйек", "сентябр", "september"),
    ("қазан", "октябр", "october"),
    ("қараша", "ноябр", "november"),
    ("желтоқсан", "декабр", "december"),
)
_MONTH_OF = {name: number for number, names in enumerate(_NAMES, 1) for name in names}
_THROUGHOUT = re.compile(
    r"іске асыру барысында|жоба барысында|жоба бойы|в течение (?:всего )?(?:срока )?(?:реализации )?проекта"
    r"|на протяжении|throughout"
)
_WORDS = re.compile(r"(?P<day>\d{1,2})\.(?P<month>\d{1,2})\.(?P<dated>20\d\d)|(?P<year>20\d\d)"
                    rf"|(?P<name>{'|'.join(_MONTH_OF)})"
                    r"|(?P<to>[-–—]|\b(?:до|по)\b|айынан|\B(?:[дтн]ан|[дтн]ен)\b)")  # fmt: skip


def read(term: str, begins: date | None, ends: date | None) -> list[str]:
    """The months that a term as printed names, between the first and the last day of the project.

    "тамыз-қараша", "август – ноябрь 2024 г.", "2023 ж. маусым, қыркүйек", "12.08.2024", "жобаны іске асыру барысында". A month
    without a year is that month of the project's term. What says no month, or one outside the term, gives none.
    """
    term, of = term.casefold(), between(begins, ends)
    if _THROUGHOUT.search(term):
        return of
    found: list[list[str]] = []
    spans = False
    for match in _WORDS.finditer(term):
        if match["to"]:
            spans = bool(found)
            continue
        if match["year"]:
            continue
        number = int(match["month"]) if match["month"] else _MONTH_OF[match["name"]]
        year = match["dated"] or _year_beside(term, match)
        these = [m for m in of if int(m[5:]) == number and (not year or m[:4] == year)]
        if spans and found and these:
            between_them = [m for m in of if found[-1][0] <= m <= these[-1]]
            found[-1] = between_them or found[-1]
        elif these:
            found.append(these[:1])
        spans = False
    return sorted({month for span in found for month in span})


def _year_beside(term: str, match: re.Match[str]) -> str:
    """The year of a month's name, "" for none: Kazakh writes it before the month, Russian after."""
    before = re.findall(r"20\d\d", term[: match.start()])
    after = re.findall(r"20\d\d", term[match.end() :])
    first = _WORDS.search(term)
    year_first = first is not None and first["year"] is not None
    nearest = [*before[-1:], *after[:1]] if year_first else [*after[:1], *before[-1:]]
    return nearest[0] if nearest else ""


def said(months: Sequence[str], language: str, *, of: Iterable[str] = ()) -> str:
    """The months in words: one, spans of neighbours, or "throughout" when they are all `of` some."""
    if not months:
        return ""
    language = language if language in THROUGHOUT else "kk"
    if len(months) > 1 and set(months) == set(of):
        return THROUGHOUT[language]
    with translation.override(language):
        return ", ".join(_span(span, language) for span in _spans(sorted(set(months))))


def _spans(months: Sequence[str]) -> list[list[str]]:
    spans: list[list[str]] = []
    for month in months:
        if spans and _number(month) == _number(spans[-1][-1]) + 1 and month[:4] == spans[-1][0][:4]:
            spans[-1].append(month)
        else:
            spans.append([month])
    return spans


def _number(month: str) -> int:
    return int(month[:4]) * 12 + int(month[5:])


def _span(span: Sequence[str], language: str) -> str:
    names = [str(MONTHS[int(month[5:])]).lower() for month in span]
    named = names[0] if len(names) == 1 else f"{names[0]}–{names[-1]}"
    year = span[0][:4]
    return f"{named} {year} г." if language == "ru" else f"{year} ж. {named}"

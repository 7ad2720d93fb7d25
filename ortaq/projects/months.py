"""Months in which an activity runs: as a list to reckon with, and in words (GR-I-08)."""

from __future__ import annotations

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

"""Small words that all sources need: both languages at once, one value for many, keys of many nouns."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import date, datetime
from typing import Any

from django.utils import translation

from ortaq.core import clock
from ortaq.core.models import JournalEntry


def both(say: Callable[[Any], Any], of: Any) -> tuple[str, str]:
    """What `say` says of something to readers of Kazakh and of Russian."""
    with translation.override("kk"):
        kk = str(say(of))
    with translation.override("ru"):
        return kk, str(say(of))


def the_one(values: Iterable[Any], none: Any = "") -> Any:
    """The value that all share; `none` where they differ or there is nothing."""
    found = set(values)
    return found.pop() if len(found) == 1 else none


def distinct(values: Iterable[str]) -> tuple[str, ...]:
    """Each value that is not empty once, in alphabetical order."""
    return tuple(sorted({value for value in values if value}))


def where(region: str, body: Any) -> tuple[str, ...]:
    """The region that a thing is about: its own, or else that of the body it belongs to."""
    return distinct([region or body.region_code])


def iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


def since(day: date | None) -> datetime | None:
    """The first instant of a day, where no more is known of when something was published."""
    return clock.at(day) if day else None


def told(**facts: Any) -> Mapping[str, Any]:
    """Facts without those that are not known."""
    return {name: value for name, value in facts.items() if value is not None and value != ""}


def shorter(text: str, length: int = 600) -> str:
    """The beginning of a long text, cut at a word."""
    text = " ".join(text.split())
    if len(text) <= length:
        return text
    return text[:length].rpartition(" ")[0] + " …"


def begun(keys: Collection[str]) -> dict[str, datetime]:
    """When the journal first tells of each of these subjects; one query."""
    rows = JournalEntry.objects.filter(subject__in=keys, number=1)
    return dict(rows.values_list("subject", "at"))

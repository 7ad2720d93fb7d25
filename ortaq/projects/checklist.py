"""Which papers prove an event of its kind, and which of them are there (IM-063). The list is data: `checklist.toml`."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from django.db.models import Count

from ortaq import law
from ortaq.law.findings import Citation, Finding, Severity
from ortaq.law.text import Text

from .models import Consultation, Event, Evidence, Participation

FILE = Path(__file__).with_name("checklist.toml")
GUIDE = ("tender_scoring", "2019")  # the edition in which the guide of 2019 is kept
MISSING = Text(
    "«{event}»: дәлел жоқ: {item}.",
    "«{event}»: нет подтверждения: {item}.",
    "\"{event}\": evidence is missing: {item}.",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Item:
    """A line of the list. `evidence` are the kinds of evidence that answer it unasked; `counted` the record that does."""

    key: str
    label: Text
    place: str
    kinds: tuple[str, ...]
    evidence: tuple[str, ...]
    counted: str

    def is_of(self, kind: str) -> bool:
        """Whether an event of this kind is asked for it."""
        return not self.kinds or kind in self.kinds

    @property
    def cite(self) -> Citation:
        return law.edition(*GUIDE).cite(self.place)


@dataclass(frozen=True, slots=True)
class Line:
    """An item for one event: how many papers answer it, and how many records of the platform."""

    item: Item
    attached: int
    recorded: int

    @property
    def there(self) -> bool:
        return bool(self.attached or self.recorded)


# How many papers of an event answer each item, and how many records of each sort it has.
Found = Mapping[str, int]


@cache
def items() -> tuple[Item, ...]:
    """The whole list in the order of the guide."""
    rows = tomllib.loads(FILE.read_text(encoding="utf-8"))["items"]
    return tuple(
        Item(
            row["key"],
            Text.of(row),
            row["cite"],
            tuple(row.get("kinds", ())),
            tuple(row.get("evidence", ())),
            row.get("counted", ""),
        )
        for row in rows
    )


def of_kind(kind: str) -> list[Item]:
    """What an event of this kind is asked for."""
    return [one for one in items() if one.is_of(kind)]


def lines(event: Event, found: Found) -> list[Line]:
    """The list for one event, item by item; no query."""
    recorded = {"attended": event.attended, "answers": event.answers, **found}
    return [
        Line(one, found.get(f"item:{one.key}", 0), recorded.get(one.counted, 0) if one.counted else 0)
        for one in of_kind(event.kind)
    ]  # fmt: skip


def found_of(events: Iterable[Event]) -> dict[int, dict[str, int]]:
    """What is attached to and recorded of each event, by its key; three queries for however many."""
    wanted = {event.pk: event for event in events}
    by_kind = {kind: one.key for one in items() for kind in one.evidence}
    found: dict[int, dict[str, int]] = {pk: {} for pk in wanted}
    attached = (
        Evidence.objects.filter(event__in=wanted)
        .exclude(state__in=(Evidence.State.REFUSED, Evidence.State.WITHDRAWN))
        .order_by()
        .values_list("event", "item", "kind")
        .annotate(Count("id"))
    )
    for pk, item, kind, number in attached:
        key = f"item:{item or by_kind.get(kind, '')}"
        found[pk][key] = found[pk].get(key, 0) + number
    reviews = (
        Participation.objects.filter(event__in=wanted)
        .exclude(review="")
        .order_by()
        .values_list("event")
        .annotate(Count("id"))
    )
    for pk, number in reviews:
        found[pk]["reviews"] = number
    talks = dict(
        Consultation.objects.filter(activity__in={event.activity_id for event in wanted.values()})
        .order_by()
        .values_list("activity")
        .annotate(Count("id"))
    )
    for pk, event in wanted.items():
        found[pk]["consultations"] = talks.get(event.activity_id, 0)
    return found


def missing(event: Event, found: Found) -> list[Finding]:
    """What is missing of an event that was held: warnings, since the papers "may" be attached."""
    if event.state != Event.State.HELD:
        return []
    return [
        Finding(
            "no_evidence",
            Severity.WARNING,
            Text(
                *(
                    sentence.format(event=title, item=label)
                    for sentence, title, label in zip(
                        MISSING,
                        (event.title_kk, event.title_ru or event.title_kk, event.title_kk),
                        line.item.label,
                        strict=True,
                    )
                )
            ),
            line.item.cite,
            {"event": event.number},
            f"evidence.{line.item.key}",
        )
        for line in lines(event, found)
        if not line.there
    ]

"""Terms as an iCalendar feed (RFC 5545), for the calendar of a telephone or an office."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from ortaq.core import clock

# RFC 5545, 3.1: a line has at most 75 octets; its continuation begins with a space.
OCTETS = 75
TYPE = "text/calendar; charset=utf-8"


@dataclass(frozen=True, slots=True)
class Event:
    """One instant in a calendar: `key` is unique on this site, `address` the path of its page.

    `changed_at` is when what it says last changed; None: at the moment.
    """

    key: str
    at: datetime
    summary: str
    description: str = ""
    address: str = ""
    changed_at: datetime | None = None


def feed(events: Iterable[Event], *, name: str, site: str) -> str:
    """A calendar called `name` with these events, each with an alarm a day before; `site` is the address of this site."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Ortaq//duties//KK", f"NAME:{_text(name)}"]
    lines += [f"X-WR-CALNAME:{_text(name)}", "REFRESH-INTERVAL;VALUE=DURATION:PT1H"]
    for event in events:
        lines += _event(event, site)
    lines.append("END:VCALENDAR")
    return "".join(f"{part}\r\n" for line in lines for part in _folded(line))


def _event(event: Event, site: str) -> Iterator[str]:
    yield "BEGIN:VEVENT"
    yield f"UID:{_bare(event.key)}@{site.partition('://')[2] or site}"
    yield f"DTSTAMP:{_instant(event.changed_at or clock.now())}"
    yield f"DTSTART:{_instant(event.at)}"
    yield f"DTEND:{_instant(event.at)}"
    yield f"SUMMARY:{_text(event.summary)}"
    if event.description:
        yield f"DESCRIPTION:{_text(event.description)}"
    if event.address:
        yield f"URL:{site}{_bare(event.address)}"
    yield "BEGIN:VALARM"
    yield "ACTION:DISPLAY"
    yield f"DESCRIPTION:{_text(event.summary)}"
    yield "TRIGGER:-P1D"
    yield "END:VALARM"
    yield "END:VEVENT"


def _instant(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def _bare(value: str) -> str:
    """What stands in a line without being text: nothing that could end it."""
    return "".join(letter for letter in value if letter.isprintable())


def _text(value: str) -> str:
    """A text as a value: what has a meaning there is escaped, control characters are gone (RFC 5545, 3.3.11)."""
    escaped = value.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")
    return "\\n".join(
        "".join(" " if letter == "\t" else letter for letter in line if _written(letter))
        for line in escaped.splitlines()
    )


def _written(letter: str) -> bool:
    return letter == "\t" or (letter >= " " and not "\x7f" <= letter <= "\x9f")


def _folded(line: str) -> Iterator[str]:
    """The line in pieces of at most 75 octets, never cutting a letter in two."""
    piece, size = "", 0
    for letter in line:
        width = len(letter.encode("utf-8", "replace"))
        if size + width > OCTETS:
            yield piece
            piece, size = " ", 1
        piece, size = piece + letter, size + width
    yield piece

"""My duties as an iCalendar feed (RFC 5545), for the calendar of a telephone or an office."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime

from ortaq.core import clock
from ortaq.faces import say

from .queries.desk import Task

# RFC 5545, 3.1: a line has at most 75 octets; its continuation begins with a space.
OCTETS = 75


def feed(tasks: Iterable[Task], *, name: str, site: str) -> str:
    """A calendar called `name` with one event for each duty that has a term."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Ortaq//duties//KK", f"NAME:{_text(name)}"]
    lines += [f"X-WR-CALNAME:{_text(name)}", "REFRESH-INTERVAL;VALUE=DURATION:PT1H"]
    for task in tasks:
        lines += _event(task, site)
    lines.append("END:VCALENDAR")
    return "".join(f"{part}\r\n" for line in lines for part in _folded(line))


def _event(task: Task, site: str) -> Iterator[str]:
    duty = task.duty
    if duty.due_at is None:
        return
    about = [task.organisation.name] if task.organisation else []
    about += [say.cite(duty.cite)] if duty.cite else []
    yield "BEGIN:VEVENT"
    yield f"UID:duty-{duty.pk}@{site.partition('://')[2] or site}"
    yield f"DTSTAMP:{_instant(clock.now())}"
    yield f"DTSTART:{_instant(duty.due_at)}"
    yield f"DTEND:{_instant(duty.due_at)}"
    yield f"SUMMARY:{_text(say.text(duty.title))}"
    if about:
        yield f"DESCRIPTION:{_text(' · '.join(about))}"
    if duty.address:
        yield f"URL:{site}{duty.address}"
    yield "BEGIN:VALARM"
    yield "ACTION:DISPLAY"
    yield f"DESCRIPTION:{_text(say.text(duty.title))}"
    yield "TRIGGER:-P1D"
    yield "END:VALARM"
    yield "END:VEVENT"


def _instant(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def _text(value: str) -> str:
    escaped = value.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")
    return "\\n".join(escaped.splitlines())


def _folded(line: str) -> Iterator[str]:
    """The line in pieces of at most 75 octets, never cutting a letter in two."""
    piece, size = "", 0
    for letter in line:
        width = len(letter.encode())
        if size + width > OCTETS:
            yield piece
            piece, size = " ", 1
        piece, size = piece + letter, size + width
    yield piece

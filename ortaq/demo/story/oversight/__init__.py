"""Oversight of the social order: visits all through 2023, the expert council, evaluations at the end of the year, what is reported.

One project is evaluated and its act signed, one waits for its report to be posted, one is being scored; three state bodies report, one of
them late.
"""

from __future__ import annotations

from collections.abc import Iterator

from ortaq.demo.story.beat import Beat

from . import council, elsewhere, evaluations, lessons, plans, statutory, visits


def beats() -> Iterator[Beat]:
    for chapter in (elsewhere, plans, visits, council, evaluations, statutory, lessons):
        yield from chapter.beats()

"""What becomes of the contracts: the grants of 2020 and the social order of 2023, day by day.

One project is on course, one late, one overspent, one short of participants, one has its final report returned, one is closed.
"""

from __future__ import annotations

from collections.abc import Iterator

from ortaq.demo.story.beat import Beat

from . import changes, consultations, events, evidence, money, reports, small_grants, whole


def beats() -> Iterator[Beat]:
    for chapter in (money, events, consultations, small_grants, evidence, changes, whole, reports):
        yield from chapter.beats()

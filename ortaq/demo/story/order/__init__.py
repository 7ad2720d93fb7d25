"""The state social order of 2023: a ministry under the rules of 2018, an akimat under those of 2022.

From needs and topics through discussion, council and budget to a tender and its contracts.
"""

from __future__ import annotations

from collections.abc import Iterator

from ortaq.demo.story.beat import Beat

from . import budget, commission, contracts, council, discussion, needs, tender


def beats() -> Iterator[Beat]:
    for chapter in (needs, discussion, council, budget, tender, commission, contracts):
        yield from chapter.beats()

"""Many projects at work, written in bulk: events, people who took part and answered, money, evidence.

Rows stand as the steps leave them; only the journal is not written. Everything is reckoned from the number of a project, so that
the kept figures can be too; `tally.drifts` then says whether rows and figures agree. The first project is a large one.
"""

from __future__ import annotations

from typing import Any

from bench import bulk

from .contracts import all_projects, contracts, organisations
from .events import code_of, events, participations
from .proofs import evidence, money
from .shape import COMMON, LARGE, first

HALLS = 500  # events at which people register while the page is measured: one event takes no more than 650


def build(projects: int) -> dict[str, Any]:
    """Fill an empty database; gives the keys of what the requests are about."""
    people = organisations(projects)
    with bulk.loading():
        contracts(projects, people["operator"])
        all_projects(projects)
        events(projects)
        participations(projects)
        money(projects)
        evidence(projects)
    coming = [
        code_of(first(n, "events") + e)
        for n in range(1, projects)
        for e in range(COMMON.held + 1, COMMON.events)
    ]
    return {
        **people,
        "project": 2,
        "large": 1,
        "event": first(1, "events"),
        "code": coming[0],
        "codes": coming[1 : HALLS + 1],
        "events": LARGE.events + (projects - 1) * COMMON.events,
        "participations": LARGE.events * LARGE.each + (projects - 1) * COMMON.events * COMMON.each,
    }

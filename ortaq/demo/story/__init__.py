"""The story of a grant competition of 2020, of a social order of 2023, of their projects and how these are overseen, and of a prize of 2024,
as beats in the order of time.

A beat is what somebody did at an instant, by the same steps as the pages. Beats find everything
anew in the database, so the story goes on from whatever visitors have done meanwhile: what
somebody has done already is left as it is.
"""

from __future__ import annotations

from datetime import date, datetime
from functools import cache

from ortaq.core import clock

from . import (
    acceptance,
    check,
    contracts,
    founding,
    order,
    outcome,
    oversight,
    panel,
    prizes,
    projects,
    returns,
    scoring,
)
from .beat import Beat

# Where the demonstration can be entered: the instant at which the newcomer's clock stands.
STAGES: dict[str, datetime] = {
    "announced": clock.at(date(2020, 5, 20), 10),
    "submitted": clock.at(date(2020, 6, 4), 9),
    "scoring": clock.at(date(2020, 6, 29), 11),
    "meeting": clock.at(date(2020, 7, 13), 10, 30),
    "published": clock.at(date(2020, 7, 17), 15),
    "signing": clock.at(date(2020, 7, 31), 11),
    "contracted": clock.at(date(2020, 8, 3), 10),
    "running": clock.at(date(2020, 10, 5), 10),
    "reported": clock.at(date(2020, 12, 14), 10),
    "discussion": clock.at(date(2022, 10, 14), 10),
    "listed": clock.at(date(2022, 11, 10), 15),
    "bidding": clock.at(date(2023, 2, 6), 10),
    "opened": clock.at(date(2023, 2, 22), 10),
    "ordered": clock.at(date(2023, 3, 16), 10),
    "serving": clock.at(date(2023, 6, 15), 10),
    "delivered": clock.at(date(2023, 12, 11), 10),
    "monitored": clock.at(date(2023, 12, 18), 10),
    "evaluated": clock.at(date(2024, 2, 12), 10),
    "nominating": clock.at(date(2024, 8, 28), 10),
    "deciding": clock.at(date(2024, 11, 6), 10),
    "awarded": clock.at(date(2024, 12, 18), 10),
}


@cache
def beats() -> tuple[Beat, ...]:
    """All beats, the earliest first."""
    chapters = (
        founding, acceptance, panel, check, scoring, outcome, contracts, projects, order, oversight,
        prizes, returns,
    )  # fmt: skip
    return tuple(sorted((b for c in chapters for b in c.beats()), key=lambda beat: beat.at))


__all__ = ["STAGES", "Beat", "beats"]

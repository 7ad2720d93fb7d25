"""Ends of acceptance, and what came just before them.

What reached the server by a deadline is in time, however long its turn took (`Attempt.reached`). So acceptance is ended a
little after the deadline, when what came in its last second has been dealt with. Nobody is taken in later: each who hands
something in is judged by the instant of their own arrival.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings

from . import clock


def _pause() -> timedelta:
    return timedelta(seconds=settings.ORTAQ_CLOSING_PAUSE)


def is_over(deadline: datetime | None, now: datetime) -> bool:
    """Whether acceptance until `deadline` can be ended at `now`; without a deadline it cannot."""
    return deadline is not None and now > deadline + _pause()


def over_before() -> datetime:
    """Acceptance whose deadline lies before this instant can be ended now."""
    return clock.now() - _pause()

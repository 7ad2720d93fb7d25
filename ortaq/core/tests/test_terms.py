from datetime import date

import pytest

from ortaq.core import clock as core_clock
from ortaq.core.models import CalendarDay
from ortaq.core.terms import working_calendar

pytestmark = pytest.mark.django_db
MONDAY = date(2026, 11, 16)


def test_a_day_off_that_an_official_adds_counts_from_the_day_it_was_known():
    assert working_calendar(date(2026, 11, 10)).is_working(MONDAY)
    CalendarDay.objects.create(
        day=MONDAY, kind="day_off", source_act="қаулы № 1", known_from=date(2026, 11, 9)
    )
    assert not working_calendar(date(2026, 11, 9)).is_working(MONDAY)
    assert working_calendar(date(2026, 11, 8)).is_working(MONDAY)


def test_the_day_known_last_wins(clock):
    clock.set(core_clock.at(date(2026, 11, 12)))
    for kind, known in (("day_off", 1), ("working_day", 10)):
        CalendarDay.objects.create(
            day=MONDAY, kind=kind, source_act="қаулы", known_from=date(2026, 11, known)
        )
    assert not working_calendar(date(2026, 11, 5)).is_working(MONDAY)
    assert working_calendar().is_working(MONDAY)

from datetime import date

import pytest

from ortaq import law
from ortaq.core import clock as core_clock
from ortaq.core.models import CalendarDay, IndexValue
from ortaq.core.terms import due_at, index_values, threshold, working_calendar

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


def test_a_day_taken_back_is_ordinary_again_for_terms_that_begin_afterwards(clock):
    clock.set(core_clock.at(date(2026, 11, 12)))
    for kind, known in (("day_off", 2), ("ordinary", 10)):
        CalendarDay.objects.create(
            day=MONDAY, kind=kind, source_act="қаулы", known_from=date(2026, 11, known)
        )
    edition = law.edition("grants_rules", "2020")

    def ends(day: int) -> date:
        started = core_clock.at(date(2026, 11, day), 12)
        return core_clock.day_of(due_at(edition, "conflict_round", started))

    assert [ends(day) for day in (1, 9, 12)] == [
        date(2026, 11, 4),
        date(2026, 11, 12),
        date(2026, 11, 17),
    ]
    assert not working_calendar(date(2026, 11, 9)).is_working(MONDAY)
    assert working_calendar().is_working(MONDAY)


def test_a_threshold_reads_the_index_that_an_official_added(clock):
    clock.set(core_clock.at(date(2026, 12, 10)))
    on = date(2027, 1, 15)
    assert threshold("prize.amount_min", on)[0].numbers["mci_tiyn"] == 432_500
    for amount, known in ((450_000, date(2026, 12, 9)), (470_000, date(2026, 12, 11))):
        IndexValue.objects.create(
            valid_from=date(2027, 1, 1), amount_tiyn=amount, source_act="заң", known_from=known
        )
    found = threshold("prize.amount_min", on, amount_tiyn=900_000_001)
    assert found[0].numbers["amount_tiyn"] == 2000 * 450_000
    # Whoever added the value named its act, so nothing has to be confirmed.
    assert [one.code for one in found] == ["threshold", "above"]
    assert index_values(date(2026, 12, 11))[-1].amount_tiyn == 470_000
    assert index_values(date(2026, 12, 8)) == law.shipped_values()

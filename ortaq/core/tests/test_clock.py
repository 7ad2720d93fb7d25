from datetime import UTC, date, datetime, timedelta

import pytest

from ortaq.core import clock


def test_a_day_is_a_day_in_almaty():
    with clock.frozen(datetime(2026, 3, 1, 19, 30, tzinfo=UTC)):
        assert clock.today() == date(2026, 3, 2)
        assert clock.now().isoformat() == "2026-03-02T00:30:00+05:00"


def test_a_day_of_2020_had_the_offset_of_2020():
    assert clock.at(date(2020, 6, 15), 18).astimezone(UTC).hour == 12
    assert clock.at(date(2026, 6, 15), 18).astimezone(UTC).hour == 13


def test_the_last_second_of_a_day_is_still_of_that_day():
    end = clock.end_of(date(2020, 6, 15))
    assert clock.day_of(end) == date(2020, 6, 15)
    assert clock.day_of(end + timedelta(seconds=1)) == date(2020, 6, 16)


def test_the_clock_can_only_be_set_to_an_instant_with_a_zone():
    with pytest.raises(ValueError, match="time zone"), clock.frozen(datetime(2026, 3, 1)):
        pass


def test_a_frozen_clock_stands_still_and_is_released():
    instant = datetime(2020, 6, 15, 12, tzinfo=UTC)
    with clock.frozen(instant):
        assert clock.now() == clock.now() == instant
        with clock.frozen(instant + timedelta(days=1)):
            assert clock.now() == instant + timedelta(days=1)
        assert clock.now() == instant
    assert clock.now() != instant


def test_a_clock_that_runs_ahead_keeps_running():
    before = clock.now()
    with clock.ahead(timedelta(days=30)):
        assert clock.now() - before >= timedelta(days=30)
        assert clock.now() >= clock.now() - timedelta(seconds=1)
    assert clock.now() - before < timedelta(minutes=1)


def test_what_waited_for_its_turn_counts_as_there_since_it_came():
    instant = datetime(2020, 6, 15, 12, tzinfo=UTC)
    with clock.frozen(instant), clock.arriving(timedelta(seconds=3)):
        assert clock.reached() == instant - timedelta(seconds=3)
        clock.arrived_only_now()
        assert clock.reached() == instant
    with clock.ahead(timedelta(days=-400)), clock.arriving(timedelta(seconds=3)):
        assert timedelta(seconds=3) <= clock.now() - clock.reached() < timedelta(seconds=30)
    assert clock.now() - clock.reached() < timedelta(seconds=1)

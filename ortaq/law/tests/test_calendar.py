from datetime import date

import pytest

from ortaq import law
from ortaq.law.calendar import LONGEST_TERM_DAYS
from ortaq.law.text import EMPTY


def row(on: date, kind: str, known_from: date | None = None) -> law.Day:
    return law.Day(on, law.DayKind(kind), EMPTY, EMPTY, known_from=known_from)


@pytest.mark.parametrize(
    ("day", "working"),
    [
        (date(2020, 5, 9), False),  # Victory Day on a Saturday
        (date(2020, 5, 8), False),  # moved day off
        (date(2020, 5, 11), True),  # worked for it
        (date(2024, 5, 4), True),  # a working Saturday
        (date(2024, 5, 8), False),  # the day off that it was worked for
        (date(2025, 1, 5), True),  # a working Sunday
        (date(2024, 3, 25), False),  # Nauryz on a Saturday, carried over
        (date(2024, 6, 17), True),  # Kurban Ait on a Sunday is not carried over
        (date(2023, 6, 28), False),  # Kurban Ait
        (date(2022, 12, 1), True),  # no longer First President Day
        (date(2022, 10, 25), False),  # Republic Day
        (date(2021, 3, 9), True),
    ],
)
def test_the_shipped_table_knows_holidays_moved_days_and_working_saturdays(day, working):
    assert law.kazakhstan().is_working(day) is working


def test_every_shipped_row_names_its_source_in_three_languages():
    rows = law.shipped_rows()
    assert {day.on.year for day in rows} == set(range(2018, 2028))
    assert all(all(day.source) and all(day.name) for day in rows)
    assert len({day.on for day in rows}) == len(rows)


def test_what_is_not_confirmed_by_its_source_says_so():
    unsure = [day for day in law.shipped_rows() if not day.confirmed]
    moved = [day for day in law.shipped_rows() if "resolution" in day.source.en]
    assert moved
    assert all(not day.confirmed for day in moved)
    assert all("resolution" in day.source.en or day.on.year >= 2026 for day in unsure)


def test_a_working_saturday_and_the_day_it_was_worked_for_are_equally_many():
    moved = [day for day in law.shipped_rows() if "resolution" in day.source.en]
    off = [day for day in moved if day.kind is law.DayKind.DAY_OFF]
    assert len(off) * 2 == len(moved)


def test_rows_of_a_database_make_a_calendar_of_their_own():
    calendar = law.WorkingCalendar([row(date(2030, 1, 3), "holiday")])
    assert not calendar.is_working(date(2030, 1, 3))
    assert calendar.add(date(2030, 1, 2), 1) == date(2030, 1, 4)
    assert calendar.knows(2030)
    assert not calendar.knows(2031)


def test_a_term_is_counted_with_the_calendar_known_on_its_day():
    friday = date(2030, 3, 15)
    rows = [
        row(friday, "day_off", known_from=date(2030, 3, 14)),
        row(date(2030, 3, 21), "holiday"),
    ]
    before = law.WorkingCalendar(law.effective(rows, date(2030, 3, 13)))
    after = law.WorkingCalendar(law.effective(rows, date(2030, 3, 14)))
    assert before.add(date(2030, 3, 14), 1) == friday
    assert after.add(date(2030, 3, 14), 1) == date(2030, 3, 18)


def test_a_later_row_takes_an_earlier_one_back():
    saturday = date(2030, 3, 16)
    rows = [
        row(saturday, "day_off", known_from=date(2030, 2, 1)),
        row(saturday, "working_day", known_from=date(2030, 1, 1)),
    ]
    assert law.WorkingCalendar(law.effective(rows, date(2030, 1, 15))).is_working(saturday)
    assert not law.WorkingCalendar(law.effective(rows, date(2030, 2, 1))).is_working(saturday)
    assert law.effective(rows, date(2029, 12, 31)) == []


def test_a_day_with_nothing_special_is_as_its_weekday_says_and_makes_no_year_known():
    friday, saturday = date(2030, 3, 15), date(2030, 3, 16)
    calendar = law.WorkingCalendar([row(friday, "ordinary"), row(saturday, "ordinary")])
    assert calendar.is_working(friday)
    assert not calendar.is_working(saturday)
    assert not calendar.knows(2030)


@pytest.mark.parametrize("amount", [-1, LONGEST_TERM_DAYS + 1, True])
def test_a_term_of_an_absurd_length_is_refused(amount):
    with pytest.raises(law.Refused):
        law.kazakhstan().add(date(2020, 1, 1), amount)

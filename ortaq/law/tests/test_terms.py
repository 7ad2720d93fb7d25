from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ortaq import law
from ortaq.law.tests.casebook import cases, named

days = st.dates(min_value=date(2018, 1, 1), max_value=date(2027, 12, 31))


def term(edition: str, key: str) -> law.Term:
    act, _, year = edition.partition("/")
    return law.edition(act, year).term(key)


@pytest.mark.req("GR-A-03", "GR-C-10", "GR-S-01", "PR-026", "SO-X-02", "SO-X-25")
@pytest.mark.parametrize("case", cases("due")["due"], ids=named)
def test_a_term_ends_on_the_day_counted_by_hand(case):
    found = law.due(term(case["edition"], case["term"]), case["start"])
    assert found.due_on == case["due_on"]
    notices = {finding.code for finding in found.findings} - {"due_at_most", "due_at_least"}
    assert notices - {"calendar_unconfirmed"} == ({case["notice"]} if "notice" in case else set())


@pytest.mark.req("SO-X-02")
def test_where_the_act_leaves_the_day_open_the_reminder_comes_the_day_before():
    found = law.due(term("rules_social_order/2022", "information.local"), date(2024, 3, 1))
    assert (found.due_on, found.remind_on) == (date(2024, 8, 1), date(2024, 7, 31))


def test_a_date_that_is_said_not_to_be_included_ends_the_day_before():
    yearly = law.Term(
        key="t",
        unit="fixed_date",
        amount=0,
        starts=law.Text(),
        label=law.Text(en="t"),
        cite=law.Citation("a", "e", "p"),
        inclusive=False,
        month=5,
        day=15,
    )
    assert law.due(yearly, date(2024, 5, 14)).due_on == date(2024, 5, 14)
    assert law.due(yearly, date(2024, 5, 15)).due_on == date(2025, 5, 14)


@pytest.mark.req("GR-A-03")
@pytest.mark.parametrize(
    ("closes", "code", "severity"),
    [
        (date(2020, 6, 2), "window_too_short", law.Severity.ERROR),
        (date(2020, 6, 3), "window_in_order", law.Severity.OK),
        (date(2020, 6, 13), "window_in_order", law.Severity.OK),
        (date(2020, 6, 14), "window_too_long", law.Severity.WARNING),
        (date(2020, 5, 1), "window_too_short", law.Severity.ERROR),
    ],
)
def test_the_window_of_acceptance_rejects_shorter_and_warns_on_longer(closes, code, severity):
    window = law.edition("grants_rules", "2020").window("acceptance")
    found = window.check(date(2020, 5, 14), closes)
    assert (found.code, found.severity) == (code, severity)


@pytest.mark.req("GR-A-03")
def test_a_window_that_is_too_short_says_the_earliest_lawful_day():
    window = law.edition("grants_rules", "2020").window("acceptance")
    found = window.check(date(2020, 5, 14), date(2020, 5, 20))
    assert found.numbers["earliest_close"] == date(2020, 6, 3)
    assert window.check(date(2020, 5, 14), date(2020, 6, 3)).severity is law.Severity.OK


def test_a_year_without_a_calendar_is_told_and_counted_by_weekdays():
    found = law.due(term("grants_rules/2020", "scoring"), date(2031, 3, 3))
    assert found.due_on == date(2031, 3, 24)
    assert [f.code for f in found.findings if f.severity is law.Severity.WARNING] == [
        "calendar_unknown"
    ]


def test_a_moved_day_that_nobody_confirmed_is_told():
    found = law.due(term("grants_rules/2020", "conflict_round"), date(2020, 5, 6))
    told = {finding.code: finding for finding in found.findings}
    assert told["calendar_unconfirmed"].numbers["days"] == [date(2020, 5, 8)]


@pytest.mark.parametrize(
    ("start", "months", "end"),
    [
        (date(2020, 1, 31), 1, date(2020, 2, 29)),
        (date(2019, 1, 31), 1, date(2019, 2, 28)),
        (date(2020, 12, 15), 1, date(2021, 1, 15)),
        (date(2020, 8, 31), 13, date(2021, 9, 30)),
    ],
)
def test_months_end_where_the_month_ends(start, months, end):
    assert law.add_months(start, months) == end


@pytest.mark.parametrize("key", ["scoring", "acceptance.min"])
def test_a_term_beyond_the_last_year_is_refused(key):
    with pytest.raises(law.Refused, match="calendar"):
        law.due(term("grants_rules/2020", key), date(9999, 12, 30))


def test_months_and_yearly_dates_beyond_the_last_year_are_refused():
    with pytest.raises(law.Refused):
        law.add_months(date(9999, 12, 30), 1)
    with pytest.raises(law.Refused):
        law.due(term("prizes_rules/2018", "prize.payment"), date(9999, 12, 21))


@given(days, st.integers(1, 60))
def test_a_working_day_term_ends_on_a_working_day_with_so_many_between(start, amount):
    calendar = law.kazakhstan()
    end = calendar.add(start, amount)
    assert calendar.is_working(end)
    assert calendar.between(start, end) == amount
    assert calendar.between(start, end - timedelta(days=1)) == amount - 1


@given(days, st.integers(0, 40), st.integers(0, 40))
def test_two_working_day_terms_in_a_row_are_one(start, first, second):
    calendar = law.kazakhstan()
    assert calendar.add(calendar.add(start, first), second) == calendar.add(start, first + second)


@given(days, days, st.integers(0, 40))
def test_a_later_start_never_ends_earlier(one, other, amount):
    calendar = law.kazakhstan()
    first, second = sorted((one, other))
    assert calendar.add(first, amount) <= calendar.add(second, amount)

from datetime import date

import pytest

from ortaq import law


@pytest.mark.parametrize(
    ("on", "tenge"),
    [
        (date(2018, 1, 1), 2405),
        (date(2019, 12, 31), 2525),
        (date(2020, 3, 31), 2651),
        (date(2020, 4, 1), 2778),
        (date(2026, 6, 1), 4325),
        (date(2030, 1, 1), 4325),
    ],
)
def test_the_index_is_the_one_in_force_on_the_day(on, tenge):
    assert law.mci_on(on).amount_tiyn == tenge * 100


def test_before_the_first_known_index_none_is_guessed():
    with pytest.raises(law.Refused, match="not known"):
        law.mci_on(date(2017, 12, 31))


@pytest.mark.req("PR-034")
def test_the_least_prize_is_2000_mci_of_the_day_with_the_index_used():
    found = law.threshold("prize.amount_min", date(2019, 9, 1))[0]
    assert found.numbers == {
        "amount_tiyn": 2000 * 2525 * 100,
        "mci_count": 2000,
        "mci_tiyn": 252_500,
        "mci_valid_from": date(2019, 1, 1),
        "on": date(2019, 9, 1),
    }


@pytest.mark.req("SO-M-09", "SO-M-10", "SO-M-11", "SO-X-10")
@pytest.mark.parametrize(("extra", "code"), [(0, "not_above"), (1, "above")])
def test_exactly_500_mci_is_not_above_and_one_tiyn_more_is(extra, code):
    found = law.threshold(
        "monitoring.expert_threshold_mci", date(2024, 5, 1), amount_tiyn=500 * 3692 * 100 + extra
    )
    assert found[-1].code == code


def test_a_year_with_two_values_is_told():
    codes = {f.code for f in law.threshold("prize.amount_min", date(2020, 2, 1))}
    assert codes == {"threshold", "mci_two_values", "mci_unconfirmed"}
    codes = {f.code for f in law.threshold("prize.amount_min", date(2021, 2, 1))}
    assert codes == {"threshold", "mci_unconfirmed"}


@pytest.mark.parametrize("name", ["prize", "score.max", "", "dumping.threshold"])
def test_what_is_not_stated_in_the_index_is_no_threshold(name):
    with pytest.raises(law.Refused, match=r"prize\.amount_min"):
        law.threshold(name, date(2020, 1, 1))


def test_a_threshold_of_a_time_without_that_rule_is_refused():
    with pytest.raises(law.Refused, match="No edition"):
        law.threshold("monitoring.expert_threshold_mci", date(2019, 1, 1))


def test_a_table_of_ones_own_answers_as_known_on_the_day():
    known, on = date(2026, 12, 10), date(2027, 1, 5)
    rows = [*law.shipped_values(), law.Mci(date(2027, 1, 1), 450_000, law.Text(), True, known)]
    table = law.known_values(rows, known)
    found = law.threshold("prize.amount_min", on, table=table)
    assert [one.code for one in found] == ["threshold"]
    assert found[0].numbers["amount_tiyn"] == 2000 * 450_000
    before = law.known_values(rows, date(2026, 12, 9))
    assert law.mci_on(on, before).amount_tiyn == 432_500
    assert law.mci_on(on).amount_tiyn == 432_500


def test_a_value_may_be_taken_back_and_the_one_before_it_holds_on():
    first = date(2027, 1, 1)
    rows = [
        *law.shipped_values(),
        law.Mci(first, 450_000, law.Text(), True, date(2026, 12, 1)),
        law.Mci(first, None, law.Text(), True, date(2026, 12, 1)),
    ]
    table = law.known_values(rows, date(2027, 2, 1))
    assert table == law.shipped_values()
    assert law.mci_on(first, table).amount_tiyn == 432_500

"""Prizes: the proposal for one direction, the division to the tiyn, the least size, the bar (prizes.md §8, §9)."""

from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ortaq import law
from ortaq.law import prizes
from ortaq.law.numbers import money

RULES = law.edition("prizes_rules", "2018")
INVENTED = (law.Mci(date(2019, 1, 1), 3000_00, law.Text("", "", "")),)


def propose(*nominees, prize="6000000"):
    rows = [prizes.Nominee(key, totals) for key, totals in nominees]
    return prizes.propose(RULES, rows, prize_tiyn=money(prize, "prize"))


def codes(findings):
    return [one.code for one in findings]


@pytest.mark.req("PR-028", "PR-030", "PR-031")
def test_the_best_exact_mean_is_proposed_and_gets_the_whole_prize():
    # Example 2: (5,4,3) and (4,4,4) are 12 and 12; (5,5,2) and (4,3,3) are 12 and 10.
    found = propose(("B", (12, 10)), ("A", (12, 12)))
    assert found.proposed == ("A",)
    assert [(one.key, one.mean, one.place) for one in found.nominees] == [
        ("A", 12, 1),
        ("B", 11, 2),
    ]
    assert found.division.share_tiyn == money("6000000", "prize")


@pytest.mark.req("PR-028", "PR-029")
def test_points_are_whole_from_0_to_5_by_three_criteria():
    rubric = RULES.rubric(prizes.RUBRIC)
    assert [one.allowed for one in rubric.criteria] == [tuple(range(6))] * 3
    full = dict.fromkeys(rubric.keys, 5)
    assert rubric.total(full) == 15
    for wrong in (6, -1, 4.5, True):
        assert rubric.check(full | {"innovation": wrong})


@pytest.mark.req("PR-033")
def test_equal_means_are_proposed_together_however_many_scored_each():
    # Example 3: 13.5 each, the second over four sheets.
    found = propose(("A", (13, 14)), ("B", (15, 12, 14, 13)), ("C", (13, 13)))
    assert found.proposed == ("A", "B")
    assert found.nominees[0].mean == Fraction(27, 2)
    assert found.division.share_tiyn == money("3000000", "share")
    assert {"equal", "unequal_scorers"} <= set(codes(found.findings))


@pytest.mark.req("PR-030")
def test_a_third_of_a_point_decides_since_nothing_is_rounded():
    assert propose(("A", (13, 13, 14)), ("B", (13, 13, 13, 14))).proposed == ("A",)


@pytest.mark.req("PR-040")
def test_a_direction_without_applicants_gets_no_prize():
    found = propose()
    assert (found.proposed, found.division, codes(found.findings)) == ((), None, ["no_nominees"])


@pytest.mark.req("PR-030")
def test_whom_nobody_scored_has_no_place_and_is_told():
    found = propose(("A", ()), ("B", (0, 0)))
    assert found.proposed == ("B",)  # without a pass mark the points set no bar
    assert (found.nominees[-1].key, found.nominees[-1].place) == ("A", None)
    assert "not_scored" in codes(found.findings)


@pytest.mark.parametrize("rows", [[("A", (16,))], [("A", (1,)), ("A", (2,))], [("A", (-1,))]])
def test_totals_outside_the_rubric_and_keys_that_occur_twice_are_refused(rows):
    with pytest.raises(law.Refused):
        propose(*rows)


@pytest.mark.req("PR-036")
def test_an_uneven_division_tells_what_is_left_over():
    # Example 4: 6,000,000 between seven.
    found = prizes.divide(RULES, money("6000000", "prize"), 7)
    assert found.share_tiyn == money("857142.85", "share")
    assert found.remainder_tiyn == 5
    assert codes(found.findings) == ["divided", "remainder"]


@pytest.mark.req("PR-033", "PR-036")
@given(st.integers(0, 10**17), st.integers(1, 10**4))
def test_no_tiyn_is_lost_or_made_in_a_division(prize, recipients):
    found = prizes.divide(RULES, prize, recipients)
    assert found.share_tiyn * recipients + found.remainder_tiyn == prize
    assert found.share_tiyn >= 0
    assert 0 <= found.remainder_tiyn < recipients


def test_a_prize_is_not_divided_between_nobody():
    with pytest.raises(law.Refused, match="recipient"):
        prizes.divide(RULES, 100, 0)


@pytest.mark.req("PR-034", "PR-035")
@pytest.mark.parametrize(("tenge", "enough"), [("6000000", True), ("5999999.99", False)])
def test_exactly_2000_mci_is_enough_and_a_tiyn_less_is_not(tenge, enough):
    found = prizes.size(RULES, money(tenge, "prize"), on=date(2019, 6, 1), table=INVENTED)
    assert found[0].numbers["amount_tiyn"] == money("6000000", "prize")
    assert ("below_minimum" not in codes(found)) is enough


@pytest.mark.req("PR-006", "PR-007")
@pytest.mark.parametrize("received", [date(2019, 12, 18), date(2019, 11, 29)])
def test_after_a_prize_three_receptions_pass_before_the_next_nomination(received):
    # Example 5: counting from the published list gives the same years.
    barred = [
        year for year in range(2019, 2025) if prizes.barred(RULES, received, date(year, 9, 1))
    ]
    assert barred == [2020, 2021, 2022]
    assert prizes.barred_until(RULES, received) == received.replace(year=2022)


# --- Who may be nominated, and what counts -------------------------------------------------------


@pytest.mark.req("PR-003")
@pytest.mark.parametrize("form", ["political_party", "trade_union", "religious"])
def test_parties_unions_and_religious_associations_are_no_applicants(form):
    refused = prizes.applicant(RULES, is_ngo=True, legal_form=form)
    assert [(one.code, one.severity) for one in refused] == [(form, law.Severity.ERROR)]
    assert prizes.applicant(RULES, is_ngo=True, legal_form="foundation") == []
    seen = prizes.applicant(RULES, is_ngo=True, standings={"liquidation"})
    assert [one.severity for one in seen] == [law.Severity.WARNING]


@pytest.mark.req("PR-023")
def test_own_projects_of_three_years_count_running_ones_included():
    # Example 8, of which (a) and (d) count.
    said = [
        prizes.experience(RULES, first=first, last=last, on=date(2019, 9, 1), own=own).code
        for first, last, own in (
            (date(2018, 2, 1), date(2018, 11, 1), True),
            (date(2014, 2, 1), date(2014, 11, 1), True),
            (date(2018, 2, 1), date(2018, 11, 1), False),
            (date(2016, 1, 1), None, True),
        )
    ]
    assert said == [
        "experience_counts",
        "experience_too_old",
        "experience_of_others",
        "experience_counts",
    ]

from __future__ import annotations

from datetime import date

import pytest

from ortaq import law
from ortaq.law import commission

EDITION = law.edition("tender_scoring", "2019")


@pytest.mark.req("SO-T-068", "SO-T-069")
@pytest.mark.parametrize(
    ("found", "single", "codes"),
    [
        (commission.Composition(3), False, []),
        (commission.Composition(3), True, ["too_few"]),
        (commission.Composition(5), True, []),
        (commission.Composition(6), True, ["even_number"]),
        (commission.Composition(0, False, False), False, ["too_few", "even_number", "no_chair", "no_secretary"]),
    ],
)  # fmt: skip
def test_a_commission_is_odd_and_has_chair_and_secretary(found, single, codes):
    findings = commission.composition(EDITION, found, single_organiser=single)
    assert [finding.code for finding in findings] == codes
    assert all(finding.cite and finding.cite.place == "guide, stage 6" for finding in findings)


@pytest.mark.req("SO-T-088", "GAP-T-01")
@pytest.mark.parametrize(
    ("sent_on", "points"),
    [(None, 0), (date(2019, 3, 31), 2), (date(2019, 4, 1), 1)],
)
def test_c4_follows_the_day_of_the_return(sent_on, points):
    found = commission.database_level(EDITION, sent_on=sent_on, due_on=date(2019, 3, 31))
    assert found.points == points
    assert found.finding.cite
    assert found.finding.cite.inferred


@pytest.mark.req("SO-T-089")
@pytest.mark.parametrize(
    ("social", "market", "points"),
    [
        (0, 0, 0), (1, 0, 1), (23, 0, 1), (24, 0, 2), (60, 0, 2), (61, 0, 3),
        (0, 23, 4), (0, 24, 5), (0, 60, 5), (0, 61, 6), (200, 1, 4),
    ],
)  # fmt: skip
def test_c5_is_the_highest_level_that_applies_and_two_and_five_years_are_the_middle_one(
    social, market, points
):
    found = commission.experience_level(EDITION, social_months=social, market_months=market)
    assert found.points == points


@pytest.mark.parametrize("code", sorted(commission.PLACES))
def test_every_refusal_names_a_clause(code):
    finding = commission.against(EDITION, code)
    assert finding.severity == "error"
    assert all(finding.message)

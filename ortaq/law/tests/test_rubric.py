from fractions import Fraction
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ortaq import law

GRANT = law.edition("grants_rules", "2020").rubric("GRANT-S7")
TENDER = law.edition("tender_scoring", "2019").rubric("so-tender-criteria")
BEST = {criterion.key: criterion.maximum for criterion in GRANT.criteria}


@pytest.mark.req("GR-S-11", "GR-S-09", "GR-X-05")
def test_criterion_6_counts_only_for_a_local_budget():
    republican, local = GRANT.given(), GRANT.given("local_budget")
    assert (republican.minimum, republican.maximum) == (5, 25)
    assert (local.minimum, local.maximum) == (5, 28)
    assert local.criteria[-1].allowed == (0, 3)


@pytest.mark.req("GR-S-11")
def test_the_maxima_of_the_rubric_are_those_of_the_edition():
    edition = law.edition("grants_rules", "2020")
    assert GRANT.given().maximum == edition.number("scoring.maximum_republican")
    assert GRANT.given("local_budget").maximum == edition.number("scoring.maximum_local")


@pytest.mark.req("GAP-T-02")
def test_of_two_levels_with_the_same_words_the_higher_is_read_as_both_kinds():
    two, four = (TENDER.criteria[5].level(points) for points in (2, 4))
    assert two.meaning.kk == four.meaning.kk  # as the source prints it
    assert "или" in two.meaning.ru
    assert " и " in four.meaning.ru
    assert "GAP-T-02" in four.note.ru  # and the reader is told


@pytest.mark.req("SO-T-084", "SO-T-085")
def test_the_tender_has_six_criteria_with_fixed_levels_and_23_points():
    assert [criterion.allowed for criterion in TENDER.criteria] == [
        (0, 1, 2),
        (0, 1),
        (0, 3, 6),
        (0, 1, 2),
        (0, 1, 2, 3, 4, 5, 6),
        (0, 2, 4, 6),
    ]
    assert TENDER.maximum == law.edition("tender_scoring", "2019").number("score.max") == 23


@pytest.mark.req("GR-S-04", "GR-S-05", "GR-S-06", "GR-S-07", "GR-S-08", "GR-S-10")
@pytest.mark.parametrize(
    ("key", "proposed"),
    [
        ("S1_capacity", [1, 2, 3, 4, 5]),
        ("S2_specialists", [1, 1, 2, 3]),
        ("S3_content", [1, 2, 3, 4, 5, 6]),
        ("S4_results", [1, 2, 3, 4, 5]),
        ("S5_budget_terms", [1, 2, 3, 4, 5]),
    ],
)
def test_ticked_sub_items_propose_the_level(key, proposed):
    criterion = GRANT.criterion(key)
    for matched, points in enumerate(proposed):
        for ticked in combinations(range(len(criterion.sub_items)), matched):
            assert criterion.propose(ticked).points == points


@pytest.mark.req("GR-S-06", "GR-X-02")
def test_all_five_sub_items_give_six_points_and_seven_when_all_are_full():
    criterion = GRANT.criterion("S3_content")
    assert criterion.propose(range(5), fully=False).points == 6
    assert criterion.propose(range(5), fully=True).points == 7
    assert criterion.propose(range(4), fully=True).points == 5


@pytest.mark.req("GR-X-03")
def test_nothing_matched_where_no_level_is_printed_gives_the_lowest_and_says_so():
    found = GRANT.criterion("S2_specialists").propose([])
    assert (found.points, found.finding.code) == (1, "level_not_printed")
    assert GRANT.criterion("S1_capacity").propose([]).finding.code == "level_proposed"


def test_a_sub_item_ticked_twice_counts_once_and_one_that_is_not_there_is_refused():
    criterion = GRANT.criterion("S1_capacity")
    assert criterion.propose([1, 1]).points == 2
    for bad in (4, -1, True):
        with pytest.raises(law.Refused):
            criterion.propose([bad])


@pytest.mark.req("GR-S-10")
def test_a_deviation_from_the_proposal_is_noticed_and_allowed():
    (found,) = GRANT.differs("S1_capacity", 5, [0], fully=False)
    assert (found.code, found.severity) == ("differs_from_proposal", law.Severity.NOTICE)
    assert found.numbers == {"points": 5, "proposed": 2}
    assert GRANT.differs("S1_capacity", 2, [0], fully=False) == []


@pytest.mark.req("GR-S-03")
@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"S1_capacity": None}, "points_missing"),
        ({"S1_capacity": 0}, "points_not_allowed"),
        ({"S1_capacity": 6}, "points_not_allowed"),
        ({"S6_region": 1}, "points_not_allowed"),
        ({"S1_capacity": -1}, "points_not_allowed"),
        ({"S1_capacity": 10**5000}, "points_not_allowed"),
        ({"S1_capacity": 4.0}, "points_not_whole"),
        ({"S1_capacity": "4"}, "points_not_whole"),
        ({"S1_capacity": True}, "points_not_whole"),
        ({"S7": 3}, "unknown_criterion"),
    ],
)
def test_points_are_whole_allowed_and_complete(change, code):
    sheet = BEST | change
    assert [finding.code for finding in GRANT.check(sheet)] == [code]
    with pytest.raises(law.Refused):
        GRANT.total(sheet)


@pytest.mark.req("GR-S-09")
def test_criterion_6_on_a_republican_sheet_is_a_fault():
    (found,) = GRANT.given().check(BEST)
    assert (found.code, found.about) == ("unknown_criterion", "S6_region")


def test_all_faults_of_a_sheet_are_told_at_once():
    found = GRANT.check({"S2_specialists": 9})
    assert [(finding.about, finding.code) for finding in found] == [
        ("S1_capacity", "points_missing"),
        ("S2_specialists", "points_not_allowed"),
        ("S3_content", "points_missing"),
        ("S4_results", "points_missing"),
        ("S5_budget_terms", "points_missing"),
        ("S6_region", "points_missing"),
    ]


@pytest.mark.req("GR-S-03")
def test_the_lowest_level_asks_for_a_comment():
    sheet = BEST | {"S1_capacity": 1, "S6_region": 0}
    found = GRANT.check(
        sheet, comments={"S6_region": "No office in the oblast.", "S1_capacity": " "}
    )
    assert [(finding.about, finding.code) for finding in found] == [
        ("S1_capacity", "comment_missing")
    ]
    assert GRANT.check(sheet) == []


@pytest.mark.req("GR-S-11")
@given(st.data())
def test_a_lawful_sheet_adds_up_between_minimum_and_maximum(data):
    sheet = {one.key: data.draw(st.sampled_from(one.allowed)) for one in GRANT.criteria}
    assert GRANT.check(sheet) == []
    assert GRANT.total(sheet) == sum(sheet.values())
    assert GRANT.minimum <= GRANT.total(sheet) <= GRANT.maximum


@pytest.mark.req("GR-S-12")
def test_the_mean_is_exact_and_of_nothing_there_is_none():
    assert law.mean([12, 13, 12]) == Fraction(37, 3)
    with pytest.raises(law.Refused):
        law.mean([])

from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ortaq import law
from ortaq.law import grants
from ortaq.law.tests.casebook import cases, named

RULES = law.edition("grants_rules", "2020")
ERROR = law.Severity.ERROR


def outcome(*applications: grants.Candidate, local_budget: bool = False) -> grants.Result:
    return grants.outcome(RULES, applications, local_budget=local_budget)


# --- Outcome of a topic --------------------------------------------------------------------------


@pytest.mark.req("GR-S-11", "GR-S-12", "GR-S-13", "GR-S-14", "GR-S-15", "GR-X-01")
@pytest.mark.parametrize("case", cases("grants")["outcome"], ids=named)
def test_a_topic_ends_as_the_rules_say(case):
    found = grants.outcome(
        RULES,
        [
            grants.Candidate(row["id"], row["admitted"], tuple(row.get("totals", ())))
            for row in case["applications"]
        ],
        local_budget=case.get("local_budget", False),
        tie_winner=case.get("tie_winner"),
    )
    assert found.kind == case["kind"]
    assert found.winner == case.get("winner")
    assert list(found.tied) == case.get("tied", [])


@pytest.mark.req("GR-S-14", "GR-X-01")
def test_a_failed_topic_names_one_ground_its_clause_and_both_counters():
    found = outcome(grants.Candidate("A", True, (25,)), grants.Candidate("B", False))
    (finding,) = found.findings
    assert finding.code == "F3"
    assert finding.numbers == {"submitted": 2, "admitted": 1}
    assert finding.cite is not None
    assert "413-rules" in finding.cite.place
    assert "Бір өтінім ғана жіберілсе" in finding.message.kk


@pytest.mark.req("GR-S-11")
def test_places_are_shared_by_equal_means_and_numbers_stand_beside_them():
    found = outcome(
        grants.Candidate("A", True, (20, 20)),
        grants.Candidate("B", True, (25,)),
        grants.Candidate("C", True, (20,)),
        grants.Candidate("D", True, (5,)),
        grants.Candidate("E", False),
    )
    assert [(one.key, one.place, one.above) for one in found.ranking] == [
        ("B", 1, True),
        ("A", 2, True),
        ("C", 2, True),
        ("D", 4, False),
    ]
    assert (found.submitted, found.admitted) == (5, 4)
    compared = {one.about: one.numbers for one in found.findings if "threshold" in one.code}
    assert compared["A"] == {
        "sum": 40,
        "experts": 2,
        "maximum": 25,
        "mean": Fraction(20),
        "threshold": Fraction(25, 2),
    }


@pytest.mark.req("GR-S-13")
def test_the_meeting_can_only_choose_among_those_that_are_tied():
    tied = [grants.Candidate(key, True, (20,)) for key in "AB"]
    with pytest.raises(law.Refused, match="A, B"):
        grants.outcome(
            RULES, [*tied, grants.Candidate("C", True, (19,))], local_budget=False, tie_winner="C"
        )


@pytest.mark.parametrize("total", [4, 26, -1, True, 10**4000])
def test_a_total_that_no_sheet_can_have_is_refused(total):
    with pytest.raises(law.Refused):
        outcome(grants.Candidate("A", True, (total,)), grants.Candidate("B", True, (20,)))


def test_the_same_application_twice_is_refused():
    with pytest.raises(law.Refused, match="more than once"):
        outcome(grants.Candidate("A", True, (20,)), grants.Candidate("A", True, (20,)))


def test_sentences_call_an_application_by_its_number_and_not_by_its_key():
    found = grants.outcome(
        RULES,
        [
            grants.Candidate("17", True, (20,), label="G-2020-001"),
            grants.Candidate("18", True, (19,), label="G-2020-002"),
        ],
        local_budget=False,
    )
    assert found.winner == "17"
    assert "G-2020-001" in found.findings[0].message.en


totals = st.lists(st.integers(5, 25), min_size=1, max_size=6).map(tuple)


@pytest.mark.req("GR-S-12", "GR-S-13", "GR-S-14")
@given(st.lists(totals, min_size=2, max_size=6))
def test_whoever_wins_is_above_half_and_nobody_is_better(sheets):
    candidates = [grants.Candidate(str(n), True, sheet) for n, sheet in enumerate(sheets)]
    found = outcome(*candidates)
    means = {one.key: Fraction(sum(one.totals), len(one.totals)) for one in candidates}
    best = max(means.values())
    if 2 * best <= 25:
        assert found.kind == "F5"
    elif list(means.values()).count(best) > 1:
        assert set(found.tied) == {key for key, mean in means.items() if mean == best}
    else:
        assert found.winner is not None
        assert means[found.winner] == best


@pytest.mark.req("GR-S-12")
@given(st.lists(totals, min_size=2, max_size=5), st.randoms())
def test_the_order_of_applications_does_not_matter(sheets, random):
    candidates = [grants.Candidate(str(n), True, sheet) for n, sheet in enumerate(sheets)]
    shuffled = random.sample(candidates, len(candidates))
    one, other = outcome(*candidates), outcome(*shuffled)
    assert (one.kind, one.winner, set(one.tied)) == (other.kind, other.winner, set(other.tied))


# --- Commission ----------------------------------------------------------------------------------


def seats(operator: int, ngo: int, *, secretaries: int = 1) -> list[grants.Seat]:
    sides = ["operator"] * operator + ["ngo"] * ngo
    offices = ["chair", "deputy", *[""] * len(sides)]
    members = [
        grants.Seat(f"member {n}", side, office=office)
        for n, (side, office) in enumerate(zip(sides, offices, strict=False))
    ]
    return [*members, *(grants.Seat(f"secretary {n}", secretary=True) for n in range(secretaries))]


def codes(composition: list[grants.Seat]) -> list[str]:
    return [finding.code for finding in grants.commission(RULES, composition)]


@pytest.mark.req("GR-C-05", "GR-C-06", "GR-X-15")
@pytest.mark.parametrize(
    ("members", "operator"), [(14, 4), (10, 3), (9, 2), (4, 1), (3, 0), (1, 0)]
)
def test_the_operators_part_is_rounded_down(members, operator):
    assert grants.operator_part(RULES, members) == operator
    found = grants.commission(RULES, seats(operator, members - operator))
    assert [finding.code for finding in found if finding.severity is ERROR] == []
    assert found[0].code == "composition_in_order"
    assert found[0].numbers == {
        "members": members,
        "operator": operator,
        "ngo": members - operator,
    }


@pytest.mark.req("GR-C-06", "GR-C-12")
@pytest.mark.parametrize(("operator", "ngo"), [(5, 9), (3, 11), (14, 0), (0, 10)])
def test_other_shares_are_a_finding_with_what_is_and_what_should_be(operator, ngo):
    (found,) = grants.commission(RULES, seats(operator, ngo))
    assert found.code == "share_of_operator"
    assert found.numbers["operator"] == operator
    asked = (operator + ngo) * 3 // 10
    assert (found.numbers["asked_operator"], found.numbers["asked_ngo"]) == (
        asked,
        operator + ngo - asked,
    )


@pytest.mark.req("GR-C-05", "GR-X-15")
def test_fifteen_includes_the_secretary():
    assert codes(seats(4, 10)) == ["composition_in_order"]
    assert codes(seats(4, 11)) == ["size_above_maximum"]


@pytest.mark.req("GR-C-04", "GR-C-13")
def test_there_is_one_secretary():
    assert codes(seats(3, 7, secretaries=0)) == ["no_secretary"]
    assert codes(seats(3, 7, secretaries=2)) == ["several_secretaries"]


@pytest.mark.req("GR-C-07", "GR-C-08")
def test_staff_of_the_operator_and_experts_of_applicants_are_named():
    composition = seats(3, 5)
    staff = grants.Seat("Gulnara", "ngo", works_for_operator=True)
    applied = grants.Seat("Aliya", "ngo", ngo_applied=True)
    found = grants.commission(RULES, [*composition, staff, applied])
    assert [(finding.code, finding.numbers["people"]) for finding in found] == [
        ("operator_staff", ["Gulnara"]),
        ("ngo_applied", ["Aliya"]),
    ]


@pytest.mark.req("GR-C-09")
def test_chair_and_deputy_are_elected_later_and_do_not_stop_the_composition():
    composition = [grants.Seat(str(n), "ngo") for n in range(3)]
    found = grants.commission(RULES, [*composition, grants.Seat("s", secretary=True)])
    assert [finding.code for finding in found] == [
        "composition_in_order",
        "no_chair",
        "no_deputy",
    ]
    assert law.stops(found) == []


def test_every_unmet_rule_is_told_at_once():
    assert codes([]) == ["no_scoring_members", "no_secretary", "no_chair", "no_deputy"]
    assert set(codes(seats(16, 0, secretaries=0))) == {
        "size_above_maximum",
        "no_secretary",
        "share_of_operator",
    }


def test_a_member_of_no_side_and_one_who_sits_twice_are_refused():
    with pytest.raises(law.Refused, match="operator, ngo"):
        grants.commission(RULES, [grants.Seat("Erlan", "akimat")])
    with pytest.raises(law.Refused, match="Erlan"):
        grants.commission(RULES, [grants.Seat("Erlan", "ngo"), grants.Seat("Erlan", "ngo")])


# --- Eligibility, time, money --------------------------------------------------------------------


@pytest.mark.req("GR-C-01")
@pytest.mark.parametrize(
    ("years", "education", "codes_found"),
    [
        (2, True, []),
        (1, True, ["expert_too_new"]),
        (2, False, ["expert_without_education"]),
        (0, False, ["expert_without_education", "expert_too_new"]),
    ],
)
def test_an_expert_has_education_and_two_years_in_the_direction(years, education, codes_found):
    found = grants.expert(RULES, years=years, education=education, direction="culture_arts")
    assert [finding.code for finding in found] == codes_found
    assert {finding.about for finding in found} <= {"culture_arts"}


@pytest.mark.req("GR-A-22")
@pytest.mark.parametrize(
    ("first", "last", "code"),
    [
        (date(2019, 1, 1), date(2019, 5, 1), "experience_counts"),
        (date(2012, 1, 1), None, "experience_counts"),  # running
        (date(2016, 1, 1), date(2017, 6, 1), "experience_counts"),  # the month three years ago
        (date(2016, 1, 1), date(2017, 5, 1), "experience_too_old"),
        (date(2020, 6, 1), date(2020, 9, 1), "experience_counts"),  # begun two days ago
        (date(2020, 7, 1), None, "experience_ahead"),
    ],
)
def test_experience_counts_for_three_years_after_its_end_or_while_it_runs(first, last, code):
    found = grants.experience(RULES, first=first, last=last, on=date(2020, 6, 3))
    assert found.code == code
    assert found.numbers["since"] == date(2017, 6, 1)
    assert found.cite == RULES.parameter("application.experience_years").cite


@pytest.mark.req("GR-A-08", "GR-A-09", "GR-X-17")
@pytest.mark.parametrize(
    ("filing", "standings", "is_ngo", "codes_found"),
    [
        ("on_time", (), True, []),
        ("late", (), True, ["database_late"]),
        ("absent", (), True, ["database_absent"]),
        ("on_time", ("liquidation",), True, ["liquidation"]),
        ("on_time", ("bankruptcy",), True, ["bankruptcy"]),
        ("on_time", ("attached_property",), True, ["attached_property"]),
        ("on_time", ("suspended_activity",), True, ["suspended_activity"]),
        ("on_time", (), False, ["not_ngo"]),
        (
            "late",
            ("liquidation", "bankruptcy"),
            True,
            ["database_late", "bankruptcy", "liquidation"],
        ),
    ],
)
def test_any_single_fact_excludes_an_applicant(filing, standings, is_ngo, codes_found):
    found = grants.applicant(RULES, filing=filing, standings=standings, is_ngo=is_ngo)
    assert [finding.code for finding in found] == codes_found
    assert {finding.severity for finding in found} <= {ERROR}


@pytest.mark.parametrize(("filing", "standings"), [("soon", ()), ("on_time", ("poverty",))])
def test_facts_of_other_names_are_refused(filing, standings):
    with pytest.raises(law.Refused):
        grants.applicant(RULES, filing=filing, standings=standings)


@pytest.mark.req("GR-A-04", "GR-A-05")
def test_the_deadline_itself_is_in_time_and_the_next_moment_is_not():
    closes_at = datetime(2020, 6, 3, 18, tzinfo=ZoneInfo("Asia/Almaty"))
    same = grants.in_time(RULES, received_at=closes_at.astimezone(UTC), closes_at=closes_at)
    late = grants.in_time(
        RULES, received_at=closes_at + timedelta(microseconds=1), closes_at=closes_at
    )
    assert (same.code, same.severity) == ("received_in_time", law.Severity.OK)
    assert (late.code, late.severity) == ("received_late", ERROR)


@pytest.mark.req("GR-K-06", "GR-X-07")
@pytest.mark.parametrize(("material", "within"), [(0, True), (550_860, True), (550_861, False)])
def test_material_support_is_at_most_a_tenth_of_the_grant(material, within):
    found = grants.material_support(
        RULES, grant_tiyn=5_508_600, project_tiyn=9_000_000, material_tiyn=material
    )
    assert (found.severity is law.Severity.OK) is within
    assert found.numbers["limit_tiyn"] == 550_860


@pytest.mark.req("GR-X-07")
def test_the_base_of_material_support_is_a_setting(monkeypatch):
    base = RULES.data["parameters"]["budget.material_support_base"]
    monkeypatch.setitem(base, "value", "project")
    monkeypatch.setitem(
        base, "said", {"kk": "жоба сомасы", "ru": "сумма проекта", "en": "the project"}
    )
    found = grants.material_support(RULES, grant_tiyn=5_000, project_tiyn=9_000, material_tiyn=900)
    assert (found.code, found.numbers["limit_tiyn"]) == ("material_support_within_limit", 900)
    assert "10 % of the project" in found.message.en


@pytest.mark.req("GR-K-06")
def test_a_limit_that_is_no_whole_tiyn_is_compared_exactly():
    # A tenth of 15 tiyn is 1.5: one tiyn is within, two are above.
    one, two = (
        grants.material_support(RULES, grant_tiyn=15, project_tiyn=15, material_tiyn=material)
        for material in (1, 2)
    )
    assert (one.severity is ERROR, two.severity is ERROR) == (False, True)


@pytest.mark.req("GR-K-05", "GR-X-14")
@pytest.mark.parametrize(
    ("advance", "code"), [(40, "advance_within_limit"), (41, "advance_above_limit")]
)
def test_the_advance_is_at_most_forty_per_cent_of_the_grant(advance, code):
    assert grants.advance(RULES, grant_tiyn=100, advance_tiyn=advance).code == code


def test_a_share_of_no_grant_is_refused():
    with pytest.raises(law.Refused):
        grants.advance(RULES, grant_tiyn=0, advance_tiyn=0)
    with pytest.raises(law.Refused):
        grants.material_support(RULES, grant_tiyn=100, project_tiyn=100, material_tiyn=-1)

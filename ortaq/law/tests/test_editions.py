from datetime import date

import pytest

from ortaq import law
from ortaq.law import signatures
from ortaq.law.editions import iso

ACTS = {
    "grants_rules": ["2020"],
    "prizes_rules": ["2018"],
    "rules_social_order": ["2018", "2022"],
    "standard_social_order": ["2018", "2021", "2022"],
    "tender_scoring": ["2019"],
}


@pytest.mark.req("SO-G-03")
def test_the_editions_stand_side_by_side():
    found: dict[str, list[str]] = {}
    for one in law.editions():
        found.setdefault(one.act, []).append(one.key)
    assert {act: found[act] for act in ACTS} == ACTS


@pytest.mark.parametrize("one", law.editions(), ids=lambda one: f"{one.act}/{one.key}")
def test_every_edition_is_whole(one):
    assert all(one.title)
    for parameter in one.parameters.values():
        assert parameter.cite.place
        assert parameter.unit
        assert not isinstance(parameter.value, float)
    for term in one.terms.values():
        assert term.cite.place
        assert all(term.label)
        assert term.unit in {"working_day", "calendar_day", "month", "year", "fixed_date"}
        assert (term.unit == "fixed_date") == bool(term.month)
        assert (term.unit == "fixed_date") != bool(term.amount)
    for key in one.data.get("rubrics", {}):
        for criterion in one.rubric(key).criteria:
            assert all(criterion.label)
            assert list(criterion.allowed) == sorted(set(criterion.allowed))
            assert all(all(level.meaning) for level in criterion.levels)
            assert all(all(item) for item in criterion.sub_items)


@pytest.mark.req("SO-G-03", "SO-X-19")
@pytest.mark.parametrize(
    ("act", "on", "key", "code"),
    [
        ("rules_social_order", date(2022, 10, 7), "2018", "edition_assumed"),
        ("rules_social_order", date(2022, 10, 8), "2022", "edition_assumed"),
        ("grants_rules", date(2020, 5, 14), "2020", "edition_only_one"),
    ],
)
def test_an_edition_without_known_dates_is_chosen_but_says_so(act, on, key, code):
    found = law.choice(act, on)
    assert (found.edition.key, found.finding.code) == (key, code)
    assert found.finding.severity is law.Severity.NOTICE
    assert found.finding.cite is not None
    assert found.finding.cite.inferred


def test_before_the_first_edition_of_an_act_none_is_guessed():
    with pytest.raises(law.Refused, match="name the edition"):
        law.at("rules_social_order", date(2017, 1, 1))


@pytest.mark.parametrize("act", ["grants", "", "grants_rules/2020", "\x00"])
def test_an_unknown_act_is_refused_with_those_that_are_known(act):
    with pytest.raises(law.Refused, match="grants_rules"):
        law.at(act, date(2020, 1, 1))


def test_unknown_names_are_refused_with_those_that_are_known():
    edition = law.edition("grants_rules", "2020")
    with pytest.raises(law.Refused, match="grants_rules/2020"):
        law.edition("grants_rules", "1999")
    with pytest.raises(law.Refused, match="conflict_round"):
        edition.term("scorring")
    with pytest.raises(law.Refused, match=r"contract\.advance_max"):
        edition.parameter("advance")
    with pytest.raises(law.Refused, match="F1"):
        edition.ground("failure_grounds", "F6")


def test_a_parameter_on_which_the_sources_are_silent_is_empty_and_not_a_number():
    edition = law.edition("rules_social_order", "2018")
    assert edition.parameter("monitoring.max").value is None
    with pytest.raises(law.Refused):
        edition.number("monitoring.max")


@pytest.mark.req("GR-P-13", "GR-A-04", "GR-A-13", "GR-A-20", "GR-X-24")
@pytest.mark.parametrize(
    ("key", "value", "requirement"),
    [
        ("acceptance.window_min", 20, "GR-A-03"),
        ("acceptance.window_max", 30, "GR-A-03"),
        ("acceptance.closing_time", "18:00", "GR-A-04"),
        ("commission.notice_working_days", 3, "GR-C-10"),
        ("scoring.working_days", 15, "GR-S-01"),
        ("commission.size_max", 15, "GR-C-05"),
        ("commission.operator_share", 30, "GR-C-06"),
        ("commission.ngo_share", 70, "GR-C-06"),
        ("expert.experience_years_min", 2, "GR-C-01"),
        ("application.experience_years", 3, "GR-A-22"),
        ("scoring.threshold", 50, "GR-S-14"),
        ("contract.advance_max", 40, "GR-K-05"),
        ("budget.material_support_max", 10, "GR-K-06"),
        ("application.balance_sheet_date", date(2020, 3, 31), "GR-A-13"),
        ("project.latest_end", date(2020, 11, 27), "GR-A-20"),
        ("subgrant.volunteer_max", 300_000, "GR-P-13"),
        ("subgrant.volunteer_number_min", 68, "GR-P-13"),
        ("subgrant.rural_amount", 500_000, "GR-P-13"),
        ("subgrant.rural_number_min", 10, "GR-P-13"),
    ],
)
def test_the_settings_of_a_grant_competition_are_those_of_the_sources(key, value, requirement):
    parameter = law.edition("grants_rules", "2020").parameter(key)
    assert (parameter.value, parameter.requirement) == (value, requirement)


def test_a_number_stands_once_terms_name_their_parameter():
    edition = law.edition("grants_rules", "2020")
    assert edition.term("scoring").amount == edition.number("scoring.working_days")
    window = edition.window("acceptance")
    assert (window.least, window.most) == (20, 30)


@pytest.mark.req("GR-A-13")
def test_an_application_has_nine_parts_in_their_order():
    parts = law.edition("grants_rules", "2020").data["parts"]
    assert [part["number"] for part in parts.values()] == list(range(1, 10))
    assert [key for key, part in parts.items() if part.get("per_year")] == ["content", "budget"]


@pytest.mark.req("GR-A-24", "GR-S-14")
def test_grounds_stand_in_their_order_and_in_three_languages():
    edition = law.edition("grants_rules", "2020")
    assert list(edition.grounds("refusal_grounds")) == ["R1", "R2", "R3", "R4"]
    assert list(edition.grounds("failure_grounds")) == ["F1", "F2", "F3", "F4", "F5"]
    for table in ("refusal_grounds", "failure_grounds", "exclusions"):
        assert all(all(ground.text) for ground in edition.grounds(table).values())


# The catalogue's table of both editions: None where the guide says nothing of 2018, ABSENT where an
# edition has no such rule at all.
ABSENT = object()
OF_BOTH_EDITIONS = [
    ("fields.count", 17, 19),
    ("formation.stages", None, 4),
    ("formation.needs_assessment.max_interval_years", None, 2),
    ("discussion.min_working_days", 10, 10),
    ("discussion.late_comments", ["not_considered", "next_year"], "not_considered"),
    ("discussion.decision_working_days", 3, 3),
    ("discussion.report_working_days", 3, None),
    ("form.annex1.columns", 6, 6),
    ("form.annex2.columns", 6, 4),
    ("formation.central_to_authorised.month_day", None, "01-05"),
    ("formation.local_to_council.month_day", None, "08-01"),
    ("formation.publish_after_budget.month_day", None, "01-25"),
    ("monitoring.min", 1, 2),
    ("monitoring.max", None, 5),
    ("monitoring.indicators", 6, 4),
    ("monitoring.tools.min", None, 2),
    ("monitoring.expert_threshold_mci", ABSENT, 500),
    ("monitoring.experts_per_project.max", None, 1),
    ("monitoring.how", ["separate_lot"], ["own", "independent_expert"]),
    ("report.monitoring.dates", ["06-05", "12-05"], ["07-05", "02-05"]),
    ("report.evaluation.dates", ["02-05"], None),
    ("authorised_body.summary", None, "03-31"),
    ("evaluation.scale_min", 1, 1),
    ("evaluation.scale_max", 5, 5),
    ("evaluation.criteria", 5, 4),
    ("evaluation.combine.sheet", "sum", "sum"),
    ("evaluation.combine.report", "sum_of_means", "sum_of_means"),
    ("evaluation.combine.publication", "mean_of_means", "mean_of_means"),
    ("evaluation.public_discussion", True, False),
    ("evaluation.public_discussion.post_within_working_days", 3, ABSENT),
    ("evaluation.public_discussion.min_working_days", 5, ABSENT),
    ("evaluation.public_discussion.decision_working_days", 3, ABSENT),
    ("evaluation.public_discussion.report_working_days", 1, ABSENT),
    ("evaluation.before_act_signing", None, True),
    ("expert_council.term_calendar_years", None, 3),
    ("expert_council.nomination_calendar_days", None, 10),
    (
        "expert_council.selection",
        ["guidelines_of_authorised_body"],
        ["self_nomination", "approval_by_council"],
    ),
]


@pytest.mark.req(
    "SO-G-01", "SO-G-03", "SO-M-02", "SO-R-01", "SO-X-04", "SO-X-06", "SO-X-09", "SO-X-11",
    "SO-18-01", "SO-18-02", "SO-18-03", "SO-18-04", "SO-18-05", "SO-18-06", "SO-18-07",
    "SO-18-08", "SO-18-09", "SO-18-10", "SO-18-11", "SO-18-12",
)  # fmt: skip
def test_each_edition_of_the_social_order_is_a_whole_of_its_own_and_borrows_nothing():
    old, new = (law.edition("rules_social_order", key) for key in ("2018", "2022"))
    found = [
        (
            key,
            *(one.parameters[key].value if key in one.parameters else ABSENT for one in (old, new)),
        )
        for key, _old, _new in OF_BOTH_EDITIONS
    ]
    assert found == OF_BOTH_EDITIONS
    assert {"information.local", "needs_assessment"}.isdisjoint(old.terms)
    assert {"discussion.report", "budget_request"}.isdisjoint(new.terms)


@pytest.mark.req("SO-X-13", "SO-X-26")
def test_an_expert_council_has_three_years_from_its_first_day_and_nominations_ten_days():
    edition = law.edition("rules_social_order", "2022")
    begun = date(2024, 3, 1)
    ends = {key: law.due(edition.term(f"expert_council.{key}"), begun).due_on
            for key in ("office", "nomination")}  # fmt: skip
    assert ends == {"office": date(2027, 3, 1), "nomination": date(2024, 3, 11)}


@pytest.mark.req("SO-X-01")
def test_the_yearly_report_is_due_by_the_paragraph_and_the_note_stands_beside_it_as_a_remark():
    term = law.edition("rules_social_order", "2022").term("report.year")
    due = law.due(term, date(2024, 1, 1))
    assert (due.due_on, term.inclusive) == (date(2024, 2, 5), True)
    assert "5 December" in term.remark.en


def test_an_empty_day_stays_empty_in_json():
    assert iso(None) is None
    assert law.edition("grants_rules", "2020").as_dict()["in_force_from"] is None


# Units whose value is a word or a list of words, which readers are told in their own.
NUMBERS = {int, bool, date, type(None)}
PLAIN = {"local_time", "iana_zone", "month_day"}


@pytest.mark.parametrize("one", law.editions(), ids=lambda one: f"{one.act}/{one.key}")
def test_every_parameter_has_a_label_and_every_word_is_said_in_three_languages(one):
    for parameter in one.parameters.values():
        assert all(parameter.label), parameter.key
        word = type(parameter.value) not in NUMBERS and parameter.unit not in PLAIN
        assert all(parameter.said) is word, parameter.key
    for rows in (one.terms.values(), (one.window(key) for key in one.data.get("windows", {}))):
        assert all(all(row.label) for row in rows)


@pytest.mark.parametrize("one", law.editions(), ids=lambda one: f"{one.act}/{one.key}")
def test_what_is_signed_electronically_is_said_with_its_clause(one):
    for kind in one.data["signatures"]:
        signing = one.signing(kind)
        assert signing.mode in signatures.MODES
        assert signing.cite.place
        assert all(signing.label)
        assert signing.as_dict() == one.as_dict()["signatures"][kind]
    assert one.signing("something else") is None


@pytest.mark.parametrize(
    "table",
    [
        {"contrakt": {"mode": "off", "cite": "x"}},
        {"contract": {"mode": "always", "cite": "x"}},
        {"contract": {"mode": "off"}},
        {"contract": {"mode": "off", "cite": "x", "sight": "x"}},
        {"contract": "off"},
        ["contract"],
    ],
)
def test_a_mistyped_row_on_signatures_is_not_read_past(table):
    with pytest.raises(ValueError, match="here: signatures"):
        signatures.read(table, "here")

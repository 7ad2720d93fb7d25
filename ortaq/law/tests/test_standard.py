"""How the checker of the Standard behaves around its tables."""

from __future__ import annotations

import json
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ortaq.law import Refused, edition
from ortaq.law.findings import Finding, Severity
from ortaq.law.standard import EXAMPLES, MODES, check, standard
from ortaq.law.standard.facts import months
from ortaq.law.standard.words import Amount
from ortaq.law.terms import add_months

SEMINAR = {"service": "training", "form": "seminar", "format": "offline"}


def about(data: dict[str, Any], field: str, mode: str = "result") -> Finding:
    """The one finding about a field."""
    (finding,) = [one for one in check(data, mode) if one.about == field]
    return finding


def codes(data: dict[str, Any], mode: str = "result") -> dict[str, str]:
    """The code of every finding by the field that it is about."""
    return {finding.about: finding.code for finding in check(data, mode)}


# --- What a finding says -------------------------------------------------------------------------


@pytest.mark.req("ST-T-07")
def test_a_finding_says_value_bounds_table_and_clause_in_three_languages():
    finding = about({**SEMINAR, "participants": 11}, "participants")
    assert finding.message.as_dict() == {
        "kk": "Семинар, офлайн. Қатысушылар саны: 11 адам. Бұл ең аз мәннен төмен "
        "(ең азы 12 адам, ең көбі 35 адам; Стандарт, 7-кесте, 10-тармақ).",
        "ru": "Семинар, офлайн. Число участников: 11 человек. Это ниже минимума "
        "(минимум 12 человек, максимум 35 человек; Стандарт, таблица 7, пункт 10).",
        "en": "Seminar, offline. Number of participants: 11 persons. This is below the minimum "
        "(minimum 12 persons, maximum 35 persons; Standard, table 7, ¶10).",
    }
    assert str(finding.cite) == "standard_social_order/2022 T7, ¶10"
    assert finding.numbers == {
        "table": "7",
        "row": "seminar",
        "format": "offline",
        "value": 11,
        "unit": "person",
        "minimum": 12,
        "maximum": 35,
    }


@pytest.mark.req("ST-A-05")
@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("name", EXAMPLES)
def test_no_finding_ever_stops_a_step_and_every_one_can_be_sent_as_json(name, mode):
    findings = check(EXAMPLES[name], mode)
    assert findings
    assert Severity.ERROR not in {finding.severity for finding in findings}
    for finding in findings:
        told = finding.as_dict()
        assert json.loads(json.dumps(told)) == told
        assert all(told["message"].values())
        assert told["cite"]["act"] == "standard_social_order"


@pytest.mark.req("ST-A-05")
def test_an_excess_is_a_plain_notice_for_quality_and_asks_for_a_reason_for_conditions():
    satisfied = about({**SEMINAR, "satisfaction": 96}, "satisfaction")
    crowded = about({**SEMINAR, "participants": 36}, "participants")
    assert satisfied.severity == crowded.severity == Severity.NOTICE
    assert "attaches no consequence" in satisfied.message.en
    assert "explain the reason" in crowded.message.en


def test_a_sampling_error_above_the_limit_is_a_warning():
    data = {
        "service": "research",
        "form": "evaluation",
        "collection": [{"method": "questionnaire", "sampling_error_percent": "5.01"}],
    }
    finding = about(data, "collection[0].sampling_error_percent")
    assert (finding.code, finding.severity) == ("above_maximum", Severity.WARNING)


# --- Which table applies -------------------------------------------------------------------------


@pytest.mark.req("ST-G-04")
def test_centres_of_special_social_services_are_outside_the_standard():
    findings = check({**SEMINAR, "participants": 1, "special_social_services": True})
    assert [(one.code, one.cite and one.cite.place) for one in findings] == [
        ("not_applicable", "¶45")
    ]


@pytest.mark.req("ST-A-21")
def test_the_edition_of_2018_says_that_its_text_is_unknown_and_compares_nothing():
    (finding,) = check({**SEMINAR, "participants": 1}, edition="2018")
    assert (finding.code, finding.severity) == ("no_data", Severity.NOTICE)
    assert finding.cite is not None
    assert finding.cite.edition == "2018"


def test_the_edition_of_2022_took_over_the_tables_of_2021():
    old, new = standard("2021"), standard("2022")
    assert old.tables.keys() == new.tables.keys()
    assert edition("standard_social_order", "2022").data["changed"] == ["preamble", "1", "7"]
    data = {**SEMINAR, "participants": 12}
    assert {one.cite.edition for one in check(data, edition="2021") if one.cite} == {"2021"}


def test_every_remark_on_the_text_is_kept_with_the_tables_in_three_languages():
    remarks = edition("standard_social_order", "2022").data["remarks"]
    assert [remark["id"] for remark in remarks] == [f"ST-A-{n:02}" for n in range(1, 25)]
    assert all(remark[language] for remark in remarks for language in ("kk", "ru", "en"))
    known = {remark["id"] for remark in remarks}
    tables = standard().tables.values()
    assert {mark for table in tables for mark in table.remarks} <= known


@pytest.mark.req("ST-A-04")
def test_training_of_trainers_has_no_row_in_table_1_but_training_is_shown_beside_it():
    data = {
        "service": "training",
        "form": "training_of_trainers",
        "participants": 10,
        "answers": 10,
        "points_total": 28,
    }
    finding = about(data, "satisfaction")
    assert finding.code == "not_applicable"
    assert (finding.numbers["value"], finding.numbers["minimum"]) == (56, 60)
    assert codes(data)["success_stories"] == "not_applicable"


@pytest.mark.req("ST-T-08", "ST-A-04")
@pytest.mark.parametrize(
    ("changed", "field", "code"),
    [
        ({"financial_years": 1}, "financial_years", "not_applicable"),
        (
            {"financial_years": 2, "contract_concluded": False},
            "contract_concluded",
            "not_applicable",
        ),
        ({"financial_years": 2}, "contract_concluded", "no_data"),
        ({}, "financial_years", "no_data"),
        ({"form": "internship", "financial_years": 2}, "financial_years", "not_applicable"),
    ],
)
def test_table_8_waits_for_a_second_financial_year_and_a_contract(changed, field, code):
    found = codes({**SEMINAR, "premises_m2": 1, **changed})
    assert found[field] == code
    assert "premises_m2" not in found


@pytest.mark.req("ST-T-09")
def test_table_9_does_not_apply_to_an_order_of_one_financial_year():
    data = {"service": "civic_centre", "form": "city_district", "financial_years": 1}
    assert codes({**data, "premises_m2": 5})["financial_years"] == "not_applicable"
    assert "premises_m2" not in codes({**data, "premises_m2": 5})


@pytest.mark.req("ST-T-10", "ST-A-13")
def test_a_method_without_a_row_in_table_10_is_not_applicable():
    for method in ("observation", "poll", "interview", "online_survey", "mystery_shopper"):
        data = {
            "service": "research",
            "form": "evaluation",
            "collection": [{"method": method, "respondents": 1}],
        }
        assert about(data, "collection[0].method").code == "not_applicable"


@pytest.mark.req("ST-T-03")
def test_software_is_asked_for_only_with_a_questionnaire():
    def told(*methods: str, **more: object) -> str:
        collection = [{"method": method} for method in methods]
        data = {"service": "research", "form": "evaluation", "collection": collection, **more}
        return about(data, "software").code

    assert told("focus_group") == "not_applicable"
    assert told("questionnaire") == "no_data"
    assert told("questionnaire", software=False) == "below_minimum"
    assert told("focus_group", "questionnaire", software=True) == "within"


@pytest.mark.req("ST-T-03")
def test_research_methods_are_counted_from_the_collection_where_no_number_is_given():
    collection = [{"method": "focus_group"}, {"method": "interview"}, {"method": "focus_group"}]
    data = {"service": "research", "form": "evaluation", "collection": collection}
    assert about(data, "research_methods").numbers["value"] == 2
    assert about({**data, "research_methods": 3}, "research_methods").code == "within"


@pytest.mark.req("ST-A-22", "SO-X-03")
def test_satisfaction_with_information_is_not_applicable_and_not_a_failure():
    data = {"service": "information", "form": "media_coverage"}
    assert about(data, "satisfaction").severity is Severity.NOT_APPLICABLE


# --- Units and terms -----------------------------------------------------------------------------


@pytest.mark.req("ST-T-07", "ST-A-08")
@pytest.mark.parametrize(
    ("duration", "code", "severity"),
    [
        ([{"value": 2, "unit": "hour"}], "below_minimum", Severity.WARNING),
        ([{"value": 3, "unit": "hour"}], "within", Severity.NOTICE),
        ([{"value": 500, "unit": "hour"}], "within", Severity.NOTICE),
        ([{"value": 4, "unit": "day"}], "within", Severity.NOTICE),
        ([{"value": 5, "unit": "day"}], "above_maximum", Severity.NOTICE),
        ([{"value": 30, "unit": "hour"}, {"value": 4, "unit": "day"}], "within", Severity.OK),
        (
            [{"value": 30, "unit": "hour"}, {"value": 5, "unit": "day"}],
            "above_maximum",
            Severity.NOTICE,
        ),
    ],
)
def test_hours_and_days_of_an_internship_are_never_converted(duration, code, severity):
    data = {"service": "training", "form": "internship", "duration": duration}
    finding = about(data, "duration")
    assert (finding.code, finding.severity) == (code, severity)


@pytest.mark.req("ST-A-08")
def test_days_where_the_table_counts_hours_are_no_data_with_a_reason():
    finding = about({**SEMINAR, "duration": {"value": 2, "unit": "day"}}, "duration")
    assert finding.code == "no_data"
    assert "no rule for converting" in finding.message.en


def test_minutes_are_parts_of_an_hour():
    duration = {"value": 59, "unit": "minute"}
    assert about({**SEMINAR, "duration": duration}, "duration").code == "below_minimum"
    duration["value"] = 60
    assert about({**SEMINAR, "duration": duration}, "duration").code == "within"


@pytest.mark.req("ST-T-11")
@pytest.mark.parametrize(
    ("form", "end", "code"),
    [
        ("opinion_research", "2026-05-30", "below_minimum"),
        ("opinion_research", "2026-05-31", "within"),
        ("needs_assessment", "2026-04-14", "below_minimum"),
        ("needs_assessment", "2026-04-15", "within"),
        ("management_effectiveness", "2026-08-31", "within"),
    ],
)
def test_the_term_of_a_research_counts_both_its_first_and_its_last_day(form, end, code):
    data = {"service": "research", "form": form, "start": "2026-03-01", "end": end}
    assert about(data, "term_months").code == code


DAYS = st.dates(date(2000, 1, 1), date(2100, 1, 1))


@pytest.mark.req("ST-T-11")
@given(start=DAYS, length=st.integers(0, 800), whole=st.integers(0, 24))
def test_months_reach_a_whole_number_exactly_when_the_calendar_does(start, length, whole):
    end = start + timedelta(days=length)
    passed = end + timedelta(days=1) >= add_months(start, whole)
    assert (months(start, end) >= whole) == passed


@given(start=DAYS, length=st.integers(0, 800))
def test_a_day_more_never_makes_a_term_shorter(start, length):
    end = start + timedelta(days=length)
    assert months(start, end) <= months(start, end + timedelta(days=1))


@pytest.mark.parametrize(
    ("amount", "words"),
    [
        (Amount(Fraction(1), "hour"), ("1 сағат", "1 час", "1 hour")),
        (Amount(Fraction(22), "hour"), ("22 сағат", "22 часа", "22 hours")),
        (Amount(Fraction(11), "person"), ("11 адам", "11 человек", "11 persons")),
        (Amount(Fraction(1, 2), "hour"), ("0,5 сағат", "0,5 часа", "0.5 hours")),
        (Amount(Fraction(112), "day"), ("112 күн", "112 дней", "112 days")),
        (Amount(Fraction(200, 3), "percent"), ("≈66,67%", "≈66,67%", "≈66.67%")),
        (Amount(Fraction(49999, 1000), "percent"), ("49,999%", "49,999%", "49.999%")),
        (Amount(Fraction(149999, 3000), "percent"), ("≈49,9997%", "≈49,9997%", "≈49.9997%")),
    ],
)
def test_an_amount_is_said_with_its_unit_and_never_shown_as_a_bound_that_it_is_not(amount, words):
    assert tuple(amount.words()) == words


# --- Modes and targets ---------------------------------------------------------------------------


@pytest.mark.req("ST-G-03", "ST-G-05")
def test_a_specification_is_checked_by_the_customers_values():
    data = {**SEMINAR, "participants": 20, "targets": {"participants": 40, "satisfaction": 45}}
    found = codes(data, "spec")
    assert found["participants"] == "above_maximum"
    assert found["satisfaction"] == "below_minimum"
    assert found["duration"] == "no_data"
    assert "answers" not in found
    assert "9-1" in about(data, "duration", "spec").message.en


@pytest.mark.req("ST-G-03", "ST-G-05")
def test_a_result_is_checked_against_the_table_and_against_the_customers_value():
    data = {**SEMINAR, "participants": 20, "targets": {"participants": 25}}
    found = codes(data)
    assert found["participants"] == "within"
    assert found["targets.participants"] == "below_minimum"
    assert codes({**data, "participants": 25})["targets.participants"] == "within"
    assert codes({**data, "participants": 30})["targets.participants"] == "within"


@pytest.mark.req("ST-S-21")
def test_a_specification_of_events_combines_several_forms():
    data = {"service": "event", "form": "festival", "format": "offline"}
    assert codes({**data, "forms": ["festival"]}, "spec")["forms"] == "below_minimum"
    assert codes({**data, "forms": ["festival", "quiz"]}, "spec")["forms"] == "within"
    assert codes(data, "spec")["forms"] == "no_data"
    assert "forms" not in codes({**data, "forms": ["festival"]}, "result")


@pytest.mark.req("ST-S-24")
def test_a_result_of_an_event_has_a_list_of_publications():
    data = {"service": "event", "form": "festival"}
    assert codes({**data, "publication_list": False})["publication_list"] == "below_minimum"
    assert codes({**data, "publication_list": True})["publication_list"] == "within"
    assert codes(data)["publication_list"] == "no_data"
    assert "publication_list" not in codes(data, "spec")


@pytest.mark.req("ST-A-20")
@pytest.mark.parametrize(("given", "code"), [(36, "within"), (37, "above_maximum")])
def test_a_project_of_more_than_three_years_is_a_warning(given, code):
    finding = about({**SEMINAR, "project_months": given}, "project_months")
    assert finding.code == code
    assert (finding.severity is Severity.WARNING) == (code == "above_maximum")


# --- Checklists ----------------------------------------------------------------------------------


@pytest.mark.req("ST-S-03", "ST-S-06", "ST-S-28", "ST-T-12")
@pytest.mark.parametrize(
    ("data", "field", "size"),
    [
        (SEMINAR, "information_sheet", 8),
        ({"service": "consultation"}, "information_sheet", 5),
        ({"service": "civic_centre", "form": "city_district"}, "presentation_package", 5),
        ({"service": "information", "form": "briefing"}, "evidence", 7),
    ],
)
def test_a_checklist_names_everything_that_is_missing(data, field, size):
    items = list(standard().checklist(field, data["service"]).items)
    assert len(items) == size
    assert codes({**data, field: items})[field] == "within"
    finding = about({**data, field: items[1:-1]}, field)
    assert finding.code == "below_minimum"
    assert finding.numbers["missing"] == [items[0], items[-1]]
    assert codes(data)[field] == "no_data"


@pytest.mark.req("ST-Q-03")
@pytest.mark.parametrize("service", ["training", "consultation", "research", "event"])
def test_one_way_of_informing_is_enough_and_none_is_too_few(service):
    forms = {"training": "lecture", "research": "monitoring", "event": "action"}
    data = {"service": service, "form": forms.get(service)}
    assert codes({**data, "information_ways": []})["information_ways"] == "below_minimum"
    assert codes({**data, "information_ways": ["telephone"]})["information_ways"] == "within"


@pytest.mark.req("ST-E-06")
def test_a_centre_is_checked_by_every_service_of_its_package():
    data = {
        "service": "civic_centre",
        "form": "city_district",
        "services": [{**SEMINAR, "participants": 12}, {**SEMINAR, "participants": 11}],
    }
    found = codes(data)
    assert found["services[0].participants"] == "within"
    assert found["services[1].participants"] == "below_minimum"


# --- Surveys -------------------------------------------------------------------------------------


@pytest.mark.req("ST-T-01", "ST-A-07")
def test_table_1_divides_by_all_participants_and_says_who_did_not_answer():
    data = {**SEMINAR, "participants": 20, "answers": 10, "points_total": 50}
    assert about(data, "satisfaction").numbers["value"] == 50
    assert about(data, "answers").code == "sample_too_small"


@pytest.mark.req("ST-T-02")
@pytest.mark.parametrize(("answers", "code"), [(2, "sample_too_small"), (3, "within")])
def test_a_fifth_of_the_consumers_is_rounded_up(answers, code):
    data = {
        "service": "consultation",
        "consumers": 11,
        "answers": answers,
        "points_total": answers * 4,
        "consultations": 30,
        "consultations_applied": 15,
    }
    assert about(data, "answers").code == code
    assert about(data, "answers").numbers["minimum"] == 3
    assert about(data, "satisfaction").numbers["value"] == 80
    assert about(data, "practical_application").numbers["value"] == 50


@pytest.mark.req("ST-T-04", "ST-T-05")
@pytest.mark.parametrize(("answers", "code"), [(4, "sample_too_small"), (5, "within")])
def test_a_tenth_of_the_participants_of_an_event_is_rounded_up(answers, code):
    data = {
        "service": "event",
        "form": "forum",
        "participants": 41,
        "answers": answers,
        "points_total": 4 * answers,
        "confirmed": answers - 1,
    }
    samples = [one.code for one in check(data) if one.about == "answers"]
    assert samples == [code, code]  # tables 4 and 5
    assert about(data, "practical_application").numbers["value"] == Fraction(
        (answers - 1) * 100, answers
    )


def test_nobody_asked_gives_no_percentage_and_no_division_by_zero():
    data = {**SEMINAR, "participants": 0, "answers": 0, "points_total": 0}
    assert about(data, "satisfaction").code == "no_data"
    event = {"service": "event", "form": "action", "participants": 60, "answers": 0}
    found = codes({**event, "points_total": 0, "confirmed": 0})
    assert (found["satisfaction"], found["involvement"]) == ("no_data", "no_data")


# --- Bad input -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ([], "object"),
        ({}, '"service" is missing'),
        ({"service": "cooking"}, "cooking"),
        ({"service": ["training"]}, "service"),
        ({"service": "training"}, '"form" is missing'),
        ({"service": "training", "form": "party"}, "party"),
        ({**SEMINAR, "particpants": 12}, "particpants"),
        ({**SEMINAR, "participants": -1}, "-1"),
        ({**SEMINAR, "participants": True}, "True"),
        ({**SEMINAR, "participants": 12.5}, "12.5"),
        ({**SEMINAR, "participants": "many"}, "many"),
        ({**SEMINAR, "participants": 10**400}, "too large"),
        ({**SEMINAR, "satisfaction": 101}, "too large"),
        ({**SEMINAR, "satisfaction": 70.5}, "70.5"),
        ({**SEMINAR, "premises_m2": Decimal("1e999999999")}, "E+999999999"),
        ({**SEMINAR, "premises_m2": Decimal("NaN")}, "NaN"),
        ({**SEMINAR, "premises_m2": "1/2"}, "1/2"),
        ({**SEMINAR, "format": "hybrid"}, "hybrid"),
        ({**SEMINAR, "online": True}, "contradict"),
        ({**SEMINAR, "duration": 6}, "duration"),
        ({**SEMINAR, "duration": {"value": 6, "unit": "week"}}, "week"),
        ({**SEMINAR, "duration": {"value": 6}}, "unit"),
        ({**SEMINAR, "equipment": "laptop"}, "equipment"),
        ({**SEMINAR, "equipment": ["abacus"]}, "abacus"),
        ({**SEMINAR, "contract_concluded": "yes"}, "true or false"),
        ({**SEMINAR, "targets": [1]}, "targets"),
        ({**SEMINAR, "targets": {"applause": 1}}, "applause"),
        ({**SEMINAR, "participants": 5, "answers": 6}, "cannot be more"),
        ({**SEMINAR, "answers": 6, "points_total": 31}, "between 6 and 30"),
        ({**SEMINAR, "answers": 6, "points_total": 5}, "between 6 and 30"),
        ({"service": "information"}, '"form" is missing'),
        ({"service": "information", "materials": [{"kind": "mug"}]}, "mug"),
        ({"service": "information", "materials": [{"kind": "flyer", "format": 4}]}, "format"),
        ({"service": "research", "form": "evaluation", "start": "soon"}, "soon"),
        (
            {
                "service": "research",
                "form": "evaluation",
                "start": "2026-05-02",
                "end": "2026-05-01",
            },
            "before the start",
        ),
        (
            {
                "service": "research",
                "form": "evaluation",
                "start": "2026-05-02",
                "end": "9999-12-31",
            },
            "outside the calendar",
        ),
        (
            {
                "service": "civic_centre",
                "form": "city_district",
                "services": [{"service": "civic_centre"}],
            },
            "civic_centre",
        ),
    ],
)
def test_facts_that_cannot_be_read_are_refused_in_one_sentence_in_each_language(data, words):
    with pytest.raises(Refused) as refusal:
        check(data)
    assert words in str(refusal.value)
    for sentence in refusal.value.text:
        assert sentence.endswith(".")
        assert "\n" not in sentence


def test_an_unknown_mode_or_edition_is_refused():
    with pytest.raises(Refused, match="audit"):
        check(SEMINAR, "audit")
    with pytest.raises(Refused, match="1999"):
        check(SEMINAR, edition="1999")


def test_a_cyrillic_a4_is_an_a4():
    data = {"service": "information", "materials": [{"kind": "booklet", "format": "а4"}]}
    assert about(data, "materials[0].paper").code == "within"


def test_an_empty_value_is_a_missing_one():
    assert codes({**SEMINAR, "participants": None, "targets": None})["participants"] == "no_data"


def test_the_mode_of_an_event_must_be_said_before_participants_are_compared():
    data = {"service": "event", "form": "conference", "participants": 40}
    assert codes(data)["participants"] == "no_data"


@given(
    participants=st.integers(0, 10**6),
    answers=st.integers(0, 1000),
    mean=st.fractions(1, 5),
)
def test_satisfaction_of_an_event_is_exact_and_lies_between_20_and_100(participants, answers, mean):
    if answers > participants or not answers:
        return
    points = int(mean * answers)
    if points < answers:
        return
    data = {
        "service": "event",
        "form": "forum",
        "participants": participants,
        "answers": answers,
        "points_total": points,
    }
    value = about(data, "satisfaction").numbers["value"]
    assert value * 5 * answers == points * 100
    assert 20 <= value <= 100

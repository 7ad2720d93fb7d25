"""Satisfaction from a list of answers: formulas, sample rules, reading of CSV."""

from __future__ import annotations

import json
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ortaq.law import Refused
from ortaq.law.satisfaction import measure, read_csv


def answers(*points: float | None) -> list[dict[str, Any]]:
    """One row per participant."""
    return [{"participant": f"p{n}", "points": one} for n, one in enumerate(points)]


def codes(result) -> list[tuple[str, str]]:
    return [(finding.about, finding.code) for finding in result.findings]


@pytest.mark.req("ST-T-01", "ST-A-07")
def test_training_divides_by_all_participants_and_asks_all_of_them():
    found = measure(answers(5, 4, 5, 5), service="training", form="seminar", participants=5)
    assert found.percent == 76
    assert (found.required_answers, found.answers) == (5, 4)
    assert codes(found) == [("answers", "sample_too_small"), ("satisfaction", "within")]


@pytest.mark.req("ST-T-02")
def test_consultation_divides_by_those_asked_and_wants_a_fifth_of_the_journal():
    found = measure(answers(5, 4, 4), service="consultation", participants=11)
    assert (found.percent, found.required_answers) == (Fraction(260, 3), 3)
    assert codes(found) == [("answers", "within"), ("satisfaction", "above_maximum")]
    fewer = measure(answers(5, 4), service="consultation", form="one_off", participants=11)
    assert codes(fewer)[0] == ("answers", "sample_too_small")


@pytest.mark.req("ST-T-02")
def test_application_of_advice_counts_every_consultation_of_the_journal():
    rows: list[dict[str, Any]] = [
        {"participant": "Aliya", "points": 4, "applied": True},
        {"participant": "Aliya", "points": None, "applied": False},
        {"participant": "Bolat", "points": 3, "applied": True},
        {"participant": "Dana", "points": None, "applied": None},
    ]
    found = measure(rows, service="consultation", participants=3)
    assert found.application_percent == 50
    assert found.percent == 70
    assert found.population == 3


@pytest.mark.req("ST-T-04", "ST-T-05")
def test_an_event_is_measured_by_its_group_of_forms():
    rows = [{**row, "applied": n < 2} for n, row in enumerate(answers(4, 3, 3, 4))]
    by_form = measure(rows, service="event", form="festival", participants=40)
    by_group = measure(rows, service="event", form="leisure_games", participants=40)
    assert by_form.percent == by_group.percent == 70
    assert by_form.application_percent == 50
    assert codes(by_form) == [
        ("answers", "within"),
        ("satisfaction", "within"),
        ("answers", "within"),
        ("involvement", "below_minimum"),
    ]


@pytest.mark.req("ST-T-05", "ST-A-17")
def test_sport_is_counted_by_heads():
    found = measure(answers(4, 4), service="event", form="match", participants=19)
    assert ("participants", "below_minimum") in codes(found)
    assert found.application_percent is None


@pytest.mark.req("ST-A-22", "SO-X-03")
@pytest.mark.parametrize("service", ["information", "research", "civic_centre"])
def test_services_without_a_measure_are_not_applicable_and_give_no_number(service):
    found = measure(answers(5, 5), service=service)
    assert codes(found) == [("satisfaction", "not_applicable")]
    assert (found.percent, found.required_answers) == (None, None)


def test_a_webinar_has_a_dash_and_gives_no_number():
    found = measure(answers(5, 5), service="training", form="webinar", participants=2)
    assert codes(found) == [("satisfaction", "not_applicable")]
    assert found.percent is None


def test_success_stories_are_not_taken_from_answers():
    rows = [{"participant": "Aliya", "points": 5, "applied": True}]
    found = measure(rows, service="training", form="training", participants=1)
    assert codes(found)[-1] == ("applied", "not_applicable")
    assert found.application_percent is None


def test_without_a_number_of_participants_the_rows_are_counted_and_it_is_said():
    found = measure(answers(5, None, 4), service="training", form="lecture")
    assert found.population == 3
    assert found.percent == 60
    assert codes(found)[-1] == ("participants", "no_data")


@pytest.mark.req("ST-A-21")
def test_the_edition_of_2018_has_no_formula_to_apply():
    found = measure(answers(5), service="training", form="seminar", edition="2018")
    assert codes(found) == [("", "no_data")]
    assert found.percent is None


def test_the_result_is_json_with_exact_numbers():
    found = measure(answers(5, 4, 4), service="event", form="quiz", participants=3)
    told = found.as_dict()
    assert told["percent"] == "260/3"
    assert json.loads(json.dumps(told)) == told


@given(st.lists(st.integers(1, 5), min_size=1, max_size=60), st.integers(0, 500))
def test_the_two_divisors_agree_when_everybody_answers(points, silent):
    asked = measure(
        answers(*points), service="event", form="forum", participants=len(points) + silent
    )
    everyone = measure(
        answers(*points), service="training", form="seminar", participants=len(points) + silent
    )
    assert asked.percent == Fraction(sum(points) * 20, len(points))
    assert everyone.percent == Fraction(sum(points) * 20, len(points) + silent)
    too_small = ("answers", "sample_too_small")
    assert (too_small in codes(everyone)) == (silent > 0)
    assert (too_small in codes(asked)) == (len(points) * 10 < len(points) + silent)


# --- Bad input -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rows", "options", "words"),
    [
        ([], {}, "no answers"),
        (answers(6), {}, "from 1 to 5"),
        (answers(0), {}, "from 1 to 5"),
        ([{"participant": "Aliya", "points": True}], {}, "from 1 to 5"),
        ([{"participant": "Aliya", "points": 4.0}], {}, "from 1 to 5"),
        ([{"participant": " ", "points": 4}], {}, "participant is missing"),
        ([{"participant": "Aliya", "points": 4}] * 2, {}, "second time"),
        (answers(5, 5), {"participants": 1}, "cannot be more"),
        (answers(5, 5), {"participants": -1}, "negative"),
        (answers(5), {"form": "party"}, "party"),
        (answers(5), {"form": ""}, '"form" is missing'),
        (answers(5), {"service": "cooking"}, "cooking"),
    ],
)
def test_answers_that_cannot_be_counted_are_refused(
    rows: list[dict[str, Any]], options: dict[str, Any], words: str
):
    with pytest.raises(Refused, match=words):
        measure(rows, **{"service": "training", "form": "seminar", **options})


def test_a_consumer_may_be_consulted_again_but_not_asked_twice():
    rows = [{"participant": "Aliya", "points": 4}, {"participant": "Aliya", "points": 5}]
    with pytest.raises(Refused, match="second time"):
        measure(rows, service="consultation")


# --- CSV -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_a_csv_is_read_with_any_common_separator(separator):
    lines = ["participant,points,applied", "Әлия,5,иә", '"Болат",,', "Dana,3,no", ""]
    text = "\ufeff" + "\r\n".join(line.replace(",", separator) for line in lines)
    assert read_csv(text) == [
        {"line": 2, "participant": "Әлия", "points": 5, "applied": True},
        {"line": 3, "participant": "Болат", "points": None, "applied": None},
        {"line": 4, "participant": "Dana", "points": 3, "applied": False},
    ]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "no answers"),
        ("\n \n", "no answers"),
        ("participant,points\n", "no answers"),
        ("name,mark\nAliya,5\n", "name, mark"),
        ("Aliya,5\nBolat,4\n", "first line"),
        ("participant,points\nAliya\n", "Line 2: 2 columns"),
        ("participant,points\nAliya,5,yes\n", "Line 2: 2 columns"),
        ("participant,points\nAliya,5\nBolat,6\n", "Line 3"),
        ("participant,points\nAliya,4.5\n", "4.5"),
        ("participant,points\nAliya,05\n", "05"),
        ("participant,points\nAliya,five\n", "five"),
        ("participant,points\nAliya,٥\n", "whole number"),
        ("participant,points,applied\nAliya,5,maybe\n", "maybe"),
        ("participant,points\n,5\n", "participant is missing"),
        ('participant,points\n"Aliya,5\n', "cannot be read"),
        ("participant,points\nAl\x00iya,5\n", "cannot be read"),
        ("participant,points\n" + "a" * 200_000 + ",5\n", "cannot be read"),
    ],
)
def test_a_csv_that_cannot_be_read_is_refused_with_its_line(text, words):
    with pytest.raises(Refused) as refusal:
        read_csv(text)
    assert words in str(refusal.value)
    assert all("\n" not in sentence and len(sentence) < 300 for sentence in refusal.value.text)


def test_what_is_read_can_be_measured():
    rows = read_csv("participant,points\nAliya,4\nBolat,5\n")
    assert measure(rows, service="training", form="lecture", participants=2).percent == 90

"""Every range of the Standard's tables at its two ends.

The numbers below are typed from the act a second time and not read from its data file, so
that a slip in either shows.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest

from ortaq.law.standard import check, standard

# form: offline, online, hours (an end of None is not set), years of the trainer's experience
CONDITIONS_OF_TRAINING: dict[str, tuple[Any, Any, Any, int]] = {
    "seminar": ((12, 35), (20, 60), (1, 36), 1),
    "training": ((10, 30), (20, 40), (4, 24), 2),
    "training_of_trainers": ((10, 30), (20, 40), (4, 140), 5),
    "master_class": ((5, 40), (10, 50), (1, 4), 3),
    "lecture": ((15, 100), (20, None), ("0.5", 2), 1),
    "webinar": ((5, None), (5, None), ("0.5", 2), 1),
    "course_school": ((10, 30), (20, 50), (21, 140), 2),
    "internship": ((1, 20), None, (3, None), 3),
}
EVENTS: dict[str, tuple[Any, Any]] = {
    "round_table": ((15, 50), (20, 60)),
    "conference": ((35, 100), (50, None)),
    "festival": ((50, 500), (50, None)),
    "exhibition": ((35, 400), (50, None)),
    "contest": ((15, None), (20, None)),
    "action": ((50, None), (50, None)),
    "spartakiad": ((20, None), None),
    "championship": ((20, None), None),
}
QUALITY_OF_TRAINING: dict[str, tuple[Any, Any]] = {
    "seminar": ((50, 85), None),
    "training": ((60, 90), (1, 5)),
    "master_class": ((50, 85), None),
    "lecture": ((50, 85), None),
    "webinar": (None, None),
    "course_school": ((75, 95), (3, 7)),
    "internship": ((50, 85), (1, 5)),
}
SATISFACTION_WITH_EVENTS = {
    "round_table": (50, 85),
    "festival": (70, 85),
    "spartakiad": (50, 85),
}
MATERIALS: dict[str, tuple[list[str], Any]] = {
    "press_release": (["A4"], (150, 500)),
    "booklet": (["A4"], (1, 4)),
    "brochure": (["A4", "A5"], (40, None)),
    "visual_aids": (["A4", "A5"], (50, 120)),
    "bulletin": (["A4"], (1, None)),
    "flyer": (["A4", "A5"], (1, None)),
    "poster": (["A1", "A2", "A3"], None),
    "leaflet": (["A5"], (1, None)),
    "banner": ([], None),
}
# Minutes, since the ends of one row are printed in different units.
MEDIA_EVENTS = {"press_conference": (10, 30, 60), "briefing": (5, 30, 40)}
TERMS_OF_RESEARCH: dict[str, str] = {
    "opinion_research": "3",
    "monitoring": "3",
    "evaluation": "3",
    "sector_analysis": "3",
    "needs_assessment": "1.5",
    "management_effectiveness": "6",
    "legal_expertise": "3",
}
COLLECTION: dict[tuple[str, str], Any] = {
    ("population_survey", "sampling_error_percent"): (None, 5),
    ("population_survey", "field_control_percent"): (15, 25),
    ("expert_survey", "respondents"): (5, None),
    ("focus_group", "respondents"): (8, 12),
    ("brainstorm", "respondents"): (5, None),
    ("content_analysis", "sources"): (10, None),
}
BASE = ("laptop", "projector", "photo_video", "internet")
# form: square metres offline, then what is marked "+" offline and online
MATERIAL_BASE: dict[str, tuple[int | None, str, str]] = {
    "seminar": (20, "+++-", "+--+"),
    "training": (20, "+++-", "+--+"),
    "master_class": (15, "+---", "+--+"),
    "lecture": (20, "+---", "+--+"),
    "webinar": (None, "+--+", "+--+"),
    "course_school": (50, "++++", "+--+"),
}


def edges(ends: Any, step: Fraction = Fraction(1)) -> list[tuple[Fraction, str]]:
    """The four values around a range, each with the code that it must give."""
    if ends is None:
        return [(Fraction(1), "not_applicable"), (Fraction(99), "not_applicable")]
    least, most = (None if end is None else Fraction(end) for end in ends)
    found = []
    if least is not None:
        found += [(least - step, "below_minimum"), (least, "within")]
    found.append((most, "within") if most is not None else (Fraction(10**6), "within"))
    if most is not None:
        found.append((most + step, "above_maximum"))
    return found


def code(data: dict[str, Any], about: str, mode: str = "result") -> str:
    """The code of the one finding about a field."""
    (finding,) = [one for one in check(data, mode) if one.about == about]
    return finding.code


def cases(table: dict[Any, Any], *columns: int) -> list[Any]:
    """Every (row, column, value, code) of a table typed above."""
    return [
        pytest.param(row, column, value, expected, id=f"{row}-{column}-{value}-{expected}")
        for row, ranges in table.items()
        for column in columns
        for value, expected in edges(ranges[column])
    ]


@pytest.mark.req("ST-T-07")
@pytest.mark.parametrize(
    ("form", "column", "value", "expected"), cases(CONDITIONS_OF_TRAINING, 0, 1)
)
def test_table_7_bounds_the_participants(form, column, value, expected):
    data = {
        "service": "training",
        "form": form,
        "format": ("offline", "online")[column],
        "participants": int(value),
    }
    assert code(data, "participants") == expected


@pytest.mark.req("ST-T-07")
@pytest.mark.parametrize(
    ("form", "value", "expected"),
    [
        (form, value, expected)
        for form, row in CONDITIONS_OF_TRAINING.items()
        if form != "internship"
        for value, expected in edges(row[2], Fraction(1, 10))
    ],
)
def test_table_7_bounds_the_duration(form, value, expected):
    data = {
        "service": "training",
        "form": form,
        "format": "offline",
        "duration": {"value": value, "unit": "hour"},
    }
    assert code(data, "duration") == expected


@pytest.mark.req("ST-T-07")
@pytest.mark.parametrize(
    ("form", "years"), [(form, row[3]) for form, row in CONDITIONS_OF_TRAINING.items()]
)
def test_table_7_asks_for_the_trainers_experience_and_never_for_less_of_it(form, years):
    def told(value: object) -> str:
        data = {"service": "training", "form": form, "trainer_experience_years": value}
        return code(data, "trainer_experience_years")

    assert told(Fraction(years) - Fraction(1, 12)) == "below_minimum"
    assert told(years) == "within"
    assert told(60) == "within"


@pytest.mark.req("ST-T-13")
@pytest.mark.parametrize(("form", "column", "value", "expected"), cases(EVENTS, 0, 1))
def test_table_13_bounds_the_participants(form, column, value, expected):
    data = {
        "service": "event",
        "form": form,
        "online": bool(column),
        "participants": int(value),
    }
    found = [
        finding.code for finding in check(data) if finding.cite and "T13" in finding.cite.place
    ]
    assert found == [expected]


@pytest.mark.req("ST-T-01")
@pytest.mark.parametrize(
    ("form", "value", "expected"),
    [
        (form, value, expected)
        for form, row in QUALITY_OF_TRAINING.items()
        for value, expected in edges(row[0], Fraction(1, 10))
    ],
)
def test_table_1_bounds_satisfaction(form, value, expected):
    data = {"service": "training", "form": form, "satisfaction": value}
    assert code(data, "satisfaction") == expected


@pytest.mark.req("ST-T-01")
@pytest.mark.parametrize(
    ("form", "value", "expected"),
    [
        (form, value, expected)
        for form, row in QUALITY_OF_TRAINING.items()
        for value, expected in edges(row[1])
    ],
)
def test_table_1_bounds_the_success_stories(form, value, expected):
    data = {"service": "training", "form": form, "success_stories": int(value)}
    assert code(data, "success_stories") == expected


@pytest.mark.req("ST-T-02")
@pytest.mark.parametrize(
    ("field", "ends"), [("satisfaction", (60, 85)), ("practical_application", (50, 85))]
)
def test_table_2_bounds_both_measures_of_consultation(field, ends):
    for value, expected in edges(ends, Fraction(1, 100)):
        assert code({"service": "consultation", field: value}, field) == expected


@pytest.mark.req("ST-T-03")
@pytest.mark.parametrize("field", ["research_methods", "analysis_methods", "expert_opinions"])
def test_table_3_asks_for_three_of_each(field):
    for value, expected in edges((3, None)):
        data = {"service": "research", "form": "evaluation", field: int(value)}
        assert code(data, field) == expected


@pytest.mark.req("ST-T-04")
@pytest.mark.parametrize(("form", "ends"), SATISFACTION_WITH_EVENTS.items())
def test_table_4_bounds_satisfaction_with_events(form, ends):
    for value, expected in edges(ends, Fraction(1, 10)):
        data = {"service": "event", "form": form, "satisfaction": value}
        assert code(data, "satisfaction") == expected


@pytest.mark.req("ST-T-05", "ST-A-02")
@pytest.mark.parametrize(
    ("form", "field", "least"),
    [("round_table", "practical_application", 50), ("festival", "involvement", 60)],
)
def test_table_5_is_one_corridor_with_two_bands(form, field, least):
    def told(value: object) -> tuple[str, object]:
        data = {"service": "event", "form": form, field: value}
        (finding,) = [one for one in check(data) if one.about == field]
        return finding.code, finding.numbers.get("band")

    assert told(least - 1) == ("below_minimum", None)
    assert told(least) == ("within", "lower_band")
    assert told("84.9") == ("within", "lower_band")
    assert told(85) == ("within", "upper_band")
    assert told(100) == ("within", "upper_band")


@pytest.mark.req("ST-T-05", "ST-A-17")
@pytest.mark.parametrize(("participants", "expected"), edges((20, None)))
def test_table_5_counts_heads_in_sport(participants, expected):
    data = {"service": "event", "form": "championship", "participants": int(participants)}
    found = [finding.code for finding in check(data) if finding.cite and "T5" in finding.cite.place]
    assert found == [expected]


@pytest.mark.req("ST-A-01")
def test_there_is_no_table_6_and_nothing_is_renumbered():
    numbers = {table.number for table in standard().tables.values() if table.number}
    assert numbers == {1, 2, 3, 4, 5, 7, 8, 9, 10, 11, 12, 13}
    with pytest.raises(ValueError, match="no table 6"):
        standard().table("6")


@pytest.mark.req("ST-T-08")
@pytest.mark.parametrize("form", MATERIAL_BASE)
@pytest.mark.parametrize("mode", ["offline", "online"])
def test_table_8_asks_for_what_is_marked_with_a_plus(form, mode):
    metres, *signs = MATERIAL_BASE[form]
    data = {
        "service": "training",
        "form": form,
        "format": mode,
        "financial_years": 2,
        "contract_concluded": True,
        "equipment": [],
    }
    marked = dict(zip(BASE, signs[mode == "online"], strict=True))
    for thing, sign in marked.items():
        expected = "below_minimum" if sign == "+" else "not_applicable"
        assert code(data, f"equipment.{thing}") == expected
        if sign == "+":
            assert code({**data, "equipment": [thing]}, f"equipment.{thing}") == "within"
    ends = (metres, None) if metres and mode == "offline" else None
    for value, expected in edges(ends, Fraction(1, 2)):
        assert code({**data, "premises_m2": value}, "premises_m2") == expected


@pytest.mark.req("ST-T-09", "ST-A-09")
@pytest.mark.parametrize(("level", "metres"), [("republican_oblast", 100), ("city_district", 30)])
def test_table_9_asks_a_centre_for_room_and_equipment(level, metres):
    data = {"service": "civic_centre", "form": level, "financial_years": 2}
    for value, expected in edges((metres, None)):
        assert code({**data, "premises_m2": value}, "premises_m2") == expected
    for thing in ("office_internet", "photo_video"):
        assert code({**data, "equipment": []}, f"equipment.{thing}") == "below_minimum"
        assert code({**data, "equipment": [thing]}, f"equipment.{thing}") == "within"


@pytest.mark.req("ST-T-10")
@pytest.mark.parametrize(("method", "field"), COLLECTION)
def test_table_10_bounds_the_collecting_of_data(method, field):
    for value, expected in edges(COLLECTION[method, field]):
        given = int(value) if field in ("respondents", "sources") else min(value, Fraction(100))
        data = {
            "service": "research",
            "form": "evaluation",
            "collection": [{"method": method, field: given}],
        }
        assert code(data, f"collection[0].{field}") == expected


@pytest.mark.req("ST-T-11")
@pytest.mark.parametrize(("form", "months"), TERMS_OF_RESEARCH.items())
def test_table_11_bounds_the_term_from_below_only(form, months):
    for value, expected in edges((months, None), Fraction(1, 10)):
        data = {"service": "research", "form": form, "term_months": value}
        assert code(data, "term_months", "spec") == expected


@pytest.mark.req("ST-T-12")
@pytest.mark.parametrize("kind", MATERIALS)
def test_table_12_bounds_the_volume_of_materials_and_lists_their_formats(kind):
    papers, ends = MATERIALS[kind]

    def told(field: str, **given: object) -> str:
        data = {"service": "information", "materials": [{"kind": kind, **given}]}
        return code(data, f"materials[0].{field}")

    for value, expected in edges(ends):
        assert told("volume", volume=value) == expected
    for paper in ("A1", "A2", "A3", "A4", "A5", "A6"):
        listed = "within" if paper in papers else "below_minimum"
        assert told("paper", format=paper) == (listed if papers else "not_applicable")


@pytest.mark.req("ST-T-12", "ST-A-03")
@pytest.mark.parametrize("form", MEDIA_EVENTS)
def test_table_12_bounds_events_with_media(form):
    people, *minutes = MEDIA_EVENTS[form]
    for value, expected in edges((people, None)):
        data = {"service": "information", "form": form, "participants": int(value)}
        assert code(data, "participants") == expected
    for value, expected in edges(tuple(minutes)):
        data = {
            "service": "information",
            "form": form,
            "duration": {"value": value, "unit": "minute"},
        }
        assert code(data, "duration") == expected


@pytest.mark.req("ST-T-12", "ST-S-25", "ST-A-15")
@pytest.mark.parametrize(
    "data",
    [
        {"service": "information", "form": "media_coverage"},
        {"service": "information", "form": "information_campaign"},
        {"service": "event", "form": "conference"},
    ],
)
@pytest.mark.parametrize(("channel", "least"), [("media", 5), ("social", 3)])
def test_publications_have_a_minimum_and_more_is_never_a_finding(data, channel, least):
    for value, expected in edges((least, None)):
        given = {**data, "publications": {channel: int(value)}}
        assert code(given, f"publications.{channel}") == expected


@pytest.mark.req("ST-C-05", "ST-C-06", "ST-C-07")
@pytest.mark.parametrize(
    ("topic", "months", "clause"),
    [("methods", 6, "¶14(1)"), ("documents", 12, "¶14(2)"), ("management", 24, "¶14(3)")],
)
def test_a_consultants_experience_depends_on_what_is_asked(topic, months, clause):
    for value, expected in edges((months, None)):
        data = {
            "service": "consultation",
            "topic": topic,
            "consultant_experience_months": value,
        }
        (finding,) = [one for one in check(data) if one.about == "consultant_experience_months"]
        assert finding.cite is not None
        assert (finding.code, finding.cite.place) == (expected, clause)


@pytest.mark.req("ST-S-17")
def test_three_percent_of_the_questionnaires_are_attached():
    def told(attached: int) -> str:
        data = {
            "service": "research",
            "form": "evaluation",
            "questionnaires": {"completed": 101, "attached": attached},
        }
        return next(one.code for one in check(data) if one.about == "questionnaires")

    assert told(3) == "below_minimum"
    assert told(4) == "within"
    assert told(0) == "not_applicable"

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import pytest
from django.http import QueryDict
from hypothesis import given
from hypothesis import strategies as st

from ortaq import law
from ortaq.documents.writing import paths, reading, values
from ortaq.documents.writing.merge import Edit, merge
from ortaq.documents.writing.slots import CELL, LONG, MOST_ROWS
from ortaq.grants.content.estimate import estimate_of
from ortaq.grants.content.parts import parts
from ortaq.grants.content.slots import layout

ALIYA, BOLAT = 1, 2
EDITION = law.edition("grants_rules", "2020")
PARTS = {part.key: part for part in parts(EDITION, [0])}


@dataclass
class Save:
    """One save as the database remembers it."""

    version: int
    person_id: int
    before: dict[str, Any] = field(default_factory=dict)


def merged(flat, saves, edits, person=ALIYA, known_from=0):
    return merge(flat, saves, edits, person=person, known_from=known_from)


# --- Paths -------------------------------------------------------------------------------------------

texts = st.text("аәбabc ", min_size=1, max_size=5)
rows = st.lists(
    st.fixed_dictionaries({"risk": texts}, optional={"mitigation": texts}), max_size=4
).map(lambda cells: [{"id": f"~{n}", **row} for n, row in enumerate(cells)])


@given(st.fixed_dictionaries({"basics": st.fixed_dictionaries({"goal": texts}), "risks": rows}))
def test_a_form_comes_back_from_its_paths_as_it_was(data):
    back = paths.nest(paths.flatten(data))
    assert back == {name: value for name, value in data.items() if value}


def test_rows_in_which_nothing_stands_are_left_out():
    data = {
        "risks": [{"id": "~a"}, {"id": "~b", "risk": "Карантин"}],
        "calendar_plan": [{"id": "~c", "activity": "Тренинг"}],
        "budget": {"lines": [{"id": "~d", "row": "rent", "activity": "~c"}]},
    }
    assert paths.without_empty_rows(data) == {
        "risks": [{"id": "~b", "risk": "Карантин"}],
        "calendar_plan": [{"id": "~c", "activity": "Тренинг"}],
        "budget": {"lines": []},
    }


# --- Values ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "typed", "value"),
    [
        ("int", "1 200", 1200),
        ("int", "жүз", "жүз"),
        ("money", "1 200 000,50", 120_000_050),
        ("money", "көп", "көп"),
        ("decimal", "1,50", "1.5"),
        ("decimal", "-1", "-1"),
        ("date", "31.3.2020", "2020-03-31"),
        ("date", "31 наурыз", "31 наурыз"),
        ("month", "3.2018", "2018-03"),
        ("month", "2018-03", "2018-03"),
        ("month", "13.2018", "13.2018"),
        ("month", "2018 жылы", "2018 жылы"),
        ("text", " \x00 бір\r\nекі ", "бір\nекі"),
        ("flag", "on", True),
        ("flag", "", None),
        ("months", ["3", "1", "99", "x"], [1, 3]),
        ("text", "   ", None),
    ],
)
def test_what_cannot_be_read_is_kept_as_typed(kind, typed, value):
    assert values.read(kind, typed) == value


def test_text_where_a_number_should_be_is_named():
    assert values.trouble("money", "көп") == "not_a_sum"
    assert values.trouble("month", "2018 жылы") == "not_a_month"
    assert values.trouble("month", "2018-03") == ""
    assert values.typed("month", "2018-03") == "03.2018"
    assert values.trouble("int", "жүз") == "not_a_number"
    assert values.trouble("decimal", "-1") == "not_a_quantity"
    assert values.trouble("date", "31 наурыз") == "not_a_day"
    assert values.trouble("bin", "123456789012") == "not_a_bin"
    assert values.trouble("money", 100) == ""


# --- Merging -----------------------------------------------------------------------------------------


def test_two_people_in_different_fields_both_keep_their_text():
    saves = [Save(1, BOLAT, {"basics/goal": None})]
    result = merged(
        {"basics/goal": "Болат жазды"},
        saves,
        [Edit("basics/tasks", 0, {"basics/tasks": "Әлия жазды"})],
    )
    assert result.flat == {"basics/goal": "Болат жазды", "basics/tasks": "Әлия жазды"}
    assert result.conflicts == {}


def test_two_people_in_one_field_make_a_conflict_and_neither_text_is_lost():
    saves = [Save(1, BOLAT, {"basics/goal": "бірінші"})]
    result = merged(
        {"basics/goal": "Болат жазды"},
        saves,
        [Edit("basics/goal", 0, {"basics/goal": "Әлия жазды"})],
    )
    assert result.flat == {"basics/goal": "Болат жазды"}
    assert result.conflicts == {"basics/goal": "Әлия жазды"}
    assert result.current == []


def test_a_field_that_i_did_not_touch_takes_the_others_text():
    saves = [Save(1, BOLAT, {"basics/goal": "бірінші"})]
    result = merged(
        {"basics/goal": "Болат жазды"},
        saves,
        [Edit("basics/goal", 0, {"basics/goal": "бірінші"})],
    )
    assert (result.flat, result.conflicts) == ({"basics/goal": "Болат жазды"}, {})


def test_my_own_earlier_save_is_no_conflict():
    saves = [Save(1, ALIYA, {"basics/goal": None})]
    result = merged({"basics/goal": "аб"}, saves, [Edit("basics/goal", 0, {"basics/goal": "абв"})])
    assert (result.flat, result.conflicts) == ({"basics/goal": "абв"}, {})


def test_two_cells_of_one_row_merge_but_the_page_stays_based_on_what_it_showed():
    row = {"risks/#": ["~a"], "risks/~a/risk": "Карантин", "risks/~a/mitigation": "Онлайн"}
    saves = [Save(5, BOLAT, {"risks/~a/mitigation": None})]
    edit = Edit("risks/~a", 4, {"risks/~a/risk": "Дауыл", "risks/~a/mitigation": None})
    result = merged(row, saves, [edit])
    assert result.flat["risks/~a/risk"] == "Дауыл"
    assert result.flat["risks/~a/mitigation"] == "Онлайн"
    # The page still shows an empty cell: were it taken for current, it would wipe Bolat's text.
    assert result.current == []


def test_a_page_too_old_to_be_merged_makes_every_difference_a_conflict():
    result = merged(
        {"basics/goal": "жаңа"},
        [],
        [Edit("basics/goal", 3, {"basics/goal": "ескі"})],
        known_from=10,
    )
    assert (result.flat, result.conflicts) == ({"basics/goal": "жаңа"}, {"basics/goal": "ескі"})


def test_a_new_row_goes_to_the_end_and_a_row_taken_out_comes_back_when_somebody_wrote_in_it():
    flat = {"risks/#": ["~a"], "risks/~a/risk": "Карантин"}
    result = merged(flat, [], [Edit("risks/~b", 0, {"risks/~b/risk": "Дауыл"})])
    assert result.flat["risks/#"] == ["~a", "~b"]

    saves = [Save(3, BOLAT, {"risks/#": ["~a"], "risks/~a/risk": "Карантин"})]
    result = merged({"risks/#": []}, saves, [Edit("risks/~a", 2, {"risks/~a/risk": "Карантин!"})])
    assert result.conflicts == {"risks/~a/risk": "Карантин!"}
    untouched = merged({"risks/#": []}, saves, [Edit("risks/~a", 2, {"risks/~a/risk": "Карантин"})])
    assert (untouched.flat, untouched.conflicts) == ({"risks/#": []}, {})


# --- What a page sends -------------------------------------------------------------------------------


def posted(**fields: Any) -> QueryDict:
    query = QueryDict(mutable=True)
    for name, value in fields.items():
        query.setlist(name, value if isinstance(value, list) else [value])
    return query


CONTENT = layout(PARTS["content"], local_plan=False)


def test_a_text_over_the_limit_is_refused_with_the_limit_named_and_the_rest_is_read():
    form = posted(
        **{
            "v:basics/goal": "3",
            "basics/goal": "ғ" * (LONG + 1),
            "v:basics/tasks": "3",
            "basics/tasks": "міндет",
            "basics/activities": "without a version it is not taken",
        }
    )
    found = reading.read(form, CONTENT, {})
    assert found.edits == [Edit("basics/tasks", 3, {"basics/tasks": "міндет"})]
    assert {path: one.numbers for path, one in found.refused.items()} == {
        "basics/goal": {"length": LONG + 1, "limit": LONG}
    }
    assert str(LONG) in str(found.refused["basics/goal"].message)


def test_an_unticked_box_is_read_and_an_unknown_name_is_not():
    form = posted(
        **{
            "v:calendar_plan/~a": "1",
            "calendar_plan/~a/activity": "Тренинг",
            "v:nothing/here": "1",
            "v:risks/../../etc": "1",
            "v:basics/goal": "²",
        }
    )
    found = reading.read(form, CONTENT, {"calendar_plan": [{"id": "~a", "months": [1]}]})
    values_read = {"calendar_plan/~a/activity": "Тренинг", "calendar_plan/~a/months": None}
    assert found.edits == [Edit("calendar_plan/~a", 1, values_read)]


def test_an_empty_new_row_is_passed_over_and_a_full_table_takes_no_more():
    rows = [{"id": f"~{n}", "risk": "Тәуекел"} for n in range(MOST_ROWS)]
    form = posted(
        **{"v:risks/~x": "1", "risks/~x/risk": "", "v:risks/~y": "1", "risks/~y/risk": "бар"}
    )
    found = reading.read(form, CONTENT, {"risks": rows})
    assert (found.edits, set(found.refused)) == ([], {"risks/~y"})
    too_long = posted(**{"v:risks/~0": "1", "risks/~0/risk": "а" * (CELL + 1)})
    assert set(reading.read(too_long, CONTENT, {"risks": rows}).refused) == {"risks/~0/risk"}


# --- Estimate ----------------------------------------------------------------------------------------


def line(row: str, quantity: str, tenge: int, **more: Any) -> dict[str, Any]:
    return {"id": f"~{row}", "row": row, "quantity": quantity, "unit_cost": tenge * 100, **more}


def estimate(*lines: dict[str, Any]):
    return estimate_of(PARTS["budget"].form(), {"budget": {"lines": list(lines)}})


@pytest.mark.req("GR-K-07", "GR-K-08")
def test_the_grant_is_what_the_other_sources_leave():
    one = estimate(line("rent", "2.5", 100_000, own_contribution=5_000_000))
    sums = one.sums()
    assert (sums.total, sums.own_contribution, sums.grant) == (25_000_000, 5_000_000, 20_000_000)
    assert one.lines[0].adds_up


@pytest.mark.req("GR-K-07")
def test_sources_that_do_not_make_the_total_are_seen():
    one = estimate(line("rent", "1", 1_000, grant=90_000, own_contribution=20_000))
    assert not one.lines[0].adds_up


def test_sums_go_up_the_tree_and_by_activity():
    one = estimate(
        line("per_diem", "1", 10, activity="~c1"),
        line("handouts_lines", "1", 5, activity="~c2"),
        line("material_support_lines", "1", 1),
    )
    assert one.sums("direct").total == 1500
    assert one.sums("direct", "~c1").total == 1000
    assert one.sums("travel", "~c1").total == 1000
    assert one.sums("material_support").total == 100
    assert one.activities == {"~c1", "~c2"}


@given(st.integers(1, 10**9), st.integers(0, 10**13))
def test_a_total_is_exact_or_not_taken(thousandths, tiyn):
    quantity = values.plain(Decimal(thousandths).scaleb(-3))
    one = estimate({"id": "~a", "row": "rent", "quantity": quantity, "unit_cost": tiyn}).lines[0]
    exact = thousandths * tiyn
    assert one.total == (exact // 1000 if exact % 1000 == 0 else 0)

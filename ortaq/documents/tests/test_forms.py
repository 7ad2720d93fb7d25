import pytest

from ortaq.documents.forms import Column, Row, Table, form, forms, index

ALL = list(forms())


def all_tables():
    return [table for one in ALL for section in one.sections for table in section.tables]


@pytest.mark.req(
    "GR-A-13", "GR-K-03", "SO-T-045", "IM-037", "IM-112", "PR-018", "PR-019", "PR-022", "NG-028"
)
def test_every_form_that_the_acts_and_the_guide_name_has_its_file_and_no_other_is_there():
    named = [(one.id, one.edition) for act in index() for one in act.forms]
    assert sorted(named) == sorted((one.id, one.edition) for one in ALL)


@pytest.mark.parametrize("one", ALL, ids=lambda one: one.id)
def test_every_heading_has_a_kazakh_and_a_russian_wording(one):
    texts = [one.title, *one.body, *one.notes]
    texts += [section.title for section in one.sections if section.num]
    tables = [table for section in one.sections for table in section.tables]
    texts += [row.label for table in tables for row in table.rows if row.kind != "repeat"]
    assert [text for text in texts if not (text.kk and text.ru)] == []


@pytest.mark.parametrize("table", all_tables(), ids=lambda table: table.key)
def test_the_keys_of_a_table_are_told_apart(table: Table):
    for things in (table.leaves(), table.rows):
        keys = [thing.key for thing in things]
        assert len(keys) == len(set(keys))
    assert {row.parent for row in table.rows} - {""} <= {row.key for row in table.rows}


@pytest.mark.req("GR-K-07")
def test_the_estimate_has_three_sources_under_one_heading():
    table = form("GRANT-A5").section("budget").table("budget")
    funding = next(column for column in table.columns if column.columns)
    assert [column.key for column in funding.leaves()] == [
        "own_contribution",
        "other_cofinancing",
        "grant",
    ]


@pytest.mark.req("GR-K-08")
def test_the_estimate_has_the_categories_of_the_annex():
    table = form("GRANT-A5").section("budget").table("budget")
    assert [row.key for row in table.children("")] == [
        "administrative",
        "material_support",
        "direct",
        "grand_total",
    ]
    assert len(table.children("administrative")) == 9
    assert [row.key for row in table.children("activity")] == [
        "travel",
        "handouts",
        "works_services",
        "representation",
    ]


def test_only_the_experience_in_the_region_depends_on_the_plan():
    conditional = [s.key for one in ALL for s in one.sections if s.only_if == "local_plan"]
    assert conditional == ["regional_experience"]


@pytest.mark.req("GR-X-16")
def test_forms_keep_the_official_wording_for_the_applicant():
    assert (
        "сұраныс беруші" in form("GRANT-A2").section("questionnaire").tables[0].leaves()[2].label.kk
    )


def test_a_form_edition_section_or_row_that_is_not_there_is_named():
    with pytest.raises(LookupError, match="GRANT-A9 of edition 2020"):
        form("GRANT-A9")
    with pytest.raises(LookupError, match="GRANT-A1 of edition 1999"):
        form("GRANT-A1", "1999")
    with pytest.raises(LookupError, match="'nothing' in form GRANT-A4"):
        form("GRANT-A4").section("nothing")
    with pytest.raises(LookupError, match="'nothing' in table basics"):
        form("GRANT-A4").section("basics").table("basics").row("nothing")


def test_a_path_is_not_a_form():
    with pytest.raises(LookupError):
        form("../2024/GRANT-K3")


def test_types_are_those_that_filling_knows():
    known = {
        "text", "int", "decimal", "money", "money_thousand", "percent", "date", "person", "months",
    }  # fmt: skip
    things: list[Column | Row] = [c for t in all_tables() for c in t.leaves()]
    things += [row for t in all_tables() for row in t.rows]
    assert {thing.type for thing in things} <= known

"""What the specification proposes where the rules of social orders are silent or contradict themselves."""

from __future__ import annotations

import pytest

from ortaq import law
from ortaq.documents.forms import form
from ortaq.people.models import Organisation


@pytest.mark.req("SO-X-07")
def test_annex_5_is_printed_under_the_title_of_the_form_and_without_row_numbers():
    blank = form("SO-A5", "2022")
    assert "іске асырылуы мен нәтижелерін бағалау" in blank.title.kk
    (table,) = blank.sections[0].tables
    assert next(column.key for column in table.leaves()) == "project"


@pytest.mark.req("SO-X-14")
@pytest.mark.parametrize("edition", ["2018", "2022"])
def test_the_last_criterion_stands_with_its_explanation(edition):
    last = law.edition("rules_social_order", edition).rubric("evaluation").criteria[-1]
    assert (last.key, bool(last.note.kk), bool(last.note.ru)) == ("long_term", True, True)


@pytest.mark.req("SO-X-15", "SO-X-20")
def test_the_lost_head_of_annex_9_is_data_and_its_addressee_a_role():
    (table,) = form("SO-A9", "2022").sections[0].tables
    sums = [column for column in table.leaves() if column.type == "money_thousand"]
    assert [column.key for column in sums] == ["planned", "contracted"]
    assert Organisation.Kind.AUTHORISED_BODY in Organisation.Kind.values
    assert "министр" not in str(form("SO-A9", "2022").title.ru).lower()


@pytest.mark.req("SO-X-21")
def test_the_sheet_of_annex_7_bears_no_mark_and_is_the_form_all_the_same():
    sheet = form("SO-A7", "2022")
    assert not any(sheet.mark)
    assert sheet.annex.kk

"""Where a source words something oddly, the official wording stays and the page speaks plainly."""

import pytest
from django.utils import translation
from django.utils.translation import gettext

from ortaq import law
from ortaq.documents import forms


@pytest.mark.req("GR-X-19")
def test_the_official_heading_on_feedback_stays_while_its_columns_ask_about_target_groups():
    section = next(
        s for s in forms.form("GRANT-A4", edition="2020").sections if s.key == "feedback"
    )
    assert "сұраныс берушімен кері байланыс" in section.title.kk
    assert section.tables[0].columns[0].label.kk == "Мақсатты топтың атауы"


@pytest.mark.req("GR-X-23")
def test_the_rubric_which_was_printed_with_a_russian_head_row_speaks_kazakh():
    with translation.override("kk"):
        assert gettext("Points") == "Балл"
    rubric = law.edition("grants_rules", "2020").rubric("GRANT-S7")
    for criterion in rubric.criteria:
        assert criterion.label.kk
        assert criterion.label.kk != criterion.label.ru

import re
from contextlib import suppress

import pytest
from django import forms
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from ortaq.core import money

sums = st.integers(min_value=0, max_value=money.MAX_TIYN)


@given(sums)
def test_what_is_shown_in_any_language_reads_back_as_the_same_sum(tiyn):
    for language in ("kk", "ru"):
        assert money.parse(money.show(tiyn, language=language)) == tiyn
    assert money.parse(money.show(tiyn, language="en").replace(",", "")) == tiyn
    assert money.parse(money.plain(tiyn)) == tiyn


@given(st.text(max_size=40))
def test_any_text_is_a_sum_or_a_value_error(text):
    with suppress(ValueError):
        assert 0 <= money.parse(text) <= money.MAX_TIYN


@pytest.mark.parametrize(
    ("typed", "tiyn"),
    [
        ("1 200 000", 120_000_000),
        ("1\u00a0200\u202f000,50 ₸", 120_000_050),
        ("12.5", 1_250),
        ("0,01", 1),
        ("248046 тг.", 24_804_600),
        ("5 теңге", 500),
    ],
)
def test_what_people_type(typed, tiyn):
    assert money.parse(typed) == tiyn


@pytest.mark.parametrize(
    "typed",
    ["", "-5", "1,234,567", "1.2.3", "1e5", "0,001", "NaN", "9" * 30, "10 000 000 000 000 000"],
)
def test_what_is_not_one_sum_is_refused(typed):
    with pytest.raises(ValueError, match=f"^{re.escape(typed[:50])}$"):
        money.parse(typed)


def test_the_look_in_each_language():
    assert money.show(120_000_050, language="kk") == "1\u00a0200\u00a0000,50\u00a0₸"
    assert money.show(120_000_000, language="ru", sign=False) == "1\u00a0200\u00a0000"
    assert money.show(120_000_050, language="en") == "1,200,000.50\u00a0₸"
    assert money.show(-100, language="kk") == "−1\u00a0₸"
    assert money.show(None) == "—"


class SumForm(forms.Form):
    total = money.MoneyField()


def test_a_form_reads_tenge_gives_tiyn_and_says_what_is_wrong():
    form = SumForm({"total": "1 200 000,50"})
    assert form.is_valid()
    assert form.cleaned_data == {"total": 120_000_050}
    with translation.override("kk"):
        wrong = SumForm({"total": "көп"})
        assert "Соманы теңгемен жазыңыз" in str(wrong.errors["total"])


def test_the_same_sum_written_otherwise_is_no_change():
    typed = {"total": "1 200 000"}
    assert not SumForm(typed, initial={"total": 120_000_000}).has_changed()
    assert SumForm(typed, initial={"total": 120_000_001}).has_changed()
    assert SumForm({"total": "?"}, initial={"total": 1}).has_changed()

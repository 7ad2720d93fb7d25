"""Planned values, months and names as people write them (GR-I-02, GR-I-06, GR-I-08)."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ortaq.projects import months
from ortaq.projects.models import Indicator
from ortaq.projects.names import as_name, is_name
from ortaq.projects.planned import read, settle


@pytest.mark.req("GR-I-06")
@pytest.mark.parametrize(
    ("text", "reading", "minimum", "second"),
    [
        ("200", "exact", 200, None),
        ("1 200", "exact", 1200, None),
        ("1 200 адам", "exact", 1200, None),
        ("50-ден кем емес", "at_least", 50, None),
        ("50 -ден кем емес", "at_least", 50, None),
        ("10-нан кем емес.", "at_least", 10, None),
        ("3-тен кем емес", "at_least", 3, None),
        ("20 адамнан кем емес", "at_least", 20, None),
        ("Кемінде 68", "at_least", 68, None),
        ("не менее 50 человек", "at_least", 50, None),
        ("әр шарадан 20-дан кем емес", "per_event", 20, None),
        ("Әр іс-шараға 5 фото", "per_event", 5, None),
        ("с каждого мероприятия не менее 3", "per_event", 3, None),
        ("6/1", "pair", 6, 1),
        ("6 / 1", "pair", 6, 1),
        ("1 акт (50 данадан кем емес)", "within", 1, 50),
        ("1 (не менее 50)", "within", 1, 50),
        ("бірнеше", "", None, None),
        ("10-15", "", None, None),
        ("әр шарадан", "", None, None),
        ("", "", None, None),
        ("9" * 40, "", None, None),
    ],
)
def test_expressions_are_read_and_others_stay_as_written(text, reading, minimum, second):
    value = read(text)

    assert (value.reading, value.minimum, value.second) == (reading, minimum, second)


@given(st.integers(0, 10**9))
def test_every_number_is_read_back_however_it_is_grouped(number):
    for text in (
        str(number),
        f"{number:,}".replace(",", " "),
        f"{number:,}".replace(",", "\u00a0"),
    ):
        assert read(text).minimum == number


@given(st.text(max_size=200))
def test_no_text_breaks_the_reading(text):
    value = read(text)

    assert (value.minimum is None) == (value.reading == "")


@pytest.mark.req("GR-I-06")
def test_a_number_given_by_hand_stays_where_the_text_says_none():
    indicator = Indicator(planned="бірнеше орталық", minimum=4)
    settle(indicator)
    assert (indicator.reading, indicator.minimum) == ("by_hand", 4)

    indicator.planned = "5-тен кем емес"
    settle(indicator)
    assert (indicator.reading, indicator.minimum) == ("at_least", 5)


@pytest.mark.req("GR-I-08")
@pytest.mark.parametrize(
    ("chosen", "language", "words"),
    [
        (["2020-07"], "kk", "2020 ж. шілде"),
        (["2020-07", "2020-08", "2020-09"], "kk", "2020 ж. шілде–қыркүйек"),
        (["2020-11", "2020-07"], "ru", "июль 2020 г., ноябрь 2020 г."),
        (["2020-12", "2021-01"], "ru", "декабрь 2020 г., январь 2021 г."),
        (["2020-07", "2020-08", "2020-09", "2020-10"], "kk", "жобаны іске асыру барысында"),
        (["2020-07", "2020-08", "2020-09", "2020-10"], "ru", "в течение реализации проекта"),
        ([], "kk", ""),
    ],
)
def test_months_are_said_one_by_one_in_spans_or_throughout(chosen, language, words):
    whole = ["2020-07", "2020-08", "2020-09", "2020-10"]

    assert months.said(chosen, language, of=whole) == words


@pytest.mark.req("GR-I-02")
@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("«Әлем» қоғамдық қоры", "Әлем қоғамдық қоры"),
        ("еріктілерді қолдау.", "Еріктілерді қолдау"),
        ("Қоғамдық  қор “Үміт”", "Қоғамдық қор Үміт"),
        ("1-тақырып", "1-тақырып"),
        ("", ""),
    ],
)
def test_names_lose_quotation_marks_and_full_stop_and_gain_a_capital(text, name):
    assert as_name(text) == name
    assert is_name(name)
    assert is_name(text) == (text == name or text.replace("  ", " ") == name)

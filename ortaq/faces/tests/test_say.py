"""Dates, numbers and clauses in the reader's language, to the letter."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy

from ortaq.faces import say
from ortaq.law import Citation, Text, editions

NBSP = "\N{NO-BREAK SPACE}"
EVENING = datetime(2026, 11, 21, 13, 0, 5, tzinfo=UTC)  # 18:00:05 in Astana
NIGHT = datetime(2026, 11, 21, 19, 30, tzinfo=UTC)  # half past midnight of the 22nd there


@pytest.mark.parametrize(
    ("language", "day", "instant", "month"),
    [
        ("kk", "2026 ж. 21 қараша", "2026 ж. 21 қараша, 18:00", "2026 ж. қараша"),
        ("ru", "21 ноября 2026 года", "21 ноября 2026 года, 18:00", "Ноябрь 2026 г."),
        ("en", "21 November 2026", "21 November 2026, 18:00", "November 2026"),
    ],
)
@pytest.mark.req("GR-A-04")
def test_days_and_instants_are_written_as_each_language_does(language, day, instant, month):
    with translation.override(language):
        assert say.day(date(2026, 11, 21)) == day
        assert say.instant(EVENING) == instant
        assert say.instant(EVENING, seconds=True) == f"{instant}:05"
        assert date_format(date(2026, 11, 21), "YEAR_MONTH_FORMAT") == month


def test_the_day_of_an_instant_is_the_day_in_astana():
    with translation.override("kk"):
        assert say.day(NIGHT) == "2026 ж. 22 қараша"
        assert say.instant(NIGHT) == "2026 ж. 22 қараша, 00:30"


def test_what_is_not_known_is_a_dash():
    assert [say.day(None), say.instant(None), say.number(None), say.points(None)] == ["—"] * 4
    assert say.text(None) == ""


@pytest.mark.parametrize(
    ("language", "whole", "fraction"),
    [
        ("kk", f"1{NBSP}131{NBSP}260", f"1{NBSP}234,57"),
        ("ru", f"1{NBSP}131{NBSP}260", f"1{NBSP}234,57"),
        ("en", "1,131,260", "1,234.57"),
    ],
)
def test_numbers_are_grouped_as_each_language_does(language, whole, fraction):
    with translation.override(language):
        assert say.number(1131260) == whole
        assert say.number(Decimal("1234.565")) == fraction


def test_points_are_exact_and_say_when_two_decimals_are_not():
    with translation.override("kk"):
        assert say.points(14) == "14"
        assert say.points(Fraction(28, 2)) == "14"
        assert say.points(Fraction(17, 2)) == "8,50"
        assert say.points(Fraction(20, 3)) == "≈\N{NARROW NO-BREAK SPACE}6,67"
        # Half way is rounded up; a float would have it as 2.67.
        assert say.points(Fraction(2675, 1000)).endswith("2,68")


@pytest.mark.parametrize(
    ("away", "kk", "ru"),
    [
        (timedelta(days=44, hours=3), "44 күн қалды", "осталось 44 дня"),
        (timedelta(days=2, hours=4, minutes=9), "2 күн 4 сағат қалды", "осталось 2 дня 4 часа"),
        (timedelta(hours=1, minutes=30), "1 сағат 30 минут қалды", "осталось 1 час 30 минут"),
        (timedelta(seconds=61), "1 минут қалды", "осталось 1 минута"),
        (timedelta(seconds=59), "бір минуттан аз қалды", "осталось меньше минуты"),
        (timedelta(0), "жаңа ғана аяқталды", "только что истекло"),
        (-timedelta(days=1), "1 күн бұрын аяқталды", "истекло, прошло 1 день"),
    ],
)
def test_what_is_left_is_counted_in_days_hours_and_minutes(away, kk, ru):
    for language, words in (("kk", kk), ("ru", ru)):
        with translation.override(language):
            assert say.remaining(EVENING + away, EVENING).replace(NBSP, " ") == words


def test_a_text_of_the_law_and_a_lazy_string_speak_the_readers_language():
    text = Text(kk="шарт", ru="договор", en="contract")
    lazy = gettext_lazy("Save")
    with translation.override("ru"):
        assert (say.text(text), say.text(lazy)) == ("договор", "Сохранить")
    with translation.override("kk"):
        assert (say.text(text), say.text(lazy)) == ("шарт", "Сақтау")


def test_a_place_in_an_act_is_read_in_the_readers_language():
    cited = Citation("grants_rules", "2020", "413-rules via announcement 2020 §5(1), annex 1")
    with translation.override("kk"):
        assert say.cite(cited) == "413-қағидалар / 2020 жылғы хабарландыру §5(1), 1-қосымша"
        assert say.cite("contract 2024 annex 3, block IV") == "2024 жылғы шарт 3-қосымша, IV блок"
    with translation.override("ru"):
        assert say.cite("Law No. 142-II art. 41(5)") == "Закон № 142-II ст. 41(5)"
    with translation.override("en"):
        assert say.cite(cited) == cited.place
    assert say.cite(None) == ""


def test_every_word_of_every_cited_place_is_known():
    """A new edition that cites a new kind of place shows English words until it is added."""
    with translation.override("kk"):
        words = set()
        for edition in editions():
            for parameter in edition.parameters.values():
                words |= set(say.cite(parameter.cite).split())
    latin = {word.strip("();,.") for word in words if word.isascii() and word.isalpha()}
    assert latin <= {"II", "III"}


def test_a_citation_is_also_known_by_its_short_form():
    cited = Citation("grants_rules", "2020", "guide, grants, step 2")
    assert say.citation(str(cited)) == cited
    assert say.law_address(str(cited)) == say.law_address(cited)
    assert say.law_address(cited) == "/law/grants_rules/2020/#grants_rules-2020-guide-grants-step-2"


@pytest.mark.parametrize(
    ("written", "shown", "leads_to"),
    [
        ("guide, grants, step 5", "guide, grants, step 5", "guide-grants-step-5"),
        ("announcement 2020 §5, notes to item 5", None, "announcement-2020-5"),
        ("guide, grants, steps 3 and 5", None, "guide-grants-step-3"),
        ("GR-S-13", "guide, grants, step 5", "guide-grants-step-5"),
        ("guide, grants, step 3; GR-C-12", "guide, grants, step 3", "guide-grants-step-3"),
    ],
)
def test_every_form_of_a_citation_leads_to_the_nearest_rule(written, shown, leads_to):
    address = f"/law/grants_rules/2020/#grants_rules-2020-{leads_to}"
    assert say.law_address(written) == address
    assert say.law_address(Citation("grants_rules", "2020", written)) == address
    with translation.override("en"):
        assert say.cite(written) == (shown or written)


def test_our_own_reading_stays_marked_however_it_is_cited():
    place = "guide, grants, step 5"
    marked = "GR-S-13", place, Citation("grants_rules", "2020", place, True)
    found = [say.citation(written) for written in marked]
    assert [cite and cite.inferred for cite in found] == [True, False, True]


@pytest.mark.parametrize("cited", ["gazette 1999 §4", "GR-Z-99", "no_act/1999 §1", "", None])
def test_what_we_do_not_keep_is_no_link(cited):
    assert say.law_address(cited) == ""


def test_a_hash_is_shortened_to_what_an_eye_can_compare():
    assert say.short_hash("9f86d081884c7d659a2feaa0c55ad015") == "9f86 d081 884c"
    assert say.short_hash("") == "—"

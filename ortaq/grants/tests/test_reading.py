"""What printed plans say in words, read as values."""

from __future__ import annotations

from datetime import date

import pytest

from ortaq.core import regions
from ortaq.grants import importing
from ortaq.grants.reading import SmallGrants, read_small_grants, read_term, read_territory

IN_2020 = date(2020, 1, 1)
CITIES = {"710000000", "750000000", "790000000"}
OBLASTS = {r.code for r in regions.on(IN_2020) if r.kind is regions.Kind.OBLAST}


def rows():
    table, _totals = importing.shipped()
    return [dict(zip(table[0], row, strict=True)) for row in table[1:]]


# --- Terms ---------------------------------------------------------------------------------------

PRINTED_TERMS = {
    "2020 жылғы ақпан-қараша": [[2020, 2, 11]],
    "2020 жылғы наурыз-қараша": [[2020, 3, 11]],
    "2020 жыл ішінде": [[2020, 1, 12]],
    "2020 жылдың наурыз-желтоқсан айлары, 2021 жыл қаңтар-қараша айлары": [
        [2020, 3, 12],
        [2021, 1, 11],
    ],
}


@pytest.mark.req("GR-P-10")
def test_every_term_of_the_plan_of_2020_is_read():
    assert {row["term_kk"] for row in rows()} == set(PRINTED_TERMS)
    assert {text: read_term(text) for text in PRINTED_TERMS} == PRINTED_TERMS


@pytest.mark.parametrize(
    ("text", "term"),
    [
        ("2021 год: март-ноябрь", [[2021, 3, 11]]),
        ("март – май 2020 года", [[2020, 3, 5]]),
        ("март-декабрь 2020 года, январь-ноябрь 2021 года", [[2020, 3, 12], [2021, 1, 11]]),
        ("мамыр 2020 жылы", []),  # one month is no span: not read, not guessed
        ("в течение 2020", [[2020, 1, 12]]),
        ("2020 жылғы қараша-ақпан", []),  # backwards
        ("көктемде", []),
        ("", []),
    ],
)
def test_a_term_is_read_or_left_as_printed(text, term):
    assert read_term(text) == term


# --- Territories ---------------------------------------------------------------------------------


@pytest.mark.req("GR-P-10")
def test_every_territory_of_the_plan_of_2020_is_read():
    printed = {row["territory_kk"] for row in rows()}
    read = {text: read_territory(text, IN_2020) for text in printed}
    whole = {text for text in printed if text.startswith("14 облыс")}
    assert {frozenset(read.pop(text).regions) for text in whole} == {frozenset(OBLASTS | CITIES)}
    single = {text for text, found in read.items() if len(found.regions) == 1}
    names = {r.name.kk: r.code for r in regions.on(IN_2020)}
    alone = single - {"Шығыс Қазақстан", "Нұр-Сұлтан қаласы, халықаралық алаңдар"}
    assert {text: read.pop(text).regions for text in alone} == {t: (names[t],) for t in alone}
    assert {text: (t.coverage, len(t.regions), t.count) for text, t in read.items()} == {
        "Шығыс Қазақстан": ("regions", 1, None),
        "Қазақстан Республикасы": ("republic", 0, None),
        "Қазақстан Республикасының 8 облысы": ("unnamed", 0, 8),
        "Халықаралық алаңдар": ("international", 0, None),
        "Нұр-Сұлтан қаласы, халықаралық алаңдар": ("international", 1, None),
        "Қызылорда, Түркістан облыстары": ("regions", 2, None),
        "Қарағанды, Шығыс-Қазақстан облыстары": ("regions", 2, None),
        "Шығыс Қазақстан, Батыс Қазақстан, Ақтөбе, Солтүстік Қазақстан, Павлодар облыстары "
        "және Алматы қаласы": ("regions", 6, None),
    }


def test_an_oblast_is_not_the_city_of_the_same_name():
    city, oblast = "750000000", "190000000"
    assert read_territory("Алматы қаласы", IN_2020).regions == (city,)
    assert read_territory("Алматы облысы", IN_2020).regions == (oblast,)
    assert read_territory("Алматы облысы, Алматы қаласы", IN_2020).regions == (oblast, city)


def test_fourteen_oblasts_are_all_of_them_only_while_there_are_fourteen():
    text = "14 облыс, Алматы және Шымкент қалалары"
    assert read_territory(text, IN_2020).coverage == "regions"
    assert read_territory(text, date(2023, 1, 1)) == read_territory("14 облыс", date(2023, 1, 1))
    assert read_territory(text, date(2023, 1, 1)).count == 14


@pytest.mark.parametrize("text", ["", "Ауылдық округтер", "Марс"])
def test_an_unknown_territory_stays_as_printed(text):
    assert read_territory(text, IN_2020).coverage == ""


# --- Small grants --------------------------------------------------------------------------------


@pytest.mark.req("GR-P-13", "GR-X-11", "GR-X-12")
def test_small_grants_of_the_plan_of_2020_are_read():
    found = {
        int(row["topic_no"]): small
        for row in rows()
        if (small := read_small_grants(row["tasks_kk"], row["expected_result_kk"]))
    }
    volunteers, rural = {16, 17, 26, 27, 28, 75}, set(range(61, 75))
    assert found.keys() == volunteers | rural | {20}
    assert {(found[n].kind, found[n].amount_tiyn, found[n].minimum) for n in volunteers} == {
        ("up_to", 30_000_000, 68)
    }
    assert {(found[n].kind, found[n].amount_tiyn, found[n].minimum) for n in rural} == {
        ("exactly", 50_000_000, 10)
    }
    assert found[20] == SmallGrants("unstated")
    assert {(found[n].permitted[:10], found[n].forbidden[:10]) for n in volunteers} == {
        ("волонтерлі", "жобаны іск")
    }
    assert {found[n].recipients for n in rural} == {"ауылдық ҮЕҰ және бастамашыл топтар"}
    assert {n for n in volunteers if found[n].remarks} == {16, 17}
    assert found[16].remarks == ["GR-X-11"]
    assert {tuple(found[n].remarks) for n in rural} == {("GR-X-12",)}


def test_a_topic_without_small_grants_has_none():
    assert read_small_grants("Тренингтер өткізу", "300 қатысушы") is None

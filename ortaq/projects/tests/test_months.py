"""Terms as they are printed, read as months; texts that list, read as rows."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ortaq.projects import months, spelling

BEGINS, ENDS = date(2024, 5, 1), date(2024, 11, 20)
AUGUST_NOVEMBER = ["2024-08", "2024-09", "2024-10", "2024-11"]


@pytest.mark.req("GR-I-08")
@pytest.mark.parametrize(
    ("term", "read"),
    [
        ("Тамыз-қараша", AUGUST_NOVEMBER),
        ("август – ноябрь 2024 г.", AUGUST_NOVEMBER),
        ("2024 жылғы тамыз айынан қараша айына дейін", AUGUST_NOVEMBER),
        ("с августа по ноябрь 2024 года", AUGUST_NOVEMBER),
        ("тамыздан қарашаға дейін", AUGUST_NOVEMBER),
        ("2024 ж. маусым, қыркүйек", ["2024-06", "2024-09"]),
        ("сентябрь 2024 г., июнь 2024 г.", ["2024-06", "2024-09"]),
        ("2024 ж. шілде, 2-онкүндік", ["2024-07"]),
        ("12.08.2024", ["2024-08"]),
        ("01.06.2024-30.08.2024", ["2024-06", "2024-07", "2024-08"]),
        ("жобаны іске асыру барысында", months.between(BEGINS, ENDS)),
        ("в течение реализации проекта", months.between(BEGINS, ENDS)),
        ("2023 ж. маусым", []),
        ("ақпан", []),
        ("қажет болғанда", []),
    ],
)
def test_a_term_as_printed_is_read_as_months_of_the_project(term, read):
    assert months.read(term, BEGINS, ENDS) == read


def test_a_span_over_new_year_goes_on_in_the_next_year():
    begins, ends = date(2024, 10, 1), date(2025, 12, 1)
    winter = ["2024-12", "2025-01", "2025-02"]
    for term in (
        "желтоқсан-ақпан",
        "декабрь 2024 - февраль 2025",
        "2024 ж. желтоқсан - 2025 ж. ақпан",
    ):
        assert months.read(term, begins, ends) == winter


@given(
    st.sets(st.sampled_from(months.between(BEGINS, ENDS)), min_size=1),
    st.sampled_from(["kk", "ru"]),
)
def test_what_the_house_writes_of_months_it_reads_again(chosen, language):
    assert months.read(months.said(sorted(chosen), language), BEGINS, ENDS) == sorted(chosen)


@given(st.text())
def test_any_text_gives_months_of_the_project_only(term):
    found = months.read(term, BEGINS, ENDS)
    assert set(found) <= set(months.between(BEGINS, ENDS))
    assert found == sorted(set(found))


@pytest.mark.req("GR-I-01")
@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("1\nҚор", ["Қор"]),
        ("3\n1. «Жас» ҚБ\n2) №5 колледж; 3. Кітапхана", ["«Жас» ҚБ", "№5 колледж", "Кітапхана"]),
        ("Партнёры - 2:\n• Музей\n– Театр\nМузей", ["Музей", "Театр"]),
        ("2 серіктес: ", []),
        ("0", []),
        ("", []),
        ("12 мектеп", ["12 мектеп"]),
    ],
)
def test_partners_are_the_names_without_their_number(text, names):
    assert spelling.partners(text) == names


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Көкшетау; Степногорск", [("Көкшетау", None), ("Степногорск", None)]),
        ("Көкшетау – 3 іс-шара\n2) Степногорск (2 семинара)", [("Көкшетау", 3), ("Степногорск", 2)]),
        ("Самал-2; № 5 мектеп, Абай көшесі, 1", [("Самал-2", None), ("№ 5 мектеп, Абай көшесі, 1", None)]),
        ("Атбасар - 2 раза; Атбасар — 1 раз", [("Атбасар", 3)]),
    ],
)  # fmt: skip
@pytest.mark.req("IM-010")
def test_places_are_read_with_the_number_of_events_that_their_text_says(text, found):
    assert [(one.name, one.events) for one in spelling.places(text)] == found


@pytest.mark.req("IM-010")
def test_a_place_lies_in_the_region_that_its_name_says():
    said = {one.name: one.region for one in spelling.places("Ақмола облысы, Көкшетау; Астана; Атбасар")}  # fmt: skip
    assert said == {"Ақмола облысы, Көкшетау": "110000000", "Астана": "710000000", "Атбасар": ""}

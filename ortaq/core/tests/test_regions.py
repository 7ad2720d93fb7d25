from datetime import date

import pytest
from django.utils import translation

from ortaq.core import regions

IN_2020, IN_2026 = date(2020, 5, 20), date(2026, 5, 20)


def test_the_country_of_2020_had_fourteen_oblasts_and_that_of_2026_seventeen():
    oblasts = [
        sum(region.kind is regions.Kind.OBLAST for region in regions.on(day))
        for day in (IN_2020, IN_2026)
    ]
    assert oblasts == [14, 17]
    assert sum(region.kind is regions.Kind.CITY for region in regions.on(IN_2026)) == 3


def test_the_capital_is_named_as_on_the_day_the_record_is_about():
    (capital,) = [r for r in regions.on(IN_2020) if "Нұр" in r.name.kk]
    later = regions.find(capital.code, IN_2026)
    assert later is not None
    assert later.name.kk != capital.name.kk


def test_no_day_has_two_names_for_one_region():
    for day in (date(2018, 1, 1), IN_2020, date(2022, 6, 8), IN_2026):
        codes = [region.code for region in regions.on(day)]
        assert len(codes) == len(set(codes))


def test_no_day_puts_two_regions_on_one_tile_of_the_map():
    for day in (date(2018, 1, 1), IN_2020, IN_2026):
        tiles = [region.tile for region in regions.on(day)]
        assert len(tiles) == len(set(tiles))


def test_an_unknown_code_is_none():
    assert regions.find("000000000") is None
    assert regions.find("") is None


@pytest.mark.parametrize(
    ("printed", "code_of"),
    [
        ("Ақмола облысы", "Ақмола облысы"),
        ("Акмолинская область", "Ақмола облысы"),
        ("АҚМОЛА ОБЛЫСЫ", "Ақмола облысы"),
    ],
)
def test_a_region_is_found_under_its_names_in_any_case(printed, code_of):
    found = regions.named(printed)
    assert found is not None
    assert found.name.kk == code_of


def test_a_bare_name_is_the_city_and_nonsense_is_nothing():
    found = regions.named("Алматы")
    assert found is not None
    assert found.kind is regions.Kind.CITY
    assert regions.named("Атлантида") is None
    assert regions.named("облысы") is None


def test_choices_are_in_the_readers_language():
    with translation.override("ru"):
        assert "Акмолинская область" in dict(regions.choices(IN_2026)).values()

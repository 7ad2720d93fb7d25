"""The public register searched: one table, which every database answers alike."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from ortaq.core import clock as house_clock
from ortaq.people.models import Organisation
from ortaq.registry.models import AnnualReturn
from ortaq.registry.procedure.ngo import Figures, enter, learn
from ortaq.registry.queries.ngo import PAGE, Asked, ngos
from ortaq.testing.remembered import remembered

pytestmark = pytest.mark.django_db

Form = Organisation.LegalForm
ASTANA, ALMATY = "710000000", "750000000"
# Kazakh name, Russian name, legal form, region, BIN.
NAMES = [
    ("«Әлем» қоғамдық қоры", "Общественный фонд «Мир»", Form.FOUNDATION, ASTANA, "150140000012"),
    ("«Әлем және жастар» ҚБ", "ОО «Алем и молодёжь»", Form.ASSOCIATION, ALMATY, "150140000022"),
    ("«Жаңа әлем» жеке қоры", "Частный фонд «Жана алем»", Form.PRIVATE_FOUNDATION, "", "150140000032"),
    ("«Әлемдік ғылым» мекемесі", "Учреждение «Мировая наука»", Form.INSTITUTION, "", "150140000042"),
    ("«Green Life» қоғамдық қоры", "ОФ «Green Life»", Form.FOUNDATION, ALMATY, "150140000052"),
    ("«Шаңырақ» қоғамдық бірлестігі", "ОО «Шанырак»", Form.ASSOCIATION, ASTANA, "160540000061"),
]  # fmt: skip


@remembered
def a_register() -> None:
    for kk, ru, form, region, bin_ in NAMES:
        Organisation.objects.create(
            bin=bin_, name_kk=kk, name_ru=ru, legal_form=form, region_code=region
        )


def found(**asked: str) -> list[int]:
    """Which of `NAMES`, counted from 1, in the order in which they are shown."""
    numbers = {row[4]: number for number, row in enumerate(NAMES, 1)}
    return [numbers[ngo.organisation.bin] for ngo in ngos(Asked(**asked)).page.rows]


SEARCHES = {
    "": [2, 1, 4, 3, 6, 5],
    # The beginning of a name goes before a whole word inside it, and that before a part of a word.
    "әлем": [2, 1, 4, 3],
    "Алем": [2, 1, 4, 3],
    "alem": [2, 1, 4, 3],
    "жана алем": [3],
    "алем жана": [3],
    "«Мир»": [1, 4],
    "МОЛОДЕЖЬ": [2],
    "молодёжь и": [2],
    "шанырак": [6],
    "Shańyraq": [6],
    "ҚҚ әлем": [1],
    "ОФ мир": [1],
    "общественное объединение": [2, 6],
    "қоғамдық бірлестігі әлем": [2],
    "1501400000": [2, 1, 4, 3, 5],
    "160540000061": [6],
    # The keys of the other keyboard, one letter wrong, and nothing of the kind.
    "fktv": [2, 1, 4, 3],
    "2ktv": [2, 1, 4, 3],
    "пкуут": [5],
    "шанирк": [6],
    "grean life": [5],
    "жастра": [2],
    "жоқ нәрсе": [],
    "%": [2, 1, 4, 3, 6, 5],
    "әлем\0": [2, 1, 4, 3],
    "<": [2, 1, 4, 3, 6, 5],
}


@pytest.mark.every_database
def test_words_are_found_on_any_keyboard_in_any_order():
    a_register()
    assert {words: found(words=words) for words in SEARCHES} == SEARCHES


@pytest.mark.every_database
def test_a_word_that_no_name_has_is_not_looked_for_and_one_with_a_digit_is_no_such_word():
    a_register()
    Organisation.objects.create(bin="170140000014", name_kk="«Сана2030плюс» қоры", name_ru="Фонд")
    for words in ("сана2030", "sana"):
        assert [ngo.organisation.bin for ngo in ngos(Asked(words)).page.rows] == ["170140000014"]
    with CaptureQueriesContext(connection) as queries:
        assert found(words="ыыыы") == []
    assert not any('"key"' in one["sql"] for one in queries)


@pytest.mark.every_database
@pytest.mark.req("NG-026")
def test_the_register_is_narrowed_by_what_is_known_of_an_ngo(clock):
    clock.set(house_clock.at(date(2024, 5, 10), 12))
    a_register()
    rows = {row.bin: row for row in Organisation.objects.all()}
    sent = [(0, 2023, date(2024, 3, 31), "approved"), (1, 2023, date(2024, 4, 1), "approved"),
            (2, 2023, date(2024, 3, 1), "sent"), (3, 2022, date(2023, 3, 1), "approved")]  # fmt: skip
    AnnualReturn.objects.bulk_create(
        AnnualReturn(
            organisation=rows[NAMES[number][4]], year=year, sent_on=day, state=state, evidence="1"
        )
        for number, year, day, state in sent
    )
    enter(rows.values())
    told = {0: (0, "culture_arts"), 1: (5, "culture_arts"), 2: (6, "environment_protection")}
    learn(
        {
            rows[NAMES[number][4]].pk: Figures(2023, staff=staff, directions=(direction, direction))
            for number, (staff, direction) in told.items()
        }
    )
    assert found(region=ALMATY) == [2, 5]
    assert found(legal_form="foundation", words="әлем") == [1]
    assert found(direction="culture_arts") == [2, 1]
    assert [found(size=size) for size in ("none", "small", "medium", "huge")] == [[1], [2], [3], []]
    asked = ("in_time", "late", "in_review", "absent")
    assert [found(filing=one) for one in asked] == [[1], [2], [3], [4, 6, 5]]
    learn({rows[NAMES[0][4]].pk: Figures(2021, staff=500)})  # what is older than what is known
    assert found(size="none") == [1]


@pytest.mark.every_database
def test_pages_follow_one_another_and_ask_no_more_where_there_is_more(client):
    made = Organisation.objects.bulk_create(
        Organisation(
            bin=f"{200140000000 + number}",
            name_kk=f"«{'Дала' if number % 3 else 'Ұлы дала'} {number:02}» қоры",
            name_ru="Фонд «Степь»",
        )
        for number in range(2 * PAGE + 5)
    )
    enter(made)
    seen: list[int] = []
    page = ""
    for _ in range(3):
        shown = ngos(Asked(words="дала", page=page)).page
        seen += [ngo.pk for ngo in shown.rows]
        page = shown.next
    assert page == ""
    assert sorted(seen) == sorted(one.pk for one in made)
    names = [one.name_kk for one in sorted(made, key=lambda one: seen.index(one.pk))]
    whole = [name.startswith("«Дала") for name in names]
    assert whole == sorted(whole, reverse=True)
    address = reverse("registry:ngos")
    counts = []
    for asked in ("дала 01", "дала", "сдала", "lfkf", "нөл", ""):
        with CaptureQueriesContext(connection) as queries:
            assert client.get(address, {"q": asked}).status_code == 200
        counts.append(len(queries))
    assert max(counts) <= 7
    for bad in ({"page": "x" * 500}, {"region": "x", "size": "-1"}, {"q": "я" * 5000}):
        assert client.get(address, bad).status_code == 200


def test_a_search_tells_what_it_looked_for_instead(client):
    a_register()
    client.cookies["ortaq_language"] = "en"
    page = client.get(reverse("registry:ngos"), {"q": "fktv<b>"}).content.decode()
    assert "Nothing has the words “fktv&lt;b&gt;”" in page
    assert (
        client.get(reverse("registry:ngos"), {"q": "әлем"}).content.decode().count("card-row") == 4
    )

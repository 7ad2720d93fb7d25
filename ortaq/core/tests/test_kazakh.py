import random

import pytest
from django.db.models.functions import Collate
from hypothesis import given
from hypothesis import strategies as st

from ortaq.core.kazakh import fold, sort_key
from ortaq.people.models import Organisation
from ortaq.people.tests.cast import a_bin

# The order of ICU's kk-KZ (PostgreSQL 15, "kk-x-icu"), digits first and Latin last.
ICU = [
    "21 ғасыр", "5 элемент", "Абай", "Ақ жол", "Ақжол", "Әділет", "Әлем", "Болашақ", "Бірлік",
    "Верный", "Гүлдер", "Ғасыр", "Достық", "Ел", "Ер", "Ёлка", "Жас", "Жастар", "Заман", "Иман",
    "Йод", "Кемел", "Қазына", "Қайрат", "Қыран", "Лаура", "Мейірім", "Нұр", "Ңа", "Орда", "Өмір",
    "Өркен", "Парыз", "Рухани", "Сәуле", "Тыныш", "Тіл", "Тірек", "Уақыт", "Умай", "Ұлт",
    "Ұлы дала", "Үміт", "Фонд", "Халық", "Хат", "Һәм", "Центр", "Чемпион", "Шаңырақ", "Щит",
    "Ынта", "Ізгі", "Іскер", "Эко", "Юность", "Ясин", "Alem", "Zhas",
]  # fmt: skip


def shuffled():
    names = ICU.copy()
    random.Random(20).shuffle(names)
    return names


def test_names_sort_as_icu_sorts_kazakh():
    assert sorted(shuffled(), key=sort_key) == ICU


@pytest.mark.django_db
def test_the_database_sorts_by_the_key_whatever_its_collation():
    for name in shuffled():
        Organisation.objects.create(bin=a_bin(), name_kk=name, name_ru=name)
    found = Organisation.objects.order_by("sort").values_list("name_kk", flat=True)
    assert list(found) == ICU


@pytest.mark.django_db
def test_postgresql_itself_would_sort_the_same():
    from django.db import connection

    if connection.vendor != "postgresql":
        pytest.skip("the collation kk-x-icu is PostgreSQL's")
    for name in shuffled():
        Organisation.objects.create(bin=a_bin(), name_kk=name, name_ru=name)
    found = Organisation.objects.order_by(Collate("name_kk", "kk-x-icu"))
    assert list(found.values_list("name_kk", flat=True)) == ICU


@pytest.mark.parametrize("name", ["«Әлем» қоры", "“Әлем” қоры", "ӘЛЕМ ҚОРЫ", "  әлем   қоры "])
def test_quotation_marks_case_and_spaces_do_not_count(name):
    assert sort_key(name) == sort_key("Әлем қоры")


@given(st.text(max_size=200))
def test_a_key_is_short_plain_ascii(text):
    key = sort_key(text)
    assert key.isascii()
    assert len(key) <= 160


@given(st.text(alphabet="аәбвгғдежзийкқлмнңоөпрстуұүфхһцчшщъыіьэюя", max_size=20))
def test_folding_is_blind_to_case_and_stable(text):
    assert fold(text.upper()) == fold(text)
    assert fold(fold(text)) == fold(text)


@pytest.mark.django_db
@pytest.mark.parametrize("query", ["әС", "ӘСЕТ", "set", "сет қ", "й"])
def test_search_is_blind_to_case_in_kazakh(query):
    # «й» comes composed and decomposed from different keyboards.
    Organisation.objects.create(bin=a_bin(), name_kk="Әсет Қайрат", name_ru="Фонд «Asset»")
    assert Organisation.objects.filter(search__contains=fold(query)).count() == 1
    assert Organisation.objects.filter(search__contains=fold(query + "ж")).count() == 0

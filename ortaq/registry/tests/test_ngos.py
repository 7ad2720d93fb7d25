"""The public register of NGOs: one spelling for all keyboards, and what is found by it."""

from __future__ import annotations

import pytest

from ortaq.core import spelling
from ortaq.people.models import Organisation
from ortaq.registry.models import Ngo

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Әлем", "Алем"),
        ("Шаңырақ", "Шанырак"),
        ("Ғұмыр үні", "Гумир уни"),
        ("Һәм өнер", "Хам онер"),
        ("Ёлка", "елка"),
        ("Россия", "росия"),
        ("Shańyraq", "Шаңырақ"),
        ("«Жастар-Үні»", "jastar uni"),
        ("Қайрат", "Kayrat"),
    ],
)
def test_a_name_is_one_word_on_every_keyboard(one, other):
    assert spelling.words(one) == spelling.words(other)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("fktv", "алем"),
        ("2ktv", "әлем"),
        ("Пкуут Дшау", "green life"),
        ("150140000012", "150140000012"),
    ],
)
def test_the_same_keys_on_the_other_keyboard(typed, meant):
    assert spelling.other_keyboard(typed) == meant


@pytest.mark.parametrize(
    ("word", "typed", "near"),
    [
        ("bolashak", "bolashak", True),
        ("bolashak", "bolasak", True),
        ("bolashak", "bolaschak", True),
        ("bolashak", "balashak", True),
        ("bolashak", "bolahsak", True),
        ("bolashak", "balasak", False),
        ("alem", "umit", False),
        ("alem", "ale", True),
        ("alem", "", False),
    ],
)
def test_one_slip_is_near_and_two_are_not(word, typed, near):
    assert spelling.is_near(word, typed) is near


def test_an_organisation_enters_the_register_by_itself():
    one = Organisation.objects.create(
        bin="150140000012", name_kk="«Әлем» қоғамдық қоры", name_ru="Общественный фонд «Мир»"
    )
    ngo = Ngo.objects.get(pk=one.pk)
    assert ngo.key == " < alem > < mir > 150140000012 "
    one.name_kk = "«Дала» қоры"
    one.save()
    ngo.refresh_from_db()
    assert ngo.key.startswith(" < dala > < mir > ")
    one.kind = Organisation.Kind.OTHER
    one.save()
    assert not Ngo.objects.exists()


@pytest.mark.req("NG-003")
def test_a_trade_union_is_no_ngo_and_leaves_the_register():
    one = Organisation.objects.create(bin="150140000012", name_kk="«Әлем»", name_ru="«Мир»")
    one.legal_form = Organisation.LegalForm.TRADE_UNION
    one.save()
    assert not Ngo.objects.exists()

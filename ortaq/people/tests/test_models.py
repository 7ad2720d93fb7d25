"""People, organisations and spans of time."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from ortaq.core import clock as core_clock
from ortaq.core.identifiers import complete
from ortaq.people import procedure, queries
from ortaq.people.models import Membership, Organisation, Role, Standing, User

from .cast import a_bin, a_person, an_organisation

pytestmark = pytest.mark.django_db


def test_an_address_is_the_same_person_whatever_its_case():
    person = procedure.add_person(email=" Aliya@Example.KZ ", surname="С", given_name="Ә")
    assert person.email == "aliya@example.kz"
    assert User.objects.get(email="ALIYA@example.kz") == person
    assert User.objects.get_by_natural_key("aLiya@EXAMPLE.kz") == person
    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.create_user("ALIYA@EXAMPLE.KZ")


def test_a_person_without_a_password_cannot_sign_in():
    assert not procedure.add_person(email="x@example.kz").has_usable_password()


def test_names_in_papers_and_in_protocols():
    person = User(surname="Сейтқали", given_name="Асқар", patronymic="Болатұлы")
    assert person.full_name == "Сейтқали Асқар Болатұлы"
    assert person.short_name == "Сейтқали А. Б."
    assert User(surname="Ким", given_name="Ольга").short_name == "Ким О."
    assert User(email="a@example.kz").short_name == "a@example.kz"


def test_many_people_may_leave_out_their_iin_but_no_two_share_one():
    iin = complete("85010130001")
    a_person("Әлия", "Бірінші"), a_person("Дана", "Екінші")
    a_person("Ерлан", "Үшінші", iin=iin)
    with pytest.raises(IntegrityError), transaction.atomic():
        a_person("Болат", "Төртінші", iin=iin)


def test_an_organisation_speaks_the_readers_language():
    from django.utils import translation

    organisation = Organisation(name_kk="Әлем қоры", name_ru="Фонд «Алем»")
    told = []
    for language in ("kk", "ru", "en"):
        with translation.override(language):
            told.append(organisation.name)
    assert told == ["Әлем қоры", "Фонд «Алем»", "Әлем қоры"]


def test_organisations_sort_by_the_kazakh_alphabet():
    for name in ("Үміт", "Жас", "Әлем", "Ақ", "Ізгі", "Бірлік", "Ұлт", "Өмір", "Қайрат", "Кемел"):
        an_organisation(name)
    names = Organisation.objects.order_by("sort").values_list("name_kk", flat=True)
    expected = ["Ақ", "Әлем", "Бірлік", "Жас", "Кемел", "Қайрат", "Өмір", "Ұлт", "Үміт", "Ізгі"]
    assert list(names) == [f"«{name}»" for name in expected]


def test_a_wrong_bin_is_refused_with_a_sentence():
    number = a_bin()
    organisation = Organisation(bin=number[:-1] + str((int(number[-1]) + 1) % 10), name_kk="Ә")
    with pytest.raises(ValidationError) as refusal:
        organisation.clean_fields()
    assert "bin" in refusal.value.error_dict


def test_a_membership_holds_from_its_first_day_until_the_day_it_ends(clock):
    clock.set(core_clock.at(date(2020, 6, 15)))
    person = a_person("Әлия", "Сәрсенова")
    organisation = an_organisation("Әлем", (person, Role.HEAD))
    Membership.objects.update(starts_on=date(2020, 6, 10), ends_on=date(2020, 6, 20))
    held = [day for day in range(8, 23) if Membership.objects.current(date(2020, 6, day)).exists()]
    assert held == list(range(10, 20))
    assert list(queries.people_of(organisation)) == [person]


def test_a_role_cannot_be_held_twice_at_once_but_again_later():
    person = a_person("Әлия", "Сәрсенова")
    organisation = an_organisation("Әлем", (person, Role.HEAD))
    with pytest.raises(IntegrityError), transaction.atomic():
        Membership.objects.create(user=person, organisation=organisation, role=Role.HEAD)
    Membership.objects.update(ends_on=core_clock.today())
    Membership.objects.create(user=person, organisation=organisation, role=Role.HEAD)


@pytest.mark.req("GR-A-09", "GR-X-17")
@pytest.mark.parametrize("kind", Standing.Kind.values)
def test_each_single_fact_about_an_organisation_holds_on_its_days_only(kind):
    organisation, other = an_organisation("Әлем"), an_organisation("Үміт")
    day = date(2020, 5, 20)
    fact = Standing.objects.create(
        organisation=organisation, kind=kind, since=day, evidence="№ 1", source="сот"
    )
    assert list(queries.standing_on(organisation, day)) == [fact]
    assert list(queries.standing_on(organisation, day - timedelta(days=1))) == []
    assert list(queries.standing_on(other, day)) == []
    Standing.objects.update(until=date(2020, 6, 1))
    assert list(queries.standing_on(organisation, date(2020, 5, 31))) == [fact]
    assert list(queries.standing_on(organisation, date(2020, 6, 1))) == []

"""Letters about duties: in time, once, to whom they concern."""

from datetime import date

import pytest
from django.core.management import call_command

from ortaq.core import clock as core_clock
from ortaq.core.models import Duty, Letter
from ortaq.people import reminders
from ortaq.people.models import Membership, Role

from .cast import a_person

pytestmark = pytest.mark.django_db
# A Monday; the week before has no holiday.
DUE = core_clock.at(date(2026, 11, 16), 18)


def a_duty(bearer, **fields):
    words = {"title_kk": "Өтінімді ұсыну", "title_ru": "Подать заявку", "title_en": "Submit"}
    return Duty.objects.create(
        subject="x:1", code="submit", bearer=bearer, due_at=DUE, address="/a/", **words, **fields
    )


@pytest.fixture
def people(clock):
    clock.set(core_clock.at(date(2026, 11, 2), 9))
    from .cast import assemble

    return assemble()


def test_a_letter_leaves_three_working_days_and_one_day_before_and_never_twice(people, clock):
    a_duty(f"person:{people.erlan.pk}")
    written = []
    for day in range(9, 19):
        for hour in (0, 12, 20):
            clock.set(core_clock.at(date(2026, 11, day), hour))
            if reminders.remind()[1]:
                written.append((day, hour))
    # Wednesday the 11th: Thursday, Friday, Monday are the three working days.
    assert written == [(11, 0), (15, 20)]
    assert {letter.recipient for letter in Letter.objects.all()} == {people.erlan}
    assert {letter.state for letter in Letter.objects.all()} == {Letter.State.RELEASED}


def test_a_duty_of_an_organisation_reaches_its_responsible_people_in_their_languages(people, clock):
    deputy = a_person("Жанар", "Бекова", language="ru")
    Membership.objects.create(user=deputy, organisation=people.ngo, role=Role.DEPUTY)
    a_duty(f"organisation:{people.ngo.pk}")
    clock.set(core_clock.at(date(2026, 11, 12), 9))
    assert reminders.remind() == (1, 2)
    titles = {letter.recipient: letter.title for letter in Letter.objects.all()}
    assert set(titles) == {people.aliya, deputy}
    assert "Өтінімді ұсыну" in titles[people.aliya]
    assert "Подать заявку" in titles[deputy]


def test_a_term_that_was_extended_is_reminded_of_anew(people, clock):
    duty = a_duty(f"person:{people.erlan.pk}")
    clock.set(core_clock.at(date(2026, 11, 12), 9))
    reminders.remind()
    Duty.objects.filter(pk=duty.pk).update(due_at=core_clock.at(date(2026, 11, 27), 18))
    assert reminders.remind() == (0, 0)
    clock.set(core_clock.at(date(2026, 11, 25), 9))
    assert reminders.remind() == (1, 1)


def test_done_and_late_duties_are_not_reminded_of(people, clock):
    a_duty(f"person:{people.erlan.pk}", done_at=core_clock.now())
    clock.set(core_clock.at(date(2026, 11, 16), 12))
    assert reminders.remind() == (0, 0)
    Duty.objects.update(done_at=None)
    clock.set(core_clock.at(date(2026, 11, 17), 12))
    assert reminders.remind() == (0, 0)


def test_the_command_prints_its_numbers(people, clock, capsys):
    a_duty(f"person:{people.erlan.pk}")
    clock.set(core_clock.at(date(2026, 11, 16), 9))
    call_command("remind")
    assert capsys.readouterr().out == "Reminded of 1 duties in 1 letters.\n"

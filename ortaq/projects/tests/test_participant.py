"""Participants: nobody counts twice, nothing is lost, figures equal the rows, and whoever is erased is gone."""

from __future__ import annotations

import io
from contextlib import suppress
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

import pytest
from django.core.management import call_command
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from ortaq.core import clock as house_clock
from ortaq.core import journal
from ortaq.core.procedure import Refused
from ortaq.law.standard import standard
from ortaq.projects import feedback, identity, lists, retention, tally
from ortaq.projects.models import Consumer, Event, Participation, Project
from ortaq.projects.procedure import attendance, forgetting, likeness
from ortaq.projects.procedure import participant as procedure
from ortaq.projects.procedure.recognition import Line
from ortaq.projects.queries import participant as queries
from ortaq.testing.together import at_once

from . import scenes

DAY = date(2020, 7, 15)
BEGINS = house_clock.at(DAY, 10)


def line(name: str, contact: str = "", workplace: str = "", **more: Any) -> Line:
    return Line(1, name, workplace, contact, **more)


@pytest.fixture
def people(db, clock):
    clock.set(scenes.NOW)
    return scenes.cast()


@pytest.fixture
def event(people, clock) -> Event:
    """A seminar of today that has just begun."""
    made = scenes.an_event(scenes.running(people), BEGINS)
    clock.set(BEGINS + timedelta(minutes=30))
    return made


def figures(event: Event) -> tuple[int, int, int, int]:
    event.refresh_from_db()
    return event.registered, event.attended, event.answers, event.points


@pytest.mark.parametrize(
    ("typed", "known"),
    [
        ("8 (700) 000-00-01", "+7 700 000 00 01"),
        ("+77000000001", "+7 700 000 00 01"),
        ("700 000 00 01", "+7 700 000 00 01"),
        ("+49 30 1234567", "+49301234567"),
        (" Dana@Example.KZ ", "dana@example.kz"),
        ("12345", ""),
        ("жоқ", ""),
        ("٧٧٠٠٠٠٠٠٠٠١", ""),
        ("a@b", ""),
    ],
)
def test_a_contact_has_one_form(typed, known):
    assert identity.contact_of(typed) == known


@pytest.mark.req("IM-037")
def test_the_same_registration_sent_twice_is_one_and_its_link_is_of_this_event(event):
    code, other_form = identity.new_code(), identity.new_code()
    aigul = line("Айгүл Серікова", "87000000001", "№3 мектеп")
    first = procedure.register(event, aigul, code=code)
    assert procedure.register(event, aigul, code=code).pk == first.pk
    again = procedure.register(event, line("Серікова Айгүл", "+7 700 000 00 01"), code=other_form)
    assert again.pk == first.pk
    assert figures(event) == (1, 0, 0, 0)
    assert queries.own_participation(event, f" {identity.shown(code).upper()}") == first
    # Whoever types the same name and contact into a form of their own gets nothing.
    assert queries.own_participation(event, other_form) is None
    assert code not in str(list(Participation.objects.values()))
    other = scenes.an_event(event.project, BEGINS, title_kk="Басқа")
    assert queries.own_participation(other, code) is None
    # At another event the same contact is the same person.
    there = procedure.register(other, line("Айгүл", "8 700 000 00 01"))
    assert there.consumer_id == first.consumer_id


@pytest.mark.django_db(transaction=True)
@pytest.mark.req("IM-037")
def test_a_hall_that_registers_at_one_moment_is_in_the_list_once_each(clock):
    """Also whoever presses twice, and brothers with their mother's telephone; in whatever order they come."""
    clock.set(scenes.NOW)
    event = scenes.an_event(scenes.running(scenes.cast()), BEGINS)
    lines = [line(f"Айгүл {n}", f"8 700 000 00 {n:02d}") for n in range(9)]
    lines += [lines[0], line("Арман", "8 700 000 00 01"), lines[5]]
    made = at_once(*((lambda one=one: procedure.register(event, one, now=BEGINS)) for one in lines))
    assert (made[9], made[11]) == (made[0], made[5])
    assert len({one.pk for one in made}) == event.participations.count() == 10
    assert figures(event)[0] == Consumer.objects.count() == 10


def test_brothers_with_one_telephone_are_two_people(event):
    first = procedure.register(event, line("Ахметов Арман", "87000000002"))
    second = procedure.register(event, line("Ахметов Ержан", "87000000002"))
    again = procedure.register(event, line("Ержан Ахметов", "87000000002"))
    assert second.pk == again.pk != first.pk
    assert figures(event)[0] == 2


def test_who_stood_on_paper_without_a_contact_is_known_again_with_one(event, people):
    attendance.enter(event, [line("Айгүл Серікова", workplace="№3 мектеп")], actor=people.bolat)
    found = procedure.register(event, line("Айгүл Серікова", "87000000001", "№3 мектеп"))
    assert figures(event)[0] == 1
    assert procedure.register(event, line("Айгүл Серікова", "87000000001")).pk == found.pk


@pytest.mark.req("ST-T-01", "ST-T-04")
def test_a_rating_counts_once_and_may_be_given_anew(event):
    one = procedure.register(event, line("Айгүл Серікова", "87000000001"))
    assert procedure.rate(one, 2, review="Ұзақ")
    assert not procedure.rate(one, 5, applied=True, review=" Жақсы ")
    assert figures(event) == (1, 1, 1, 5)
    project = Project.objects.get(pk=event.project_id)
    assert (project.attendances, project.covered, project.answers, project.points) == (1, 1, 1, 5)
    assert not list(tally.drifts())


@pytest.mark.req("ST-T-01", "ST-T-04", "ST-T-05")
def test_each_table_asks_for_its_sample_and_divides_as_it_says(event):
    event.project.standard = standard().edition.key
    event.attended, event.answers, event.points = 60, 5, 20
    event.service, event.form = "training", "seminar"
    said = feedback.of(event)
    assert (said.required, said.missing, said.is_too_small) == (60, 55, True)
    assert said.percent == Fraction(20 * 100, 60 * 5)
    event.service, event.form = "event", "round_table"
    said = feedback.of(event, told=4, applied=3)
    assert (said.required, said.is_too_small) == (6, True)
    assert said.percent == Fraction(80)
    assert said.application == Fraction(75)
    assert said.question == "applied"
    event.answers = 6
    assert not feedback.of(event).is_too_small
    event.service = "consultation"
    assert feedback.of(event).required == 12
    event.service, event.form = "event", "spartakiad"
    assert feedback.of(event).question == ""
    event.project.standard = "2018"  # of which the sources have no text
    assert feedback.of(event).required is None


@pytest.mark.req("IM-037")
def test_a_list_entered_twice_adds_nobody_and_takes_nothing_back(event, people):
    rows, wrong = lists.read(
        [
            ["Іс-шара қатысушылары", "", "", "", ""],
            ["№", "Қатысушылардың Т.А.Ә.", "Жұмыс/оқу орны", "Байланыс", "Баға"],
            ["1", "Айгүл Серікова", "№3 мектеп", "8 700 000 00 01", "5"],
            ["2", "Бақыт Нұр", "", "жоқ", ""],
            ["3", "Серікова Айгүл", "№3 мектеп", "", ""],
        ]
    )
    assert [one.code for one in wrong] == ["no_contact"]
    came = attendance.enter(event, rows, actor=people.aliya)
    assert (came.new, came.repeated) == (2, ((5, 3),))
    assert attendance.enter(event, rows, actor=people.aliya).new == 0
    assert figures(event) == (2, 2, 1, 5)
    assert not list(tally.drifts())


def test_a_list_says_all_that_is_wrong_by_row():
    _rows, wrong = lists.read(
        [["1", "Айгүл", "", ""], ["2", "", "№3", ""], ["", "", "", ""], ["4", "А" * 301, "", ""]]
    )
    assert [one.about for one in wrong] == ["row-2", "row-4"]
    _rows, wrong = lists.checked([(1, {"name": "Айгүл", "points": "6", "attended": "мүмкін"})])
    assert [one.code for one in wrong] == ["no_rating", "no_answer"]
    assert lists.read([["№", "ФИО", "Место работы"]])[1][0].code == "empty_list"


def test_nobody_was_at_what_has_not_begun_and_the_rival_enters_nobody(event, people, clock):
    clock.set(BEGINS - timedelta(days=1))
    with pytest.raises(Refused, match="not_begun"):
        attendance.enter(event, [line("Айгүл")], actor=people.aliya)
    attendance.enter(event, [line("Айгүл", attended=False)], actor=people.aliya)
    for stranger in (people.dana, people.gulnara):
        with pytest.raises(Refused, match="not_yours"):
            attendance.enter(event, [line("Бақыт", attended=False)], actor=stranger)
    assert figures(event) == (1, 0, 0, 0)


def test_attendance_is_marked_at_once_or_one_by_one_but_not_against_a_rating(event, people):
    first, second, _third = (
        procedure.register(event, line(f"Адам {n}", f"8700000000{n}")) for n in (1, 2, 3)
    )
    procedure.rate(first, 1)
    assert attendance.mark(event, None, (), actor=people.aliya) == 2
    assert figures(event) == (3, 3, 1, 1)
    # On the page stood the first two; nobody is ticked: only who has not rated is taken out.
    assert attendance.mark(event, (), [first.pk, second.pk], actor=people.aliya) == 1
    assert figures(event) == (3, 2, 1, 1)
    assert not list(tally.drifts())


@pytest.mark.req("IM-039")
def test_two_entries_of_one_person_become_one_and_stay_so(event, people):
    other = scenes.an_event(event.project, BEGINS, title_kk="Басқа")
    first = procedure.register(event, line("Айгүл Серікова", "87000000001", "№3 мектеп"))
    twice = procedure.register(event, line("Айгүл Серікова", "aigul@example.kz", "№3 мектеп"))
    elsewhere = procedure.register(other, line("Айгүл", "aigul@example.kz"))
    procedure.rate(twice, 4)
    procedure.rate(elsewhere, 5)
    ((kept, gone),) = queries.candidates(event.project)
    likeness.merge(kept, gone, actor=people.aliya)
    assert figures(event) == (1, 1, 1, 4)
    project = Project.objects.get(pk=event.project_id)
    assert (project.covered, project.attendances) == (1, 2)
    assert queries.candidates(event.project) == []
    assert procedure.register(other, line("Айгүл", "aigul@example.kz")).pk == elsewhere.pk
    assert first.consumer_id == Participation.objects.get(pk=elsewhere.pk).consumer_id
    with pytest.raises(Refused, match="not_two"):
        likeness.merge(kept, gone, actor=people.aliya)
    assert not list(tally.drifts())


@pytest.mark.req("IM-039")
def test_people_known_to_be_different_are_counted_apart_and_not_offered_again(event, people):
    """Three of one name and place of work; then a fourth comes."""

    def aigul(n: int) -> Consumer:
        return procedure.register(event, line("Айгүл Серікова", f"8700000000{n}", "№3")).consumer

    def in_doubt() -> set[int]:
        return {one.pk for group in queries.candidates(event.project) for one in group}

    first, second, third = (aigul(n) for n in range(3))
    likeness.keep_apart(event.project, [first.pk, second.pk], actor=people.bolat)
    assert in_doubt() == {first.pk, second.pk, third.pk}  # each may still be the third
    for _twice in range(2):
        likeness.keep_apart(event.project, [third.pk, second.pk, first.pk], actor=people.bolat)
    assert in_doubt() == set()
    with pytest.raises(Refused, match="kept_apart"):
        likeness.merge(first, second, actor=people.bolat)
    with pytest.raises(Refused, match="not_yours"):
        likeness.keep_apart(event.project, [first.pk, second.pk], actor=people.dana)
    assert figures(event)[0] == 3
    fourth = aigul(4)
    assert in_doubt() == {one.pk for one in (first, second, third, fourth)}
    likeness.merge(first, fourth, actor=people.bolat)  # who is not the first is not the fourth
    assert in_doubt() == set()
    pair = queries.known_apart(event.project)[-1]
    assert {pair.first_id, pair.second_id} == {first.pk, second.pk}
    likeness.doubt_again(event.project, pair.pk, actor=people.bolat)
    assert in_doubt() == {first.pk, second.pk}
    forgetting.forget(first)
    assert first.pk not in {pk for one in queries.known_apart(event.project) for pk in (one.first_id, one.second_id)}  # fmt: skip


@pytest.mark.req("IM-039")
def test_after_the_period_everybody_is_erased_and_the_figures_stay(event, people, clock):
    one = procedure.register(event, line("Айгүл Серікова", "87000000001", "№3 мектеп"))
    procedure.rate(one, 4, review="Айгүл Серікованың пікірі")
    before = figures(event)
    with pytest.raises(Refused, match="not_closed"):
        forgetting.forget_all(event.project)
    project = event.project
    project.keep_personal_until = retention.keep_until(DAY)
    project.save()
    with pytest.raises(Refused, match="kept"):
        forgetting.forget_all(project)
    clock.set(house_clock.at(date(2025, 7, 16), 9))
    call_command("personal", "due", stdout=(said := io.StringIO()))
    assert "participants: 1" in said.getvalue()
    assert figures(event) == before
    assert not list(tally.drifts())
    kept = Consumer.objects.get(project=project)
    assert (kept.full_name, kept.workplace, kept.contact, kept.search) == ("", "", "", "")
    assert Participation.objects.get(pk=one.pk).review == ""
    written = str([(e.step, e.facts) for e in journal.history(project)])
    assert "Айгүл" not in written
    assert "700 000" not in written


def test_who_asks_to_be_forgotten_is_and_comes_back_as_somebody_new(event):
    one = procedure.register(event, line("Айгүл Серікова", "87000000001"))
    procedure.rate(one, 5)
    forgetting.forget(one.consumer)
    again = procedure.register(event, line("Айгүл Серікова", "87000000001"))
    assert again.pk != one.pk
    assert figures(event) == (2, 1, 1, 5)
    assert Participation.objects.get(pk=one.pk).points == 5


def own(event: Event, code: str) -> Participation:
    """What the link of that code leads to."""
    found = queries.own_participation(event, code)
    assert found is not None
    return found


@pytest.mark.req("IM-039")
def test_a_link_erases_what_was_registered_with_it_and_nothing_of_others(event):
    """Somebody who knows Aigul's name and contact registers in her name at another event, before she does."""
    other = scenes.an_event(event.project, BEGINS, title_kk="Басқа")
    third = scenes.an_event(event.project, BEGINS, title_kk="Үшінші")
    aigul = line("Айгүл Серікова", "87000000001")
    hers, later, false = (identity.new_code() for _n in range(3))
    procedure.rate(procedure.register(event, aigul, code=hers), 5, review="Жақсы")
    procedure.register(other, aigul, code=false)
    procedure.register(third, aigul, code=later, known=hers)
    forgetting.forget_own(found := own(other, false))
    assert Consumer.objects.get(pk=found.consumer_id).full_name == "Айгүл Серікова"
    assert Participation.objects.get(event=event).review == "Жақсы"
    assert Participation.objects.get(event=other).consumer.erased_at
    # Her own telephone proves both of hers.
    forgetting.forget_own(own(third, later))
    assert not Consumer.objects.exclude(full_name="").exists()
    assert queries.own_participation(event, hers) is None
    assert figures(event) == (1, 1, 1, 5)
    assert not list(tally.drifts())


@pytest.mark.req("IM-037", "IM-039")
def test_who_stands_in_a_list_gets_a_code_in_the_hall_that_rates_and_erases_nothing(event, people, clock):  # fmt: skip
    aigul = line("Айгүл Серікова", "87000000001", attended=False)
    clock.set(BEGINS - timedelta(hours=1))
    attendance.enter(event, [aigul], actor=people.bolat)
    early, there = identity.new_code(), identity.new_code()
    procedure.register(event, aigul, code=early)
    assert queries.own_participation(event, early) is None
    clock.set(BEGINS + timedelta(minutes=5))
    procedure.register(event, aigul, code=there)
    procedure.rate(mine := own(event, there), 4)
    assert figures(event) == (1, 1, 1, 4)
    forgetting.forget_own(mine)
    assert Consumer.objects.get(pk=mine.consumer_id).full_name
    # What the list says already is rated by nobody anew.
    rated = line("Бақыт Нұр", "87000000002", points=5)
    attendance.enter(event, [rated], actor=people.bolat)
    procedure.register(event, rated, code=(late := identity.new_code()))
    assert queries.own_participation(event, late) is None


NAMES = ("Айгүл Серікова", "Бақыт Нұр", "Бақыт")
CONTACTS = ("", "87000000001", "87000000002", "bakyt@example.kz")
PERSON = st.tuples(st.sampled_from(NAMES), st.sampled_from(CONTACTS), st.sampled_from(("", "№3")))
ACTS = st.lists(
    st.one_of(
        st.tuples(st.just("register"), st.integers(0, 1), PERSON),
        st.tuples(
            st.just("enter"),
            st.integers(0, 1),
            st.lists(st.tuples(PERSON, st.booleans(), st.sampled_from((None, 1, 5))), max_size=4),
        ),
        st.tuples(st.just("rate"), st.integers(0, 9), st.integers(1, 5)),
        st.tuples(st.just("forget own"), st.integers(0, 9), st.none()),
        st.tuples(st.just("mark"), st.integers(0, 1), st.sets(st.integers(0, 9))),
        st.tuples(st.just("merge"), st.integers(0, 9), st.integers(0, 9)),
        st.tuples(st.just("forget"), st.integers(0, 9), st.none()),
    ),
    max_size=12,
)


class TestFigures(TestCase):
    """In any order of acts the kept figures are those of the rows."""

    people: scenes.Cast
    events: list[Event]

    @classmethod
    def setUpTestData(cls) -> None:
        with house_clock.frozen(scenes.NOW):
            cls.people = scenes.cast()
            project = scenes.running(cls.people)
            cls.events = [scenes.an_event(project, BEGINS, title_kk=str(n)) for n in range(2)]

    @given(acts=ACTS)
    @settings(max_examples=30)
    def test_in_any_order_the_figures_are_those_of_the_rows(self, acts):
        with house_clock.frozen(BEGINS + timedelta(hours=1)):
            for act in acts:
                self.take(act, self.events, self.people.aliya)
        assert list(tally.drifts()) == []
        people_there = Consumer.objects.filter(participations__attended=True).distinct().count()
        assert Project.objects.get().covered == people_there

    def take(self, act, events, actor) -> None:
        name, at, more = act
        rows = list(Participation.objects.order_by("pk"))
        people = list(Consumer.objects.order_by("pk"))
        if name == "register":
            who, contact, workplace = more
            code = identity.new_code()
            procedure.register(events[at], line(who, contact, workplace), code=code)
        elif name == "enter":
            entries = [
                Line(n, who, workplace, contact, attended, points)
                for n, ((who, contact, workplace), attended, points) in enumerate(more, 1)
            ]
            attendance.enter(events[at], entries, actor=actor)
        elif name == "rate" and at < len(rows):
            procedure.rate(rows[at], more)
        elif name == "forget own" and at < len(rows):
            forgetting.forget_own(rows[at])
        elif name == "mark":
            keys = [row.pk for row in rows]
            attendance.mark(events[at], {keys[n] for n in more if n < len(keys)}, keys, actor=actor)
        elif name == "merge" and at < len(people) and more < len(people):
            with suppress(Refused):  # the same person, or one that is merged or erased already
                likeness.merge(people[at], people[more], actor=actor)
        elif name == "forget" and at < len(people):
            forgetting.forget(people[at])

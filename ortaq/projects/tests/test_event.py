"""Events: planned once, held with reasons for what differs, measured by the Standard while there is time and afterwards."""

from __future__ import annotations

import uuid
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ortaq.core import clock
from ortaq.core.procedure import Refused
from ortaq.law.satisfaction import measure
from ortaq.projects import checklist, deviation, standard, tally
from ortaq.projects.models import Contract, Event, Evidence, Participation, Project, Report
from ortaq.projects.models.participant import Consumer
from ortaq.projects.procedure import event as procedure
from ortaq.projects.procedure.event import CANCEL, CORRECT, EDIT, HOLD, RESTORE
from ortaq.testing.remembered import remembered

from . import scenes

pytestmark = pytest.mark.django_db
DAY = date(2020, 7, 10)
TRAINER = {"full_name": "Мұсаев Ерлан", "experience_months": 30, "about": "10 семинар"}


def passport(**fields: Any) -> dict[str, Any]:
    return {
        "title_kk": "Еріктілер семинары",
        "kind": Event.Kind.SEMINAR,
        "service": "training",
        "form": "seminar",
        "place": "Көкшетау, Абай 1",
        "starts_at": clock.at(DAY, 10),
        "ends_at": clock.at(DAY, 13),
        "expected_participants": 20,
        "informing": ["telephone"],
        **fields,
    }


@remembered
def planned() -> tuple[scenes.Cast, Event]:
    """Aliya's seminar of a project to which the text of the Standard is known."""
    people = scenes.cast()
    project = scenes.running(people)
    Project.objects.update(standard="2022")
    project.refresh_from_db()
    event, _new = procedure.plan(
        project, passport(), [TRAINER], once=uuid.UUID(int=1), actor=people.aliya
    )
    return people, event


def came(**values: Any) -> dict[str, Any]:
    return {"result": "Сертификаттар берілді", "men": 8, "women": 12, "deviation": "", **values}


@pytest.mark.req("IM-023")
def test_a_form_sent_twice_plans_one_event_and_a_rival_plans_none() -> None:
    people, event = planned()
    again, new = procedure.plan(
        event.project, passport(title_kk="Басқа"), [], once=event.once, actor=people.aliya
    )
    assert (again, new, again.title_kk) == (event, False, "Еріктілер семинары")
    assert event.number == 1
    with pytest.raises(Refused):
        procedure.plan(event.project, passport(), [], once=uuid.uuid4(), actor=people.dana)
    assert Project.objects.get().events == 1


def test_a_series_takes_the_passport_to_every_town_and_sent_twice_doubles_nothing() -> None:
    people, event = planned()
    rows = [
        {
            "starts_at": event.starts_at + timedelta(days=n),
            "ends_at": event.ends_at + timedelta(days=n),
            "place": f"{n}-қала",
            "region": "",
            "expected_participants": 15,
        }
        for n in (1, 2, 3)
    ]
    once = uuid.uuid4()
    made = procedure.series(event, rows, once=once, actor=people.aliya)
    assert procedure.series(event, rows, once=once, actor=people.aliya) == made
    assert [(one.number, one.place) for one in made] == [
        (2, "1-қала"),
        (3, "2-қала"),
        (4, "3-қала"),
    ]
    assert made[0].trainers.get().full_name == TRAINER["full_name"]
    assert len({one.code for one in Event.objects.all()}) == 4
    assert not list(tally.drifts())


def test_whoever_saves_second_is_told_and_overwrites_nothing() -> None:
    people, event = planned()
    procedure.take(EDIT, event, actor=people.aliya, version=0, values={"place": "Астана"})
    with pytest.raises(Refused) as refused:
        procedure.take(EDIT, event, actor=people.bolat, version=0, values={"place": "Алматы"})
    assert refused.value.has("changed_meanwhile")
    event.refresh_from_db()
    assert (event.place, event.trainers.count()) == ("Астана", 1)


@pytest.mark.req("IM-036")
def test_what_misses_the_plan_needs_a_reason_and_the_plan_is_kept_beside_the_fact() -> None:
    people, event = planned()
    later = {
        "starts_at": event.starts_at + timedelta(days=1),
        "ends_at": event.ends_at + timedelta(days=1),
    }
    values = came(women=3, place="Щучинск, мектеп", **later)
    ahead = {"starts_at": clock.now() + timedelta(hours=1), "result": " "}
    with pytest.raises(Refused) as refused:
        procedure.take(HOLD, event, actor=people.aliya, values=values | ahead)
    assert {one.code for one in refused.value.findings} == {
        "not_begun", "no_result", "deviation_unexplained",
    }  # fmt: skip
    assert len(deviation.deviations(event, values)) == 3
    values["deviation"] = "Боран соқты"
    procedure.take(HOLD, event, actor=people.aliya, values=values)
    assert event.state == Event.State.HELD
    assert deviation.plan_of(event)["place"] == "Көкшетау, Абай 1"
    assert clock.day_of(deviation.plan_of(event)["starts_at"]) == DAY
    assert len(deviation.deviations(event, {})) == 3
    assert Project.objects.get().events_held == 1


def test_an_event_as_planned_is_held_without_a_reason() -> None:
    people, event = planned()
    procedure.take(HOLD, event, actor=people.aliya, version=0, values=came())
    assert deviation.deviations(event, {}) == []
    assert event.held_at is not None


@pytest.mark.req("IM-036")
def test_a_held_event_is_corrected_with_a_reason_until_its_report_is_submitted() -> None:
    people, event = planned()
    procedure.take(HOLD, event, actor=people.aliya, values=came())
    with pytest.raises(Refused) as refused:
        procedure.take(CORRECT, event, actor=people.aliya, reason="", values=came(men=9))
    assert refused.value.has("no_reason")
    procedure.take(CORRECT, event, actor=people.aliya, reason="Қате саналды", values=came(men=9))
    assert event.men == 9
    assert deviation.figures_differ(event) is None  # there is no list
    event.attended = 20
    assert deviation.figures_differ(event) is not None
    assert event.facts["corrections"][0]["reason"] == "Қате саналды"
    report = Report.objects.create(
        project=event.project, kind=Report.Kind.INTERIM_CREATIVE, number=1,
        period_from=DAY, period_to=DAY, state=Report.State.SUBMITTED,
    )  # fmt: skip
    with pytest.raises(Refused) as refused:
        procedure.take(CORRECT, event, actor=people.aliya, reason="Тағы", values=came(men=10))
    assert refused.value.has("reported")
    Report.objects.filter(pk=report.pk).update(state=Report.State.RETURNED)
    procedure.take(CORRECT, event, actor=people.aliya, reason="Тағы", values=came(men=10))
    with pytest.raises(Refused):
        procedure.take(EDIT, event, actor=people.aliya, values={"place": "Астана"})


def test_a_cancelled_event_counts_no_more_and_comes_back() -> None:
    people, event = planned()
    with pytest.raises(Refused):
        procedure.take(CANCEL, event, actor=people.aliya, reason=" ")
    procedure.take(CANCEL, event, actor=people.aliya, reason="Карантин")
    assert Project.objects.get().events == 0
    assert standard.of_event(event) == []
    procedure.take(RESTORE, event, actor=people.aliya)
    assert (Project.objects.get().events, event.cancel_reason) == (1, "")


def attended(event: Event, points: list[int | None], *, applied: int = 0) -> None:
    """So many people were there and rated as told; the first `applied` of them apply it."""
    for number, rating in enumerate(points):
        person = Consumer.objects.create(
            project=event.project, identity=f"{event.pk}-{number}", created_at=event.starts_at, attended=1
        )  # fmt: skip
        Participation.objects.create(
            event=event, consumer=person, source="paper", registered_at=event.starts_at, consent="1",
            attended=True, points=rating, applied=number < applied if rating else None,
        )  # fmt: skip
    for name, value in tally.of_event(event).items():
        setattr(event, name, value)
    event.save()


def codes(found: list[Any]) -> dict[str, str]:
    return {one.about: one.code for one in found}


@pytest.mark.req("ST-C-01")
@pytest.mark.req("ST-Q-03")
def test_a_plan_is_measured_while_it_can_be_changed_and_not_asked_for_its_result() -> None:
    _people, event = planned()
    event.expected_participants = 5
    event.ends_at = event.starts_at + timedelta(minutes=40)
    event.informing = []
    event.trainers.create(position=2, full_name="Жас жаттықтырушы", experience_months=6)
    found = standard.of_event(event)
    assert codes(found) == {
        "participants": "below_minimum",
        "duration": "below_minimum",
        "trainer_experience_years": "below_minimum",
        "information_sheet": "below_minimum",
        "information_ways": "below_minimum",
    }
    event.trainers.update(experience_months=None)
    (said,) = [one for one in standard.of_event(event) if one.about == "trainer_experience_years"]
    assert said.code == "no_data"
    assert "«Жаттықтырушының тәжірибесі»" in said.message.kk


@pytest.mark.req("ST-E-01")
@pytest.mark.req("ST-T-01")
def test_a_training_asks_everybody_and_divides_by_everybody() -> None:
    people, event = planned()
    attended(event, [5, 4, 4, None, None])
    procedure.take(
        HOLD, event, actor=people.aliya, values=came(men=2, women=3, deviation="Аз келді")
    )
    assert deviation.figures_differ(event) is None
    found = {one.about: one for one in standard.of_event(event)}
    assert found["answers"].code == "sample_too_small"
    assert found["satisfaction"].numbers["value"] == 52  # 13 ÷ 5 people ÷ 5 × 100
    assert found["participants"].code == "below_minimum"


@pytest.mark.req("ST-S-25")
@pytest.mark.req("ST-T-05")
def test_a_round_table_counts_publications_of_its_level_and_its_own_two_samples() -> None:
    people, event = planned()
    procedure.take(
        EDIT, event, actor=people.aliya, values={"service": "event", "form": "round_table", "kind": "round_table"}
    )  # fmt: skip
    attended(event, [5] * 4 + [None] * 16, applied=3)
    procedure.take(HOLD, event, actor=people.aliya, values=came())
    for number, (media, state) in enumerate(
        [("regional", "attached")] * 5
        + [("regional", "refused")]
        + [("social_network", "accepted")] * 2
    ):
        Evidence.objects.create(
            project=event.project, once=uuid.uuid4(), number=number + 1, kind="publication", title="Мақала",
            day=DAY, event=event, link="https://example.kz/1", media=media, state=state, added_at=event.ends_at,
        )  # fmt: skip
    found = {one.about: one for one in standard.of_event(event)}
    assert found["publications.media"].code == "within"
    assert (found["publications.social"].code, found["publications.social"].numbers["value"]) == (
        "below_minimum",
        2,
    )
    assert found["practical_application"].numbers["value"] == 75
    assert found["applied"].numbers["minimum"] == 2  # 10 % of twenty
    event.level = Project.Level.REPUBLICAN
    event.save()
    found = {one.about: one for one in standard.of_event(event)}
    assert found["publications.media"].numbers["value"] == 0


@pytest.mark.req("GR-I-16")
def test_an_edition_without_text_and_an_event_without_a_service_are_told_and_guess_nothing() -> (
    None
):
    _people, event = planned()
    event.service = event.form = ""
    assert [one.code for one in standard.of_event(event)] == ["no_service"]
    event.project.standard = "2018"
    assert [one.code for one in standard.of_event(event)] == ["no_data"]
    assert standard.forms_of("2018") == []


def test_a_mixed_event_is_measured_by_the_column_that_fits() -> None:
    _people, event = planned()
    event.format, event.expected_participants = (
        Event.Format.MIXED,
        55,
    )  # offline at most 35, online at most 60
    found = [one for one in standard.of_event(event) if one.about == "participants"]
    assert [one.code for one in found] == ["within", "mixed"]


@pytest.mark.req("IM-063")
@pytest.mark.req("IM-064")
def test_what_proves_an_event_of_its_kind_is_there_or_missing() -> None:
    people, event = planned()
    Evidence.objects.create(
        project=event.project, once=uuid.uuid4(), number=1, kind="photo", title="Сурет", day=DAY,
        event=event, text="сурет", added_at=event.ends_at,
    )  # fmt: skip
    attended(event, [5])
    assert checklist.missing(event, checklist.found_of([event])[event.pk]) == []  # not held yet
    procedure.take(HOLD, event, actor=people.aliya, values=came())
    found = checklist.found_of([event])[event.pk]
    there = {line.item.key for line in checklist.lines(event, found) if line.there}
    assert there == {"photo_video", "participants", "feedback"}
    missing = checklist.missing(event, found)
    assert "evidence.training_pack" in {one.about for one in missing}
    assert "evidence.scenario" not in {one.about for one in missing}
    assert {kind for one in checklist.items() for kind in one.kinds} <= set(Event.Kind.values)


def test_every_kind_of_event_has_facts_that_the_law_can_read() -> None:
    """No form offered on a page may be one that the checker refuses, planned or held."""
    people, event = planned()
    attended(event, [4, 5, None], applied=1)
    procedure.take(HOLD, event, actor=people.aliya, values=came())
    offered = [key for _service, forms in standard.forms_of("2022") for key, _label in forms]
    assert set(standard.BY_KIND.values()) <= set(offered)
    counts = standard.counts_of([event])[event.pk]
    for key in offered:
        event.service, _slash, event.form = key.partition("/")
        for state in (Event.State.PLANNED, Event.State.HELD):
            for shape in Event.Format:
                event.state, event.format = state, shape
                found = standard.of_event(event, counts)
                assert found
                assert "unreadable" not in {one.code for one in found}, key


FORMS_MEASURED = [
    "training/seminar",
    "training/course_school",
    "event/conference",
    "event/festival",
]


@pytest.mark.req("ST-T-04")
@settings(max_examples=60, deadline=None)
@given(
    st.sampled_from(FORMS_MEASURED),
    st.lists(st.none() | st.integers(1, 5), min_size=1, max_size=40),
)
def test_counted_satisfaction_is_that_of_the_answers_one_by_one(
    form: str, ratings: list[int | None]
) -> None:
    """The kept counters say exactly what the law makes of every single answer."""
    event = unsaved(form)
    given_ = [one for one in ratings if one is not None]
    event.attended, event.answers, event.points = len(ratings), len(given_), sum(given_)
    found = {one.about: one for one in standard.said(event, standard.NOTHING, [])}
    rows = [{"participant": str(n), "points": one} for n, one in enumerate(ratings)]
    measured = measure(
        rows, service=event.service, form=event.form, participants=len(rows), edition="2022"
    )
    assert found["satisfaction"].numbers.get("value") == measured.percent
    enough = found["answers"].code == "within"
    assert enough == (len(given_) >= (measured.required_answers or 0))


def unsaved(form: str) -> Event:
    """A held event of this form, in no database."""
    contract = Contract(starts_on=DAY, ends_on=DAY, instrument=Contract.Instrument.SOCIAL_ORDER)
    project = Project(contract=contract, standard="2022")
    service, _slash, named = form.partition("/")
    values = passport(service=service, form=named, state=Event.State.HELD)
    return Event(project=project, **values)

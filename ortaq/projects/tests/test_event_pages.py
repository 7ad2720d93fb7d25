"""Pages of events, as Aliya fills them in and others look at them."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from ortaq.core import clock
from ortaq.people.actor import Actor
from ortaq.projects import deviation
from ortaq.projects.models import Event, Place
from ortaq.projects.procedure import event as procedure
from ortaq.projects.queries import event as queries
from ortaq.projects.tests.test_event import DAY, TRAINER, came, passport, planned

pytestmark = pytest.mark.django_db


def signed_in(actor: Actor) -> Client:
    client = Client()
    assert actor.user is not None
    client.force_login(actor.user)
    return client


def typed(**fields: Any) -> dict[str, Any]:
    """What the browser sends of a whole passport."""
    return {
        "once": str(uuid.uuid4()),
        "kind": "seminar",
        "standard_form": "",
        "title_kk": "Жаңа семинар",
        "title_ru": "",
        "format": "offline",
        "level": "regional",
        "place": "Көкшетау",
        "starts_at": "2020-07-10T10:00",
        "ends_at": "2020-07-10T13:00",
        "expected_participants": "20",
        "informing": ["telephone"],
        "trainer-TOTAL_FORMS": "1",
        "trainer-INITIAL_FORMS": "0",
        "trainer-0-full_name": "Мұсаев Ерлан",
        "trainer-0-years": "2",
        "trainer-0-months": "6",
        **fields,
    }


def address(event: Event, name: str = "") -> str:
    return f"/projects/{event.project_id}/events/{event.pk}/{name}"


def listed(event: Event, name: str = "") -> str:
    return f"/projects/{event.project_id}/events/{name}"


@pytest.mark.req("IM-023")
def test_a_passport_is_planned_by_one_form_and_its_form_of_the_standard_follows_from_the_kind() -> (
    None
):
    people, first = planned()
    client = signed_in(people.aliya)
    assert client.get(listed(first, "new/")).status_code == 200
    form = typed()
    answers = [client.post(listed(first, "new/"), form) for _sent in range(2)]
    assert len({answer["Location"] for answer in answers}) == 1
    made = Event.objects.latest("pk")
    assert (made.service, made.form, made.number) == ("training", "seminar", 2)
    assert made.trainers.get().experience_months == 30
    assert clock.day_of(made.starts_at) == DAY


def test_what_is_wrong_is_said_at_its_field_and_what_was_typed_stands_there() -> None:
    people, first = planned()
    form = typed(ends_at="2020-07-10T09:00", expected_participants="-5", title_kk="Ұзақ атау")
    answer = signed_in(people.aliya).post(listed(first, "new/"), form)
    assert answer.status_code == 422
    assert "Ұзақ атау" in answer.content.decode()
    assert set(answer.context["form"].errors) == {"ends_at", "expected_participants"}
    absurd = typed(
        starts_at="9999-01-01T00:00", expected_participants="9" * 30, duration_minutes="-1"
    )
    assert signed_in(people.aliya).post(listed(first, "new/"), absurd).status_code == 422
    for number in ("0", "100001", "3000000000"):
        answer = signed_in(people.aliya).post(
            listed(first, "new/"), typed(expected_participants=number)
        )
        assert set(answer.context["form"].errors) == {"expected_participants"}
    assert Event.objects.count() == 1


def test_the_standard_speaks_while_one_types_and_nothing_is_saved() -> None:
    people, first = planned()
    form = typed(check="1", expected_participants="3")
    answer = signed_in(people.aliya).post(listed(first, "new/"), form)
    said = {one.about: one.code for one in answer.context["said"]}
    assert said["participants"] == "below_minimum"
    assert said["trainer_experience_years"] == "within"
    assert Event.objects.count() == 1


def test_the_second_of_two_who_edit_keeps_what_was_typed() -> None:
    people, event = planned()
    procedure.take(procedure.EDIT, event, actor=people.bolat, values={"place": "Астана"})
    answer = signed_in(people.aliya).post(
        address(event, "edit/"), typed(version="0", place="Алматы қаласы")
    )
    assert answer.status_code == 409
    assert "Алматы қаласы" in answer.content.decode()
    event.refresh_from_db()
    assert event.place == "Астана"


@pytest.mark.req("IM-036", "IM-037")
def test_who_came_is_pasted_where_the_event_is_recorded_as_held_wholly_or_not_at_all() -> None:
    people, event = planned()
    client = signed_in(people.bolat)
    form = {
        "version": "0", "starts_at": "2020-07-10T10:00", "ends_at": "2020-07-10T13:00", "place": event.place,
        "result": "Үйренді", "people": "Т.А.Ә.\tБайланыс\tБаға\nАйгүл Серікова\t+77000000001\t5\nАрман\t\t7",
    }  # fmt: skip
    answer = client.post(address(event, "held/"), form)
    assert answer.status_code == 422
    assert "people" in answer.context["form"].errors  # nobody rates with 7
    good = form | {"people": form["people"].replace("7\nАрман", "7").removesuffix("7") + "4"}
    # Fewer came than planned and nobody says why: neither the result nor the list is kept.
    assert client.post(address(event, "held/"), good).status_code == 409
    event.refresh_from_db()
    assert (event.state, event.registered) == (Event.State.PLANNED, 0)
    assert client.post(address(event, "held/"), good | {"deviation": "Жаңбыр"}).status_code == 302
    event.refresh_from_db()
    assert (event.state, event.attended, event.points) == (Event.State.HELD, 2, 9)
    assert "people" not in client.get(address(event, "held/")).context["form"].fields


@pytest.mark.req("IM-036")
def test_an_event_is_recorded_as_held_then_corrected_on_its_page() -> None:
    people, event = planned()
    client = signed_in(people.bolat)
    form = {
        "version": "0", "starts_at": "2020-07-10T10:00", "ends_at": "2020-07-10T13:00", "place": event.place,
        "men": "3", "women": "4", "result": "Үйренді",
    }  # fmt: skip
    answer = client.post(address(event, "held/"), form)
    assert answer.status_code == 409
    assert "deviation" in answer.context["form"].errors
    assert client.post(address(event, "held/"), form | {"deviation": "Жаңбыр"}).status_code == 302
    event.refresh_from_db()
    assert event.state == Event.State.HELD
    assert (
        client.post(
            address(event, "edit/"), typed(version="1", expected_participants="7")
        ).status_code
        == 422
    )
    corrected = typed(
        version="1", expected_participants="7", reason="Атауы қате", title_kk="Дұрыс атау"
    )
    assert client.post(address(event, "edit/"), corrected).status_code == 302
    event.refresh_from_db()
    assert (event.title_kk, event.expected_participants) == (
        "Дұрыс атау",
        20,
    )  # the plan is not touched
    assert deviation.plan_of(event)["starts_at"] == event.starts_at
    page = client.get(address(event)).content.decode()
    assert "Атауы қате" in page


def test_a_series_is_typed_row_by_row_and_empty_rows_are_nothing() -> None:
    people, event = planned()
    client = signed_in(people.aliya)
    page = client.get(address(event, "series/"))
    rows = page.context["rows"]
    form: dict[str, Any] = {
        "once": str(uuid.uuid4()),
        "row-TOTAL_FORMS": "3",
        "row-INITIAL_FORMS": "0",
    }
    for number in range(3):
        initial = rows[number].initial
        form |= {
            f"row-{number}-begins": initial["begins"].strftime("%H:%M"),
            f"row-{number}-ends": initial["ends"].strftime("%H:%M"),
            f"row-{number}-region": initial["region"],
            f"row-{number}-expected_participants": initial["expected_participants"],
        }
    assert client.post(address(event, "series/"), form).status_code == 422
    form |= {"row-0-day": "2020-08-01", "row-0-place": "Степногорск", "row-2-day": "2020-08-02"}
    assert client.post(address(event, "series/"), form).status_code == 422  # a day without a place
    form["row-2-place"] = "Атбасар"
    more = client.post(address(event, "series/"), form | {"more": "1"})
    assert (more.status_code, len(more.context["rows"].forms)) == (200, 13)
    assert "Атбасар" in more.content.decode()
    for _twice in range(2):
        assert client.post(address(event, "series/"), form).status_code == 302
    places = list(Event.objects.order_by("number").values_list("place", flat=True))
    assert places == [event.place, "Степногорск", "Атбасар"]


def test_a_rival_learns_nothing_and_the_body_looks_on() -> None:
    people, event = planned()
    for name in ("", "edit/", "held/", "series/", "passport-kk.pdf"):
        assert signed_in(people.dana).get(address(event, name)).status_code == 404
    assert signed_in(people.gulnara).get(address(event)).status_code == 200
    assert signed_in(people.gulnara).get(address(event, "edit/")).status_code == 403
    answer = signed_in(people.gulnara).post(address(event, "cancel/"), {"reason": "Жоқ"})
    assert answer.status_code == 409
    event.refresh_from_db()
    assert event.state == Event.State.PLANNED


def many(event: Event, actor: Actor, number: int) -> None:
    rows = [
        {
            "starts_at": event.starts_at + timedelta(hours=n),
            "ends_at": event.ends_at + timedelta(hours=n),
            "place": f"{n}-қала",
            "region": "",
            "expected_participants": 15,
        }
        for n in range(number)
    ]
    procedure.series(event, rows, once=uuid.uuid4(), actor=actor)


def test_pages_read_as_much_for_forty_events_as_for_one(django_assert_max_num_queries: Any) -> None:
    people, event = planned()
    client = signed_in(people.aliya)
    client.get(address(event))
    many(event, people.aliya, 39)
    with django_assert_max_num_queries(14):
        page = client.get(listed(event))
    assert len(page.context["page"].rows) == 30
    assert client.get(listed(event, f"?page={page.context['page'].next}")).status_code == 200
    with django_assert_max_num_queries(13):
        month = client.get(listed(event, "calendar/?month=2020-07"))
    assert "Степ" not in month.content.decode()
    procedure.take(procedure.HOLD, event, actor=people.aliya, values=came())
    with django_assert_max_num_queries(26):
        client.get(address(event))


def test_a_month_that_is_none_shows_the_present_one() -> None:
    _people, event = planned()
    for none in ("2020-13", "0001-01", "9999-12", "'"):
        assert queries.month_of(event.project, none).first == clock.today().replace(day=1)
    july = queries.month_of(event.project, "2020-07")
    assert [event.number for week in july.weeks for one in week for event in one.events] == [1]
    assert (july.previous, july.next) == ("2020-06", "2020-08")


def test_a_series_offers_the_places_that_the_plan_names() -> None:
    people, event = planned()
    activity = event.project.contract.activities.first()
    Place.objects.all().delete()
    Place.objects.bulk_create(
        Place(activity=activity, position=n, name=f"{n}-ауыл") for n in range(12)
    )
    Event.objects.update(activity=activity)
    client = signed_in(people.aliya)
    offered = client.get(address(event, "series/")).context["rows"]
    assert [form["place"].value() for form in offered] == [f"{n}-ауыл" for n in range(12)]
    sent = {"row-TOTAL_FORMS": "12", "row-INITIAL_FORMS": "0", "once": str(uuid.uuid4())}
    for number, form in enumerate(offered):
        for name in ("begins", "ends"):
            sent[f"row-{number}-{name}"] = form.initial[name].strftime("%H:%M")
        sent[f"row-{number}-place"] = form.initial["place"]
        sent[f"row-{number}-expected_participants"] = "20"
    sent["row-11-day"] = "2020-09-01"
    assert client.post(address(event, "series/"), sent).status_code == 302
    assert list(Event.objects.values_list("place", flat=True)) == [event.place, "11-ауыл"]


@pytest.mark.req("ST-S-03")
def test_the_information_sheet_says_what_is_there() -> None:
    _people, event = planned()
    event.facts = {"sheet": {"materials": "Сертификат"}}
    said = {label.kk: text for label, text in queries.sheet_of(event)}
    assert said["жаттықтырушылар"] == f"{TRAINER['full_name']}. {TRAINER['about']}"
    assert "Сертификат" in said.values()
    assert "қатысу шарттары" not in said


@pytest.mark.req("IM-023")
def test_the_passport_is_a_paper_in_both_languages() -> None:
    people, event = planned()
    procedure.take(
        procedure.EDIT, event, actor=people.aliya, values=passport(programme="10:00 <b>Дәріс</b>")
    )
    procedure.take(
        procedure.HOLD, event, actor=people.aliya, values=came(men=1, deviation="Аз келді")
    )
    client = signed_in(people.gulnara)
    for language in ("kk", "ru"):
        answer = client.get(address(event, f"passport-{language}.docx"))
        assert b"".join(answer.streaming_content)[:2] == b"PK"  # type: ignore[attr-defined]
    assert client.get(address(event, "passport-kk.exe")).status_code == 404
    assert client.get(address(event, "passport-de.pdf")).status_code == 404

"""The civic (resource) centre: its package judged by the tables, its base for those who may see people."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from ortaq.projects.models import Centre, Project
from ortaq.projects.tests.test_consultation_pages import at, sign_in, typed

from . import scenes

pytestmark = pytest.mark.django_db
PAGES = (("centre", ()), ("centre_base", ()), ("centre_service", ("consultation",)))


@pytest.fixture
def people(clock):
    clock.set(scenes.NOW)
    return scenes.cast()


@pytest.fixture
def project(people) -> Project:
    """A centre of two financial years under the edition of 2022."""
    made = scenes.running(people)
    Project.objects.update(standard="2022", is_civic_centre=True)
    type(made.contract).objects.update(ends_on="2021-11-20")
    made.refresh_from_db()
    return made


def described(**fields):
    return {
        "version": 0,
        "name_kk": "Азаматтық орталық",
        "activities": "Оқыту, консультация",
        "working_hours": "9.00-18.00",
        "contacts": "+7 700 000 00 09",
        "feedback": "Ұсыныстар кітабы",
        "level": "city_district",
        "premises_m2": "20",
        "equipment": ["office_internet"],
    } | fields


@pytest.mark.req("ST-S-28", "ST-C-17", "ST-E-06")
def test_the_centre_is_compared_with_its_package_and_with_table_9(people, project):
    client = sign_in(people.aliya)
    page = at("centre", project.pk)
    empty = {one.code: one.about for one in client.get(page).context["findings"]}
    assert "presentation_package" in empty.values()
    assert client.get(page).context["needs_level"]

    assert client.post(at("centre_edit", project.pk), described()).status_code == 302

    shown = client.get(page).context
    below = {one.about for one in shown["findings"] if one.code == "below_minimum"}
    assert below == {"premises_m2", "equipment.photo_video"}
    assert not shown["needs_level"]


def test_two_who_describe_the_centre_lose_nothing(people, project):
    client = sign_in(people.aliya)
    client.post(at("centre_edit", project.pk), described())

    late = client.post(at("centre_edit", project.pk), described(feedback="Кешіккен мәтін"))

    assert late.status_code == 422
    assert "Кешіккен мәтін" in late.content.decode()
    assert Centre.objects.get().feedback == "Ұсыныстар кітабы"


@pytest.mark.req("ST-C-16", "IM-039")
def test_the_base_tells_how_often_each_was_served_to_those_who_may_see_people(people, project):
    writer = sign_in(people.aliya)
    for number in (1, 2):
        writer.post(at("consultation_new", project.pk), typed(number, visiting="on"))

    page = writer.get(at("centre_base", project.pk))
    assert [(one.full_name, one.advised) for one in page.context["page"].rows] == [
        ("Сейітова Айгүл", 2)
    ]
    assert [count for _label, count in writer.get(at("centre", project.pk)).context["conditions"]] == [
        1, 1, 0, 2
    ]  # fmt: skip
    assert sign_in(people.clerk).get(at("centre_base", project.pk)).status_code == 403
    assert sign_in(people.gulnara).get(at("centre_edit", project.pk)).status_code == 403


def test_only_a_civic_centre_has_these_pages(people, project):
    for name, rest in PAGES:
        address = reverse(f"projects:{name}", args=[project.pk, *rest])
        assert sign_in(people.aliya).get(address).status_code == 200
        assert sign_in(people.dana).get(address).status_code == 404
        assert Client().get(address).status_code == 302
    Project.objects.update(is_civic_centre=False)
    assert sign_in(people.aliya).get(at("centre", project.pk)).status_code == 404

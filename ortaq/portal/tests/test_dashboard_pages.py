"""Dashboards: each figure as the rooms have it, for whoever may see it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from ortaq.core import clock as house_clock
from ortaq.core import duties
from ortaq.core.keys import organisation as key_of_organisation
from ortaq.law.text import Text
from ortaq.oversight.tests import scenes as overseen
from ortaq.people.actor import Actor
from ortaq.people.models import Role
from ortaq.portal.queries import dashboard
from ortaq.projects.models import Project
from ortaq.projects.tests import scenes
from ortaq.review.models import Panel
from ortaq.testing import factories

pytestmark = [pytest.mark.django_db, pytest.mark.once]
ADDRESS = "portal:dashboard"


def page(actor: Actor) -> str:
    client = Client()
    assert actor.user is not None
    client.force_login(actor.user)
    answer = client.get(reverse(ADDRESS))
    assert answer.status_code == 200
    text: str = answer.content.decode()
    return text


def test_a_party_sees_plan_against_fact_of_its_projects_and_a_rival_nothing(clock):
    clock.set(scenes.NOW)
    people = scenes.cast()
    project = scenes.running(people)
    Project.objects.filter(pk=project.pk).update(
        paid_tiyn=400_000_00, spent_tiyn=123_456_78, attendances=40, answers=10, points=45,
        trouble=Project.Trouble.SOME,
    )  # fmt: skip
    for actor in (people.gulnara, people.aliya):
        found = dashboard.dashboard(actor)
        assert [(one.plan, one.fact) for one in found.money[:2]] == [
            (project.contract.sum_tiyn, 400_000_00),
            (400_000_00, 123_456_78),
        ]
        assert (found.rating, found.answers) == ("4,5", 10)
        assert [list(one.values) for one in found.standing] == [[0, 1, 0]]
        assert reverse("projects:project", args=[project.pk]) in page(actor)
    rival = dashboard.dashboard(people.dana)
    assert (rival.money, rival.standing, rival.feedback, rival.spreads) == ([], [], [], [])
    assert project.contract.title not in page(people.dana)

    with CaptureQueriesContext(connection) as few:
        page(people.gulnara)
    for number in ("16", "17"):
        scenes.running(people, number, source=f"award:{number}")
    with CaptureQueriesContext(connection) as many:
        page(people.gulnara)
    assert len(few) == len(many) <= 28  # signing in is among them


def test_duties_stand_by_their_days(clock):
    clock.set(scenes.NOW)
    people = scenes.cast()
    now = house_clock.now()
    owed = [
        duties.Owed(
            f"a{days}",
            key_of_organisation(people.ngo.pk),
            Text("Міндет", "Обязанность", "Duty"),
            now + timedelta(days=days) if days is not None else None,
        )
        for days in (-3, 2, 2, 13, 20, None)
    ]
    for number, one in enumerate(owed):
        duties.keep(factories.an_organisation(name_kk=f"{number}-ұйым"), [one])
    found = dashboard.coming(people.aliya)
    counted = (len(found.late), len(found.soon), found.later, found.open_ended)
    assert counted == (1, 3, 1, 1)
    assert [bar.value for bar in found.days] == [2, 1]
    told = page(people.aliya)
    assert told.count("Міндет") == 4  # what is later waits on the desk


@pytest.mark.req("GR-S-17")
def test_points_are_drawn_when_the_scoring_is_over_and_for_those_who_answer_for_it(clock):
    clock.set(overseen.NOW)
    cast = overseen.ordered()
    evaluation = overseen.evaluated(cast, (5, 4, 3, 4), (4, 4, 4, 4), (3, 4, 5, 4))
    assert evaluation.dossier is not None
    ((panel, spreads, sheets),) = dashboard.dashboard(cast.saule).spreads
    assert (panel.pk, sheets) == (evaluation.dossier.panel_id, 3)
    assert [sorted(one.points) for one in spreads][:2] == [[3, 4, 5], [4, 4, 4]]
    clerk = factories.a_member(cast.akimat, Role.STAFF)
    assert dashboard.dashboard(clerk).spreads == []
    told = page(cast.saule)
    for member in evaluation.dossier.panel.seats.select_related("person"):
        assert member.person.surname not in told
    Panel.objects.filter(pk=panel.pk).update(state=Panel.State.SCORING)
    assert dashboard.dashboard(cast.saule).spreads == []

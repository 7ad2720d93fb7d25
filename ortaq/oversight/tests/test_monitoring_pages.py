"""Pages of monitoring: the list of what to look at, the plan, the expert's notice."""

from __future__ import annotations

import uuid
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from ortaq.core import clock as house
from ortaq.oversight.models import Engagement, MonitoringPlan, Notice, Visit
from ortaq.oversight.procedure.notice import QUESTIONS
from ortaq.projects.models import Project
from ortaq.projects.tests import scenes as projects

from .scenes import NOW, YEAR, Cast, engaged, order, ordered, planned

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast(clock) -> Cast:
    clock.set(NOW)
    return ordered()


@pytest.fixture
def page(client):
    def get(actor, name, *args, **data):
        client.force_login(actor.user)
        address = reverse(f"oversight:{name}", args=args)
        return client.post(address, data) if data else client.get(address)

    return get


@pytest.mark.req("SO-X-09")
def test_no_plan_is_missed_in_a_year_in_which_the_project_does_not_run(cast, page, clock):
    clock.set(house.at(date(YEAR + 1, 2, 1), 10))
    shown = page(cast.saule, "oversight").content.decode()
    assert "жоспарланбаған" not in shown
    assert "Жоба бұл жылы іске асырылмайды" in shown


@pytest.mark.req("SO-M-02", "SO-M-07", "SO-M-09")
def test_saule_plans_the_year_in_a_few_presses(cast, page):
    pk = cast.project.pk
    assert "жоспарланбаған" in page(cast.saule, "oversight").content.decode()
    page(cast.saule, "plan_open", pk, year=str(YEAR))
    plan = MonitoringPlan.objects.get()
    once = str(uuid.uuid4())
    asked = {
        "once": once,
        "planned_on": "2023-05-15",
        "tools": ["indicators", "survey"],
        "officer": str(cast.saule.user.pk),
    }
    for _twice in range(2):
        assert page(cast.saule, "visit_new", pk, YEAR, **asked).status_code == 302
    short = page(
        cast.saule,
        "visit_new",
        pk,
        YEAR,
        **asked | {"once": str(uuid.uuid4()), "tools": ["survey"]},
    )

    assert short.status_code == 422
    assert "Кемінде 2 құрал" in short.content.decode()
    assert Visit.objects.get().tools == ["indicators", "survey"]
    refused = page(cast.saule, "plan_step", pk, YEAR, "approve", version=str(plan.version))
    assert refused.status_code == 409
    page(cast.saule, "plan_step", pk, YEAR, "approve", version=str(plan.version), reason="Қысқа")
    plan.refresh_from_db()
    assert plan.state == MonitoringPlan.State.APPROVED


@pytest.mark.req("SO-M-12", "SO-X-12")
def test_erlan_signs_the_notice_and_only_he_and_the_body_can_read_it(cast, page):
    made = engaged(cast, cleared=False)
    sent = dict.fromkeys(QUESTIONS, "no") | {"conflict": "no_conflict"}

    asked = page(cast.erlan, "engagement", made.pk, **sent | {"close_kinship": "yes"})
    assert asked.status_code == 422
    assert "4-сұраққа" in asked.content.decode()
    assert page(cast.erlan, "engagement", made.pk, **sent).status_code == 302

    made.refresh_from_db()
    notice = Notice.objects.get()
    assert made.state == Engagement.State.ACTIVE
    paper = (made.pk, notice.pk, "kk", "docx")
    assert [page(one, "notice", *paper).status_code for one in (cast.erlan, cast.saule)] == [
        200
    ] * 2
    for stranger in (cast.aliya, cast.kanat, cast.dana, cast.nurbol):
        assert page(stranger, "notice", *paper).status_code == 404


def test_the_list_asks_the_database_as_often_for_many_projects_as_for_one(cast, page):
    def asked() -> int:
        with CaptureQueriesContext(connection) as seen:
            assert page(cast.saule, "oversight").status_code == 200
        return len(seen)

    planned(cast)
    asked()
    one = asked()
    for number in ("16", "17"):
        order(projects.cast(), cast.akimat, number, source=f"award:{number}")

    assert asked() == one


def test_the_ngo_sees_nothing_of_what_is_planned(cast, page):
    planned(cast, date(YEAR, 6, 1))
    project: Project = cast.project
    for actor in (cast.aliya, cast.bolat, cast.dana, cast.kanat):
        for name, *args in (
            ("project", project.pk),
            ("visit_new", project.pk, YEAR),
            ("visit_edit", project.pk, YEAR, 1),
        ):
            assert page(actor, name, *args).status_code == 404

"""Pages of the project's room: for its parties only, found among many, in a fixed number of queries, nothing typed lost."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from ortaq.core import clock as house_clock
from ortaq.people.models import Role
from ortaq.projects import once
from ortaq.projects.models import Consumer, Event, Evidence, Indicator, Project, Proof
from ortaq.projects.procedure.project import PROJECT
from ortaq.projects.views import links
from ortaq.testing import factories

from . import large, scenes

pytestmark = pytest.mark.django_db
READ = (
    "project",
    "project_plan",
    "project_versions",
    "project_about",
    "project_effect",
    "project_journal",
)


@pytest.fixture
def people(clock):
    clock.set(scenes.NOW)
    return scenes.cast()


def sign_in(actor) -> Client:
    client = Client()
    client.force_login(actor.user)
    return client


def address(name: str, project: Project, *more: int) -> str:
    return reverse(f"projects:{name}", args=[project.pk, *more])


def queries(client: Client, path: str) -> int:
    client.get(path)
    with CaptureQueriesContext(connection) as seen:
        assert client.get(path).status_code == 200
    return len(seen)


def test_a_project_exists_for_its_parties_only(people):
    project = scenes.running(people)
    indicator = Indicator.objects.filter(activity__contract=project.contract)[0]
    writing = [
        address("project_settings", project),
        address("project_indicator", project, indicator.pk),
    ]
    reading = [address(name, project) for name in READ]
    end = address("project_terminate", project)
    other = factories.a_member(factories.an_organisation("operator"), Role.HEAD)

    for actor in (people.dana, other):
        client = sign_in(actor)
        assert {client.get(path).status_code for path in reading + writing} == {404}
        assert {client.post(path).status_code for path in [*writing, end]} == {404}
        assert "Ерікті жастар" not in client.get(reverse("projects:projects")).content.decode()
    for actor in (people.aliya, people.bolat, people.gulnara):
        client = sign_in(actor)
        assert {client.get(path).status_code for path in reading + writing} == {200}
        assert "Ерікті жастар" in client.get(reverse("projects:projects")).content.decode()
    clerk = sign_in(people.clerk)
    assert {clerk.get(path).status_code for path in reading} == {200}
    assert {clerk.get(path).status_code for path in writing} == {403}
    assert clerk.post(end, {"remark": "?"}).status_code == 409
    assert "+7 700" not in clerk.get(address("project_about", project)).content.decode()
    project.refresh_from_db()
    assert project.state == "running"


def test_projects_are_found_by_word_state_and_trouble_the_worst_first(people):
    first = scenes.running(people)
    second = scenes.running(people, "16", source="award:2", title_kk="Көмек", title_ru="Помощь")
    Project.objects.filter(pk=first.pk).update(trouble=Project.Trouble.DEEP)
    client, path = sign_in(people.gulnara), reverse("projects:projects")

    def found(**asked: str) -> list[int]:
        return [row.project.pk for row in client.get(path, asked).context["rows"]]

    assert found() == [first.pk, second.pk]
    assert found(q="көмек") == [second.pk]
    assert found(q="әлем") == [first.pk, second.pk]
    assert found(trouble="2") == [first.pk]
    assert found(trouble="x", state="y", instrument="z") == [first.pk, second.pk]
    assert found(state="closed") == []
    assert found(instrument="social_order") == []
    empty = client.get(path, {"q": "жоқ"}).content.decode()
    assert "Барлық жобаны көрсету" in empty


@pytest.mark.req("IM-036")
def test_pages_cost_the_same_whatever_a_project_holds(people, clock):
    small, big = scenes.running(people), large.running(people)
    clock.set(house_clock.at(date(2020, 8, 5), 10))
    client, listed = sign_in(people.gulnara), reverse("projects:projects")
    costs = {name: queries(client, address(name, small)) for name in READ}
    costs_of_list = queries(client, listed)
    for day in range(1, 8):
        scenes.an_event(big, house_clock.at(date(2020, 8, day), 10))
        scenes.running(people, f"{day}", source=f"award:1{day}")
    assert {name: queries(client, address(name, big)) for name in READ} == costs
    assert queries(client, listed) == costs_of_list
    assert max(costs.values()) <= 24, costs


@pytest.mark.req("GR-I-14")
def test_the_overview_says_at_one_glance_what_is_wrong_and_where_to_mend_it(people, clock):
    project = scenes.running(people)
    clock.set(house_clock.at(date(2020, 8, 5), 10))
    page = sign_in(people.aliya).get(address("project", project)).content.decode()
    assert "қиын жағдайда" in page
    activity = project.contract.activities.all()[0]
    assert f"{address('project_plan', project)}#activity-{activity.pk}" in page
    plan = sign_in(people.aliya).get(address("project_plan", project)).content.decode()
    assert f'id="activity-{activity.pk}"' in plan
    assert "Көкшетау" in plan
    narrowed = sign_in(people.aliya).get(address("project_plan", project), {"show": "unread"})
    assert all(work.hidden for work in narrowed.context["progress"].works)
    assert "Көкшетау" not in narrowed.content.decode()


def test_whatever_a_risk_is_about_has_a_page(people):
    for about in (*links.PAGES, "unread", "activity-1", "event-1", "report-1"):
        assert links.address(1, about).startswith("/projects/1/"), about
    assert links.address(1, "something else") == ""


def test_what_was_typed_into_settings_stands_there_when_somebody_was_faster(people):
    project = scenes.running(people)
    values = {
        "manager": None,
        "level": "republican",
        "is_civic_centre": False,
        "special_social_services": False,
    }
    PROJECT.take("settings", project, actor=people.gulnara, version=0, values=values)
    client, path = sign_in(people.aliya), address("project_settings", project)

    sent = {
        "version": "0",
        "manager": people.bolat.user.pk,
        "level": "regional",
        "is_civic_centre": "on",
    }
    answer = client.post(path, sent)
    assert answer.status_code == 409
    assert answer.context["form"]["is_civic_centre"].value()
    assert answer.context["version"] == 1
    assert client.post(path, sent | {"version": "1"}).status_code == 302
    project.refresh_from_db()
    assert (project.manager, project.is_civic_centre, project.level) == (
        people.bolat.user,
        True,
        "regional",
    )
    outsider = client.post(path, sent | {"version": "2", "manager": people.dana.user.pk})
    assert outsider.status_code == 422


@pytest.mark.req("IM-083")
def test_a_scale_of_one_level_is_refused_with_what_was_typed(people):
    project = scenes.running(people)
    indicator = Indicator.objects.filter(activity__contract=project.contract)[0]
    client, path = sign_in(people.bolat), address("project_indicator", project, indicator.pk)
    answer = client.post(path, {"levels": "бос", "source": "сайт"})
    assert answer.status_code == 422
    assert "сайт" in answer.content.decode()
    assert client.post(path, {"levels": "бос\n\nоқылады", "level": "process"}).status_code == 302
    indicator.refresh_from_db()
    assert (indicator.scale, indicator.level) == (["бос", "оқылады"], "process")
    other = scenes.running(people, "16", source="award:2")
    assert client.get(address("project_indicator", other, indicator.pk)).status_code == 404


def test_contract_and_project_lead_to_each_other(people):
    project = scenes.running(people)
    client = sign_in(people.aliya)
    contract = reverse("projects:contract", args=[project.contract_id])
    assert address("project", project) in client.get(contract).content.decode()
    assert contract in client.get(address("project_about", project)).content.decode()


def test_the_body_ends_a_project_before_its_time_only_with_a_reason(people):
    project = scenes.running(people)
    client, path = sign_in(people.gulnara), address("project_terminate", project)
    assert client.post(path, {"remark": " "}).status_code == 409
    assert sign_in(people.aliya).post(path, {"remark": "?"}).status_code == 409
    assert client.post(path, {"remark": "Тараптар келісті"}).status_code == 302
    page = client.get(address("project", project)).content.decode()
    assert "Тараптар келісті" in page
    assert client.get(address("project_settings", project)).status_code == 403


@pytest.mark.req("GR-I-10")
def test_the_social_effect_stands_planned_beside_done(people, clock):
    project = scenes.running(people)
    clock.set(house_clock.at(date(2020, 8, 20), 10))
    ngo, body, path = sign_in(people.bolat), sign_in(people.gulnara), address("project_effect", project)  # fmt: skip
    Consumer.objects.bulk_create(
        Consumer(project=project, identity=str(number), workplace=name, attended=1, created_at=scenes.NOW)
        for number, name in enumerate(["«Жас Отан» қоғамдық бірлестігі", "№ 5 мектеп", "ОФ «Забота»"])
    )  # fmt: skip
    page = ngo.get(path)
    offered = page.context["ngo"]["names"].value()
    assert offered.splitlines() == ["«Жас Отан» қоғамдық бірлестігі", "ОФ «Забота»"]

    named = {"once": str(once.new()), "kind": "ngo", "day": "2020-08-19", "names": f"{offered}\n\nҚамқор\nқамқор"}  # fmt: skip
    heard = {"once": str(once.new()), "kind": "indirect", "day": "2020-08-10", "name": "Арна", "people": "5000"}  # fmt: skip
    assert body.post(path, named).status_code == 403
    for typed in (named, named, heard, heard):  # an impatient finger
        assert ngo.post(path, typed).status_code == 302
    again = ngo.post(path, named | {"once": str(once.new()), "names": "ҚАМҚОР"})
    assert (again.status_code, list(again.context["ngo"].errors)) == (422, ["names"])
    absurd = ngo.post(path, heard | {"once": str(once.new()), "day": "2020-09-01", "people": "1"})
    assert (absurd.context["indirect"]["name"].value(), list(absurd.context["indirect"].errors)) == ("Арна", ["day"])  # fmt: skip

    def done() -> dict[str, tuple[int | None, int]]:
        return {one.key: (one.planned, one.done) for one in body.get(path).context["effect"]}

    assert done() == {
        "direct_beneficiaries": (100, 0), "indirect_beneficiaries": (0, 5000), "employees": (3, 3),
        "specialists": (1, 1), "ngos_covered": (0, 3), "partners": (1, 1),
    }  # fmt: skip
    strike = address("reach_strike", project, 4)
    assert ngo.post(strike, {"remark": " "}).status_code == 422
    assert ngo.post(strike, {"remark": "Екі рет жазылған"}).status_code == 302
    assert done()["indirect_beneficiaries"] == (0, 0)
    assert project.reach.get(number=4).struck == "Екі рет жазылған"
    assert body.get(address("project_about", project)).context["effect"][4].done == 3


@pytest.mark.req("IM-010")
def test_the_places_of_an_activity_are_described_by_whoever_may_set(people):
    project = scenes.running(people)
    activity = project.contract.activities.get(key="~a1")
    path, row = address("project_places", project, activity.pk), activity.places.get().pk
    ngo = sign_in(people.bolat)
    assert sign_in(people.clerk).get(path).status_code == 403
    absurd = ngo.post(path, {f"p{row}-region": "x", f"p{row}-events": "-1"})
    assert (absurd.status_code, set(absurd.context["form"].rows[0].errors)) == (422, {"region", "events"})  # fmt: skip
    for place, state in (("Көкшетау, Абай көшесі, 1", "held"), ("Қала сыртында", "held"), ("Көкшетау", "planned")):  # fmt: skip
        event = scenes.an_event(project, house_clock.at(date(2020, 7, 3), 10), place=place)
        Event.objects.filter(pk=event.pk).update(state=state, activity=activity)
    answer = ngo.post(path, {f"p{row}-region": "110000000", f"p{row}-events": "4"})
    assert answer.headers["Location"].endswith(f"#activity-{activity.pk}")
    page = ngo.get(address("project_plan", project)).content.decode()
    assert "Көкшетау (Ақмола облысы), 4 іс-шара, өткізілгені: 1" in page
    # What is given stands: the NGO's page shows it, the body mends it.
    assert ngo.get(path).context["form"].rows[0].fields["events"].disabled
    mended = {f"p{row}-region": "110000000", f"p{row}-events": "3"}
    assert sign_in(people.gulnara).post(path, mended).status_code == 302
    assert activity.places.get().events == 3


@pytest.mark.req("GR-I-15")
def test_a_plan_of_several_years_is_followed_year_by_year(people, clock):
    project = scenes.running(people, ends_on=date(2021, 5, 20))
    plan = project.contract.activities
    for key, months in (("~a1", ["2020-11", "2021-02"]), ("~a2", ["2021-03"]), ("~a3", ["2020-07"])):  # fmt: skip
        plan.filter(key=key).update(months=months)
    seminar = plan.get(key="~a1").indicators.get()
    for number, (day, amount) in enumerate([(date(2020, 11, 5), 40), (date(2021, 2, 5), 70)], 1):
        piece = Evidence.objects.create(
            project=project, once=once.new(), number=number, kind="list", title="Тізім", text="Тізім", day=day,
            added_at=scenes.NOW,
        )  # fmt: skip
        Proof.objects.create(evidence=piece, indicator=seminar, amount=amount)
    scenes.an_event(project, house_clock.at(date(2021, 2, 5), 10))
    clock.set(house_clock.at(date(2021, 3, 1), 10))
    client, path = sign_in(people.gulnara), address("project_plan", project)

    whole = client.get(path).context
    told = [(y.year, y.activities, y.completed, y.indicators, y.reached, y.events, y.planned_tiyn) for y in whole["years"]]  # fmt: skip
    assert told == [(2020, 1, 0, 1, 0, 0, project.contract.sum_tiyn), (2021, 2, 1, 2, 1, 1, 0)]

    page = client.get(path, {"year": "2020"})
    shown = {work.activity.key: work.lines[0] for work in page.context["progress"].works if not work.left_out}  # fmt: skip
    assert set(shown) == {"~a1", "~a3"}
    in_year = shown["~a1"].in_year
    assert (shown["~a1"].done.first, in_year and in_year.first, shown["~a3"].in_year) == (110, 40, None)  # fmt: skip
    assert "2020 жылы: 40" in page.content.decode()
    assert client.get(path, {"year": "1999"}).context["year"] is None
    # A project within one year is told whole.
    short = scenes.running(people, "16", source="award:2")
    assert client.get(address("project_plan", short)).context["years"] == []

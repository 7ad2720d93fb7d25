"""Experience counts for three years (GR-A-22): the rows that do not count are named, and stay."""

from __future__ import annotations

from datetime import date

import pytest

from ortaq.core import clock as house_clock
from ortaq.grants.content import checks
from ortaq.grants.procedure import application_draft as draft
from ortaq.grants.procedure.application import submit
from ortaq.grants.queries.application import whole_of

from . import application_scenes, scenes

pytestmark = [pytest.mark.django_db, pytest.mark.req("GR-A-22")]
ROW = {
    "period": "2015-2016",
    "name": "Ескі жоба",
    "customer_and_geography": "Қор, Астана",
    "cost": 100_000_000,
    "result": "80 қатысушы",
}


@pytest.fixture
def played(clock):
    clock.set(scenes.DURING)
    return scenes.cast()


@pytest.fixture
def application(played):
    lot = scenes.open_competition(played.operator).lots.get()
    return application_scenes.a_complete_draft(lot, played.aliya)


def add(application, actor, row="~e2", **months):
    values = {f"topic_experience/{row}/{key}": value for key, value in (ROW | months).items()}
    application_scenes.write(application, "GRANT-A3", values, actor)


def found(application):
    about = "capacity/0/topic_experience"
    return {
        (one.code, one.about.removeprefix(f"{about}/"), str(one.severity))
        for one in checks.everything(whole_of(application))
        if one.about.startswith(about)
    }


def test_a_project_that_ended_earlier_is_named_and_stops_nothing(played, application, client):
    add(application, played.aliya, first="2015-01", last="2016-12")
    assert found(application) == {("experience_too_old", "~e2", "warning")}
    submit(application, actor=played.aliya, declared=True)
    assert application.parts.get(form="GRANT-A3").data["topic_experience"][1]["last"] == "2016-12"
    client.force_login(played.aliya.user)
    read = client.get(f"/applications/{application.pk}/content/").content.decode()
    assert "2015-2016" in read  # as printed
    assert read.count("«Ескі жоба»") + read.count("“Ескі жоба”") == 1


def test_a_running_project_counts_however_long_ago_it_began(played, application):
    add(application, played.aliya, first="2012-01", last=None)
    assert found(application) == set()


def test_months_are_asked_for_and_must_stand_in_order(played, application):
    add(application, played.aliya, first=None)
    add(application, played.aliya, "~e3", first="2019-05", last="2019-01")
    add(application, played.aliya, "~e4", first="2019 жылы", last="2019-12")
    assert found(application) == {
        ("row_incomplete", "~e2", "error"),
        ("term_reversed", "~e3", "error"),
        ("not_a_month", "~e4/first", "error"),
    }


def test_the_day_of_the_application_decides_and_not_the_day_of_reading(played, application, clock):
    add(application, played.aliya, first="2016-01", last="2017-06")
    submit(application, actor=played.aliya, declared=True)
    clock.set(house_clock.at(date(2021, 1, 1), 12))
    assert found(application) == set()


def test_reused_rows_keep_their_months_and_are_judged_anew(played, application):
    add(application, played.aliya, first="2015-01", last="2016-12")
    again = draft.begin(application.lot, played.ngo, actor=played.aliya, source=application)
    rows = again.parts.get(form="GRANT-A3").data["topic_experience"]
    assert [(row["first"], row["last"]) for row in rows] == [
        ("2018-03", "2019-11"),
        ("2015-01", "2016-12"),
    ]
    assert found(again) == {("experience_too_old", "~e2", "warning")}

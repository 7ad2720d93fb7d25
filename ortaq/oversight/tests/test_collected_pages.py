"""Pages of the authorised body: who reported, who is late, a report looked through, all of them in one workbook."""

from __future__ import annotations

import io
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from python_calamine import CalamineWorkbook

from ortaq.core import clock as house
from ortaq.core import work as core_work
from ortaq.core.canonical import sha256
from ortaq.oversight import annex9
from ortaq.oversight.models import StatutoryReport, StatutorySubmission
from ortaq.oversight.procedure import statutory
from ortaq.oversight.procedure.statutory import STATUTORY
from ortaq.oversight.queries import collected as queries
from ortaq.people.models import Membership, Organisation
from ortaq.planning.models import Formation, Information
from ortaq.testing import factories

from .scenes import NOW, YEAR, Cast, ordered

pytestmark = pytest.mark.django_db
Period = StatutoryReport.Period
JULY = house.at(date(YEAR, 7, 3), 12)
HALF = (YEAR, "half_year")
TEXTS = {
    "process_kk": "Бес семинар өтті",
    "process_ru": "Проведено пять семинаров",
    "results_kk": "100 адам қамтылды",
    "results_ru": "Охвачено 100 человек",
}
SIGNED: dict[str, Any] = {"signer": "Маратов Марат", "signer_position": "Әкім"}


@pytest.fixture
def cast(clock) -> Cast:
    clock.set(NOW)
    made = ordered()
    clock.set(JULY)
    return made


@pytest.fixture
def page(client):
    def get(actor, name, *args, post: dict[str, Any] | None = None, query: str = ""):
        client.force_login(actor.user)
        address = reverse(f"oversight:{name}", args=args) + query
        return client.get(address) if post is None else client.post(address, post)

    return get


def submitted(cast: Cast) -> StatutoryReport:
    """Saule's report of the half-year, submitted in time."""
    report = statutory.open_report(cast.akimat, YEAR, Period.HALF, actor=cast.saule)
    statutory.write_account(cast.project, YEAR, TEXTS, version=0, actor=cast.saule)
    STATUTORY.take("submit", report, actor=cast.saule, version=report.version, **SIGNED)
    return report


def another(
    number: int,
    field: str = "youth_policy_children_initiatives",
    *,
    on_time: bool = True,
    state: str = "accepted",
) -> StatutoryReport:
    """A report of another body with one row in one field; how a report comes about is told elsewhere."""
    body = factories.an_organisation(
        "state_body", name_kk=f"{number}-орган", name_ru=f"Орган {number}"
    )
    due = house.at(date(YEAR, 7, 5), 23)
    at = due - timedelta(days=1) if on_time else due + timedelta(days=3)
    report = StatutoryReport.objects.create(
        body=body, year=YEAR, period=Period.HALF, act="rules_social_order", edition="2022",
        due_at=due, state=state, round=1, first_submitted_at=at, submitted_at=at,
    )  # fmt: skip
    two = {"kk": f"{number}-жоба", "ru": f"Проект {number}"}
    row: dict[str, Any] = {
        "project": f"projects.project:{9000 + number}",
        "administrator": {"kk": body.name_kk, "ru": body.name_ru},
        "programme": "",
        "name": two,
        "planned": {"tiyn": 300_050, "from": []},
        "contracted": {"tiyn": 200_000, "from": []},
        "paid": {"tiyn": 100_000, "from": []},
        "visits": [],
        "supplier": two,
        "process": two,
        "results": two,
        "impact": {"kk": "", "ru": ""},
        "score": None,
    }
    content = {"sections": [{"field": field, "rows": [row]}]}
    StatutorySubmission.objects.create(
        report=report, round=1, content=content, figures=annex9.figures(content),
        content_sha256=sha256(content), submitted_at=at,
    )  # fmt: skip
    return report


@pytest.mark.req("SO-R-01", "SO-R-02")
def test_who_reported_and_who_is_late_stands_on_one_page(cast, page, clock):
    another(1)
    another(2, on_time=False, state="submitted")
    statutory.open_report(cast.akimat, YEAR, Period.HALF, actor=cast.saule)
    clock.set(house.at(date(YEAR, 7, 8)))
    counted = queries.tally(*HALF, house.now())

    assert (counted.all, counted.in_time, counted.late, counted.overdue) == (3, 1, 1, 1)
    assert (counted.accepted, counted.waiting) == (1, 1)
    shown = page(cast.nurbol, "collected").content.decode()
    assert "1-орган" in shown
    late = page(cast.nurbol, "collected", query="?state=late").content.decode()
    assert "1-орган" not in late
    assert "2-орган" in late
    assert cast.akimat.name_kk in late


@pytest.mark.req("SO-R-01")
def test_only_the_authorised_body_knows_of_the_collection(cast, page):
    report = submitted(cast)
    for actor in (cast.saule, cast.kanat, cast.aliya, cast.erlan):
        for name, args in (
            ("collected", ()),
            ("collected_period", HALF),
            ("collected_sources", HALF),
            ("collected_annex_9", (*HALF, "kk-ru")),
            ("collected_report", (report.pk,)),
        ):
            assert page(actor, name, *args).status_code == 404
        assert page(actor, "collected_step", report.pk, "accept", post={}).status_code == 404
    report.refresh_from_db()
    assert report.state == "submitted"


@pytest.mark.req("SO-R-01")
def test_what_a_body_is_still_writing_is_not_read(cast, page):
    report = statutory.open_report(cast.akimat, YEAR, Period.HALF, actor=cast.saule)
    assert page(cast.nurbol, "collected_report", report.pk).status_code == 404


@pytest.mark.req("SO-R-01", "SO-R-03")
def test_remarks_beside_rows_go_back_with_the_report_and_rounds_are_compared(cast, page):
    report = submitted(cast)
    version = str(report.version)
    pk = cast.project.pk
    told = {
        "version": version,
        f"remark-{pk}": "Санды растаңыз",
        "remark-": "",
        "remark-999999": "!",
    }
    nothing = page(cast.nurbol, "collected_step", report.pk, "return", post={"version": version})
    assert nothing.status_code == 409

    stale = page(cast.nurbol, "collected_step", report.pk, "return", post=told | {"version": "99"})
    assert stale.status_code == 409
    assert "Санды растаңыз" in stale.content.decode()

    assert page(cast.nurbol, "collected_step", report.pk, "return", post=told).status_code == 302
    assert [(one.project_id, one.text) for one in report.remarks.all()] == [(pk, "Санды растаңыз")]

    report.remarks.update(answer="Түзетілді")
    statutory.write_account(
        cast.project, YEAR, {"results_kk": "120 адам"}, version=1, actor=cast.saule
    )
    report.refresh_from_db()
    STATUTORY.take("submit", report, actor=cast.saule, version=report.version, **SIGNED)
    for actor in (cast.nurbol, cast.saule):
        shown = page(actor, "collected_changes", report.pk, 2).content.decode()
        assert "100 адам қамтылды" in shown
        assert "120 адам" in shown
        assert "Түзетілді" in shown
        assert "Бес семинар" not in shown
    assert page(cast.kanat, "collected_changes", report.pk, 2).status_code == 404
    done = page(
        cast.nurbol, "collected_step", report.pk, "accept", post={"version": str(report.version)}
    )
    assert done.status_code == 302
    report.refresh_from_db()
    assert report.state == "accepted"


@pytest.mark.req("SO-R-04")
def test_a_row_that_comes_or_goes_between_rounds_is_said(cast):
    content = another(1).submissions.get().content
    empty: dict[str, Any] = {"sections": []}
    assert [(one.came, one.went) for one in queries.compared(empty, content)] == [(True, False)]
    assert [(one.came, one.went) for one in queries.compared(content, empty)] == [(False, True)]
    assert queries.compared(content, content) == []


def sheets(answer: Any) -> dict[str, list[list[Any]]]:
    book = CalamineWorkbook.from_filelike(io.BytesIO(b"".join(answer.streaming_content)))
    return {name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names}


@pytest.mark.req("SO-R-03", "SO-R-04", "SO-X-22")
def test_all_bodies_stand_in_one_workbook_by_field_in_both_languages(cast, page):
    another(1)
    another(2, state="submitted")
    another(3, "environment_protection", state="returned")
    made = sheets(page(cast.nurbol, "collected_annex_9", *HALF, "kk-ru"))

    assert list(made) == ["Қазақша", "Русский"]
    kk, ru = made["Қазақша"], made["Русский"]
    named = [row[2] for row in kk if row[0] in (1, 2)]
    assert named == ["1-жоба", "2-жоба"]
    assert [row[2] for row in ru if row[0] in (1, 2)] == ["Проект 1", "Проект 2"]
    assert next(row for row in kk if row[2] == "1-жоба")[3:5] == [3.0005, 2.0]
    assert sum("-сала. " in str(row[0]) for row in kk) == 19
    said = " ".join(str(row[0]) for row in kk[:3])
    assert "3-орган" in said
    assert cast.akimat.name_kk in said

    accepted = sheets(page(cast.nurbol, "collected_annex_9", *HALF, "kk", query="?accepted"))
    assert list(accepted) == ["Қазақша"]
    assert not any("2-жоба" in row for row in accepted["Қазақша"])


@pytest.mark.req("SO-R-03")
def test_a_long_workbook_of_all_bodies_is_written_by_the_worker(cast, page, client, settings):
    for number in range(1, 4):
        another(number)
    given = sheets(page(cast.nurbol, "collected_annex_9", *HALF, "kk-ru"))
    settings.ORTAQ_ROWS_AT_ONCE = 2
    address = reverse("oversight:collected_annex_9", args=(*HALF, "kk-ru"))
    assert f'<form method="post" action="{address}"' in client.get(address).text
    asked = [client.post(address).url for _ in range(2)]
    assert asked[0] == asked[1]
    done = core_work.do_next()
    assert done is not None
    done.refresh_from_db()
    assert (done.state, done.error) == ("done", "")
    assert done.total == done.done == 9  # three rows are read, then written in two languages
    assert sheets(client.get(f"{asked[0]}result/")) == given
    client.post(f"{address}?accepted")
    Membership.objects.filter(user=cast.nurbol.user).delete()
    refused = core_work.do_next()
    assert refused is not None
    refused.refresh_from_db()
    assert refused.state == "failed"


@pytest.mark.req("SO-R-04")
def test_a_figure_of_a_field_leads_to_the_reports_that_it_adds_up(cast, page):
    another(1)
    another(2)
    another(3, "environment_protection")
    shown = page(
        cast.nurbol, "collected_sources", *HALF, query="?field=youth_policy_children_initiatives"
    )
    body = shown.content.decode()
    assert "1-орган" in body
    assert "3-орган" not in body
    assert shown.context["total"].planned == 600_100
    whole = page(cast.nurbol, "collected_period", *HALF).context
    assert whole["total"].planned == 900_150
    assert whole["total"].rows == sum(one.sums.rows for one in whole["fields"])


@pytest.mark.req("SO-F-13", "SO-F-21", "SO-F-14")
def test_annex_3_of_all_bodies_is_one_workbook_with_totals(cast, page, client, settings):
    for number, body in enumerate((cast.akimat, cast.other), 1):
        two = {"kk": f"{number}-тақырып", "ru": f"Тема {number}"}
        row = {"administrator": two, "name": two, "amount": 150_000 * number, "summary": two}
        formation = Formation.objects.create(
            body=body, plan_year=YEAR, number=number, level="local", act="rules_social_order", edition="2022",
        )  # fmt: skip
        Information.objects.create(
            formation=formation, body=body, plan_year=YEAR, issue="after_budget", sha256="0" * 64,
            content=[{"field": "environment_protection", "rows": [row]}], issued_at=NOW, sent_to=cast.ministry, sent_at=NOW,
        )  # fmt: skip
    given = sheets(page(cast.nurbol, "collected_annex_3", YEAR, "after_budget", "kk-ru"))
    kk = given["Қазақша"]
    assert {row[2] for row in kk if row[0] in (1, 2)} == {"1-тақырып", "2-тақырып"}
    assert 4.5 in [row[3] for row in kk if row[1] == "Жиынында"]
    assert page(cast.saule, "collected_annex_3", YEAR, "after_budget", "kk").status_code == 404
    assert page(cast.nurbol, "collected_annex_3", YEAR, "before_budget", "kk").status_code == 404

    settings.ORTAQ_ROWS_AT_ONCE = 1
    address = reverse("oversight:collected_annex_3", args=(YEAR, "after_budget", "kk-ru"))
    assert f'<form method="post" action="{address}"' in client.get(address).text
    asked = client.post(address).url
    assert core_work.do_next() is not None
    assert sheets(client.get(f"{asked}result/")) == given


def test_pages_ask_as_often_for_one_body_as_for_many(cast, page):
    def asked(name: str, *args: Any) -> int:
        with CaptureQueriesContext(connection) as counted:
            assert page(cast.nurbol, name, *args).status_code == 200
        return len(counted)

    report = submitted(cast)
    another(1)
    names = (
        ("collected_period", HALF),
        ("collected_sources", HALF),
        ("collected_report", (report.pk,)),
    )
    for name, args in names:
        asked(name, *args)
    few = [asked(name, *args) for name, args in names]
    for number in range(2, 9):
        another(number)
    assert [asked(name, *args) for name, args in names] == few
    assert Organisation.objects.filter(kind="state_body").count() > 8


@pytest.mark.parametrize(
    ("period", "status"),
    [
        ((2017, "year"), 404),
        ((2018, "half_year"), 404),
        ((2018, "year"), 200),
        ((YEAR + 1, "year"), 404),
        ((YEAR, "week"), 404),
    ],
)
def test_a_period_that_no_edition_knows_or_that_has_not_begun_is_not_there(
    cast, page, period, status
):
    assert page(cast.nurbol, "collected_period", *period).status_code == status

"""The information to the Government: from accepted annual reports, by its day, frozen when it is sent."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from ortaq.core import clock as house
from ortaq.core.canonical import sha256
from ortaq.core.models import Duty
from ortaq.core.procedure import Refused
from ortaq.documents import render
from ortaq.oversight import annex9
from ortaq.oversight.models import GovernmentInformation, StatutoryReport, StatutorySubmission
from ortaq.oversight.papers import government as papers
from ortaq.oversight.procedure import government as procedure
from ortaq.oversight.procedure.government import GOVERNMENT
from ortaq.oversight.queries import government as queries
from ortaq.testing import factories

from .scenes import NOW, YEAR, Cast, ordered

pytestmark = pytest.mark.django_db
MARCH = house.at(date(YEAR + 1, 3, 20), 12)
SUMMARY = {"summary_kk": "Жобалар мақсатына жетті.", "summary_ru": "Проекты достигли целей."}
FIELD, OTHER = "youth_policy_children_initiatives", "environment_protection"


@pytest.fixture
def cast(clock) -> Cast:
    clock.set(NOW)
    made = ordered()
    clock.set(MARCH)
    return made


def reported(
    number: int, *fields: str, region: str = "", state: str = "accepted"
) -> StatutoryReport:
    """An annual report with one row in each of the fields; how it comes about is told elsewhere."""
    body = factories.an_organisation(
        "state_body", name_kk=f"{number}-орган", name_ru=f"Орган {number}", region_code=region
    )
    report = StatutoryReport.objects.create(
        body=body, year=YEAR, period="year", act="rules_social_order", edition="2022",
        due_at=house.at(date(YEAR + 1, 2, 5)), state=state, round=1, first_submitted_at=MARCH, submitted_at=MARCH,
    )  # fmt: skip
    row: dict[str, Any] = {
        "planned": {"tiyn": 100_000_100, "from": []},
        "contracted": {"tiyn": 80_000_000, "from": []},
        "paid": {"tiyn": 40_000_000, "from": []},
        "visits": ["oversight.visit:1"],
        "score": {"points": "40/3", "mean": "10/3", "from": []},
    }
    content = {"sections": [{"field": field, "rows": [row]} for field in fields]}
    StatutorySubmission.objects.create(
        report=report, round=1, content=content, figures=annex9.figures(content),
        content_sha256=sha256(content), submitted_at=MARCH,
    )  # fmt: skip
    return report


def begun(cast: Cast) -> GovernmentInformation:
    return procedure.open_information(cast.ministry, YEAR, actor=cast.nurbol)


@pytest.mark.req("SO-M-16")
def test_the_clock_opens_it_with_its_day_and_it_is_owed(cast, clock):
    clock.set(house.at(date(YEAR + 1, 1, 2)))
    assert [one.body for one in procedure.open_due().closed] == [cast.ministry]
    assert procedure.open_due().closed == []
    found = GovernmentInformation.objects.get()
    assert found.due_at is not None
    assert house.day_of(found.due_at) == date(YEAR + 1, 3, 31)
    assert Duty.objects.get(code="inform_government").due_at == found.due_at


@pytest.mark.req("SO-18-08")
def test_the_edition_of_2018_names_no_day_and_an_analytical_report(cast):
    found = procedure.open_information(cast.ministry, 2020, actor=cast.nurbol)
    assert found.due_at is None
    made = papers.information(found, procedure.content_of(found), "ru")
    assert made.title.startswith("Аналитический отчёт")


@pytest.mark.req("SO-M-16", "SO-R-09")
def test_figures_are_those_of_accepted_annual_reports_by_field_region_and_body(cast):
    reported(1, FIELD, OTHER, region="110000000")
    reported(2, FIELD)
    reported(3, FIELD, state="submitted")
    content = procedure.content_of(begun(cast))
    figures = queries.figures_of(content)

    assert (figures.total.rows, figures.total.contracted, figures.total.paid) == (
        3,
        240_000_000,
        120_000_000,
    )
    assert (figures.total.visited, figures.total.scored, figures.total.mean) == (
        3,
        3,
        Fraction(10, 3),
    )
    assert [(one.key, one.sums.rows) for one in figures.fields] == [(OTHER, 1), (FIELD, 2)]
    assert [(one.key, one.sums.rows) for one in figures.regions] == [("110000000", 2), ("", 1)]
    assert [one.name.kk for one in figures.bodies] == ["1-орган", "2-орган"]
    assert [one["name"]["kk"] for one in content["silent"]] == ["3-орган"]


@pytest.mark.req("SO-M-16")
def test_it_is_sent_with_number_and_both_languages_and_stays_as_it_was(cast):
    found = begun(cast)
    with pytest.raises(Refused) as refused:
        GOVERNMENT.take("send", found, actor=cast.nurbol)
    assert {one.code for one in refused.value.findings} == {
        "no_accepted_report", "no_number", "no_summary_kk", "no_summary_ru",
    }  # fmt: skip

    reported(1, FIELD)
    found = procedure.write(found, SUMMARY, version=found.version, actor=cast.nurbol)
    GOVERNMENT.take("send", found, actor=cast.nurbol, version=found.version, number="12/3")
    reported(2, FIELD)

    found.refresh_from_db()
    assert found.content_sha256 == sha256(found.content)
    assert queries.figures_of(queries.shown(found)).total.rows == 1
    assert not Duty.objects.filter(code="inform_government", done_at=None).exists()
    with pytest.raises(Refused):
        procedure.write(found, {"summary_kk": "Басқа"}, version=found.version, actor=cast.nurbol)


@pytest.mark.req("SO-M-16")
def test_a_year_that_runs_is_not_informed_of(cast, clock):
    clock.set(house.at(date(YEAR, 12, 30)))
    reported(1, FIELD)
    found = procedure.write(begun(cast), SUMMARY, version=0, actor=cast.nurbol)
    with pytest.raises(Refused) as refused:
        GOVERNMENT.take("send", found, actor=cast.nurbol, number="1")
    assert refused.value.has("year_runs")


@pytest.mark.req("SO-M-16")
def test_pages_lead_from_figures_to_reports_and_are_for_the_authorised_body_only(cast, client):
    report = reported(1, FIELD, region="110000000")
    found = begun(cast)

    def get(actor: Any, name: str, *args: Any, query: str = "") -> Any:
        client.force_login(actor.user)
        return client.get(reverse(f"oversight:{name}", args=args) + query)

    shown = get(cast.nurbol, "government", found.pk).content.decode()
    for query in (f"field={FIELD}", "region=110000000", f"body={report.body_id}"):
        assert f"?{query}" in shown
        sources = get(cast.nurbol, "government_sources", found.pk, query=f"?{query}")
        assert reverse("oversight:collected_report", args=[report.pk]) in sources.content.decode()
    assert get(cast.nurbol, "government_sources", found.pk, query="?field=no").status_code == 404
    for actor in (cast.saule, cast.kanat, cast.aliya, cast.erlan):
        for name, args in (
            ("governments", ()),
            ("government", (found.pk,)),
            ("government_sources", (found.pk,)),
            ("government_paper", (found.pk, "kk", "docx")),
        ):
            assert get(actor, name, *args).status_code == 404


@pytest.mark.req("SO-M-16")
def test_two_officers_who_write_at_once_lose_nothing(cast, client):
    found = begun(cast)
    client.force_login(cast.nurbol.user)
    address = reverse("oversight:government", args=[found.pk])
    assert client.post(address, SUMMARY | {"version": "0"}).status_code == 302
    second = client.post(address, {"summary_kk": "Екінші мәтін", "summary_ru": "", "version": "0"})
    assert second.status_code == 409
    shown = second.content.decode()
    assert "Екінші мәтін" in shown
    assert SUMMARY["summary_kk"] in shown
    found.refresh_from_db()
    assert found.summary_kk == SUMMARY["summary_kk"]

    while_typing: dict[str, str] = {"HX-Request": "true"}
    faster = SUMMARY | {"summary_ru": "Ещё", "version": "0"}
    assert client.post(address, faster, headers=while_typing).status_code == 409
    saved = client.post(address, faster | {"version": "1"}, headers=while_typing)
    assert saved.status_code == 200
    assert 'value="2"' in saved.content.decode()  # the next save is based on this one
    found.refresh_from_db()
    assert found.summary_ru == "Ещё"


@pytest.mark.req("SO-M-16")
@pytest.mark.parametrize("language", ["kk", "ru"])
def test_the_letter_says_figures_missing_bodies_and_conclusions(cast, language):
    reported(1, FIELD)
    reported(2, FIELD, state="returned")
    found = procedure.write(begun(cast), SUMMARY, version=0, actor=cast.nurbol)
    text = render.html(papers.information(found, procedure.content_of(found), language))
    asked = {
        "kk": ("2-орган", SUMMARY["summary_kk"], "3,33", "Жиынында", "1\N{NO-BREAK SPACE}000,001"),
        "ru": ("Орган 2", SUMMARY["summary_ru"], "3,33", "Итого", "1\N{NO-BREAK SPACE}000,001"),
    }
    for words in asked[language]:
        assert words in text


def test_the_page_asks_as_often_for_one_report_as_for_many(cast, client):
    found = begun(cast)
    client.force_login(cast.nurbol.user)

    def asked() -> int:
        with CaptureQueriesContext(connection) as counted:
            assert client.get(reverse("oversight:government", args=[found.pk])).status_code == 200
        return len(counted)

    reported(1, FIELD)
    asked()
    few = asked()
    for number in range(2, 8):
        reported(number, FIELD, OTHER)
    assert asked() == few

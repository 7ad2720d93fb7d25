"""The page of the check: what the records propose, whom it is closed to, what it costs."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import connection
from django.db.models import QuerySet
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from ortaq.core.models import Letter
from ortaq.grants.content import checks
from ortaq.grants.models import AdmissibilityCheck, Attachment
from ortaq.grants.procedure import admissibility
from ortaq.grants.procedure.admissibility import CHECK
from ortaq.grants.queries.application import whole_of
from ortaq.law.findings import Finding, Severity
from ortaq.registry.models import AnnualReturn

from . import outcome_scenes as scenes

pytestmark = pytest.mark.django_db
LATE = date(2020, 4, 2)


@pytest.fixture
def scene(clock):
    """Two applications of one topic after acceptance has ended, unchecked."""
    scene = scenes.submitted(clock, {1: {"aliya": 20, "dana": 18}})
    clock.set(scenes.RECEIVED)
    scene.take("close_acceptance")
    return scene


def place(name, application, *more):
    return reverse(f"grants:{name}", args=[application.pk, *more])


def check_all(application, officer, **failed):
    """A result for every item; `failed` are reasons by item."""
    for item in admissibility.items(application.competition.rules):
        reason = failed.get(item.key, "")
        result = "failed" if reason else "passed"
        admissibility.record(application, item.key, result, actor=officer, reason=reason)


def sent_on(organisation, day):
    """The return on 2019 of an organisation, approved, sent on a day."""
    AnnualReturn.objects.filter(organisation=organisation).delete()
    AnnualReturn.objects.create(
        organisation=organisation,
        year=2019,
        sent_on=day,
        state=AnnualReturn.State.APPROVED,
        evidence="№ 7 үзінді",
    )


@pytest.mark.req("GR-A-23", "GR-A-24", "GR-X-18")
def test_a_return_late_in_the_ngo_database_is_proposed_as_ground_r3_with_its_dates(scene):
    application = scene.application(1, "aliya")
    sent_on(application.organisation, LATE)

    proposal = admissibility.proposals(whole_of(application))["database"]

    assert proposal.result == AdmissibilityCheck.Result.FAILED
    (finding,) = proposal.findings
    assert finding.code == "return_late"
    assert (finding.numbers["sent_on"], finding.numbers["due_on"]) == (LATE, date(2020, 3, 31))
    grounds = {item.key: item.ground for item in admissibility.items(application.competition.rules)}
    assert grounds["database"] == "R3"

    sent_on(application.organisation, date(2020, 3, 31))
    proposal = admissibility.proposals(whole_of(application))["database"]
    assert proposal.result == AdmissibilityCheck.Result.PASSED


@pytest.mark.req("GR-A-23")
def test_what_fails_by_the_records_is_left_to_the_officer(scene):
    application = scene.application(1, "aliya")
    sent_on(application.organisation, LATE)
    scene.client("gulnara").post(place("check_proposed", application))
    confirmed = set(application.checks.values_list("item", flat=True))
    assert {"standing", "amount"} <= confirmed
    # The records know nothing of the charter's words, and a late return is the officer's to weigh.
    assert not confirmed & {"database", "charter_match", "topic"}


@pytest.mark.req("GR-A-10", "GR-A-24")
def test_a_topic_foreign_to_the_charter_is_ground_r4_alone(scene):
    application = scene.application(1, "aliya")
    check_all(application, scene.cast.gulnara, charter_match="Жарғыда мұндай қызмет жоқ.")
    ((ground, reasons),) = admissibility.grounds_of(application)
    assert (ground.code, reasons) == ("R4", ["Жарғыда мұндай қызмет жоқ."])


@pytest.mark.req("GR-A-25")
def test_without_a_failed_item_nothing_is_refused_and_no_notice_leaves(scene):
    application = scene.application(1, "aliya")
    check_all(application, scene.cast.gulnara)
    assert "no_ground" in {
        f.code for f in CHECK.findings("refuse", application, scene.cast.gulnara)
    }
    scene.client("gulnara").post(place("check_decide", application), {"step": "refuse"})
    application.refresh_from_db()
    assert application.state == application.State.SUBMITTED
    assert not Letter.objects.filter(kind="refused").exists()


@pytest.mark.req("GR-A-23")
@pytest.mark.parametrize(
    ("who", "status"),
    [("aliya", 403), ("bolat", 403), ("dana", 404), ("erlan", 404), ("saule", 404)],
)
def test_applicant_rival_expert_and_outsider_neither_read_nor_write_the_check(scene, who, status):
    application, client = scene.application(1, "aliya"), scene.client(who)
    assert client.get(place("check", application)).status_code == status
    posts = [
        (place("check_item", application, "charter"), {"charter-result": "passed"}),
        (place("check_proposed", application), {}),
        (place("check_decide", application), {"step": "admit"}),
    ]
    assert [client.post(*post).status_code for post in posts] == [status] * 3
    assert not AdmissibilityCheck.objects.exists()


@pytest.mark.req("GR-A-23")
def test_a_passer_by_learns_nothing_of_a_check(scene):
    answer = Client().get(place("check", scene.application(1, "aliya")))
    assert (answer.status_code, "login" in answer.get("Location", "")) == (302, True)


@pytest.mark.req("GR-A-26")
def test_after_the_decision_the_page_offers_and_takes_nothing(scene):
    application, client = scene.application(1, "aliya"), scene.client("gulnara")
    page = client.get(place("check", application)).content.decode()
    assert place("check_item", application, "charter") in page
    check_all(application, scene.cast.gulnara)
    CHECK.take("admit", application, actor=scene.cast.gulnara)
    page = client.get(place("check", application)).content.decode()
    assert place("check_item", application, "charter") not in page
    assert place("check_proposed", application) not in page
    form = {"charter-result": "failed", "charter-reason": "Кеш"}
    client.post(place("check_item", application, "charter"), form)
    client.post(place("check_decide", application), {"step": "refuse"})
    application.refresh_from_db()
    assert application.state == application.State.ADMITTED
    assert not application.checks.filter(result="failed").exists()


def queries_of(client, address):
    client.get(address)  # what is looked up once for a process is not the page's
    with CaptureQueriesContext(connection) as found:
        assert client.get(address).status_code == 200
    return len(found)


def test_the_page_runs_as_many_queries_with_one_item_checked_as_with_all(scene):
    application, client = scene.application(1, "aliya"), scene.client("gulnara")
    reason = "Талап орындалмаған."
    admissibility.record(application, "charter", "failed", actor=scene.cast.gulnara, reason=reason)
    one = queries_of(client, place("check", application))
    every = {item.key: reason for item in admissibility.items(application.competition.rules)}
    check_all(application, scene.cast.gulnara, **every)
    assert queries_of(client, place("check", application)) == one


@pytest.mark.req("GR-A-26")
def test_the_operator_comes_to_the_check_from_the_application_and_the_applicant_does_not(scene):
    application = scene.application(1, "aliya")
    page = reverse("grants:application", args=[application.pk])
    check = f'href="{place("check", application)}"'
    assert check in scene.client("gulnara").get(page).content.decode()
    assert check not in scene.client("aliya").get(page).content.decode()


@pytest.mark.req("GR-A-26")
def test_the_history_of_an_application_tells_how_the_check_ended(scene):
    application = scene.application(1, "aliya")
    page = reverse("grants:application", args=[application.pk])
    decided = str(CHECK["admit"].title)

    def history(who):
        return [str(entry.title) for entry in scene.client(who).get(page).context["entries"]]

    check_all(application, scene.cast.gulnara)
    assert decided not in history("aliya")
    CHECK.take("admit", application, actor=scene.cast.gulnara)
    assert decided in history("aliya")
    assert decided in history("gulnara")


@pytest.mark.req("GR-A-18", "GR-A-23")
def test_a_missing_letter_on_money_is_proposed_as_a_gap_of_part_nine_alone(scene, monkeypatch):
    missing = Finding("no_own_letter", Severity.ERROR, "", about="files/own_money")
    monkeypatch.setattr(checks, "everything", lambda _whole: [missing])
    found = admissibility.proposals(whole_of(scene.application(1, "aliya")))
    parts = scene.application(1, "aliya").competition.rules.data["parts"]
    assert [key for key in parts if found[key].result == "failed"] == ["co_financing"]
    assert found["co_financing"].findings == (missing,)


@pytest.mark.req("GR-A-19")
def test_a_file_that_the_ngo_took_out_before_handing_in_is_read_by_nobody(scene):
    application = scene.application(1, "aliya")
    file = application.attachments.earliest("pk")
    address = place("application_file", application, file.pk)
    assert b"".join(scene.client("gulnara").get(address).streaming_content)
    QuerySet(Attachment).filter(pk=file.pk).update(removed_at=application.submitted_at)
    assert scene.client("gulnara").get(address).status_code == 404
    assert scene.client("aliya").get(address).status_code == 404

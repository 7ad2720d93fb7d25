"""Pages of annexes 9 and 5 of a body: prepared, written, submitted, published; each figure leads to its records."""

from __future__ import annotations

import io
from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from python_calamine import CalamineWorkbook

from ortaq.core import clock as house
from ortaq.core.keys import key_of
from ortaq.core.procedure import Refused
from ortaq.oversight import lineage
from ortaq.oversight.models import Account, Evaluation, PublicInformation, StatutoryReport
from ortaq.oversight.procedure import implementation, statutory
from ortaq.oversight.procedure.evaluation import EVALUATION
from ortaq.oversight.procedure.statutory import STATUTORY
from ortaq.planning.models import Formation, Specification, Topic
from ortaq.projects.models import Contract
from ortaq.projects.tests import scenes as projects
from ortaq.tenders.models import Lot, Order, Tender

from .scenes import NOW, YEAR, Cast, evaluated, order, ordered, written

pytestmark = pytest.mark.django_db
Period = StatutoryReport.Period
JULY = house.at(date(YEAR, 7, 3), 12)
WORDS = {
    "goals_kk": "Жастарды оқыту",
    "goals_ru": "Обучение молодёжи",
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
    def get(actor, name, *args, **data):
        if actor is None:
            client.logout()
        else:
            client.force_login(actor.user)
        address = reverse(f"oversight:{name}", args=args)
        return client.post(address, data) if data else client.get(address)

    return get


def opened(cast: Cast, period: str = Period.HALF, *, words: dict[str, str] | None = None) -> Any:
    report = statutory.open_report(cast.akimat, YEAR, period, actor=cast.saule)
    if words:
        statutory.write_account(cast.project, YEAR, words, version=0, actor=cast.saule)
    return report


def submitted(cast: Cast) -> StatutoryReport:
    report: StatutoryReport = opened(cast, words=WORDS)
    STATUTORY.take("submit", report, actor=cast.saule, **SIGNED)
    return report


@pytest.mark.req("SO-R-01", "SO-R-03", "SO-R-07", "SO-R-08")
def test_saule_opens_the_report_writes_of_the_project_and_submits(cast, page):
    asked = {"body": cast.akimat.pk, "year": YEAR, "period": "half_year"}
    unknown = page(cast.saule, "statutories", **asked | {"year": 2018})
    assert unknown.status_code == 422
    made = page(cast.saule, "statutories", **asked)
    report = StatutoryReport.objects.get()
    assert made["Location"] == reverse("oversight:statutory", args=[report.pk])
    shown = page(cast.saule, "statutory", report.pk).content.decode()
    assert reverse("oversight:account", args=[cast.project.pk, YEAR]) in shown

    refused = page(cast.saule, "statutory_submit", report.pk, version=report.version, **SIGNED)
    assert refused.status_code == 409
    saved = page(cast.saule, "account", cast.project.pk, YEAR, version="0", do="save", **WORDS)
    assert saved.status_code == 302
    sent = page(cast.saule, "statutory_submit", report.pk, version=report.version, **SIGNED)
    assert sent.status_code == 302
    report.refresh_from_db()
    assert report.state == StatutoryReport.State.SUBMITTED


@pytest.mark.req("SO-R-03")
def test_what_is_typed_is_saved_by_itself_and_a_colleague_is_not_overwritten(cast, page, client):
    address = (cast.project.pk, YEAR)
    client.force_login(cast.saule.user)
    quiet = client.post(
        reverse("oversight:account", args=address),
        {"version": "0", "process_kk": "Бірінші"},
        headers={"HX-Request": "true"},
    )
    assert quiet.status_code == 200
    assert 'value="1"' in quiet.content.decode()

    late = page(cast.marat, "account", *address, version="0", process_kk="Екінші", do="save")
    assert late.status_code == 409
    assert all(word in late.content.decode() for word in ("Бірінші", "Екінші"))
    assert Account.objects.get().process_kk == "Бірінші"
    chosen = {"version": "0", "seen": "1", "process_kk": "Екінші", "do": "save"}
    page(cast.marat, "account", *address, **chosen, **{"keep-process_kk": "mine"})
    assert Account.objects.get().process_kk == "Екінші"


@pytest.mark.req("SO-R-04")
def test_the_records_propose_what_to_say_in_both_languages(cast, page):
    typed = {"version": "0", "propose": "results", "results_kk": "Өз сөзім"}
    page(cast.saule, "account", cast.project.pk, YEAR, **typed)

    account = Account.objects.get()
    assert account.results_kk.startswith("Өз сөзім\n")
    for year in (0, 1999, YEAR + 1):
        assert page(cast.saule, "account", cast.project.pk, year).status_code == 404
    assert account.results_ru
    assert account.results_ru not in account.results_kk


@pytest.mark.req("SO-R-04", "SO-R-08")
def test_each_figure_of_a_frozen_report_leads_to_its_records(cast, page):
    report = submitted(cast)
    figure = (report.pk, 1, cast.project.pk, "contracted")
    shown = page(cast.saule, "statutory_figure", *figure).content.decode()
    assert reverse("tenders:order", args=[cast.project.contract_id]) in shown
    Contract.objects.filter(pk=cast.project.contract_id).update(sum_tiyn=7)
    changed = page(cast.saule, "statutory_figure", *figure).content.decode()
    assert "өзгерді" in changed

    # The authorised body reads the figure and its source, and does not get into the contract.
    read = page(cast.nurbol, "statutory_figure", *figure).content.decode()
    assert reverse("tenders:order", args=[cast.project.contract_id]) not in read
    for stranger in (cast.kanat, cast.aliya, cast.erlan):
        assert page(stranger, "statutory_figure", *figure).status_code == 404
    for number, name in ((1, "score"), (1, "nonsense"), (2, "contracted"), (0, "contracted")):
        wrong = (report.pk, number, cast.project.pk, name)
        assert page(cast.saule, "statutory_figure", *wrong).status_code == 404


def a_topic(cast: Cast, planned_tiyn: int) -> Topic:
    """A topic of the akimat from which all its projects come; how a tender leads there is told in `tenders`."""
    formation = Formation.objects.create(
        body=cast.akimat, plan_year=YEAR, number=1, level="local", act="rules_social_order",
        edition="2022", state=Formation.State.BUDGETED,
    )  # fmt: skip
    topic = Topic.objects.create(
        formation=formation, position=1, field="environment_protection", title_kk="Таза өзен",
        title_ru="Чистая река", planned_tiyn=planned_tiyn, programme="001",
    )  # fmt: skip
    specification = Specification.objects.create(
        topic=topic, act="standard", edition="2019", sum_tiyn=planned_tiyn
    )
    tender = Tender.objects.create(
        customer=cast.akimat, organiser=cast.akimat, act="tender_scoring", edition="2019",
        title_kk="Конкурс",
    )  # fmt: skip
    for position, contract in enumerate(Contract.objects.filter(grantor=cast.akimat)):
        lot = Lot.objects.create(
            tender=tender, topic=topic, specification=specification, position=position,
            allocated_tiyn=1,
        )  # fmt: skip
        Order.objects.create(contract=contract, lot=lot, promises={})
    return topic


@pytest.mark.req("SO-R-04", "SO-R-08")
def test_projects_of_one_topic_stand_in_its_field_and_may_not_cost_more_than_it(cast, page):
    order(projects.cast(), cast.akimat, "16", source="award:16")
    total = sum(Contract.objects.filter(grantor=cast.akimat).values_list("sum_tiyn", flat=True))
    topic = a_topic(cast, total - 1)
    report = opened(cast, words=WORDS)
    shown = page(cast.saule, "statutory", report.pk)

    assert [one.key for one in shown.context["sections"]] == [topic.field]
    assert shown.context["planned"] == total - 1
    codes = {one.code for one in shown.context["findings"]}
    assert "topic_overspent" in codes
    figure = page(cast.saule, "statutory_figure", report.pk, 0, cast.project.pk, "planned")
    assert reverse("planning:topic", args=[topic.pk]) in figure.content.decode()
    paper = page(cast.saule, "statutory_paper", report.pk, 0, "ru", "pdf")
    assert b"".join(paper.streaming_content).startswith(b"%PDF")


@pytest.mark.req("SO-R-03", "SO-X-22")
def test_the_workbook_has_a_kazakh_and_a_russian_sheet(cast, page):
    report = submitted(cast)
    answer = page(cast.nurbol, "statutory_paper", report.pk, 1, "both", "xlsx")
    book = CalamineWorkbook.from_filelike(io.BytesIO(b"".join(answer.streaming_content)))
    assert book.sheet_names == ["Қазақша", "Русский"]
    kk, ru = (
        [value for row in book.get_sheet_by_index(number).to_python() for value in row]
        for number in range(2)
    )

    assert any("Бес семинар өтті" in str(value) for value in kk)
    assert any("Проведено пять семинаров" in str(value) for value in ru)
    assert cast.project.contract.sum_tiyn / 100_000 in kk
    assert page(cast.kanat, "statutory_paper", report.pk, 1, "kk", "pdf").status_code == 404


@pytest.mark.req("SO-R-01")
def test_remarks_are_answered_beside_them_before_the_report_comes_again(cast, page):
    report = submitted(cast)
    STATUTORY.take("return", report, actor=cast.nurbol, remarks=[(cast.project.pk, "Растаңыз")])
    shown = page(cast.saule, "statutory", report.pk).content.decode()
    assert "Растаңыз" in shown
    remark = report.remarks.get()
    answer = {f"answer-{remark.pk}": "Тізім қосылды", "answer-999": "x", "answer-x": "y"}
    assert page(cast.kanat, "statutory_answers", report.pk, **answer).status_code == 404
    assert page(cast.nurbol, "statutory_answers", report.pk, **answer).status_code == 409
    page(cast.saule, "statutory_answers", report.pk, **answer)
    remark.refresh_from_db()
    assert remark.answer == "Тізім қосылды"
    beside = page(cast.saule, "account", cast.project.pk, YEAR).content.decode()
    assert "Растаңыз" in beside
    assert "Тізім қосылды" in beside


@pytest.mark.req("SO-M-17")
def test_annex_5_is_published_once_and_stays_when_a_later_issue_comes(cast, page):
    prepare = (cast.akimat.pk, YEAR)
    short = page(cast.saule, "implementation_prepare", *prepare, issue="1")
    assert short.status_code == 409
    statutory.write_account(cast.project, YEAR, WORDS, version=0, actor=cast.saule)
    for _twice in range(2):
        assert page(cast.saule, "implementation_prepare", *prepare, issue="1").status_code == 302
    first = PublicInformation.objects.get()
    with pytest.raises(Refused) as refused:
        implementation.publish(cast.akimat, YEAR, issue=2, actor=cast.saule)
    assert refused.value.has("nothing_new")

    statutory.write_account(
        cast.project, YEAR, {"results_kk": "200 адам"}, version=1, actor=cast.saule
    )
    second = implementation.publish(cast.akimat, YEAR, issue=2, actor=cast.saule)
    assert "100 адам" in page(None, "implementation", first.pk).content.decode()
    assert "200 адам" in page(None, "implementation", second.pk).content.decode()
    listed = page(None, "implementations").content.decode()
    assert reverse("oversight:implementation", args=[second.pk]) in listed
    assert reverse("oversight:implementation", args=[first.pk]) not in listed
    figure = page(None, "implementation_figure", second.pk, cast.project.pk, "contracted")
    assert figure.status_code == 200
    assert reverse("tenders:order", args=[cast.project.contract_id]) not in figure.content.decode()
    for stranger in (cast.kanat, cast.aliya):
        assert page(stranger, "implementation_prepare", *prepare, issue="3").status_code == 404


@pytest.mark.req("SO-M-17", "SO-X-06")
def test_points_are_public_only_once_the_evaluation_report_is_posted(cast, clock):
    statutory.write_account(cast.project, YEAR, WORDS, version=0, actor=cast.saule)
    found = written(evaluated(cast, (5, 4, 4, 4), (4, 4, 4, 4)), cast)
    EVALUATION.take("form", found, actor=cast.saule)
    first = implementation.publish(cast.akimat, YEAR, issue=1, actor=cast.saule)
    EVALUATION.take("post", found, actor=cast.saule, portal_link="https://goszakup.example.kz/1")
    second = implementation.publish(cast.akimat, YEAR, issue=2, actor=cast.saule)

    assert first.content["rows"][0]["score"] is None
    score = second.content["rows"][0]["score"]
    assert score["from"][0] == key_of(found)
    assert len(score["from"]) == 3
    kinds = [one.gone for one in lineage.records(score["from"], cast.kanat)]
    assert kinds == [False] * 3
    opened_to_all = lineage.records(score["from"], cast.kanat)[0].address
    assert opened_to_all == reverse("oversight:public_evaluation", args=[found.pk])
    assert found.state == Evaluation.State.POSTED


def test_pages_of_reports_ask_the_database_as_often_for_many_projects_as_for_one(cast, page):
    report = opened(cast, words=WORDS)

    def asked() -> list[int]:
        counted = []
        for name, *args in (
            ("statutories",),
            ("statutory", report.pk),
            ("implementation_years",),
            ("implementation_prepare", cast.akimat.pk, YEAR),
        ):
            with CaptureQueriesContext(connection) as seen:
                assert page(cast.saule, name, *args).status_code == 200
            counted.append(len(seen))
        return counted

    asked()
    one = asked()
    for number in ("16", "17"):
        order(projects.cast(), cast.akimat, number, source=f"award:{number}")

    assert asked() == one


@pytest.mark.req("SO-18-07")
def test_the_edition_of_2018_has_its_days_fields_and_form(cast, page, clock):
    Contract.objects.filter(pk=cast.project.contract_id).update(
        starts_on=date(2021, 3, 1), ends_on=date(2021, 11, 20)
    )
    report = statutory.open_report(cast.akimat, 2021, Period.HALF, actor=cast.saule)
    shown = page(cast.saule, "statutory", report.pk)
    paper = page(cast.saule, "statutory_paper", report.pk, 0, "kk", "html").content.decode()

    assert shown.status_code == 200
    assert len(shown.context["empty"]) == 17
    assert "SO-A9" in paper
    assert "2018" in paper


@pytest.mark.req("SO-R-01")
def test_a_report_on_a_period_before_the_first_edition_is_refused_in_words(cast, page):
    told = {"body": cast.akimat.pk, "year": 2018, "period": Period.HALF}
    assert page(cast.saule, "statutories", **told).status_code == 422
    assert not StatutoryReport.objects.exists()

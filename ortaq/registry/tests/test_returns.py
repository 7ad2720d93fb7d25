"""Whether an NGO's data stand in the NGO database in time: the check behind ground R3."""

from datetime import date

import pytest

from ortaq.core import clock as core_clock
from ortaq.law.findings import Severity
from ortaq.registry import procedure, returns
from ortaq.registry.models import AnnualReturn

from .scenes import assemble

pytestmark = pytest.mark.django_db
ANNOUNCED = date(2020, 5, 14)


def filed(organisation, year, sent_on, *, approved=True):
    return AnnualReturn.objects.create(
        organisation=organisation,
        year=year,
        sent_on=sent_on,
        approved_on=sent_on if approved else None,
        state="approved" if approved else "sent",
        evidence="№ 17",
    )


@pytest.mark.req("GR-A-08")
@pytest.mark.parametrize(
    ("sent_on", "approved", "code", "severity"),
    [
        (date(2020, 3, 20), True, "return_in_time", Severity.OK),
        (date(2020, 3, 31), True, "return_in_time", Severity.OK),  # the last day is included
        (date(2020, 4, 1), True, "return_late", Severity.ERROR),
        (date(2020, 3, 20), False, "return_in_review", Severity.WARNING),
        (date(2020, 5, 15), True, "return_absent", Severity.ERROR),  # sent after the announcement
        (None, True, "return_absent", Severity.ERROR),
    ],
)
def test_the_first_sending_decides_whether_a_return_is_in_time(sent_on, approved, code, severity):
    ngo = assemble().ngo
    if sent_on:
        filed(ngo, 2019, sent_on, approved=approved)
    finding = returns.in_time(ngo, ANNOUNCED)
    assert (finding.code, finding.severity) == (code, severity)
    assert finding.numbers["due_on"] == date(2020, 3, 31)


@pytest.mark.req("GR-A-08")
def test_before_the_newest_return_is_due_the_one_before_answers():
    ngo = assemble().ngo
    filed(ngo, 2018, date(2019, 3, 1))
    assert returns.in_time(ngo, date(2020, 2, 10)).numbers["year"] == 2018
    assert returns.in_time(ngo, date(2020, 4, 1)).code == "return_absent"
    filed(ngo, 2019, date(2020, 2, 1))
    assert returns.in_time(ngo, date(2020, 2, 10)).numbers["year"] == 2019


@pytest.mark.req("GR-A-08")
def test_a_new_ngo_whose_first_return_is_not_due_is_left_to_the_operator():
    ngo = assemble().ngo
    ngo.registered_on = date(2020, 2, 1)
    finding = returns.in_time(ngo, ANNOUNCED)
    assert (finding.code, finding.severity) == ("return_not_due", Severity.WARNING)
    assert finding.cite is not None
    assert finding.cite.inferred


@pytest.mark.req("GR-A-08")
def test_who_is_no_ngo_never_is_in_time():
    assert returns.in_time(assemble().akimat, ANNOUNCED).code == "not_an_ngo"


def test_many_organisations_are_judged_in_one_query(django_assert_num_queries):
    cast = assemble()
    filed(cast.ngo, 2019, date(2020, 3, 1))
    with django_assert_num_queries(1):
        found = returns.in_time_of([cast.ngo, cast.rival], ANNOUNCED)
    assert [found[cast.ngo.pk].code, found[cast.rival.pk].code] == [
        "return_in_time",
        "return_absent",
    ]


@pytest.mark.req("GR-A-08")
def test_a_corrected_return_keeps_the_day_of_its_first_sending(clock):
    clock.set(core_clock.at(date(2020, 3, 25), 12))
    cast = assemble()
    operator = cast.actor("gulnara")
    found = procedure.record_return(
        AnnualReturn(organisation=cast.ngo, year=2019, sent_on=date(2020, 3, 20), evidence="№ 17"),
        actor=operator,
    )
    procedure.ANNUAL_RETURN.take("return", found, actor=operator, reason="Баланс жоқ.")
    clock.set(core_clock.at(date(2020, 4, 20), 12))
    procedure.ANNUAL_RETURN.take("send_again", found, actor=operator)
    procedure.ANNUAL_RETURN.take("approve", found, actor=operator)
    assert (found.sent_on, found.approved_on) == (date(2020, 3, 20), date(2020, 4, 20))
    assert returns.in_time(cast.ngo, ANNOUNCED).code == "return_in_time"


def test_the_operator_records_a_return_by_bin_and_reads_the_finding(client, clock):
    clock.set(core_clock.at(ANNOUNCED, 9))
    cast = assemble()
    client.force_login(cast.gulnara)
    typed = {
        "organisation": cast.ngo.bin,
        "year": 2019,
        "sent_on": "2020-03-20",
        "evidence": "№ 17",
    }
    answer = client.post("/returns/record/", typed, follow=True)
    assert cast.ngo.name_kk in answer.content.decode()
    again = client.post("/returns/record/", typed)
    assert again.status_code == 200
    assert again.context["form"].errors["year"]
    assert AnnualReturn.objects.count() == 1


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("organisation", "200141000001"),
        ("organisation", "abc"),
        ("year", "2020"),
        ("year", "99999999999999999999"),
        ("sent_on", "2021-01-01"),
        ("sent_on", "2019-06-01"),
    ],
)
def test_what_cannot_be_is_refused_beside_its_field(client, clock, field, value):
    clock.set(core_clock.at(ANNOUNCED, 9))
    cast = assemble()
    client.force_login(cast.gulnara)
    typed = {
        "organisation": cast.ngo.bin,
        "year": 2019,
        "sent_on": "2020-03-20",
        "evidence": "№ 17",
    }
    answer = client.post("/returns/record/", typed | {field: value})
    assert list(answer.context["form"].errors) == [field]


def test_an_ngo_reads_its_own_returns_and_nobody_elses(client):
    cast = assemble()
    own = filed(cast.ngo, 2019, date(2020, 3, 1))
    other = filed(cast.rival, 2019, date(2020, 3, 1))
    client.force_login(cast.aliya)
    assert client.get(f"/returns/{own.pk}/").status_code == 200
    assert client.get(f"/returns/{other.pk}/").status_code == 404
    assert client.get("/returns/record/").status_code == 404
    assert cast.rival.name_kk not in client.get("/returns/").content.decode()

"""The pages of officers, and the public page of an award of past years."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from ortaq.core import clock as core_clock
from ortaq.exchange.goszakup import Client as Service
from ortaq.exchange.goszakup.double import Double
from ortaq.exchange.models import PastAward
from ortaq.exchange.procedure import read
from ortaq.people.models import Role
from ortaq.testing import factories

from .scenes import a_listing, a_past_award, unfair

pytestmark = pytest.mark.req("GR-A-09")


@pytest.fixture
def officer(db, clock):
    clock.set(core_clock.at(date(2026, 4, 1), 10))
    person = factories.a_member(factories.an_organisation("authorised_body"), Role.OFFICER)
    client = Client(headers={"accept-language": "ru"})
    assert person.user
    client.force_login(person.user)
    return client


def test_an_officer_sees_what_waits_and_decides_with_a_reason(officer):
    listing = a_listing(factories.an_organisation(name_kk="«Көктем» қоры", name_ru="Фонд «Көктем»"))
    assert "Көктем" in officer.get(reverse("exchange:exchange")).text
    page = reverse("exchange:listing", args=[listing.pk])
    assert officer.post(page, {"step": "note", "reason": ""}).status_code == 422
    assert officer.post(page, {"step": "record", "reason": "сот"}).status_code == 422
    assert officer.post(page, {"step": "note", "reason": "2024 ж. кешіктірген"}).status_code == 302
    assert "кешіктірген" in officer.get(page).text
    assert "Көктем" not in officer.get(reverse("exchange:exchange")).text
    assert "Көктем" in officer.get(reverse("exchange:exchange") + "?state=noted").text


@pytest.mark.parametrize("query", ["", "?kind=x&bin=1", "?bin=" + "9" * 5000, "?page=-1&state=%00"])
def test_absurd_filters_show_the_list_without_them(officer, query):
    read(Service(Double()))
    assert "51000001" not in officer.get(reverse("exchange:rows") + query).text
    assert "050140000120/260001/00" in officer.get(reverse("exchange:rows") + query).text


def test_pages_cost_as_many_queries_for_one_row_as_for_many(officer):
    counts = []
    double = Double(lots=[], contracts=[])
    for number in (1, 12):
        for _one in range(number):
            ngo = factories.an_organisation()
            double.unfair.append(unfair(len(double.unfair) + 1, ngo.bin))
        read(Service(double))
        found = 0
        for name in ("exchange:exchange", "exchange:rows"):
            with CaptureQueriesContext(connection) as asked:
                assert officer.get(reverse(name)).status_code == 200
            found += len(asked)
        counts.append(found)
    assert counts[0] == counts[1]


def test_an_award_of_past_years_is_for_everybody_until_it_is_withdrawn(officer):
    ngo = factories.an_organisation()
    award = a_past_award(ngo, result="<b>300</b> адам", region_code="61")
    page, anybody = reverse("exchange:past_award", args=[award.pk]), Client()
    text = anybody.get(page).text
    assert "&lt;b&gt;300" in text
    assert "Еріктілер мектебі" in text
    assert page in anybody.get(reverse("portal:ngo", args=[ngo.bin])).text
    step = reverse("exchange:past_award_step", args=[award.pk, "withdraw"])
    assert officer.post(step, {"reason": ""}).status_code == 409
    officer.post(step, {"reason": "қате"})
    assert PastAward.objects.get().state == "withdrawn"
    assert anybody.get(page).status_code == 404
    assert page not in anybody.get(reverse("portal:ngo", args=[ngo.bin])).text
    assert officer.get(page).status_code == 200

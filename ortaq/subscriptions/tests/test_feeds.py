"""Feeds say what is published and no more, whatever stands in names; filters that mean nothing are told."""

from __future__ import annotations

from datetime import date, timedelta
from xml.etree import ElementTree as ET

import pytest
from django.template import engines
from django.test import Client
from django.urls import reverse

from ortaq.core import clock as core_clock
from ortaq.core.duties import Owed, keep
from ortaq.core.keys import organisation as organisation_key
from ortaq.gazette.models import PublicationRegion
from ortaq.law.text import Text
from ortaq.subscriptions.models import OrganisationCalendar
from ortaq.testing import factories

from .scenes import publish

ATOM, CALENDAR = "/feeds/publications.atom", "/feeds/deadlines.ics"
REGION = "710000000"
NS = {"a": "http://www.w3.org/2005/Atom"}
WICKED = "<script>alert(1)</script> & «Ең»\r\nEND:VEVENT\r\n;,\\\x07]]>"


@pytest.fixture(autouse=True)
def today(db, clock):
    clock.set(core_clock.at(date(2026, 4, 6), 10))


@pytest.fixture
def reader():
    return Client(headers={"accept-language": "ru"})


def entries(answer):
    # Made by this very test.
    return ET.fromstring(answer.content).findall("a:entry", NS)  # noqa: S314


def titles(answer):
    return [one.find("a:title", NS).text for one in entries(answer)]


def test_the_feed_tells_what_is_followed_the_last_first(reader):
    body, ngo = factories.an_organisation("state_body"), factories.an_organisation()
    publish("Бір", body=body, region="75")
    publish("Екі", kind="tender", body=body)
    publish("Үш", kind="grant", recipient=ngo)
    publish("Карточка", kind="ngo", recipient=ngo)
    publish("Жоқ", withdrawn=True)
    answer = reader.get(ATOM)
    assert answer["Content-Type"].startswith("application/atom+xml")
    assert titles(answer) == ["Үш", "Екі", "Бір"]
    assert titles(reader.get(f"{ATOM}?body={body.bin}&kind=tender")) == ["Екі"]
    assert titles(reader.get(f"{ATOM}?ngo={ngo.bin}")) == ["Карточка", "Үш"]
    assert titles(reader.get(f"{ATOM}?kind=grant,tender")) == ["Үш", "Екі"]
    assert titles(reader.get(f"{ATOM}?kind=grant&body={body.bin}")) == []


def test_what_is_rare_is_told_however_long_ago_it_changed(reader, monkeypatch, django_assert_max_num_queries):  # fmt: skip
    monkeypatch.setattr("ortaq.subscriptions.queries.NEWS", 3)
    monkeypatch.setattr("ortaq.subscriptions.queries.ENTRIES", 2)
    rare, body = factories.an_organisation("state_body"), factories.an_organisation("state_body")
    for title, region in (("Ескі 1", REGION), ("Ескі 2", REGION), ("Ескі 3", REGION)):
        row = publish(title, kind="prize", body=rare, region=region)
        PublicationRegion.objects.create(publication=row, region=region)
    publish("Карточка", kind="body", body=rare)
    for number in range(5):
        publish(f"Жаңа {number}", kind="grant", body=body)
    found = (f"body={rare.bin}", "kind=prize", f"region={REGION}", f"body={rare.bin}&kind=prize,tender&region={REGION}")  # fmt: skip
    for query in found:
        with django_assert_max_num_queries(8):
            told = reader.get(f"{ATOM}?{query}")
        cards = ["Карточка", "Ескі 3"] if query == f"body={rare.bin}" else ["Ескі 3", "Ескі 2"]
        assert titles(told) == cards, query
    assert titles(reader.get(f"{ATOM}?kind=grant")) == ["Жаңа 4", "Жаңа 3"]
    assert titles(reader.get(ATOM)) == ["Жаңа 4", "Жаңа 3"]


def test_whoever_has_the_feed_already_is_told_so_until_something_changes(reader):
    publish("Бір")
    etag = reader.get(ATOM)["ETag"]
    assert reader.get(ATOM, headers={"if-none-match": etag}).status_code == 304
    publish("Екі")
    assert reader.get(ATOM, headers={"if-none-match": etag}).status_code == 200


def test_the_language_is_what_the_address_asks_for(reader):
    publish("Атауы", title_ru="Название")
    assert titles(reader.get(f"{ATOM}?lang=ru")) == ["Название"]
    assert titles(reader.get(f"{ATOM}?lang=kk")) == ["Атауы"]
    assert titles(reader.get(f"{ATOM}?lang=xx")) == ["Атауы"]


def test_names_stay_text_in_the_feed(reader):
    publish(WICKED, summary_ru="<img src=x onerror=alert(1)>")
    (entry,) = entries(reader.get(f"{ATOM}?lang=ru"))
    assert entry.find("a:title", NS).text.startswith("<script>alert(1)</script> & «Ең» END:VEVENT")
    # A summary is HTML to its readers: escaped once more, it says what was typed.
    assert "&lt;img src=x" in entry.find("a:summary", NS).text


def test_names_end_no_line_of_the_calendar(reader):
    body = factories.an_organisation("state_body", name_ru="Аким\nATTACH:x", name_kk="А")
    publish(WICKED, body=body)
    publish("Өткен", closes_at=core_clock.at(date(2026, 1, 1)))
    publish("Мерзімсіз", closes_at=None)
    text = reader.get(f"{CALENDAR}?lang=ru").text
    lines = text.replace("\r\n ", "").split("\r\n")
    assert lines.count("BEGIN:VEVENT") == lines.count("END:VEVENT") == 1
    assert not [line for line in lines if line.startswith(("ATTACH", ";,"))]
    (summary,) = [line for line in lines if line.startswith("SUMMARY")]
    assert summary.endswith("«Ең»\\nEND:VEVENT\\n\\;\\,\\\\]]>")
    assert max(len(line.encode()) for line in text.split("\r\n")) <= 75
    assert "\x07" not in text


@pytest.mark.parametrize(
    "query",
    [
        "kind=nonsense",
        "kind=" + "x" * 10_000,
        "field=../../etc/passwd",
        "region=99999",
        "ngo=000000000000",
        "body=1%00",
        "kind=%27;DROP TABLE",
        "&".join("kind=a" for _one in range(2000)),
    ],
)
@pytest.mark.parametrize("address", [ATOM, CALENDAR])
def test_a_filter_that_means_nothing_is_told_plainly(reader, address, query):
    answer = reader.get(f"{address}?{query}")
    assert (answer.status_code, answer["Content-Type"]) == (400, "text/plain; charset=utf-8")
    assert 20 < len(answer.text) < 2000


def test_a_link_with_such_filters_still_opens_the_form(reader):
    page = reader.get(reverse("subscriptions:subscribe") + "?kind=x&region=75")
    assert page.status_code == 200
    assert "«x»" in page.text or "“x”" in page.text


def test_the_duties_of_an_organisation_are_for_its_people_only(reader):
    aliya = factories.a_member(factories.an_organisation(name_kk="«Үміт»"), language="kk")
    ngo, person = aliya.acting_for, aliya.user
    assert ngo
    assert person
    at = core_clock.at(date(2026, 5, 1))
    keep(
        ngo, [Owed("x", organisation_key(ngo.pk), Text("Есеп; беру", "Отчёт", "Report"), at, "/x/")]
    )
    rival = factories.an_organisation()
    keep(rival, [Owed("x", organisation_key(rival.pk), Text("Бөтен", "Чужое", "Other"), at)])
    client = Client()
    client.force_login(person)
    address = reverse("subscriptions:renew_calendar", args=[ngo.pk])
    client.post(address)
    first = OrganisationCalendar.objects.get().token
    feed = reader.get(reverse("subscriptions:organisation", args=[first]))
    assert "SUMMARY:Есеп\\; беру" in feed.text
    assert "Бөтен" not in feed.text
    assert first in client.get(reverse("subscriptions:calendars")).text
    # Renewed, the old address is as unknown as any other.
    client.post(address)
    assert reader.get(reverse("subscriptions:organisation", args=[first])).status_code == 404
    second = OrganisationCalendar.objects.get().token
    assert client.post(reverse("subscriptions:renew_calendar", args=[rival.pk])).status_code == 404
    person.memberships.update(ends_on=date(2026, 4, 1))
    assert reader.get(reverse("subscriptions:organisation", args=[second])).status_code == 404


def test_the_tag_leads_to_the_same_filters_by_every_way(rf):
    ngo = factories.an_organisation()
    request = rf.get("/")
    source = "{% follow ngo=bin kind='grant,tender' %}"
    html = engines["django"].from_string(source).render({"bin": ngo.bin}, request)
    query = f"kind=grant&amp;kind=tender&amp;ngo={ngo.bin}"
    for way in ("/subscriptions/", ATOM, CALENDAR):
        assert f'href="{way}?{query}"' in html
    assert "href" not in engines["django"].from_string("{% follow ngo='1' %}").render({}, request)


def test_a_page_of_the_form_costs_a_fixed_number_of_queries(reader, django_assert_max_num_queries):
    body = factories.an_organisation("state_body")
    publish(body=body)
    with django_assert_max_num_queries(3):
        assert (
            reader.get(reverse("subscriptions:subscribe") + f"?body={body.bin}").status_code == 200
        )


def test_a_term_of_the_last_month_stays(reader):
    publish("Кеше", closes_at=core_clock.now() - timedelta(days=1))
    assert "Кеше" in reader.get(CALENDAR).text

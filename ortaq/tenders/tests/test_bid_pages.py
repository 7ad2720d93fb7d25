from __future__ import annotations

import hashlib
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from ortaq.core import journal
from ortaq.documents.writing.paths import unit_of
from ortaq.people.actor import actor_for
from ortaq.people.models import Role
from ortaq.review.models import Panel, Seat
from ortaq.tenders.models import Bid, Tender
from ortaq.tenders.procedure import bid as procedure
from ortaq.tenders.procedure import bid_vault as vault
from ortaq.tenders.procedure.opening import open_due
from ortaq.testing import factories

from . import scenes
from .scenes import AFTER, DURING

pytestmark = pytest.mark.django_db


@pytest.fixture
def scene(clock):
    clock.set(DURING)
    return scenes.a_scene()


@pytest.fixture
def as_(client):
    """The client, signed in as an actor (None: nobody)."""

    def sign_in(actor):
        client.logout()
        if actor is not None and actor.user is not None:
            client.force_login(actor.user)
        return client

    return sign_in


def pages_of(bid, file="no-such-file"):
    """Every page on which something of a bid is read."""
    one = [bid.pk]
    names = (
        "bid", "bid_content", "bid_canonical", "bid_receipt", "bid_files", "bid_submit",
    )  # fmt: skip
    return [
        *(reverse(f"tenders:{name}", args=one) for name in names),
        *(reverse("tenders:bid_part", args=[bid.pk, key]) for key in ("experience", "price")),
        reverse("tenders:bid_file", args=[bid.pk, file]),
        reverse("tenders:bid_paper", args=[bid.pk, "kk", "pdf"]),
    ]


# --- The way of an NGO ----------------------------------------------------------------------------


@pytest.mark.req("SO-T-014", "SO-T-064")
def test_an_ngo_goes_from_the_lot_to_the_receipt_by_the_pages_alone(scene, as_):
    client = as_(scene.cast.aliya)
    start = reverse("tenders:bid_new", args=[scene.lot.pk])
    assert "банк кепілдігі" in client.get(start).content.decode().lower()
    begun = client.post(start, {"language": "kk"})
    bid = Bid.objects.get()
    assert begun.url == reverse("tenders:bid", args=[bid.pk])
    assert client.get(begun.url).status_code == 200
    for key in ("experience", "services", "project", "results", "price"):
        address = reverse("tenders:bid_part", args=[bid.pk, key])
        page = client.get(address)
        assert page.status_code == 200
        values = {path: value for path, value in posted().items() if belongs(page, path)}
        assert values, key
        answer = client.post(address, {**values, **versions(page, values), "do": "save"})
        assert answer.status_code == 302
    files = reverse("tenders:bid_files", args=[bid.pk])
    upload = SimpleUploadedFile("жарғы.pdf", scenes.PDF)
    assert client.post(files, {"slot": "charter", "file": upload}).status_code == 302
    submit = reverse("tenders:bid_submit", args=[bid.pk])
    assert "declared" in client.get(submit).content.decode()
    done = client.post(submit, {"declared": "on"}, follow=True)
    receipt = bid.receipts.get()
    assert receipt.number in done.content.decode()
    assert receipt.commitment in done.content.decode()


def posted():
    """The whole of a bid as its inputs would hold it."""
    content = {
        **scenes.CONTENT,
        "price/offer": "9 000 000",
        "experience/projects/~e1/cost": "5 000 000",
    }
    return {
        **content,
        "experience/projects/~e1/first": "03.2018",
        "experience/projects/~e1/last": "11.2022",
    }


def unit(path):
    return unit_of(path)


def belongs(page, path):
    """Whether the page asks for what a path names."""
    found = {section.section.key for section in page.context["sections"]}
    return any(path.startswith(f"{key}/") for key in found)


def versions(page, values):
    return {f"v:{unit(path)}": page.context["row"].version for path in values}


def test_what_is_typed_saves_itself_and_says_what_is_missing(scene, as_):
    bid = scenes.a_draft(scene.lot, scene.cast.aliya)
    address = reverse("tenders:bid_part", args=[bid.pk, "price"])
    typed = {"v:price/offer": "0", "price/offer": "7 999 999"}
    answer = as_(scene.cast.bolat).post(address, typed, headers={"HX-Request": "true"})
    said = answer.content.decode()
    assert answer.status_code == 200
    assert 'name="v:price/offer" value="1"' in said
    assert "демпинг" in said
    typed = {"v:price/offer": "1", "price/offer": "9" * 600}
    late = as_(scene.cast.bolat).post(address, typed, headers={"HX-Request": "true"})
    assert late.status_code == 422  # kept in the page, and said so
    bid.refresh_from_db()
    assert vault.draft_of(bid).data == {"price": {"offer": 799_999_900}}


def test_two_people_in_one_place_choose_between_their_texts(scene, as_):
    bid = scenes.a_draft(scene.lot, scene.cast.aliya)
    address = reverse("tenders:bid_part", args=[bid.pk, "project"])
    base = {"v:description/tasks": "0"}
    as_(scene.cast.aliya).post(address, {**base, "description/tasks": "Әлия жазды"})
    page = as_(scene.cast.bolat).post(
        address, {**base, "description/tasks": "Болат жазды"}, follow=True
    )
    shown = page.content.decode()
    assert "Әлия жазды" in shown
    assert "Болат жазды" in shown
    settle = page.context["conflict"]["address"]
    as_(scene.cast.bolat).post(settle, {"keep-description/tasks": "mine"})
    bid.refresh_from_db()
    assert vault.draft_of(bid).data["description"]["tasks"] == "Болат жазды"


@pytest.mark.req("SO-T-008")
def test_a_party_reads_why_it_cannot_bid_instead_of_a_form(scene, as_):
    head = factories.a_member(factories.an_organisation(legal_form="political_party"), Role.HEAD)
    address = reverse("tenders:bid_new", args=[scene.lot.pk])
    page = as_(head).get(address).content.decode()
    assert "Саяси партиялар" in page
    assert 'name="language"' not in page.split("<main", 1)[1]
    assert as_(head).post(address, {"language": "kk"}).status_code == 409


@pytest.mark.req("SO-T-079")
def test_a_large_file_never_lies_readable_on_a_disk_and_forged_posts_are_refused(
    scene, monkeypatch
):
    def on_disk(*args, **kwargs):
        raise AssertionError("The upload was written to a temporary file.")

    monkeypatch.setattr("django.core.files.uploadhandler.TemporaryUploadedFile", on_disk)
    bid = scenes.a_draft(scene.lot, scene.cast.aliya)
    client = Client(enforce_csrf_checks=True)
    client.force_login(scene.cast.aliya.user)
    address = reverse("tenders:bid_files", args=[bid.pk])
    token = client.get(address).context["csrf_token"]
    large = b"%PDF-1.4\n" + bytes(4 * 1024 * 1024)  # more than Django keeps in memory by itself
    sent = {"slot": "other", "file": SimpleUploadedFile("ірі.pdf", large)}
    assert client.post(address, sent).status_code == 403
    sent["file"] = SimpleUploadedFile("ірі.pdf", large)
    assert client.post(address, {**sent, "csrfmiddlewaretoken": str(token)}).status_code == 302
    assert bid.files.get().size == len(large)


# --- Secrecy --------------------------------------------------------------------------------------


@pytest.mark.req("SO-T-079")
def test_before_the_opening_a_bid_is_nobodys_but_the_ngos_and_who_asks_is_noted(scene, as_):
    bid = scenes.a_submitted_bid(scene.lot, scene.cast.aliya).bid
    panel = Panel.objects.create(
        organisation=scene.cast.akimat, title_kk="Комиссия", act="tender_scoring", edition="2019"
    )
    Tender.objects.update(panel=panel)
    erlan = scene.cast.erlan
    Seat.objects.create(panel=panel, person=erlan.user, since=DURING)
    administrator = actor_for(factories.a_person(is_staff=True, is_superuser=True))
    pages = pages_of(bid)
    for actor, asked in (
        (scene.cast.dana, pages),
        *((actor, pages[:2]) for actor in (scene.cast.saule, erlan, administrator)),
    ):
        client = as_(actor)
        assert {client.get(address).status_code for address in asked} == {404}
        assert list(journal.history(bid))[-1].actor == actor.key
    refused = [one for one in journal.history(bid) if one.step == "look_refused"]
    assert len(refused) == len(pages) + 3 * 2
    client = as_(None)
    assert {client.get(address).status_code for address in pages} == {302}


def said(page):
    """What a page says, without the token of its forms, which differs each time."""
    return re.sub(r"[A-Za-z0-9]{32,}", "", page.content.decode())


@pytest.mark.req("SO-T-077", "SO-T-079")
def test_before_the_opening_the_public_page_is_the_same_with_and_without_bids(scene, as_):
    address = reverse("tenders:opening", args=[scene.tender.pk])
    without = as_(None).get(address)
    scenes.a_submitted_bid(scene.lot, scene.cast.aliya)
    assert said(as_(None).get(address)) == said(without)
    paper = reverse("tenders:opening_paper", args=[scene.tender.pk, "kk", "pdf"])
    assert as_(None).get(paper).status_code == 404


# --- After the opening ----------------------------------------------------------------------------


@pytest.mark.req("SO-T-076", "SO-T-077")
def test_any_page_opens_what_is_due_and_the_protocol_is_there_the_same_day(scene, as_, clock):
    receipt = scenes.a_submitted_bid(scene.lot, scene.cast.aliya)
    scenes.a_submitted_bid(scene.lot, scene.cast.dana, tenge=8_500_000)
    clock.set(AFTER)
    page = as_(None).get(reverse("tenders:opening", args=[scene.tender.pk]))
    shown = page.content.decode()
    scene.tender.refresh_from_db()
    assert scene.tender.opened_at.date() == scene.tender.closes_at.date()
    assert receipt.commitment in shown
    for text in ("«Әлем» қоғамдық қоры", "9 000 000", "8 500 000"):
        assert text in shown.replace("\u00a0", " ").replace("\u202f", " ")
    for language, kind in (("kk", "pdf"), ("ru", "docx")):
        paper = reverse("tenders:opening_paper", args=[scene.tender.pk, language, kind])
        assert as_(None).get(paper).status_code == 200


@pytest.mark.req("SO-T-076", "SO-T-079")
def test_after_the_opening_the_customer_and_the_commission_read_it_and_a_rival_does_not(
    scene, as_, clock
):
    bid = scenes.a_submitted_bid(scene.lot, scene.cast.aliya).bid
    clock.set(AFTER)
    open_due()
    token = bid.files.get().token
    client = as_(scene.cast.saule)
    content = client.get(reverse("tenders:bid_content", args=[bid.pk])).content.decode()
    assert scenes.SECRET in content
    assert re.search(r"Жастар.{0,80}75", content, re.DOTALL)  # the group with its persons
    assert "Материалдық-техникалық база" not in content  # of orders of several years only
    file = client.get(reverse("tenders:bid_file", args=[bid.pk, token]))
    assert b"".join(file.streaming_content) == scenes.PDF
    canonical = client.get(reverse("tenders:bid_canonical", args=[bid.pk])).content
    assert hashlib.sha256(canonical).hexdigest() == bid.receipts.get().commitment
    paper = client.get(reverse("tenders:bid_paper", args=[bid.pk, "ru", "docx"]))
    assert paper.status_code == 200
    client = as_(scene.cast.dana)
    assert {client.get(address).status_code for address in pages_of(bid, token)} == {404}
    assert as_(scene.cast.aliya).get(reverse("tenders:bid", args=[bid.pk])).status_code == 200


def test_a_page_opened_before_the_deadline_and_sent_after_it_keeps_the_draft(scene, as_, clock):
    bid = scenes.a_complete_draft(scene.lot, scene.cast.aliya)
    clock.set(AFTER)
    client = as_(scene.cast.aliya)
    submitted = client.post(reverse("tenders:bid_submit", args=[bid.pk]), {"declared": "on"})
    assert submitted.status_code == 409
    assert "18:00:00" in submitted.content.decode()
    saved = client.post(
        reverse("tenders:bid_part", args=[bid.pk, "price"]),
        {"v:price/offer": "9", "price/offer": "1"},
    )
    assert saved.status_code == 409
    assert client.get(reverse("tenders:bid", args=[bid.pk])).status_code == 200
    bid.refresh_from_db()
    assert bid.state == "draft"
    assert vault.whole_of(bid).price == 900_000_000


def test_a_bid_is_withdrawn_and_discarded_from_its_page(scene, as_):
    bid = scenes.a_submitted_bid(scene.lot, scene.cast.aliya).bid
    client = as_(scene.cast.aliya)
    page = client.get(reverse("tenders:bid", args=[bid.pk])).content.decode()
    assert reverse("tenders:bid_withdraw", args=[bid.pk]) in page
    client.post(reverse("tenders:bid_withdraw", args=[bid.pk]))
    new = reverse("tenders:bid_new", args=[scene.lot.pk])
    again = client.post(new, {"language": "ru", "source": bid.pk}, follow=True)
    assert again.status_code == 200
    other = Bid.objects.get(state="draft")
    assert vault.whole_of(other).price == 900_000_000
    token = other.files.get().token
    gone = client.post(reverse("tenders:bid_file_remove", args=[other.pk, token]))
    assert gone.status_code == 302
    client.post(reverse("tenders:bid_discard", args=[other.pk]))
    assert [one.state for one in Bid.objects.all()] == ["withdrawn"]


def test_nonsense_in_addresses_and_forms_is_never_a_500(scene, as_):
    bid = scenes.a_draft(scene.lot, scene.cast.aliya)
    client = as_(scene.cast.aliya)
    part = reverse("tenders:bid_part", args=[bid.pk, "project"])
    assert client.get(reverse("tenders:bid_part", args=[bid.pk, "nothing"])).status_code == 404
    assert client.get(reverse("tenders:bid_paper", args=[bid.pk, "en", "pdf"])).status_code == 404
    assert client.get(reverse("tenders:bid_paper", args=[bid.pk, "kk", "exe"])).status_code == 404
    assert client.get(reverse("tenders:bid_file", args=[bid.pk, "x"])).status_code == 404
    assert client.get(reverse("tenders:bid_receipt", args=[bid.pk])).status_code == 404
    for sent in (
        {"v:plan/~x": "-1", "plan/~x/name": "a"},
        {"v:plan/~x": "0", "plan/~x/service": "no such", "do": "remove:plan/~zz"},
        {"v:nothing/at/all": "0"},
        {"do": "up:~~~"},
    ):
        assert client.post(part, sent).status_code in (302, 422)
    settle = reverse("tenders:bid_conflict", args=[bid.pk])
    assert client.post(settle, {"keep-x": "mine"}).status_code == 302
    files = reverse("tenders:bid_files", args=[bid.pk])
    wrong = SimpleUploadedFile("a.exe", b"MZ")
    assert client.post(files, {"slot": "charter", "file": wrong}).status_code == 422
    assert client.post(files, {"slot": "nowhere", "file": wrong}).status_code == 422


# --- Speed ----------------------------------------------------------------------------------------


def test_pages_run_the_same_queries_with_one_bid_and_with_many(scene, as_, clock):
    scenes.a_submitted_bid(scene.lot, scene.cast.aliya)

    def queries(actor, address):
        client = as_(actor)
        client.get(address)
        with CaptureQueriesContext(connection) as seen:
            assert client.get(address).status_code == 200
        return len(seen)

    opening = reverse("tenders:opening", args=[scene.tender.pk])
    mine = reverse("tenders:bids")
    few = queries(scene.cast.aliya, mine)
    others = [factories.a_member(factories.an_organisation(), Role.HEAD) for _n in range(3)]
    for actor in others:
        procedure.submit(scenes.a_complete_draft(scene.lot, actor), actor=actor, declared=True)
    assert queries(scene.cast.aliya, mine) == few
    clock.set(AFTER)
    open_due()
    many = queries(None, opening)
    Bid.objects.exclude(organisation=scene.cast.ngo).update(
        state="withdrawn", content=None, price_tiyn=None
    )
    assert queries(None, opening) == many

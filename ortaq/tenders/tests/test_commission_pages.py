"""The pages of commission, review, results and contract: the whole walk, and who sees what when."""

from __future__ import annotations

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from ortaq.core.models import Letter
from ortaq.core.procedure import Refused
from ortaq.people.actor import actor_for
from ortaq.projects.models import Contract
from ortaq.review.models import Motion, Panel
from ortaq.tenders.models import Bid, Lot, Tender
from ortaq.tenders.procedure import contract as orders
from ortaq.tenders.procedure import contract_checks, contract_draft
from ortaq.tenders.procedure.tender_money import held_by
from ortaq.tenders.tests import scenes
from ortaq.tenders.tests.commission_scenes import Review, a_review
from ortaq.testing import factories

pytestmark = pytest.mark.django_db
TWO = {"A": ("1+1+3+1+1+2", 9_000_000), "B": ("1+1+3+2+1+2", 9_900_000)}
PDF = b"%PDF-1.4\n% invented contract\n%%EOF\n"


@pytest.fixture
def as_(client):
    """The client, signed in as an actor (None: nobody)."""

    def signed_in(actor):
        client.logout()
        if actor is not None:
            client.force_login(actor.user)
        return client

    return signed_in


def text(response) -> str:
    return re.sub(r"\s+", " ", response.content.decode())


def scored(clock) -> Review:
    """Both bids of example 1 have their points; nothing is decided."""
    found = a_review(clock, 10_000_000, TWO)
    for name, (given, _tenge) in TWO.items():
        found.adopt(name, given)
    return found


def choices(given: str, **more) -> dict[str, str]:
    return {f"C{n}": value for n, value in enumerate(given.split("+"), 1)} | more


# --- The walk --------------------------------------------------------------------------------------------


@pytest.mark.req("SO-T-065", "SO-T-066", "SO-T-068", "SO-T-069")
def test_the_organiser_forms_and_appoints_the_commission_from_its_pages(clock, as_):
    clock.set(scenes.DURING)
    scene = scenes.a_scene()
    client = as_(scene.cast.saule)
    way = reverse("tenders:commission", args=[scene.tender.pk])
    assert client.get(way).status_code == 200
    page = client.post(way).url
    for number in range(3):
        person = factories.a_person()
        chair = {"chair": "on"} if number == 0 else {}
        client.post(page, {"action": "take_on", "email": person.email, **chair})
    missing = client.post(page, {"action": "take_on", "email": "nobody@example.kz"})
    assert missing.status_code == 200
    assert "nobody@example.kz" in text(missing)
    order = {"order_number": "12-ө", "order_on": "2024-02-01", "order_by": "Б. Сәрсенов"}
    assert client.post(page, {"action": "appoint", **order}).status_code == 409  # no secretary
    client.post(page, {"action": "secretary", "email": factories.a_person().email})
    assert client.post(page, {"action": "appoint", **order}).status_code == 302
    assert Panel.objects.get().state == "in_office"
    assert client.get(page).status_code == 200
    assert client.get(way).url == page
    stranger = as_(scene.cast.dana)
    assert stranger.get(page).status_code == 404
    assert stranger.get(way).status_code == 404


@pytest.mark.req("SO-T-081", "SO-T-084", "SO-T-086", "SO-T-090", "SO-T-105")
def test_from_points_to_the_signed_contract_by_the_pages_alone(clock, as_):
    # Every step is taken from the list of topics on: nothing of planning is set by hand.
    found = a_review(clock, 5_000_000, {"B": ("1+1+3+2+1+2", 4_950_000)}, planned=True)
    bid = found.bids["B"]
    page = reverse("tenders:bid_review", args=[bid.pk])
    review = reverse("tenders:review", args=[found.tender.pk])

    client = as_(found.secretary)
    shown = text(client.get(page))
    for criterion in ("C1", "C6"):
        assert f'id="{criterion}"' in shown
    assert "неғұрлым жоғары сипаттаманы қамтиды" in shown  # the words of a level, beside its choice
    differs = choices("1+1+3+1+1+2", market_days="0") | {"C3-ground": "Жоспар толық"}
    refused = client.post(page, differs)  # C4 departs from the register without a ground
    assert refused.status_code == 409
    kept = text(refused)
    assert 'name="C4" value="1" checked' in kept  # nothing is chosen or typed twice
    assert "Жоспар толық" in kept
    proposed = client.post(page, choices("1+1+3+2+1+2", market_days="0"))
    assert proposed.status_code == 302, text(proposed)
    motion = Motion.objects.get()
    ballot = reverse("review:motion_vote", args=[motion.pk])
    assert client.post(ballot, {"side": "for"}).status_code == 409  # the secretary has no vote
    for member in found.members:
        client = as_(member)
        assert 'name="side"' in text(client.get(page))
        assert client.post(ballot, {"side": "for", "remark": "Келісемін"}).status_code == 302
    assert found.bid("B").state == Bid.State.ADMITTED
    assert client.get(page).status_code == 200

    client = as_(found.saule)
    for step in ("decide", "publish"):
        done = client.post(reverse("tenders:review_step", args=[found.tender.pk, step]))
        assert done.status_code == 302
    assert client.get(review).status_code == 200
    order = client.post(reverse("tenders:order_draft", args=[found.lot.pk])).url
    contract = Contract.objects.get()

    def take(actor, step, **data):
        address = reverse("tenders:order_step", args=[contract.pk, step])
        return as_(actor).post(address, data)

    assert client.get(order).status_code == 200
    terms = {"advance_percent": "51", "starts_on": "2024-03-01", "ends_on": "2024-11-30"}
    assert take(found.saule, "terms", **terms).status_code == 409  # at most half
    assert take(found.saule, "terms", **(terms | {"advance_percent": "50"})).status_code == 302
    supplier = found.bidders["B"]
    assert as_(supplier).get(order).status_code == 404  # not sent yet
    take(found.saule, "send")
    requisites = dict.fromkeys(contract_checks.REQUISITES, "25") | {"bank": "Мысал банкі"}
    assert take(supplier, "agree").status_code == 409  # requisites first
    take(supplier, "requisites", **requisites)
    take(supplier, "agree")
    copy = SimpleUploadedFile("шарт.pdf", PDF, "application/pdf")
    day = {"number": "7", "concluded_on": "2024-02-22"}
    early = SimpleUploadedFile("шарт.pdf", PDF, "application/pdf")
    future = take(found.saule, "sign", scan=early, **(day | {"concluded_on": "2024-12-31"}))
    assert future.status_code == 409
    assert 'value="2024-12-31"' in text(future)  # what was typed stands there to be mended
    assert take(found.saule, "sign", scan=copy, **day).status_code == 302
    assert take(found.saule, "confirm").status_code == 409  # the other side confirms
    assert take(supplier, "confirm").status_code == 302
    contract.refresh_from_db()
    found.tender.refresh_from_db()
    assert contract.state == Contract.State.SIGNED
    assert contract.sum_tiyn == 4_950_000 * 100
    assert contract.advance_tiyn * 2 == contract.sum_tiyn
    assert found.tender.state == Tender.State.ENDED
    assert found.panel.state == Panel.State.ENDED
    assert as_(supplier).get(order).status_code == 200
    scan = as_(supplier).get(reverse("tenders:order_scan", args=[contract.pk]))
    assert b"".join(scan.streaming_content) == PDF
    for party in (supplier, found.saule):  # both find it among their contracts, from any page
        way = as_(party).get(reverse("tenders:tenders"))
        assert 'href="/contracts/"' in text(way)
        assert order in text(as_(party).get("/contracts/"))


# --- Secrecy ---------------------------------------------------------------------------------------------


@pytest.mark.req("SO-T-079", "SO-T-101")
def test_nobody_outside_sees_points_or_places_before_they_are_published(clock, as_):
    found = scored(clock)
    pages = [
        reverse("tenders:review", args=[found.tender.pk]),
        *(reverse("tenders:bid_review", args=[bid.pk]) for bid in found.bids.values()),
    ]
    paper = reverse("tenders:results_paper", args=[found.tender.pk, "kk", "docx"])
    results = reverse("tenders:results", args=[found.tender.pk])
    outside = [found.bidders["A"], found.bidders["B"], found.cast.dana, found.cast.nurlan]
    for step in (None, "decide"):
        if step:
            found.take(step)
        for actor in outside:
            client = as_(actor)
            assert {client.get(page).status_code for page in [*pages, paper]} == {404}
            assert "8 910 000" not in text(client.get(results)).replace("\xa0", " ")
        public = as_(None)
        assert "8 910 000" not in text(public.get(results)).replace("\xa0", " ")
        assert public.get(paper).status_code == 404
        for inside in (found.saule, found.secretary, found.members[0]):
            assert as_(inside).get(pages[0]).status_code == 200
    client = as_(found.bidders["A"])
    for address in (reverse("tenders:bid", args=[found.bids["A"].pk]), reverse("tenders:bids")):
        assert "status-good" not in text(client.get(address))  # admitted: not to be known yet
    assert not Letter.objects.filter(kind="results").exists()

    found.take("publish")
    public = as_(None)
    shown = text(public.get(results)).replace("\xa0", " ")
    assert 'name="language" value="ru"' in shown  # the way to the other languages, as on every page
    assert "8 910 000" in shown
    assert "9 000 000" in shown
    assert Letter.objects.filter(kind="results").count() == 2
    for member in found.members:
        assert member.user is not None
        assert member.user.full_name not in shown
    for language in ("kk", "ru"):
        for kind in ("docx", "pdf"):
            address = reverse("tenders:results_paper", args=[found.tender.pk, language, kind])
            assert b"".join(public.get(address).streaming_content)


@pytest.mark.req("SO-T-073")
def test_how_others_voted_is_not_seen_while_the_vote_is_open(clock, as_):
    found = a_review(clock, 10_000_000, {"A": TWO["A"]})
    motion = found.propose("A", TWO["A"][0])
    ballot = reverse("review:motion_vote", args=[motion.pk])
    as_(found.members[0]).post(ballot, {"side": "against", "remark": "Келіспеймін"})
    page = reverse("tenders:bid_review", args=[found.bids["A"].pk])
    assert "Келіспеймін" not in text(as_(found.members[1]).get(page))
    assert as_(found.members[1]).post(ballot, {}).status_code == 409  # neither for nor against
    assert as_(found.cast.dana).post(ballot, {"side": "for"}).status_code == 404
    as_(found.members[1]).post(ballot, {"side": "against"})
    close = reverse("review:motion_close", args=[motion.pk])
    assert (
        as_(found.members[2]).post(close).status_code == 409
    )  # the chair or the secretary ends it
    assert as_(found.secretary).post(close).status_code == 302
    motion.refresh_from_db()
    assert motion.state == "rejected"
    assert "Келіспеймін" in text(as_(found.members[1]).get(page))


def test_a_list_of_bids_takes_the_same_queries_whatever_its_length(
    clock, as_, django_assert_max_num_queries
):
    found = scored(clock)
    client = as_(found.members[0])
    page = reverse("tenders:review", args=[found.tender.pk])
    client.get(page)
    with django_assert_max_num_queries(30):
        client.get(page)


# --- The contract ----------------------------------------------------------------------------------------


@pytest.mark.req("SO-T-102", "SO-T-103", "SO-T-104", "SO-T-106", "SO-T-107", "SO-T-110")
def test_the_contract_holds_what_was_scored_and_the_supplier_changes_only_requisites(clock):
    found = scored(clock)
    found.published()
    lot = Lot.objects.select_related("tender__customer", "topic", "specification").get()
    loser, winner = found.bidders["A"], found.bidders["B"]
    with pytest.raises(Refused):
        contract_draft.draft(lot, winner)
    contract = contract_draft.draft(lot, found.saule)
    assert contract_draft.draft(lot, found.saule) == contract
    assert contract.sum_tiyn == 9_900_000 * 100  # the price offered and not the conditional one
    assert contract.activities.filter(section="task").exclude(key="indicators").count() == 2
    assert contract.activities.get(key="indicators").indicators.count() == 4
    promised = contract_checks.of(contract).promises
    assert promised["scores"] == found.bid("B").scores
    assert promised["commitment"] == found.bid("B").commitment
    orders.take("send", contract, actor=found.saule)
    with pytest.raises(Refused) as raised:
        orders.take("requisites", contract, actor=winner, requisites={"sum_tiyn": "1"})
    assert {one.code for one in raised.value.findings} == {"not_requisites"}
    for actor in (loser, found.cast.dana, actor_for(factories.a_person())):
        with pytest.raises(Refused):
            orders.take("agree", contract, actor=actor)


@pytest.mark.req("GAP-T-12")
def test_a_winner_who_does_not_conclude_says_why_and_the_tender_ends(clock):
    found = scored(clock)
    found.published()
    lot = Lot.objects.select_related("tender__customer", "topic", "specification").get()
    contract = contract_draft.draft(lot, found.saule)
    orders.take("send", contract, actor=found.saule)
    assert held_by(Lot.objects.all()) == {lot.topic_id: lot.allocated_tiyn}
    with pytest.raises(Refused):
        orders.take("decline", contract, actor=found.bidders["B"], remark=" ")
    orders.take("decline", contract, actor=found.bidders["B"], remark="Қызметкер жетіспейді")
    found.tender.refresh_from_db()
    assert found.tender.state == Tender.State.ENDED
    assert found.panel.in_office_until is not None
    # The service can be tendered anew: the topic's money is free again.
    assert held_by(Lot.objects.all()) == {}

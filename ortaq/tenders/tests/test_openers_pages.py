"""The pages of those who open bids together: the code is shown once, persons are named, shares are given."""

from __future__ import annotations

import re

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse

from ortaq.planning.tests.scenes import cast
from ortaq.tenders import shares
from ortaq.tenders.models import Bid, OpeningKey, Tender
from ortaq.tenders.procedure import bid as bids
from ortaq.tenders.procedure.tender import TENDER
from ortaq.testing.proving import prove, proved

from . import scenes
from .scenes import AFTER, ANNOUNCED, DURING

pytestmark = pytest.mark.django_db
SHOWN = re.compile(r"<code>([A-Z2-9-]{29})</code>")


@pytest.fixture(autouse=True)
def _cheap(monkeypatch, settings, tmp_path):
    monkeypatch.setattr(shares, "COST", 2**4)
    settings.ORTAQ_OPENING, settings.ORTAQ_SEALS = "two", tmp_path / "seals"


def browser(actor):
    found = Client()
    found.force_login(actor.user)
    return found


def address_of(actor):
    assert actor.user is not None
    return actor.user.email


def draw(actor):
    """Draw a code on its page and type it back; the code."""
    mine, address = browser(actor), reverse("tenders:opening_key")
    page = mine.post(address, {"draw": "1"})
    assert "no-store" in page["Cache-Control"]
    found = SHOWN.search(page.content.decode())
    assert found
    assert not SHOWN.search(mine.get(address).content.decode())  # once
    assert mine.post(address, {"code": shares.new_code()}).status_code == 422
    assert mine.post(address, {"code": "ABC"}).status_code == 422
    assert mine.post(address, {"code": found[1].lower()}).status_code == 302
    return found[1]


def test_from_the_code_on_paper_to_the_opened_bids(clock, walking):
    people = cast()
    saule, erlan, nurlan = people.saule, people.erlan, people.nurlan
    tender = scenes.a_tender_draft(clock, people)
    clock.set(ANNOUNCED)
    TENDER.take("approve", tender, actor=saule)
    codes = {actor.key: draw(actor) for actor in (erlan, nurlan)}
    desk, naming = browser(saule), reverse("tenders:openers", args=[tender.pk])
    unknown = desk.post(naming, {"email": "nobody@example.kz"})
    keyless = desk.post(naming, {"email": address_of(people.dana)})
    assert (unknown.status_code, keyless.status_code) == (422, 422)  # nobody learns who is here
    for actor in (erlan, nurlan):
        assert desk.post(naming, {"email": address_of(actor)}).status_code == 302
    assert browser(people.dana).get(naming).status_code == 404
    desk.post(reverse("tenders:tender_step", args=[tender.pk, "announce"]))
    tender.refresh_from_db()
    assert tender.opening == Tender.Opening.TWO

    clock.set(DURING)
    lot = tender.lots.select_related("tender", "topic").get()
    bid, aliya = scenes.a_complete_draft(lot, people.aliya), browser(people.aliya)
    page = aliya.get(reverse("tenders:bid_submit", args=[bid.pk])).content.decode()
    found = SHOWN.search(page)
    assert found
    aliya.post(reverse("tenders:bid_submit", args=[bid.pk]), {"declared": "on", "code": found[1]})
    for name in ("bid_content", "bid"):
        answer = aliya.get(reverse(f"tenders:{name}", args=[bid.pk]))
        assert answer.status_code == (404 if name == "bid_content" else 200)
        assert "9 000 000" not in answer.content.decode()

    giving = reverse("tenders:give_share", args=[tender.pk])
    assert browser(people.dana).get(giving).status_code == 404
    early = browser(erlan).post(giving, {"code": codes[erlan.key]})
    assert early.status_code == 409
    clock.set(AFTER)
    assert browser(erlan).post(giving, {"code": codes[nurlan.key]}).status_code == 422
    assert browser(erlan).post(giving, {"code": codes[erlan.key]}).status_code == 302
    opening = reverse("tenders:opening", args=[tender.pk])
    assert "9 000 000" not in Client().get(opening).content.decode()
    assert browser(nurlan).post(giving, {"code": codes[nurlan.key]}).status_code == 302
    assert Bid.objects.get(pk=bid.pk).state == Bid.State.OPENED
    for actor in (erlan, nurlan):
        assert 'name="code"' not in browser(actor).get(giving).content.decode()


def test_at_an_unlocked_computer_nobody_gives_a_part_or_draws_a_code(clock, settings):
    settings.ORTAQ_PROOF_MINUTES = 15
    people = cast()
    saule, erlan, nurlan = people.saule, people.erlan, people.nurlan
    tender = scenes.a_tender_draft(clock, people)
    clock.set(ANNOUNCED)
    own = reverse("tenders:opening_key")
    left = proved(erlan.user, 16)
    for answer in (left.get(own), left.post(own, {"draw": "1"})):
        assert answer.url == f"{reverse('account_reauthenticate')}?next={own.replace('/', '%2F')}"
    assert not OpeningKey.objects.filter(person=erlan.user).exists()
    assert prove(left, answer.url).url == own  # back to where it was
    codes = {}
    for actor in (erlan, nurlan):
        mine = proved(actor.user, 14)
        found = SHOWN.search(mine.post(own, {"draw": "1"}).content.decode())
        assert found
        mine.post(own, {"code": found[1]})
        codes[actor.key] = found[1]

    # Naming waits for the proof and is done with it: nothing is typed twice.
    naming, desk = reverse("tenders:openers", args=[tender.pk]), proved(saule.user, 16)
    assert desk.get(naming).status_code == 200
    wanted = desk.post(naming, {"email": address_of(erlan)})
    assert not tender.openers.exists()
    assert prove(desk, wanted.url).url == naming
    desk.post(naming, {"email": address_of(nurlan)})
    assert tender.openers.count() == 2
    unknown = proved(saule.user, 16)
    wanted = unknown.post(naming, {"email": "nobody@example.kz"})
    page = prove(unknown, wanted.url)  # what is refused after the proof leads back to its own page
    assert f'action="{naming}"' in page.content.decode()
    TENDER.take("approve", tender, actor=saule)
    TENDER.take("announce", tender, actor=saule)

    clock.set(AFTER)
    giving = reverse("tenders:give_share", args=[tender.pk])
    late = proved(erlan.user, 16)
    assert late.get(giving).status_code == 302
    asked = late.post(giving, {"code": codes[erlan.key]})
    assert asked.status_code == 302
    # What was typed lies nowhere: no session keeps a code.
    assert not any(codes[erlan.key] in str(one.get_decoded()) for one in Session.objects.all())
    assert not tender.openers.exclude(given_at=None).exists()
    assert prove(late, asked.url).url == giving
    assert late.get(giving).status_code == 200
    assert late.post(giving, {"code": codes[erlan.key]}).url == giving
    assert tender.openers.exclude(given_at=None).count() == 1


@pytest.mark.parametrize(
    ("language", "said"), [("kk", "кодты тағы бір рет"), ("ru", "введите код ещё раз"), ("en", "")]
)
def test_whoever_is_asked_for_a_proof_reads_why_in_their_language(clock, settings, language, said):
    settings.ORTAQ_PROOF_MINUTES = 15
    clock.set(ANNOUNCED)
    mine = proved(cast().erlan.user, 16)
    mine.cookies["ortaq_language"] = language
    page = mine.post(reverse("tenders:opening_key"), {"code": "A"}, follow=True).content.decode()
    assert (said or "type the code once more") in page


def test_a_withdrawn_bid_comes_back_with_its_code_on_the_page(clock, walking):
    people = cast()
    tender = scenes.an_announced_tender(people)
    Tender.objects.filter(pk=tender.pk).update(opening=Tender.Opening.TWO)
    clock.set(DURING)
    lot = tender.lots.select_related("tender", "topic").get()
    lot.tender.refresh_from_db()
    code = shares.new_code()
    bid = scenes.a_complete_draft(lot, people.aliya)
    bids.submit(bid, actor=people.aliya, declared=True, code=code)
    aliya = browser(people.aliya)
    away = reverse("tenders:bid_withdraw", args=[bid.pk])
    assert aliya.post(away, {"code": shares.new_code()}).status_code == 409
    assert aliya.post(away, {"code": code}).status_code == 302
    page = aliya.get(reverse("tenders:bid_new", args=[lot.pk])).content.decode()
    assert f'value="{bid.pk}"' in page  # offered to be copied

"""Signing in a real browser: with NCALayer, with an old one, with a closed window and with none at all."""

import socket
from threading import Event

import pytest
from django.urls import reverse

from ortaq.people.models import Organisation
from ortaq.signing import ncalayer_double, occasions
from ortaq.signing.models import Signature
from ortaq.testing import factories, signing

from .card import CARD

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]
IIN = "880101400017"


def test_signing_with_ncalayer(browser_page, sign_in, axe, settings, monkeypatch):
    monkeypatch.setitem(occasions._registered, CARD.key, CARD)
    card = factories.an_organisation()
    person = factories.a_member(card, iin=IIN).user
    page_of_card = reverse("signing:sign", args=[CARD.key, card.pk])
    source, wanted = signing.authority(), []

    def key(wish):
        wanted.append(wish)
        held = signing.credential(person, card)
        return lambda content, attached: source.sign(held, content, attached=attached)

    def press(says):
        browser_page.goto(page_of_card)
        browser_page.locator("[data-start]").click()
        browser_page.locator(f"[data-say={says}]").wait_for()
        assert browser_page.locator("[data-start]").is_enabled()

    def signs():
        browser_page.goto(page_of_card)
        browser_page.locator("[data-start]").click()
        browser_page.wait_for_url(f"**{CARD.address(card)}")
        return Signature.objects.latest("pk")

    def stopped_and_busy():
        """While one tab waits for NCALayer another may not, and whoever waits may stop."""
        closed = Event()

        def closes(wish):
            closed.wait(20)

        double.choose = closes
        browser_page.goto(page_of_card)
        browser_page.locator("[data-start]").click()
        browser_page.locator("[data-say=waiting]").wait_for()
        other = browser_page.context.new_page()
        other.goto(page_of_card)
        other.locator("[data-start]").click()
        other.locator("[data-say=busy]").wait_for()
        other.close()
        browser_page.locator("[data-stop]").click()
        browser_page.locator("[data-say=stopped]").wait_for()
        closed.set()

    sign_in(browser_page, person)
    double = ncalayer_double.Double(lambda wish: None)
    with ncalayer_double.running(double) as address:
        settings.ORTAQ_NCALAYER_URL = address
        press("cancelled")
        assert axe(browser_page) == []
        stopped_and_busy()
        double.choose = key
        assert signs().is_valid
        assert wanted == [ncalayer_double.Wanted(False, IIN, card.bin)]
        # The content changed: it is signed again, now by an old installation.
        Organisation.objects.filter(pk=card.pk).update(address_ru="другой адрес")
        double.knows_basics = False
        assert signs().is_valid
        assert double.heard[-3:] == ["sign", "getActiveTokens", "createCAdESFromBase64"]

    Organisation.objects.filter(pk=card.pk).update(address_ru="третий адрес")
    with socket.socket() as taken:  # nobody listens there
        taken.bind(("127.0.0.1", 0))
        settings.ORTAQ_NCALAYER_URL = f"ws://127.0.0.1:{taken.getsockname()[1]}/"
        press("absent")
    assert Signature.objects.count() == 2

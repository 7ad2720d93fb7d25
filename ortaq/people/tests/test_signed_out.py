"""A session that ended while somebody was writing, and addresses asked for in the wrong way."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

TYPED = "Ұзақ ойланып жазылған <мәтін>"
SHOWN = "Ұзақ ойланып жазылған &lt;мәтін&gt;"


@pytest.mark.django_db
def test_a_form_sent_after_signing_out_keeps_what_was_typed(client):
    answer = client.post(
        reverse("people:register"),
        {"name_kk": TYPED, "csrfmiddlewaretoken": "secret-token"},
        headers={"referer": "http://testserver/organisations/new/"},
    )
    page = answer.content.decode()
    assert answer.status_code == 403
    assert SHOWN in page
    assert "secret-token" not in page
    # The sign-in leads back to the form, and to no other site.
    assert "?next=%2Forganisations%2Fnew%2F" in page
    answer = client.post(
        reverse("people:register"),
        {"name_kk": TYPED},
        headers={"referer": "https://evil.example/x"},
    )
    assert "evil.example" not in answer.content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize("method", ["get", "post"])
def test_what_saves_itself_is_told_that_nobody_is_signed_in(client, method):
    """A redirect would be followed to a page of status 200, which looks like "saved"."""
    address = reverse("people:register")
    answer = getattr(client, method)(address, headers={"hx-request": "true"})
    assert answer.status_code == 403
    assert answer["HX-Retarget"] == "#refusal"
    assert "<html" not in answer.content.decode()


def test_a_form_without_its_token_keeps_what_was_typed():
    answer = Client(enforce_csrf_checks=True).post(reverse("people:register"), {"name_kk": TYPED})
    assert answer.status_code == 403
    assert SHOWN in answer.content.decode()


@pytest.mark.parametrize("method", ["get", "put", "delete", "options", "patch"])
def test_an_address_of_a_form_speaks_when_it_is_opened_like_a_page(client, method):
    answer = getattr(client, method)(reverse("demo:go"))
    assert answer.status_code == 405
    assert answer["Allow"]
    assert "нысан" in answer.content.decode()


def test_a_form_that_is_too_large_says_so(client, settings):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 10
    answer = client.post(reverse("faces:language"), {"language": "kk", "next": "/law/"})
    assert answer.status_code == 413
    assert "тым үлкен" in answer.content.decode()


@pytest.mark.django_db
def test_pages_made_for_one_reader_are_kept_by_no_cache_on_the_way(client):
    for address in (reverse("grants:plans"), reverse("portal:desk"), "/no/such/page/"):
        assert client.get(address)["Cache-Control"] == "private, no-cache"

"""Who guesses is slowed and stopped; whoever is guessed at is not locked out."""

import re
from unittest.mock import patch

import pytest
from django.contrib.auth.hashers import MD5PasswordHasher
from django.core import mail
from django.core.cache import caches
from django.test import Client
from django.urls import reverse

from ortaq.people import guessing

from .cast import PASSWORD, a_person

pytestmark = pytest.mark.django_db
HOME, OFFICE = "203.0.113.7", "198.51.100.20"


@pytest.fixture(autouse=True)
def _as_on_a_real_site(settings):
    settings.ACCOUNT_RATE_LIMITS = {"login_failed": "10/m/ip,100/h/ip,5/300s/key"}
    for alias in ("default", "limits"):
        caches[alias].clear()


@pytest.fixture
def aliya():
    return a_person("Әлия", "Сәрсенова")


def sign_in(email, password=PASSWORD, address=HOME, client=None):
    client = client or Client()
    told = {"login": email, "password": password}
    answer = client.post(reverse("account_login"), told, REMOTE_ADDR=address)
    return answer, "_auth_user_id" in client.session


def leave(client):
    """As by the button: the browser's mark stays, unlike with `Client.logout`."""
    client.post(reverse("account_logout"))


def guess_from_everywhere(email, guesses=30):
    return [sign_in(email, f"wrong-{n}", f"192.0.2.{n + 1}") for n in range(guesses)]


def sentence(answer):
    errors = re.search(r'class="[^"]*error-summary.*?</div>', answer.content.decode(), re.DOTALL)
    return re.sub(r"\d+", "N", errors.group()) if errors else ""


def test_guesses_from_everywhere_do_not_lock_aliya_out_of_her_own_address(aliya):
    assert sign_in(aliya.email)[1]
    guess_from_everywhere(aliya.email)
    assert sign_in(aliya.email, address=HOME)[1]


def test_nor_out_of_her_own_browser_wherever_she_takes_it(aliya):
    laptop = Client()
    assert sign_in(aliya.email, client=laptop)[1]
    leave(laptop)
    guess_from_everywhere(aliya.email)
    assert sign_in(aliya.email, address="203.0.113.99", client=laptop)[1]


def test_nor_does_somebody_behind_the_same_address_close_it_for_her_browser(aliya):
    desk = Client()
    assert sign_in(aliya.email, address=OFFICE, client=desk)[1]
    leave(desk)
    rival = Client()
    for n in range(12):
        caches["default"].clear()  # allauth's minutes pass; those of axes are in the database
        sign_in(aliya.email, f"wrong-{n}", OFFICE, rival)
    caches["default"].clear()
    answer, is_in = sign_in(aliya.email, address=OFFICE)
    assert (answer.status_code, is_in) == (429, False)  # another browser of the same network waits
    assert sign_in(aliya.email, address=OFFICE, client=desk)[1]


def test_guesses_from_everywhere_wait_longer_and_longer_and_are_never_refused_for_good(aliya):
    pauses, now = [], 1_000_000.0
    with patch("ortaq.people.guessing.time.time", lambda: now):
        for n in range(12):
            assert not sign_in(aliya.email, f"wrong-{n}", f"192.0.2.{n + 1}")[1]
            pauses.append(round(caches["limits"].get(guessing._until(aliya.email), now) - now))
            if pauses[-1]:
                answer, is_in = sign_in(aliya.email, address="192.0.2.200")
                assert not is_in
                assert "секунд күтіп" in answer.content.decode()
            now += pauses[-1]
        # After the pause the right password counts from anywhere.
        assert sign_in(aliya.email, address="192.0.2.201")[1]
    assert pauses[:5] == [0] * 5
    assert pauses[5:] == [2, 4, 8, 16, 32, 60, 60]


def test_a_guess_within_a_pause_is_not_looked_at_and_does_not_lengthen_it(aliya):
    guess_from_everywhere(aliya.email, 6)
    before = caches["limits"].get(guessing._until(aliya.email))
    with patch.object(MD5PasswordHasher, "verify") as looked:
        for n in range(5):
            sign_in(aliya.email, address=f"192.0.2.{100 + n}")
    assert not looked.called
    assert caches["limits"].get(guessing._until(aliya.email)) == before


def test_an_address_that_tries_many_accounts_is_stopped(aliya):
    for n in range(10):
        sign_in(f"person{n}@example.kz", "wrong", OFFICE)
    answer, is_in = sign_in(aliya.email, address=OFFICE)
    assert not is_in
    assert "әрекет" in sentence(answer) or "рет" in sentence(answer)
    assert sign_in(aliya.email, address=HOME)[1]


def test_nothing_tells_whether_an_account_exists(aliya):
    """Neither the words nor the work done on the password, before a pause and within it."""
    seen = {}
    for email in (aliya.email, "nobody@example.kz"):
        with patch.object(
            MD5PasswordHasher, "encode", autospec=True, side_effect=MD5PasswordHasher.encode
        ) as work:
            answers = [one for one, _in in guess_from_everywhere(email, 8)]
        told = [(one.status_code, sentence(one).replace(email, "")) for one in answers]
        seen[email] = (told, work.call_count)
        for alias in ("default", "limits"):
            caches[alias].clear()
    assert seen[aliya.email] == seen["nobody@example.kz"]


def test_letters_of_a_reset_are_counted_by_address_and_each_leads_to_its_owner(
    aliya, client, settings
):
    settings.ACCOUNT_RATE_LIMITS = {"reset_password": "20/m/ip,3/h/key"}
    asked = [
        Client().post(
            reverse("account_reset_password"), {"email": aliya.email}, REMOTE_ADDR=f"192.0.2.{n}"
        )
        for n in range(1, 6)
    ]
    assert [one.status_code for one in asked] == [302, 302, 302, 429, 429]
    assert len(mail.outbox) == 3
    assert {tuple(one.to) for one in mail.outbox} == {(aliya.email,)}


def test_behind_a_proxy_the_readers_own_address_counts_and_an_invented_one_does_not(aliya, rf):
    told = {"HTTP_X_FORWARDED_FOR": f"{HOME}, {OFFICE}", "REMOTE_ADDR": "10.0.0.1"}
    assert (
        guessing.address_of(rf.get("/", **told)) == "10.0.0.1"
    )  # no proxy is named: a header is a claim
    with patch("allauth.app_settings.AppSettings.TRUSTED_PROXY_COUNT", 1):
        assert guessing.address_of(rf.get("/", **told)) == OFFICE
    with patch("allauth.app_settings.AppSettings.TRUSTED_PROXY_COUNT", 3):
        assert guessing.address_of(rf.get("/", **told)) == guessing.NOWHERE


def test_a_mark_of_a_browser_is_worth_nothing_to_another_account_or_forged(aliya):
    dana = a_person("Дана", "Жұмабаева")
    theirs = Client()
    sign_in(dana.email, client=theirs)
    leave(theirs)
    request = theirs.get(reverse("account_login")).wsgi_request
    assert guessing.device_of(request, dana.email)
    assert not guessing.device_of(request, aliya.email)
    theirs.cookies["ortaq_device"] = "e30:forged"
    request = theirs.get(reverse("account_login")).wsgi_request
    assert not guessing.device_of(request, dana.email)

"""The second factor: who cannot work without one, what counts as one, and which steps ask anew."""

import re
import time
from unittest.mock import patch

import pytest
from allauth.account.internal.flows.login import AUTHENTICATION_METHODS_SESSION_KEY
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, generate_totp_secret, hotp_value
from django.urls import reverse

from ortaq.people import second_factor
from ortaq.people.actor import actor_for
from ortaq.people.models import Membership, Organisation, Role
from ortaq.registry.models import Expert
from ortaq.testing import factories

from .cast import PASSWORD, a_person, an_organisation

pytestmark = pytest.mark.django_db
SET_UP, DESK = "people:second_factor", "portal:desk"


@pytest.fixture(autouse=True)
def _asked_of_officers(settings):
    settings.ORTAQ_SECOND_FACTOR, settings.ORTAQ_PROOF_MINUTES = "officers", 15


def a_member(person, organisation, role):
    Membership.objects.create(user=person, organisation=organisation, role=role)


def an_officer(role=Role.OFFICER, kind=Organisation.Kind.OPERATOR):
    officer = a_person("Гүлнара", "Оспанова")
    a_member(officer, an_organisation("Орталық", kind=kind), role)
    return officer


def sign_in(client, person):
    client.post(reverse("account_login"), {"login": person.email, "password": PASSWORD})


def code_of(secret, steps=0):
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30 + steps))


def set_up(client):
    """An authenticator as its page does it; returns its secret and the page of recovery codes."""
    page = client.get(reverse("mfa_activate_totp"))
    assert page.status_code == 200, page.get("Location")
    secret = page.context["form"].secret
    # What follows a commit follows it within the request, as on a real site.
    with patch("django.db.transaction.on_commit", lambda act, **_: act()):
        answer = client.post(reverse("mfa_activate_totp"), {"code": code_of(secret)}, follow=True)
    return secret, answer


def an_expert():
    person = a_person("Ерлан", "Тоқтаров")
    Expert.objects.create(
        person=person, side="ngo", state="registered", proposed_at=person.joined_at, name="Е"
    )
    return person


WHO = {
    "an officer of the operator": (an_officer, True),
    "the head of a state body": (lambda: an_officer(Role.HEAD, "state_body"), True),
    "a deputy of the authorised body": (lambda: an_officer(Role.DEPUTY, "authorised_body"), True),
    "an administrator": (lambda: a_person("А", "Ә", is_staff=True), True),
    "an expert": (an_expert, True),
    "a clerk of the operator": (lambda: an_officer(Role.STAFF), False),
    "the head of an NGO": (lambda: an_officer(Role.HEAD, "ngo"), False),
    "somebody who belongs to nobody": (lambda: a_person("Д", "Ж"), False),
}


@pytest.mark.parametrize("who", WHO)
def test_who_decides_or_judges_needs_one_and_nobody_else(who, settings):
    made, needs = WHO[who]
    actor = actor_for(made())
    assert second_factor.must(actor) is needs
    settings.ORTAQ_SECOND_FACTOR = "everybody"
    assert second_factor.must(actor)
    settings.ORTAQ_SECOND_FACTOR = "off"
    assert not second_factor.must(actor)


def test_an_officer_without_one_gets_only_the_page_that_sets_one_up_and_then_goes_on(client):
    officer = an_officer()
    sign_in(client, officer)
    wanted = reverse("people:organisations")
    answer = client.get(wanted)
    assert answer.url.startswith(reverse(SET_UP))
    page = client.get(answer.url)
    assert reverse("mfa_activate_totp") in page.content.decode()
    for name in ("portal:home", DESK, "people:profile", "grants:competitions", "api:tokens"):
        assert client.get(reverse(name)).status_code == 302, name
    sent = client.post(reverse("people:profile"), {"surname": "Жаңа сөз"})
    assert sent.status_code == 403
    assert "Жаңа сөз" in sent.content.decode()  # nothing that was typed is lost
    officer.refresh_from_db()
    assert officer.surname != "Жаңа сөз"

    secret, codes = set_up(client)
    assert len(re.findall(r"<li><code>\d{8}</code>", codes.content.decode())) == 10
    again = client.get(reverse("mfa_view_recovery_codes")).content.decode()
    assert "<li><code>" not in again  # shown once
    assert client.get(reverse("people:second_factor_onward")).url == wanted
    assert client.get(wanted).status_code == 200

    client.logout()
    sign_in(client, officer)
    assert client.get(wanted).status_code == 302  # the password alone is not a sign-in any more
    client.post(reverse("mfa_authenticate"), {"code": code_of(secret, 1)})
    assert client.get(wanted).status_code == 200


def test_a_recovery_code_opens_once(client):
    officer = an_officer()
    TOTP.activate(officer, generate_totp_secret())
    code = RecoveryCodes.activate(officer).get_unused_codes()[0]
    for opens in (True, False):
        sign_in(client, officer)
        client.post(reverse("mfa_authenticate"), {"code": code})
        assert (client.get(reverse(DESK)).status_code == 200) is opens
        client.logout()


def test_an_open_session_without_a_shown_factor_is_asked_for_it(client):
    officer = an_officer()
    client.force_login(officer, backend="django.contrib.auth.backends.ModelBackend")
    secret = generate_totp_secret()
    TOTP.activate(officer, secret)
    answer = client.get(reverse(DESK))
    assert answer.url.startswith(reverse("mfa_reauthenticate"))
    client.post(answer.url, {"code": code_of(secret)})
    assert client.get(reverse(DESK)).status_code == 200


def test_an_appointment_counts_at_once_in_a_session_that_is_open(client):
    person = a_person("Ерлан", "Тоқтаров")
    sign_in(client, person)
    assert client.get(reverse(DESK)).status_code == 200
    a_member(person, an_organisation("Орталық", kind="operator"), Role.HEAD)
    assert client.get(reverse(DESK)).url.startswith(reverse(SET_UP))


def test_taking_the_last_factor_off_closes_the_next_session(client):
    officer = an_officer()
    sign_in(client, officer)
    set_up(client)
    Authenticator.objects.filter(user=officer).delete()
    client.logout()
    sign_in(client, officer)
    assert client.get(reverse(DESK)).url.startswith(reverse(SET_UP))


def test_an_ngo_is_invited_and_not_forced(client):
    head = an_officer(Role.HEAD, "ngo")
    sign_in(client, head)
    assert client.get(reverse(DESK)).status_code == 200
    assert reverse(SET_UP) in client.get(reverse("people:profile")).content.decode()
    set_up(client)
    assert reverse(SET_UP) not in client.get(reverse("people:profile")).content.decode()


def test_a_step_without_a_way_back_waits_for_a_proof_and_is_done_then(client, settings):
    """The results of a tender that does not exist, so that only the question stands in the way."""
    officer = an_officer()
    sign_in(client, officer)
    secret, _codes = set_up(client)
    publish = reverse("tenders:review_step", args=[10**9, "publish"])
    assert client.post(publish).status_code == 404
    grow_old(client)
    wanted = client.post(publish)
    assert wanted.url.startswith(reverse("mfa_reauthenticate"))
    answer = client.post(wanted.url, {"code": code_of(secret, 1)})
    assert answer.status_code == 404  # it was pressed, and is done now
    assert client.post(publish).status_code == 404


def grow_old(client):
    """Nobody has proved anything in this session for longer than the setting allows."""
    session = client.session
    for record in session[AUTHENTICATION_METHODS_SESSION_KEY]:
        record["at"] -= 15 * 60 + 1
    session.save()


def test_whoever_has_a_second_factor_shows_that_one_and_no_password_that_the_browser_knows(client):
    officer = an_officer()
    sign_in(client, officer)
    set_up(client)
    grow_old(client)
    publish = reverse("tenders:review_step", args=[10**9, "publish"])
    page = client.get(client.post(publish).url).content.decode()
    assert reverse("account_reauthenticate") not in page
    asked = f"{reverse('account_reauthenticate')}?next={publish}"
    assert client.get(asked).url.startswith(reverse("mfa_reauthenticate"))
    client.post(asked, {"password": PASSWORD})
    assert client.post(publish).status_code == 302  # still


def test_without_a_second_factor_the_password_is_asked_for_also_where_none_is_needed(
    client, settings
):
    settings.ORTAQ_SECOND_FACTOR = "off"
    officer = an_officer()
    sign_in(client, officer)
    publish = reverse("tenders:review_step", args=[10**9, "publish"])
    assert client.post(publish).status_code == 404
    grow_old(client)
    wanted = client.post(publish)
    assert wanted.url.startswith(reverse("account_reauthenticate"))
    assert client.post(wanted.url, {"password": "a wrong one"}).status_code == 200
    assert client.post(publish).status_code == 302
    assert client.post(wanted.url, {"password": PASSWORD}).status_code == 404
    grow_old(client)
    settings.ORTAQ_PROOF_MINUTES = (
        0  # as in the demonstration, where nobody has a password of their own
    )
    assert client.post(publish).status_code == 404


@pytest.mark.parametrize("language", ["kk", "ru"])
def test_its_pages_speak_the_readers_language(client, language):
    from .test_sign_in import ENGLISH

    officer = factories.a_person(language=language)
    a_member(officer, an_organisation("Орталық", kind="operator"), Role.OFFICER)
    client.force_login(officer, backend="django.contrib.auth.backends.ModelBackend")
    client.cookies["ortaq_language"] = language
    page = client.get(reverse(SET_UP)).content.decode()
    assert ENGLISH.findall(page.partition("<main")[2]) == []

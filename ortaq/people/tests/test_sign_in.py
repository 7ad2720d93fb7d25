"""Signing up, confirming, signing in, the second factor, and what guessing runs into."""

import re

import pytest
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.core import mail
from django.core.cache import caches
from django.urls import reverse

from ortaq.people import procedure
from ortaq.people.models import User

from .cast import PASSWORD, a_person

pytestmark = pytest.mark.django_db
WISH = {
    "surname": "Сейтқали",
    "given_name": "Асқар",
    "patronymic": "",
    "email": "Asqar@Example.kz",
    "password1": PASSWORD,
    "password2": PASSWORD,
}


def sign_in(client, email, password=PASSWORD):
    return client.post(reverse("account_login"), {"login": email, "password": password})


def test_a_newcomer_signs_up_confirms_the_address_and_reaches_the_desk(client):
    client.post(reverse("account_signup"), WISH)
    person = User.objects.get(email="asqar@example.kz")
    assert (person.full_name, person.language) == ("Сейтқали Асқар", "kk")
    assert sign_in(client, person.email).url == reverse("account_email_verification_sent")
    (letter,) = {message.body for message in mail.outbox[:1]}
    (address,) = re.findall(r"/account/confirm-email/\S+", str(letter))
    client.post(address)
    answer = sign_in(client, "ASQAR@example.kz")
    assert answer.url == reverse("portal:desk")
    assert client.get(answer.url).status_code == 200


def test_letters_of_sign_up_are_in_the_language_of_the_page(client):
    for language, word in (("kk", "растаңыз"), ("ru", "подтвердите")):
        mail.outbox.clear()
        client.cookies["ortaq_language"] = language
        client.post(reverse("account_signup"), {**WISH, "email": f"{language}@example.kz"})
        assert word in mail.outbox[0].subject
        assert User.objects.get(email=f"{language}@example.kz").language == language


def test_signing_up_with_a_known_address_tells_only_its_owner(client):
    known = a_person("Әлия", "Сәрсенова")
    answers = [
        client.post(reverse("account_signup"), {**WISH, "email": email})
        for email in (known.email, "new@example.kz")
    ]
    assert len({answer.url for answer in answers}) == 1
    assert known.email in mail.outbox[0].to


def test_a_wrong_password_and_an_unknown_address_get_the_same_answer(client):
    known = a_person("Әлия", "Сәрсенова")
    pages = {
        re.sub(rf"\w{{64}}|{email}", "", sign_in(client, email, "wrong").content.decode())
        for email in (known.email, "nobody@example.kz")
    }
    assert len(pages) == 1
    assert "құпиясөз қате" in pages.pop()


def test_ten_wrong_passwords_lock_the_address_and_say_so_in_kazakh(client, settings):
    known = a_person("Әлия", "Сәрсенова")
    for _ in range(settings.AXES_FAILURE_LIMIT):
        caches["limits"].clear()  # what is slowed first has tests of its own
        answer = sign_in(client, known.email, "wrong")
    assert answer.status_code == 429
    assert "бір сағатқа жабылды" in answer.content.decode()
    caches["limits"].clear()
    assert sign_in(client, known.email).status_code == 429
    other = a_person("Дана", "Жұмабаева")
    assert sign_in(client, other.email).status_code == 302


def test_with_a_second_factor_the_password_alone_is_not_enough(client):
    person = a_person("Әлия", "Сәрсенова")
    TOTP.activate(person, generate_totp_secret())
    answer = sign_in(client, person.email)
    assert answer.url == reverse("mfa_authenticate")
    assert client.get(reverse("portal:desk")).status_code == 302


def test_a_person_who_was_switched_off_cannot_sign_in(client):
    person = a_person("Әлия", "Сәрсенова", is_active=False)
    assert "_auth_user_id" not in client.session
    sign_in(client, person.email)
    assert "_auth_user_id" not in client.session


def test_every_page_of_a_signed_in_person_speaks_their_language_on_a_new_browser(client):
    person = procedure.add_person(email="d@example.kz", surname="Ж", given_name="Д", language="ru")
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    assert '<html lang="ru">' in client.get(reverse("portal:desk")).content.decode()
    client.cookies["ortaq_language"] = "en"
    assert '<html lang="en">' in client.get(reverse("portal:desk")).content.decode()


PUBLIC = ["account_login", "account_signup", "account_reset_password", "people:certificate"]
OWN = [
    "people:profile",
    "people:own_certificate",
    "people:letters",
    "people:organisations",
    "people:register",
    "account_email",
    "account_change_password",
    "account_logout",
    "mfa_index",
]
# Words of allauth and of ours that would show on a page nobody translated.
ENGLISH = re.compile(r">[^<]*\b(the|your|you|password|sign|email|address|please|this|of)\b[^<]*<")


@pytest.mark.parametrize("name", [*PUBLIC, *OWN])
@pytest.mark.parametrize("language", ["kk", "ru"])
def test_no_page_of_an_account_falls_back_into_english(client, name, language):
    if name in OWN:
        person = a_person("Әлия", "Сәрсенова", language=language)
        client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    client.cookies["ortaq_language"] = language
    page = client.get(reverse(name)).content.decode()
    assert ENGLISH.findall(page.partition("<main")[2]) == []


def test_the_profile_keeps_names_and_language_and_refuses_a_wrong_iin(client):
    person = a_person("Әлия", "Сәрсенова")
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    names = {"surname": "Сәрсен", "given_name": "Әлия", "phone": "+7 700 000 00 01"}
    address = reverse("people:profile")
    wrong = client.post(address, {**names, "iin": "123456789012", "language": "ru"})
    assert wrong.status_code == 200
    person.refresh_from_db()
    assert person.surname == "Сәрсенова"
    right = client.post(address, {**names, "iin": "", "language": "ru"})
    person.refresh_from_db()
    assert (right.status_code, person.surname, person.iin) == (302, "Сәрсен", None)
    assert client.cookies["ortaq_language"].value == "ru"


def test_nobody_finds_out_by_trying_whose_iin_is_known_here(client, settings):
    settings.ACCOUNT_RATE_LIMITS = {"iin": "1/h/user"}
    client.force_login(
        a_person("Әлия", "Сәрсенова"), backend="django.contrib.auth.backends.ModelBackend"
    )
    names = {"surname": "Сәрсен", "given_name": "Әлия", "language": "ru"}
    address = reverse("people:profile")
    tried = [
        client.post(address, {**names, "iin": iin}) for iin in ("880101400017", "900202400012")
    ]
    assert [answer.status_code for answer in tried] == [302, 429]
    assert client.post(address, {**names, "iin": "880101400017"}).status_code == 302  # as it was

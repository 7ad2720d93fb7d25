"""Signing in with a certificate: whose key opens which account, and what each wrong key is told."""

import base64
from datetime import timedelta

import pytest
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.core import mail
from django.urls import reverse

from ortaq.core import clock, journal
from ortaq.core.models import Letter
from ortaq.people import procedure
from ortaq.people.actor import ACTING_FOR, actor_for
from ortaq.people.models import User
from ortaq.signing.verify.checks import AUTH, SIGN
from ortaq.testing.signing import authority, credential

from .cast import PASSWORD, a_bin, a_person, an_organisation, assemble
from .test_second_factor import grow_old
from .test_sign_in import ENGLISH

pytestmark = [pytest.mark.django_db, pytest.mark.req("NG-015", "SO-T-064")]
IIN, OTHER, THIRD = "880101400017", "880101400027", "880101400037"
PAGE, OWN = "people:certificate", "people:own_certificate"


@pytest.fixture
def aliya():
    person = assemble().aliya
    person.iin = IIN
    person.save()
    procedure.join_certificate(IIN, actor=actor_for(person))
    return person


def ngo_of(person):
    return actor_for(person).acting_for


def signed(client, key, page=PAGE, **about):
    """What the form of NCALayer sends: the challenge of the page, signed with a key."""
    context = client.get(reverse(page)).context
    content = base64.b64decode(context["wish"].content)
    cms = authority().sign(key, about.get("content", content), attached=about.get("attached", True))
    return {**dict(context["extra"]), "cms": base64.b64encode(cms).decode()}


def key_of(person, **rest):
    return credential(person, **{"usage": AUTH, **rest})


def enter(client, sent):
    return client.post(reverse(PAGE), sent)


def is_in(client):
    return "_auth_user_id" in client.session


def reasons(answer):
    return {finding.code for finding in answer.context["findings"]}


def test_the_key_for_signing_in_opens_the_account_to_which_it_was_joined(client, aliya):
    answer = enter(client, signed(client, key_of(aliya)))
    assert answer.url == reverse("portal:desk")
    assert client.session["_auth_user_id"] == str(aliya.pk)
    # Somebody who is in meets no page of signing in.
    assert client.get(reverse(PAGE)).url == reverse("portal:desk")


def test_the_organisation_of_the_certificate_is_the_hat_if_one_belongs_to_it(client, aliya):
    enter(client, signed(client, key_of(aliya, organisation=ngo_of(aliya))))
    assert client.session[ACTING_FOR] == ngo_of(aliya).pk
    client.logout()
    rival = an_organisation("Үміт")
    stranger = authority().issue(name="Ә", iin=IIN, bin=rival.bin, organisation="Х", usage=AUTH)
    enter(client, signed(client, stranger))
    assert client.get(reverse("portal:desk")).context["actor"].acting_for == ngo_of(aliya)


@pytest.mark.req("NG-019")
def test_an_organisation_that_is_not_registered_is_filled_in_from_the_certificate(client, aliya):
    number = a_bin()
    key = authority().issue(name="Ә", iin=IIN, bin=number, organisation="ОФ «Жаңа»", usage=AUTH)
    enter(client, signed(client, key))
    form = client.get(reverse("people:register")).context["form"]
    assert (form["bin"].value(), form["name_ru"].value()) == (number, "ОФ «Жаңа»")


def test_a_key_for_documents_does_not_sign_in_and_is_told_which_one_does(client, aliya):
    answer = enter(client, signed(client, key_of(aliya, usage=SIGN)))
    assert reasons(answer) == {"signing_certificate"}
    assert "AUTH" in answer.content.decode()
    assert not is_in(client)


def test_an_iin_that_was_only_typed_opens_nothing_nor_is_an_account_made(client, aliya):
    typed = a_person("Дана", "Жұмабаева", iin=OTHER)
    known = User.objects.count()
    for stranger in (typed, a_person("Ерлан", "Тоқтаров")):
        answer = enter(client, signed(client, key_of(stranger)))
        assert reasons(answer) == {"unknown_iin"}
        assert "тіркеліңіз" in answer.content.decode()
        assert stranger.iin is None or stranger.iin not in answer.content.decode()
    assert not is_in(client)
    assert User.objects.count() == known + 1


def test_a_challenge_signs_in_once_only_and_only_in_its_own_browser(client, aliya, client_of):
    sent = signed(client, key_of(aliya))
    assert reasons(enter(client_of(), sent)) == {"challenge_over"}
    enter(client, sent)
    client.logout()
    assert reasons(enter(client, sent)) == {"challenge_over"}
    assert not is_in(client)


@pytest.fixture
def client_of(client):
    return type(client)


def test_a_visit_leaves_no_session_for_weeks_and_signing_in_has_a_whole_one(
    client, aliya, settings
):
    sent = signed(client, key_of(aliya))
    assert client.session.get_expiry_age() == 600
    enter(client, sent)
    assert client.session.get_expiry_age() == settings.SESSION_COOKIE_AGE
    client.logout()
    client.get(reverse(PAGE))
    client.post(reverse("account_login"), {"login": aliya.email, "password": PASSWORD})
    assert is_in(client)
    assert client.session.get_expiry_age() == settings.SESSION_COOKIE_AGE


def test_a_challenge_lapses_after_ten_minutes(client, aliya):
    now = clock.now()
    with clock.frozen(now):
        sent = signed(client, key_of(aliya))
    with clock.frozen(now + timedelta(minutes=10, seconds=1)):
        assert reasons(enter(client, sent)) == {"challenge_over"}


def test_a_signature_over_something_else_or_rubbish_is_refused(client, aliya):
    for attached in (True, False):
        sent = signed(client, key_of(aliya), content=b"another text", attached=attached)
        assert enter(client, sent).status_code == 200
    for rubbish in ("", "no CMS", "MAAA"):
        sent = {**signed(client, key_of(aliya)), "cms": rubbish}
        assert enter(client, sent).status_code == 200
    assert not is_in(client)


def test_two_signers_do_not_sign_in_as_one(client, aliya):
    context = client.get(reverse(PAGE)).context
    keys = [key_of(aliya), key_of(aliya)]
    cms = authority().sign_all(keys, base64.b64decode(context["wish"].content))
    sent = {**dict(context["extra"]), "cms": base64.b64encode(cms).decode()}
    assert reasons(enter(client, sent)) == {"cms_too_many"}
    assert not is_in(client)


def test_an_expired_certificate_and_one_of_a_foreign_authority_do_not_sign_in(client, aliya):
    past = clock.now() - timedelta(days=1)
    old = key_of(aliya, not_after=past)
    assert reasons(enter(client, signed(client, old))) >= {"expired"}
    foreign = type(authority()).fresh(["rsa"], name="ANOTHER")
    context = client.get(reverse(PAGE)).context
    key = foreign.issue(name="Ә", iin=IIN, usage=AUTH)
    cms = foreign.sign(key, base64.b64decode(context["wish"].content))
    sent = {**dict(context["extra"]), "cms": base64.b64encode(cms).decode()}
    assert enter(client, sent).status_code == 200
    assert not is_in(client)


def test_a_person_who_was_switched_off_cannot_sign_in(client, aliya):
    User.objects.filter(pk=aliya.pk).update(is_active=False)
    answer = enter(client, signed(client, key_of(aliya)))
    assert answer.url == reverse("account_inactive")
    assert not is_in(client)


def test_no_second_factor_is_asked_of_a_certificate_and_one_still_of_a_password(client, aliya):
    TOTP.activate(aliya, generate_totp_secret())
    answer = client.post(reverse("account_login"), {"login": aliya.email, "password": PASSWORD})
    assert answer.url == reverse("mfa_authenticate")
    enter(client, signed(client, key_of(aliya)))
    assert is_in(client)


def test_failed_attempts_with_one_iin_close_it_for_an_hour_and_no_other(client, aliya, settings):
    settings.AXES_FAILURE_LIMIT = 2
    stranger = key_of(a_person("Ерлан", "Тоқтаров"))
    for _ in range(settings.AXES_FAILURE_LIMIT):
        answer = enter(client, signed(client, stranger))
    assert answer.status_code == 429
    assert enter(client, signed(client, key_of(aliya))).status_code == 302


# --- Showing it again ----------------------------------------------------------------------------

PROOF = "people:proof"
STEP = (
    "tenders:review_step",
    [10**9, "publish"],
)  # without a way back, of a tender that does not exist


@pytest.fixture
def asked(settings):
    settings.ORTAQ_PROOF_MINUTES = 15


@pytest.fixture
def alone(client, aliya):
    """Somebody who has nothing but a certificate, and came with it long ago."""
    aliya.set_unusable_password()
    aliya.save()
    enter(client, signed(client, key_of(aliya)))
    grow_old(client)
    return aliya


def press(client):
    return client.post(reverse(STEP[0], args=STEP[1]))


def test_whoever_has_a_certificate_alone_signs_once_more_and_what_was_pressed_is_done(
    client, alone, asked
):
    wanted = press(client)
    assert wanted.url.startswith(reverse(PROOF))
    page = client.get(wanted.url)
    assert page.context["others"] == []
    assert page.context["wish"].iin == IIN  # NCALayer offers their own certificates
    answer = client.post(wanted.url, signed(client, key_of(alone), page=PROOF))
    assert answer.status_code == 404  # it was pressed, and is done now
    assert press(client).status_code == 404
    grow_old(client)
    assert press(client).status_code == 302


def test_what_opens_another_way_into_the_account_asks_for_it_too(client, alone, asked):
    for name in ("mfa_activate_totp", "api:tokens", OWN):
        page = client.post(reverse(name))
        assert page.status_code == 302, name
        assert page.url.startswith(reverse(PROOF)), name


def test_a_page_where_a_secret_is_typed_is_shown_after_it(client, alone, asked):
    wanted = f"{reverse('account_reauthenticate')}?next=/desk/"
    onward = client.get(wanted)
    assert onward.url == f"{reverse(PROOF)}?next=%2Fdesk%2F"
    answer = client.post(onward.url, signed(client, key_of(alone), page=PROOF))
    assert answer.url == "/desk/"
    elsewhere = f"{reverse(PROOF)}?next=https://example.org/"
    answer = client.post(elsewhere, signed(client, key_of(alone), page=PROOF))
    assert answer.url == reverse("portal:desk")


def test_no_other_certificate_and_no_used_challenge_prove_who_one_is(client, alone, asked):
    wanted = press(client).url
    stranger = a_person("Ерлан", "Тоқтаров", iin=OTHER)
    answer = client.post(wanted, signed(client, key_of(stranger), page=PROOF))
    assert reasons(answer) == {"another_iin"}
    assert OTHER not in answer.content.decode()
    answer = client.post(wanted, signed(client, key_of(alone, usage=SIGN), page=PROOF))
    assert reasons(answer) == {"signing_certificate"}
    sent = signed(client, key_of(stranger), page=PROOF)
    client.post(wanted, sent)
    assert reasons(client.post(wanted, sent)) == {"challenge_over"}
    assert press(client).status_code == 302


def test_whoever_came_with_a_certificate_shows_it_and_no_password_that_the_browser_knows(
    client, aliya, asked
):
    enter(client, signed(client, key_of(aliya)))
    grow_old(client)
    wanted = press(client).url
    assert wanted.startswith(reverse(PROOF))
    assert client.get(wanted).context["others"] == []
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    assert press(client).status_code == 302  # still
    # Parted, it is nothing to show, and the password is asked for.
    aliya.iin_confirmed_at = None
    aliya.save()
    assert press(client).url.startswith(reverse("account_reauthenticate"))
    assert client.get(reverse(PROOF)).url.startswith(reverse("account_reauthenticate"))


def test_whoever_came_with_a_password_may_show_either(client, aliya, asked):
    client.post(reverse("account_login"), {"login": aliya.email, "password": PASSWORD})
    grow_old(client)
    wanted = press(client).url
    assert wanted.startswith(reverse("account_reauthenticate"))
    assert reverse(PROOF) in client.get(wanted).content.decode()
    assert reverse("account_reauthenticate") in client.get(reverse(PROOF)).content.decode()
    client.post(reverse(PROOF), signed(client, key_of(aliya), page=PROOF))
    assert press(client).status_code == 404


def test_an_officer_who_came_with_a_password_shows_the_certificate_without_signing_out(
    client, aliya, settings
):
    settings.ORTAQ_SECOND_FACTOR = "everybody"
    client.post(reverse("account_login"), {"login": aliya.email, "password": PASSWORD})
    page = client.get(client.get(reverse("people:profile")).url).content.decode()
    onward = f"{reverse(PROOF)}?next={reverse('people:second_factor_onward')}"
    assert f'href="{onward}"' in page
    answer = client.post(onward, signed(client, key_of(aliya), page=PROOF))
    assert answer.url == reverse("people:second_factor_onward")
    assert client.get(answer.url).url == reverse("people:profile")
    assert client.get(reverse("people:profile")).status_code == 200


def test_nobody_tries_certificates_one_after_another(client, alone, asked, settings):
    settings.ACCOUNT_RATE_LIMITS = {"reauthenticate": "10/m/user"}
    answers = [client.post(reverse(PROOF), {"nonce": "", "cms": "MAAA"}) for _ in range(12)]
    assert answers[0].status_code == 200
    assert answers[-1].status_code == 429


@pytest.mark.parametrize("language", ["kk", "ru"])
def test_the_page_of_the_proof_speaks_the_readers_language(client, alone, language):
    client.cookies["ortaq_language"] = language
    alone.language = language
    alone.save()
    page = client.get(reverse(PROOF)).content.decode()
    assert ENGLISH.findall(page.partition("<main")[2].partition("</main")[0]) == []


# --- Joining -------------------------------------------------------------------------------------


def join(client, key):
    """Sign the challenge, then show the password, as allauth asks of whoever adds a way to sign in."""
    answer = client.post(reverse(OWN), signed(client, key, page=OWN))
    assert answer.url.startswith(reverse("account_reauthenticate"))
    return client.post(answer.url, {"password": PASSWORD})


def test_a_certificate_is_joined_by_whoever_knows_the_password_and_signs_in_from_then_on(client):
    dana = a_person("Дана", "Жұмабаева", language="ru")
    client.force_login(dana, backend="django.contrib.auth.backends.ModelBackend")
    key = key_of(dana)
    assert join(client, key).url == reverse(OWN)
    dana.refresh_from_db()
    assert dana.iin
    assert dana.iin_confirmed_at
    assert [letter.to for letter in mail.outbox] == [[dana.email]]
    assert dana.iin not in client.get(reverse(OWN)).content.decode()
    client.logout()
    enter(client, signed(client, key))
    assert client.session["_auth_user_id"] == str(dana.pk)


def test_whoever_proves_a_number_takes_it_from_an_account_where_it_was_only_typed(client):
    typed = a_person("Дана", "Жұмабаева", iin=IIN, language="ru")
    owner = a_person("Әлия", "Сәрсенова")
    client.force_login(owner, backend="django.contrib.auth.backends.ModelBackend")
    key = authority().issue(name="Ә", iin=IIN, usage=AUTH)
    assert join(client, key).url == reverse(OWN)
    for person in (typed, owner):
        person.refresh_from_db()
    assert (typed.iin, owner.iin) == (None, IIN)
    letter = Letter.objects.get(recipient=typed)
    (entry,) = journal.history(typed)
    assert entry.facts == {"owner": f"person:{owner.pk}"}
    assert "ИИН удалён" in letter.title
    assert not any(word in letter.body for word in (IIN, owner.surname, owner.email))


@pytest.mark.parametrize("whose", ["another's", "not mine", "for documents"])
def test_a_certificate_that_is_not_ones_own_is_not_joined(client, aliya, whose):
    dana = a_person("Дана", "Жұмабаева", iin=OTHER if whose == "not mine" else None)
    client.force_login(dana, backend="django.contrib.auth.backends.ModelBackend")
    key = {
        "another's": key_of(aliya),
        "not mine": authority().issue(name="Д", iin=THIRD, usage=AUTH),
        "for documents": key_of(dana, usage=SIGN),
    }[whose]
    assert join(client, key).status_code == 200
    dana.refresh_from_db()
    assert dana.iin_confirmed_at is None


def test_another_typed_iin_or_a_wish_parts_the_certificate(client, aliya):
    client.force_login(aliya, backend="django.contrib.auth.backends.ModelBackend")
    client.post(reverse("people:part_certificate"))
    aliya.refresh_from_db()
    assert (aliya.iin, aliya.iin_confirmed_at) == (IIN, None)
    procedure.join_certificate(IIN, actor=actor_for(aliya))
    names = {"surname": "С", "given_name": "Ә", "language": "kk"}
    client.post(reverse("people:profile"), {**names, "iin": IIN})
    aliya.refresh_from_db()
    assert aliya.iin_confirmed_at
    client.post(reverse("people:profile"), {**names, "iin": ""})
    aliya.refresh_from_db()
    assert aliya.iin_confirmed_at is None


def test_only_pages_that_sign_may_reach_ncalayer(client, aliya):
    reached = [
        "127.0.0.1:13579" in client.get(reverse(name)).headers["Content-Security-Policy"]
        for name in (PAGE, "account_login", "portal:home")
    ]
    assert reached == [True, False, False]
    enter(client, signed(client, key_of(aliya)))
    assert "127.0.0.1:13579" in client.get(reverse(PROOF)).headers["Content-Security-Policy"]

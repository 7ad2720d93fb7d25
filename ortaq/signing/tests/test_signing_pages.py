"""The page of signing and the panel of signatures: who sees what, and what each way of signing is told."""

import base64

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.template import Context, Template
from django.urls import reverse

from ortaq.people.models import Organisation, Role
from ortaq.signing import occasions
from ortaq.signing.models import Signature
from ortaq.signing.occasions import EMPLOYEE
from ortaq.signing.procedure import MOST
from ortaq.testing import factories, signing

from .card import CARD

pytestmark = pytest.mark.django_db
IIN = "880101400017"


@pytest.fixture(autouse=True)
def known(monkeypatch):
    monkeypatch.setitem(occasions._registered, CARD.key, CARD)


@pytest.fixture
def aliya():
    return factories.a_member(factories.an_organisation(), iin=IIN)


def client_of(client, actor):
    client.force_login(actor.user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def address(card, name="sign", occasion=CARD.key):
    return reverse(f"signing:{name}", args=[occasion, card.pk])


def fields(client, card):
    """The hidden fields of the page's forms."""
    return dict(client.get(address(card)).context["extra"])


def in_base64(cms):
    return base64.b64encode(cms).decode()


def panel(card, actor, **parameters):
    """The panel that a room shows on its page."""
    words = " ".join(f"{name}={value!r}" for name, value in parameters.items())
    source = Template(f'{{% signatures card "{CARD.key}" {words} %}}')
    return source.render(Context({"card": card, "actor": actor}))


def test_the_head_signs_with_ncalayer_and_goes_on_where_she_was(client, aliya):
    card = aliya.acting_for
    client = client_of(client, aliya)
    sent = fields(client, card) | {"cms": in_base64(signing.sign(CARD, card, aliya))}
    assert "btn" in panel(card, aliya)
    answer = client.post(f"{address(card)}?next=/desk/", sent)
    assert answer.url == "/desk/"
    page = client.get(address(card)).content.decode()
    assert "Жарғы.pdf" in page
    assert card.bin in page
    assert "data-ncalayer" not in page
    for shown in (page, panel(card, aliya)):
        assert aliya.user.full_name.upper() in shown
        assert IIN not in shown
    public = panel(card, None, public=True)
    assert str(card.name) in public
    assert aliya.user.full_name.upper() not in public
    assert "btn" not in public


@pytest.mark.parametrize("next_page", ["https://evil.example/", "//evil.example/", ""])
def test_after_signing_one_never_lands_on_a_foreign_site(client, aliya, next_page):
    card = aliya.acting_for
    client = client_of(client, aliya)
    sent = fields(client, card) | {"cms": in_base64(signing.sign(CARD, card, aliya))}
    answer = client.post(f"{address(card)}?next={next_page}", sent)
    assert answer.url == CARD.address(card)


@pytest.mark.parametrize("form", ["binary", "base64", "pem"])
def test_a_file_that_was_signed_elsewhere_is_taken_in_every_form(client, aliya, form):
    card = aliya.acting_for
    client = client_of(client, aliya)
    download = client.get(address(card, "manifest"))
    assert download.content == CARD.manifest(card)
    assert "attachment" in download["Content-Disposition"]
    key = signing.credential(aliya.user, card)
    cms = signing.authority().sign(key, download.content)
    text = base64.encodebytes(cms)
    content = {
        "binary": cms,
        "base64": text,
        "pem": b"-----BEGIN CMS-----\n" + text + b"-----END CMS-----\n",
    }[form]
    sent = fields(client, card) | {"file": SimpleUploadedFile("s.cms", content)}
    assert client.post(address(card), sent).status_code == 302
    assert Signature.objects.get().is_valid


@pytest.mark.parametrize(
    ("content", "word"),
    [(b"%PDF-1.7", "қолтаңба файлы емес"), (b"0" * (MOST + 1), "тым үлкен"), (None, "")],
)
def test_what_is_no_signature_file_is_refused_with_a_sentence_and_not_kept(
    client, aliya, content, word
):
    card = aliya.acting_for
    client = client_of(client, aliya)
    sent = fields(client, card)
    if content is not None:
        sent["file"] = SimpleUploadedFile("contract.pdf", content)
    answer = client.post(address(card), sent)
    assert answer.context["upload"].errors
    assert word in answer.content.decode()
    assert not Signature.objects.exists()


def test_a_wrong_key_is_told_every_reason_and_the_right_one_still_signs(client, aliya):
    card = aliya.acting_for
    client = client_of(client, aliya)
    wrong = signing.sign(CARD, card, aliya, usage="AUTH", roles=[EMPLOYEE])
    answer = client.post(
        address(card), fields(client, card) | {"cms": in_base64(wrong)}, follow=True
    )
    assert {f.code for f in answer.context["refused"].findings} >= {
        "authentication_certificate",
        "other_role",
    }
    assert "AUTH" in answer.content.decode()
    right = fields(client, card) | {"cms": in_base64(signing.sign(CARD, card, aliya))}
    assert client.post(address(card), right).status_code == 302
    assert Signature.objects.filter(verdict="valid").count() == 1


def test_what_was_changed_while_somebody_signed_is_not_signed(client, aliya):
    card = aliya.acting_for
    client = client_of(client, aliya)
    sent = fields(client, card) | {"cms": in_base64(signing.sign(CARD, card, aliya))}
    Organisation.objects.filter(pk=card.pk).update(address_ru="другой адрес")
    answer = client.post(address(card), sent, follow=True)
    assert "өзгертілді" in answer.content.decode()
    assert not Signature.objects.exists()


def test_whoever_may_not_sign_sees_who_does_and_others_see_nothing(client, aliya):
    card = aliya.acting_for
    bolat = factories.a_member(card, role=Role.ACCOUNTANT)
    page = client_of(client, bolat).get(address(card))
    assert page.status_code == 200
    assert "data-ncalayer" not in page.content.decode()
    assert "btn" not in panel(card, bolat)
    sent = {"manifest": page.context["scene"].digest, "cms": in_base64(b"0\x80" + b"\xff" * 9)}
    assert client.post(address(card), sent).status_code == 409
    dana = factories.a_member(factories.an_organisation())
    client = client_of(client, dana)
    for name in ("sign", "manifest"):
        assert client.get(address(card, name)).status_code == 404
        assert client.get(address(card, name, "no.such")).status_code == 404
    client.logout()
    assert client.get(address(card)).url.startswith(reverse("account_login"))


def test_where_signing_is_off_no_panel_stands_and_the_page_takes_nothing(client, aliya, settings):
    card = aliya.acting_for
    client = client_of(client, aliya)
    sent = fields(client, card) | {"cms": in_base64(signing.sign(CARD, card, aliya))}
    settings.ORTAQ_SIGNATURES = ["contract=off"]
    assert panel(card, aliya) == ""
    assert "data-ncalayer" not in client.get(address(card)).content.decode()
    assert client.post(address(card), sent).status_code == 409


def test_the_page_costs_the_same_whatever_was_signed(client, aliya, django_assert_num_queries):
    card = aliya.acting_for
    client = client_of(client, aliya)
    with django_assert_num_queries(5):  # session, person, memberships, card, signatures
        client.get(address(card))
    for name in ("X", "Y", "Z"):
        other = signing.authority().issue(name=name, iin="880101400037")
        cms = signing.authority().sign(other, CARD.manifest(card))
        client.post(address(card), fields(client, card) | {"cms": in_base64(cms)})
    client.get(address(card))  # what was said to her is said once
    with django_assert_num_queries(5):
        client.get(address(card))


def test_only_the_page_that_signs_may_reach_ncalayer(client, aliya, settings):
    card = aliya.acting_for
    client = client_of(client, aliya)
    policy = client.get(address(card)).headers["Content-Security-Policy"]
    assert "wss://127.0.0.1:13579" in policy
    assert "127.0.0.1" not in client.get("/desk/").headers["Content-Security-Policy"]
    settings.ORTAQ_NCALAYER_URL = "ws://127.0.0.1:2000/"
    assert "ws://127.0.0.1:2000" in client.get(address(card)).headers["Content-Security-Policy"]

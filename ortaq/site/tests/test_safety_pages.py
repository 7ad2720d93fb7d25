"""What every answer says to the browser, and what a hostile request gets out of it."""

from __future__ import annotations

import os
import re
import runpy
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from django.conf import settings
from django.core import mail
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from ortaq.people.tests.cast import PASSWORD, a_person
from ortaq.site import settings as real

pytestmark = pytest.mark.django_db
EVIL = (
    "https://evil.example/",
    "//evil.example/",
    "/\\evil.example/",
    "javascript:alert(1)",
    "http:///evil.example/",
)


# --- Headers -------------------------------------------------------------------------------------

WHERE = (
    "/",
    "/law/",
    "/no-such-page/",
    "/me/",
    "/api/v1/openapi.json",
    "/feeds/",
    "/open-data/",
    "/e/nothing/",
)


@pytest.mark.parametrize("address", WHERE)
def test_every_answer_has_the_headers_of_the_house(client, address):
    answer = client.get(address)
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Referrer-Policy"] == "same-origin"
    assert answer["Cross-Origin-Opener-Policy"] == "same-origin"
    assert "camera=()" in answer["Permissions-Policy"]
    assert "frame-ancestors 'none'" in answer["Content-Security-Policy"]
    shared = answer.get("Access-Control-Allow-Origin")
    assert answer["Cross-Origin-Resource-Policy"] == ("cross-origin" if shared else "same-origin")


def test_what_is_a_persons_own_is_kept_by_nobody_on_the_way_and_leaves_the_browser_with_them(
    client,
):
    client.force_login(
        a_person("Әлия", "Сәрсенова"), backend="django.contrib.auth.backends.ModelBackend"
    )
    for name in ("people:profile", "portal:home", "people:letters", "account_email"):
        answer = client.get(reverse(name))
        assert "private" in answer["Cache-Control"] or "no-store" in answer["Cache-Control"]
        assert "Cookie" in answer["Vary"]
    assert client.post(reverse("account_logout"))["Clear-Site-Data"] == '"cache"'


@pytest.fixture
def tls(tmp_path, monkeypatch, settings):
    """This process as an installation behind TLS sets it up, with the tables of the suite."""
    for name in [name for name in os.environ if name.startswith("ORTAQ_")]:
        monkeypatch.delenv(name)
    for name, value in {
        "ORTAQ_VAR": str(tmp_path),
        "ORTAQ_HOSTS": "ortaq.example.kz",
        "ORTAQ_SITE_URL": "https://ortaq.example.kz",
    }.items():
        monkeypatch.setenv(name, value)
    suite_own = {"DATABASES", "INSTALLED_APPS", "LOGGING"}
    for name, value in runpy.run_path(str(Path(real.__file__))).items():
        if name.isupper() and name not in suite_own:
            setattr(settings, name, value)


def test_with_tls_cookies_belong_to_this_host_alone_and_no_other_host_is_answered(tls):
    secure: dict[str, Any] = {"HTTP_X_FORWARDED_PROTO": "https"}

    def told(host: str, **extra: Any) -> Any:
        return Client().get("/account/login/", HTTP_HOST=host, **extra)

    names = settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME, settings.ORTAQ_DEVICE_COOKIE
    assert all(name.startswith("__Host-") for name in names)
    assert settings.SESSION_COOKIE_SECURE
    assert settings.CSRF_COOKIE_SECURE
    assert settings.LANGUAGE_COOKIE_SECURE
    page = told("ortaq.example.kz", **secure)
    assert page.status_code == 200
    assert "max-age=31536000" in page["Strict-Transport-Security"]
    policy = page["Content-Security-Policy"]
    assert "upgrade-insecure-requests" in policy
    assert "report-uri /policy-reports/" in policy
    (cookie,) = re.findall("__Host-ortaq_csrf=.*", page.cookies.output())
    assert {"Secure", "Path=/", "SameSite=Lax"} <= set(cookie.split("; "))
    assert "Domain" not in cookie
    plain = told("ortaq.example.kz")
    assert plain.status_code == 301
    assert plain["Location"] == "https://ortaq.example.kz/account/login/"
    assert told("evil.example", **secure).status_code == 400
    forwarded = told("ortaq.example.kz", HTTP_X_FORWARDED_HOST="evil.example", **secure)
    assert forwarded.status_code == 200
    assert "evil" not in str(dict(forwarded.headers)) + forwarded.cookies.output()


def test_the_words_of_a_proxy_count_only_where_there_is_one(tmp_path, monkeypatch):
    monkeypatch.setenv("ORTAQ_VAR", str(tmp_path))
    monkeypatch.setenv("ORTAQ_SITE_URL", "https://ortaq.example.kz")
    for proxies, believed in (("0", False), ("1", True)):
        monkeypatch.setenv("ORTAQ_PROXIES", proxies)
        made = runpy.run_path(str(Path(real.__file__)))
        assert ("SECURE_PROXY_SSL_HEADER" in made) is believed
        assert int(proxies) == made["ALLAUTH_TRUSTED_PROXY_COUNT"]


# --- Hostile requests ----------------------------------------------------------------------------

# Where an address is taken from the request and led to afterwards.
LED_ON = {
    "account_login": "next",
    "people:certificate": "next",
    "people:second_factor": "next",
    "faces:language": "next",
    "people:act_for": "next",
    "account_logout": "next",
    "account_reauthenticate": "next",
}


@pytest.mark.parametrize("evil", EVIL)
@pytest.mark.parametrize("name", LED_ON)
def test_nobody_is_led_to_another_site(client, name, evil):
    person = a_person("Әлия", "Сәрсенова")
    word, address = LED_ON[name], reverse(name)
    if name not in {"account_login", "people:certificate"}:
        client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    told = {
        word: evil,
        "login": person.email,
        "password": PASSWORD,
        "language": "ru",
        "organisation": 0,
    }
    answers = [
        client.get(f"{address}?{urlencode({word: evil})}"),
        client.post(f"{address}?{urlencode({word: evil})}", told, HTTP_REFERER=evil),
    ]
    if name == "people:second_factor":
        answers.append(client.get(reverse("people:second_factor_onward")))
    for answer in answers:
        assert "evil" not in answer.get("Location", "")
        assert "javascript" not in answer.get("Location", "")
        assert f'href="{evil}"' not in answer.content.decode()


def test_the_link_of_a_letter_leads_to_this_site_whatever_host_was_claimed(client):
    person = a_person("Әлия", "Сәрсенова")
    told = {"HTTP_HOST": "evil.example", "HTTP_X_FORWARDED_HOST": "evil.example"}
    client.post(reverse("account_reset_password"), {"email": person.email}, **told)
    names = {"surname": "Ж", "given_name": "Д", "password1": PASSWORD, "password2": PASSWORD}
    client.post(reverse("account_signup"), {"email": "new@example.kz", **names}, **told)
    assert len(mail.outbox) == 2
    for letter in mail.outbox:
        assert "evil" not in str(letter.body) + letter.subject
        assert f"{settings.SITE_URL}/account/" in str(letter.body)


def views(resolver: URLResolver, route: str = "") -> Iterator[tuple[str, object]]:
    for one in resolver.url_patterns:
        if isinstance(one, URLPattern):
            yield route + str(one.pattern), one.callback
        else:
            yield from views(one, route + str(one.pattern))


# Forms that another site may send for a reader: each does nothing with who is signed in.
TOKENLESS = {
    "language/": "chooses a language",
    "policy-reports/": "what a browser says that it refused; a browser knows no tokens",
    "bids/<int:pk>/files/": "asks for its token itself, once it is settled where the upload goes",
    "e/<slug:code>/": "a passer-by's own entry",
    "e/<slug:code>/rate/": "a passer-by's own mark",
    "e/<slug:code>/<slug:token>/": "whoever knows the link",
    "e/<slug:code>/<slug:token>/forget/": "whoever knows the link",
    "q/<slug:code>/": "a passer-by's own answers",
    "subscriptions/<str:token>/<int:pk>/end/": "one press in a mail program (RFC 8058), for whoever knows the link",
}


def test_every_form_needs_its_token_but_those_in_which_nobody_is_signed_in():
    exempt = {route for route, view in views(get_resolver()) if getattr(view, "csrf_exempt", False)}
    assert {route for route in exempt if not route.startswith("api/v1/")} == set(TOKENLESS)
    assert "django.middleware.csrf.CsrfViewMiddleware" in settings.MIDDLEWARE


def test_the_token_of_an_upload_is_asked_for_all_the_same(client):
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(
        a_person("Әлия", "Сәрсенова"), backend="django.contrib.auth.backends.ModelBackend"
    )
    assert strict.post(reverse("tenders:bid_files", args=[1]), {}).status_code in {403, 404}
    for name in ("people:register", "people:profile", "account_email", "account_logout"):
        assert strict.post(reverse(name), {}).status_code == 403, name

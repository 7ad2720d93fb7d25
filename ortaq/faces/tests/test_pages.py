"""Base page, errors, refusals, the law."""

from __future__ import annotations

import errno
import re
from operator import attrgetter

import pytest
from django.contrib.auth.decorators import login_not_required
from django.contrib.messages import constants
from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.http import Http404, HttpResponse
from django.test import RequestFactory, override_settings
from django.urls import include, path
from django.utils import translation
from lxml import html

from ortaq.core.procedure import Refused, Step, anyone
from ortaq.faces import clauses, hooks, middleware, samples, say
from ortaq.faces.tones import Tone
from ortaq.law import LANGUAGES, citing, editions


def broken(request):
    raise RuntimeError("the words of an error are not for readers")


def full(request):
    raise OSError(errno.ENOSPC, "the words of an error are not for readers")


def hidden(request):
    raise Http404("application 17 of a rival exists")


def forbidden(request):
    raise PermissionDenied("only for the chair")


def odd(request):
    raise SuspiciousOperation("odd header")


def refuse(request):
    step = Step("publish", "Нәтижелерді жариялау", "a", "b", by=anyone)
    raise Refused(step, samples.FINDINGS[:2])


def fine(request):
    return HttpResponse("ok")


handler400 = "ortaq.faces.views.bad_request"
handler403 = "ortaq.faces.views.forbidden"
handler404 = "ortaq.faces.views.not_found"
handler500 = "ortaq.faces.views.broken"
PAGES = [broken, full, hidden, forbidden, odd, refuse, fine]
urlpatterns = [
    *(path(f"{page.__name__}/", login_not_required(page)) for page in PAGES),
    path("account/", include("allauth.account.urls")),
    path("", include("ortaq.faces.urls")),
]


@pytest.fixture
def ours(client):
    client.raise_request_exception = False
    with override_settings(ROOT_URLCONF=__name__):
        yield client


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
@pytest.mark.parametrize(
    ("address", "status"),
    [("broken", 500), ("full", 503), ("hidden", 404), ("forbidden", 403), ("odd", 400)],
)
def test_an_error_is_a_kind_page_that_tells_nothing(ours, address, status, language):
    answer = ours.get(f"/{address}/", headers={"accept-language": language})
    assert answer.status_code == status
    page = answer.content.decode()
    assert f'<html lang="{language}">' in page
    for secret in ("the words of", "rival", "chair", "odd header", "Traceback"):
        assert secret not in page


def test_where_the_disk_is_full_a_page_says_that_the_same_can_be_sent_once_more(ours):
    answer = ours.post("/full/", headers={"accept-language": "en"})
    assert (answer.status_code, answer["Retry-After"]) == (503, "30")
    assert "of what you have just sent nothing was kept" in answer.content.decode()


def test_hidden_and_absent_are_the_same_page(ours):
    here, nowhere = ours.get("/hidden/"), ours.get("/nowher/")
    assert here.status_code == nowhere.status_code == 404
    assert here.content.decode().replace("/hidden/", "/nowher/") == nowhere.content.decode()


def test_a_request_refused_on_the_doorstep_gets_a_page_too(client, settings, monkeypatch):
    settings.ALLOWED_HOSTS = ["ortaq.example.kz"]
    asks = hooks.Entry("faces:law", "Заң", shown=attrgetter("actor.is_signed_in"))
    monkeypatch.setattr(hooks, "navigation", [asks])
    answer = client.get("/law/", headers={"host": "evil.example"})
    assert answer.status_code == 400
    assert "Браузердің сұрауын түсіну мүмкін болмады" in answer.content.decode()


def test_a_form_without_its_token_is_told_what_to_do():
    from django.test import Client

    answer = Client(enforce_csrf_checks=True).post("/account/login/", {"login": "aliya@example.kz"})
    assert answer.status_code == 403
    assert "Бет тым ұзақ ашық тұрды" in answer.content.decode()


# --- Refusals -------------------------------------------------------------------------------------


def test_a_refused_step_says_all_that_is_in_the_way_and_gives_back_what_was_typed(ours):
    answer = ours.post(
        "/refuse/",
        {"reason_kk": "Ұзақ ойланып жазылған себеп", "password": "құпия сөз", "pk": "17"},
        headers={"referer": "http://testserver/fine/?tab=2"},
    )
    assert answer.status_code == 409
    tree = html.fromstring(answer.content)
    assert len(tree.xpath("//div[@class='refusal']//li")) == 2
    assert tree.xpath("//textarea/text()") == ["Ұзақ ойланып жазылған себеп"]
    assert tree.xpath("//main//a[contains(@class, 'btn')]/@href") == ["/fine/?tab=2"]
    assert "құпия сөз" not in answer.content.decode()


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("kk", "жарияланғаннан кейін 18 күн ғана бар"),
        ("ru", "после объявления остаётся только 18"),
        ("en", "only 18 after the announcement"),
    ],
)
def test_a_refusal_speaks_the_readers_language(ours, language, words):
    answer = ours.post("/refuse/", headers={"accept-language": language})
    assert words in answer.content.decode()


def test_a_refusal_leads_back_only_within_the_house(ours):
    answer = ours.post("/refuse/", headers={"referer": "https://evil.example/fine/"})
    assert html.fromstring(answer.content).xpath("//main//a[contains(@class, 'btn')]/@href") == [
        "/"
    ]


def test_for_htmx_a_refusal_is_a_fragment_in_its_own_place(ours):
    answer = ours.post("/refuse/", headers={"hx-request": "true"})
    assert answer.status_code == 409
    assert answer["HX-Retarget"] == "#refusal"
    page = answer.content.decode()
    assert "<html" not in page
    assert "18 күн ғана бар" in page


def test_other_exceptions_are_not_refusals():
    catch = middleware.RefusalMiddleware(lambda request: HttpResponse())
    assert catch.process_exception(RequestFactory().get("/"), ValueError()) is None


# --- The base page --------------------------------------------------------------------------------


def test_the_language_is_switched_without_javascript_and_remembered(client):
    switched = client.post("/language/", {"language": "ru", "next": "/law/"})
    assert switched.status_code == 302
    assert switched["Location"] == "/law/"
    assert '<html lang="ru">' in client.get("/law/").content.decode()


def test_a_passer_by_costs_no_query(client):
    """pytest-django refuses the database to a test that did not ask for it."""
    assert client.get("/components/").status_code == 200


def test_the_page_may_load_nothing_from_elsewhere_and_run_nothing_inline(client):
    page = client.get("/law/")
    policy = page["Content-Security-Policy"]
    assert "unsafe" not in policy
    tree = html.fromstring(page.content)
    loaded = tree.xpath("//script/@src | //link/@href | //img/@src")
    assert loaded
    assert [address for address in loaded if not address.startswith("/static/")] == []


def test_the_navigation_shows_what_is_for_this_reader_and_where_one_is(monkeypatch):
    entries = [
        hooks.Entry("faces:components", "Бөліктер", order=2),
        hooks.Entry("faces:law", "Заң", order=1),
        hooks.Entry("faces:law", "Жасырын", shown=lambda request: False),
        hooks.Entry("no:such", "Жоқ"),
    ]
    monkeypatch.setattr(hooks, "navigation", entries)
    links = hooks.links_for(RequestFactory().get("/law/grants_rules/2020/")).shown
    assert [(link.text, link.current) for link in links] == [("Заң", True), ("Бөліктер", False)]


def test_a_long_navigation_keeps_its_rest_behind_one_word_and_says_when_one_is_there(
    monkeypatch, client
):
    entries = [
        hooks.Entry("faces:law", f"№{number}", order=number) for number in range(hooks.OPEN + 1)
    ]
    monkeypatch.setattr(hooks, "navigation", entries)
    assert hooks.links_for(RequestFactory().get("/")).more == ()
    entries.append(hooks.Entry("faces:components", "last", order=99))
    found = hooks.links_for(RequestFactory().get("/components/"))
    assert [link.text for link in found.more] == [f"№{hooks.OPEN}", "last"]
    assert found.is_within


def test_a_bar_of_another_room_stands_above_the_page(client, monkeypatch):
    monkeypatch.setattr(hooks, "bars", [lambda request: f"<p>сағат: {request.path}</p>"])
    assert "<p>сағат: /law/</p>" in client.get("/law/").content.decode()


def test_every_level_of_message_has_a_look():
    from ortaq.faces.tags.inline import tone

    assert {tone(name) for name in constants.DEFAULT_TAGS.values()} <= set(Tone)
    assert tone("error") == Tone.BAD


# --- The law --------------------------------------------------------------------------------------


def test_every_edition_is_listed_and_has_a_page(client):
    listed = html.fromstring(client.get("/law/").content).xpath("//ul[@class='editions']//a/@href")
    assert sorted(listed) == sorted(f"/law/{one.act}/{one.key}/" for one in editions())
    assert {client.get(address).status_code for address in listed} == {200}


@pytest.mark.parametrize("one", editions(), ids=lambda one: f"{one.act}/{one.key}")
def test_a_citation_of_every_rule_leads_to_its_clause(client, one):
    page = html.fromstring(client.get(f"/law/{one.act}/{one.key}/").content)
    ids = page.xpath("//@id")
    assert len(ids) == len(set(ids))
    cited = [cite for table in one.data for _key, _row, cite in citing.rules(one, table)]
    assert {say.law_address(cite).partition("#")[2] for cite in cited} <= set(ids)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("one", editions(), ids=lambda one: f"{one.act}/{one.key}")
def test_every_rule_is_named_in_words_and_no_value_is_a_code(one, language):
    with translation.override(language):
        for section in clauses.sections(one):
            for rule in section.clauses:
                assert getattr(rule.words, language) or rule.words.kk, rule
                assert not re.search(r"[a-z]_[a-z]", say.text(rule.value)), rule


@pytest.mark.parametrize(
    ("language", "words"),
    [("kk", "20 күнтізбелік күн"), ("ru", "20 календарных дней"), ("en", "20 calendar days")],
)
@pytest.mark.req("GR-A-03")
def test_a_rule_is_shown_with_its_value_and_unit(client, language, words):
    client.cookies["ortaq_language"] = language
    page = html.fromstring(client.get("/law/grants_rules/2020/").content)
    row = page.xpath("//tr[@id='grants_rules-2020-guide-grants-step-2']")[0]
    assert words in " ".join(row.text_content().split())


@pytest.mark.req("GR-X-07")
def test_a_value_that_no_step_reads_says_so(client):
    client.cookies["ortaq_language"] = "en"
    page = html.fromstring(client.get("/law/grants_rules/2020/").content)
    for name, informative in (("Time zone of the deadline", True), ("Largest advance", False)):
        [row] = page.xpath(f"//tr[td[contains(., '{name}')]]")
        assert ("no step reads this value" in row.text_content()) is informative


@pytest.mark.parametrize("address", ["/law/grants_rules/1999/", "/law/no_act/2020/"])
def test_an_unknown_edition_is_not_found(client, address):
    assert client.get(address).status_code == 404


def test_languages_do_not_leak_from_the_living_page(client):
    with translation.override("ru"):
        client.get("/components/", {"language": "en"})
    assert '<html lang="kk">' in client.get("/law/").content.decode()

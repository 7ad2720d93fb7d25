"""What only a browser shows: saving while typing, two windows, a lost connection, keyboard."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from ortaq.core.clock import end_of
from ortaq.documents.writing.page import element_id
from ortaq.documents.writing.slots import LONG
from ortaq.grants.models import ApplicationPart

from . import application_scenes as scene
from .scenes import DURING

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]
GOAL = f"#{element_id('basics/goal')}"


@pytest.fixture
def begun(clock):
    return scene.open_competition(clock)


@pytest.fixture
def played(begun):
    return begun[0]


@pytest.fixture
def application(begun):
    people, competition = begun
    return scene.a_draft(competition.lots.get(), people.aliya, title="Жоба")


def address(application, key):
    return f"/applications/{application.pk}/parts/{key}/0/"


def content(application):
    return ApplicationPart.objects.get(application=application, form="GRANT-A4").data


def saved(page):
    page.wait_for_selector(".autosave .icon")


def test_what_is_typed_is_saved_and_stands_there_after_a_reload(
    browser_page, sign_in, played, application
):
    sign_in(browser_page, played.aliya.user)
    browser_page.goto(address(application, "content"))
    browser_page.fill(GOAL, "Ауыл жастарын қолдау")
    saved(browser_page)
    browser_page.fill(f"#{element_id(f'risks/~p{played.aliya.user.pk}n1/risk')}", "Карантин")
    saved(browser_page)
    assert content(application)["basics"] == {"goal": "Ауыл жастарын қолдау"}
    assert [row["risk"] for row in content(application)["risks"]] == ["Карантин"]
    browser_page.reload()
    assert browser_page.input_value(GOAL) == "Ауыл жастарын қолдау"


@pytest.fixture
def bolats_page(browser, live_server, sign_in, played):
    """A second window, Bolat's."""
    context = browser.new_context(base_url=live_server.url)
    page = context.new_page()
    sign_in(page, played.bolat.user)
    yield page
    context.close()


def test_two_windows_in_one_field_show_both_texts(
    browser_page, bolats_page, sign_in, played, application
):
    sign_in(browser_page, played.aliya.user)
    browser_page.goto(address(application, "content"))
    bolats_page.goto(address(application, "content"))
    bolats_page.fill(GOAL, "Болат жазғаны")
    saved(bolats_page)
    browser_page.fill(GOAL, "Әлия жазғаны")
    browser_page.wait_for_selector("#conflicts .conflict")
    box = browser_page.inner_text("#conflicts")
    assert "Болат жазғаны" in box
    assert "Әлия жазғаны" in box
    assert content(application)["basics"]["goal"] == "Болат жазғаны"
    browser_page.click("#conflicts button")
    browser_page.wait_for_load_state()
    assert content(application)["basics"]["goal"] == "Әлия жазғаны"


def test_a_lost_connection_is_told_and_the_text_is_sent_when_it_is_back(
    browser_page, sign_in, played, application
):
    sign_in(browser_page, played.aliya.user)
    browser_page.goto(address(application, "content"))
    browser_page.context.set_offline(True)
    browser_page.fill(GOAL, "Желісіз жазылған")
    browser_page.wait_for_selector(".autosave[data-state=failed]")
    assert content(application) == {}
    browser_page.context.set_offline(False)
    saved(browser_page)
    assert content(application)["basics"] == {"goal": "Желісіз жазылған"}


def test_a_text_over_the_limit_stays_in_the_page_and_is_not_called_saved(
    browser_page, sign_in, played, application
):
    sign_in(browser_page, played.aliya.user)
    browser_page.goto(address(application, "content"))
    browser_page.fill(GOAL, "ғ" * (LONG + 1))
    browser_page.wait_for_selector(".autosave[data-state=refused]")
    assert str(LONG) in browser_page.inner_text("#refused")
    assert len(browser_page.input_value(GOAL)) == LONG + 1
    browser_page.fill(GOAL, "Қысқа")
    saved(browser_page)
    assert browser_page.inner_text("#refused") == ""
    assert content(application)["basics"] == {"goal": "Қысқа"}


def test_sums_of_the_estimate_follow_what_is_typed(browser_page, sign_in, played, application):
    scene.write(application, "GRANT-A4", scene.CONTENT, played.aliya)
    sign_in(browser_page, played.aliya.user)
    browser_page.goto(address(application, "budget"))
    line = browser_page.locator("#f-administrative tr.line-new").first
    fields = line.locator("input:visible")
    for at, text in enumerate(("Директор", "ай", "6", "250000")):
        fields.nth(at).fill(text)
    expect(browser_page.locator("#totals")).to_contain_text(
        "1\N{NO-BREAK SPACE}500\N{NO-BREAK SPACE}000"
    )
    total = line.locator("output[id$=-total]").inner_text()
    assert "".join(total.split()) == "1500000₸"


def test_pages_of_a_draft_fit_phone_and_desk_and_everybody(
    browser_page, sign_in, played, application, axe
):
    sign_in(browser_page, played.aliya.user)
    one = f"/applications/{application.pk}/"
    for place in (
        "/applications/", one, f"{one}details/", f"{one}files/", f"{one}letter/", f"{one}submit/",
        f"{one}content/", address(application, "questionnaire"), address(application, "capacity"),
        address(application, "content"), address(application, "budget"),
    ):  # fmt: skip
        browser_page.goto(place)
        for width in (1280, 390):
            browser_page.set_viewport_size({"width": width, "height": 900})
            room = browser_page.evaluate("document.documentElement.scrollWidth")
            assert room <= width, place
        assert axe(browser_page) == [], place


def test_the_deadline_is_shown_as_it_approaches(browser_page, sign_in, played, application, clock):
    clock.set(end_of(DURING.date()))
    sign_in(browser_page, played.aliya.user)
    browser_page.goto(address(application, "content"))
    assert browser_page.locator(".deadline time").count() == 1

"""In a real browser: everybody can use it, and nothing typed is lost."""

from __future__ import annotations

import re

import pytest

SAVED = (
    '<div class="autosave" id="autosave" hx-swap-oob="true">'
    '<input type="hidden" name="version" value="4"><span class="autosave-text">Сақталды</span></div>'
)
KEPT = "localStorage.getItem('ortaq:/components/')"


def test_the_components_keep_wcag(browser_page, axe):
    browser_page.goto("/components/")
    # The page shows one completeness panel and one form twice; a real page never does.
    found = [line for line in axe(browser_page) if not line.startswith("duplicate-id")]
    assert found == []


@pytest.mark.parametrize("address", ["/components/", "/law/", "/law/grants_rules/2020/", "/no/"])
def test_no_page_is_wider_than_its_screen(browser_page, address):
    browser_page.goto(address)
    for width in (1280, 390, 320):
        browser_page.set_viewport_size({"width": width, "height": 800})
        assert browser_page.evaluate("document.documentElement.scrollWidth") <= width


def test_what_is_typed_while_the_line_is_cut_comes_back_and_is_saved(browser_page):
    page = browser_page
    page.goto("/components/")
    page.route("**/components/", lambda route: route.abort())
    box = page.locator("form[data-autosave] textarea[name=title_kk]")
    box.fill("Соңғы минутта жазылған мәтін")
    page.locator(".autosave[data-state=failed]").wait_for()
    assert "Соңғы минутта" in page.evaluate(KEPT)

    # The browser is closed in despair and opened again.
    page.unroute("**/components/")
    answered = []

    def answer(route):
        if route.request.method != "POST":
            return route.continue_()
        answered.append(route.request.post_data)
        return route.fulfill(status=200, content_type="text/html", body=SAVED)

    page.route("**/components/", answer)
    page.on("dialog", lambda dialog: dialog.accept())
    page.reload()
    assert box.input_value() == "Соңғы минутта жазылған мәтін"
    page.locator(".autosave", has_text=re.compile("^\\s*Сақталды\\s*$")).wait_for()
    assert answered
    page.wait_for_function(f"{KEPT} === null")
    assert page.locator("form[data-unsaved]").count() == 0


def test_kept_text_never_overwrites_a_draft_that_has_moved_on(browser_page):
    page = browser_page
    page.goto("/components/")
    page.evaluate(
        """localStorage.setItem("ortaq:/components/", JSON.stringify({
            base: "what the server had then", sent: false,
            fields: [["title_kk", "Ескі мәтін"]]}))"""
    )
    page.reload()
    page.locator(".autosave[data-state=stale]").wait_for()
    assert "Ескі" not in page.locator("form[data-autosave] textarea[name=title_kk]").input_value()
    assert page.locator("textarea.kept").input_value() == "Ескі мәтін"


def test_what_was_sent_by_the_button_does_not_come_back(browser_page):
    page = browser_page
    page.goto("/components/")
    page.evaluate(
        """localStorage.setItem("ortaq:/components/", JSON.stringify({
            base: "before", sent: true, fields: [["title_kk", "1200000"]]}))"""
    )
    page.reload()
    page.wait_for_function(f"{KEPT} === null")
    assert page.locator("textarea.kept").count() == 0


def test_a_refused_save_shows_why_at_the_top_and_keeps_the_text(browser_page):
    page = browser_page
    page.goto("/components/")

    def refuse(route):
        route.fulfill(
            status=409,
            content_type="text/html",
            headers={"HX-Retarget": "#refusal", "HX-Reswap": "innerHTML"},
            body="<p>Мерзім өтіп кетті.</p>",
        )

    page.route("**/components/", refuse)
    box = page.locator("form[data-autosave] textarea[name=title_kk]")
    box.fill("Кешіккен мәтін")
    page.locator("#refusal", has_text="Мерзім өтіп кетті.").wait_for()
    page.locator(".autosave[data-state=refused]").wait_for()
    assert box.input_value() == "Кешіккен мәтін"
    assert "Кешіккен" in page.evaluate(KEPT)


def test_a_final_step_asks_once_more_and_escape_takes_it_back(browser_page):
    page = browser_page
    page.goto("/components/")
    confirm = page.locator("details.confirm")
    confirm.locator("summary").click()
    assert confirm.locator("button").is_visible()
    page.keyboard.press("Escape")
    assert not confirm.locator("button").is_visible()


def test_the_keyboard_reaches_the_content_first(browser_page):
    browser_page.goto("/law/")
    browser_page.keyboard.press("Tab")
    browser_page.keyboard.press("Enter")
    assert browser_page.evaluate("document.activeElement.id") == "main"

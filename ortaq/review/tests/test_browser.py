"""The commission's pages in a real browser: scripts, keys, phones, and those who cannot see."""

import pytest

from ortaq.review.models import ScoreSheet

from .scenes import FULL, declaring, forming, meeting, scoring

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]


def saved(page, number):
    """Wait until the page says that version `number` is saved."""
    page.wait_for_selector(f"#autosave input[name=version][value='{number}']", state="attached")


@pytest.mark.req("GR-S-10")
def test_the_sheet_follows_the_ticks_obeys_keys_and_saves_itself(browser_page, sign_in):
    scene = scoring()
    page = browser_page
    sign_in(page, scene.cast.erlan)
    page.goto(f"/review/dossiers/{scene.dossiers[0].pk}/")
    first = page.locator("[data-criterion=S1_capacity]")
    first.locator("input[type=checkbox]").nth(0).check()
    first.locator("input[type=checkbox]").nth(1).check()
    assert first.locator("input[type=radio]:checked").input_value() == "3"
    saved(page, 1)
    # By hand: the key 5 in the criterion one is in, then an arrow down from a tick.
    first.locator("input[type=checkbox]").nth(0).focus()
    page.keyboard.press("5")
    assert first.locator("input[type=radio]:checked").input_value() == "5"
    page.keyboard.press("ArrowUp")
    assert first.locator("input[type=radio]:checked").input_value() == "4"
    # A digit typed into the comment is text and gives no points.
    first.locator("textarea").fill("Үш жылда 2 жоба")
    first.locator("textarea").press("1")
    page.wait_for_selector("form[data-sheet]:not([data-unsaved])")
    mark = ScoreSheet.objects.get().marks["S1_capacity"]
    assert (mark["points"], mark["ticks"], mark["comment"]) == (4, [0, 1], "Үш жылда 2 жоба1")
    assert page.locator("#total strong").inner_text() == "4"


def test_two_windows_are_shown_both_texts(browser_page, sign_in):
    scene = scoring()
    page = browser_page
    sign_in(page, scene.cast.erlan)
    address = f"/review/dossiers/{scene.dossiers[0].pk}/"
    page.goto(address)
    other = page.context.new_page()
    other.goto(address)
    other.locator("[data-criterion=S1_capacity] textarea").fill("Екінші терезе")
    saved(other, 1)
    page.locator("[data-criterion=S1_capacity] textarea").fill("Бірінші терезе")
    page.wait_for_selector("#conflict .conflict")
    assert "Екінші терезе" in page.locator("#conflict").inner_text()
    field = page.locator("[data-criterion=S1_capacity] textarea")
    assert field.input_value() == "Бірінші терезе"
    other.close()


def test_pages_are_fit_for_everybody(browser_page, sign_in, axe):
    found = {}
    page = browser_page

    def look(address):
        page.goto(address)
        found[address] = axe(page)
        page.set_viewport_size({"width": 390, "height": 800})
        wide = page.evaluate("document.documentElement.scrollWidth")
        page.set_viewport_size({"width": 1280, "height": 900})
        assert wide <= 390, f"{address} is {wide} wide on a phone"

    scene = forming()
    sign_in(page, scene.cast.gulnara)
    for tab in ("", "seats/", "candidates/"):
        look(f"/review/panels/{scene.panel.pk}/{tab}")
    look("/experts/")
    look(f"/experts/{scene.experts[0].pk}/")
    look("/returns/")
    scene = declaring()
    sign_in(page, scene.cast.erlan)
    look(f"/review/panels/{scene.panel.pk}/declaration/")
    scene = meeting(points=(FULL | {"S3_content": 7},) * 2)
    sign_in(page, scene.cast.erlan)
    for tab in ("dossiers/", "election/", "points/"):
        look(f"/review/panels/{scene.panel.pk}/{tab}")
    look(f"/review/dossiers/{scene.dossiers[0].pk}/points/")
    look(f"/review/dossiers/{scene.dossiers[0].pk}/")
    sign_in(page, scene.cast.saule)
    look(f"/review/panels/{scene.panel.pk}/meeting/")
    look(f"/review/panels/{scene.panel.pk}/progress/")
    assert {address: wrong for address, wrong in found.items() if wrong} == {}

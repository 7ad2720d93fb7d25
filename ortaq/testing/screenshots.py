"""`make screenshots`: the pictures of the guides, taken while the demonstration's story is told, in every language.

They are made and not committed: a page that changes has its picture the next time. Without a Chromium nothing is made,
and the guides are read without pictures.
"""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.request import urlopen

from ortaq.testing.browser import FLAGS, chromium

if TYPE_CHECKING:
    from playwright.sync_api import Browser

ROOT = Path(__file__).resolve().parents[2]
GUIDES = ROOT / "docs" / "guides"
LANGUAGES = ("kk", "ru", "en")
NAMED = re.compile(r"!\[[^\]]*\]\(\.\./images/(\w+)/([\w-]+)\.png\)")
HEIGHT = 760


@dataclass(frozen=True, slots=True)
class Shot:
    """A picture: its name, the stage of the story, whose page it is (nobody's: empty), and where; `phone` shows it narrow."""

    name: str
    stage: str
    who: str
    address: Callable[[], str]
    phone: bool = False


def shots() -> tuple[Shot, ...]:
    """Every picture of the guides, in the order of the story. Needs Django."""
    from django.urls import reverse

    from ortaq.demo.path import competition, order, oversight, prizes, projects, returns
    from ortaq.demo.path.leg import page
    from ortaq.demo.tours.looking import aliyas_tenge

    def searched() -> str:
        return reverse("portal:search") + "?q=жастар"

    return (
        Shot("tours", "announced", "", page("demo:guide")),
        Shot("ngo-draft", "announced", "aliya", competition.aliyas_application, phone=True),
        Shot("ministry-return", "announced", "askar", returns.of_ngo("ruh", 2019)),
        Shot("administrator-console", "announced", "serik", page("operations:console")),
        Shot(
            "operator-check",
            "submitted",
            "gulnara",
            competition.of_competition("competition_applications", "?state=submitted"),
        ),
        Shot("operator-panel", "submitted", "gulnara", competition.of_panel("panel")),
        Shot("expert-files", "scoring", "erlan", competition.of_panel("dossiers")),
        Shot("expert-ranking", "meeting", "erlan", competition.of_panel("ranking")),
        Shot("operator-outcomes", "published", "gulnara", competition.of_competition("outcomes")),
        Shot("citizen-tenge", "contracted", "", aliyas_tenge),
        Shot("ngo-project", "running", "aliya", projects.of_project("aqqu"), phone=True),
        Shot("akimat-comments", "discussion", "saule", order.of_list("akimat", "comments")),
        Shot("akimat-tender", "bidding", "saule", order.of_tender("tender_manage")),
        Shot("akimat-oversight", "monitored", "saule", page("oversight:oversight")),
        Shot("expert-evaluation", "monitored", "erlan", oversight.of_evaluation("aqqu")),
        Shot("ministry-reports", "evaluated", "askar", page("oversight:collected")),
        Shot("citizen-search", "evaluated", "", searched),
        Shot("citizen-data", "evaluated", "", page("opendata:index")),
        Shot("ministry-decision", "deciding", "askar", prizes.shared),
    )


def named() -> set[tuple[str, str]]:
    """Language and name of every picture that a guide shows."""
    return {
        found
        for page in sorted(GUIDES.glob("*/*.md"))
        for found in NAMED.findall(page.read_text("utf-8"))
    }


def main() -> int:
    """Make every picture anew; 0 also where there is no browser, which is said."""
    browser = chromium()
    if browser is None:
        print("No Chromium here, so no pictures: the guides are read without them.")
        return 0
    with tempfile.TemporaryDirectory(prefix="ortaq-shots-") as folder, socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
        free.close()
        site = f"http://127.0.0.1:{port}"
        os.environ.update(
            ORTAQ_VAR=folder,
            ORTAQ_DEMO="1",
            ORTAQ_DATABASE_URL=f"sqlite:///{folder}/ortaq.sqlite3",
            ORTAQ_SITE_URL=site,
            ORTAQ_NCALAYER_URL=f"ws://127.0.0.1:{port + 1}/",
            DJANGO_SETTINGS_MODULE="ortaq.site.settings",
            DJANGO_ALLOW_ASYNC_UNSAFE="true",  # Playwright keeps a loop in this thread
        )
        import django

        django.setup()
        from django.core.management import call_command

        from ortaq.demo import loading

        call_command("migrate", verbosity=0)
        loading.load("announced")
        served = subprocess.Popen(
            [sys.executable, "-m", "ortaq", "serve", "--port", str(port), "--workers", "1"],
            stdout=subprocess.DEVNULL,
        )
        try:
            until = time.monotonic() + 60
            while time.monotonic() < until:
                with suppress(OSError), urlopen(site, timeout=30):
                    break
                time.sleep(0.3)
            taken = walk(browser, site)
        finally:
            served.terminate()
            served.wait(30)
    print(f"{taken} pictures in docs/guides/images/")
    return 0


def walk(path: str, site: str) -> int:
    """Tell the story stage by stage and take the pictures of each; how many."""
    from playwright.sync_api import sync_playwright

    from ortaq.core import clock
    from ortaq.demo import story, travel

    taken = 0
    wanted = shots()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        for stage, at in story.STAGES.items():
            here = [shot for shot in wanted if shot.stage == stage]
            if not here:
                continue
            with clock.ahead(travel.ahead()):
                if clock.now() < at:
                    travel.go(at)
            with clock.ahead(travel.ahead()):
                for shot in here:
                    for language in LANGUAGES:
                        take(browser, site, shot, language)
                        taken += 1
        browser.close()
    return taken


def take(browser: Browser, site: str, shot: Shot, language: str) -> None:
    """One picture: the page as its person sees it."""
    width = 400 if shot.phone else 1100
    context = browser.new_context(
        base_url=site,
        locale={"kk": "kk-KZ", "ru": "ru-RU", "en": "en-GB"}[language],
        timezone_id="Asia/Almaty",
        viewport={"width": width, "height": HEIGHT},
    )
    context.add_cookies([{"name": "ortaq_language", "value": language, "url": site}])
    page = context.new_page()
    if shot.who:
        page.goto("/demo/")
        page.locator(f'form[action="/demo/people/{shot.who}/sign-in/"] button').last.click()
    answer = page.goto(shot.address())
    if answer is None or answer.status != 200:
        raise SystemExit(f"{shot.name}: {page.url} answers {answer and answer.status}")
    target = GUIDES / "images" / language / f"{shot.name}.png"
    target.parent.mkdir(parents=True, exist_ok=True)
    # Below the clock of the demonstration and the head that all pages have.
    box = page.locator("body > .page").first.bounding_box()
    top = box["y"] if box else 0
    page.set_viewport_size({"width": width, "height": HEIGHT + int(top)})
    page.screenshot(path=target, clip={"x": 0, "y": top, "width": width, "height": HEIGHT})
    context.close()


if __name__ == "__main__":
    sys.exit(main())

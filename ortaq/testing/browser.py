"""A real browser: Chromium as the system brings it, driven by Playwright."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page
    from pytest_django.live_server_helper import LiveServer

# First the one without windows: the same pages for half of the processor's time.
NAMES = (
    *("chromium-headless-shell", "chrome-headless-shell"),
    *("chromium", "chromium-browser", "google-chrome", "google-chrome-stable"),
)
FLAGS = [
    "--no-sandbox",  # CI runs as root; the pages are our own
    "--disable-gpu",
    "--disable-software-rasterizer",
    "--disable-dev-shm-usage",
    # A browser that calls home would wait for a network that tests do not have.
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-quic",
    "--no-first-run",
    # A page drawn where the last one stood, not in a frame of its own, costs a fifth less; the first is
    # Playwright's, whose list this replaces.
    "--enable-features=CDPScreenshotNewSurface,RenderDocument:level/crashed-frame",
]
# Everything WCAG 2.2 AA asks and axe can see.
STANDARD = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]


def chromium() -> str | None:
    """The path of the machine's Chromium, or None."""
    named = os.environ.get("ORTAQ_CHROMIUM")
    return named or next((path for name in NAMES if (path := shutil.which(name))), None)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One browser for the whole run; skips where the machine has none."""
    path = chromium()
    if path is None:
        pytest.skip("browser tests: Chromium not found: install chromium")
    from playwright.sync_api import sync_playwright

    # Playwright keeps an event loop in this thread, and Django would take the test for async code.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield launched
        launched.close()


@pytest.fixture
def browser_page(browser: Browser, live_server: LiveServer) -> Iterator[Page]:
    """A fresh page on the live server (`page.goto("/...")`), in Kazakh at desk width.

    A script error or a breach of the content security policy fails the test at its end.
    """
    context = browser.new_context(
        base_url=live_server.url,
        locale="kk-KZ",
        timezone_id="Asia/Almaty",
        viewport={"width": 1280, "height": 900},
        reduced_motion="reduce",  # what glides into place is drawn ten times on its way
    )
    context.set_default_timeout(30_000)  # for a machine that does other things too
    page = context.new_page()
    troubles: list[str] = []
    page.on("pageerror", lambda error: troubles.append(str(error)))
    page.on(
        "console",
        lambda message: (
            troubles.append(message.text) if "Content Security Policy" in message.text else None
        ),
    )
    yield page
    context.close()
    if troubles:
        pytest.fail("\n".join(troubles))


@pytest.fixture
def sign_in(live_server: LiveServer) -> Callable[..., None]:
    """`sign_in(page, user)`: the browser is that person, without the sign-in form."""
    from django.conf import settings
    from django.test import Client

    def sign_in(page: Page, user: object) -> None:
        client = Client()
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")  # type: ignore[arg-type]
        cookie = client.cookies[settings.SESSION_COOKIE_NAME]
        page.context.add_cookies(
            [{"name": cookie.key, "value": cookie.value, "url": live_server.url}]
        )

    return sign_in


@pytest.fixture
def axe() -> Callable[[Page], list[str]]:
    """What WCAG 2.2 AA finds wrong with a page, one line for each element; it should be nothing."""
    from axe_playwright_python.sync_playwright import Axe

    def check(page: Page) -> list[str]:
        options = {"runOnly": {"type": "tag", "values": STANDARD}, "resultTypes": ["violations"]}
        found = Axe().run(page, options=options).response["violations"]
        return [
            f"{violation['id']}: {violation['help']}: {node['html']}"
            for violation in found
            for node in violation["nodes"]
        ]

    return check

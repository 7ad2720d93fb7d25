"""Every page that somebody can open, through axe: WCAG 2.2 AA in three languages, on a telephone and at a desk.

The pages are those of the table of addresses, each for one person who may open it. The browser asks no server: what it
asks for is answered by the house itself, in the transaction of the test.
"""

from __future__ import annotations

import mimetypes
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest
from django.contrib.staticfiles import finders
from django.test import Client

from .test_addresses import TABLES, AnyWorld, begun, clients, lines

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page, Route

SITE = "http://testserver"
LANGUAGES = ("kk", "ru", "en")
WIDTHS = (390, 1280)
Look = Callable[[Client, str, str], Iterator[str]]
# What somebody is asked for first: the public's page where there is one, then whoever has most to do with it.
FIRST = ("nobody",)


def pages(world: AnyWorld) -> Iterator[tuple[str, str]]:
    """(who, path) of every page of a world that somebody can open."""
    seen: set[str] = set()
    for line in lines(world):
        expected = line.expected["GET"] or {}
        who = [role for role, status in expected.items() if status == 200]
        if who and (path := line.path(world)) not in seen:
            seen.add(path)
            yield next((role for role in FIRST if role in who), who[0]), path


def answer(route: Route, *, browser: Client, language: str) -> None:
    """What the house, or its static files, say to a request of the browser."""
    address = urlsplit(route.request.url)
    if address.path.startswith("/static/"):
        found = finders.find(address.path.removeprefix("/static/"))
        kind = mimetypes.guess_type(address.path)[0] or "application/octet-stream"
        if isinstance(found, str):
            route.fulfill(body=Path(found).read_bytes(), content_type=kind)
        else:
            route.fulfill(status=404)
        return
    browser.cookies["ortaq_language"] = language
    response: Any = browser.get(f"{address.path}?{address.query}")
    content = b"".join(response) if response.streaming else response.content
    response.close()
    route.fulfill(status=response.status_code, body=content, content_type=response["Content-Type"])


def is_page(browser: Client, path: str) -> bool:
    """Whether an address answers with a page and not with a paper, a table or a picture."""
    response: Any = browser.get(path)
    response.close()
    return str(response["Content-Type"]).startswith("text/html")


@pytest.fixture
def look(browser: Browser, axe: Callable[[Page], list[str]]) -> Iterator[Look]:
    """`look(who, path, language)`: what is wrong with a page, at each width."""
    context = browser.new_context(base_url=SITE, locale="kk-KZ", timezone_id="Asia/Almaty")
    page = context.new_page()

    def look(client: Client, path: str, language: str) -> Iterator[str]:
        page.unroute_all()
        page.route("**/*", partial(answer, browser=client, language=language))
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 900})
            page.goto(path, wait_until="domcontentloaded")
            yield from (f"at {width}: {one}" for one in axe(page))
            wide = page.evaluate("document.documentElement.scrollWidth")
            if wide > width:
                yield f"at {width}: wider than the window, {wide}"

    yield look
    context.close()


@pytest.mark.every_page
@pytest.mark.browser
@pytest.mark.django_db
@pytest.mark.usefixtures("known")
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("made", TABLES, ids=lambda made: made.__name__)
def test_every_page_meets_the_standard(clock, look, made, language):
    world = begun(made, clock)
    browsers, wrong = clients(world), []
    for who, path in pages(world):
        browser = browsers[who]
        if (user := getattr(browser, "user", None)) is not None:
            user.language = language
        if is_page(browser, path):
            wrong += [f"{language} {who} {path} {one}" for one in look(browser, path, language)]
    assert not wrong, "\n".join(wrong)

"""Every page that somebody can open, through axe: WCAG 2.2 AA in three languages, on a telephone and at a desk.

The pages are those of the table of addresses, each for one person who may open it. The browser asks no server: the page is made
in the transaction of the test, and handed to it.
"""

from __future__ import annotations

import mimetypes
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit

import pytest
from django.contrib.staticfiles import finders
from django.test import Client

from .test_addresses import TABLES, AnyWorld, begun, clients, lines

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page, Route

SITE = "http://testserver"
LANGUAGES = ("kk", "ru", "en")
WIDTHS = (390, 1280)
Look = Callable[[str, bytes], Iterator[str]]
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


def page_of(client: Client, path: str, language: str) -> bytes:
    """The page that the house answers with; nothing for a paper, a table, a picture or a part of a page."""
    client.cookies["ortaq_language"] = language
    response: Any = client.get(path)
    content: bytes = b"".join(response) if response.streaming else response.content
    assert response.status_code == 200, path
    return content if content.lstrip()[:9].lower() == b"<!doctype" else b""


def answer(route: Route, *, path: str, content: bytes) -> None:
    """To a request of the browser: the page, or a static file of the house."""
    asked = unquote(urlsplit(route.request.url).path)
    if asked == path:
        route.fulfill(body=content, content_type="text/html; charset=utf-8")
        return
    name = asked.removeprefix("/static/")
    found = finders.find(name) if name != asked else None
    if isinstance(found, str):
        kind = mimetypes.guess_type(asked)[0] or "application/octet-stream"
        route.fulfill(body=Path(found).read_bytes(), content_type=kind)
    else:
        route.fulfill(status=404)


@pytest.fixture
def look(browser: Browser, axe: Callable[[Page], list[str]]) -> Iterator[Look]:
    """`look(path, content)`: what is wrong with a page, at each width."""
    context = browser.new_context(base_url=SITE, locale="kk-KZ", timezone_id="Asia/Almaty")
    page = context.new_page()

    def look(path: str, content: bytes) -> Iterator[str]:
        page.unroute_all()
        page.route("**/*", partial(answer, path=unquote(path), content=content))
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
        if content := page_of(browser, path, language):
            wrong += [f"{language} {who} {path} {one}" for one in look(path, content)]
    assert not wrong, "\n".join(wrong)

"""The worst that can be sent to the pages of the house: it is answered, kept, and breaks nothing."""

from __future__ import annotations

import html
from collections.abc import Iterator
from itertools import cycle
from typing import Any
from uuid import UUID

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.urls import reverse
from lxml.html import FormElement, fromstring

from ortaq.testing.walking import Walker

from .social_order import SocialOrder
from .test_addresses import TABLES, AnyWorld, Line, begun, clients, is_page, lines, shown, undone

# Whoever is shown a form of the house is like one of these.
WRITERS = ("citizen", "head", "expert", "operator", "akimat", "neighbour")
ON_EVERY_PAGE = ("/language/", "/account/", "/components/")
PAPERS = {"docx", "pdf", "html"}
WRITTEN = {"text", "textarea", "email", "tel", "url", "search"}
# Right to left, without width, beyond the basic plane, markup, a template.
WILD = "Ә\u202e\u200b😀<b>&{{x}}"
A_MILLION = "ұзақ мәтін " * 50_000  # bytes
# What no form of ours sends in a field, written or not.
JUNK = ("\0", "9" * 40)  # a database takes neither
NO_DIGIT = "²"
# In place of files, one after the other: what a browser would run, what is two things at once, what somebody's machine
# would. Under names that want to be markup or another folder.
_A_PAGE = b"<html><script>alert(1)</script></html>"
HOSTILE = cycle(
    (
        ("шешім.pdf", b"MZ\x90\x00" + b"\0" * 100),
        ('"><svg onload=alert(1)>.pdf', _A_PAGE),
        ("../../шешім.png", b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'),
        ("шешім.pdf.html", _A_PAGE + b"%PDF-1.7\n%%EOF"),
        ("шешім.docx", b"PK\x03\x04" + _A_PAGE),
        ("шешім.csv", b"GIF89a\x00\x01" + _A_PAGE),
        ("шешім.jpg", b"%!PS-Adobe-3.0\n(x) run"),
        ("шешім.xlsx", b"\x7fELF" + b"\0" * 60),
    )
)
REFUSED = {200, 404, 409, 422}
# Any lines of text are a list of names here: kept as a table, given away as a download and never shown.
A_LIST = "/people/import/"


def pages_of(world: AnyWorld) -> Iterator[tuple[Client, str, str]]:
    """Every page that may show a form, in the browser of somebody to whom it is shown: where, and what it is."""
    browsers = clients(world)
    seen = shown.pop(type(world), {})
    for line in lines(world):
        writers = (*WRITERS, *getattr(world, "writers", ()))
        able = [role for role in writers if (line.expected["GET"] or {}).get(role) == 200]
        for role in able:
            if PAPERS.isdisjoint(line.words):
                path = line.path(world)
                page = seen.get((role, path))
                yield browsers[role], path, drawn(browsers[role], path) if page is None else page
    if isinstance(world, SocialOrder):
        for user, path in world.later():
            yield Walker(user), path, drawn(Walker(user), path)


def drawn(browser: Client, path: str) -> str:
    answer, page = undone(browser, "GET", path)
    return page if is_page(answer) else ""


def forms_of(world: AnyWorld) -> Iterator[tuple[Client, str, FormElement]]:
    """Every form of the house, its address, and the browser of somebody to whom it is shown."""
    seen = set()
    for browser, path, page in pages_of(world):
        for form in fromstring(page).forms if page else ():
            action = (form.get("action") or path).partition("#")[0] or path
            key = action, *sorted(form.fields.keys())
            if form.method == "POST" and key not in seen:
                seen.add(key)
                if not action.startswith(ON_EVERY_PAGE):
                    yield browser, action, form


def filled(form: FormElement, text: str, other: str | None = None) -> dict[str, Any]:
    """What the form would send with `text` in all that is written, a program in place of files, and
    `other` in all else (None: what stands there).
    """
    data: dict[str, Any] = {}
    for field in form.inputs:
        kind = field.get("type", "text") if field.tag == "input" else field.tag
        if not field.name:
            continue
        if kind == "file":
            name, content = next(HOSTILE)
            data[field.name] = SimpleUploadedFile(name, content)
        elif kind in WRITTEN:
            data[field.name] = text
        elif other is not None:
            data[field.name] = other
        elif field.value:
            data[field.name] = field.value if isinstance(field.value, str) else list(field.value)
    return data


@pytest.mark.once
@pytest.mark.django_db
@pytest.mark.parametrize("made", TABLES, ids=lambda made: made.__name__)
def test_every_form_answers_the_worst_and_keeps_what_was_typed(clock, known, made, monkeypatch):
    """What was typed stays; of the files nothing does. What PostgreSQL would refuse, SQLite refuses too (`ortaq.testing.refusing`)."""
    world = begun(made, clock)
    wrong, tried, action = list[str](), 0, ""

    def kept(*_content: object) -> None:
        if not action.endswith(A_LIST):
            wrong.append(f"{action}: kept such a file")

    monkeypatch.setattr("ortaq.core.files.put", kept)
    for browser, action, form in forms_of(world):
        tried += 1
        for what, sent in the_worst(form):
            answer, page = undone(browser, "POST", action, sent)
            if answer.status_code not in {*REFUSED, 302}:
                wrong.append(f"{action}: {answer.status_code} for {what}")
            if answer.status_code in REFUSED and page.count(html.escape(WILD)) < typed(sent):
                wrong.append(f"{action}: what was typed is gone ({answer.status_code})")
    assert tried >= 5
    assert not wrong, "\n".join(wrong)


def typed(data: dict[str, Any]) -> int:
    return list(data.values()).count(WILD)


def the_worst(form: FormElement) -> Iterator[tuple[str, dict[str, Any]]]:
    """What is sent, and what it is called."""
    for junk in JUNK if filled(form, "") else ():
        yield repr(junk[:10]), filled(form, junk, junk)
    yield "wild texts", filled(form, WILD)
    if not filled(form, ""):
        return
    yield "no digit", filled(form, NO_DIGIT, NO_DIGIT)
    yield (
        "an empty file and nothing else",
        {
            name: SimpleUploadedFile("шешім.pdf", b"") if hasattr(value, "read") else ""
            for name, value in filled(form, "").items()
        },
    )
    # The longest texts are those of areas; one such field is as good as all.
    data = filled(form, "Мәтін")
    names = [field.name for field in form.inputs if field.name in data and field.tag == "textarea"]
    names += [name for name, value in data.items() if value == "Мәтін"]
    if names:
        yield "a text of a million bytes", data | {names[0]: A_MILLION}


@pytest.mark.every_database
@pytest.mark.django_db
@pytest.mark.parametrize("made", TABLES, ids=lambda made: made.__name__)
def test_every_page_takes_any_query_and_any_number_for_what_it_is(clock, undoing, made):
    """Parameters that are no page, no order, no row; rows with a number beyond every database."""
    world = begun(made, clock)
    browsers = clients(world)
    wrong, asked = [], set()
    for line in lines(world):
        expected = line.expected["GET"]
        role = next((role for role, status in (expected or {}).items() if status == 200), None)
        if role is None:
            continue
        # A view reads its query in one way whatever it is about; a paper reads none.
        known_already = line.name in asked or not PAPERS.isdisjoint(line.words)
        queries = () if known_already else QUERIES[connection.vendor]
        asked.add(line.name)
        ways = [(line.path(world), dict.fromkeys(PARAMETERS, junk)) for junk in queries]
        if any(word in world.things for word in line.words):
            ways.insert(0, (beyond(line, world), {}))
        for path, query in ways:
            answer, _page = undone(browsers[role], "GET", path, query)
            # Data for machines: a filter that is not known is refused in a sentence, never ignored.
            refused = answer.status_code in {400, 422} and "html" not in answer["Content-Type"]
            if answer.status_code not in {200, 404} and not refused:
                wrong.append(f"{path} {query}: {answer.status_code}")
            # Nobody has looked at the query: any other would come to the same.
            if query and "GET" not in vars(answer.wsgi_request):
                break
    assert not wrong, "\n".join(wrong)


PARAMETERS = (
    *("page", "q", "sort", "lot", "state", "kind", "direction", "side", "year", "instead", "show"),
    *("language", "from", "organisation", "next"),
)
PAGE = "WyIrIiwieCIsMTAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwXQ"  # ["+","x",100000000000000000000000]
# That each page answers at all differs between databases; what it does with NUL does not (`ortaq.testing.refusing`).
QUERIES = {"sqlite": (*JUNK, NO_DIGIT, PAGE), "postgresql": JUNK[1:]}


def beyond(line: Line, world: AnyWorld) -> str:
    """The address with numbers and words that name nothing."""
    words = [
        nothing_like(world.things[word]) if word in world.things else word for word in line.words
    ]
    return reverse(line.name, args=words)


def nothing_like(thing: Any) -> Any:
    """A word stays; in place of what has a number stands one that nothing has."""
    if isinstance(thing, str):
        return thing
    return UUID(int=0) if isinstance(getattr(thing, "pk", thing), UUID) else 10**40

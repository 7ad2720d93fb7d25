"""Every address of the house, asked for by everybody: what each gets stands in the tables of `expected`."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import cycle
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.urls import URLResolver, get_resolver, reverse

from ortaq.testing.clock import TestClock
from ortaq.testing.remembered import remembered
from ortaq.testing.walking import Walker

from .award_world import Awarding
from .expected import awarding, house, oversight, prizes, project_room, social_order
from .oversight_world import Oversight
from .prize_world import Prizes
from .project_world import ProjectRoom
from .scenes import World
from .social_order import SocialOrder

AnyWorld = World | SocialOrder | ProjectRoom | Oversight | Prizes | Awarding

# What several roles are called together. An expert of the register sits on the commission; the
# register of experts is kept by any operator's officer.
GROUPS = {
    "ngo": ("head", "accountant"),
    "member": ("expert", "recused"),
    "register": ("operator", "stranger"),
    "officer": ("operator", "stranger", "akimat", "authority"),
    "bodies": ("akimat", "neighbour", "authority"),
    "commission": ("commissioner", "secretary"),
    # Of a project: everybody of its NGO and its body; those who see its people; who answers for nothing.
    "parties": ("head", "accountant", "helper", "operator", "clerk"),
    "seers": ("head", "accountant", "operator"),
    "customers": ("head", "accountant", "helper", "akimat"),
    "staff": ("helper", "operator", "clerk"),
    "members": ("helper", "clerk"),
}
# What differs from one answer to the next: tokens, and where one stands in the house.
RANDOM = re.compile(
    r'csrfmiddlewaretoken" value="[^"]*|name="code" value="[^"]*|"X-CSRFToken": "[^"]*|name="next" value="[^"]*'
    r'| aria-current="page"'
)
TABLES: dict[type[AnyWorld], str] = {
    World: house.ADDRESSES,
    SocialOrder: social_order.ADDRESSES,
    ProjectRoom: project_room.ADDRESSES,
    Oversight: oversight.ADDRESSES,
    Prizes: prizes.ADDRESSES,
    Awarding: awarding.ADDRESSES,
}
# Pages for telephones know a light page of their own for what is not there.
LIGHT = ("/e/", "/q/", "/api/v1/")
# The same for whoever asks, whoever is signed in: any cache may keep it.
SHARED = ("/api/v1/", "/feeds/", "/open-data/", "/calendars/")
# Whoever has the link of a receipt is the applicant.
OWN = {
    "projects:small_grants_receipt",
    "projects:small_grants_amend",
    "projects:small_grants_withdraw",
}
# An NGO that takes part elsewhere may do here what a rival may, where the rival has nothing of their own.
ALIKE: dict[type[AnyWorld], dict[str, str]] = {
    World: {"newcomer": "rival"},
    SocialOrder: {"newcomer": "rival"},
}
NOBODY = {"GET": 302, "POST": 403}
# What this process's walks were shown, by world, role and address: whoever looks at the same pages for their forms
# (`test_bad_input`) need not draw them anew. What is no page is "".
shown: dict[type[AnyWorld], dict[tuple[str, str], str]] = {}


@dataclass(frozen=True)
class Line:
    """One line of the table, with the status of each role by method; None: not taken."""

    name: str
    words: tuple[str, ...]
    expected: dict[str, dict[str, int] | None]

    def path(self, world: AnyWorld) -> str:
        found = [world.things.get(word, word) for word in self.words]
        return reverse(self.name, args=[getattr(thing, "pk", thing) for thing in found])


def names_declared() -> set[str]:
    tables = "".join(TABLES.values())
    return {text.split()[0] for text in filter(None, tables.splitlines())}


def lines(world: AnyWorld) -> Iterator[Line]:
    roles = list(world.people)
    for text in filter(None, TABLES[type(world)].splitlines()):
        address, get, post = text.split("|")
        name, *words = address.split()
        alike = ALIKE.get(type(world), {})
        expected = {
            "GET": statuses(get, "GET", roles, alike),
            "POST": statuses(post, "POST", roles, alike),
        }
        yield Line(name, tuple(words), expected)


def statuses(
    text: str, method: str, roles: list[str], alike: Mapping[str, str]
) -> dict[str, int] | None:
    if text.strip() == "-":
        return None
    said: dict[str, int] = {}
    for part in filter(None, text.strip().split(", ")):
        *names, status = part.split()
        for name in names:
            said |= dict.fromkeys(GROUPS.get(name, (name,)), int(status))
    unknown = set(said) - set(roles) - {"all", "rest"}
    assert not unknown, f"No such role: {unknown}"
    if "all" in said:
        return dict.fromkeys(roles, said["all"])
    said = {role: said[like] for role, like in alike.items() if like in said} | said
    others = dict.fromkeys(roles, said.get("rest", 404)) | {"nobody": NOBODY[method]}
    return {role: said.get(role, others[role]) for role in roles}


def names(resolver: URLResolver, space: str = "") -> Iterator[str]:
    """The names of all addresses, those of libraries too."""
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLResolver):
            inside = f"{space}{pattern.namespace}:" if pattern.namespace else space
            yield from names(pattern, inside)
        else:
            yield f"{space}{pattern.name}"


def body(answer: Any) -> str:
    """The text of an answer without what is random; what is streamed is read to its end."""
    content = b"".join(answer) if answer.streaming else answer.content
    return RANDOM.sub("", content.decode("utf-8", "replace"))


@remembered
def begun(made: type[AnyWorld], clock: TestClock) -> AnyWorld:
    """A world with nobody on the way in it yet."""
    return made(clock)


def clients(world: AnyWorld) -> dict[str, Client]:
    """A browser for each role, in which they have signed in."""
    return {role: Walker(user) for role, user in world.people.items()}


def test_every_address_has_its_line():
    assert names_declared() == set(names(get_resolver()))


@pytest.mark.once
@pytest.mark.django_db
@pytest.mark.parametrize("made", TABLES, ids=lambda made: made.__name__)
@pytest.mark.req("GR-C-11", "GR-S-17")
def test_everybody_gets_what_is_theirs_at_every_address_and_what_is_hidden_looks_absent(
    clock, undoing, made
):
    """Each request is undone after it, so that all meet the same world."""
    world = begun(made, clock)
    browsers = clients(world)
    absent = body(browsers["nobody"].get(reverse("grants:competition", args=[10**9])))
    seen = shown.setdefault(made, {})
    wrong = []
    for line in lines(world):
        path = line.path(world)
        for method, expected in line.expected.items():
            for role in asking(expected):
                answer, text = undone(browsers[role], method, path)
                if method == "GET" and answer.status_code == 200:
                    seen[role, path] = text if is_page(answer) else ""
                wanted = expected[role] if expected else 405
                wrong += [
                    f"{line.name} {method} {role}: {one}"
                    for one in unsafe(answer, text, role, path)
                ]
                if answer.status_code != wanted:
                    wrong.append(f"{line.name} {method} {role}: {answer.status_code}, not {wanted}")
                elif (
                    (method, wanted) == ("GET", 404)
                    and text != absent
                    and not path.startswith(LIGHT)
                ):
                    wrong.append(f"{line.name} {role}: its 404 differs from that of nothing")
                hidden = world.private if role in world.kept_from and line.name not in OWN else ()
                if any(one in text for one in hidden):
                    wrong.append(f"{line.name} {method} {role}: reads what is private")
    assert not wrong, "\n".join(wrong)


# What a page may not hold, since its policy forbids it and the browser would drop it: scripts and styles within.
WITHIN = re.compile(
    r"""<script(?![^>]*\s(?:src=|type="application/json"))[^>]*>|<style\b|<[a-z][^>]*\s(?:on[a-z]+|style)=|javascript:""",
    re.IGNORECASE,
)


def is_page(answer: Any) -> bool:
    return bool(answer.get("Content-Type", "").startswith("text/html"))


def unsafe(answer: Any, text: str, role: str, path: str) -> Iterator[str]:
    """What of an answer could be turned against its reader."""
    policy = answer.get("Content-Security-Policy", "")
    if is_page(answer) and "Content-Disposition" not in answer:
        if answer.status_code == 200 and ("script-src 'self'" not in policy or "unsafe" in policy):
            yield f"a page under the policy {policy}"
        if found := WITHIN.search(text):
            yield f"holds {text[found.start() : found.start() + 90]}"
    elif "sandbox" not in policy:
        yield f"data under the policy {policy}"
    if answer.get("X-Content-Type-Options") != "nosniff" or "frame-ancestors 'none'" not in policy:
        yield "may be taken for something else, or be framed"
    if role != "nobody" and not path.startswith(SHARED):
        kept = answer.get("Cache-Control", "")
        if "private" not in kept and "no-store" not in kept:
            yield f"one reader's, kept for others: {kept}"


@pytest.mark.once
@pytest.mark.django_db
@pytest.mark.parametrize("made", TABLES, ids=lambda made: made.__name__)
def test_no_address_takes_a_method_that_no_form_sends(clock, undoing, made):
    """The methods in turn, as somebody who is let in almost everywhere."""
    world = begun(made, clock)
    browser = clients(world)["head"]
    methods = cycle(("PUT", "DELETE", "PATCH", "OPTIONS", "TRACE"))
    wrong = []
    for line, method in zip(lines(world), methods, strict=False):
        answer = browser.generic(method, line.path(world))
        allowed = {405} | ({401, 404, 422, 429} if line.name.startswith("api:v1:") else set())
        if answer.status_code not in allowed:
            wrong.append(f"{line.name} {method}: {answer.status_code}")
    assert not wrong, "\n".join(wrong)


def asking(expected: dict[str, int] | None) -> Iterable[str]:
    """Who asks: everybody; for what is public, three; where the method is not taken, one."""
    if expected is None:
        return ("citizen",)
    if set(expected.values()) != {200}:
        return expected
    return ("nobody", "head", "operator" if "operator" in expected else "akimat")


def undone(
    browser: Client, method: str, path: str, data: dict[str, Any] | None = None
) -> tuple[Any, str]:
    """An answer and its text; nothing of what the request did stays."""
    point = transaction.savepoint()
    answer = getattr(browser, method.lower())(path, data)
    text = body(answer)
    transaction.savepoint_rollback(point)
    browser.cookies.pop("messages", None)  # they would stand on the next page
    return answer, text

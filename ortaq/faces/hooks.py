"""Where other rooms hang what the house shows: the navigation, bars above each page, what one may begin.

The faces know no room above them. A room says in its `AppConfig.ready()`:

    hooks.navigation.append(hooks.Entry("grants:list", _("Competitions"), order=20))
    hooks.beginnings.append(hooks.Entry("grants:begin", _("Apply"), order=20))
    hooks.bars.append(clock_bar)          # a function: request → safe HTML or ""
    hooks.notices.append(flag_notices)    # likewise, at the head of the page's own content
    hooks.organisation_pages.append(page) # a function: organisation → address or ""
    hooks.followings.append(links)        # a function: filters → [(address, words)]
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from operator import attrgetter
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, get_script_prefix, get_urlconf, reverse

from . import say


def everybody(request: HttpRequest) -> bool:
    return True


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of the main navigation.

    `view` is the name of an address without arguments; `text` a lazy string; `shown(request)`
    says whether this reader sees it (it must not run a query of its own); the lowest `order`
    stands first.
    """

    view: str
    text: Any
    order: int = 50
    shown: Callable[[HttpRequest], bool] = everybody


@dataclass(frozen=True, slots=True)
class Link:
    """An entry as one page shows it, in the reader's words."""

    address: str
    text: str
    current: bool


@dataclass(frozen=True, slots=True)
class Navigation:
    """The entries of one reader: two rows of a desk's screen, and the rest behind one word."""

    shown: tuple[Link, ...]
    more: tuple[Link, ...]

    def __len__(self) -> int:
        return len(self.shown) + len(self.more)

    @property
    def is_within(self) -> bool:
        """Whether the present page is among the rest."""
        return any(link.current for link in self.more)


# So many entries stand open; one more than these stands with them, since a menu of one hides it for nothing.
OPEN = 10

navigation: list[Entry] = []
# What a reader may begin without being asked: the desk shows it.
beginnings: list[Entry] = []
bars: list[Callable[[HttpRequest], str]] = []
notices: list[Callable[[HttpRequest], str]] = []
# How what a page is about can be followed: filters → (address, words), see the tag `follow`.
followings: list[Callable[[Mapping[str, Any]], Sequence[tuple[str, Any]]]] = []
# Where everybody may read about an organisation, wherever a page names it.
organisation_pages: list[Callable[[Any], str]] = []


def links_for(request: HttpRequest) -> Navigation:
    """The navigation of this reader; the entry with the longest matching address is current."""
    found = _found(navigation, request)
    here = max(
        (address for address, _ in found if address != "/" and request.path.startswith(address)),
        key=len,
        default=request.path,
    )
    links = tuple(Link(address, text, address == here) for address, text in found)
    open_ones = len(links) if len(links) <= OPEN + 1 else OPEN
    return Navigation(links[:open_ones], links[open_ones:])


def beginnings_for(request: HttpRequest) -> list[Link]:
    """What this reader may begin, in the order of the entries."""
    return [Link(address, text, False) for address, text in _found(beginnings, request)]


def _found(entries: list[Entry], request: HttpRequest) -> list[tuple[str, str]]:
    """Address and text of each entry that this reader sees."""
    place = get_urlconf() or settings.ROOT_URLCONF, get_script_prefix()
    return [
        (address, say.text(entry.text))
        for entry in sorted(entries, key=attrgetter("order"))
        if entry.shown(request) and (address := _address(entry.view, *place))
    ]


@lru_cache(maxsize=256)
def _address(view: str, _urlconf: str, _prefix: str) -> str:
    """The address of a view; "" for one of a room that this installation does not have."""
    try:
        return reverse(view)
    except NoReverseMatch:
        return ""


def organisation_page(organisation: Any) -> str:
    """The address of the public page of an organisation; "" where it has none. Runs no query."""
    found = (page(organisation) for page in organisation_pages)
    return next((address for address in found if address), "")

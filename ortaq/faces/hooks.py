"""Where other rooms hang what every page shows: entries of the navigation and bars above the page.

The faces know no room above them. A room says in its `AppConfig.ready()`:

    hooks.navigation.append(hooks.Entry("grants:list", _("Competitions"), order=20))
    hooks.bars.append(clock_bar)          # a function: request → safe HTML or ""
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse


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
    """An entry as one page shows it."""

    address: str
    text: Any
    current: bool


navigation: list[Entry] = []
bars: list[Callable[[HttpRequest], str]] = []


def links_for(request: HttpRequest) -> list[Link]:
    """The navigation of this reader; the entry with the longest matching address is current."""
    found = []
    for entry in sorted(navigation, key=lambda entry: entry.order):
        if entry.shown(request):
            try:
                found.append((reverse(entry.view), entry.text))
            except NoReverseMatch:  # a room that this installation does not have
                continue
    here = max(
        (address for address, _ in found if address != "/" and request.path.startswith(address)),
        key=len,
        default=request.path,
    )
    return [Link(address, text, address == here) for address, text in found]

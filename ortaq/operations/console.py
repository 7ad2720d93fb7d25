"""The console: pages for whoever administers an installation. They tell how it works, never what people wrote in it.

A page of the console has one line in `ENTRIES`, its view stands under `for_staff` and answers with `page`, and its template
extends `operations/console.html`:

    @for_staff
    def work(request: ActorRequest) -> HttpResponse:
        return page(request, "operations/work.html", rows=...)
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext_lazy as _

from ortaq.faces.hooks import Link
from ortaq.people import policy
from ortaq.people.actor import ActorRequest


@dataclass(frozen=True, slots=True)
class Entry:
    """A page of the console: the name of its address (without arguments), its title, and what one finds there."""

    view: str
    title: Any
    about: Any = ""


# In the order in which they are shown. A name that has no address is left out.
ENTRIES: list[Entry] = [
    Entry("operations:console", _("Overview"), _("Whether everything that must run does run.")),
    Entry(
        "operations:schedule", _("Schedule"), _("What runs by itself, how it went, when it is due.")
    ),
    Entry("operations:works", _("Long work"), _("What people asked for that takes long.")),
    Entry("operations:letters", _("Letters"), _("Which letters left, which could not, and why.")),
    Entry("operations:accounts", _("Accounts"), _("Who is locked out, and letting them in again.")),
    Entry("operations:errors", _("Errors"), _("What broke, each place once.")),
    Entry("operations:slow", _("Slow"), _("What took longer than it may.")),
    Entry(
        "operations:violations",
        _("Refused content"),
        _("What browsers refused to load or run on our pages."),
    ),
]


def is_staff(request: HttpRequest) -> bool:
    """Whether the reader administers this installation; runs no query of its own."""
    actor = getattr(request, "actor", None)
    return actor is not None and policy.is_staff(actor)


def for_staff(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """A view of the console: for everybody else there is no such page."""

    @wraps(view)
    def shown(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not is_staff(request):
            raise Http404
        return view(request, *args, **kwargs)

    return shown


def page(
    request: ActorRequest, template: str, *, status: int = 200, **context: Any
) -> HttpResponse:
    """A page of the console: its template with `context` and the tabs of all pages."""
    return render(request, template, {"console": links(request), **context}, status=status)


def links(request: HttpRequest) -> list[Link]:
    """The pages of the console that this installation has; the one with the longest matching address is current."""
    found = []
    for entry in ENTRIES:
        try:
            found.append((entry, reverse(entry.view)))
        except NoReverseMatch:
            continue
    here = max((one for _entry, one in found if request.path.startswith(one)), key=len, default="")
    return [Link(address, entry.title, address == here) for entry, address in found]

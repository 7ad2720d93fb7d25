"""The search through everything that is public."""

from __future__ import annotations

from dataclasses import asdict

from django.http import HttpResponse
from django.shortcuts import render

from ortaq.faces.public import public_page
from ortaq.gazette import search as queries
from ortaq.gazette.models import Publication
from ortaq.people.actor import ActorRequest
from ortaq.portal.asking import NONE, Asked, asked_of, choices


@public_page("gazette")
def search(request: ActorRequest) -> HttpResponse:
    """What has the words that are looked for; it follows while somebody types."""
    asked, strange = asked_of(request.GET)
    narrow = {name: "" if value == NONE else value for name, value in asdict(asked).items()}
    asked = Asked(**{name: narrow[name] for name in queries.MARKS})
    typed = request.GET.get("q", "").replace("\0", "").strip()
    found = queries.search(typed, asdict(asked), request.GET.get("page", ""))
    labels = dict(Publication.Kind.choices)
    offered = choices()
    context = {
        "q": typed[: queries.LONGEST],
        "cut": len(typed) > queries.LONGEST,
        "asked": asked,
        "strange": strange,
        "found": found,
        "counted": queries.COUNTED,
        "kinds": [(kind, labels[kind], number) for kind, number in found.kinds.items()],
        "narrowed": any(asdict(asked).values()),
        "choices": {
            name: {value: text for value, text in given.items() if value != NONE}
            for name, given in offered.items()
        }
        | {"kind": labels},
    }
    return render(request, "portal/search.html", context)

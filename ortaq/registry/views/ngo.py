"""The public register of NGOs."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from ortaq import law
from ortaq.core import regions
from ortaq.faces import say
from ortaq.people.actor import ActorRequest
from ortaq.registry import queries, returns
from ortaq.registry.naming import LEGAL_FORMS
from ortaq.registry.queries import ngo as search

from .shared import one_of

# Longer than any name: what is pasted beyond it is not a name.
LONGEST = 200
# All fields that any act names: an NGO may work in one that grants do not know.
FIELDS = "social_order_2022"


@login_not_required
@require_safe
def ngos(request: ActorRequest) -> HttpResponse:
    """The register, searched by everybody; the list follows while somebody types."""
    year = search.year_asked()
    filings = search.filings(year)
    forms = [(form.value, form.label) for form in LEGAL_FORMS]
    choices: dict[str, list[tuple[str, Any]]] = {
        "region": regions.choices(),
        "direction": [(field.key, say.text(field.text)) for field in law.fields_of(FIELDS)],
        "size": [(key, words) for key, (_least, _most, words) in search.STAFF.items()],
        "legal_form": forms,
        "filing": list(filings.items()),
    }
    chosen = {name: one_of(request.GET.get(name), dict(known)) for name, known in choices.items()}
    asked = search.Asked(
        words=request.GET.get("q", "").strip()[:LONGEST], page=request.GET.get("page", ""), **chosen
    )
    found = queries.ngos(asked)
    names, due = dict(choices["region"]), returns.due_on(year)
    context = {
        "asked": asked,
        "opened": any(chosen.values()),
        "found": found,
        "year": year,
        "counted": search.COUNTED,
        "choices": choices,
        "lines": [
            {
                "ngo": ngo,
                "directions": found.directions[ngo.pk],
                "region": names.get(ngo.region_code, ""),
                "filing": filing,
                "filing_words": filings[filing],
                "size": search.size_words(ngo),
            }
            for ngo in found.page.rows
            for filing in [search.filing_of(ngo, year, due)]
        ],
    }
    return render(request, "registry/ngos.html", context)

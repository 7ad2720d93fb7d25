"""For everybody: the results of a round, and the archive of recipients."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from ortaq.core import regions
from ortaq.law import field_sets, fields_of
from ortaq.law import prizes as rules
from ortaq.people.actor import ActorRequest
from ortaq.prizes import standings
from ortaq.prizes.queries import award as queries
from ortaq.prizes.queries.round import timeline

from .awarding import grid_of

ASKED = ("q", "year", "field", "region")


@login_not_required
@require_safe
def results(request: ActorRequest, year: int) -> HttpResponse:
    """Who got the prizes of a year, with the means by criterion and the reasons (PR-037)."""
    found = get_object_or_404(queries.published_rounds(), year=year)
    rows = standings.of_round(found)
    applied = [one for one in rows if one.nominees]
    return render(
        request,
        "prizes/results.html",
        {
            "round": found,
            "lines": [(one, grid_of(found, one)) for one in applied],
            "criteria": found.rules.rubric(rules.RUBRIC).criteria,
            "none": [one.direction for one in rows if not one.nominees],
            "recipients": sum(len(one.recipients) for one in rows),
            "timeline": timeline(found),
        },
    )


@login_not_required
@require_safe
def laureates(request: ActorRequest) -> HttpResponse:
    """The archive of recipients: by year, direction, region and NGO."""
    asked = {name: request.GET.get(name, "")[:200] for name in ASKED}
    page = queries.laureates(request.GET)
    for one in page.rows:
        one.region = regions.find(one.application.organisation.region_code)  # type: ignore[attr-defined]
    prize_sets = [key for key in field_sets() if key.startswith("prizes_")]
    fields = {one.key: one.text for key in prize_sets for one in fields_of(key)}
    return render(
        request,
        "prizes/laureates.html",
        {
            "page": page,
            "asked": asked,
            "narrowed": any(asked.values()),
            "years": list(queries.published_rounds().values_list("year", flat=True)),
            "fields": fields.items(),
            "regions": regions.choices(),
        },
    )

"""The pages of a region, a state body and a field."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _

from ortaq.core import regions
from ortaq.faces.public import public_page
from ortaq.people.actor import ActorRequest
from ortaq.portal.asking import Asked, fields
from ortaq.portal.queries import about as queries


@public_page("gazette")
def region(request: ActorRequest, code: str) -> HttpResponse:
    """A region under the name that it bears today."""
    found = regions.find(code)
    if found is None:
        raise Http404
    asked = Asked(region=code)
    names = [one.name for one in regions.every() if one.code == code and one.name != found.name]
    context = {
        "about": queries.about(asked),
        "asked": asked,
        "title": found.name,
        "eyebrow": _("Region"),
        "names": names,
        "ngos": f"?region={code}",
    }
    return render(request, "portal/about.html", context)


@public_page("gazette", "late")
def body(request: ActorRequest, bin: str) -> HttpResponse:  # noqa: A002 - as the field
    """A state body or the operator; the same 404 for an NGO, another firm, and a BIN that nobody has."""
    found = get_object_or_404(queries.bodies(), bin=bin)
    asked = Asked(body=bin)
    context = {
        "about": queries.about(asked, found),
        "asked": asked,
        "title": found.name,
        "eyebrow": found.get_kind_display(),
        "body": found,
        "region": regions.find(found.region_code) if found.region_code else None,
    }
    return render(request, "portal/about.html", context)


@public_page("gazette")
def field(request: ActorRequest, code: str) -> HttpResponse:
    """A field of the law."""
    known = fields()
    if code not in known:
        raise Http404
    asked = Asked(field=code)
    context = {
        "about": queries.about(asked),
        "asked": asked,
        "title": known[code],
        "eyebrow": _("Field"),
        "ngos": f"?direction={code}",
    }
    return render(request, "portal/about.html", context)

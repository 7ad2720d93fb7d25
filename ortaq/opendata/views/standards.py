"""The page of the exports that follow a standard: what is where, by which identifiers, and what is left out."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from ortaq.faces.public import public_page
from ortaq.opendata.giving import grants as giving
from ortaq.opendata.ocds import packages as ocds

from .tables import about

# What stands in front of identifiers while the owner of a standard has issued nothing.
NOT_ISSUED = {"ocds-000000", "360G-notissued"}


@public_page("gazette", "releases")
def standards(request: HttpRequest) -> HttpResponse:
    """Both standards with their downloads, by year."""
    prefixes = [settings.ORTAQ_OCID_PREFIX, settings.ORTAQ_360GIVING_PREFIX]
    return render(
        request,
        "opendata/standards.html",
        {
            "ocds_years": ocds.years(),
            "processes": ocds.number(),
            "giving_years": giving.years(),
            "prefixes": prefixes,
            "not_issued": NOT_ISSUED.intersection(prefixes),
            "extensions": ocds.EXTENSIONS,
            **about(),
        },
    )

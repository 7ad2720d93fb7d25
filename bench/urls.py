"""All addresses of the house, and the bare page that every other is compared with."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import include, path

from ortaq.people.models import Organisation


@login_not_required
def bare(request: HttpRequest) -> HttpResponse:
    """A template and one indexed query of 25 rows: what this stack costs before it does anything."""
    rows = Organisation.objects.filter(kind="ngo").order_by("sort", "id")[:25]
    return render(request, "bench/bare.html", {"rows": rows})


urlpatterns = [path("bare/", bare), path("", include("ortaq.site.urls"))]

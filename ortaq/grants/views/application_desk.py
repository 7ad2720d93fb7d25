"""The operator's pages of what was handed in: list, export, deliveries on paper."""

from __future__ import annotations

from itertools import islice
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from ortaq.documents.downloads import long_table, table_download
from ortaq.faces.parts import Column
from ortaq.grants.forms.application import DeliveryForm, FilterForm
from ortaq.grants.models import Competition
from ortaq.grants.policy.competition import is_its_operator
from ortaq.grants.procedure.application_delivery import register
from ortaq.grants.queries import application as queries
from ortaq.grants.work import ask_for_table, sheet
from ortaq.people.actor import ActorRequest

from .application import GET_POST


def held(request: ActorRequest, pk: int) -> Competition:
    """The competition, for those who are responsible for it at its operator."""
    competition = get_object_or_404(
        Competition.objects.select_related("panel").defer("text_kk", "text_ru"), pk=pk
    )
    if not is_its_operator(request.actor, competition):
        raise Http404
    return competition


def _asked(request: ActorRequest, form: FilterForm) -> queries.Asked:
    given: dict[str, Any] = form.cleaned_data if form.is_valid() else {}
    return queries.Asked(
        state=given.get("state", ""),
        topic=given.get("topic", ""),
        search=given.get("q", ""),
        sort=request.GET.get("sort", ""),
    )


@require_safe
def handed_in(request: ActorRequest, pk: int) -> HttpResponse:
    """The applications of a competition: filter, sort, search, page by page."""
    competition = held(request, pk)
    form = FilterForm(request.GET)
    points = queries.points_are_open(competition)
    page = queries.handed_in_page(competition, _asked(request, form), request.GET)
    readable = queries.content_is_open(competition)
    columns = [
        Column(_("Number"), "number"),
        Column(_("Applicant"), "name"),
        Column(_("Project and topic") if readable else _("Topic")),
        Column(_("State")),
    ]
    if readable:
        columns.append(Column(_("Grant asked for"), "sum", numeric=True))
    if points:
        columns.append(Column(_("Points"), "score", numeric=True))
    return render(
        request,
        "grants/application_handed_in.html",
        {
            "competition": competition,
            "form": form,
            "page": page,
            "columns": columns,
            "points": points,
            "readable": readable,
            "waiting": queries.next_to_check(competition.pk)
            if competition.state == Competition.State.CHECKING
            else None,
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
def export(request: ActorRequest, pk: int) -> HttpResponseBase:
    """All that the list shows, as a workbook; a long one is written by the worker, once it is asked for."""
    competition = held(request, pk)
    asked = _asked(request, FilterForm(request.GET))
    if request.method == "POST":
        return redirect("portal:work", ask_for_table(competition, asked, request.actor).pk)
    most = settings.ORTAQ_ROWS_AT_ONCE
    rows = list(islice(queries.exported(competition, asked), most + 1))
    if len(rows) > most:
        return long_table(request, _("Applications"))
    return table_download([sheet(rows)], f"applications-{competition.pk}")


@require_http_methods(GET_POST)
def delivery(request: ActorRequest, pk: int) -> HttpResponse:
    """Register what came by post or by hand."""
    competition = held(request, pk)
    form = DeliveryForm(request.POST or None, request.FILES or None, competition=competition)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        organisation = form.organisation
        assert organisation is not None
        try:
            application = register(
                given["lot"],
                organisation,
                actor=request.actor,
                received_at=given["received_at"],
                method=given["method"],
                title=given["title"],
                language=given["language"],
                carrier=given["carrier"],
                bound_and_signed=given["bound_and_signed"],
                scans=given["scans"],
            )
        except ValidationError as error:
            form.add_error("scans", error)
        else:
            messages.success(request, _("The delivery is registered."))
            return redirect("grants:application", application.pk)
    return render(
        request,
        "grants/application_delivery.html",
        {"competition": competition, "form": form},
        status=422 if form.is_bound and not form.is_valid() else 200,
    )

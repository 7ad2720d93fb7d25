"""The pages of tables of the state: choose one, see what it would change, take it or not."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ortaq.core.procedure import Refused
from ortaq.documents.downloads import table_download
from ortaq.documents.spreadsheet import Sheet, Value, csv_lines
from ortaq.faces.paging import key_page
from ortaq.faces.parts import Column
from ortaq.people.actor import ActorRequest
from ortaq.registry import queries
from ortaq.registry.forms.table_import import TableForm
from ortaq.registry.importing import kinds, tables
from ortaq.registry.models import TableImport
from ortaq.registry.policy.table_import import reads_tables
from ortaq.registry.procedure.table_import import (
    CHANGED_MEANWHILE,
    IMPORT,
    MOST_TOLD,
    plan_of,
    read_in,
)
from ortaq.registry.queries import table_import as imports
from ortaq.registry.work import ask_for_step, ask_to_read, is_long

from .shared import history, offers

IMPORTS = [
    Column(gettext_lazy("Table")),
    Column(gettext_lazy("What it holds")),
    Column(gettext_lazy("Table read in")),
    Column(gettext_lazy("New"), numeric=True),
    Column(gettext_lazy("Changed"), numeric=True),
    Column(gettext_lazy("State")),
]
CHANGES = [
    Column(gettext_lazy("Row"), numeric=True),
    Column(gettext_lazy("Organisation")),
    Column(gettext_lazy("What changes")),
]
GROUPS = {
    "conflict": gettext_lazy("What the NGO's own people entered is replaced"),
    "changed": gettext_lazy("Changed"),
    "new": gettext_lazy("New"),
}


@require_safe
def table_imports(request: ActorRequest) -> HttpResponse:
    """The tables that the reader's body has read in."""
    _refuse_others(request)
    context = {
        "page": key_page(
            imports.imports_list(request.actor), request.GET, order=("-id",), size=queries.PAGE
        ),
        "columns": IMPORTS,
    }
    return render(request, "registry/table_imports.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def table_import_new(request: ActorRequest) -> HttpResponse:
    """Choose a table; what it would change is shown next."""
    _refuse_others(request)
    form = TableForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        content, name = told["table"].read(tables.MOST_BYTES + 1), told["table"].name
        try:
            if len(content) > settings.ORTAQ_TABLE_AT_ONCE:
                asked = ask_to_read(
                    told["kind"], content, name=name, once=told["once"], actor=request.actor
                )
                return redirect("portal:work", asked.pk)
            found = read_in(
                told["kind"], content, name=name, once=told["once"], actor=request.actor
            )
        except ValidationError as refused:
            form.add_error("table", refused)
        else:
            return redirect("registry:table_import", found.pk)
    return render(
        request,
        "registry/table_import_new.html",
        {"form": form, "kinds": kinds.choices()},
        status=422 if form.errors else 200,
    )


@require_safe
def table_import(request: ActorRequest, pk: int) -> HttpResponse:
    """What one table would change, or has changed."""
    found = _found(request, pk)
    lines = list(imports.lines(found.kind, found.changes))
    shown = [
        (title, [line for line in lines if line.kind == kind], _count(found, kind))
        for kind, title in GROUPS.items()
    ]
    context = {
        "imported": found,
        "taken_before": imports.taken_before(found) if found.state == "read" else None,
        "groups": [one for one in shown if one[1]],
        "columns": CHANGES,
        "unread": tables.telling(found.findings),
        "more_unread": max(found.counts["findings"] - MOST_TOLD, 0),
        "remarks": tables.telling(found.remarks),
        "more_remarks": max(found.counts["remarks"] - MOST_TOLD, 0),
        "nothing": not found.counts["new"] and not found.counts["changed"],
        "offers": offers(IMPORT, "registry:table_import_step", found, request.actor),
        "history": history(IMPORT, found),
    }
    return render(request, "registry/table_import.html", context)


def _count(found: TableImport, kind: str) -> int:
    """How many there are of one group, shown or not."""
    if kind == "conflict":
        return int(found.counts.get("conflicts", 0))
    if kind == "changed":
        return int(found.counts["changed"] - found.counts.get("conflicts", 0))
    return int(found.counts[kind])


@require_POST
def table_import_step(request: ActorRequest, pk: int, step: str) -> HttpResponse:
    """Take the table, look at it again, or drop it."""
    found = _found(request, pk)
    if step not in IMPORT.steps:
        raise Http404
    if is_long(step, found, request.actor):
        return redirect("portal:work", ask_for_step(step, found, actor=request.actor).pk)
    try:
        IMPORT.take(step, found, actor=request.actor)
    except Refused as refused:
        if not refused.has(CHANGED_MEANWHILE):
            raise
        IMPORT.take("look_again", found, actor=request.actor)
        messages.warning(request, str(refused.findings[0].message))
    else:
        messages.success(request, _("Done: %(state)s.") % {"state": found.get_state_display()})
    return redirect("registry:table_import", found.pk)


@require_safe
def table_import_changes(request: ActorRequest, pk: int) -> HttpResponseBase:
    """All that would change, as a table, while nothing is taken yet."""
    found = _found(request, pk)
    if found.state != TableImport.State.READ:
        raise Http404
    heads = [_("Row"), _("BIN"), _("Organisation"), _("What changes"), _("Now"), _("In the table")]
    rows: Iterator[Sequence[Value]] = (
        [line.row, line.bin, line.name, str(cell.name), cell.stands, cell.told]
        for line in imports.lines(found.kind, (one.shown() for one in plan_of(found).changes))
        for cell in line.cells
    )
    response = StreamingHttpResponse(csv_lines(heads, rows), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="changes-{found.pk}.csv"'
    return response


@require_safe
def table_empty(request: ActorRequest, kind: str) -> HttpResponseBase:
    """An empty table with the headings that are understood."""
    _refuse_others(request)
    if kind not in kinds.kinds:
        raise Http404
    known = kinds.kinds[kind]
    heads = [titles[0] for titles in known.layout.headings.values()]
    heads += known.more_heads()
    nothing: list[Any] = []
    return table_download([Sheet(kind, heads, nothing)], f"{kind}-empty")


def _refuse_others(request: ActorRequest) -> None:
    if not reads_tables(request.actor):
        raise Http404


def _found(request: ActorRequest, pk: int) -> TableImport:
    return get_object_or_404(imports.imports_visible_to(request.actor), pk=pk)

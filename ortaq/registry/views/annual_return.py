"""The desk of annual returns, and the page of one."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db import IntegrityError
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from ortaq.core import clock
from ortaq.documents.downloads import paper_download, stored_download
from ortaq.faces.paging import key_page
from ortaq.faces.parts import Column
from ortaq.people.actor import ActorRequest
from ortaq.people.models import Organisation
from ortaq.registry import policy, procedure, queries, returns
from ortaq.registry.forms import ReasonForm, ReturnForm
from ortaq.registry.models import AnnualReturn, ReturnVersion
from ortaq.registry.papers import annual_return as papers
from ortaq.registry.policy import annual_return as of_return
from ortaq.registry.procedure import ANNUAL_RETURN, return_draft
from ortaq.registry.procedure.annual_return import YEARS_BACK, may_begin
from ortaq.registry.queries.annual_return import queue, years_of

from .shared import history, offers, one_of, reason

RETURNS = [
    Column(gettext_lazy("Organisation")),
    Column(gettext_lazy("Reporting year"), numeric=True),
    Column(gettext_lazy("First sent")),
    Column(gettext_lazy("State")),
]
# Steps that are a button on the page; the others have a page of their own.
TAKEN = ("approve", "return", "send_again", "correct", "keep")


def found(request: ActorRequest, pk: int) -> AnnualReturn:
    """The return if this person may know of it; the same 404 for hidden and absent ones."""
    return get_object_or_404(queries.returns_visible_to(request.actor), pk=pk)


def readable(request: ActorRequest, pk: int) -> AnnualReturn:
    """The return if this person reads what stands in it."""
    row = found(request, pk)
    if not of_return.may_read(request.actor, row):
        raise Http404
    return row


@require_safe
def returns_list(request: ActorRequest) -> HttpResponse:
    """The NGO's own years, or the returns of all for those who keep the database."""
    actor = request.actor
    if not policy.keeps_database(actor):
        return _own(request)
    search, year = request.GET.get("q", ""), request.GET.get("year", "")
    state = one_of(request.GET.get("state"), AnnualReturn.State.values)
    waiting = "queue" in request.GET
    visible = queries.returns_visible_to(actor)
    asked = int(year) if year.isascii() and year.isdigit() and len(year) == 4 else None
    if waiting:
        state = ""
        rows = queue(queries.returns_list(visible, search=search, year=asked))
        order: tuple[str, ...] = ("sent_on", "id")
    else:
        rows = queries.returns_list(visible, search=search, year=asked, state=state)
        order = ("-year", "-sent_on", "-id")
    context = {
        "page": key_page(rows, request.GET, order=order, size=queries.PAGE),
        "columns": RETURNS,
        "search": search,
        "year": year,
        "state": state,
        "waiting": waiting,
        "all_shown": not waiting,
        "to_check": queue(visible).count(),
        "narrowed": bool(search or year or state),
        "states": [one for one in AnnualReturn.State.choices if one[0] != "draft"],
        "checks": policy.checks_returns(actor),
        "last_year": clock.today().year - 1,
    }
    return render(request, "registry/returns.html", context)


def _own(request: ActorRequest) -> HttpResponse:
    """The years of the NGO acted for, the newest first, with what is to be done in each."""
    actor, today = request.actor, clock.today()
    ngo = actor.acting_for
    writes = ngo is not None and policy.writes_for(actor, ngo)
    last = today.year - 1
    years = years_of(ngo, last - 1, last) if ngo is not None else []
    context = {
        "organisation": ngo,
        "files_none": ngo is not None and not returns.is_obliged(ngo),
        "years": years,
        "writes": writes,
        "may_begin": {one.year for one in years if writes and ngo and may_begin(ngo, one.year)},
        "liability": returns.liability(),
        "body": Organisation.objects.filter(kind=Organisation.Kind.AUTHORISED_BODY).first(),
        "cite": returns.edition().parameter("sanction.first").cite,
        "earliest": today.year - YEARS_BACK,
    }
    return render(request, "registry/returns_own.html", context)


@require_POST
def begin(request: ActorRequest, year: int) -> HttpResponse:
    """Begin the return on a year, or go on with it."""
    ngo = request.actor.acting_for
    if ngo is None or ngo.kind != ngo.Kind.NGO or not policy.writes_for(request.actor, ngo):
        raise Http404
    row = procedure.begin_return(ngo, year, actor=request.actor)
    if of_return.may_write(request.actor, row):
        return_draft.ensure(row, actor=request.actor)
        return redirect("registry:return_part", row.pk, "organisation")
    return redirect("registry:annual_return", row.pk)


def record_return(request: ActorRequest) -> HttpResponse:
    """Record a status with its evidence."""
    if not policy.keeps_database(request.actor):
        raise Http404
    form = ReturnForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = procedure.record_return(form.save(commit=False), actor=request.actor)
        except IntegrityError:
            form.add_error("year", _("Somebody else recorded this return just now."))
        else:
            messages.success(request, _("The return is recorded."))
            return redirect("registry:annual_return", made.pk)
    return render(request, "registry/record_return.html", {"form": form})


@require_safe
def annual_return(request: ActorRequest, pk: int) -> HttpResponse:
    """One return: how it stands, what is to be done, what was sent, and whether the NGO's data are in time today."""
    row = found(request, pk)
    reads = of_return.may_read(request.actor, row)
    versions = list(row.versions.all()) if reads else []
    shown = offers(ANNUAL_RETURN, "registry:return_step", row, request.actor)
    context = {
        "annual_return": row,
        "due_on": returns.due_on(row.year),
        "finding": returns.in_time(row.organisation, clock.today()),
        "offers": [one for one in shown if one["offer"].step.name in TAKEN] if row.way == "recorded" or not reads else _buttons(shown),
        "reason_form": ReasonForm(),
        "history": history(ANNUAL_RETURN, row),
        "reads": reads,
        "writes": of_return.may_write(request.actor, row),
        "is_own": of_return.is_writer(request.actor, row),
        "enters": of_return.may_enter(request.actor, row),
        "versions": versions[::-1],
        "latest": versions[-1] if versions else None,
        "on_paper": list(row.on_paper.select_related("scan")) if reads else [],
        "late": returns.is_late(row),
        "past_due": clock.today() > returns.due_on(row.year),
        "liability": returns.liability(),
    }  # fmt: skip
    return render(request, "registry/annual_return.html", context)


def _buttons(shown: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Steps taken here; a return with content is approved and returned where it is read."""
    elsewhere = ("approve", "return")
    names = [name for name in TAKEN if name not in elsewhere]
    return [one for one in shown if one["offer"].step.name in names]


@require_POST
def return_step(request: ActorRequest, pk: int, step: str) -> HttpResponse:
    """Approve, return for correction with remarks, correct what was approved."""
    row = found(request, pk)
    if step not in TAKEN:
        raise Http404
    prefix = "remark-"
    remarks = {
        name.removeprefix(prefix): text[:LONGEST]
        for name, sent in request.POST.items()
        if name.startswith(prefix) and (text := str(sent).strip())
    }
    facts: dict[str, Any] = {"reason": reason(request)}
    if step == "return":
        facts["remarks"] = remarks
    ANNUAL_RETURN.take(step, row, actor=request.actor, **facts)
    if step == "correct":
        return redirect("registry:return_part", row.pk, "organisation")
    messages.success(request, _("Done: %(state)s.") % {"state": row.get_state_display()})
    if step in ("approve", "return") and policy.checks_returns(request.actor):
        return redirect(f"{reverse('registry:returns')}?queue=1")
    return redirect("registry:annual_return", row.pk)


LONGEST = 2000  # characters of one remark


@require_safe
def paper_file(request: ActorRequest, pk: int, paper: int) -> FileResponse:
    """A paper of the checklist; who does not write the return opens only what was sent with it."""
    row = readable(request, pk)
    kept = get_object_or_404(row.papers.select_related("file"), pk=paper)
    if not (of_return.is_writer(request.actor, row) or of_return.may_enter(request.actor, row)):
        contents = row.versions.values_list("content", flat=True)
        if not any(
            one["file"] == kept.file_id for content in contents for one in content["papers"]
        ):
            raise Http404
    return stored_download(kept.file)


@require_safe
def scan(request: ActorRequest, pk: int, paper: int) -> FileResponse:
    """The scan of a return on paper."""
    row = readable(request, pk)
    found_ = get_object_or_404(row.on_paper.select_related("scan"), pk=paper)
    if found_.scan is None:
        raise Http404
    return stored_download(found_.scan)


@require_safe
def version_paper(
    request: ActorRequest, pk: int, number: int, language: str, kind: str
) -> FileResponse:
    """What was sent, on its form."""
    row = readable(request, pk)
    version: ReturnVersion = get_object_or_404(row.versions, number=number)
    if language not in papers.LANGUAGES:
        raise Http404
    return paper_download(
        papers.make(version, language), kind, f"ngo-return-{version.receipt}-{language}"
    )

"""What the authorised body does with returns: the year at a glance, reading one beside the year before, returns on paper."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from ortaq.core import clock
from ortaq.documents.writing.draft import Draft
from ortaq.faces.paging import key_page
from ortaq.faces.parts import Column
from ortaq.people.actor import ActorRequest
from ortaq.registry import policy, procedure, queries, returns
from ortaq.registry.content import checks, compared, known
from ortaq.registry.content.whole import Whole
from ortaq.registry.forms.annual_return import PaperReturnForm
from ortaq.registry.models import ReturnVersion
from ortaq.registry.policy import annual_return as of_return
from ortaq.registry.procedure import ANNUAL_RETURN
from ortaq.registry.queries.annual_return import STANDINGS, filing_counts, filing_list

from .annual_return import readable
from .shared import one_of

FIRST_YEAR = 2016
FILING = [
    Column(gettext_lazy("Organisation")),
    Column(gettext_lazy("First sent")),
    Column(gettext_lazy("Status of filing")),
]
WORDS = {
    "on_time": gettext_lazy("on time"),
    "late": gettext_lazy("late"),
    "review": gettext_lazy("in review"),
    "absent": gettext_lazy("not filed"),
}
TONES = {"on_time": "good", "late": "warning", "review": "progress", "absent": "bad"}


@require_safe
def overview(request: ActorRequest) -> HttpResponse:
    """Per year: who filed on time, late, not at all, and what is in review (NG-026)."""
    if not policy.keeps_database(request.actor):
        raise Http404
    last = clock.today().year - 1
    typed = request.GET.get("year", "")
    year = int(typed) if typed.isascii() and typed.isdigit() and len(typed) == 4 else last
    year = min(max(year, FIRST_YEAR), last)
    standing = one_of(request.GET.get("standing"), STANDINGS)
    search = request.GET.get("q", "")[:200]
    counts = filing_counts(year)
    rows = filing_list(year, standing=standing, search=search)
    shown = key_page(rows, request.GET, order=("sort", "id"), size=queries.PAGE)
    for row in shown.rows:
        row.words, row.tone = WORDS[row.standing], TONES[row.standing]
    context = {
        "year": year,
        "years": range(last, FIRST_YEAR - 1, -1),
        "due_on": returns.due_on(year),
        "counts": [(key, WORDS[key], counts[key], TONES[key]) for key in STANDINGS],
        "total": sum(counts.values()),
        "standing": standing,
        "search": search,
        "page": shown,
        "columns": FILING,
    }
    return render(request, "registry/return_overview.html", context)


@require_safe
def version(request: ActorRequest, pk: int, number: int) -> HttpResponse:
    """What was sent, beside the year before; while it waits for a decision, with a place for a remark beside every field."""
    row = readable(request, pk)
    sent: ReturnVersion = get_object_or_404(row.versions.select_related("sent_by"), number=number)
    before = known.last_approved(row.organisation, row.year)
    earlier = before.content if before else None
    newest = sent.number == row.versions.count()
    decides = newest and row.state == "sent" and of_return.checks_returns(request.actor, row)
    context: dict[str, Any] = {
        "annual_return": row,
        "version": sent,
        "newest": newest,
        "before": before,
        "sections": compared.sections(sent.content, earlier, sent.remarks),
        "papers": compared.files_of(sent),
        "decides": decides,
        "file_pks": {one.file_id: one.pk for one in row.papers.all()},
        "due_on": returns.due_on(row.year),
        "late": returns.is_late(row),
    }
    for one in context["papers"]:
        one["pk"] = context["file_pks"].get(one["file"])
    if decides:
        offers = {o.step.name: o for o in ANNUAL_RETURN.offers(row, request.actor, reason="-")}
        whole = Whole(
            row, Draft(dict(sent.content["sections"])), list(row.papers.filter(removed_at=None))
        )
        context |= {
            "approve": offers.get("approve"),
            "give_back": offers.get("return"),
            "findings": checks.everything(whole),
        }
    return render(request, "registry/return_version.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def register_paper(request: ActorRequest) -> HttpResponse:
    """Register a return that came on paper (NG-028)."""
    if not policy.checks_returns(request.actor):
        raise Http404
    form = PaperReturnForm(*((request.POST, request.FILES) if request.method == "POST" else ()))
    if request.method == "POST" and form.is_valid():
        typed = form.cleaned_data
        try:
            row = procedure.register_paper(
                typed["organisation"],
                typed["year"],
                form.save(commit=False),
                actor=request.actor,
                scan=typed["scan_file"],
            )
        except ValidationError as error:
            form.add_error("scan_file", error)
        else:
            messages.success(request, _("The paper return is registered. Enter its data now."))
            return redirect("registry:return_word", row.pk)
    context = {"form": form, "parameter": returns.edition().parameter("return.paper_day")}
    return render(
        request, "registry/return_register_paper.html", context, status=422 if form.errors else 200
    )

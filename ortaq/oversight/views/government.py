"""Pages of the information to the Government: begun, written, sent; each figure leads to the reports that it adds up."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ortaq.core import clock
from ortaq.core.bilingual import pick
from ortaq.core.money import show
from ortaq.core.procedure import Offer, Refused
from ortaq.documents.downloads import paper_download
from ortaq.documents.render import html
from ortaq.faces.parts import Bar, Conflict, Difference
from ortaq.faces.say import text as say
from ortaq.law.findings import Severity
from ortaq.oversight import sums
from ortaq.oversight.forms.government import SummaryForm, YearForm
from ortaq.oversight.models import GovernmentInformation
from ortaq.oversight.papers import government as papers
from ortaq.oversight.policy.project import authorised
from ortaq.oversight.procedure import government as procedure
from ortaq.oversight.procedure.government import GOVERNMENT, TEXTS
from ortaq.oversight.queries import government as queries
from ortaq.oversight.queries.collected import field_text
from ortaq.people.actor import ActorRequest
from ortaq.projects.procedure.shared import CHANGED
from ortaq.projects.views.act import version_of

GET_POST = ["GET", "HEAD", "POST"]


@require_http_methods(GET_POST)
def informations(request: ActorRequest) -> HttpResponse:
    """The informations of all years; one that the clock has not opened can be begun here."""
    if not authorised(request.actor):
        raise Http404
    form = YearForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        body = request.actor.acting_for
        assert body is not None
        made = procedure.open_information(body, form.cleaned_data["year"], actor=request.actor)
        return redirect("oversight:government", made.pk)
    rows = queries.informations_visible_to(request.actor).order_by("-year", "pk")
    return render(
        request,
        "oversight/government_list.html",
        {"rows": rows, "form": form, "now": clock.now()},
        status=422 if form.errors else 200,
    )


def _found(request: ActorRequest, pk: int) -> GovernmentInformation:
    """The information with its frozen content, if it was sent."""
    return get_object_or_404(queries.informations_visible_to(request.actor).defer(None), pk=pk)


@require_http_methods(GET_POST)
def information(request: ActorRequest, pk: int) -> HttpResponse:
    """One information. A post saves its conclusions: by htmx while somebody types, or whole by the button."""
    found = _found(request, pk)
    if request.method != "POST":
        return _page(request, found)
    typed = {name: request.POST[name] for name in TEXTS if name in request.POST}
    conflict = None
    try:
        found = procedure.write(found, typed, version=version_of(request), actor=request.actor)
    except Refused as refused:
        if not refused.has(CHANGED):
            raise
        found.refresh_from_db()
        conflict = _conflict(found, typed)
    if request.headers.get("HX-Request") == "true":
        version = request.POST.get("version") if conflict else found.version
        context = {"conflict": conflict, "saved_at": clock.now(), "version": version}
        return render(
            request, "oversight/government_saved.html", context, status=409 if conflict else 200
        )
    if conflict:
        form = SummaryForm(initial=typed)
        return _page(request, found, form=form, conflict=conflict, status=409)
    messages.success(request, _("Saved."))
    return redirect("oversight:government", pk)


def _conflict(found: GovernmentInformation, typed: Mapping[str, str]) -> Conflict:
    """Where this window's conclusions differ from those that a colleague saved meanwhile."""
    labels = SummaryForm().fields
    return Conflict(
        gettext_lazy("A colleague"),
        clock.now(),
        [
            Difference(labels[name].label, mine, theirs)
            for name, mine in typed.items()
            if mine.replace("\r\n", "\n").strip() != (theirs := getattr(found, name))
        ],
    )


def _page(
    request: ActorRequest, found: GovernmentInformation, *, status: int = 200, **context: Any
) -> HttpResponse:
    content = queries.shown(found)
    figures = queries.figures_of(content)
    offers = GOVERNMENT.offers(found, request.actor, content=content)
    # What the form itself asks for stands in nobody's way before it is typed.
    offer = next(
        (
            Offer(one.step, [each for each in one.findings if each.code != "no_number"])
            for one in offers
        ),
        None,
    )
    return render(
        request,
        "oversight/government.html",
        {
            "information": found,
            "content": content,
            "silent": queries.silent_names(content),
            "figures": figures,
            "by_region": [
                Bar(one.name, one.sums.contracted, show(one.sums.contracted))
                for one in figures.regions
            ],
            "tables": [
                ("field", _("By field"), pgettext("of the social order", "Field"), figures.fields),
                ("region", _("By region"), _("Region"), figures.regions),
                ("body", _("By state body"), _("State body"), figures.bodies),
            ],
            "offer": offer,
            "errors": [
                one for one in (offer.findings if offer else ()) if one.severity is Severity.ERROR
            ],
            "form": context.pop("form", None) or SummaryForm(instance=found),
            "cite": procedure.cite_of(found),
            "paper_languages": papers.LANGUAGES,
            **context,
        },
        status=status,
    )


@require_POST
def send(request: ActorRequest, pk: int) -> HttpResponse:
    """Freeze and send; what is missing is told, and nothing is half-done."""
    found = _found(request, pk)
    number = request.POST.get("number", "").replace("\0", "")[:40]
    GOVERNMENT.take("send", found, actor=request.actor, version=version_of(request), number=number)
    messages.success(request, _("The information is sent and frozen."))
    return redirect("oversight:government", pk)


@require_safe
def sources(request: ActorRequest, pk: int) -> HttpResponse:
    """Where a figure comes from: the reports that it adds up, chosen by field, region or body; all of them when nothing is asked."""
    found = _found(request, pk)
    content = queries.shown(found)
    way = next((one for one in queries.WAYS if one in request.GET), None)
    lines = content["lines"]
    name: str = _("Everything")
    if way is not None:
        lines = queries.lines_of(content, way, request.GET[way])
        if not lines:
            raise Http404
        name = say(queries.name_of(content, way, request.GET[way]))
    return render(
        request,
        "oversight/government_sources.html",
        {
            "information": found,
            "name": name,
            "total": sums.total(one["figures"] for one in lines),
            "lines": [
                (
                    one,
                    pick(one["name"]["kk"], one["name"]["ru"]),
                    field_text(one["figures"]["field"]),
                )
                for one in lines
            ],
        },
    )


@require_safe
def paper(request: ActorRequest, pk: int, language: str, kind: str) -> HttpResponse | FileResponse:
    """The information as a letter; no act sets its form."""
    found = _found(request, pk)
    if language not in papers.LANGUAGES:
        raise Http404
    made = papers.information(found, queries.shown(found), language)
    if kind != "html":
        return paper_download(made, kind, f"government-{found.year}-{language}")
    return render(
        request,
        "oversight/annex_paper.html",
        {
            "paper": made,
            "html": html(made),
            "back": reverse("oversight:government", args=[found.pk]),
            "back_text": _("Information to the Government"),
        },
    )

"""Pages of annex 5: prepared and published by a body, read by everybody (SO-M-17)."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from ortaq import law
from ortaq.core import clock
from ortaq.core.bilingual import pick
from ortaq.core.keys import key_of
from ortaq.core.procedure import Offer
from ortaq.documents.downloads import paper_download
from ortaq.documents.render import html
from ortaq.law.findings import stops
from ortaq.oversight import annex5, annex9
from ortaq.oversight.figures import figure, row_of
from ortaq.oversight.forms.statutory import FIRST_YEAR
from ortaq.oversight.models import PublicInformation
from ortaq.oversight.papers import statutory as papers
from ortaq.oversight.procedure import implementation as procedure
from ortaq.oversight.queries import statutory as queries
from ortaq.people.actor import ActorRequest
from ortaq.projects.models import Project

from .statutory import gathered, lineage_page

GET_POST = ["GET", "HEAD", "POST"]


# --- The body -------------------------------------------------------------------------------------------


@require_safe
def years(request: ActorRequest) -> HttpResponse:
    """The years of which the reader's bodies can publish."""
    bodies = queries.bodies_of(request.actor)
    if not bodies:
        raise Http404
    return render(
        request,
        "oversight/implementation_years.html",
        {"lines": queries.years_of(request.actor), "several": len(bodies) > 1},
    )


@require_http_methods(GET_POST)
def prepare(request: ActorRequest, body: int, year: int) -> HttpResponse:
    """What would be published of a year, what is missing, and the button."""
    found = get_object_or_404(queries.bodies_of(request.actor), pk=body)
    if not FIRST_YEAR <= year <= clock.today().year:
        raise Http404
    issues = list(queries.issues_of(found, year))
    following = issues[0].issue + 1 if issues else 1
    if request.method == "POST":
        asked = request.POST.get("issue", "")
        number = int(asked) if asked.isdecimal() and len(asked) < 5 else following
        made = procedure.publish(found, year, issue=number, actor=request.actor)
        messages.success(request, _("Published: everybody can read it now."))
        return redirect("oversight:implementation", made.pk)
    content = annex5.assemble(found.pk, year)
    findings = procedure.missing(content)
    lines, more = gathered(findings, content["rows"])
    return render(
        request,
        "oversight/implementation_prepare.html",
        {
            "body": found,
            "year": year,
            "rows": queries.plain_rows(content, findings),
            "issues": issues,
            "following": following,
            "findings": lines,
            "more": more,
            "links": {
                row["project"]: reverse("oversight:account", args=[queries.project_of(row), year])
                for row in content["rows"]
            },
            "offer": Offer(procedure.PUBLISH, []),
            "stopped": bool(stops(findings)),
            "cite": procedure.cite_of(annex9.edition_at(year, annex5.YEAR)),
        },
    )


# --- Everybody ------------------------------------------------------------------------------------------


@login_not_required
@require_safe
def published(request: ActorRequest) -> HttpResponse:
    """The latest issue of each body and year."""
    return render(
        request,
        "oversight/implementation_list.html",
        {
            "page": queries.published(request.GET),
            "asked": {name: request.GET.get(name, "")[:200] for name in ("q", "year")},
            "years": range(clock.today().year, FIRST_YEAR - 1, -1),
        },
    )


def _found(pk: int) -> PublicInformation:
    return get_object_or_404(PublicInformation.objects.select_related("body"), pk=pk)


@login_not_required
@require_safe
def information(request: ActorRequest, pk: int) -> HttpResponse:
    """Annex 5 as it was published."""
    found = _found(pk)
    edition = law.edition(found.act, found.edition)
    return render(
        request,
        "oversight/implementation.html",
        {
            "information": found,
            "rows": queries.plain_rows(found.content),
            "issues": queries.issues_of(found.body_id, found.year),
            "later": queries.later_than(found),
            "edition": edition,
            "cite": procedure.cite_of(edition),
            "papers": papers.LANGUAGES,
        },
    )


@login_not_required
@require_safe
def information_figure(request: ActorRequest, pk: int, project: int, name: str) -> HttpResponse:
    """Where a published figure comes from."""
    found = _found(pk)
    row = row_of(found.content, key_of(Project(pk=project)))
    shown = figure(row, name) if row else None
    if row is None or shown is None:
        raise Http404
    return lineage_page(
        request,
        figure=shown,
        edition=law.edition(found.act, found.edition),
        project=pick(row["name"]["kk"], row["name"]["ru"]),
        back=reverse("oversight:implementation", args=[pk]),
        back_text=_title(found),
        frozen=found,
    )


def _title(found: PublicInformation) -> str:
    words: dict[str, Any] = {"body": found.body.name, "year": found.year}
    return _("%(body)s, annex 5 for %(year)s") % words


@login_not_required
@require_safe
def paper(request: ActorRequest, pk: int, language: str, kind: str) -> HttpResponse | FileResponse:
    """Annex 5 on its form."""
    found = _found(pk)
    if language not in papers.LANGUAGES:
        raise Http404
    made = papers.annex_5(found, language)
    if kind != "html":
        return paper_download(made, kind, f"annex-5-{found.year}-{found.issue}-{language}")
    return render(
        request,
        "oversight/annex_paper.html",
        {
            "paper": made,
            "html": html(made),
            "back": reverse("oversight:implementation", args=[pk]),
            "back_text": _title(found),
        },
    )

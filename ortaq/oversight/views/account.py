"""What a state body says of one project in one year: written while one types, proposed from the records."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from ortaq.core import clock
from ortaq.core.procedure import Refused
from ortaq.faces.parts import Conflict, Difference
from ortaq.oversight import annex9, proposals
from ortaq.oversight.forms.statutory import FIRST_YEAR, AccountForm
from ortaq.oversight.models import Account, StatutoryRemark, StatutoryReport
from ortaq.oversight.procedure.statutory import NAMES, TEXTS, write_account
from ortaq.people.actor import ActorRequest
from ortaq.projects.models import Project
from ortaq.projects.procedure.shared import CHANGED
from ortaq.projects.views.act import version_of

from .found import overseen, project_tab

GET_POST = ["GET", "HEAD", "POST"]
YEAR = StatutoryReport.Period.YEAR


@require_http_methods(GET_POST)
def account(request: ActorRequest, pk: int, year: int) -> HttpResponse:
    """One project in one year. A post saves: by htmx while somebody types, whole by its button."""
    project = overseen(request, pk)
    body = project.contract.grantor_id
    if not FIRST_YEAR <= year <= clock.today().year or not annex9.projects_in(
        body, year, YEAR
    ).filter(pk=pk):
        raise Http404
    if request.method == "POST":
        return _save(request, project, year)
    return _page(request, _account(project, year))


@require_safe
def accounts(request: ActorRequest, pk: int) -> HttpResponse:
    """To the last year in which the project ran."""
    project = overseen(request, pk)
    year, first = (
        clock.today().year,
        (project.contract.starts_on or clock.day_of(project.opened_at)).year,
    )
    while year > first and not annex9.projects_in(project.contract.grantor_id, year, YEAR).filter(
        pk=pk
    ):
        year -= 1
    return redirect("oversight:account", pk, year)


def _account(project: Project, year: int) -> Account:
    found = Account.objects.filter(project=project, year=year).first() or Account(year=year)
    found.project = project
    return found


def _save(request: ActorRequest, project: Project, year: int) -> HttpResponse:
    typed = {name: request.POST[name] for name in NAMES if name in request.POST}
    version = version_of(request)
    texts, quiet = typed, request.headers.get("HX-Request") == "true"
    if not quiet and (seen := request.POST.get("seen", "")).isdecimal() and len(seen) < 9:
        # Both texts were shown: what was chosen is saved over the one that was seen, and over no later one.
        texts = {k: v for k, v in typed.items() if request.POST.get(f"keep-{k}") != "theirs"}
        version = int(seen)
    if (part := request.POST.get("propose", "")) in TEXTS and not quiet:
        texts = {**texts, **_with_proposal(project, year, part, texts)}
    try:
        saved = write_account(project, year, texts, version=version, actor=request.actor)
    except Refused as refused:
        if not refused.has(CHANGED):
            raise
        return _conflicting(request, _account(project, year), typed, quiet=quiet)
    if quiet:
        return render(request, "oversight/account_saved.html", {"account": saved})
    messages.success(request, _("Saved."))
    address = reverse("oversight:account", args=[project.pk, year])
    return redirect(f"{address}#{part}" if part in TEXTS else address)


def _with_proposal(project: Project, year: int, part: str, texts: dict[str, str]) -> dict[str, str]:
    """What the records propose, behind what stands there already."""
    words = proposals.proposed(project, year).get(part, {})
    return {
        f"{part}_{language}": "\n".join(
            filter(None, (texts.get(f"{part}_{language}", "").strip(), text))
        )
        for language, text in words.items()
    }


def _conflicting(
    request: ActorRequest, theirs: Account, typed: dict[str, str], *, quiet: bool
) -> HttpResponse:
    """A colleague saved meanwhile: both texts, and nothing is written."""
    differing = [
        Difference(NAMES[name], text, getattr(theirs, name), name)
        for name, text in typed.items()
        if text.replace("\r\n", "\n").strip() != getattr(theirs, name)
    ]
    conflict = Conflict(_("A colleague"), theirs.saved_at or clock.now(), differing)
    if quiet:
        context = {"account": theirs, "conflict": conflict}
        return render(request, "oversight/account_saved.html", context, status=409)
    return _page(request, theirs, typed=typed, conflict=conflict, status=409)


def _page(
    request: ActorRequest,
    account: Account,
    *,
    typed: dict[str, str] | None = None,
    conflict: Conflict | None = None,
    status: int = 200,
) -> HttpResponse:
    project, year = account.project, account.year
    reports = StatutoryReport.objects.filter(body=project.contract.grantor_id, year=year)
    remarks = StatutoryRemark.objects.filter(report__in=reports, project=project)
    context: dict[str, Any] = {
        "account": account,
        "form": AccountForm(typed, instance=account) if typed else AccountForm(instance=account),
        "conflict": conflict,
        # Until one of two texts is chosen, what saves itself must not overwrite the colleague's.
        "version": version_of(request) if conflict else account.version,
        "proposals": proposals.proposed(project, year),
        "reports": reports.order_by("period"),
        "remarks": remarks.select_related("report").order_by("-id"),
    }
    return project_tab(request, project, "oversight/account.html", status=status, **context)

"""The operator's check of one application, item by item."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from ortaq.grants.forms.check import CheckForm
from ortaq.grants.models import AdmissibilityCheck, Application
from ortaq.grants.policy.application import is_its_operator
from ortaq.grants.procedure import admissibility
from ortaq.grants.procedure.admissibility import CHECK, Item, Proposal
from ortaq.grants.queries.application import applications_visible_to, next_to_check
from ortaq.people.actor import ActorRequest

PASSED = AdmissibilityCheck.Result.PASSED


@dataclass(frozen=True, slots=True)
class Line:
    """One item of the check as the page shows it."""

    item: Item
    proposal: Proposal
    done: AdmissibilityCheck | None
    form: CheckForm

    @property
    def waits(self) -> bool:
        """Whether only the officer can decide it: nothing is written and no record says it passes."""
        return not self.done and self.proposal.result != PASSED


@require_safe
def check(request: ActorRequest, pk: int) -> HttpResponse:
    application = _application(request, pk)
    return _page(request, application)


@require_POST
def check_item(request: ActorRequest, pk: int, item: str) -> HttpResponse:
    """Write down one item of the check."""
    application = _application(request, pk)
    form = CheckForm(request.POST, request.FILES, prefix=item)
    if not form.is_valid():
        return _page(request, application, {item: form}, status=422)
    try:
        file = form.stored(request.actor.user)
    except ValidationError as error:
        form.add_error("file", error)
        return _page(request, application, {item: form}, status=422)
    try:
        admissibility.record(
            application,
            item,
            form.cleaned_data["result"],
            actor=request.actor,
            reason=form.cleaned_data["reason"],
            evidence=form.cleaned_data["evidence"],
            file=file,
        )
    except LookupError:
        raise Http404 from None
    return redirect(f"{request.path.rsplit('items/', 1)[0]}#left")


@require_POST
def check_proposed(request: ActorRequest, pk: int) -> HttpResponse:
    """Confirm at once every item whose records show that it passes."""
    application = _application(request, pk)
    confirmed = admissibility.confirm_proposed(application, actor=request.actor)
    messages.success(request, _("%(count)s items are confirmed.") % {"count": confirmed})
    return redirect("grants:check", application.pk)


@require_POST
def decide(request: ActorRequest, pk: int) -> HttpResponse:
    """Admit or refuse, then on to the next one that waits."""
    application = _application(request, pk)
    step = request.POST.get("step", "")
    if step not in CHECK.steps:
        raise Http404
    CHECK.take(step, application, actor=request.actor)
    messages.success(request, _("The decision is recorded and the applicant is told."))
    following = next_to_check(application.competition_id, application.number)
    if following:
        return redirect("grants:check", following.pk)
    return redirect("grants:competition_applications", application.competition_id)


def _application(request: ActorRequest, pk: int) -> Application:
    application = get_object_or_404(
        applications_visible_to(request.actor).select_related(
            "competition", "organisation", "lot__topic"
        ),
        pk=pk,
    )
    if not is_its_operator(request.actor, application):
        raise PermissionDenied
    return application


def _page(
    request: ActorRequest,
    application: Application,
    bound: dict[str, CheckForm] | None = None,
    status: int = 200,
) -> HttpResponse:
    page = admissibility.check_page(application)
    lines = []
    for item, proposal, done in page["lines"]:
        form = (bound or {}).get(item.key) or CheckForm(
            prefix=item.key,
            initial={
                "result": done.result if done else proposal.result,
                "reason": done.reason if done else "",
                "evidence": done.evidence if done else str(proposal.evidence)[:300],
            },
        )
        lines.append(Line(item, proposal, done, form))
    opens = admissibility.checks_it(request.actor, application)
    return render(
        request,
        "grants/check.html",
        {
            **page,
            "groups": _groups(lines, opens),
            "total": len(lines),
            "application": application,
            "following": next_to_check(application.competition_id, application.number),
            "open": opens,
            "offers": CHECK.offers(application, request.actor),
        },
        status=status,
    )


def _groups(lines: Sequence[Line], opens: bool) -> list[tuple[Any, list[Line], int]]:
    """The items by what they ask of the officer: title, lines, how many can be confirmed at once."""
    waiting = [line for line in lines if line.waits]
    passing = [line for line in lines if not line.done and not line.waits]
    groups = (
        (_("For you to decide"), waiting, 0),
        (_("Passes by the records"), passing, len(passing) if opens else 0),
        (_("Checked"), [line for line in lines if line.done], 0),
    )
    return [group for group in groups if group[1]]

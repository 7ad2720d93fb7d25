"""The questionnaire that beneficiaries open by telephone: no sign-in, no session, no script. It asks nobody's name."""

from __future__ import annotations

from django.db import OperationalError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from ortaq.core import clock
from ortaq.oversight.forms.instrument import AnswerForm
from ortaq.oversight.models import Answer, Instrument
from ortaq.oversight.procedure import instrument as procedure
from ortaq.oversight.queries.instrument import questionnaire as found
from ortaq.oversight.tools.asked import instruction_of
from ortaq.people.actor import ActorRequest
from ortaq.people.floods import is_flooding
from ortaq.projects import once
from ortaq.projects.views.phone import open_page

# So many answers one network (a village's line) may send within an hour.
A_VILLAGE = 200


@open_page
@require_http_methods(["GET", "HEAD", "POST"])
def questionnaire(request: ActorRequest, code: str) -> HttpResponse:
    """The questions, and thanks after they are answered. A form sent twice counts once."""
    row = found(code)
    if row is None:
        return render(request, "oversight/questionnaire_absent.html", status=404)
    if request.method != "POST":
        return _page(request, row, AnswerForm())
    form, here = AnswerForm(request.POST), reverse("oversight:questionnaire", args=[code])
    token = once.read(request.POST.get("once"))
    if request.POST.get("website"):  # a program is told what it wants to hear
        return redirect(f"{here}?thanks=1")
    if not form.is_valid():
        return _page(request, row, form, token=str(token), status=422)
    if is_flooding(request, f"survey.{row.pk}", A_VILLAGE):
        why = _("So many answers have come from your network that no more are taken for now.")
        return _page(request, row, form, token=str(token), problem=why, status=429)
    try:
        kept = procedure.answer(row, token, form.answers(), way=Answer.Way.LINK)
    except OperationalError:
        why = _(
            "Too many are sending at this moment. What you wrote is kept: press the button again."
        )
        return _page(request, row, form, token=str(token), problem=why, status=503)
    if kept is None:
        why = _("The questionnaire was closed before your answers came in.")
        return _page(request, row, form, token=str(token), problem=why, status=409)
    return redirect(f"{here}?thanks=1")


def _page(
    request: ActorRequest,
    row: Instrument,
    form: AnswerForm,
    *,
    token: str = "",
    problem: str = "",
    status: int = 200,
) -> HttpResponse:
    contract = row.visit.plan.project.contract
    return render(
        request,
        "oversight/questionnaire.html",
        {
            "row": row,
            "contract": contract,
            "form": form,
            "once": token or once.new(),
            "scale": instruction_of("SO-MQ", "points"),
            "is_open": procedure.is_open(row, clock.now()),
            "thanks": "thanks" in request.GET,
            "problem": problem,
        },
        status=status,
    )

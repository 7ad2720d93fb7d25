"""One button: the contract with a published winner."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from ortaq.grants.procedure.contract import draft_contract
from ortaq.grants.queries.outcome import outcomes_managed_by
from ortaq.people.actor import ActorRequest


@require_POST
def draft(request: ActorRequest, pk: int) -> HttpResponse:
    """Make the contract, or go to the one that was made already."""
    outcome = get_object_or_404(outcomes_managed_by(request.actor), pk=pk)
    drafted = draft_contract(outcome, request.actor)
    if drafted.new:
        messages.success(request, _("The contract is filled from the application. Complete it."))
    else:
        messages.info(request, _("The contract with this winner is there already."))
    return redirect("projects:contract", drafted.contract.pk)

"""Accounts: found one by one, locked and let in again, each act with a reason, a journal entry and a letter."""

from __future__ import annotations

from typing import Any

from axes.models import AccessAttempt
from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from ortaq.faces.paging import key_page
from ortaq.faces.parts import Column, Entry
from ortaq.operations.console import for_staff, page
from ortaq.operations.procedure import account as procedure
from ortaq.operations.procedure.account import Act, Reason
from ortaq.operations.queries import account as queries
from ortaq.people.actor import ActorRequest
from ortaq.people.second_factor import proof_wanted

FACTORS = {
    "totp": gettext_lazy("authenticator app"),
    "webauthn": gettext_lazy("passkey or security key"),
    "recovery_codes": gettext_lazy("recovery codes"),
}
LOCKED = [Column(gettext_lazy("Number")), Column(gettext_lazy("Person"))]
WAYS = [
    Column(gettext_lazy("Signs in as")),
    Column(gettext_lazy("From address")),
    Column(gettext_lazy("Wrong passwords"), numeric=True),
    Column(gettext_lazy("Last")),
    Column(gettext_lazy("Action")),
]


class ActForm(forms.Form):
    """What is to be done with an account, and why."""

    act = forms.ChoiceField(label=gettext_lazy("What is to be done"), choices=Act.choices)
    reason = forms.ChoiceField(
        label=gettext_lazy("Reason"), choices=[("", "—"), *Reason.choices],
        help_text=gettext_lazy("It stands in the journal and in the letter that the person gets at once."),
    )  # fmt: skip


@require_GET
@for_staff
def accounts(request: ActorRequest) -> HttpResponse:
    """Find one account; see which are locked, and which ways in wrong passwords have closed."""
    asked = request.GET.get("q", "")
    if found := queries.find(asked):
        return redirect("operations:account", found.pk)
    return page(
        request,
        "operations/accounts.html",
        console_title=_("Accounts"),
        console_lead=_(
            "The way into accounts: nothing of what people do there. Roles are given by the heads of organisations and "
            "commissions by those who form them; neither can be invented here."
        ),
        asked=asked,
        locked=key_page(queries.locked(), request.GET, order=("id",), size=20),
        locked_columns=LOCKED,
        ways=queries.closed_ways().order_by("-attempt_time")[:100],
        way_columns=WAYS,
    )


@require_http_methods(["GET", "POST"])
@for_staff
@proof_wanted
def account(request: ActorRequest, pk: int) -> HttpResponse:
    """One account, and what may be done with the way into it."""
    found = queries.account(pk)
    if found is None:
        raise Http404
    form = ActForm(request.POST if request.method == "POST" else None)
    shut = Act.UNLOCK if found.person.is_active else Act.LOCK
    offered = [one for one in Act if one is not shut and (one is not Act.RESET or found.factors)]
    form.fields["act"].choices = [  # type: ignore[attr-defined]  # of a choice field
        ("", "—"),
        *((one.value, one.label) for one in offered),
    ]
    if request.method == "POST" and form.is_valid():
        chosen: dict[str, Any] = form.cleaned_data
        try:
            procedure.take(chosen["act"], found.person, chosen["reason"], actor=request.actor)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, _("Done. A letter to the person is on its way."))
            return redirect("operations:account", pk)
    return page(
        request,
        "operations/account.html",
        status=422 if form.errors else 200,
        console_title=found.person.full_name or found.person.email,
        console_lead="",
        account=found,
        factors=[FACTORS.get(one, one) for one in found.factors],
        form=form,
        history=[
            Entry(
                one.at, _title(one.step), found.by.get(one.actor, ""), _reason(one.facts), one.hash
            )
            for one in found.acts
        ],
        own=request.actor.user is not None and request.actor.user.pk == pk,
    )


def _title(step: str) -> Any:
    word = step.removeprefix("account_")
    return Act(word).label if word in Act.values else step


def _reason(facts: dict[str, Any]) -> Any:
    word = facts.get("reason", "")
    return Reason(word).label if word in Reason.values else ""


@require_POST
@for_staff
@proof_wanted
def open_way_in(request: ActorRequest, pk: int) -> HttpResponse:
    procedure.open_way_in(get_object_or_404(AccessAttempt, pk=pk), actor=request.actor)
    messages.success(request, _("This account can be signed in to from there again."))
    return redirect("operations:accounts")

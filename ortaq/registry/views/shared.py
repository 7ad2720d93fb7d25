"""What the pages of several registers share."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ortaq.core import journal
from ortaq.core.procedure import Procedure, Refused
from ortaq.faces.parts import Entry
from ortaq.people.actor import Actor, ActorRequest
from ortaq.registry import procedure
from ortaq.registry.forms import ReasonForm
from ortaq.registry.forms.decision import DecisionForm


def reason(request: ActorRequest) -> str:
    """The reason as typed; "" where there is none, and the step that needs one says so."""
    form = ReasonForm(request.POST)
    form.is_valid()
    return str(form.cleaned_data.get("reason", ""))


def one_of(value: str | None, allowed: Any) -> str:
    return value if value and value in allowed else ""


def offers(
    procedure_: Procedure[Any], name: str, subject: Any, actor: Actor
) -> list[dict[str, Any]]:
    """The steps on offer, each with its address (named `name`); a missing reason is asked beside
    the button.
    """
    return [
        {
            "offer": offer,
            "address": reverse(name, args=[subject.pk, offer.step.name]),
            "asks_reason": procedure.reasoned in offer.step.requires,
        }
        for offer in procedure_.offers(subject, actor, reason="-")
        if offer.step.name != procedure.AMEND.name
    ]


def decided(request: ActorRequest, form: DecisionForm, subject: Any) -> bool:
    """Whether the posted decision was taken; what stands in its way joins the form."""
    if request.method != "POST" or not form.is_valid():
        return False
    step, reason = form.cleaned_data["step"], form.cleaned_data["reason"]
    try:
        form.procedure.take(step, subject, actor=request.actor, reason=reason)
    except Refused as refused:
        for finding in refused.findings:
            form.add_error(None, str(finding.message))
        return False
    messages.success(request, _("The decision is recorded."))
    return True


# What is said of an entry that is no step.
ENTERED = {
    "begin": gettext_lazy("Entered"),
    "tie": gettext_lazy("A tie was recorded"),
    "tie_ended": gettext_lazy("A tie ended"),
}


def history(
    procedure_: Procedure[Any], subject: Any, said: Mapping[str, Any] = ENTERED
) -> list[Entry]:
    """What was done, without names: the step (or what is `said` of it), its instant and its hash."""
    titles = {name: step.title for name, step in procedure_.steps.items()} | dict(said)
    return [
        Entry(entry.at, titles.get(entry.step, entry.step), hash=entry.hash)
        for entry in journal.history(subject)
    ]

"""The act of services of a social order: drafted → signed by the supplier → signed by both, or returned to the draft.

draft     by the supplier; the sum is that of the contract until somebody writes another
edit      number, day, services, sum
supplier  the head of the NGO signs
return    the customer, with a remark
customer  the customer signs, only after the evaluation report is posted (SO-E-21)

The form of the act, terms for looking through it and money held back are not in the sources (GAP-I-12).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from ortaq.core import money
from ortaq.core.duties import Owed
from ortaq.core.keys import organisation
from ortaq.core.procedure import Attempt, Procedure, Refused, Step, locked, not_yours
from ortaq.law import citing
from ortaq.law.findings import Finding, Severity
from ortaq.law.text import Text
from ortaq.projects import gates
from ortaq.projects.models import Act, Project
from ortaq.projects.policy.report import drafts_act, signs_for_customer, signs_for_supplier
from ortaq.signing.requirement import required

from .shared import nobody_was_faster, remark_given

State = Act.State
FIELDS = ("number", "day", "sum_tiyn", "services")


def _error(code: str, message: Any, about: str = "") -> Finding:
    return Finding(code, Severity.ERROR, message, citing.read(gates.CLAUSE), about=about)


def sum_within(act: Act, attempt: Attempt) -> Iterable[Finding]:
    """An act is for no more than the contract."""
    wanted = attempt.facts.get("values", {}).get("sum_tiyn", act.sum_tiyn)
    most = act.project.contract.sum_tiyn
    if wanted > most:
        message = format_lazy(
            _("The act is for more than the contract: at most {sum}."), sum=money.show(most)
        )
        yield _error("sum_over_contract", message, "sum_tiyn")


def filled_in(act: Act, attempt: Attempt) -> Iterable[Finding]:
    """What a signature needs to stand under: number, day, what was done."""
    asked = {
        "number": (act.number, _("The act has no number.")),
        "day": (act.day, _("The act has no date.")),
        "services": (act.services, _("The act does not say which services were rendered.")),
    }
    for about, (value, message) in asked.items():
        if not value:
            yield _error("not_filled_in", message, about)


def reports_accepted(act: Act, attempt: Attempt) -> Iterable[Finding]:
    """Signing before the final reports are accepted is unusual; no source forbids it."""
    if act.project.state == Project.State.RUNNING:
        yield Finding(
            "reports_open",
            Severity.WARNING,
            _("The final reports are not accepted yet."),
            citing.read("guide, general requirements"),
        )


def evaluation_posted(act: Act, attempt: Attempt) -> Iterable[Finding]:
    """The customer signs only after the evaluation report is posted on the portal (SO-E-21)."""
    return gates.evaluation(act.project)


def _edited(act: Act, attempt: Attempt) -> Mapping[str, Any]:
    for name in FIELDS:
        setattr(act, name, attempt.facts["values"][name])
    act.version += 1
    act.save(update_fields=[*FIELDS, "version"])
    return {"number": act.number, "day": act.day, "sum_tiyn": act.sum_tiyn}


def _signed_first(act: Act, attempt: Attempt) -> Mapping[str, Any]:
    act.remark = ""
    act.save(update_fields=["remark"])
    return {"number": act.number, "day": act.day, "sum_tiyn": act.sum_tiyn}


def _returned(act: Act, attempt: Attempt) -> Mapping[str, Any]:
    act.remark = str(attempt.facts["remark"]).strip()
    act.save(update_fields=["remark"])
    return {}


def _signed(act: Act, attempt: Attempt) -> Mapping[str, Any]:
    act.signed_at = attempt.now
    act.scan = attempt.facts.get("scan") or act.scan
    act.save(update_fields=["signed_at", "scan"])
    return {"sum_tiyn": act.sum_tiyn, "scan": act.scan.sha256 if act.scan else None}


EDIT = Step(
    "edit",
    _("Write the act"),
    source=State.DRAFT,
    target=None,
    by=drafts_act,
    requires=(nobody_was_faster, sum_within),
    effect=_edited,
)
SUPPLIER = Step(
    "supplier",
    _("Sign for the supplier"),
    source=State.DRAFT,
    target=State.SUPPLIER,
    by=signs_for_supplier,
    requires=(filled_in, sum_within, reports_accepted, required("projects.act", "supplier")),
    effect=_signed_first,
)
RETURN = Step(
    "return",
    _("Return with a remark"),
    source=State.SUPPLIER,
    target=State.DRAFT,
    by=signs_for_customer,
    requires=(remark_given,),
    effect=_returned,
)
CUSTOMER = Step(
    "customer",
    _("Sign for the customer"),
    source=State.SUPPLIER,
    target=State.SIGNED,
    by=signs_for_customer,
    # Of both: the supplier may have taken their step while no electronic signature was required.
    requires=(evaluation_posted, required("projects.act")),
    effect=_signed,
    cite=gates.CLAUSE,
    final=True,
)


def owed(act: Act) -> Iterable[Owed]:
    """Whose signature is awaited."""
    address = reverse("projects:act", args=[act.project_id])
    contract = act.project.contract
    if act.state == State.DRAFT:
        yield Owed(
            "sign_act",
            organisation(contract.grantee_id),
            Text(
                "Көрсетілген қызметтер актісіне қол қою",
                "Подписать акт оказанных услуг",
                "Sign the act of services",
            ),
            None,
            address,
            gates.CLAUSE,
        )
    elif act.state == State.SUPPLIER:
        yield Owed(
            "countersign_act",
            organisation(contract.grantor_id),
            Text(
                "Көрсетілген қызметтер актісіне тапсырыс беруші ретінде қол қою",
                "Подписать акт оказанных услуг за заказчика",
                "Sign the act of services for the customer",
            ),
            None,
            address,
            gates.CLAUSE,
        )


ACT: Procedure[Act] = Procedure(Act, (EDIT, SUPPLIER, RETURN, CUSTOMER), duties=owed)


@transaction.atomic
def draft(project: Project, *, actor: Any) -> Act:
    """The act of the project; a new one for the sum of the contract where there is none. One project has one act."""
    fresh = locked(Project, project.pk)
    found = Act.objects.filter(project=fresh).first()
    if found is not None:
        return found
    act = Act(project=project, sum_tiyn=project.contract.sum_tiyn)
    if not drafts_act(actor, act):
        raise Refused(EDIT, [not_yours(EDIT)])
    return ACT.begin(act, actor=actor, sum_tiyn=act.sum_tiyn)

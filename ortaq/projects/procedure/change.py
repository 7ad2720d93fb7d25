"""A request for a change: drafted → asked → approved, refused or withdrawn (IM-041; forms and terms are not in the sources, GR-I-16).

edit      whoever writes for the NGO, while it is a draft
ask       head or deputy of the NGO; says all that stands against it
approve   the body; written into the plan in the same transaction, if what it starts from still holds
return    the body, with a remark: a draft again
refuse    the body, with a remark
withdraw  head or deputy of the NGO
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from ortaq.core import journal
from ortaq.core.duties import Owed
from ortaq.core.keys import organisation
from ortaq.core.models import StoredFile
from ortaq.core.procedure import Attempt, Procedure, Refused, Step, locked, not_yours
from ortaq.law.text import Text
from ortaq.people.actor import Actor
from ortaq.projects import change_checks, changing, completeness, once, tally
from ortaq.projects.change_checks import Case
from ortaq.projects.changing import Row
from ortaq.projects.models import Change, Contract, Project
from ortaq.projects.policy import project as of_project
from ortaq.projects.policy.change import asks, decides, writes

from .shared import by_its_act, nobody_was_faster, remark_given

State = Change.State


@dataclass(frozen=True, slots=True)
class Request:
    """What a page's form says: the form by its name, what was typed, the rows that it means."""

    form: str
    kind: str
    typed: Mapping[str, Sequence[str]]
    rows: Sequence[Row]
    reason: str
    effect: str
    letter: StoredFile | None = None


def _edited(change: Change, attempt: Attempt) -> Mapping[str, Any]:
    _put(change, attempt.facts["request"])
    change.version += 1
    change.save()
    return {"version": change.version}


def _put(change: Change, request: Request) -> None:
    change.form, change.kind, change.typed = request.form, request.kind, dict(request.typed)
    change.rows = [row.as_dict() for row in request.rows]
    change.reason, change.effect = request.reason, request.effect
    change.letter = request.letter or change.letter


def _asked(change: Change, attempt: Attempt) -> Mapping[str, Any]:
    change.asked_at, change.remark = attempt.now, ""
    change.save(update_fields=["asked_at", "remark"])
    return {"kind": change.kind, "rows": len(change.rows)}


def _approved(change: Change, attempt: Attempt) -> Mapping[str, Any]:
    """Into the plan. Two requests approved at one moment meet here: the second finds its start changed."""
    project = locked(Project, change.project_id)
    change.project = project
    rows = changing.rows_of(change)
    if overtaken := list(change_checks.still_holds(Case(change, rows))):
        raise Refused(APPROVE, overtaken)
    contract = locked(Contract, project.contract_id)
    change.rows = [row.as_dict() for row in changing.apply(contract, rows)]
    _decide(change, attempt)
    tally.settle(project)
    facts = {"number": change.number, "kind": change.kind, "rows": len(rows)}
    journal.append(
        project,
        "changed",
        actor=attempt.actor.key,
        behalf=attempt.actor.behalf,
        facts=facts,
        at=attempt.now,
    )
    return facts


def _decide(change: Change, attempt: Attempt) -> Mapping[str, Any]:
    change.decided_at, change.decided_by = attempt.now, attempt.actor.user
    change.remark = str(attempt.facts.get("remark") or "").strip()
    change.save(update_fields=["rows", "decided_at", "decided_by", "remark"])
    return {"kind": change.kind}


def _returned(change: Change, attempt: Attempt) -> Mapping[str, Any]:
    change.remark = str(attempt.facts["remark"]).strip()
    change.save(update_fields=["remark"])
    return {"kind": change.kind}


EDIT = Step(
    "edit",
    _("Change the request"),
    source=State.DRAFT,
    target=None,
    by=writes,
    requires=(nobody_was_faster,),
    effect=_edited,
    cite="GR-I-16",
)
ASK = Step(
    "ask",
    _("Ask for the change"),
    source=State.DRAFT,
    target=State.ASKED,
    by=asks,
    requires=(change_checks.complete, change_checks.fits),
    effect=_asked,
    cite="GR-I-16",
)
APPROVE = Step(
    "approve",
    _("Approve the change"),
    source=State.ASKED,
    target=State.APPROVED,
    by=decides,
    requires=(change_checks.fits,),
    effect=_approved,
    cite="GR-I-16",
    final=True,
)
RETURN = Step(
    "return",
    _("Return with a remark"),
    source=State.ASKED,
    target=State.DRAFT,
    by=decides,
    requires=(remark_given,),
    effect=_returned,
    cite="GR-I-16",
)
REFUSE = Step(
    "refuse",
    _("Refuse the change"),
    source=State.ASKED,
    target=State.REFUSED,
    by=decides,
    requires=(remark_given,),
    effect=_decide,
    cite="GR-I-16",
    final=True,
)
WITHDRAW = Step(
    "withdraw",
    _("Withdraw the request"),
    source=(State.DRAFT, State.ASKED),
    target=State.WITHDRAWN,
    by=asks,
    cite="GR-I-16",
    final=True,
)


def owed(change: Change) -> Iterable[Owed]:
    """The NGO finishes what was returned, the body answers what is asked; no source sets a term (GR-I-16)."""
    contract = change.project.contract
    address = reverse("projects:change", args=[change.project_id, change.number])
    number = change.number
    place = str(completeness.cite(contract, "GR-I-16", inferred=True))
    if change.state == State.DRAFT:
        yield Owed(
            "draft_change",
            organisation(contract.grantee_id),
            Text(
                f"№ {number} өзгерту өтінішін аяқтау",
                f"Завершить запрос на изменение № {number}",
                f"Finish the request for a change No. {number}",
            ),
            None,
            address,
            place,
        )
    elif change.state == State.ASKED:
        yield Owed(
            "answer_change",
            organisation(contract.grantor_id),
            Text(
                f"№ {number} өзгерту өтінішіне жауап беру",
                f"Ответить на запрос на изменение № {number}",
                f"Answer the request for a change No. {number}",
            ),
            None,
            address,
            place,
        )


CHANGE: Procedure[Change] = Procedure(
    Change, (EDIT, ASK, APPROVE, RETURN, REFUSE, WITHDRAW), duties=owed, cites=by_its_act
)


def draft(project: Project, form: uuid.UUID, request: Request, *, actor: Actor) -> Change:
    """A request of `project` as a draft; the form `form` makes it once. Raises `Refused` for whoever does not record."""
    if not of_project.records(actor, project):
        raise Refused(EDIT, [not_yours(EDIT)])

    def build(fresh: Project, number: int) -> Change:
        change = Change(project=fresh, once=form, number=number)
        _put(change, request)
        return CHANGE.begin(change, actor=actor, kind=request.kind)

    change, _new = once.make(Change, project, form, build)
    return change


def edit(change: Change, version: int, request: Request, *, actor: Actor) -> None:
    """Save a draft that the page showed as `version`. Raises `Refused`."""
    CHANGE.take(EDIT, change, actor=actor, version=version, request=request)

"""The contract: draft → approving → agreed → signed, or not concluded.

edit      one block of annex 3, the estimate or the terms, by either party
send      complete annex 3, money that adds up; the approval chain begins with the executor
agree     each in turn: executor, director, deputy chair, chair (GR-K-04)
accept    the head of the grantee, the last of the chain
return    back to the draft, with a remark; the chain begins anew
number    the body gives number and date: what is signed electronically has them (our way, GR-K-02)
sign      number, date, and the scan of the paper or the electronic signatures of both parties
decline   the grantee does not conclude it (a gap of the sources, logged with the reason)
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from ortaq.core import clock
from ortaq.core.duties import Owed
from ortaq.core.keys import organisation, person
from ortaq.core.procedure import Attempt, Procedure, Refused, Step, not_yours
from ortaq.law.findings import Finding, Severity
from ortaq.law.text import Text
from ortaq.people.models import User
from ortaq.projects import completeness, signing
from ortaq.projects.completeness import cite
from ortaq.projects.models import Activity, Approval, Contract
from ortaq.projects.policy.contract import (
    agrees_for_grantee,
    agrees_for_grantor,
    has_the_turn,
    heads_grantee,
    is_grantor,
    is_of_a_grant,
    may_edit,
    may_edit_block,
    next_approval,
)
from ortaq.signing import modes, requirement

from .project import open_project
from .shared import remark_given

State = Contract.State

# --- While it is a draft -------------------------------------------------------------------------


def block_is_theirs(contract: Contract, attempt: Attempt) -> Iterable[Finding]:
    """Terms and chain are set by the body that gives the money; the rest by either party."""
    block = attempt.facts.get("block")
    if block and not may_edit_block(attempt.actor, contract, block):
        yield not_yours(EDIT)


def nobody_was_faster(contract: Contract, attempt: Attempt) -> Iterable[Finding]:
    """The block is still as the page showed it: nobody else saved it meanwhile."""
    block, seen = attempt.facts.get("block"), attempt.facts.get("version")
    now = contract.versions.get(block, 0)
    if block and seen != now:
        yield Finding(
            "block_changed",
            Severity.ERROR,
            _(
                "Somebody else saved this part while you were editing it. What you typed stands "
                "below and is not saved yet: compare it with the present contract, then save again."
            ),
            numbers={"seen": seen, "now": now},
        )


def _edited(contract: Contract, attempt: Attempt) -> Mapping[str, Any]:
    """Save what the page's form holds; the journal says who saved which block when."""
    block = attempt.facts["block"]
    attempt.facts["save"](contract)
    contract.versions = {**contract.versions, block: contract.versions.get(block, 0) + 1}
    contract.save(update_fields=["versions"])
    return {"block": block, "version": contract.versions[block]}


# --- The chain -----------------------------------------------------------------------------------


def _sent(contract: Contract, attempt: Attempt) -> Mapping[str, Any]:
    contract.approvals.update(agreed=None, remark="", decided_at=None)
    return {"sum_tiyn": contract.sum_tiyn}


def _agreed(contract: Contract, attempt: Attempt) -> Mapping[str, Any]:
    place = next_approval(contract)
    assert place is not None  # the policy has seen whose turn it is
    place.agreed, place.decided_at = True, attempt.now
    place.remark = str(attempt.facts.get("remark") or "")
    if place.role == Approval.Role.GRANTEE:
        place.person = User.objects.get(pk=attempt.actor.user.pk)
    place.save(update_fields=["agreed", "decided_at", "remark", "person"])
    return {"place": place.role}


def _returned(contract: Contract, attempt: Attempt) -> Mapping[str, Any]:
    place = next_approval(contract)
    assert place is not None
    place.agreed, place.decided_at = False, attempt.now
    place.remark = str(attempt.facts["remark"])
    place.save(update_fields=["agreed", "decided_at", "remark"])
    return {"place": place.role}


# --- Signing -------------------------------------------------------------------------------------


def numbered(contract: Contract, attempt: Attempt) -> Iterable[Finding]:
    """Number and date, of which no other contract of the body has the number, and the day is not to come (GR-K-01)."""
    facts = attempt.facts
    wanted = {
        "number": _("State the number of the contract."),
        "concluded_on": _("State the date of the contract."),
    }
    for name, message in wanted.items():
        if not (facts.get(name) or getattr(contract, name)):
            yield _missing(contract, name, message)
    number = facts.get("number")
    others = Contract.objects.filter(grantor=contract.grantor, number=number).exclude(
        pk=contract.pk
    )
    if number and others.exists():
        yield number_taken(contract, number)
    day = facts.get("concluded_on")
    if day and day > clock.day_of(attempt.now):
        yield Finding(
            "concluded_in_future",
            Severity.ERROR,
            _("A contract that is signed cannot have a date in the future."),
            cite(contract, "contract 2024 annex 3, head"),
            {"concluded_on": day},
            about="concluded_on",
        )


def _missing(contract: Contract, name: str, message: Any) -> Finding:
    place = cite(contract, "guide, comparison table")
    return Finding("paper_missing", Severity.ERROR, message, place, about=name)


def paper_or_signatures(contract: Contract, attempt: Attempt) -> Iterable[Finding]:
    """The scan of the signed paper (GR-K-02), unless both parties have signed electronically: that is an
    option for later by the requirement, and must be where the edition or the installation says so.
    """
    scan = attempt.facts.get("scan") or contract.scan
    electronically = signing.mode_of(contract)
    if electronically == modes.REQUIRED and not signing.is_numbered(contract):
        yield Finding(
            "not_numbered",
            Severity.ERROR,
            _("Give the contract its number and date first, then both parties sign it."),
            cite(contract, "GR-K-02", inferred=True),
        )
    elif electronically == modes.REQUIRED:
        yield from requirement.missing(signing.CONTRACT, contract)
        yield from _as_signed(contract, attempt)
    elif not scan and requirement.all_signed(signing.CONTRACT, contract):
        yield from _as_signed(contract, attempt)
    elif not scan:
        message = _("Attach the scan of the signed contract.")
        yield _missing(contract, "scan", message)


def _as_signed(contract: Contract, attempt: Attempt) -> Iterable[Finding]:
    """What was signed electronically keeps its number and date."""
    for name in ("number", "concluded_on"):
        if attempt.facts.get(name) not in (None, "", getattr(contract, name)):
            yield Finding(
                "signed_otherwise",
                Severity.ERROR,
                _("The contract was signed with another number or date. Change it by the step before, and both sign again."),
                cite(contract, "GR-K-02", inferred=True),
                about=name,
            )  # fmt: skip


def number_taken(contract: Contract, number: str) -> Finding:
    return Finding(
        "number_taken",
        Severity.ERROR,
        _("Another contract already has this number."),
        cite(contract, "contract 2024 annex 3, head"),
        {"number": number},
        about="number",
    )


def _numbered(contract: Contract, attempt: Attempt) -> Mapping[str, Any]:
    """Give number and date. Another number than before is another content: who had signed signs again."""
    for name in ("number", "concluded_on"):
        setattr(contract, name, attempt.facts.get(name) or getattr(contract, name))
    contract.versions = {**contract.versions, "number": contract.versions.get("number", 0) + 1}
    contract.save(update_fields=["number", "concluded_on", "versions"])
    return {"number": contract.number, "concluded_on": contract.concluded_on}


def _signed(contract: Contract, attempt: Attempt) -> Mapping[str, Any]:
    for name in ("number", "concluded_on", "scan"):
        if attempt.facts.get(name):
            setattr(contract, name, attempt.facts[name])
    contract.signed_at = attempt.now
    contract.save()
    open_project(contract, attempt)
    return {
        "number": contract.number,
        "concluded_on": contract.concluded_on,
        "sum_tiyn": contract.sum_tiyn,
        "scan": contract.scan.sha256 if contract.scan else None,
    }


def _declined(contract: Contract, attempt: Attempt) -> Mapping[str, Any]:
    contract.decline_reason = str(attempt.facts["remark"])
    contract.save(update_fields=["decline_reason"])
    return {}


EDIT = Step(
    "edit",
    _("Change a part of the contract"),
    source=State.DRAFT,
    target=None,
    by=is_of_a_grant & may_edit,
    requires=(block_is_theirs, nobody_was_faster),
    effect=_edited,
    cite="contract 2024 annex 3",
)
SEND = Step(
    "send",
    _("Send for approval"),
    source=State.DRAFT,
    target=State.APPROVING,
    by=is_of_a_grant & is_grantor,
    requires=completeness.TO_SEND,
    effect=_sent,
    cite="contract 2024 annex 3, signatures",
)
AGREE = Step(
    "agree",
    _("Agree"),
    source=State.APPROVING,
    target=None,
    by=is_of_a_grant & agrees_for_grantor,
    effect=_agreed,
    cite="contract 2024 annex 3, signatures",
)
ACCEPT = Step(
    "accept",
    _("Agree for the grantee"),
    source=State.APPROVING,
    target=State.AGREED,
    by=is_of_a_grant & agrees_for_grantee,
    effect=_agreed,
    cite="contract 2024 annex 3, signatures",
)
RETURN = Step(
    "return",
    _("Return with a remark"),
    source=State.APPROVING,
    target=State.DRAFT,
    by=is_of_a_grant & has_the_turn,
    requires=(remark_given,),
    effect=_returned,
    cite="contract 2024 annex 3, signatures",
)
NUMBER = Step(
    "number",
    _("Give number and date"),
    source=State.AGREED,
    target=None,
    by=is_of_a_grant & is_grantor,
    requires=(numbered,),
    effect=_numbered,
    cite="contract 2024 annex 3, head",
)
SIGN = Step(
    "sign",
    _("Record the signed contract"),
    source=State.AGREED,
    target=State.SIGNED,
    by=is_of_a_grant & is_grantor,
    requires=(numbered, paper_or_signatures),
    effect=_signed,
    cite="guide, comparison table",
    final=True,
)
DECLINE = Step(
    "decline",
    _("Not concluded"),
    source=(State.DRAFT, State.APPROVING, State.AGREED),
    target=State.DECLINED,
    by=is_of_a_grant & (is_grantor | heads_grantee),
    requires=(remark_given,),
    effect=_declined,
    cite="GR-K-01",
    final=True,
)


def owed(contract: Contract) -> Iterable[Owed]:
    """Whose turn it is."""
    address = reverse("projects:contract", args=[contract.pk])
    cite = "contract 2024 annex 3, signatures"
    if contract.state == State.DRAFT:
        yield Owed(
            "complete_contract",
            organisation(contract.grantor_id),
            Text("Шартты толтыру", "Дополнить договор", "Complete the contract"),
            None,
            address,
            cite,
        )
    elif contract.state == State.APPROVING and (place := next_approval(contract)):
        bearer = person(place.person_id) if place.person_id else organisation(contract.grantee_id)
        yield Owed(
            f"agree-{place.role}",
            bearer,
            Text("Шартты келісу", "Согласовать договор", "Agree to the contract"),
            None,
            address,
            cite,
        )
    elif contract.state == State.AGREED and (
        missing := requirement.owed(signing.CONTRACT, contract, "guide, comparison table")
    ):
        yield from missing
    elif contract.state == State.AGREED:
        yield Owed(
            "sign_contract",
            organisation(contract.grantor_id),
            Text("Шартқа қол қою", "Подписать договор", "Sign the contract"),
            None,
            address,
            "guide, comparison table",
        )


CONTRACT: Procedure[Contract] = Procedure(
    Contract, (EDIT, SEND, AGREE, ACCEPT, RETURN, NUMBER, SIGN, DECLINE), duties=owed
)
# Of a grant annex 3 says all that is signed.
signing.kinds[Contract.Instrument.GRANT] = signing.Kind(lambda _contract: {}, CONTRACT.settle)


def edit(
    contract: Contract, block: str, version: int, save: Callable[[Contract], None], *, actor: Any
) -> None:
    """Save one block of a draft by `save`, which gets the locked row.

    `version` is the one that the page showed. Raises `Refused` when somebody else was faster,
    the contract is no draft any more, or the actor is no party to it.
    """
    CONTRACT.take(EDIT, contract, actor=actor, block=block, version=version, save=save)


@transaction.atomic
def delete_activity(activity: Activity, version: int, *, actor: Any) -> None:
    """Take an activity out of the plan that a page showed as `version`.

    Raises `Refused` as `edit` does, and `ProtectedError` while lines of the estimate pay for it.
    """

    def save(_contract: Contract) -> None:
        activity.delete()

    edit(activity.contract, "plan", version, save, actor=actor)


def number(contract: Contract, *, actor: Any, **facts: Any) -> None:
    """Give the contract its number and date (number, concluded_on); raises `Refused` as `sign` does."""
    _once(NUMBER, contract, actor, facts)


def sign(contract: Contract, *, actor: Any, **facts: Any) -> None:
    """Record the signed contract (number, concluded_on, scan; of what was signed electronically none of them).

    Raises `Refused`, also when a contract signed at the very same moment took the number.
    """
    _once(SIGN, contract, actor, facts)


def _once(step: Step, contract: Contract, actor: Any, facts: Mapping[str, Any]) -> None:
    try:
        with transaction.atomic():
            CONTRACT.take(step, contract, actor=actor, **facts)
    except IntegrityError:
        contract.refresh_from_db()
        raise Refused(step, [number_taken(contract, str(facts.get("number")))]) from None

"""What the steps of a contract of a social order require (SO-T-103..110)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

from ortaq import law
from ortaq.core import clock
from ortaq.core.procedure import Attempt
from ortaq.law.findings import Finding, Severity
from ortaq.projects import signing
from ortaq.projects.models import Contract
from ortaq.signing import modes, requirement
from ortaq.tenders.models import Order
from ortaq.tenders.policy import order as policy

STAGE_7 = "guide, stage 7"
TABLE = "guide, SO vs grants table"
# What a supplier enters; the form asks for these and nothing else.
REQUISITES = (
    "address",
    "bank",
    "account",
    "bic",
    "beneficiary_code",
    "signer",
    "position",
    "basis",
)


def of(contract: Contract) -> Order:
    """The order that belongs to a contract; one query for each contract loaded."""
    return contract.order


def _error(contract: Contract, code: str, message: Any, place: str, about: str = "") -> Finding:
    cite = law.edition(contract.act, contract.edition).cite(place)
    return Finding(code, Severity.ERROR, message, cite, about=about)


def advance_in_bounds(contract: Contract, attempt: Attempt) -> Iterable[Finding]:
    """The advance is at most 50 per cent, as the customer decides (SO-T-107)."""
    percent = attempt.facts.get("advance_percent")
    most = law.edition(contract.act, contract.edition).parameter("advance.max")
    if not isinstance(percent, int) or not 0 <= percent <= most.value:
        message = _("An advance may be up to 50 per cent of the contract's sum.")
        numbers = {"percent": percent, "most": most.value}
        yield Finding(
            "advance_too_large", Severity.ERROR, message, most.cite, numbers, "advance_percent"
        )


def days_in_order(contract: Contract, attempt: Attempt) -> Iterable[Finding]:
    """The services end after they begin."""
    first, last = attempt.facts.get("starts_on"), attempt.facts.get("ends_on")
    if not (isinstance(first, date) and isinstance(last, date) and first <= last):
        message = _("State the first and the last day of the services.")
        yield _error(contract, "no_term", message, STAGE_7, "ends_on")


def only_requisites(contract: Contract, attempt: Attempt) -> Iterable[Finding]:
    """The supplier changes its own part and nothing of the conditions (SO-T-104, SO-T-106)."""
    given: Mapping[str, str] = attempt.facts.get("requisites") or {}
    if set(given) - set(REQUISITES):
        message = _(
            "A supplier changes only its requisites: the conditions are those that were scored."
        )
        yield _error(contract, "not_requisites", message, STAGE_7)


def requisites_complete(contract: Contract, attempt: Attempt) -> Iterable[Finding]:
    """Account and signer are stated before the supplier agrees."""
    known = of(contract).requisites
    if not all(str(known.get(name) or "").strip() for name in REQUISITES):
        message = _("Enter all requisites first: they are part of the contract.")
        yield _error(contract, "requisites_missing", message, STAGE_7, "requisites")


def remark_given(contract: Contract, attempt: Attempt) -> Iterable[Finding]:
    """Whoever returns or declines says why."""
    if not str(attempt.facts.get("remark") or "").strip():
        yield _error(contract, "no_remark", _("Say why."), STAGE_7, "remark")


def not_signed_yet(contract: Contract, attempt: Attempt) -> Iterable[Finding]:
    """One side brings the copy, the other one confirms it."""
    if of(contract).signed_side:
        message = _("The signed copy is here already: the other side confirms it.")
        yield _error(contract, "signed_already", message, STAGE_7)


def copy_at_hand(contract: Contract, attempt: Attempt) -> Iterable[Finding]:
    """Number, day and the signed copy."""
    facts = attempt.facts
    if not (facts.get("number") and facts.get("concluded_on") and facts.get("scan")):
        message = _("State number and day of the contract and attach the signed copy.")
        yield _error(contract, "copy_missing", message, STAGE_7, "scan")


def numbered(contract: Contract, attempt: Attempt) -> Iterable[Finding]:
    """The day is not to come, and no other contract of the customer has the number."""
    facts = attempt.facts
    day = facts.get("concluded_on")
    if isinstance(day, date) and day > clock.day_of(attempt.now):
        message = _("A contract that is signed cannot have a date in the future.")
        yield _error(contract, "concluded_in_future", message, STAGE_7, "concluded_on")
    others = Contract.objects.filter(grantor=contract.grantor, number=facts.get("number") or "-")
    if others.exclude(pk=contract.pk).exists():
        message = _("Another contract already has this number.")
        yield _error(contract, "number_taken", message, STAGE_7, "number")


def number_stated(contract: Contract, attempt: Attempt) -> Iterable[Finding]:
    """Number and day are there."""
    if not (attempt.facts.get("number") and attempt.facts.get("concluded_on")):
        message = _("State number and day of the contract.")
        yield _error(contract, "no_number", message, STAGE_7, "number")


def paper_allowed(contract: Contract, attempt: Attempt) -> Iterable[Finding]:
    """Where electronic signatures are required, a copy does not conclude the contract."""
    if signing.mode_of(contract) == modes.REQUIRED:
        message = _("This contract is signed electronically by both sides, not on paper.")
        yield _error(contract, "electronically_only", message, STAGE_7)


def signed_electronically(contract: Contract, attempt: Attempt) -> Iterable[Finding]:
    """Both sides have signed the contract as it is now (SO-T-105)."""
    if requirement.all_signed(signing.CONTRACT, contract):
        return
    if signing.mode_of(contract) == modes.REQUIRED and signing.is_numbered(contract):
        yield from requirement.missing(signing.CONTRACT, contract)
    else:
        message = _("Not both sides have signed electronically.")
        yield _error(contract, "not_signed_electronically", message, STAGE_7)


def by_the_other_side(contract: Contract, attempt: Attempt) -> Iterable[Finding]:
    """Two people, one of each side (SO-T-105)."""
    order = of(contract)
    if not order.signed_side:
        message = _("Nobody has brought the signed copy yet.")
        yield _error(contract, "not_signed", message, STAGE_7)
    elif (
        policy.side_of(attempt.actor, contract) == order.signed_side
        or attempt.actor.user == order.signed_by
    ):
        message = _("The other side confirms the signed copy: both sides sign.")
        yield _error(contract, "same_side", message, STAGE_7)

"""An application for a small grant: submitted → selected or not → paid → use proved, or returned (GR-I-13); or withdrawn.

Received from anybody without signing in, or typed from paper. Whoever has the link of the receipt amends it while applications are
taken and withdraws it until the results are out (our proposal). Decisions are written while the competition selects.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from ortaq.core import clock
from ortaq.core.canonical import sha256
from ortaq.core.procedure import (
    SYSTEM,
    Attempt,
    Procedure,
    Refused,
    Step,
    locked,
    moved_on,
    system_only,
)
from ortaq.law.findings import Finding
from ortaq.people.actor import PASSER_BY, Actor
from ortaq.projects import once, small_checks
from ortaq.projects.models import Project, SmallCompetition, SmallGrant, SmallGrantVersion
from ortaq.projects.policy.small import runs

from . import small_letters
from .shared import nobody_was_faster, said
from .small import State, against, reason_given

ASKED_FIELDS = (
    "applicant", "name", "contact", "identifier", "region", "title", "text", "asked_tiyn", "consented",
)  # fmt: skip


def selecting(grant: SmallGrant, attempt: Attempt) -> Iterable[Finding]:
    """Decisions are written while the competition selects, and not after its results are out."""
    competition = grant.competition
    if competition.state != State.SELECTING:
        yield moved_on(CHOOSE, competition, "state")


def choice_fits(grant: SmallGrant, attempt: Attempt) -> Iterable[Finding]:
    """A sum within the limits, and a purpose that somebody looked at (GR-P-13)."""
    yield from small_checks.sum_fits(grant, attempt.facts.get("given_tiyn") or 0)
    if not attempt.facts.get("purpose_checked"):
        yield against(grant, "purpose_unchecked", _("Confirm that the money is for a purpose that the topic permits."), "purpose_checked")  # fmt: skip


def _chosen(grant: SmallGrant, attempt: Attempt) -> Mapping[str, Any]:
    grant.given_tiyn, grant.purpose_checked = attempt.facts["given_tiyn"], True
    grant.reason = said(attempt, "reason")
    grant.save(update_fields=["given_tiyn", "purpose_checked", "reason"])
    return {"given_tiyn": grant.given_tiyn}


def _turned_down(grant: SmallGrant, attempt: Attempt) -> Mapping[str, Any]:
    grant.given_tiyn, grant.reason = None, said(attempt, "reason")
    grant.save(update_fields=["given_tiyn", "reason"])
    return {}


def published(grant: SmallGrant, attempt: Attempt) -> Iterable[Finding]:
    """Money is paid only on published results."""
    if grant.competition.state != State.DECIDED:
        yield against(grant, "not_published", _("Publish the results first."))


def expense_pays_it(grant: SmallGrant, attempt: Attempt) -> Iterable[Finding]:
    """An expense of the contract's money, live, of exactly the sum given, and of no other small grant."""
    expense = attempt.facts.get("expense")
    if grant.state == SmallGrant.State.PAID and grant.expense and grant.expense.state != "voided":
        yield against(grant, "paid_already", _("It is paid already."))
    if expense is None:
        yield against(grant, "no_expense", _("Choose the expense by which it was paid."), "expense")  # fmt: skip
        return
    if expense.project_id != grant.competition.project_id or expense.state == "voided":
        yield against(grant, "no_such_expense", _("This expense is void or of another project."), "expense")  # fmt: skip
    if expense.source != "grant":
        yield against(grant, "other_source", _("Small grants are paid from the money of the contract."), "expense")  # fmt: skip
    if expense.sum_tiyn != grant.given_tiyn:
        yield against(grant, "sum_differs", _("The sum of the expense is not the sum that was given."), "expense")  # fmt: skip
    other = SmallGrant.objects.filter(expense=expense).exclude(pk=grant.pk).first()
    if other is not None:
        yield against(grant, "expense_taken", _("This expense pays another small grant."), "expense")  # fmt: skip


def _paid(grant: SmallGrant, attempt: Attempt) -> Mapping[str, Any]:
    grant.expense = attempt.facts["expense"]
    grant.save(update_fields=["expense"])
    return {"expense": grant.expense.number if grant.expense else None}


def proof_given(grant: SmallGrant, attempt: Attempt) -> Iterable[Finding]:
    if not said(attempt, "proof"):
        yield against(grant, "no_proof", _("Write how the use of the money was proved."), "proof")


def _proved(grant: SmallGrant, attempt: Attempt) -> Mapping[str, Any]:
    file = attempt.facts.get("file")
    grant.proof, grant.proof_file = said(attempt, "proof"), file or grant.proof_file
    grant.save(update_fields=["proof", "proof_file"])
    return {"file": file.sha256 if file else None}


def part_given(grant: SmallGrant, attempt: Attempt) -> Iterable[Finding]:
    """Not more comes back than was given."""
    if not 0 < (attempt.facts.get("returned_tiyn") or 0) <= (grant.given_tiyn or 0):
        yield against(grant, "returned_too_much", _("State a sum that is not above the one given."), "returned_tiyn")  # fmt: skip


def _given_back(grant: SmallGrant, attempt: Attempt) -> Mapping[str, Any]:
    grant.returned_tiyn = attempt.facts["returned_tiyn"]
    grant.return_reason = said(attempt, "reason")
    grant.save(update_fields=["returned_tiyn", "return_reason"])
    return {"returned_tiyn": grant.returned_tiyn}


def still_taken(grant: SmallGrant, attempt: Attempt) -> Iterable[Finding]:
    """What would stand against sending it now, stands against amending it."""
    values = attempt.facts["values"]
    yield from _in_the_way(AMEND, grant.competition, values, attempt.now, typed=False)


def _amended(grant: SmallGrant, attempt: Attempt) -> Mapping[str, Any]:
    before = grant.contact
    for name in ASKED_FIELDS:
        setattr(grant, name, attempt.facts["values"][name])
    grant.version += 1
    grant.submitted_at, grant.language = attempt.now, _language()
    grant.save()
    seal = _seal(grant)
    small_letters.tell(grant, "amended", before)
    return {"version": grant.version, "sha256": seal.sha256, "asked_tiyn": grant.asked_tiyn}


def undecided(grant: SmallGrant, attempt: Attempt) -> Iterable[Finding]:
    """Once the results are out, an application is part of them."""
    if grant.competition.state not in (State.OPEN, State.SELECTING):
        yield against(grant, "results_are_out", _("The results are published: an application cannot be withdrawn any more. Tell the organisation that gives the small grants."))  # fmt: skip


def _withdrawn(grant: SmallGrant, attempt: Attempt) -> Mapping[str, Any]:
    grant.given_tiyn, grant.reason, grant.purpose_checked = None, "", False
    grant.withdrawn_at = attempt.now
    grant.save(update_fields=["given_tiyn", "reason", "purpose_checked", "withdrawn_at"])
    small_letters.tell(grant, "withdrawn")
    return {}


Grant = SmallGrant.State
BEFORE = (Grant.SUBMITTED, Grant.SELECTED, Grant.REFUSED)
CHOOSE = Step(
    "choose", _("Select"), source=BEFORE, target=Grant.SELECTED, by=runs,
    requires=(selecting, choice_fits, reason_given), effect=_chosen, cite="GR-I-13",
)  # fmt: skip
TURN_DOWN = Step(
    "turn_down", _("Do not select"), source=BEFORE, target=Grant.REFUSED, by=runs,
    requires=(selecting, reason_given), effect=_turned_down, cite="GR-I-13",
)  # fmt: skip
PAY = Step(
    "pay", _("Record the payment"), source=(Grant.SELECTED, Grant.PAID), target=Grant.PAID, by=runs,
    requires=(published, expense_pays_it), effect=_paid, cite="GR-I-13",
)  # fmt: skip
PROVE = Step(
    "prove", _("Record the proof of use"), source=Grant.PAID, target=Grant.PROVED, by=runs,
    requires=(proof_given,), effect=_proved, cite="GR-I-13",
)  # fmt: skip
GIVE_BACK = Step(
    "give_back", _("Record the return of money"), source=(Grant.PAID, Grant.PROVED),
    target=Grant.RETURNED, by=runs, requires=(part_given, reason_given), effect=_given_back,
    cite="GR-I-13",
)  # fmt: skip
SUBMIT = Step(
    "submit", _("Send the application"), source=Grant.SUBMITTED, target=None, by=system_only,
    cite="GR-I-13",
)  # fmt: skip
# By whoever has the link of the receipt: the page has asked for it.
AMEND = Step(
    "amend", _("Amend the application"), source=Grant.SUBMITTED, target=None, by=system_only,
    requires=(nobody_was_faster, still_taken), effect=_amended, cite="GR-I-13",
)  # fmt: skip
WITHDRAW = Step(
    "withdraw", _("Withdraw the application"), source=BEFORE, target=Grant.WITHDRAWN, by=system_only,
    requires=(undecided,), effect=_withdrawn, cite="GR-I-13", final=True,
)  # fmt: skip
GRANT: Procedure[SmallGrant] = Procedure(
    SmallGrant, (CHOOSE, TURN_DOWN, PAY, PROVE, GIVE_BACK, SUBMIT, AMEND, WITHDRAW)
)


@transaction.atomic
def apply(
    competition: SmallCompetition,
    form: uuid.UUID,
    values: Mapping[str, Any],
    *,
    actor: Actor = PASSER_BY,
) -> SmallGrant:
    """An application as received: from anybody while it is open, or typed from paper by whoever records for the NGO until the selection.

    A form sent twice makes one application; sent again with other words it makes another, so that nothing typed is lost. Raises
    `Refused`: too late, not open, or of the grantee itself.
    """
    fresh = locked(SmallCompetition, competition.pk)
    fresh.project = competition.project
    typed = bool(actor.key) and runs(actor, fresh)
    found = fresh.grants.filter(once=form).first()
    if found is not None:
        if _says(found, values):
            return found
        form = once.new()
    now = clock.now()
    if found_against := list(_in_the_way(SUBMIT, fresh, values, now, typed=typed)):
        raise Refused(SUBMIT, found_against)
    last = fresh.grants.aggregate(last=Max("number"))["last"] or 0
    grant = SmallGrant(
        competition=fresh,
        once=form,
        number=last + 1,
        on_paper=typed,
        submitted_at=now,
        language=_language(),
        **{name: values[name] for name in ASKED_FIELDS},
    )
    grant.save()
    seal = _seal(grant)
    GRANT.begin(grant, actor=actor, on_paper=typed, asked_tiyn=grant.asked_tiyn, sha256=seal.sha256)
    if not typed:
        small_letters.tell(grant, "received")
    return grant


@transaction.atomic
def amend(grant: SmallGrant, values: Mapping[str, Any], version: int) -> None:
    """Put other words in the place of those received, while applications are taken; `version` is the one that was shown. What stood
    there is kept with its hash. The same words again change nothing.

    The caller has asked for the link of the receipt. Raises `Refused`: too late, withdrawn, or amended meanwhile elsewhere.
    """
    locked(SmallCompetition, grant.competition_id)
    if not _says(SmallGrant.objects.get(pk=grant.pk), values):
        GRANT.take(AMEND, grant, actor=SYSTEM, values=values, version=version)


@transaction.atomic
def withdraw(grant: SmallGrant) -> None:
    """Take an application back, until the results are out; withdrawn twice it is withdrawn once.

    The caller has asked for the link of the receipt. Raises `Refused` when the results are out.
    """
    locked(SmallCompetition, grant.competition_id)
    if SmallGrant.objects.get(pk=grant.pk).state != Grant.WITHDRAWN:
        GRANT.take(WITHDRAW, grant, actor=SYSTEM)


def _says(grant: SmallGrant, values: Mapping[str, Any]) -> bool:
    return all(getattr(grant, name) == values[name] for name in ASKED_FIELDS)


def _language() -> str:
    return (translation.get_language() or "kk")[:2]


def _seal(grant: SmallGrant) -> SmallGrantVersion:
    """Keep what was sent as it was sent."""
    content = {name: getattr(grant, name) for name in ASKED_FIELDS} | {
        "competition": grant.competition.code,
        "number": grant.number,
        "version": grant.version,
        "receipt": str(grant.once),
        "at": grant.submitted_at.isoformat(),
    }
    return SmallGrantVersion.objects.create(
        grant=grant,
        number=grant.version,
        at=grant.submitted_at,
        content=content,
        sha256=sha256(content),
    )


def _in_the_way(
    step: Step,
    competition: SmallCompetition,
    values: Mapping[str, Any],
    now: datetime,
    *,
    typed: bool,
) -> Iterable[Finding]:
    if competition.state != State.OPEN:
        yield moved_on(step, competition, "state")
    elif not typed and competition.closes_at and now > competition.closes_at:
        yield against(competition, "too_late", _("Applications were taken until the time that was announced. Yours came later and is not received."))  # fmt: skip
    if values["identifier"] and values["identifier"] == competition.project.contract.grantee.bin:
        yield against(competition, "own_application", _("The organisation that gives the small grants cannot apply for one."), "identifier")  # fmt: skip
    if not values["consented"]:
        yield against(competition, "no_consent", _("Without consent to the processing of personal data an application cannot be received."), "consented")  # fmt: skip


@transaction.atomic
def forget(project: Project) -> int:
    """Take names, contacts and numbers of persons out of the applications of a project whose retention is over; how many.

    Sums, regions, purposes and outcomes stay, and NGOs keep their names.
    """
    rows = SmallGrant.objects.filter(competition__project=project).exclude(
        applicant=SmallGrant.Applicant.NGO
    )
    known = rows.exclude(name="")
    small_letters.forget(known.only("pk"))
    SmallGrantVersion.objects.filter(grant__in=known).delete()
    return known.update(name="", contact="", identifier="", text="")

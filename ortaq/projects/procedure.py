"""The contract: draft → approving → agreed → signed, or not concluded.

send      complete annex 3, money that adds up; the approval chain begins with the executor
agree     each in turn: executor, director, deputy chair, chair, then the grantee (GR-K-04)
return    back to the draft, with a remark; the chain begins anew
sign      date, number and the scan of the paper (GR-K-02)
decline   the grantee does not conclude it (a gap of the sources, logged with the reason)
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.db.models import Sum
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from ortaq import law
from ortaq.core.duties import Owed
from ortaq.core.keys import organisation, person
from ortaq.core.procedure import SYSTEM, Attempt, Procedure, Step, system_only
from ortaq.law import grants as rules
from ortaq.law.findings import Finding, Severity
from ortaq.law.text import Text
from ortaq.people.models import User

from .models import Activity, Approval, Contract, TeamMember
from .policy import has_the_turn, heads_grantee, is_grantor, next_approval

State = Contract.State
GENERAL = (
    "grantee",
    "priority_direction",
    "grant_topic",
    "project_goal",
    "territory",
    "target_group",
    "period",
    "expected_results",
    "partners",
)
SOCIAL_EFFECT = (
    "direct_beneficiaries",
    "indirect_beneficiaries",
    "employees",
    "specialists",
    "ngos_covered",
    "partners",
)
# Executor first; the order is our proposal (GR-K-04).
CHAIN = (
    Approval.Role.EXECUTOR,
    Approval.Role.DIRECTOR,
    Approval.Role.DEPUTY,
    Approval.Role.CHAIR,
    Approval.Role.GRANTEE,
)


def _cite(contract: Contract, place: str, *, inferred: bool = False) -> law.Citation:
    return law.edition(contract.act, contract.edition).cite(place, inferred=inferred)


# --- What sending into the approval chain requires ------------------------------------------


def general_complete(contract: Contract, attempt: Attempt) -> Iterable[Finding]:
    """Block I: all nine rows are obligatory (GR-I-01)."""
    missing = [row for row in GENERAL if not str(contract.general.get(row) or "").strip()]
    for row in missing:
        yield Finding(
            "general_row_missing",
            Severity.ERROR,
            _("A row of block I is empty; all rows are obligatory."),
            _cite(contract, "[contract 2024 annex 3, block I]"),
            about=f"general.{row}",
        )


def names_as_written(contract: Contract, attempt: Attempt) -> Iterable[Finding]:
    """Grantee, direction and topic: capital letter, no quotation marks, no full stop (GR-I-02)."""
    for row in ("grantee", "priority_direction", "grant_topic"):
        text = str(contract.general.get(row) or "").strip()
        if text and (not text[0].isupper() or text.endswith(".") or set(text) & set('«»"“”„')):
            yield Finding(
                "name_not_as_written",
                Severity.WARNING,
                _(
                    "Write it with a capital letter, without quotation marks and without a full stop at the end."
                ),
                _cite(contract, "[contract 2024 annex 3, note to block I]"),
                about=f"general.{row}",
            )


def team_complete(contract: Contract, attempt: Attempt) -> Iterable[Finding]:
    """Block II lists the regular staff and whoever is engaged (GR-I-03)."""
    if not contract.team.filter(table=TeamMember.Table.STAFF).exists():
        yield Finding(
            "no_staff",
            Severity.ERROR,
            _("List the regular staff that take part in the project."),
            _cite(contract, "[contract 2024 annex 3, block II]"),
            about="team",
        )


def plan_complete(contract: Contract, attempt: Attempt) -> Iterable[Finding]:
    """Block III: tasks, the final presentation and information work, a number for each indicator
    (GR-I-04, GR-K-11).
    """
    present = set(contract.activities.values_list("section", flat=True))
    wanted = {
        Activity.Section.TASK: _("The plan has no activities yet."),
        Activity.Section.PRESENTATION: _("The final public presentation of results is missing."),
        Activity.Section.INFORMATION: _("The information work on progress is missing."),
    }
    for section, message in wanted.items():
        if section not in present:
            yield Finding(
                "section_missing",
                Severity.ERROR,
                message,
                _cite(contract, "[contract 2024 annex 3, block III]"),
                about=f"plan.{section}",
            )
    bare = contract.activities.filter(indicators=None).count()
    unplanned = contract.activities.filter(indicators__planned="").distinct().count()
    if bare or unplanned:
        yield Finding(
            "indicators_without_value",
            Severity.ERROR,
            _("Every activity needs indicators, and every indicator a planned number."),
            _cite(contract, "[contract 2024 annex 3, block III, footnotes 1-5]"),
            {"without_indicators": bare, "without_value": unplanned},
            about="plan",
        )


def effect_complete(contract: Contract, attempt: Attempt) -> Iterable[Finding]:
    """Block IV: six planned levels (GR-I-10)."""
    missing = [row for row in SOCIAL_EFFECT if contract.social_effect.get(row) is None]
    if missing:
        yield Finding(
            "effect_missing",
            Severity.ERROR,
            _(
                "Give a planned level for each of the six indicators of social effect; 0 is a number too."
            ),
            _cite(contract, "[contract 2024 annex 3, block IV]"),
            {"rows": missing},
            about="social_effect",
        )


def money_adds_up(contract: Contract, attempt: Attempt) -> Iterable[Finding]:
    """The grant column of the estimate is the contract's sum; advance and own base within limits."""
    edition = law.edition(contract.act, contract.edition)
    lines = contract.budget.aggregate(grant=Sum("grant_tiyn"))["grant"] or 0
    if lines != contract.sum_tiyn:
        yield Finding(
            "estimate_differs",
            Severity.ERROR,
            _("The grant funds of the estimate do not add up to the sum of the contract."),
            edition.cite("[413-rules via announcement 2020 annex 5]", inferred=True),
            {"estimate_tiyn": lines, "sum_tiyn": contract.sum_tiyn},
            about="budget",
        )
    yield rules.advance(edition, grant_tiyn=contract.sum_tiyn, advance_tiyn=contract.advance_tiyn)
    material = (
        contract.budget.filter(category__startswith="material_support").aggregate(
            grant=Sum("grant_tiyn")
        )["grant"]
        or 0
    )
    yield rules.material_support(edition, grant_tiyn=contract.sum_tiyn, material_tiyn=material)


def term_stated(contract: Contract, attempt: Attempt) -> Iterable[Finding]:
    """The contract says from when to when."""
    if contract.starts_on is None or contract.ends_on is None:
        yield Finding(
            "no_term",
            Severity.ERROR,
            _("State the first and the last day of the project."),
            _cite(contract, "[contract 2024 annex 3, block I]"),
            about="ends_on",
        )


def chain_named(contract: Contract, attempt: Attempt) -> Iterable[Finding]:
    """Every place of the grantor's chain has a person (GR-K-04)."""
    places = list(contract.approvals.all())
    nameless = [p.get_role_display() for p in places if p.role != "grantee" and p.person_id is None]
    if nameless or len(places) != len(CHAIN):
        yield Finding(
            "chain_incomplete",
            Severity.ERROR,
            _("Name a person for every place of the approval chain."),
            _cite(contract, "[contract 2024 annex 3, signatures]"),
            {"places": [str(name) for name in nameless]},
            about="approvals",
        )


def _sent(contract: Contract, attempt: Attempt) -> Mapping[str, Any]:
    contract.approvals.update(agreed=None, remark="", decided_at=None)
    return {"sum_tiyn": contract.sum_tiyn}


# --- The chain -----------------------------------------------------------------------------------


def _agreed(contract: Contract, attempt: Attempt) -> Mapping[str, Any]:
    place = next_approval(contract)
    assert place is not None  # the policy has seen whose turn it is
    place.agreed, place.decided_at = True, attempt.now
    place.remark = str(attempt.facts.get("remark") or "")
    if place.role == Approval.Role.GRANTEE:
        place.person = User.objects.get(pk=attempt.actor.user.pk)
    place.save(update_fields=["agreed", "decided_at", "remark", "person"])
    if not contract.approvals.exclude(agreed=True).exists():
        CONTRACT.take(COMPLETE, contract, actor=SYSTEM, at=attempt.now)
    return {"place": place.role}


def remark_given(contract: Contract, attempt: Attempt) -> Iterable[Finding]:
    """Whoever returns or declines says why."""
    if not str(attempt.facts.get("remark") or "").strip():
        yield Finding(
            "no_remark", Severity.ERROR, _("Say why, so that it can be mended."), about="remark"
        )


def all_agreed(contract: Contract, attempt: Attempt) -> Iterable[Finding]:
    """Nobody in the chain is still to agree."""
    if contract.approvals.exclude(agreed=True).exists():
        yield Finding("chain_open", Severity.ERROR, _("Somebody in the chain has not agreed yet."))


def _returned(contract: Contract, attempt: Attempt) -> Mapping[str, Any]:
    place = next_approval(contract)
    assert place is not None
    place.agreed, place.decided_at = False, attempt.now
    place.remark = str(attempt.facts["remark"])
    place.save(update_fields=["agreed", "decided_at", "remark"])
    return {"place": place.role}


# --- Signing -------------------------------------------------------------------------------------


def paper_at_hand(contract: Contract, attempt: Attempt) -> Iterable[Finding]:
    """Number, date and scan of the signed paper (GR-K-01, GR-K-02)."""
    facts = attempt.facts
    wanted = {
        "number": _("State the number of the contract."),
        "concluded_on": _("State the date of the contract."),
        "scan": _("Attach the scan of the signed contract."),
    }
    for name, message in wanted.items():
        if not (facts.get(name) or getattr(contract, name)):
            yield Finding(
                "paper_missing",
                Severity.ERROR,
                message,
                _cite(contract, "[guide, comparison table]"),
                about=name,
            )
    number = facts.get("number")
    others = Contract.objects.filter(grantor=contract.grantor, number=number).exclude(
        pk=contract.pk
    )
    if number and others.exists():
        yield Finding(
            "number_taken",
            Severity.ERROR,
            _("Another contract already has this number."),
            _cite(contract, "[contract 2024 annex 3, head]"),
            {"number": number},
            about="number",
        )


def _signed(contract: Contract, attempt: Attempt) -> Mapping[str, Any]:
    for name in ("number", "concluded_on", "scan"):
        if attempt.facts.get(name):
            setattr(contract, name, attempt.facts[name])
    contract.signed_at = attempt.now
    contract.save()
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


SEND = Step(
    "send",
    _("Send for approval"),
    source=State.DRAFT,
    target=State.APPROVING,
    by=is_grantor,
    requires=(
        general_complete,
        names_as_written,
        team_complete,
        plan_complete,
        effect_complete,
        money_adds_up,
        term_stated,
        chain_named,
    ),
    effect=_sent,
    cite="[contract 2024 annex 3, signatures]",
)
AGREE = Step(
    "agree",
    _("Agree"),
    source=State.APPROVING,
    target=None,
    by=has_the_turn,
    effect=_agreed,
    cite="[contract 2024 annex 3, signatures]",
)
COMPLETE = Step(
    "complete",
    _("All have agreed"),
    source=State.APPROVING,
    target=State.AGREED,
    by=system_only,
    requires=(all_agreed,),
    cite="[contract 2024 annex 3, signatures]",
)
RETURN = Step(
    "return",
    _("Return with a remark"),
    source=State.APPROVING,
    target=State.DRAFT,
    by=has_the_turn,
    requires=(remark_given,),
    effect=_returned,
    cite="[contract 2024 annex 3, signatures]",
)
SIGN = Step(
    "sign",
    _("Record the signed contract"),
    source=State.AGREED,
    target=State.SIGNED,
    by=is_grantor,
    requires=(paper_at_hand,),
    effect=_signed,
    cite="[guide, comparison table]",
    final=True,
)
DECLINE = Step(
    "decline",
    _("Not concluded"),
    source=(State.DRAFT, State.APPROVING, State.AGREED),
    target=State.DECLINED,
    by=lambda actor, contract: is_grantor(actor, contract) or heads_grantee(actor, contract),
    requires=(remark_given,),
    effect=_declined,
    cite="GR-K",
    final=True,
)


def owed(contract: Contract) -> Iterable[Owed]:
    """Whose turn it is."""
    address = reverse("projects:contract", args=[contract.pk])
    cite = "[contract 2024 annex 3, signatures]"
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
    elif contract.state == State.AGREED:
        yield Owed(
            "sign_contract",
            organisation(contract.grantor_id),
            Text("Шартқа қол қою", "Подписать договор", "Sign the contract"),
            None,
            address,
            "[guide, comparison table]",
        )


CONTRACT: Procedure[Contract] = Procedure(
    Contract, (SEND, AGREE, COMPLETE, RETURN, SIGN, DECLINE), duties=owed
)

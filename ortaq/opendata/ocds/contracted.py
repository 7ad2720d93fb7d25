"""The contract and what is done under it: payments, results, evaluation, end."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext_noop as _

from ortaq.core import clock
from ortaq.core.keys import key_of
from ortaq.opendata import exact
from ortaq.projects.models import Project, Tranche

from .families import Deal, Family
from .parts import Part, bilingual, document, filled, party, period, reference, together, value
from .told import Told


def contracted(family: Family, deal: Deal, award: str) -> Iterator[Told]:
    contract = deal.contract
    key = key_of(contract)
    if contract.signed_at is None:
        at = family.instants.get((key, "decline"))
        if at and contract.state == contract.State.DECLINED:
            cancelled = {"id": award, "status": "cancelled"}
            tag = ("awardCancellation",)
            yield Told("declined", at, tag, tag, {"awards": [cancelled]})
        return
    yield Told(
        "contract",
        contract.signed_at,
        ("contract",),
        ("contractAmendment",),
        {
            "parties": together(
                [party(contract.grantor, "buyer"), party(contract.grantee, "supplier")]
            ),
            "contracts": [_contract(deal, award)],
        },
    )
    yield from _carried_out(family, deal, award)


def _contract(deal: Deal, award: str) -> Part:
    contract = deal.contract
    signed = (
        exact.first_of(contract.concluded_on)
        if contract.concluded_on
        else contract.signed_at and exact.instant(contract.signed_at)
    )
    return {
        "id": f"contract-{contract.pk}",
        "awardID": award,
        **bilingual("title", contract.title_kk, contract.title_ru),
        "status": "active",
        **filled("period", period(contract.starts_on, contract.ends_on)),
        "value": value(contract.sum_tiyn),
        **({"dateSigned": signed} if signed else {}),
    }


def _carried_out(family: Family, deal: Deal, award: str) -> Iterator[Told]:
    """Payments, results, evaluation, end."""
    contract, project = deal.contract, deal.project
    if project is None:
        return
    head: Part = {"id": f"contract-{contract.pk}", "awardID": award}
    again = ("implementationUpdate",)

    def within(part: Part) -> Part:
        return {"contracts": [{**head, "implementation": part}]}

    parties = together([party(contract.grantor, "payer"), party(contract.grantee, "payee")])
    for place, tranche in enumerate(sorted(deal.paid, key=_paid_first)):
        number, day = f"payment-{tranche.number}", tranche.paid_on
        assert day is not None
        assert tranche.paid_tiyn is not None
        at = family.instants.get((key_of(project), "pay_tranche", str(tranche.number)))
        transaction = {
            "id": number,
            "date": exact.first_of(day),
            "value": value(tranche.paid_tiyn),
            "payer": reference(contract.grantor),
            "payee": reference(contract.grantee),
        }
        yield Told(
            number,
            at or clock.at(day, 12),
            ("implementation",) if place == 0 else again,
            again,
            {"parties": parties, **within({"transactions": [transaction]})},
        )
    if shown := deal.presentation:
        assert shown.published_at is not None  # what is shown is published
        page = exact.address("projects:results", project.pk)
        paper = document(
            "results",
            "physicalProgressReport",
            _("Results of the project"),
            page,
            shown.published_at,
        )
        yield Told("results", shown.published_at, again, again, within({"documents": [paper]}))
    judged = deal.evaluation
    if judged is not None and judged.posted_at:
        page = exact.address("oversight:public_evaluation", judged.pk)
        paper = document(
            "evaluation", "finalAudit", _("Evaluation of the project"), page, judged.posted_at
        )
        yield Told("evaluation", judged.posted_at, again, again, within({"documents": [paper]}))
    ended = project.state in (Project.State.CLOSED, Project.State.TERMINATED)
    if ended and project.closed_at and deal.is_reported:
        tag = ("contractTermination",)
        yield Told(
            "end", project.closed_at, tag, tag, {"contracts": [{**head, "status": "terminated"}]}
        )


def _paid_first(tranche: Tranche) -> tuple[Any, int]:
    return tranche.paid_on, tranche.number


def elsewhere(family: Family) -> Iterator[Told]:
    """A contract that no tender of this site led to: known from the day on which its results became public."""
    deal = family.deal
    assert deal is not None
    contract, award = deal.contract, f"contract-{deal.contract.pk}"
    known = [
        one
        for one in (
            deal.presentation and deal.presentation.published_at,
            deal.evaluation and (deal.evaluation.posted_at or deal.evaluation.completed_at),
        )
        if one
    ]
    if not known:
        return
    at = min(known)
    supplier = reference(contract.grantee)
    yield Told(
        "contract",
        at,
        ("award", "contract"),
        ("awardUpdate", "contractAmendment"),
        {
            "buyer": reference(contract.grantor),
            "parties": together(
                [party(contract.grantor, "buyer"), party(contract.grantee, "supplier")]
            ),
            "awards": [
                {
                    "id": award,
                    **bilingual("title", contract.title_kk, contract.title_ru),
                    "status": "active",
                    "value": value(contract.sum_tiyn),
                    "suppliers": [supplier],
                }
            ],
            "contracts": [_contract(deal, award)],
        },
    )
    yield from _carried_out(family, deal, award)


def undone(event: str, compiled: Part) -> Part | None:
    """What is told when an event of the process that `compiled` sums up holds no more: a payment that was taken back, results that
    are no longer public. None: nothing is told.
    """
    for contract in compiled.get("contracts", ()):
        within = contract.get("implementation", {})
        gone: Part = {}
        if any(one["id"] == event for one in within.get("transactions", ())):
            nothing = {"amount": None, "currency": None}
            gone = {"transactions": [{"id": event, "value": nothing}]}
        elif any(one["id"] == event for one in within.get("documents", ())):
            gone = {"documents": [{"id": event, "url": None}]}
        if gone:
            head = {name: contract[name] for name in ("id", "awardID")}
            return {"contracts": [{**head, "implementation": gone}]}
    return None

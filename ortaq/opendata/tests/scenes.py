"""A social order from the planned topic to the published results of its project, each step really taken."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from ortaq.core import clock as house_clock
from ortaq.people.actor import Actor
from ortaq.projects.models import Contract, Project
from ortaq.projects.procedure import presentation
from ortaq.projects.procedure.tranches import TRANCHES
from ortaq.projects.tests.scenes import a_scan
from ortaq.tenders.procedure import contract, contract_draft
from ortaq.tenders.procedure.contract_checks import REQUISITES
from ortaq.tenders.tests.commission_scenes import Review, a_review
from ortaq.testing.remembered import remembered

BIDS = {"Дана": ("1+1+3+1+1+2", 4_500_000), "Әлия": ("1+1+3+2+1+2", 4_900_000)}
# Sums that are no whole tenge, so that nothing is rounded unseen.
FIRST = 123_456_789_01 // 100


@dataclass
class Carried:
    """A tender of Saule's akimat with two bids, won by the NGO of `winner`, and its project."""

    review: Review
    winner: Actor
    project: Project

    @property
    def contract(self) -> Contract:
        return self.project.contract

    def pay(self, number: int, tiyn: int, day: date) -> None:
        """Saule records a payment."""
        facts: dict[str, Any] = {"number": number, "paid_tiyn": tiyn, "paid_on": day}
        TRANCHES.take("pay_tranche", self.project, actor=self.review.saule, **facts)

    def take_back(self, number: int) -> None:
        facts: dict[str, Any] = {"number": number, "reason": "Қате жазылды"}
        TRANCHES.take("unpay_tranche", self.project, actor=self.review.saule, **facts)

    def present(self) -> None:
        """The NGO publishes its results."""
        given: dict[str, Any] = {"summary_kk": "75 жас оқыды", "summary_ru": "", "version": 0}
        presentation.write(self.project, actor=self.winner, **given)
        presentation.publish(self.project, actor=self.winner)


@remembered
def opened(clock: Any) -> Review:
    """The bids are opened."""
    return a_review(clock, 5_000_000, BIDS, planned=True)


@remembered
def awarded(clock: Any) -> Review:
    """The results of the tender are published."""
    review = opened(clock)
    for name, (given, _price) in BIDS.items():
        review.adopt(name, given)
    review.published()
    return review


@remembered
def carried(clock: Any) -> Carried:
    """The contract is concluded."""
    review = awarded(clock)
    clock.travel(days=2)
    lot = review.tender.lots.select_related("tender").get()
    order = contract_draft.draft(lot, review.saule)
    winner = next(one for one in review.bidders.values() if one.acting_for == order.grantee)
    days = {"starts_on": date(2024, 3, 20), "ends_on": date(2024, 11, 20)}
    contract.take("terms", order, actor=review.saule, advance_percent=30, **days)
    contract.take("send", order, actor=review.saule)
    requisites = dict.fromkeys(REQUISITES, "Мәтін")
    contract.take("requisites", order, actor=winner, requisites=requisites)
    contract.take("agree", order, actor=winner)
    paper = {"number": "7", "concluded_on": house_clock.today(), "scan": a_scan()}
    contract.take("sign", order, actor=review.saule, **paper)
    contract.take("confirm", order, actor=winner)
    return Carried(review, winner, Project.objects.select_related("contract").get(contract=order))

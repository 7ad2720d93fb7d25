"""A social order from the planned topic to the published results of its project, each step really taken."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date
from typing import Any

from ortaq.core import clock as house_clock
from ortaq.core.identifiers import complete
from ortaq.grants.models import Outcome
from ortaq.grants.tests import outcome_scenes
from ortaq.people.actor import Actor
from ortaq.prizes.models import Application as PrizeApplication
from ortaq.prizes.models import Award, Direction, Round
from ortaq.projects.models import Contract, Project, SmallCompetition, SmallGrant, Tranche
from ortaq.projects.procedure import presentation
from ortaq.projects.procedure.tranches import TRANCHES
from ortaq.projects.tests.scenes import a_scan
from ortaq.registry.models import Ngo
from ortaq.tenders.procedure import contract, contract_draft
from ortaq.tenders.procedure.contract_checks import REQUISITES
from ortaq.tenders.tests.commission_scenes import Review, a_review
from ortaq.testing import factories
from ortaq.testing.remembered import remembered

BIDS = {"Дана": ("1+1+3+1+1+2", 4_500_000), "Әлия": ("1+1+3+2+1+2", 4_900_000)}


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


# --- Grants ----------------------------------------------------------------------------------------------

ODD = 4_321_098_76  # tiyn: no whole tenge


@dataclass
class Granted:
    """A grant of the operator with its contract and one payment, and what else 360Giving knows."""

    outcome: Outcome
    contract: Contract
    grants: dict[str, SmallGrant]
    award: Award


@remembered
def granted(clock: Any) -> Granted:
    """The results are published by the steps; what follows from them is set down, since no step of it is told here.

    The grantee gave on to a citizen (paid, a part returned), to an initiative group and to an NGO of the register (selected).
    """
    scene, contract = outcome_scenes.drafted(clock)
    now = house_clock.now()
    Contract.objects.filter(pk=contract.pk).update(
        state=Contract.State.SIGNED,
        number="1-Г",
        concluded_on=house_clock.today(),
        signed_at=now,
        sum_tiyn=ODD,
        small_grants={"kind": "up_to", "amount_tiyn": 300_000_00},
    )
    contract.refresh_from_db()
    project = Project.objects.create(
        contract=contract,
        standard="2018",
        baseline_sha256="0" * 64,
        opened_at=now,
        paid_tiyn=ODD // 4,
    )
    paid = {"paid_on": house_clock.today(), "paid_tiyn": ODD // 4}
    Tranche.objects.create(
        project=project, number=1, is_advance=True, planned_tiyn=ODD // 4, document="№ 5", **paid
    )
    Tranche.objects.create(project=project, number=2, planned_tiyn=ODD - ODD // 4)
    return Granted(scene.outcome(1), contract, _given_on(project, now), _a_prize(contract, now))


def _given_on(project: Project, now: Any) -> dict[str, SmallGrant]:
    competition = SmallCompetition.objects.create(
        project=project,
        once=uuid.uuid4(),
        number=1,
        title_kk="Ауыл бастамалары",
        rules_kk="Ереже",
        announcement_kk="Хабарландыру",
        opens_at=now,
        closes_at=now,
        decided_at=now,
        state=SmallCompetition.State.DECIDED,
    )
    ngo = project.contract.grantee
    Ngo.objects.get_or_create(organisation=ngo)
    rows = (
        ("citizen", "Иманова Әсем", complete("90010130012"), "returned", 100_000_01, 40_000_00),
        ("group", "Жас алаң тобы", "", "selected", 200_000_02, None),
        ("ngo", ngo.name_kk, ngo.bin, "paid", 300_000_03, None),
        ("refused", "Тіркелмеген бірлестік", "", "refused", None, None),
    )
    return {
        who: SmallGrant.objects.create(
            competition=competition,
            once=uuid.uuid4(),
            number=number,
            applicant="ngo" if who == "refused" else who,
            name=name,
            identifier=identifier,
            contact="+7 700 000 00 42",
            title=f"{number}-бастама",
            text="Мәтін",
            asked_tiyn=300_000_03,
            given_tiyn=given,
            returned_tiyn=returned,
            state=state,
            submitted_at=now,
        )
        for number, (who, name, identifier, state, given, returned) in enumerate(rows, 1)
    }


def _a_prize(contract: Contract, now: Any) -> Award:
    found = Round.objects.create(
        organiser=contract.grantor,
        year=now.year,
        edition="2018",
        state=Round.State.PUBLISHED,
        announce_due=now,
        published_at=now,
    )
    direction = Direction.objects.create(
        round=found, position=1, field="health_healthy_lifestyle", amount_tiyn=900_000_05
    )
    application = PrizeApplication.objects.create(
        round=found,
        direction=direction,
        organisation=contract.grantee,
        number="С-001",
        state=PrizeApplication.State.AWARDED,
        created_by=factories.a_person(),
        created_at=now,
        submitted_at=now,
        applicant_name=contract.grantee.name_kk,
    )
    return Award.objects.create(direction=direction, application=application, share_tiyn=900_000_05)

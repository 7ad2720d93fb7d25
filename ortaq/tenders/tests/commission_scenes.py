"""A tender under review, walked by the real steps: commission appointed, bids handed in and opened.

Each bidder is told as the worked examples tell it: points, price; its return (C4) and its recorded
projects (C5) are made so that the data propose the same points.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from ortaq.law.tender import RUBRIC
from ortaq.people.actor import Actor, actor_for
from ortaq.people.models import Role
from ortaq.registry.models import AnnualReturn
from ortaq.review.models import Motion, Panel
from ortaq.review.procedure import COMMISSION
from ortaq.review.procedure.motion import vote
from ortaq.tenders.choices import edition_of
from ortaq.tenders.models import Bid, Lot, Tender
from ortaq.tenders.procedure import bid as bids
from ortaq.tenders.procedure import commission, opening, scoring
from ortaq.tenders.procedure.admission import record
from ortaq.tenders.procedure.tender import TENDER
from ortaq.testing import factories
from ortaq.testing.remembered import remembered

from . import scenes

# C4 and C5 as data: the day of the return on 2022, the kind and years of earlier projects.
SENT_ON = {1: date(2023, 5, 4), 2: date(2023, 3, 1)}
PROJECTS = {
    1: ("social", 1), 2: ("social", 3), 3: ("social", 6),
    4: ("market", 1), 5: ("market", 3), 6: ("market", 6),
}  # fmt: skip


@dataclass
class Review:
    """A tender with its commission of three and one lot, bids by the letter of the example."""

    cast: Any
    tender: Tender
    lot: Lot
    members: list[Actor]
    secretary: Actor
    bids: dict[str, Bid] = field(default_factory=dict)
    bidders: dict[str, Actor] = field(default_factory=dict)

    @property
    def saule(self) -> Actor:
        actor: Actor = self.cast.saule
        return actor

    @property
    def panel(self) -> Panel:
        assert self.tender.panel is not None
        return self.tender.panel

    def bid(self, name: str) -> Bid:
        """The bid, fresh, with what the commission's steps read."""
        rows = Bid.objects.select_related("lot__tender__panel", "organisation")
        return rows.get(pk=self.bids[name].pk)

    def propose(self, name: str, given: str, actor: Actor | None = None, **facts: Any) -> Motion:
        """Put points such as "2+1+3+2+6+2" to the vote; experience as recorded."""
        found = self.bid(name)
        facts.setdefault("market_days", record(found).market_days)
        return scoring.propose(found, actor=actor or self.secretary, scores=points(given), **facts)

    def adopt(self, name: str, given: str, **facts: Any) -> Bid:
        """The same, and every member votes for it."""
        self.all_vote(self.propose(name, given, **facts))
        return self.bid(name)

    def all_vote(self, motion: Motion, in_favour: bool = True) -> None:
        for member in self.members:
            vote(motion, actor=member, in_favour=in_favour)

    def take(self, step: str, actor: Actor | None = None, **facts: Any) -> None:
        TENDER.take(step, self.tender, actor=actor or self.saule, **facts)

    def published(self) -> Tender:
        self.take("decide")
        self.take("publish")
        return self.tender


def points(given: str) -> dict[str, int]:
    """ "2+1+3" as points of C1, C2, C3; "" gives none."""
    values = [int(value) for value in given.split("+")] if given else []
    return {f"C{number}": value for number, value in enumerate(values, 1)}


@remembered
def a_commission(tender: Tender, saule: Actor, members: int = 3) -> tuple[list[Actor], Actor]:
    """The commission of a tender, appointed and in office: its members (the chair first), its secretary."""
    panel = commission.form(tender, saule)
    people = [factories.a_person(surname=f"Мүшеев{n}") for n in range(members)]
    for number, person in enumerate(people):
        COMMISSION.take("take_on", panel, actor=saule, person=person, chair=number == 0)
    secretary = factories.a_person(surname="Хатшыев")
    COMMISSION.take("secretary", panel, actor=saule, person=secretary)
    order: dict[str, Any] = {
        "order_number": "12-ө",
        "order_on": date(2024, 2, 1),
        "order_by": "Б. Сәрсенов",
    }
    COMMISSION.take("appoint", panel, actor=saule, **order)
    return [actor_for(person) for person in people], actor_for(secretary)


@remembered
def a_review(
    clock: Any,
    allocated: int,
    bidders: dict[str, tuple[str, int]],
    *,
    planned: bool = False,
    **tender: Any,
) -> Review:
    """Bids opened: `bidders` by name are (points that data shall propose, price in tenge).

    With `planned` every step is taken from the list of topics on; 5 000 000 tenge are allocated then.
    """
    scene = scenes.a_scene(planned=clock if planned else None)
    clock.set(scenes.DURING)
    if not planned:
        for name, value in tender.items():
            setattr(scene.tender, name, value)
        scene.tender.save()
        scene.lot.allocated_tiyn = allocated * scenes.TENGE
        scene.lot.save(update_fields=["allocated_tiyn"])
    members, secretary = a_commission(scene.tender, scene.cast.saule)
    found = Review(scene.cast, scene.tender, scene.lot, members, secretary)
    for name, (given, tenge) in bidders.items():
        _bids(found, name, points(given), tenge)
    clock.set(scenes.AFTER)
    opening.open_due()
    found.tender.refresh_from_db()
    found.bids = {name: found.bid(name) for name in bidders}
    return found


def _bids(found: Review, name: str, given: dict[str, int], tenge: int) -> None:
    ngo = factories.an_organisation(name_kk=f"«{name}» қоғамдық қоры")
    head = factories.a_member(ngo, Role.HEAD)
    if sent_on := SENT_ON.get(given.get("C4", 0)):
        AnnualReturn.objects.create(
            organisation=ngo, year=2022, sent_on=sent_on, state="approved", evidence="№ 1"
        )
    lot = Lot.objects.select_related("tender").get(pk=found.lot.pk)
    draft = scenes.a_complete_draft(lot, head, tenge=tenge)
    counts_as, years = PROJECTS.get(given.get("C5", 0), ("", 0))
    row = "experience/projects/~e1/"
    scenes.write(
        draft,
        {
            f"{row}counts_as": counts_as or "social",
            f"{row}first": f"{2024 - years}-01" if years else "2024-03",
            f"{row}last": "2023-12" if years else "2024-04",
        },
        head,
    )
    bids.submit(draft, actor=head, declared=True)
    found.bids[name], found.bidders[name] = draft, head


def rubric_of(tender: Tender) -> Any:
    return edition_of(tender).rubric(RUBRIC)

"""January and February 2023: the tender is announced, a question clarified, bids are sealed and opened."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from django.core.files.base import ContentFile

from ortaq.core import clock
from ortaq.demo import cast, pdf
from ortaq.demo.story.beat import Beat, beat
from ortaq.people.actor import Actor
from ortaq.planning.models import Formation
from ortaq.tenders.models import Bid, Lot, Tender, TenderFile, TenderQuestion
from ortaq.tenders.procedure import bid as bids
from ortaq.tenders.procedure import bid_draft, opening, question, tender_draft
from ortaq.tenders.procedure.tender import TENDER

from . import budget, data, found, offering
from .data import Offer

State = Tender.State
TITLES = {
    TenderFile.Part.CONTRACT: ("Шарт жобасы", "Проект договора"),
    TenderFile.Part.REPORTS: ("Есеп нысандары", "Формы отчётов"),
}


def beats() -> Iterator[Beat]:
    told = data.order()["tender"]
    yield beat(told["begun_at"], draft)
    yield beat(told["approved_at"], take, "approve", State.DRAFT)
    yield beat(told["announced_at"], take, "announce", State.APPROVED)
    yield beat(told["question"]["asked_at"], ask)
    yield beat(told["question"]["answered_at"], clarify)
    for offer in data.offers():
        if offer.begun_at:
            yield beat(offer.begun_at, begin_bid, offer)
        yield beat(offer.at, hand_in, offer)
    yield beat(told["closes_at"] + timedelta(seconds=1), opening.open_due)


def take(step: str, source: str) -> None:
    """A step of the akimat's officer, unless somebody has taken it."""
    tender = found.tender()
    if tender.state == source:
        TENDER.take(step, tender, actor=cast.actor("saule"))


# --- The documentation -------------------------------------------------------------------------------


def draft() -> None:
    """One tender with a lot for each topic that has its money and its specification."""
    if found.formation("akimat").state != Formation.State.BUDGETED:
        return
    saule, told = cast.actor("saule"), data.order()["tender"]
    tender = Tender(
        title_kk=told["title_kk"],
        title_ru=told["title_ru"],
        conditions_kk=told["conditions_kk"],
        conditions_ru=told["conditions_ru"],
        contact=told["contact"],
        closes_at=told["closes_at"].replace(tzinfo=clock.ALMATY),
        choices={"single_bid": {"value": told["single_bid"], "cite": told["single_bid_cite"]}},
    )
    tender_draft.begin(
        tender, [topic for topic in budget.listed() if topic.approved_tiyn], actor=saule
    )
    for lot in tender.lots.select_related("tender", "topic"):
        lot.starts_on, lot.ends_on = told["starts_on"], told["ends_on"]
        tender_draft.write_lot(lot, actor=saule)
    for part, (kk, ru) in TITLES.items():
        page = ContentFile(pdf.page(f"Demonstration file: {part}"), f"{kk}.pdf")
        file = TenderFile(tender=tender, part=part, title_kk=kk, title_ru=ru)
        tender_draft.add_file(file, page, actor=saule)


def ask() -> None:
    told = data.order()["tender"]["question"]
    question.ask(found.tender(), told["text"], actor=cast.actor(told["by"]))


def clarify() -> None:
    """Clarify, unless a visitor has done so."""
    told = data.order()["tender"]["question"]
    rows = TenderQuestion.objects.select_related("tender")
    asked = rows.filter(text=told["text"], answered_at=None).first()
    if asked is not None:
        question.answer(asked, told["kk"], told["ru"], actor=cast.actor("saule"))


# --- Bids --------------------------------------------------------------------------------------------


def bidder(offer: Offer) -> Actor:
    """The head of the NGO, acting for it."""
    return cast.actor(cast.head_of(offer.ngo).key)


def lot_of(offer: Offer) -> Lot:
    return found.lots()[offer.lot - 1]


def draft_of(offer: Offer) -> Bid | None:
    """The NGO's bid for the lot, whatever became of it."""
    rows = Bid.objects.filter(lot=lot_of(offer), organisation=cast.body(offer.ngo))
    return rows.exclude(state=Bid.State.WITHDRAWN).first()


def begin_bid(offer: Offer) -> None:
    """A draft that a newcomer finishes: goals and experience are written, the rest is not."""
    if draft_of(offer) is None:
        actor, lot = bidder(offer), lot_of(offer)
        begun = bid_draft.begin(lot, cast.body(offer.ngo), actor=actor)
        offering.write(begun, offering.about_the_ngo(offer), actor)


def hand_in(offer: Offer) -> None:
    """Write what is missing, attach the charter and hand in, if nobody has done so already."""
    actor, lot = bidder(offer), lot_of(offer)
    draft = draft_of(offer) or bid_draft.begin(lot, cast.body(offer.ngo), actor=actor)
    if draft.state != Bid.State.DRAFT:
        return
    offering.write(draft, offering.everything(offer, lot), actor)
    if not draft.files.exists():
        page = ContentFile(pdf.page("Demonstration file: charter", offer.ngo), "жарғы.pdf")
        bid_draft.attach(draft, page, actor=actor, slot="charter")
    bids.submit(Bid.objects.get(pk=draft.pk), actor=actor, declared=True)

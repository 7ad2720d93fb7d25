"""A second world, of the social order: it is younger than the grants, whose terms run in 2020."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from django.core.files.base import ContentFile
from django.urls import reverse

from ortaq.core import clock as house_clock
from ortaq.people.actor import Actor
from ortaq.people.models import Role, User
from ortaq.planning.models import Canvas, Formation, Information, Specification
from ortaq.planning.procedure import needs_draft
from ortaq.planning.procedure.formation import FORMATION
from ortaq.planning.tests import budget_scenes
from ortaq.planning.tests import scenes as planning
from ortaq.projects.tests.scenes import a_scan
from ortaq.review.models import Motion
from ortaq.review.procedure.motion import vote
from ortaq.tenders.models import Bid, Opener, OpeningKey, Tender, TenderFile
from ortaq.tenders.procedure import (
    commission,
    contract,
    contract_checks,
    contract_draft,
    opening,
    question,
    scoring,
    tender_draft,
)
from ortaq.tenders.procedure.tender import TENDER
from ortaq.tenders.tests import commission_scenes
from ortaq.tenders.tests import scenes as tendering
from ortaq.testing import factories
from ortaq.testing.clock import TestClock

from .strangers import a_former, a_newcomer

NEXT_YEAR = 2025


class OnlyForward:
    """Scenes name days of their own; here each begins where the one before it ended."""

    def __init__(self, clock: TestClock) -> None:
        self.clock = clock

    def set(self, instant: datetime) -> datetime:
        return self.clock.set(max(instant, house_clock.now()))


class SocialOrder:
    """`people` by role (None: nobody is signed in), `things` by the word that addresses use.

    An akimat ended one tender with two bids, Aliya's NGO won it and its contract is drafted. Another
    tender accepts bids: her NGO writes one for the first lot and has handed in one for the second. A
    third is being drafted. Of the lists of the akimat some are drafts or under discussion, one is
    reported, two lie before the council, one is formed and one has its budget.
    """

    # What is private in this world is walked by the tests of its rooms.
    private: tuple[str, ...] = ()
    kept_from: tuple[str, ...] = ()

    def __init__(self, clock: TestClock) -> None:
        bids = {"Дана": ("1+1+3+1+1+2", 9_000_000), "Әлия": ("1+1+3+2+1+2", 9_900_000)}
        self.review = commission_scenes.a_review(clock, 10_000_000, bids)
        self.clock = OnlyForward(clock)
        self.cast = self.review.cast
        self.saule: Actor = self.cast.saule
        self.aliya = self.review.bidders["Әлия"]
        self.people = self._people()
        self.things = (
            self._of_the_ended_tender()
            | self._of_lists()
            | self._of_proposals()
            | self._of_needs()
            | self._of_tenders()
            | self._of_bids()
            | planning.of_the_house(self.saule, self.cast.akimat, self.aliya)
        )

    def _people(self) -> dict[str, User | None]:
        ngo = self.aliya.acting_for
        assert ngo is not None
        neighbour, operator = (
            factories.an_organisation(kind) for kind in ("state_body", "operator")
        )
        return {
            "nobody": None,
            # Belongs to nobody; that they administer the installation opens no door to them.
            "citizen": factories.a_person(is_staff=True, is_superuser=True),
            "head": self.aliya.user,
            "accountant": factories.a_member(ngo, Role.ACCOUNTANT).user,
            "rival": self.review.bidders["Дана"].user,
            "councillor": self.cast.erlan.user,
            "commissioner": self.review.members[1].user,
            "secretary": self.review.secretary.user,
            "akimat": self.saule.user,
            "neighbour": factories.a_member(neighbour, Role.OFFICER).user,
            "authority": self.cast.nurlan.user,
            "operator": factories.a_member(operator, Role.OFFICER).user,
            "former": a_former((ngo, self.cast.akimat), self.review.panel),
            "newcomer": a_newcomer(),
        }

    def _of_the_ended_tender(self) -> dict[str, Any]:
        for name, given in (("Дана", "1+1+3+1+1+2"), ("Әлия", "1+1+3+2+1+2")):
            self.review.adopt(name, given)
        ended = self.review.published()
        panel = self.review.panel
        return {
            "ended_tender": ended,
            "judged_lot": self.review.lot,
            "judged_bid": self.review.bid("Әлия"),
            "order": contract_draft.draft(ended.lots.select_related("tender").get(), self.saule),
            "commission": panel,
            "commission_seat": panel.seats.get(person=self.review.members[1].user),
            "motion": Motion.objects.filter(panel=panel).earliest("pk"),
        }

    def _of_lists(self) -> dict[str, Any]:
        akimat, saule = self.cast.akimat, self.saule
        council = planning.a_council(saule, akimat, self.cast.erlan)
        lists = [
            planning.published(self.clock, saule, akimat, year=NEXT_YEAR) for _number in range(5)
        ]
        for one in lists:
            planning.reported(self.clock, one, saule)
        reported, before, heard, listed, budgeted = lists
        self._submit(listed, budgeted)
        planning.advised(planning.a_session(council, saule), saule)  # hears its own body: sent
        for one in (listed, budgeted):
            planning.form_list(one, saule)
        self._submit(heard)
        held = planning.advised(planning.a_session(council, saule), saule)
        self._submit(before)
        return {
            "council": council,
            "councillor_seat": council.members.get(),
            "session": planning.a_session(council, saule),
            "held_session": held,
            "reported": reported,
            "in_council": before,
            "information": Information.objects.get(formation=before),
            "listed": listed,
            **self._of_specifications(listed),
            **self._of_the_budget(budgeted),
        }

    def _submit(self, *lists: Formation) -> None:
        for one in lists:
            FORMATION.take("submit", one, actor=self.saule, plan_year=NEXT_YEAR)

    def _of_specifications(self, listed: Formation) -> dict[str, Any]:
        first, second = listed.topics.order_by("position")
        draft = budget_scenes.a_specification(self.saule, second)
        budget_scenes.a_request(self.saule, first)
        return {
            "specification": budget_scenes.specified(self.saule, first),
            "draft_specification": draft,
            "service": draft.services.earliest("pk"),
            "listed_topic": first,
        }

    def _of_the_budget(self, formation: Formation) -> dict[str, Any]:
        for topic in formation.topics.all():
            budget_scenes.specified(self.saule, topic)
            budget_scenes.a_request(self.saule, topic)
        FORMATION.take("request", formation, actor=self.saule)
        sums = {topic.pk: 5_000_000 * budget_scenes.TENGE for topic in formation.topics.all()}
        facts: dict[str, Any] = {
            "sums": sums,
            "decision": "№ 12",
            "decided_on": house_clock.today(),
        }
        FORMATION.take("budget", formation, actor=self.saule, **facts)
        FORMATION.take("publish_budget", formation, actor=self.saule)
        return {
            "budgeted": formation,
            "public_specification": Specification.objects.filter(
                topic__formation=formation
            ).earliest("pk"),
            "public_information": Information.objects.get(
                formation=formation, published_at__isnull=False
            ),
        }

    def _of_proposals(self) -> dict[str, Any]:
        ngo = self.aliya.acting_for
        assert ngo is not None
        return {"proposal": planning.a_proposal(self.aliya, ngo, self.cast.akimat)}

    def _of_needs(self) -> dict[str, Any]:
        """An approved assessment of the akimat, and a draft with a worksheet."""
        saule, akimat = self.saule, self.cast.akimat
        draft = planning.an_assessment(saule, akimat)
        source = planning.a_source(draft, saule, file=a_scan("зерттеу.pdf"))
        canvas = needs_draft.begin_canvas(
            Canvas(assessment=draft, kind="swot", title="Қарттар"), actor=saule
        )
        return {
            "assessment": planning.approved_needs(saule, akimat),
            "draft_assessment": draft,
            "needs_source": source,
            "needs_conclusion": planning.a_conclusion(draft, saule, [source]),
            "needs_value": planning.a_value(draft, saule, "1"),
            "canvas": canvas,
            "card": needs_draft.add_card(canvas, "threats", "Көлік сирек", actor=saule),
        }

    def _of_tenders(self) -> dict[str, Any]:
        opens = house_clock.today() + timedelta(days=1)
        closes = opens + timedelta(days=28)
        announced, draft = (
            tendering.a_tender_draft(self.clock, self.cast, on=opens, closes_on=closes, lots=number)
            for number in (2, 1)
        )
        files = [self._file(tender) for tender in (announced, draft)]
        TENDER.take("approve", announced, actor=self.saule)
        TENDER.take("announce", announced, actor=self.saule)
        return {
            "tender": announced,
            "draft_tender": draft,
            "lot": announced.lots.get(position=1),
            "draft_lot": draft.lots.get(),
            "tender_file": files[0],
            "draft_file": files[1],
            "question": question.ask(announced, "Мерзім?", actor=self.review.bidders["Дана"]),
            **self._of_openers(),
        }

    def _of_openers(self) -> dict[str, Any]:
        """A tender whose bids two persons opened; a member of the commission was one of them."""
        now = house_clock.now()
        opened = Tender.objects.create(
            customer=self.cast.akimat,
            organiser=self.cast.akimat,
            act="tender_scoring",
            edition="2019",
            number="2-1",
            title_kk="Екі адам ашқан конкурс",
            title_ru="Конкурс, вскрытый двумя лицами",
            state=Tender.State.ENDED,
            opening=Tender.Opening.TWO,
            announced_at=now - timedelta(days=40),
            closes_at=now - timedelta(days=10),
            opened_at=now - timedelta(days=10),
        )
        person = self.review.members[1].user
        assert person is not None
        key = OpeningKey.objects.create(
            person=person, public="0" * 64, salt=b"0" * 16, made_at=now, confirmed_at=now
        )
        opener = Opener.objects.create(tender=opened, person=person, named_at=now, key=key)
        return {"shared_tender": opened, "opener": opener}

    def _file(self, tender: Tender) -> TenderFile:
        upload = ContentFile(tendering.PDF, "шарт.pdf")
        return tender_draft.add_file(
            TenderFile(tender=tender, title_kk="Шарт жобасы", title_ru="Проект договора"),
            upload,
            actor=self.saule,
        )

    def _of_bids(self) -> dict[str, Any]:
        announced = Tender.objects.get(state=Tender.State.ANNOUNCED)
        first, second = announced.lots.select_related("tender", "topic").order_by("position")
        draft = tendering.a_complete_draft(first, self.aliya)
        sealed = tendering.a_submitted_bid(second, self.aliya).bid
        return {
            "draft_bid": draft,
            "draft_bid_file": draft.files.get().token,
            "sealed_bid": Bid.objects.get(pk=sealed.pk),
            "sealed_bid_file": sealed.files.get().token,
            "judged_bid_file": self.review.bid("Әлия").files.get().token,
        }

    # What this world looks like later

    def later(self) -> Iterator[tuple[User | None, str]]:
        """Goes on, step by step: each time who is shown a form that was not there before, and where."""
        yield from self._the_budget_is_asked_for()
        yield from self._the_contract_is_agreed()
        yield from self._bids_are_judged()

    def _the_budget_is_asked_for(self) -> Iterator[tuple[User | None, str]]:
        listed, waiting = self.things["listed"], self.things["reported"]
        self._submit(waiting)
        yield self.saule.user, reverse("planning:session_call", args=[self.things["council"].pk])
        second = self.things["draft_specification"]
        budget_scenes.specified_as_it_stands(self.saule, second)
        budget_scenes.a_request(self.saule, second.topic)
        yield self.saule.user, reverse("planning:budget", args=[listed.pk])
        FORMATION.take("request", listed, actor=self.saule)
        yield self.saule.user, reverse("planning:budget", args=[listed.pk])

    def _the_contract_is_agreed(self) -> Iterator[tuple[User | None, str]]:
        order = self.things["order"]
        page = reverse("tenders:order", args=[order.pk])
        contract.take("send", order, actor=self.saule)
        yield self.aliya.user, page
        requisites = dict.fromkeys(contract_checks.REQUISITES, "25")
        contract.take("requisites", order, actor=self.aliya, requisites=requisites)
        contract.take("agree", order, actor=self.aliya)
        yield self.saule.user, page

    def _bids_are_judged(self) -> Iterator[tuple[User | None, str]]:
        """Two bids of one lot turn out to be equal."""
        tender = Tender.objects.get(state=Tender.State.ANNOUNCED)
        lot = self.things["sealed_bid"].lot
        rival = self.review.bidders["Дана"]
        bids = [self.things["sealed_bid"], tendering.a_submitted_bid(lot, rival).bid]
        panel = commission.form(tender, self.saule)
        yield self.saule.user, reverse("review:commission", args=[panel.pk])
        members, secretary = commission_scenes.a_commission(tender, self.saule)
        assert tender.closes_at is not None
        self.clock.set(tender.closes_at + timedelta(seconds=1))
        opening.open_due()
        for number, handed_in in enumerate(bids):
            bid = Bid.objects.select_related("lot__tender__panel", "organisation").get(
                pk=handed_in.pk
            )
            if number == 0:
                yield secretary.user, reverse("tenders:bid_review", args=[bid.pk])
            points = commission_scenes.points("1+1+3+1+1+2")
            motion = scoring.propose(
                bid,
                actor=secretary,
                scores=points,
                market_days=0,
                grounds=dict.fromkeys(points, "Негіз"),
            )
            if number == 0:
                yield members[0].user, reverse("tenders:bid_review", args=[bid.pk])
            for member in members:
                vote(motion, actor=member, in_favour=True)
        yield secretary.user, reverse("tenders:review", args=[tender.pk])

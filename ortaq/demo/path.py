"""What a newcomer does next: a short way through each part of the story, for one person after another.

Whatever is left undone, the others do as soon as the clock moves on.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

from django.core.exceptions import ObjectDoesNotExist
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from ortaq.core import clock
from ortaq.grants.models import Application
from ortaq.projects.models import Event
from ortaq.tenders.models import Bid

from . import cast, story
from .story import found
from .story.order import found as order
from .story.projects import data as told
from .story.projects import found as rooms


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the story from an instant on: legs, and the stage to travel to afterwards."""

    begins: datetime
    legs: tuple[Leg, ...]
    onward: str = ""


@dataclass(frozen=True, slots=True)
class Leg:
    """What one of the cast does on a page; `address` finds it in the story."""

    key: str
    text: Promise
    address: Callable[[], str]

    @property
    def name(self) -> str:
        return cast.people()[self.key].name[1]


def page(name: str) -> Callable[[], str]:
    return lambda: reverse(name)


def of_competition(name: str, after: str = "") -> Callable[[], str]:
    return lambda: reverse(f"grants:{name}", args=[found.competition().pk]) + after


def of_panel(name: str) -> Callable[[], str]:
    return lambda: reverse(f"review:{name}", args=[found.competition().panel_id])


def of_list(body: str, name: str, after: str = "") -> Callable[[], str]:
    return lambda: reverse(f"planning:{name}", args=[order.formation(body).pk]) + after


def of_topic(number: int, name: str) -> Callable[[], str]:
    """A page of a topic of the akimat by its place in the list."""
    return lambda: reverse(name, args=[order.topics("akimat")[number - 1].pk])


def of_tender(name: str, after: str = "") -> Callable[[], str]:
    return lambda: reverse(f"tenders:{name}", args=[order.tender().pk]) + after


def of_project(ngo: str, name: str = "project", instrument: str = told.GRANT) -> Callable[[], str]:
    """A page of an NGO's project."""
    return lambda: reverse(f"projects:{name}", args=[rooms.project(ngo, instrument).pk])


def waiting_event(instrument: str) -> Callable[[], str]:
    """The event of Aliya's that waits to be recorded; her events where there is none."""

    def address() -> str:
        project = rooms.project("aqqu", instrument)
        rows = project.event_set.filter(state=Event.State.PLANNED, ends_at__lt=clock.now())
        event = rows.order_by("starts_at").first()
        if event is None:
            return reverse("projects:events", args=[project.pk])
        return reverse("projects:event", args=[project.pk, event.pk])

    return address


def aliyas_bid() -> str:
    mine = Bid.objects.filter(organisation=cast.body("aqqu")).order_by("id").first()
    return reverse("tenders:bid", args=[mine.pk]) if mine else reverse("tenders:bids")


def aliyas_application() -> str:
    mine = Application.objects.filter(organisation=cast.body("aqqu")).order_by("id").first()
    return reverse("grants:application", args=[mine.pk]) if mine else reverse("grants:applications")


PARTS = (
    Part(
        story.STAGES["announced"],
        (
            Leg(
                "aliya",
                _(
                    "Finish the draft: beside it stands what is missing, each with its clause. "
                    "Submit it and look at the receipt."
                ),
                aliyas_application,
            ),
            Leg(
                "gulnara",
                _("Answer the question on the announcement: everybody reads the answer."),
                of_competition("competition", "#questions"),
            ),
        ),
        "submitted",
    ),
    Part(
        clock.at(date(2020, 6, 3), 18),
        (
            Leg(
                "gulnara",
                _("Check an application item by item; admit or refuse it."),
                of_competition("competition_applications", "?state=submitted"),
            ),
            Leg(
                "gulnara",
                _(
                    "Choose the members of the commission and a secretary, then send them the list "
                    "of applicants."
                ),
                of_panel("panel"),
            ),
            Leg(
                "erlan",
                _("Once on the commission: declare on every applicant; no file opens before that."),
                page("review:panels"),
            ),
        ),
        "scoring",
    ),
    Part(
        clock.at(date(2020, 6, 18), 10),
        (
            Leg(
                "erlan",
                _("Score an application tick by tick and sign the sheet: then it is locked."),
                of_panel("dossiers"),
            ),
            Leg(
                "gulnara",
                _("See how far scoring is; nobody sees points yet, not even the operator."),
                of_panel("progress"),
            ),
        ),
        "meeting",
    ),
    Part(
        clock.at(date(2020, 7, 13), 10),
        (
            Leg(
                "erlan",
                _("Compare the points with those of the others; change yours, with a reason."),
                of_panel("ranking"),
            ),
            Leg(
                "saule",
                _(
                    "Keep the minutes, note who is present, record how the tie was decided, close "
                    "the meeting."
                ),
                of_panel("meeting"),
            ),
            Leg(
                "gulnara",
                _("After the meeting: prepare the outcomes, draw up the protocol, publish."),
                of_competition("outcomes"),
            ),
        ),
        "published",
    ),
    Part(
        clock.at(date(2020, 7, 17), 10),
        (
            Leg(
                "aliya",
                _("Read how every topic ended, and your own result."),
                of_competition("results"),
            ),
            Leg(
                "gulnara",
                _("Prepare the contracts, complete them and send them along the chain."),
                of_competition("outcomes"),
            ),
            Leg(
                "aliya",
                _("Complete your contract and, after the operator's chain, agree to it."),
                page("projects:contracts"),
            ),
        ),
        "contracted",
    ),
    Part(
        clock.at(date(2020, 7, 31), 15),
        (
            Leg(
                "aliya", _("Read the signed contract with its annex 3."), page("projects:contracts")
            ),
            Leg(
                "gulnara",
                _("Follow the whole competition in its journal."),
                of_competition("competition_manage", "#journal"),
            ),
        ),
        "running",
    ),
    Part(
        story.STAGES["running"],
        (
            Leg(
                "aliya",
                _(
                    "Record the meeting with employers: type or paste the list of those who came, "
                    "with what they answered, and say what came of it."
                ),
                waiting_event(told.GRANT),
            ),
            Leg(
                "bolat",
                _("Record an expense on a line of the estimate; try one that is too large."),
                of_project("aqqu", "money"),
            ),
            Leg(
                "gulnara",
                _(
                    "See at one glance which project is late, which has overspent a line and to "
                    "which too few people come."
                ),
                page("projects:projects"),
            ),
        ),
        "reported",
    ),
    Part(
        story.STAGES["reported"],
        (
            Leg(
                "gulnara",
                _(
                    "Read the final report of Aliya's project: accept it, or return it with remarks on "
                    "its sections."
                ),
                of_project("aqqu"),
            ),
            Leg(
                "aliya",
                _("See what the records of the year have become: plan against fact, and money."),
                of_project("aqqu"),
            ),
        ),
        "discussion",
    ),
    Part(
        story.STAGES["discussion"],
        (
            Leg(
                "madina",
                _(
                    "Read what the akimat wants to order next year, and comment on a topic: "
                    "anybody may."
                ),
                of_list("akimat", "discussion", "#topics"),
            ),
            Leg(
                "saule",
                _(
                    "Hide the insult: it leaves the page, its record stays. Decide on the other "
                    "comments with reasons."
                ),
                of_list("akimat", "comments"),
            ),
            Leg(
                "askar",
                _(
                    "Compare: the ministry began its list a week earlier, so it goes on under the "
                    "rules of 2018, with 17 fields and six columns in annex 2."
                ),
                of_list("ministry", "formation"),
            ),
            Leg(
                "aliya",
                _("Propose a topic of your own: NGOs may do so all year."),
                page("planning:proposals"),
            ),
        ),
        "listed",
    ),
    Part(
        story.STAGES["listed"],
        (
            Leg(
                "erlan",
                _("Read what the council recommended, and which topic is not on the list."),
                of_list("akimat", "topic_list"),
            ),
            Leg(
                "saule",
                _(
                    "Write the technical specification of a topic: while you type, it is checked "
                    "against the Standard."
                ),
                of_topic(1, "planning:specifications"),
            ),
            Leg(
                "madina",
                _("Follow a topic on its way from need to contract."),
                of_topic(2, "portal:way"),
            ),
        ),
        "bidding",
    ),
    Part(
        story.STAGES["bidding"],
        (
            Leg(
                "aliya",
                _(
                    "Finish the bid and hand it in: until the deadline nobody can read it, not "
                    "even the akimat."
                ),
                aliyas_bid,
            ),
            Leg(
                "saule",
                _("Clarify the question on the documentation: everybody reads the answer."),
                of_tender("tender", "#questions"),
            ),
            Leg(
                "saule",
                _("Appoint the commission: an odd number, a chair, a secretary who does not vote."),
                of_tender("tender_manage"),
            ),
        ),
        "opened",
    ),
    Part(
        story.STAGES["opened"],
        (
            Leg(
                "saule",
                _("Read the protocol of opening: it was made at the second of the deadline."),
                of_tender("opening"),
            ),
            Leg(
                "erlan",
                _(
                    "As chair of the commission put points of a bid to the vote: two of the six "
                    "criteria are proposed from the records."
                ),
                of_tender("review"),
            ),
        ),
        "ordered",
    ),
    Part(
        story.STAGES["ordered"],
        (
            Leg(
                "dana",
                _(
                    "See why a dearer bid won by one point, and what became of dumping, of equal "
                    "prices and of the only bid admitted."
                ),
                of_tender("results"),
            ),
            Leg(
                "aliya",
                _("Read the contract: what was scored has become an obligation."),
                page("projects:contracts"),
            ),
            Leg(
                "madina",
                _("See the whole way of a topic, from the need to the contract."),
                of_topic(1, "portal:way"),
            ),
        ),
        "serving",
    ),
    Part(
        story.STAGES["serving"],
        (
            Leg(
                "aliya",
                _(
                    "Record the training in Stepnogorsk: the Standard says at once what is still "
                    "missing."
                ),
                waiting_event(told.ORDER),
            ),
            Leg(
                "saule",
                _("Look over the projects of the order: for some nothing is planned yet."),
                page("projects:projects"),
            ),
        ),
        "delivered",
    ),
    Part(
        story.STAGES["delivered"],
        (
            Leg(
                "saule",
                _("See why the act of services waits for the evaluation report."),
                of_project("aqqu", instrument=told.ORDER),
            ),
        ),
    ),
)


def present() -> tuple[list[tuple[Leg, str]], str]:
    """The legs of the part in which the clock stands, with their addresses, and the stage after.

    A leg whose page visitors have made impossible is left out.
    """
    part = [part for part in PARTS if part.begins <= clock.now()][-1]
    legs = []
    for leg in part.legs:
        try:
            legs.append((leg, leg.address()))
        except (ObjectDoesNotExist, LookupError):
            continue
    return legs, part.onward

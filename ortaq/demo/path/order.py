"""The way through the social order, from the public discussion to the results of the tender."""

from __future__ import annotations

from collections.abc import Callable

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from ortaq.demo import cast, story
from ortaq.demo.story.order import found as order
from ortaq.tenders.models import Bid

from .leg import Leg, Part, page


def of_list(body: str, name: str, after: str = "") -> Callable[[], str]:
    return lambda: reverse(f"planning:{name}", args=[order.formation(body).pk]) + after


def of_topic(number: int, name: str) -> Callable[[], str]:
    """A page of a topic of the akimat by its place in the list."""
    return lambda: reverse(name, args=[order.topics("akimat")[number - 1].pk])


def of_tender(name: str, after: str = "") -> Callable[[], str]:
    return lambda: reverse(f"tenders:{name}", args=[order.tender().pk]) + after


def aliyas_bid() -> str:
    mine = Bid.objects.filter(organisation=cast.body("aqqu")).order_by("id").first()
    return reverse("tenders:bid", args=[mine.pk]) if mine else reverse("tenders:bids")


PARTS = (
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
                "tender_scoring/2019 guide, stage 3",
            ),
            Leg(
                "saule",
                _(
                    "Hide the insult: it leaves the page, its record stays. Decide on the other "
                    "comments with reasons."
                ),
                of_list("akimat", "comments"),
                "rules_social_order/2022 №18-2022 ¶9",
            ),
            Leg(
                "askar",
                _(
                    "Compare: the ministry began its list a week earlier, so it goes on under the "
                    "rules of 2018, with 17 fields and six columns in annex 2."
                ),
                of_list("ministry", "formation"),
                "rules_social_order/2022 №18-2022 annex 2",
            ),
            Leg(
                "aliya",
                _("Propose a topic of your own: NGOs may do so all year."),
                page("planning:proposals"),
                "tender_scoring/2019 guide, stage 1",
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
                "rules_social_order/2022 №18-2022 ¶7(4)",
            ),
            Leg(
                "saule",
                _(
                    "Write the technical specification of a topic: while you type, it is checked "
                    "against the Standard."
                ),
                of_topic(1, "planning:specifications"),
                "standard_social_order/2022 ¶6",
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
                "tender_scoring/2019 guide, stage 5",
            ),
            Leg(
                "saule",
                _("Clarify the question on the documentation: everybody reads the answer."),
                of_tender("tender", "#questions"),
                "tender_scoring/2019 guide, stage 4",
            ),
            Leg(
                "saule",
                _("Appoint the commission: an odd number, a chair, a secretary who does not vote."),
                of_tender("tender_manage"),
                "tender_scoring/2019 guide, stage 4",
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
                "tender_scoring/2019 guide, stage 5",
            ),
            Leg(
                "erlan",
                _(
                    "As chair of the commission put points of a bid to the vote: two of the six "
                    "criteria are proposed from the records."
                ),
                of_tender("review"),
                "tender_scoring/2019 guide, stage 6",
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
                "tender_scoring/2019 guide, stage 6",
            ),
            Leg(
                "aliya",
                _("Read the contract: what was scored has become an obligation."),
                page("projects:contracts"),
                "tender_scoring/2019 guide, stage 7",
            ),
            Leg(
                "madina",
                _("See the whole way of a topic, from the need to the contract."),
                of_topic(1, "portal:way"),
            ),
        ),
        "serving",
    ),
)

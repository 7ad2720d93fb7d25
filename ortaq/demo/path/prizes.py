"""The way through the prize for NGOs: an application, a decision between equals, diplomas on the wall."""

from __future__ import annotations

from collections.abc import Callable

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from ortaq.demo import story
from ortaq.demo.story import prizes as found
from ortaq.prizes.models import Application

from .leg import Leg, Part, page


def of_year(name: str) -> Callable[[], str]:
    """A page of the prize of the story."""
    return lambda: reverse(f"prizes:{name}", args=[found.told()["year"]])


def mine() -> str:
    """Aliya's application once there is one, before that the page to begin it."""
    here = found.application("aqqu", *Application.NOMINATED, Application.State.DRAFT)
    return reverse("prizes:application", args=[here.pk]) if here else of_year("apply")()


def shared() -> str:
    """The decision between two NGOs with equal points."""
    direction = found.found().directions.get(field="vulnerable_groups")
    return reverse("prizes:decision", args=[found.told()["year"], direction.pk])


def my_award() -> str:
    """The award of Aliya's NGO; `LookupError` where she got none."""
    here = found.application("aqqu", Application.State.AWARDED)
    if here is None:
        raise LookupError("No award")
    return reverse("prizes:award", args=[here.award.pk])


PARTS = (
    Part(
        story.STAGES["nominating"],
        (
            Leg(
                "aliya",
                _(
                    "Apply for the prize: annex 2 is filled in already, projects of the last three years are offered; "
                    "hand it in before the last second of 1 September."
                ),
                mine,
                "prizes_rules/2018 guide, prize annex 2",
            ),
            Leg("dana", _("See that nobody learns who else applies."), of_year("round")),
            Leg(
                "askar",
                _("Register an application that came by post; what others handed in stays closed."),
                of_year("desk"),
                "prizes_rules/2018 guide, prizes",
            ),
        ),
        "deciding",
    ),
    Part(
        story.STAGES["deciding"],
        (
            Leg(
                "askar",
                _(
                    "Two NGOs have equal points and the prize leaves a tiyn over: decide who gets it and what "
                    "becomes of the rest."
                ),
                shared,
                "prizes_rules/2018 guide, prizes",
            ),
            Leg(
                "askar",
                _("Decide on the other directions and publish the list of recipients."),
                of_year("decisions"),
                "prizes_rules/2018 guide, prizes",
            ),
            Leg("erlan", _("See what you scored, and what stays closed."), of_year("scoring")),
        ),
        "awarded",
    ),
    Part(
        story.STAGES["awarded"],
        (
            Leg("aliya", _("Print the diploma of your NGO."), my_award),
            Leg(
                "askar",
                _("One diploma is not handed over yet, and its term ends on 20 December."),
                of_year("awards"),
                "prizes_rules/2018 guide, prizes",
            ),
            Leg(
                "madina",
                _("Read who got the prizes, with points by criterion and reasons."),
                of_year("results"),
            ),
            Leg("madina", _("Look through the archive of recipients."), page("prizes:laureates")),
        ),
    ),
)

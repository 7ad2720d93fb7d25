"""A guided tour for each role: what the path shows, gathered by who does it, and what only looks.

A step belongs to a part of the story. Whoever comes too early has the clock moved there; whoever comes later sees what
became of it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import cache

from django.core.exceptions import ObjectDoesNotExist
from django.urls import NoReverseMatch
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from ortaq.core import clock
from ortaq.demo import path, story
from ortaq.demo.path.leg import Leg

from . import looking


@dataclass(frozen=True, slots=True)
class Step:
    """The step of a tour with its place in it; `stage` is where the clock is moved for it."""

    number: int
    leg: Leg
    begins: datetime
    stage: str

    @property
    def at(self) -> datetime:
        """The instant to which the clock is moved for it."""
        return story.STAGES[self.stage]

    @property
    def is_ahead(self) -> bool:
        """Whether the clock has to be moved first."""
        return clock.now() < self.begins

    def address(self) -> str | None:
        """Its page; None where visitors have made it impossible, or this installation has no such page."""
        try:
            return self.leg.address()
        except (ObjectDoesNotExist, LookupError, NoReverseMatch):
            return None


@dataclass(frozen=True, slots=True)
class Tour:
    """What one role meets: those of the cast who have it, in the order of time."""

    key: str
    icon: str
    title: Promise
    about: Promise
    people: tuple[str, ...]

    @property
    def steps(self) -> tuple[Step, ...]:
        return _steps(self.people)


TOURS = (
    Tour(
        "ngo",
        "people",
        _("For an NGO: its head and its accountant"),
        _(
            "From the draft of an application to the diploma: apply, carry out a project, report, propose a "
            "topic, hand in a sealed bid, file the annual return."
        ),
        ("aliya", "bolat", "dana"),
    ),
    Tour(
        "officer",
        "building",
        _("For an officer of an akimat"),
        _(
            "The social order from its discussion to its evaluation: comments, specifications, the tender, the "
            "contracts, monitoring, reports."
        ),
        ("saule", "kanat", "botagoz"),
    ),
    Tour(
        "operator",
        "clipboard-check",
        _("For the operator"),
        _(
            "A grant competition from the questions on its announcement to the signed contract, then the "
            "projects, their changes and reports."
        ),
        ("gulnara", "nurlan"),
    ),
    Tour(
        "expert",
        "pencil-square",
        _("For an expert"),
        _(
            "Conflicts of interest first, then points: in the commission, in the tender, in the expert council "
            "and on visits."
        ),
        ("erlan", "e07"),
    ),
    Tour(
        "citizen",
        "search",
        _("For a citizen or a journalist"),
        _(
            "What everybody may know: search, follow a tenge, comment, take the data away and recalculate a "
            "result."
        ),
        ("madina",),
    ),
    Tour(
        "ministry",
        "bank",
        _("For the authorised body"),
        _(
            "Annual returns, reports of state bodies and their summary, the prize from its applications to the diplomas."
        ),
        ("askar",),
    ),
    Tour(
        "administrator",
        "gear",
        _("For an administrator"),
        _("Whether all that must run does run, without seeing what people write."),
        ("serik",),
    ),
)


@cache
def _steps(people: tuple[str, ...]) -> tuple[Step, ...]:
    met = [(part.begins, leg) for part in path.PARTS for leg in part.legs]
    met += [(story.STAGES[stage], leg) for stage, leg in looking.LEGS]
    mine = sorted((one for one in met if one[1].key in people), key=lambda one: one[0])
    return tuple(
        Step(number, leg, begins, stage_of(begins)) for number, (begins, leg) in enumerate(mine, 1)
    )


def stage_of(begins: datetime) -> str:
    """The stage at which a part that begins then is entered."""
    return next(name for name, at in story.STAGES.items() if at >= begins)


def tour_of(key: str) -> Tour | None:
    return next((tour for tour in TOURS if tour.key == key), None)


__all__ = ["TOURS", "Step", "Tour", "stage_of", "tour_of"]

"""The way through the projects of both instruments: what happens, what is spent, changed and reported."""

from __future__ import annotations

from collections.abc import Callable

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from ortaq.core import clock
from ortaq.demo import story
from ortaq.demo.story.projects import data as told
from ortaq.demo.story.projects import found as rooms
from ortaq.projects.models import Change, Event, SmallCompetition

from .leg import Leg, Part, page


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


def open_small_grants() -> str:
    """The competition for small grants that takes applications now; all of them where none does."""
    row = SmallCompetition.objects.filter(state=SmallCompetition.State.OPEN).first()
    if row is None:
        return reverse("projects:small_grants")
    return reverse("projects:small_grants_one", args=[row.code])


def waiting_change() -> str:
    """The request for a change that waits for the operator; the list of Saulet's where none does."""
    asked = Change.objects.filter(state=Change.State.ASKED, project__in=rooms.projects(told.GRANT))
    change = asked.order_by("asked_at").first()
    if change is None:
        return of_project("saulet", "changes")()
    return reverse("projects:change", args=[change.project_id, change.number])


PARTS = (
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
                "grants_rules/2020 contract 2024 annex 3",
            ),
            Leg(
                "bolat",
                _("Record an expense on a line of the estimate; try one that is too large."),
                of_project("aqqu", "money"),
                "grants_rules/2020 contract 2024",
            ),
            Leg(
                "madina",
                _("Apply for a small grant: an NGO gives them on, and nobody has to sign in."),
                open_small_grants,
            ),
            Leg(
                "gulnara",
                _("Answer the request for a change: the money was spent before anybody agreed."),
                waiting_change,
                "grants_rules/2020 contract 2024",
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
                "grants_rules/2020 contract 2024 annex 3",
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
        story.STAGES["serving"],
        (
            Leg(
                "aliya",
                _(
                    "Record the training in Stepnogorsk: the Standard says at once what is still "
                    "missing."
                ),
                waiting_event(told.ORDER),
                "standard_social_order/2022 ¶14",
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
                "rules_social_order/2022 №18-2022 annex 8",
            ),
        ),
        "monitored",
    ),
)

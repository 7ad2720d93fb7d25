"""The way through oversight: what a visit found, who scores, why an act waits, what three bodies report."""

from __future__ import annotations

from collections.abc import Callable

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from ortaq.demo import story
from ortaq.demo.story.oversight import found
from ortaq.oversight.models import CorrectiveAction, StatutoryReport

from . import returns
from .leg import Leg, Part, page


def of_project(ngo: str, name: str) -> Callable[[], str]:
    """A page of oversight about an NGO's project."""
    return lambda: reverse(f"oversight:{name}", args=[found.project(ngo).pk])


def of_evaluation(ngo: str) -> Callable[[], str]:
    return lambda: reverse("oversight:evaluation", args=[found.evaluation(ngo).pk])


def waiting_notice() -> str:
    """The page of the expert whose notice is awaited."""
    engagement = found.engagement(found.project("saulet"))
    if engagement is None:
        raise LookupError("Nobody is engaged")
    return reverse("oversight:engagement", args=[engagement.pk])


def open_action() -> str:
    """What the NGO of the reading clubs has to mend; the list where nothing waits."""
    waits = CorrectiveAction.objects.filter(
        state=CorrectiveAction.State.OPEN,
        observation__visit__plan__project=found.project("bilim"),
    ).first()
    return reverse("oversight:action", args=[waits.pk]) if waits else reverse("oversight:actions")


def late_report() -> str:
    """The annual report of the akimat that is late."""
    row = StatutoryReport.objects.filter(state=StatutoryReport.State.DRAFT).order_by("id").first()
    return (
        reverse("oversight:statutory", args=[row.pk]) if row else reverse("oversight:statutories")
    )


PARTS = (
    Part(
        story.STAGES["monitored"],
        (
            Leg(
                "erlan",
                _(
                    "Evaluate Aliya's project: first the notice of conflict of interest, only then its "
                    "papers open; score by four criteria and sign."
                ),
                of_evaluation("aqqu"),
                "rules_social_order/2022 №18-2022 ¶18",
            ),
            Leg(
                "saule",
                _("Look where oversight sends your attention, and why it says so."),
                page("oversight:oversight"),
                "rules_social_order/2022 №18-2022 ¶9",
            ),
            Leg(
                "saule",
                _("Read what the expert found at Aliya's project, and how it was mended."),
                of_project("aqqu", "project"),
                "rules_social_order/2022 №18-2022 ¶11",
            ),
            Leg(
                "e07",
                _(
                    "Sign the notice as an independent expert, or declare a conflict: before that "
                    "nothing of the project is open to you."
                ),
                waiting_notice,
                "rules_social_order/2022 №18-2022 annexes 4, 6",
            ),
            Leg(
                "saule",
                _("See which corrective actions are late."),
                open_action,
                "rules_social_order/2022 №18-2022 ¶12",
            ),
        ),
        "evaluated",
    ),
    Part(
        story.STAGES["evaluated"],
        (
            Leg(
                "saule",
                _(
                    "Post the evaluation report of the second project: until then its act of services "
                    "cannot be signed."
                ),
                of_evaluation("shapagat"),
                "rules_social_order/2022 №18-2022 annex 8",
            ),
            Leg(
                "kanat",
                _("Answer the remark on annex 9, and submit it again."),
                page("oversight:statutories"),
                "rules_social_order/2022 №18-2022 ¶21",
            ),
            Leg(
                "botagoz",
                _("Your report for the year is late: see what is missing, row by row."),
                late_report,
                "rules_social_order/2022 №18-2022 ¶21",
            ),
            Leg(
                "askar",
                _(
                    "See who has reported, who is late and what was returned; take all of them as one workbook."
                ),
                page("oversight:collected"),
                "rules_social_order/2022 №18-2022 ¶21",
            ),
            Leg(
                "askar",
                _(
                    "Write what the Government is told of the year; each figure leads to the reports it comes from."
                ),
                page("oversight:governments"),
            ),
            Leg(
                "askar",
                _("See who scores how far from the others, and who is late year after year."),
                page("oversight:overseers"),
            ),
            Leg(
                "saule",
                _("Take what the projects have taught into the needs of the next year."),
                page("oversight:lessons"),
            ),
            Leg(
                "madina",
                _("Read how the akimat's projects were carried out and how they were evaluated."),
                page("oversight:implementations"),
            ),
            *returns.AFTER_THE_ORDER,
        ),
        "nominating",
    ),
)

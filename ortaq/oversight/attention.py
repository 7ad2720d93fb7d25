"""What draws attention to a project, so that visits go where the risk is; each reason with its words and numbers.

The risks of the project itself come from `projects.risks`; added here is what only an overseer sees. The bounds are our proposal.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from ortaq.faces.say import points as said_points
from ortaq.law.findings import Finding, Severity
from ortaq.projects import risks
from ortaq.projects.risks import Condition

# So many answers tell something; a mean so far from that of the body's other projects is an outlier.
ANSWERS, FAR = 20, Fraction(1, 2)
ORDER = [Severity.ERROR, Severity.WARNING, Severity.NOTICE]


@dataclass(frozen=True, slots=True)
class Watched:
    """What is known of the oversight of one project. `peers` are the points and answers of the body's other projects."""

    condition: Condition
    asked: int = 0
    held: int = 0
    overdue_actions: int = 0
    serious: int = 0
    peers: tuple[int, int] = (0, 0)


def findings(watched: Watched) -> list[Finding]:
    """All that draws attention, the worst first; notices of the project itself are left to its own pages."""
    own = [one for one in risks.findings(watched.condition) if one.severity != Severity.NOTICE]
    found = [*own, *_followed(watched), *_feedback(watched)]
    return sorted(found, key=lambda one: ORDER.index(one.severity))


def _followed(watched: Watched) -> Sequence[Finding]:
    found = []
    if watched.overdue_actions:
        message = format_lazy(
            _("Corrective actions past their day: {count}."), count=watched.overdue_actions
        )
        found.append(Finding("actions_overdue", Severity.ERROR, message))
    if watched.serious:
        message = format_lazy(
            _("Breaches found at earlier visits and not mended yet: {count}."),
            count=watched.serious,
        )
        found.append(Finding("breaches_open", Severity.WARNING, message))
    due = expected(watched.condition.today, watched.asked)
    if watched.held < due:
        message = format_lazy(
            _("Held this year: {held}. By now there should be {due} of {asked} visits."),
            held=watched.held,
            due=due,
            asked=watched.asked,
        )
        found.append(
            Finding(
                "visits_behind",
                Severity.WARNING,
                message,
                numbers={"held": watched.held, "due": due, "asked": watched.asked},
            )
        )
    return found


def expected(today: date, asked: int) -> int:
    """How many of the visits asked for in a year should be held by the end of the month before today's: spread evenly."""
    return asked * (today.month - 1) // 12


def _feedback(watched: Watched) -> Sequence[Finding]:
    project, (points, answers) = watched.condition.project, watched.peers
    if project.answers < ANSWERS or answers < ANSWERS:
        return []
    mean, others = Fraction(project.points, project.answers), Fraction(points, answers)
    if abs(mean - others) < FAR:
        return []
    words = (
        _(
            "Participants rate the project {mean}, those of the body's other projects {others}: lower than usual."
        )
        if mean < others
        else _(
            "Participants rate the project {mean}, those of the body's other projects {others}: higher than usual; see that the answers are their own."
        )
    )
    message = format_lazy(words, mean=said_points(mean), others=said_points(others))
    return [
        Finding(
            "feedback_outlier", Severity.WARNING, message, numbers={"mean": mean, "others": others}
        )
    ]

"""The social effect in the creative reports: block IV planned and done, and what of it falls into a period (GR-I-10)."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from ortaq.projects.models import Report
from ortaq.projects.queries.reach import Effect, effect_of, reached

from .words import Both, both, joined, pair


def planned_and_done(report: Report) -> Both:
    """Block IV, a line for each number that is planned or done; at most five queries."""
    rows = [one for one in effect_of(report.project) if one.planned or one.done]
    return joined([_line(one) for one in rows])


def _line(one: Effect) -> Both:
    def say() -> str:
        told = {"label": str(one.label), "planned": one.planned or 0, "done": one.done}
        return _("%(label)s: planned %(planned)s, done %(done)s.") % told

    return both(say)


def row_of_period(report: Report) -> dict[str, Any] | None:
    """A row of the interim report's table of work: whom the mass media reached and which NGOs were covered in the period; None
    where nothing is recorded. One query.
    """
    found = reached(report.project, report.period_from, report.period_to)
    if not (found.indirect or found.ngos):
        return None
    told = {"people": found.indirect, "ngos": found.ngos}

    def say() -> str:
        return (
            _("People reached through the mass media: %(people)s. NGOs covered: %(ngos)s.") % told
        )

    return {
        "activity": both(lambda: _("Social effect (block IV)")),
        "date_place": pair("", ""),
        "participants": None,
        "comments": both(say),
    }

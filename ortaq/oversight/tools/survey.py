"""Questionnaire and interview: what beneficiaries say, and how it moves from visit to visit (SO-M-04, SO-M-08).

Satisfaction is reckoned as tables 2 and 4 of the Standard do, by those who answered. Such a survey asks about the whole project and
not about one service, so how many must answer no source says; the share of those covered stands beside the result.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from fractions import Fraction
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from ortaq.faces import say as show
from ortaq.law.findings import plain
from ortaq.oversight.models import Instrument, Visit
from ortaq.oversight.sheets import CLOSING, Part

from .asked import SCALE, exact, keys, percent

OVERALL = "satisfied"
OPEN_QUESTIONS = ("changed", "missing")


def prefill(visit: Visit, day: date) -> dict[str, Any]:
    """How many people the project had covered when the visit began."""
    return {"day": day.isoformat(), "covered": visit.plan.project.covered}


def parts(row: Instrument) -> list[Part]:
    return [CLOSING]


def figures(row: Instrument) -> dict[str, Any]:
    """Answers that count, points and marks of each question; one query."""
    given = list(row.answers.filter(struck_at=None).order_by("pk").values_list("content", "way"))
    questions: dict[str, dict[str, Any]] = {}
    for key in keys("SO-MQ", "points"):
        marks = [int(one[key]) for one, _way in given if str(one.get(key, "")) in SCALE]
        questions[key] = {
            "answers": len(marks),
            "points": sum(marks),
            "marks": [marks.count(int(mark)) for mark in SCALE],
            "mean": plain(Fraction(sum(marks), len(marks))) if marks else None,
        }
    overall = questions[OVERALL]
    return {
        "answers": len(given),
        "covered": row.content.get("facts", {}).get("covered", 0),
        "ways": {
            way: sum(one == way for _c, one in given) for way in sorted({w for _c, w in given})
        },
        "questions": questions,
        "satisfaction": plain(percent(overall["points"], overall["answers"])),
    }


def said(figures: Mapping[str, Any]) -> str:
    if not figures["covered"]:
        return gettext("Beneficiaries who answered: %(answers)s; satisfaction %(percent)s %%.") % {
            "answers": show.number(figures["answers"]),
            "percent": show.points(exact(figures["satisfaction"])),
        }
    return gettext(
        "Beneficiaries who answered: %(answers)s of %(covered)s covered by the project; satisfaction %(percent)s %%."
    ) % {
        "answers": show.number(figures["answers"]),
        "covered": show.number(figures["covered"]),
        "percent": show.points(exact(figures["satisfaction"])),
    }


def lacks(row: Instrument, figures: Mapping[str, Any]) -> Iterable[tuple[Any, str]]:
    """Somebody answered how satisfied they are."""
    if not figures["questions"][OVERALL]["answers"]:
        yield (
            _("Nobody has answered yet: open the questionnaire, or enter an interview."),
            "answers",
        )

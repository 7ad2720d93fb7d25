"""The surveys of tables 1, 2, 4 and 5: the sample rule and the exact percentages.

The formulas have an odd bracket in the source (ST-A-06) and are read as
points ÷ divisor ÷ 5 × 100. On a scale of 1 to 5 the result is never under 20 %.
"""

from __future__ import annotations

from fractions import Fraction

from ortaq.law.findings import Finding, Severity
from ortaq.law.wording import wording

from .compare import Spot
from .tables import Measure, Row, Survey, Table
from .words import Amount

PERCENT = 100
ASKED = Measure("answers", wording("standard.survey"), "person", "answers")


def required_answers(survey: Survey, population: int) -> int:
    """How many must answer: the share of `population`, rounded up (20 % of 11 is 3)."""
    return -(-survey.share_min * population // PERCENT)


def satisfaction(
    survey: Survey, points_total: int, answers: int, population: int | None
) -> Fraction | None:
    """Satisfaction in percent, exact; `None` where nobody could be divided by.

    Table 1 divides by all participants, tables 2 and 4 by those who answered (ST-A-07).
    """
    divisor = population if survey.divisor == "participants" else answers
    if not divisor:
        return None
    return Fraction(points_total * PERCENT, divisor * survey.points_max)


def share(part: int, whole: int) -> Fraction | None:
    """`part` of `whole` in percent, exact; `None` of nothing."""
    return Fraction(part * PERCENT, whole) if whole else None


def sample(table: Table, row: Row, answers: int | None, population: int | None) -> Finding:
    """Whether enough people answered: `within`, `sample_too_small` or `no_data`."""
    survey = table.survey
    if survey is None:
        raise LookupError(f"table {table.key} has no survey")
    spot = Spot(table, row, ASKED, "answers")
    if answers is None or population is None:
        field = "answers" if answers is None else survey.population
        return spot.finding(
            "no_data", Severity.NOTICE, "sample_unknown", field=field, share=survey.share_min
        )
    least = required_answers(survey, population)
    enough = answers >= least
    return spot.finding(
        "within" if enough else "sample_too_small",
        Severity.OK if enough else Severity.WARNING,
        "sample_enough" if enough else "sample_too_small",
        {"value": answers, "minimum": least, survey.population: population},
        value=Amount(Fraction(answers), "person").words(),
        least=least,
        share=survey.share_min,
        population=wording(f"population.{survey.population}", count=population),
    )

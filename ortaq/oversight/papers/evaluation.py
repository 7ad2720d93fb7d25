"""Annex 8: the report on the evaluation of a project, from its frozen content or as it would be formed now (SO-E-19, SO-E-22)."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from ortaq import law
from ortaq.core import clock
from ortaq.documents.filling import fill
from ortaq.documents.forms import form
from ortaq.documents.paper import Paper
from ortaq.law.text import Text
from ortaq.oversight.annex9 import fraction
from ortaq.oversight.models import Evaluation
from ortaq.review.papers import evaluation_rows

LANGUAGES = ("kk", "ru")
FORM = "SO-A8"
NOT_FORMED = Text("есеп әлі қалыптастырылмаған", "отчёт ещё не сформирован", "not formed yet")
PRELIMINARY = Text("алдын ала есеп", "предварительный отчёт", "preliminary report")
SHEETS = Text("бағалау парақтары", "оценочных листов", "sheets")


def annex_8(evaluation: Evaluation, content: Mapping[str, Any], language: str) -> Paper:
    """The paper in kk or ru from `content` (`procedure.annex8.content_of`). Beside the total stands the formula that the edition names:
    the act does not say how points are combined (SO-X-06).
    """
    edition = law.edition(evaluation.act, evaluation.edition)
    blank, field = form(FORM, edition.key), content["field"]
    rows: dict[str, Any] = {
        row: {
            "score": two_decimals(fraction(content["means"].get(key))),
            "comments": content["remarks"].get(key, {}).get(language, ""),
        }
        for row, key in evaluation_rows(blank, edition.rubric("evaluation").keys)
    }
    formula = edition.parameter("evaluation.combine.report").said.say(language)
    note = f"{formula}; {SHEETS.say(language)}: {len(content['sheets'])}"
    rows["total"] = {
        "score": two_decimals(fraction(content["total"])),
        "comments": f"({note})\n{content['recommendations'].get(language, '')}".strip(),
    }
    return fill(
        blank,
        {
            "fields": {
                "field": law.field(field).text.say(language) if field else "",
                "project": content["project"][language] or content["project"]["kk"],
            },
            "sections": {"evaluation": rows},
        },
        language,
        on=clock.day_of(evaluation.formed_at) if evaluation.formed_at else None,
        note=_standing(evaluation).say(language),
    )


def _standing(evaluation: Evaluation) -> Text:
    if evaluation.state in (Evaluation.State.FORMED, Evaluation.State.POSTED):
        return Text()
    return PRELIMINARY if evaluation.state == Evaluation.State.DISCUSSED else NOT_FORMED


def two_decimals(value: Fraction | None) -> str:
    """An exact mean as papers print it: two decimals, half up; "" where there is none."""
    if value is None:
        return ""
    hundredths = (value * 200 + 1) // 2
    return f"{hundredths // 100},{hundredths % 100:02}"

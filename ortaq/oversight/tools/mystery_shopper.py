"""The mystery shopper: level and quality of services as a visitor meets them (SO-M-08). The NGO never sees the sheet."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from fractions import Fraction
from typing import Any

from django.utils.text import format_lazy
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from ortaq.faces import say as show
from ortaq.law.findings import plain
from ortaq.oversight.models import Instrument, Visit
from ortaq.oversight.sheets import CLOSING, Field, Part, Row, texts_of

from .asked import SCALE, exact, groups, keys

NOT_ASKED = "-"
MARKS = (*((mark, mark) for mark in SCALE), (NOT_ASKED, _("does not apply")))
WHERE = (
    Field("place", _("Place of the service")),
    Field("came", _("When"), kind="datetime-local"),
    Field("service", _("Service, and how it was asked for")),
)


def prefill(visit: Visit, day: date) -> dict[str, Any]:
    return {"day": day.isoformat()}


def parts(row: Instrument) -> list[Part]:
    asked = [
        Part(
            heading,
            tuple(
                Row(
                    one.key,
                    one.label,
                    (
                        Field(f"points-{one.key}", _("Points, 1 to 5"), MARKS),
                        Field(f"comment-{one.key}", _("What was seen"), area=True),
                    ),
                )
                for one in rows
            ),
        )
        for heading, rows in groups("SO-MS", "points")
    ]
    impression = Part(
        _("Impression as a whole"), fields=(Field("impression", _("In a few words"), area=True),)
    )
    return [Part(_("Place and time"), fields=WHERE), *asked, impression, CLOSING]


def figures(row: Instrument) -> dict[str, Any]:
    texts = texts_of(row.content)
    given = {key: texts.get(f"points-{key}", "") for key in keys("SO-MS", "points")}
    marks = [int(mark) for mark in given.values() if mark in SCALE]
    return {
        "questions": len(given),
        "marked": len(marks),
        "points": sum(marks),
        "mean": plain(Fraction(sum(marks), len(marks))) if marks else None,
        "low": [key for key, mark in given.items() if mark in ("1", "2")],
    }


def said(figures: Mapping[str, Any]) -> str:
    return gettext(
        "Questions with a mark: %(marked)s of %(questions)s, mean mark %(mean)s of 5, marks of 1 and 2: %(low)s."
    ) % {
        "marked": figures["marked"],
        "questions": figures["questions"],
        "mean": show.points(exact(figures["mean"])),
        "low": len(figures["low"]),
    }


def lacks(row: Instrument, figures: Mapping[str, Any]) -> Iterable[tuple[Any, str]]:
    """Place and time stand there, every question has a mark or a dash, and one has a mark."""
    texts = texts_of(row.content)
    for one in WHERE:
        if not texts.get(one.name):
            yield format_lazy(_("Fill in “{name}”."), name=one.label), one.name
    for key in keys("SO-MS", "points"):
        if not texts.get(f"points-{key}"):
            yield _("Give each question a mark, or say that it does not apply."), f"points-{key}"
            break
    for key in figures["low"]:
        if not texts.get(f"comment-{key}"):
            yield _("Say beside each mark of 1 or 2 what was seen."), f"comment-{key}"
            break

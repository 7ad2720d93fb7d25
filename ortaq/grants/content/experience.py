"""Which projects count as the NGO's experience: its own of the last three years, or running (GR-A-22).

What is printed of a project's term stays as it was typed; its first and last month stand beside
it, so that counting needs no guess.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from django.utils.functional import lazy
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from ortaq.core import clock
from ortaq.documents.writing import values
from ortaq.faces import say
from ortaq.law import grants as rules
from ortaq.law.findings import Finding, Severity

from .parts import CAPACITY
from .slots import EXPERIENCE
from .whole import Whole

said = lazy(say.text, str)


def findings(whole: Whole) -> Iterator[Finding]:
    """The rows that do not count on the day of the application, each by its name; they stay in the
    form as written.
    """
    written = whole.one(CAPACITY)
    if written is None:
        return
    on = clock.day_of(whole.application.submitted_at or clock.now())
    for table in EXPERIENCE:
        for number, row in enumerate(written.data.get(table) or [], 1):
            first, last = values.month(row.get("first")), values.month(row.get("last"))
            about = f"{written.part.place}/{table}/{row['id']}"
            if first is None or (last is None and row.get("last")):
                continue  # the form's own check says what is missing
            if last is not None and last < first:
                message = format_lazy(
                    _("Experience, row {number}: it ends before it begins; check the two months."),
                    number=number,
                )
                yield Finding(
                    "term_reversed", Severity.ERROR, message, written.part.cite, about=about
                )
                continue
            judged = rules.experience(whole.edition, first=first, last=last, on=on, about=about)
            if judged.severity is not Severity.OK:
                message = format_lazy(
                    _("Experience, row {number} “{name}” does not count. {reason}"),
                    number=number,
                    name=row.get("name") or "—",
                    reason=said(judged.message),
                )
                yield replace(judged, message=message)

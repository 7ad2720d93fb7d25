"""Analysis of indicators and expected results: what was planned beside what is, as the records said it on the day (SO-M-08)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django.utils.text import format_lazy
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from ortaq.faces import say as show
from ortaq.oversight.models import Instrument, Visit
from ortaq.oversight.sheets import CLOSING, Field, Part, Row, texts_of
from ortaq.projects.queries.progress import DONE, LATE, PROVED, STATES, Line, progress_of
from ortaq.projects.targets import Amount

JUDGEMENTS = (
    ("agrees", _("agrees")),
    ("differs", _("differs")),
    ("cannot", _("cannot be checked")),
)


def _shown(amount: Amount | None) -> str:
    if amount is None:
        return ""
    return f"{amount.first}/{amount.second}" if amount.second is not None else str(amount.first)


def _fact(line: Line, task: str, activity: str) -> dict[str, Any]:
    return {
        "key": str(line.indicator.pk),
        "task": task,
        "activity": activity,
        "text": line.indicator.text,
        "planned": line.indicator.planned,
        "target": _shown(line.target),
        "done": _shown(line.done),
        "proved": _shown(line.proved),
        "due": line.due.isoformat() if line.due else "",
        "state": line.state,
    }


def prefill(visit: Visit, day: date) -> dict[str, Any]:
    """Plan and fact of every indicator on `day`; five queries."""
    progress = progress_of(visit.plan.project, day)
    rows = [
        _fact(line, task.text, work.activity.text)
        for task in progress.tasks
        for work in task.works
        for line in work.lines
    ]
    return {"day": day.isoformat(), "rows": rows}


def parts(row: Instrument) -> list[Part]:
    facts = row.content["facts"]
    found: dict[str, list[Row]] = {}
    for one in facts["rows"]:
        found.setdefault(one["activity"], []).append(_row(one))
    note = gettext("As the records stood on %(day)s; what changes later does not move it.") % {
        "day": show.day(date.fromisoformat(facts["day"]))
    }
    listed = [Part(title, tuple(rows)) for title, rows in found.items()]
    return [Part(note=note), *listed, CLOSING]


def _row(one: Mapping[str, Any]) -> Row:
    key = one["key"]
    notes = [
        format_lazy(_("Planned: {planned}"), planned=one["planned"] or "—"),
        format_lazy(
            _("Done: {done}, of it accepted by the body: {proved}"),
            done=one["done"],
            proved=one["proved"],
        ),
        STATES[one["state"]][0],
    ]
    fields = (
        Field(f"judgement-{key}", _("Judgement"), JUDGEMENTS),
        Field(f"found-{key}", _("What was found in fact")),
        Field(f"remark-{key}", _("Remark"), area=True),
    )
    return Row(key, one["text"], fields, tuple(notes))


def figures(row: Instrument) -> dict[str, Any]:
    facts, texts = row.content["facts"]["rows"], texts_of(row.content)
    judged = [texts.get(f"judgement-{one['key']}", "") for one in facts]
    return {
        "rows": len(facts),
        **{value: judged.count(value) for value, _label in JUDGEMENTS},
        "reached": sum(one["state"] in (DONE, PROVED) for one in facts),
        "late": sum(one["state"] == LATE for one in facts),
    }


def said(figures: Mapping[str, Any]) -> str:
    return gettext(
        "Indicators: %(rows)s, of them reached by the records %(reached)s, late %(late)s. What was seen agrees with the records "
        "in %(agrees)s, differs in %(differs)s, could not be checked in %(cannot)s."
    ) % dict(figures)


def lacks(row: Instrument, figures: Mapping[str, Any]) -> Iterable[tuple[Any, str]]:
    """Each indicator is judged, and what does not agree has a remark."""
    texts = texts_of(row.content)
    judged = {
        one["key"]: texts.get(f"judgement-{one['key']}", "") for one in row.content["facts"]["rows"]
    }
    bare = [key for key, judgement in judged.items() if not judgement]
    silent = [
        key
        for key, judgement in judged.items()
        if judgement in ("differs", "cannot") and not texts.get(f"remark-{key}")
    ]
    if bare:
        yield (
            format_lazy(_("Indicators without a judgement: {count}."), count=len(bare)),
            f"judgement-{bare[0]}",
        )
    if silent:
        message = _(
            "Say beside each indicator that differs or cannot be checked why: {count} left."
        )
        yield format_lazy(message, count=len(silent)), f"remark-{silent[0]}"

"""A tool of monitoring at work: its sheet is written, then finished, and taken up again while the report is not formed (SO-M-07, SO-M-08).

Writing is no step, since nothing legal happens while somebody types. `finish` keeps what the sheet comes to (`figures`, `summary`); the
report of the visit says it as it was kept then.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from ortaq.core import clock
from ortaq.core.models import StoredFile
from ortaq.core.procedure import Attempt, Procedure, Refused, Step, locked, moved_on, not_yours
from ortaq.law.findings import Finding, Severity
from ortaq.oversight.models import Answer, Instrument, Mention, Visit
from ortaq.oversight.policy.visit import works_at
from ortaq.oversight.sheets import Merged, fields_of, merge
from ortaq.oversight.tools import summary, tool_of
from ortaq.people.actor import Actor

from .plan import edition_of, error

SHEET = Step("sheet", _("Fill in the sheet"), source=Visit.State.STARTED, target=None, by=works_at)
# The longest a questionnaire stays open by its link: our proposal.
LONGEST_OPEN_DAYS = 60
MOST_ANSWERS = 5_000
LONGEST_WORDS = 5_000

WITH_IT = ("visit__plan__project__contract", "visit__engagement__expert")


def _at_work(row: Instrument, actor: Actor) -> Instrument:
    """The instrument, locked, while its sheet may be written by the actor; raises `Refused`. One query beside the gate's."""
    rows = Instrument.objects.select_related(*WITH_IT).select_for_update(of=("self",))
    fresh = rows.get(pk=row.pk)
    visit = fresh.visit
    if not SHEET.by(actor, visit):
        raise Refused(SHEET, [not_yours(SHEET)])
    if visit.state not in SHEET.sources:
        raise Refused(SHEET, [moved_on(SHEET, visit, "state")])
    if fresh.done_at is not None:
        raise Refused(SHEET, [is_finished(visit)])
    return fresh


def is_finished(visit: Visit) -> Finding:
    """That a finished sheet is taken up again before it is changed."""
    message = _(
        "This tool is finished, so its sheet is not changed. Take it up again first; what you typed is not saved."
    )
    return error(visit.plan, "monitoring.tools.min", "finished", message)


@transaction.atomic
def write(
    row: Instrument,
    typed: Mapping[str, str],
    marks: Mapping[str, int],
    *,
    actor: Actor,
    insist: Collection[str] = (),
) -> Merged:
    """Keep what was typed into a sheet: texts by the names of its fields, `marks` of the texts that the page had shown (`sheets.merge`).
    Raises `Refused` for strangers, before and after the visit, and once the tool is finished. `row` is refreshed in place.
    """
    fresh = _at_work(row, actor)
    known = {one.name: one for one in fields_of(tool_of(fresh).parts(fresh))}
    clean = {name: known[name].read(text) for name, text in typed.items() if name in known}
    merged = merge(fresh.content, clean, marks, writer=actor.key, insist=insist)
    if merged.changed:
        fresh.content = {**fresh.content, "texts": merged.texts, "writers": merged.writers}
        fresh.version += 1
        fresh.save(update_fields=["content", "version"])
    row.content, row.version = fresh.content, fresh.version
    return merged


# --- Finishing ---------------------------------------------------------------------------------------


def lacks(row: Instrument, figures: Mapping[str, Any] | None = None) -> list[Finding]:
    """What is still to be filled in before the tool is finished."""
    tool = tool_of(row)
    found = tool.figures(row) if figures is None else figures
    cite = edition_of(row.visit.plan).grounds("monitoring_tools")[row.tool].cite
    return [
        Finding("sheet_lacks", Severity.ERROR, message, cite, about=about)
        for message, about in tool.lacks(row, found)
    ]


def _asked(visit: Visit, attempt: Attempt) -> Instrument:
    """The instrument that a step is about: the fact `tool`."""
    row: Instrument = visit.instruments.get(tool=attempt.facts["tool"])
    row.visit = visit
    return row


def _locked(visit: Visit, attempt: Attempt) -> Instrument:
    """The same, locked: no answer comes in between."""
    row = locked(Instrument, _asked(visit, attempt).pk)
    row.visit = visit
    return row


def filled_in(visit: Visit, attempt: Attempt) -> Iterable[Finding]:
    """Nothing is missing on the sheet."""
    row = _asked(visit, attempt)
    if row.done_at is not None:
        yield moved_on(FINISH, visit, "state")
    else:
        yield from lacks(row)


def _finished(visit: Visit, attempt: Attempt) -> Mapping[str, Any]:
    row = _locked(visit, attempt)
    found = tool_of(row).figures(row)
    row.content = {**row.content, "figures": found, "summary": summary(row, found)}
    row.done_at, row.done_by = attempt.now, attempt.actor.user
    row.version += 1
    row.save(update_fields=["content", "done_at", "done_by", "version"])
    return {"tool": row.tool}


def _taken_up(visit: Visit, attempt: Attempt) -> Mapping[str, Any]:
    row = _locked(visit, attempt)
    row.content = {
        key: value for key, value in row.content.items() if key not in ("figures", "summary")
    }
    row.done_at = row.done_by = None
    row.version += 1
    row.save(update_fields=["content", "done_at", "done_by", "version"])
    return {"tool": row.tool}


FINISH = Step(
    "finish",
    _("Finish the tool"),
    source=Visit.State.STARTED,
    target=None,
    by=works_at,
    requires=(filled_in,),
    effect=_finished,
    cite="rules_social_order/2022 №18-2022 ¶9",
)
TAKE_UP = Step(
    "take_up",
    _("Take it up again"),
    source=Visit.State.STARTED,
    target=None,
    by=works_at,
    effect=_taken_up,
)
# Steps of a visit about one of its tools (fact `tool`); its state does not move.
INSTRUMENT: Procedure[Visit] = Procedure(Visit, (FINISH, TAKE_UP))


# --- The questionnaire -------------------------------------------------------------------------------


def is_open(row: Instrument, now: datetime) -> bool:
    """Whether beneficiaries can answer by the link. Needs `row.visit`."""
    return (
        row.open_until is not None
        and now <= row.open_until
        and row.done_at is None
        and row.visit.state == Visit.State.STARTED
    )


@transaction.atomic
def open_until(row: Instrument, day: date | None, *, actor: Actor) -> None:
    """Open the questionnaire by its link to the end of `day`, or close it (None). Raises `Refused` for strangers, and for a day that
    has passed or lies further off than `LONGEST_OPEN_DAYS`.
    """
    fresh = _at_work(row, actor)
    if day is not None and not 0 <= (day - clock.today()).days <= LONGEST_OPEN_DAYS:
        message = _("Choose a day from today on, at most 60 days ahead.")
        raise Refused(
            SHEET,
            [error(fresh.visit.plan, "monitoring.tools.min", "day_outside", message, "open_until")],
        )
    fresh.open_until = clock.end_of(day) if day else clock.now()
    fresh.save(update_fields=["open_until"])
    row.open_until = fresh.open_until


@transaction.atomic
def answer(
    row: Instrument,
    once: UUID,
    content: Mapping[str, Any],
    *,
    way: str,
    actor: Actor | None = None,
) -> Answer | None:
    """One beneficiary's answers ({question: 1..5 or words}). By the link without an `actor`, while it is open; by telephone or in an
    interview by whoever does the visit. The form `once` counts once. None, and nothing is kept, where the questionnaire is closed or
    full. Raises `Refused` for strangers.
    """
    fresh = locked(Instrument, row.pk) if actor is None else _at_work(row, actor)
    if found := Answer.objects.filter(once=once).first():
        return found if found.instrument_id == fresh.pk else None
    if actor is None and not is_open(fresh, clock.now()):
        return None
    if fresh.answers.count() >= MOST_ANSWERS:
        return None
    return Answer.objects.create(
        instrument=fresh, once=once, way=way, content=dict(content), given_at=clock.now()
    )


@transaction.atomic
def strike_out(row: Instrument, pk: int, why: str, *, actor: Actor) -> None:
    """An interview that was entered by mistake counts no more; it stays with the reason `why`. Raises `Refused` for strangers, once the
    tool is finished, and without a reason. Answers by the link stand, and one that is struck out stays so.
    """
    fresh = _at_work(row, actor)
    reason = why.replace("\0", "").strip()[:300]
    if not reason:
        message = _("State the reason.")
        raise Refused(
            SHEET, [error(fresh.visit.plan, "monitoring.tools.min", "no_reason", message, "why")]
        )
    entered = fresh.answers.exclude(way=Answer.Way.LINK).filter(pk=pk, struck_at=None)
    entered.update(struck_at=clock.now(), struck_why=reason)


# --- Mentions ----------------------------------------------------------------------------------------


@transaction.atomic
def mention(
    row: Instrument, once: UUID, values: Mapping[str, Any], file: StoredFile | None, *, actor: Actor
) -> Mention:
    """A mention of the project, with its link; the form `once` makes one, and a link counts once. Raises `Refused` for strangers and
    for a link that stands there.
    """
    fresh = _at_work(row, actor)
    if found := Mention.objects.filter(once=once, instrument=fresh).first():
        return found
    if fresh.mentions.filter(link=values["link"]).exists():
        message = _("This link stands in the list already: a mention counts once.")
        raise Refused(
            SHEET, [error(fresh.visit.plan, "monitoring.tools.min", "twice", message, "link")]
        )
    return Mention.objects.create(instrument=fresh, once=once, screenshot=file, **values)


@transaction.atomic
def drop_mention(row: Instrument, pk: int, *, actor: Actor) -> None:
    """Take a mention entered by mistake out of the sheet, which is not finished yet. Raises `Refused` for strangers."""
    _at_work(row, actor).mentions.filter(pk=pk).delete()

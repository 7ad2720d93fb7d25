"""Tables of the whole country, written by the worker while whoever collects them goes on."""

from __future__ import annotations

import itertools
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import replace
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ortaq.core import clock, work
from ortaq.core.models import Work
from ortaq.documents.spreadsheet import Sheet, Value, write_rows
from ortaq.people.actor import Actor, actor_of_work
from ortaq.people.policy import is_authorised_body, is_state_body
from ortaq.planning.models import Information

from . import annex9, consolidated, overseen
from .models import CorrectiveAction, StatutoryReport
from .policy.project import authorised
from .queries import collected, followup

# What a workbook may be asked in: both languages as two sheets, or one file for each (SO-X-22).
WORKBOOKS = {"kk-ru": ("kk", "ru"), "kk": ("kk",), "ru": ("ru",)}
Made = AbstractContextManager[list[Sheet]]


def is_long(rows: int) -> bool:
    """Whether a table of so many rows takes longer than a reader should wait."""
    return rows > settings.ORTAQ_ROWS_AT_ONCE


def ask(name: str, about: str, actor: Actor, **arguments: Any) -> Work:
    """Have the table of this kind written."""
    return work.ask(name, person=actor.user, behalf=actor.behalf, about=about, arguments=arguments)


class _Count:
    """Tells how far a table is: its rows are read first, then written once for each language."""

    def __init__(self, task: work.Task, languages: int) -> None:
        self.task, self.languages, self.read, self.written = task, languages, 0, 0

    def reading(self, rows: int) -> None:
        self.read += rows
        self.task.progress(self.read)

    def writing(self, rows: Iterable[Any]) -> Iterator[Any]:
        whole = self.read * (1 + self.languages)
        for row in rows:
            self.written += 1
            # Headings and totals are rows too, which nobody counted.
            self.task.progress(min(self.read + self.written, whole), whole)
            yield row


def _write(task: work.Task, made: Made, count: _Count, name: str) -> None:
    with made as sheets, tempfile.TemporaryFile() as file:
        write_rows(file, [replace(sheet, rows=count.writing(sheet.rows)) for sheet in sheets])
        task.hand_over(file, name)


# --- Annex 9 --------------------------------------------------------------------------------------


def annex_9(
    year: int,
    period: str,
    languages: str,
    *,
    accepted: bool,
    reading: consolidated.Reading = consolidated.silent,
) -> Made:
    """The consolidated annex 9 of a period."""
    return consolidated.annex_9(
        year,
        period,
        annex9.edition_at(year, period).key,
        cover=collected.cover(year, period, accepted=accepted),
        languages=WORKBOOKS[languages],
        accepted=accepted,
        reading=reading,
    )


@work.kind("collected_annex_9", gettext_lazy("Annex 9 of all state bodies"))
def write_annex_9(task: work.Task) -> None:
    """It changes nothing, and holds what counts when it is written."""
    if not authorised(actor_of_work(task.row)):
        raise StatutoryReport.DoesNotExist
    told = task.arguments
    year, period, languages = told["year"], told["period"], told["languages"]
    count = _Count(task, len(WORKBOOKS[languages]))
    made = annex_9(year, period, languages, accepted=told["accepted"], reading=count.reading)
    _write(task, made, count, f"annex-9-{year}-{period}-{languages}.xlsx")


# --- Annex 3 --------------------------------------------------------------------------------------


def annex_3(
    rows: QuerySet[Information],
    year: int,
    languages: str,
    *,
    reading: consolidated.Reading = consolidated.silent,
) -> Made | None:
    """The Informations received for a year; None where none came."""
    last = rows.select_related("formation").order_by("-pk").first()
    if last is None:
        return None
    return consolidated.annex_3(
        rows, year, last.formation.edition, WORKBOOKS[languages], reading=reading
    )


@work.kind("collected_annex_3", gettext_lazy("Annex 3 of all state bodies"))
def write_annex_3(task: work.Task) -> None:
    """It changes nothing, and holds what has come when it is written."""
    told = task.arguments
    year, issue, languages = told["year"], told["issue"], told["languages"]
    rows = collected.informations(actor_of_work(task.row), year, issue)
    count = _Count(task, len(WORKBOOKS[languages]))
    made = annex_3(rows, year, languages, reading=count.reading)
    if made is None:
        raise Information.DoesNotExist
    _write(task, made, count, f"annex-3-{year}-{issue}-{languages}.xlsx")


# --- Corrective actions ---------------------------------------------------------------------------


def actions(rows: QuerySet[CorrectiveAction]) -> Sheet:
    """Corrective actions as a worksheet in the reader's language."""
    head = [
        _("Project"), _("Contract number"), _("Who carries it out"), _("Year"), _("Visit"),
        _("What was seen"), _("What is to be done"), _("Who does it"), _("Person in charge"),
        _("Done by"), _("State"), _("What was done"), _("Remark"),
    ]  # fmt: skip
    return Sheet(_("Corrective actions"), head, _cells(rows.order_by("due_on", "id")), (40, 14, 40, 8, 8, 50, 50, 20, 30, 12, 20, 40, 40))  # fmt: skip


def _cells(rows: QuerySet[CorrectiveAction]) -> Iterator[list[Value]]:
    for one in rows.iterator(chunk_size=1000):
        visit = one.observation.visit
        contract = visit.plan.project.contract
        yield [
            str(contract.title),
            contract.number,
            str(contract.grantee.name),
            visit.plan.year,
            visit.number,
            one.observation.text,
            one.what,
            str(one.get_owner_display()),
            one.person,
            one.due_on,
            str(one.get_state_display()),
            one.answer,
            one.remark,
        ]


def asked_of_actions(asked: Mapping[str, Any]) -> dict[str, str]:
    """What a list of corrective actions was narrowed by, for the work."""
    return {name: str(asked.get(name, ""))[:200] for name in ("q", "show")}


@work.kind("corrective_actions", gettext_lazy("Table of corrective actions"))
def write_actions(task: work.Task) -> None:
    """It changes nothing, and shows what its asker may see when it is written."""
    actor = actor_of_work(task.row)
    if not (is_state_body | is_authorised_body)(actor):
        raise CorrectiveAction.DoesNotExist
    rows = followup.actions_of_body(actor, task.arguments, clock.today())
    _hand_over(task, [actions(rows)], rows.count(), "corrective-actions.xlsx")


# --- Overseers ------------------------------------------------------------------------------------


@work.kind("overseers", gettext_lazy("Oversight over overseers"))
def write_overseers(task: work.Task) -> None:
    """It changes nothing, and holds what counts when it is written."""
    if not authorised(actor_of_work(task.row)):
        raise PermissionDenied
    _hand_over(task, overseen.sheets(), overseen.rows(), "overseers.xlsx")


# --- Both -----------------------------------------------------------------------------------------


def _hand_over(task: work.Task, sheets: Iterable[Sheet], total: int, name: str) -> None:
    """Write a workbook of so many rows, telling how far it is."""
    numbers = itertools.count()

    def counted(cells: Iterable[Any]) -> Iterator[Any]:
        for row in cells:
            task.progress(min(next(numbers), total), total)
            yield row

    with tempfile.TemporaryFile() as file:
        write_rows(file, (replace(sheet, rows=counted(sheet.rows)) for sheet in sheets))
        task.hand_over(file, name)

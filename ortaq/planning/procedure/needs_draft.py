"""An assessment while it is drafted: head, answers, sources, conclusions, values, worksheets.

Two officers fill it together: each row has its version and `Changed` says what a colleague saved
meanwhile. Every function asks the policy, answers `Refused` once the assessment is approved, and
writes its chain of the journal.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Max, Model

from ortaq.core import clock, journal
from ortaq.core.canonical import sha256
from ortaq.core.procedure import Refused, moved_on
from ortaq.law import needs
from ortaq.people.actor import Actor
from ortaq.planning.models import Assessment, Baseline, Canvas, Card, Conclusion, Source
from ortaq.planning.policy import assesses, works_for

from .changed import Changed
from .needs import ACT, APPROVE, ASSESSMENT, edition_on

Listed = TypeVar("Listed", bound=Source | Conclusion | Baseline | Card)


@transaction.atomic
def begin(assessment: Assessment, *, actor: Actor) -> Assessment:
    """A new assessment, under the edition in force on the day it began."""
    if not works_for(actor, assessment.body_id):
        raise PermissionDenied
    _pin(assessment)
    return ASSESSMENT.begin(assessment, actor=actor, edition=f"{ACT}/{assessment.edition}")


@transaction.atomic
def edit(assessment: Assessment, *, actor: Actor, version: int) -> None:
    """Save the head of a draft."""
    stored = _draft(assessment.pk, actor)
    if stored.version != version:
        raise Changed(stored)
    if assessment.body_id != stored.body_id:
        raise PermissionDenied
    _pin(assessment)
    # What belongs to other forms stays as it is stored.
    assessment.answers, assessment.version = stored.answers, stored.version + 1
    assessment.save()
    # A value repeats one of the baseline that is named now, or none.
    repeated = assessment.baselines.exclude(earlier=None)
    repeated.exclude(earlier__assessment=assessment.baseline_of).update(earlier=None)
    _write(stored, "edit", actor)


def _pin(assessment: Assessment) -> None:
    assessment.act, assessment.edition = ACT, edition_on(assessment.begun_on).key


@transaction.atomic
def answer(
    assessment: Assessment, given: Mapping[str, tuple[str, str, int]], *, actor: Actor
) -> list[str]:
    """Save answers: by question its Kazakh and Russian text and the version that the page showed.

    Answers that a colleague changed meanwhile are left as they are and named in the result.
    """
    stored = _draft(assessment.pk, actor)
    answers, kept, written = dict(stored.answers), [], []
    for key in needs.questions():
        if key not in given:
            continue
        *texts, seen = given[key]
        now = answers.get(key, {})
        if texts == [now.get("kk", ""), now.get("ru", "")]:
            continue
        version = now.get("version", 0)
        if version != seen:
            kept.append(key)
            continue
        answers[key] = {"kk": texts[0], "ru": texts[1], "version": version + 1}
        written.append(key)
    if written:
        stored.answers = answers
        stored.save(update_fields=["answers"])
        _write(stored, "answer", actor, questions=written)
    return kept


# --- Sources, conclusions, values ----------------------------------------------------------------


@transaction.atomic
def write_source(source: Source, *, actor: Actor, version: int = 0) -> Source:
    """Save a source, a new one as the last."""
    return _save(source, actor, version)


@transaction.atomic
def write_conclusion(
    conclusion: Conclusion, sources: Sequence[Source], *, actor: Actor, version: int = 0
) -> Conclusion:
    """Save a conclusion and what it rests on."""
    _save(conclusion, actor, version)
    of_it = [one for one in sources if one.assessment_id == conclusion.assessment_id]
    conclusion.sources.set(of_it)
    return conclusion


@transaction.atomic
def write_baseline(baseline: Baseline, *, actor: Actor, version: int = 0) -> Baseline:
    """Save a measured value. One that repeats an earlier value has its unit: they are compared."""
    earlier = baseline.earlier
    if earlier is not None:
        baseline.unit = earlier.unit
        if earlier.assessment_id != baseline.assessment.baseline_of_id:
            raise PermissionDenied
    return _save(baseline, actor, version)


@transaction.atomic
def remove(row: Source | Conclusion | Baseline, *, actor: Actor, version: int) -> None:
    """Take a row out of a draft; `Changed` when a colleague saved it after it was shown."""
    assessment = _draft(row.assessment_id, actor)
    stored = _present(row)
    if stored.version != version:
        raise Changed(stored)
    kind, key = row._meta.model_name, row.pk
    stored.delete()
    _write(assessment, "remove", actor, what=kind, row=key)


def _save(row: Listed, actor: Actor, version: int) -> Listed:
    """Save a row of an assessment, a new one behind the others."""
    assessment = _draft(_assessment_of(row), actor)
    new = row.pk is None
    if new:
        row.position = _last(row) + 1
    else:
        stored = _present(row)
        if stored.version != version:
            raise Changed(stored)
        row.position, row.version = stored.position, stored.version + 1
    row.save()
    _write(
        assessment,
        "add" if new else "write",
        actor,
        what=row._meta.model_name,
        row=row.pk,
        content=sha256(_said(row)),
    )
    return row


def _assessment_of(row: Source | Conclusion | Baseline | Card) -> int:
    return row.canvas.assessment_id if isinstance(row, Card) else row.assessment_id


def _last(row: Source | Conclusion | Baseline | Card) -> int:
    """The highest position among the row's neighbours."""
    if isinstance(row, Card):
        neighbours: Any = Card.objects.filter(canvas=row.canvas_id, cell=row.cell)
    else:
        neighbours = type(row)._default_manager.filter(assessment=row.assessment_id)
    return neighbours.aggregate(Max("position"))["position__max"] or 0


def _present(row: Listed) -> Listed:
    rows: Any = type(row)._default_manager
    stored: Listed | None = rows.filter(pk=row.pk).first()
    if stored is None:
        raise Changed(None)
    return stored


def _said(row: Model) -> dict[str, str]:
    """The columns of a row as text, for its hash."""
    return {field.attname: str(getattr(row, field.attname)) for field in row._meta.concrete_fields}


# --- Worksheets ----------------------------------------------------------------------------------


@transaction.atomic
def begin_canvas(canvas: Canvas, *, actor: Actor) -> Canvas:
    """A new worksheet of a draft."""
    assessment = _draft(canvas.assessment_id, actor)
    canvas.created_at = clock.now()
    canvas.save()
    _write(assessment, "add", actor, what="canvas", row=canvas.pk)
    return canvas


@transaction.atomic
def write_canvas(canvas: Canvas, *, actor: Actor, version: int) -> None:
    """Save title and context of a worksheet; its kind stays: the cards stand in its cells."""
    assessment = _draft(canvas.assessment_id, actor)
    stored = Canvas.objects.filter(pk=canvas.pk).first()
    if stored is None or stored.version != version:
        raise Changed(stored)
    canvas.kind, canvas.version = stored.kind, stored.version + 1
    canvas.save()
    _write(assessment, "write", actor, what="canvas", row=canvas.pk)


@transaction.atomic
def remove_canvas(canvas: Canvas, *, actor: Actor) -> None:
    """Take a worksheet with its cards out of a draft."""
    assessment, key = _draft(canvas.assessment_id, actor), canvas.pk
    canvas.delete()
    _write(assessment, "remove", actor, what="canvas", row=key)


@transaction.atomic
def add_card(canvas: Canvas, cell: str, text: str, *, actor: Actor) -> Card:
    """A thought more in a cell; `ValueError` for a cell that the worksheet does not have."""
    _in_worksheet(canvas, cell)
    return _save(Card(canvas=canvas, cell=cell, text=text, author=actor.user), actor, 0)


@transaction.atomic
def write_card(card: Card, *, actor: Actor, version: int) -> Card:
    """Save another wording of a card, or move it to another cell."""
    _in_worksheet(card.canvas, card.cell)
    return _save(card, actor, version)


@transaction.atomic
def remove_card(card: Card, *, actor: Actor, version: int) -> None:
    """Take a card away; `Changed` when a colleague saved it after it was shown."""
    assessment, key = _draft(card.canvas.assessment_id, actor), card.pk
    stored = _present(card)
    if stored.version != version:
        raise Changed(stored)
    stored.delete()
    _write(assessment, "remove", actor, what="card", row=key)


def _in_worksheet(canvas: Canvas, cell: str) -> None:
    if not needs.worksheets()[canvas.kind].has(cell):
        raise ValueError(f"{canvas.kind} has no cell {cell!r}")


def _draft(pk: int, actor: Actor) -> Assessment:
    """The row, locked, while the actor may still change it."""
    row = ASSESSMENT.lock(pk)
    if not assesses(actor, row):
        raise PermissionDenied
    if row.state != Assessment.State.DRAFT:
        raise Refused(APPROVE, [moved_on(APPROVE, row, "state")])
    return row


def _write(assessment: Assessment, step: str, actor: Actor, **facts: Any) -> None:
    journal.append(assessment, step, actor=actor.key, behalf=actor.behalf, facts=facts)

"""While an application is a draft: several people of the NGO write it together.

Nothing here changes a state. What two people type at once is merged field by field; what cannot be merged is kept as a
conflict until somebody chooses.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from ortaq.core import clock, files, journal
from ortaq.core.procedure import Attempt, Refused, Step, locked, moved_on
from ortaq.documents.writing import paths
from ortaq.documents.writing.merge import Edit, Merged, RowStep, merge, take_step
from ortaq.law.findings import Finding, Severity, stops
from ortaq.people.actor import Actor
from ortaq.people.models import Organisation
from ortaq.prizes.content import prefilled
from ortaq.prizes.content.parts import PROJECTS
from ortaq.prizes.models import (
    Application,
    ApplicationChange,
    ApplicationConflict,
    Attachment,
    Direction,
    Round,
)
from ortaq.prizes.policy import application as policy

from .application import APPLICATION
from .application_submission import acceptance_open, nominee, only_one_direction

State = Application.State
# Saves that are kept to merge pages opened earlier; older ones make every difference a conflict.
KEPT = 100
MOST_FILES = 40
# No steps of the procedure, since they change no state: they name what is refused.
EDIT = Step("edit", "", State.DRAFT, None, by=policy.may_edit)
BEGIN = Step("begin", "", State.DRAFT, None, by=policy.may_begin)


@transaction.atomic
def begin(
    direction: Direction,
    organisation: Organisation,
    *,
    actor: Actor,
    language: str = "kk",
    once: UUID | None = None,
    source: Application | None = None,
) -> Application:
    """A new draft in a direction, annex 2 filled from what Ortaq knows (PR-020), or a copy of `source`, an earlier application.

    Sent twice it is one draft. `PermissionDenied` for whoever does not write for the organisation or after acceptance; `Refused`
    with the clause for an organisation that may not be nominated (PR-003, 006) or is nominated already (PR-005).
    """
    found = locked(Round, direction.round_id)
    acting = actor if actor.acting_for == organisation else actor.instead(organisation)
    mine = Application.objects.filter(round=found, organisation=organisation)
    if there := mine.filter(once=once).first() if once else None:
        return there
    if not policy.may_begin(acting, found):
        raise PermissionDenied
    if bars := stops(nominee(organisation, found, clock.now())):
        raise Refused(BEGIN, bars)
    if draft := mine.filter(state=State.DRAFT).first():
        raise Refused(BEGIN, [moved_on(BEGIN, draft, "state")])
    application = Application(
        round=found,
        direction=direction,
        organisation=organisation,
        language=language,
        created_by=actor.user,
        created_at=clock.now(),
    )
    if once is not None:
        application.once = once
    if other := list(only_one_direction(application, Attempt(actor, clock.now()))):
        raise Refused(BEGIN, other)
    if source is not None:
        if source.organisation_id != organisation.pk:
            raise PermissionDenied
        application.content = source.content
    else:
        application.content = {"questionnaire": prefilled.questionnaire(organisation, language)}
    APPLICATION.begin(
        application,
        actor=acting,
        direction=direction.field,
        source=source.number if source else "",
    )
    if source is not None:
        for one in source.attachments.filter(removed_at=None):
            Attachment.objects.create(
                application=application,
                kind=one.kind,
                row=one.row,
                original=one.original,
                file=one.file,
            )
    return application


# --- Writing ---------------------------------------------------------------------------------------


def open_draft(pk: int, actor: Actor) -> Application:
    """The draft, locked for this transaction. `PermissionDenied` for whoever does not write for the NGO; `Refused` once it is
    submitted or acceptance has ended: what was typed comes back.
    """
    application = APPLICATION.lock(pk)
    if not policy.is_writer(actor, application):
        raise PermissionDenied
    if not policy.is_draft(actor, application):
        raise Refused(EDIT, [moved_on(EDIT, application, "state")])
    if late := list(acceptance_open(application, Attempt(actor, clock.now()))):
        raise Refused(EDIT, late)
    return application


@transaction.atomic
def save(
    application: Application,
    edits: Sequence[Edit],
    *,
    actor: Actor,
    step: RowStep | None = None,
) -> Merged:
    """Merge edits into the draft; conflicts are kept for the actor to settle.

    `edits` come from `documents.writing.reading`, which has left out what is over its limit. `step` is taken afterwards; a row
    that somebody else changed since is not removed.
    """
    row, person = open_draft(application.pk, actor), _person(actor)
    oldest = min((edit.version for edit in edits), default=row.version)
    since = min(oldest, step.version) if step else oldest
    changes = list(row.changes.filter(version__gt=since).order_by("version"))
    merged = merge(
        paths.flatten(row.content),
        changes,
        edits,
        person=person,
        known_from=row.version - KEPT,
    )
    if step is not None:
        take_step(step, merged, [one for one in changes if one.person_id != person])
    _store(row, merged, actor)
    if merged.conflicts:
        _keep_conflict(row, merged.conflicts, oldest, person)
    application.content, application.version = row.content, row.version
    return merged


def _store(row: Application, merged: Merged, actor: Actor) -> None:
    if not merged.before:
        return
    row.content, row.version = paths.nest(merged.flat), row.version + 1
    row.save(update_fields=["content", "version"])
    ApplicationChange.objects.create(
        application=row,
        version=row.version,
        before=merged.before,
        person_id=_person(actor),
        made_at=clock.now(),
    )
    row.changes.filter(version__lte=row.version - KEPT).delete()


def _keep_conflict(row: Application, typed: dict[str, Any], version: int, person: int) -> None:
    conflict, made = ApplicationConflict.objects.get_or_create(
        application=row,
        person_id=person,
        settled_at=None,
        defaults={
            "base_version": version,
            "data": dict(typed),
            "made_at": clock.now(),
        },
    )
    if not made:
        conflict.data = {**conflict.data, **typed}
        conflict.save(update_fields=["data"])


@transaction.atomic
def settle(conflict: ApplicationConflict, mine: Sequence[str], *, actor: Actor) -> None:
    """End a conflict: of `mine` the typed values are taken, of all other paths what stands in the draft."""
    row = open_draft(conflict.application_id, actor)
    if conflict.settled_at is not None or conflict.person_id != _person(actor):
        return
    merged = Merged(paths.flatten(row.content))
    for path in mine:
        if path in conflict.data:
            merged.write(path, conflict.data[path])
    _store(row, merged, actor)
    conflict.settled_at = clock.now()
    conflict.save(update_fields=["settled_at"])


@transaction.atomic
def take_over(application: Application, project: int, *, actor: Actor) -> Merged:
    """Put a project that Ortaq holds into the table of annex 3 (PR-025); taken twice it is one row.

    `Refused` for a project that is not offered.
    """
    offered = {one.project.pk: one for one in prefilled.projects(application)}
    if (one := offered.get(project)) is None:
        finding = Finding(
            "not_offered",
            Severity.ERROR,
            _("This project is not offered any more: write it into the table yourself."),
        )
        raise Refused(EDIT, [finding])
    unit = f"{PROJECTS}/{one.row}"
    cells = {f"{unit}/{key}": value for key, value in one.cells.items()}
    return save(application, [Edit(unit, application.version, cells)], actor=actor)


def _person(actor: Actor) -> int:
    if actor.user is None:
        raise PermissionDenied
    return int(actor.user.pk)


# --- Direction and language ------------------------------------------------------------------------


@transaction.atomic
def direct(application: Application, direction: Direction, language: str, *, actor: Actor) -> None:
    """Choose the direction and the language of a draft; the later of two choices stands."""
    row = open_draft(application.pk, actor)
    if direction.round_id != row.round_id:
        raise ValueError("a direction of another round")
    row.direction, row.language = direction, language
    row.save(update_fields=["direction", "language"])
    journal.append(
        row,
        "direct",
        actor=actor.key,
        behalf=actor.behalf,
        facts={"direction": direction.field, "language": language},
    )
    application.refresh_from_db()


# --- Files -------------------------------------------------------------------------------------------


def attach(
    application: Application,
    upload: Any,
    *,
    actor: Actor,
    kind: str,
    row: str = "",
    original: bool = False,
) -> Attachment:
    """Add a file; one that is there already, since its answer was lost and it was sent again, stands once.

    The content is checked and written before the draft is locked, so that a slow disk keeps nobody else waiting; who may not write
    it fills no disk. Raises `ValidationError` with a sentence for a file that cannot be taken.
    """
    content, found = files.read(upload, allowed=files.DOCUMENTS)
    if not policy.is_writer(actor, application):
        raise PermissionDenied
    digest = files.lay(content)
    with transaction.atomic():
        open_draft(application.pk, actor)
        attached = application.attachments.filter(removed_at=None)
        if there := attached.filter(
            kind=kind, row=row, original=original, file__sha256=digest
        ).first():
            return there
        if application.attachments.filter(removed_at=None).count() >= MOST_FILES:
            raise ValidationError(
                _("An application takes up to %(limit)s files. Join some of them."),
                code="many",
                params={"limit": MOST_FILES},
            )
        stored = files.keep(content, found, name=upload.name, person=actor.user)
        attachment = Attachment.objects.create(
            application=application,
            kind=kind,
            row=row,
            original=original,
            file=stored,
        )
        _note(application, "attached", attachment, actor)
        return attachment


@transaction.atomic
def detach(attachment: Attachment, *, actor: Actor) -> None:
    """Take a file out of the draft; the file itself stays where it is kept."""
    open_draft(attachment.application_id, actor)
    attachment.removed_at = clock.now()
    attachment.save(update_fields=["removed_at"])
    _note(attachment.application, "removed", attachment, actor)


def _note(application: Application, step: str, one: Attachment, actor: Actor) -> None:
    facts = {"kind": str(one.kind), "sha256": one.file.sha256, "size": one.file.size}
    journal.append(application, step, actor=actor.key, behalf=actor.behalf, facts=facts)

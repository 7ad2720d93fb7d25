"""While an application is a draft: several people of the NGO write it together.

Nothing here changes a state. What two people type at once is merged field by field
(`content.merge`); what cannot be merged is kept as a conflict until somebody chooses.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import prefetch_related_objects
from django.utils.translation import gettext_lazy as _

from ortaq.core import clock, duties, files, journal
from ortaq.core.procedure import Attempt, Refused, Step, moved_on
from ortaq.documents.writing import paths
from ortaq.documents.writing.merge import Edit, Merged, RowStep, merge, take_step
from ortaq.grants.content.parts import CAPACITY, QUESTIONNAIRE, written_parts
from ortaq.grants.models import (
    Application,
    ApplicationPart,
    Attachment,
    Lot,
    PartChange,
    PartConflict,
)
from ortaq.grants.policy import application as policy
from ortaq.people.actor import Actor
from ortaq.people.models import Organisation

from .application import APPLICATION, owed
from .application_submission import deadline_open

# Saves that are kept to merge pages opened earlier; older ones make every difference a conflict.
KEPT = 400
# Not a step of the procedure, since it changes no state: it names what is refused.
EDIT = Step("edit", _("Change the draft"), "draft", None, by=policy.may_edit)


@transaction.atomic
def begin(
    lot: Lot,
    organisation: Organisation,
    *,
    actor: Actor,
    language: str = "kk",
    title: str = "",
    source: Application | None = None,
) -> Application:
    """A new draft for a lot: the questionnaire filled from what is known of the NGO, or all that
    stands in `source`, an earlier application of the same NGO.

    `PermissionDenied` for whoever does not write for the NGO, and after acceptance has ended.
    """
    acting = actor if actor.acting_for == organisation else actor.instead(organisation)
    if not policy.may_begin(acting, lot.competition):
        raise PermissionDenied
    application = Application(
        competition=lot.competition,
        lot=lot,
        organisation=organisation,
        language=language,
        title=title or (source.title if source else ""),
        created_by=actor.user,
        created_at=clock.now(),
    )
    facts = {"lot": lot.pk, "source": source.number or str(source.pk) if source else ""}
    APPLICATION.begin(application, actor=acting, **facts)
    prefetch_related_objects([lot.topic], "amounts")
    for part in written_parts(application):
        row = ApplicationPart(application=application, form=part.form_id, year=part.year)
        if part.key == QUESTIONNAIRE and source is None:
            row.data = _known_of(application)
        row.save()
    if source is not None:
        copy(source, application, actor=acting)
    return application


def _known_of(application: Application) -> dict[str, Any]:
    """The questionnaire with what the site knows of the NGO already."""
    ngo = application.organisation
    known = {
        "registered_name": ngo.name_ru if application.language == "ru" else ngo.name_kk,
        "registered_on": ngo.registered_on.isoformat() if ngo.registered_on else None,
        "bin": ngo.bin,
        "actual_address": ngo.address,
    }
    return {"questionnaire": {key: value for key, value in known.items() if value}}


# --- Writing ---------------------------------------------------------------------------------------


def open_part(part: ApplicationPart, actor: Actor) -> ApplicationPart:
    """The part, once its draft is locked; see `open_draft`."""
    open_draft(part.application_id, actor)
    return ApplicationPart.objects.get(pk=part.pk)


def open_draft(pk: int, actor: Actor) -> Application:
    """The draft, locked for this transaction. `PermissionDenied` for whoever does not write for
    the NGO; `Refused` once it is submitted or acceptance has ended: what was typed comes back.
    """
    application = APPLICATION.lock(pk)
    if not policy.is_writer(actor, application):
        raise PermissionDenied
    if not policy.is_draft(actor, application):
        raise Refused(EDIT, [moved_on(EDIT, application, "state")])
    if not policy.acceptance_runs(actor, application):
        raise Refused(EDIT, list(deadline_open(application, Attempt(actor, clock.now()))))
    return application


@transaction.atomic
def save(
    part: ApplicationPart, edits: Sequence[Edit], *, actor: Actor, step: RowStep | None = None
) -> Merged:
    """Merge edits into a part and save it; conflicts are kept for the actor to settle.

    `edits` come from `content.reading`, which has left out what is over its limit. `step` is taken
    afterwards; a row that somebody else changed after its `version` is not removed.
    """
    row = open_part(part, actor)
    oldest = min((edit.version for edit in edits), default=row.version)
    since = min(oldest, step.version) if step else oldest
    changes = list(row.changes.filter(version__gt=since).order_by("version"))
    merged = merge(
        paths.flatten(row.data),
        changes,
        edits,
        person=_person(actor),
        known_from=row.version - KEPT,
    )
    if step is not None:
        take_step(step, merged, [one for one in changes if one.person_id != _person(actor)])
    _store(row, merged, actor)
    if merged.conflicts:
        _keep_conflict(row, merged.conflicts, oldest, actor)
    for name in ("data", "version", "edited_by", "edited_at"):
        setattr(part, name, getattr(row, name))
    return merged


def _store(row: ApplicationPart, merged: Merged, actor: Actor) -> None:
    if not merged.before:
        return
    now = clock.now()
    row.data, row.version = paths.nest(merged.flat), row.version + 1
    row.edited_by, row.edited_at = actor.user, now
    row.save()
    PartChange.objects.create(
        part=row, version=row.version, before=merged.before, person_id=_person(actor), made_at=now
    )
    row.changes.filter(version__lte=row.version - KEPT).delete()


def _keep_conflict(
    row: ApplicationPart, typed: Mapping[str, Any], version: int, actor: Actor
) -> PartConflict:
    conflict, made = PartConflict.objects.get_or_create(
        part=row,
        person_id=_person(actor),
        settled_at=None,
        defaults={"base_version": version, "data": dict(typed), "made_at": clock.now()},
    )
    if not made:
        conflict.data = {**conflict.data, **typed}
        conflict.save(update_fields=["data"])
    return conflict


@transaction.atomic
def settle(conflict: PartConflict, mine: Sequence[str], *, actor: Actor) -> None:
    """End a conflict: of `mine` the typed values are taken, of all other paths what stands in the
    part. `PermissionDenied` for whoever does not write the application.
    """
    row = open_part(conflict.part, actor)
    if conflict.settled_at is not None:
        return
    merged = Merged(paths.flatten(row.data))
    for path in mine:
        if path in conflict.data:
            merged.write(path, conflict.data[path])
    _store(row, merged, actor)
    conflict.settled_at = clock.now()
    conflict.save(update_fields=["settled_at"])


def _person(actor: Actor) -> int:
    if actor.user is None:
        raise PermissionDenied
    return int(actor.user.pk)


# --- Name, term, language --------------------------------------------------------------------------


@transaction.atomic
def describe(
    application: Application,
    *,
    actor: Actor,
    title: str,
    language: str,
    starts_on: date | None,
    ends_on: date | None,
) -> None:
    """Name, term and language of the project. The later of two saves stands."""
    open_draft(application.pk, actor)
    application.title, application.language = title, language
    application.starts_on, application.ends_on = starts_on, ends_on
    application.save(update_fields=["title", "language", "starts_on", "ends_on", "search"])
    duties.keep(application, owed(application))  # the duty names the application


# --- Copying -----------------------------------------------------------------------------------------


@transaction.atomic
def copy(
    source: Application, target: Application, *, actor: Actor, keys: Sequence[str] = ()
) -> list[str]:
    """Copy what stands in an earlier application of the same NGO into empty parts of a draft; the
    titles of the parts copied. `keys` names the parts (all by default); years go in their order.

    `PermissionDenied` for another NGO's application.
    """
    open_draft(target.pk, actor)
    if source.organisation_id != target.organisation_id:
        raise PermissionDenied
    copied = []
    rows = {(row.form, row.year): row for row in source.parts.all()}
    years: dict[str, list[ApplicationPart]] = {}
    for row in sorted(rows.values(), key=lambda row: (row.form, row.year)):
        years.setdefault(row.form, []).append(row)
    for part in written_parts(target):
        if keys and part.key not in keys:
            continue
        found = rows.get((part.form_id, part.year)) or next(iter(years.get(part.form_id, ())), None)
        mine = ApplicationPart.objects.get(application=target, form=part.form_id, year=part.year)
        if found is None or (mine.version and paths.flatten(mine.data)):
            continue
        merged = Merged(paths.flatten(mine.data))
        for path, value in paths.flatten(found.data).items():
            merged.before[path] = merged.flat.get(path)
            merged.flat[path] = value
        _store(mine, merged, actor)
        copied.append(part.key)
    if copied:
        journal.append(
            target,
            "copied",
            actor=actor.key,
            behalf=actor.behalf,
            facts={"source": source.number or str(source.pk), "parts": copied},
        )
    return copied


PROFILE = (QUESTIONNAIRE, CAPACITY)


# --- Files -------------------------------------------------------------------------------------------


def attach(
    application: Application,
    upload: Any,
    *,
    actor: Actor,
    kind: str,
    about: str = "",
    row: str = "",
) -> Attachment:
    """Add a file; one that is attached there already, since its answer was lost and it was sent again, stands once.

    The content is checked and written before the draft is locked, so that a slow disk keeps nobody else waiting; who may not write
    it fills no disk. Raises `ValidationError` with a sentence for a file that cannot be taken.
    """
    kinds = files.SCANS if kind == Attachment.Kind.SIGNED else files.DOCUMENTS
    content, found = files.read(upload, allowed=kinds)
    if not policy.is_writer(actor, application):
        raise PermissionDenied
    digest = files.lay(content)
    with transaction.atomic():
        open_draft(application.pk, actor)
        there: Attachment | None = Attachment.objects.filter(
            application=application,
            kind=kind,
            about=about[:200],
            row=row,
            removed_at=None,
            file__sha256=digest,
        ).first()
        if there is not None:
            return there
        stored = files.keep(content, found, name=upload.name, person=actor.user)
        attachment = Attachment(
            application=application, kind=kind, about=about[:200], row=row, file=stored
        )
        attachment.save()
        journal.append(
            application,
            "attached",
            actor=actor.key,
            behalf=actor.behalf,
            facts={"kind": kind, "sha256": stored.sha256, "size": stored.size},
        )
        return attachment


@transaction.atomic
def detach(attachment: Attachment, *, actor: Actor) -> None:
    """Take a file out of the draft; the file itself stays where it is kept."""
    open_draft(attachment.application_id, actor)
    attachment.removed_at = clock.now()
    attachment.save(update_fields=["removed_at"])
    journal.append(
        attachment.application,
        "removed",
        actor=actor.key,
        behalf=actor.behalf,
        facts={"kind": attachment.kind, "sha256": attachment.file.sha256},
    )

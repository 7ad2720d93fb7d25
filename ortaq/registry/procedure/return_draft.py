"""While a return is written: by several people of the NGO, or by the officer who has its paper.

Nothing here changes a state. What two people type at once is merged field by field; what cannot be merged is kept as a
conflict until somebody chooses.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from ortaq.core import clock, files, journal
from ortaq.core.procedure import Refused, Step, moved_on
from ortaq.documents.writing import paths
from ortaq.documents.writing.draft import Draft
from ortaq.documents.writing.merge import Edit, Merged, RowStep
from ortaq.people.actor import Actor
from ortaq.registry.content import known
from ortaq.registry.content.parts import paper_rows
from ortaq.registry.models import AnnualReturn, ReturnDraft, ReturnPaper
from ortaq.registry.policy import annual_return as policy

from .annual_return import ANNUAL_RETURN, start

MOST_PAPERS = 40
# No step of the procedure, since it changes no state: it names what is refused.
EDIT = Step("edit", "", policy.WRITTEN, None, by=policy.may_write)


def open_draft(pk: int, actor: Actor) -> tuple[AnnualReturn, ReturnDraft]:
    """The return, locked for this transaction, and its draft, begun with what is known where there is none. `PermissionDenied`
    for strangers; `Refused` once it is sent: what was typed comes back.
    """
    row = ANNUAL_RETURN.lock(pk)
    if not (policy.is_writer(actor, row) or policy.checks_returns(actor, row)):
        raise PermissionDenied
    if not policy.may_write(actor, row):
        raise Refused(EDIT, [moved_on(EDIT, row, "state")])
    kept = ReturnDraft.objects.filter(annual_return=row).first()
    return row, kept or start(row)


@transaction.atomic
def ensure(annual_return: AnnualReturn, *, actor: Actor) -> None:
    """Begin the draft, unless somebody has."""
    open_draft(annual_return.pk, actor)


@transaction.atomic
def save(
    annual_return: AnnualReturn,
    edits: Sequence[Edit],
    *,
    actor: Actor,
    step: RowStep | None = None,
) -> tuple[Merged, Draft]:
    """Merge edits into the draft; conflicts are kept for the actor to settle (`documents.writing.draft`)."""
    _row, kept = open_draft(annual_return.pk, actor)
    draft = Draft.of(kept.content)
    merged = draft.write(edits, person=_person(actor), at=clock.now(), step=step)
    if merged.before or merged.conflicts:
        _put(kept, draft)
    return merged, draft


@transaction.atomic
def settle(annual_return: AnnualReturn, mine: Sequence[str], *, actor: Actor) -> None:
    """End the actor's conflict: of `mine` the typed values are taken, of all other paths what stands there."""
    _row, kept = open_draft(annual_return.pk, actor)
    draft = Draft.of(kept.content)
    if draft.settle(mine, person=_person(actor), at=clock.now()):
        _put(kept, draft)


@transaction.atomic
def take_over(annual_return: AnnualReturn, *, actor: Actor) -> int:
    """Put what other rooms hold of the year and the table does not name into it; how many rows (NG-011)."""
    row, kept = open_draft(annual_return.pk, actor)
    draft = Draft.of(kept.content)
    rows = draft.data.get("projects", [])
    there = {one["id"] for one in rows}
    numbers = {str(one.get("contract", "")).partition(",")[0].strip() for one in rows} - {""}
    new = [
        one.row
        for one in known.held(row.organisation_id, row.year)
        if one.row_id not in there and one.number not in numbers
    ]
    if new:
        merged = Merged(paths.flatten(draft.data))
        for one in new:
            for key, value in one.items():
                if key != "id":
                    merged.write(f"projects/{one['id']}/{key}", value)
        draft.record(paths.nest(merged.flat), merged.before, _person(actor), clock.now())
        _put(kept, draft)
    return len(new)


@transaction.atomic
def fill(annual_return: AnnualReturn, data: dict[str, Any], *, actor: Actor) -> Draft:
    """Put what was read from the form in Word into the draft: over what stands in the same places, in place of the rows of the same
    tables. What stood there before is in the history of the draft.
    """
    _row, kept = open_draft(annual_return.pk, actor)
    draft = Draft.of(kept.content)
    joined = {
        key: {**draft.data.get(key, {}), **value} if isinstance(value, dict) else value
        for key, value in data.items()
    }
    before, after = paths.flatten(draft.data), paths.flatten(draft.data | joined)
    if changed := {p: before.get(p) for p in {*before, *after} if before.get(p) != after.get(p)}:
        draft.record(paths.nest(after), changed, _person(actor), clock.now())
        _put(kept, draft)
    return draft


def _put(kept: ReturnDraft, draft: Draft) -> None:
    kept.content = draft.as_dict()
    kept.save(update_fields=["content"])


def _person(actor: Actor) -> int:
    if actor.user is None:
        raise PermissionDenied
    return int(actor.user.pk)


# --- Papers ------------------------------------------------------------------------------------------


@transaction.atomic
def attach(annual_return: AnnualReturn, upload: Any, *, actor: Actor, paper: str) -> ReturnPaper:
    """Add a paper of the checklist. `ValidationError` with a sentence for a file that cannot be taken."""
    row, _kept = open_draft(annual_return.pk, actor)
    if paper not in {one.key for one in paper_rows()}:
        raise ValidationError(_("Choose what the file is."), code="paper")
    if row.papers.filter(removed_at=None).count() >= MOST_PAPERS:
        raise ValidationError(
            _("A return takes up to %(limit)s files. Join some of them."),
            code="many",
            params={"limit": MOST_PAPERS},
        )
    kept = files.store(upload, name=upload.name, person=actor.user)
    made = ReturnPaper.objects.create(annual_return=row, paper=paper, file=kept)
    _note(row, "attached", made, actor)
    return made


@transaction.atomic
def detach(annual_return: AnnualReturn, pk: int, *, actor: Actor) -> None:
    """Take a paper out; what was sent with it keeps it."""
    row, _kept = open_draft(annual_return.pk, actor)
    found = row.papers.select_related("file").filter(pk=pk, removed_at=None).first()
    if found is not None:
        found.removed_at = clock.now()
        found.save(update_fields=["removed_at"])
        _note(row, "removed", found, actor)


def _note(row: AnnualReturn, step: str, paper: ReturnPaper, actor: Actor) -> None:
    facts = {"paper": paper.paper, "sha256": paper.file.sha256, "size": paper.file.size}
    journal.append(row, step, actor=actor.key, behalf=actor.behalf, facts=facts)

"""While a bid is a draft: several people of the NGO write it together, and it lies encrypted.

Nothing here changes a state. What two people type at once is merged field by field, as in an
application for a grant; what cannot be merged is kept as a conflict until somebody chooses.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils.translation import gettext as _

from ortaq.core import clock, files, journal
from ortaq.core.procedure import Attempt, Refused, Step, moved_on
from ortaq.documents.writing.merge import Edit, Merged, RowStep
from ortaq.law.findings import stops
from ortaq.people.actor import Actor
from ortaq.people.models import Organisation
from ortaq.tenders.content.draft import Draft, FileOfDraft
from ortaq.tenders.content.parts import edition_of
from ortaq.tenders.models import Bid, BidFile, Lot
from ortaq.tenders.policy import bid as policy

from . import bid_vault as vault
from .bid import BID, drop_content
from .bid_submission import bidder, deadline_open

State = Bid.State
MOST_FILES = 30
# What may be attached; the documentation may ask for more under "other".
SLOTS = ("charter", "consent", "experience", "other")
# No steps of the procedure, since they change no state: they name what is refused.
EDIT = Step("edit", "", State.DRAFT, None, by=policy.may_edit)
BEGIN = Step("begin", "", State.DRAFT, None, by=policy.may_begin)


@transaction.atomic
def begin(
    lot: Lot,
    organisation: Organisation,
    *,
    actor: Actor,
    language: str = "kk",
    source: Bid | None = None,
) -> Bid:
    """A new draft for a lot, empty or with all that stands in `source`, an earlier bid of the NGO.

    `PermissionDenied` for whoever does not write for the organisation, or after the deadline;
    `Refused` with the clause for an organisation that may not bid (SO-T-008), or that has a bid.
    """
    acting = actor if actor.acting_for == organisation else actor.instead(organisation)
    if not policy.may_begin(acting, lot):
        raise PermissionDenied
    now = clock.now()
    if bars := stops(bidder(organisation, edition_of(lot), now)):
        raise Refused(BEGIN, bars)
    mine = Bid.objects.filter(lot=lot, organisation=organisation)
    if there := mine.exclude(state=State.WITHDRAWN).first():
        raise Refused(BEGIN, [moved_on(BEGIN, there, "state")])
    bid = Bid(
        lot=lot,
        organisation=organisation,
        language=language,
        created_by=actor.user,
        created_at=now,
    )
    BID.begin(bid, actor=acting, lot=lot.pk, source=source.number if source else "")
    draft = Draft()
    if source is not None:
        if source.organisation_id != organisation.pk:
            raise PermissionDenied
        draft = _copied(source, bid)
    vault.put_draft(bid, draft)
    return bid


def _copied(source: Bid, target: Bid) -> Draft:
    """What stands in an earlier bid, its files copied under names of their own."""
    earlier = vault.draft_of(source)
    draft = Draft(earlier.data, version=1)
    if source.lot_id != target.lot_id:
        draft.data = {
            key: value for key, value in earlier.data.items() if key not in ("services", "price")
        }
    rows = {row.token: row for row in source.files.all()}
    for one in earlier.files:
        row = rows[one.token]
        content = vault.content_of(row, bytes.fromhex(one.key))
        token, key, digest = vault.keep(content)
        copy = FileOfDraft(token, one.slot, one.name, one.kind, one.size, digest, key.hex())
        _keep(target, copy)
        draft.files.append(copy)
    return draft


# --- Writing ---------------------------------------------------------------------------------------


def open_draft(pk: int, actor: Actor) -> tuple[Bid, Draft]:
    """The bid, locked for this transaction, and its draft. `PermissionDenied` for whoever does not
    write for the NGO; `Refused` once it is submitted or the deadline has passed.
    """
    bid = BID.lock(pk)
    if not policy.is_writer(actor, bid):
        raise PermissionDenied
    if not policy.is_draft(actor, bid):
        raise Refused(EDIT, [moved_on(EDIT, bid, "state")])
    if late := list(deadline_open(bid, Attempt(actor, clock.now()))):
        raise Refused(EDIT, late)
    return bid, vault.draft_of(bid)


def _put(bid: Bid, row: Bid, draft: Draft) -> None:
    """Save the draft into the locked row, and show it to whoever holds `bid`."""
    vault.put_draft(row, draft)
    bid.draft, bid.version = row.draft, row.version


@transaction.atomic
def save(
    bid: Bid, edits: Sequence[Edit], *, actor: Actor, step: RowStep | None = None
) -> tuple[Merged, Draft]:
    """Merge edits into the draft; conflicts are kept for the actor to settle.

    `edits` come from `documents.writing.reading`, which has left out what is over its limit.
    `step` is taken afterwards; a row that somebody else changed since is not removed.
    """
    row, draft = open_draft(bid.pk, actor)
    merged = draft.write(edits, person=_person(actor), at=clock.now(), step=step)
    if merged.before or merged.conflicts:
        _put(bid, row, draft)
    return merged, draft


@transaction.atomic
def settle(bid: Bid, mine: Sequence[str], *, actor: Actor) -> None:
    """End the actor's conflict: of `mine` the typed values are taken, of all other paths what
    stands in the draft.
    """
    row, draft = open_draft(bid.pk, actor)
    if draft.settle(mine, person=_person(actor), at=clock.now()):
        _put(bid, row, draft)


def _person(actor: Actor) -> int:
    if actor.user is None:
        raise PermissionDenied
    return int(actor.user.pk)


# --- Files -------------------------------------------------------------------------------------------


def attach(bid: Bid, upload: Any, *, actor: Actor, slot: str) -> FileOfDraft:
    """Add a file; its content is encrypted before it is kept. Raises `ValidationError` with a
    sentence for a file that cannot be taken.

    The content is checked, encrypted and written before the draft is locked, so that a slow file
    keeps nobody else waiting.
    """
    content, kind = files.read(upload)
    name = files.safe_name(upload.name, kind)
    if slot not in SLOTS:
        raise ValidationError(_("Choose what the file is."), code="slot")
    token, key, digest = vault.keep(content)
    try:
        return _added(
            bid, FileOfDraft(token, slot, name, kind, len(content), digest, key.hex()), actor
        )
    except BaseException:
        default_storage.delete(vault.path_of(token))
        raise


@transaction.atomic
def _added(bid: Bid, one: FileOfDraft, actor: Actor) -> FileOfDraft:
    row, draft = open_draft(bid.pk, actor)
    if there := next(
        (file for file in draft.files if (file.slot, file.sha256) == (one.slot, one.sha256)), None
    ):
        # The answer was lost and it was sent again: it stands once, and what was just written goes.
        drop_content([one.token])
        return there
    if len(draft.files) >= MOST_FILES:
        raise ValidationError(
            _("A bid takes up to %(limit)s files. Join some of them."),
            code="many",
            params={"limit": MOST_FILES},
        )
    _keep(row, one)
    draft.files.append(one)
    _put(bid, row, draft)
    _note(row, "attached", one, actor)
    return one


def _keep(bid: Bid, one: FileOfDraft) -> None:
    """The row of a file: what may be known of it before the opening."""
    BidFile.objects.create(
        bid=bid,
        slot=one.slot,
        token=one.token,
        size=one.size,
        sha256=one.sha256,
        uploaded_at=clock.now(),
    )


@transaction.atomic
def detach(bid: Bid, token: str, *, actor: Actor) -> FileOfDraft | None:
    """Take a file out of the draft and delete it; None when it is gone already."""
    row, draft = open_draft(bid.pk, actor)
    one = draft.file(token)
    if one is None:
        return None
    draft.files.remove(one)
    row.files.filter(token=token).delete()
    drop_content([token])
    _put(bid, row, draft)
    _note(row, "removed", one, actor)
    return one


def _note(bid: Bid, step: str, one: FileOfDraft, actor: Actor) -> None:
    facts = {"slot": one.slot, "sha256": one.sha256, "size": one.size}
    journal.append(bid, step, actor=actor.key, behalf=actor.behalf, facts=facts)

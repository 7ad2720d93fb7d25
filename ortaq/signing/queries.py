"""What is known of signatures, in a fixed number of queries."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import models

from ortaq.core.keys import person

from .models import Signature, Verdict
from .occasions import Occasion, Party


@dataclass(frozen=True, slots=True)
class Standing:
    """How a party stands: its valid signature on the present content (`signed`), else an older one
    whose content has changed since (`outdated`), else the last one refused or not checked (`refused`).
    """

    party: Party
    signed: Signature | None = None
    outdated: Signature | None = None
    refused: Signature | None = None


def signatures_of(subject: str, context: str = "") -> models.QuerySet[Signature]:
    """Every signature on a subject (its key), oldest first, with its manifest."""
    rows = Signature.objects.filter(manifest__subject=subject).select_related("manifest")
    if context:
        rows = rows.filter(manifest__context=context)
    return rows.order_by("received_at", "pk")


def valid_signatures_of(subject: str, context: str, data: bytes) -> models.QuerySet[Signature]:
    """The valid ones on exactly these bytes."""
    return signatures_of(subject, context).filter(
        verdict=Verdict.VALID, manifest__sha256=hashlib.sha256(data).hexdigest()
    )


def standing(
    occasion: Occasion,
    obj: Any,
    *,
    data: bytes | None = None,
    parties: Sequence[Party] | None = None,
) -> list[Standing]:
    """How each party of the object stands, in one query. `data`: the manifest, when already built; `parties`:
    those that are asked for, of all.
    """
    if parties is None:
        parties = occasion.parties(obj)
        data = occasion.manifest(obj, parties) if data is None else data
    digest = hashlib.sha256(occasion.manifest(obj) if data is None else data).hexdigest()
    # Pages say who, when and why not; the bytes of each attempt may be a megabyte.
    rows = list(signatures_of(occasion.subject(obj), occasion.key).defer("cms", "manifest__data"))
    return [_of(party, digest, [r for r in rows if r.party == party.key]) for party in parties]


def _of(party: Party, digest: str, rows: Sequence[Signature]) -> Standing:
    valid = [row for row in rows if row.is_valid and _is_theirs(row, party)]
    present = [row for row in valid if row.manifest.sha256 == digest]
    if present:
        return Standing(party, signed=present[0])
    refused = [r for r in rows if not r.is_valid and r.manifest.sha256 == digest]
    return Standing(
        party, outdated=valid[-1] if valid else None, refused=refused[-1] if refused else None
    )


def _is_theirs(row: Signature, party: Party) -> bool:
    """Whether the part is still taken by whom it was signed by: a chair may have been replaced since."""
    if party.bin and row.signer_bin != party.bin:
        return False
    if party.iin and row.signer_iin != party.iin:
        return False
    return not party.person or row.actor_id is None or party.person == person(row.actor_id)

"""The package of one object: what was signed, with every valid signature on it as it is now."""

from __future__ import annotations

from collections.abc import Sequence
from tempfile import SpooledTemporaryFile
from typing import Any, BinaryIO, cast

from django.conf import settings
from django.utils import translation

from ortaq.core import clock
from ortaq.law.text import LANGUAGES

from . import package
from .models import Signature
from .occasions import Occasion, Party
from .queries import valid_signatures_of
from .verify.report import without_personal

IN_MEMORY = 4 * 1024 * 1024


def pack(occasion: Occasion, obj: Any) -> BinaryIO | None:
    """The package (`package.write`), open at its beginning; None while nobody has validly signed the object as it
    is now. Certificates in it hold an IIN: it is for the parties and whoever may see all that they see.
    """
    parties = occasion.parties(obj)
    data = occasion.manifest(obj, parties)
    rows = list(valid_signatures_of(occasion.subject(obj), occasion.key, data))
    if not rows:
        return None
    what = occasion.what(obj)
    labels = _labels(parties)
    authority = settings.ORTAQ_SIGNING_AUTHORITY / "anchors"
    target = cast(BinaryIO, SpooledTemporaryFile(max_size=IN_MEMORY))  # noqa: SIM115
    package.write(
        target,
        signed=bytes(rows[0].manifest.data),
        content=what.content,
        files=[package.PackedFile(one.name, one.open) for one in what.files],
        signatures=[_packed(row, labels.get(row.party, {})) for row in rows],
        made_at=clock.now(),
        test_anchors=authority if settings.DEMO and authority.is_dir() else None,
    )
    target.seek(0)
    return target


def _labels(parties: Sequence[Party]) -> dict[str, dict[str, str]]:
    """What each party is called, by language."""
    found: dict[str, dict[str, str]] = {party.key: {} for party in parties}
    for language in LANGUAGES:
        with translation.override(language):
            for party in parties:
                found[party.key][language] = str(party.label)
    return found


def _packed(row: Signature, label: dict[str, str]) -> package.PackedSignature:
    report = without_personal(row.report)
    return package.PackedSignature(row.party, label, bytes(row.cms), row.received_at, report)

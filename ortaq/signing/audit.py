"""Whether what was signed is still what lies here: asked every night by `ortaq check`."""

from __future__ import annotations

import hashlib

from ortaq.core import audit
from ortaq.core.audit import Fault, Faults
from ortaq.core.keys import key_of

from .models import Manifest, Signature

SIGNED = (
    "What was signed is proved by the packages that were downloaded before; restore the row from a backup "
    "and compare it with one of them."
)


def faults(*, quick: bool = False) -> Faults:
    """Each manifest and signature whose bytes are no longer those of its hash."""
    for some in audit.pieces(Manifest.objects.only("pk", "data", "sha256"), quick=quick):
        for one in some:
            if hashlib.sha256(bytes(one.data)).hexdigest() != one.sha256:
                yield Fault(key_of(one), "its bytes were changed after they were signed", SIGNED)
    for received in audit.pieces(Signature.objects.only("pk", "cms", "cms_sha256"), quick=quick):
        for made in received:
            if hashlib.sha256(bytes(made.cms)).hexdigest() != made.cms_sha256:
                yield Fault(key_of(made), "its bytes were changed after they were received", SIGNED)

"""Whether what was signed is still what lies here: asked every night by `ortaq check`."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

from .models import Manifest, Signature

AT_ONCE = 200


def faults() -> Iterator[str]:
    """Each manifest and signature whose bytes are no longer those of its hash, in a line."""
    manifests = Manifest.objects.order_by("pk").values_list("pk", "data", "sha256")
    for pk, data, digest in manifests.iterator(chunk_size=AT_ONCE):
        if hashlib.sha256(bytes(data)).hexdigest() != digest:
            yield f"signing.manifest:{pk}: its bytes were changed after they were signed"
    signatures = Signature.objects.order_by("pk").values_list("pk", "cms", "cms_sha256")
    for pk, cms, digest in signatures.iterator(chunk_size=AT_ONCE):
        if hashlib.sha256(bytes(cms)).hexdigest() != digest:
            yield f"signing.signature:{pk}: its bytes were changed after they were received"

"""The token of a time-stamping authority beside a signature (RFC 3161): the only time that proves itself."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from asn1crypto import tsp, x509

from .certificates import Certificate, Unknown, Weak, digest_of, instant, signed
from .cms import Unreadable, parse
from .revocation import UNREADABLE

TOKEN = "1.2.840.113549.1.9.16.1.4"  # noqa: S105  (an OID)
PURPOSE = "time_stamping"


@dataclass(frozen=True, slots=True)
class Stamp:
    """What a token proves of a signature: `at`, by whom. Its chain is still to be checked."""

    at: datetime
    by: Certificate
    certificates: tuple[Certificate, ...]


def read(token: bytes, signature: bytes) -> Stamp | None:
    """The stamp over exactly this signature value; None when it is not one or cannot be computed."""
    try:
        parsed = parse(token)
        if parsed.content_type != TOKEN or len(parsed.signers) != 1:
            return None
        (signer,) = parsed.signers
        info = tsp.TSTInfo.load(parsed.content or b"", strict=True)
        imprint = info["message_imprint"]
        oid = imprint["hash_algorithm"]["algorithm"].dotted
        if signer.certificate is None or imprint["hashed_message"].native != digest_of(
            oid, signature
        ):
            return None
        purposes = x509.Certificate.load(signer.certificate.der).extended_key_usage_value
        if not purposes or PURPOSE not in purposes.native or not signer.attributes:
            return None
        if signer.content_types != (TOKEN,) or parsed.content is None:
            return None
        if signer.message_digests != (digest_of(signer.digest, parsed.content),):
            return None
        if not any(
            signed(signer.certificate.der, signer.algorithm, a, signer.signature, signer.digest)
            for a in signer.attributes
        ):
            return None
        return Stamp(instant(info["gen_time"]), signer.certificate, parsed.certificates)
    except (Unreadable, Unknown, Weak, *UNREADABLE):
        return None

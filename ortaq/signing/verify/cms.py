"""A CMS taken apart (RFC 5652), so that nothing in it is believed before it was looked at."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from asn1crypto import cms, core

from .certificates import Certificate, bounded
from .revocation import UNREADABLE

SIGNED_DATA, DATA = "1.2.840.113549.1.7.2", "1.2.840.113549.1.7.1"
CONTENT_TYPE, MESSAGE_DIGEST = "1.2.840.113549.1.9.3", "1.2.840.113549.1.9.4"
SIGNING_TIME, TIMESTAMP = "1.2.840.113549.1.9.5", "1.2.840.113549.1.9.16.2.14"
SIGNING_CERTIFICATE = "1.2.840.113549.1.9.16.2.47"
REVOCATION_VALUES = "1.2.840.113549.1.9.16.2.24"
OCSP_ANSWER = "1.3.6.1.5.5.7.16.2"
# More than these is no signature of ours, but a way to keep a server busy.
MOST_SIGNERS, MOST_CERTIFICATES, MOST_LISTS, MOST_ATTRIBUTES = 8, 24, 12, 32
LONGEST_ATTRIBUTES = 16 * 1024  # bytes; they are hashed, which GOST does slowly
ARMOUR = re.compile(rb"-----(?:BEGIN|END) [A-Z0-9 #]+-----")
SEQUENCE = b"0"  # the first byte of every CMS


class Unreadable(ValueError):
    """It is no CMS with signatures; the text is the code of the finding."""


@dataclass(frozen=True, slots=True)
class SignerInfo:
    """One signature in a CMS."""

    certificate: Certificate | None
    digest: str  # OID
    algorithm: Any
    signature: bytes
    # The DER that is signed: as it stands, and written anew for whoever did not sort it.
    attributes: tuple[bytes, ...]
    content_types: tuple[str, ...]
    message_digests: tuple[bytes, ...]
    claimed_at: datetime | None
    certificate_sha256: bytes | None
    timestamps: tuple[bytes, ...]


@dataclass(frozen=True, slots=True)
class Parsed:
    content: bytes | None
    content_type: str
    certificates: tuple[Certificate, ...]
    signers: tuple[SignerInfo, ...]
    lists: tuple[bytes, ...]
    answers: tuple[bytes, ...]


def der(handed_in: bytes) -> bytes:
    """The bytes of what people hand in: binary as it is, PEM, or base64 text. `Unreadable`."""
    if handed_in[:1] == SEQUENCE and not handed_in.isascii():
        return handed_in
    text = b"".join(ARMOUR.sub(b"", handed_in.removeprefix(b"\xef\xbb\xbf")).split())
    try:
        found = base64.b64decode(text, validate=True)
    except (ValueError, binascii.Error) as error:
        raise Unreadable("cms_unreadable") from error
    if found[:1] != SEQUENCE:
        raise Unreadable("cms_unreadable")
    return found


def parse(data: bytes) -> Parsed:
    """Take a CMS apart; `Unreadable` for rubbish, for what is cut off or goes on behind its end."""
    try:
        return _parse(data)
    except Unreadable:
        raise
    except UNREADABLE as error:
        raise Unreadable("cms_unreadable") from error


def _parse(data: bytes) -> Parsed:
    outer = cms.ContentInfo.load(data, strict=True)
    if outer["content_type"].dotted != SIGNED_DATA:
        raise Unreadable("cms_not_signed")
    found = outer["content"]
    certificates = tuple(_certificates(_few(found["certificates"], MOST_CERTIFICATES)))
    lists, answers = [], []
    for one in _few(found["crls"], MOST_LISTS):
        if one.name == "crl":
            lists.append(one.chosen.dump())
        elif one.chosen["other_rev_info_format"].dotted == OCSP_ANSWER:
            answers.append(one.chosen["other_rev_info"].dump())
    infos = list(_few(found["signer_infos"], MOST_SIGNERS))
    for info in infos:
        more = _revocation_values(info)
        lists += more[0]
        answers += more[1]
    signers = tuple(_signer(info, certificates) for info in infos)
    inner = found["encap_content_info"]
    content = inner["content"]
    return Parsed(
        None if content is None or isinstance(content, core.Void) else bytes(content),
        inner["content_type"].dotted,
        certificates,
        signers,
        tuple(lists[:MOST_LISTS]),
        tuple(answers[:MOST_LISTS]),
    )


def _certificates(found: Iterator[Any]) -> Iterator[Certificate]:
    """Those that can be read: a strange one beside the signer's harms nobody."""
    for one in found:
        if one.name == "certificate":
            with suppress(*UNREADABLE):
                yield Certificate.load(one.chosen.dump())


def _few(found: Any, most: int) -> Iterator[Any]:
    if found is None or isinstance(found, core.Void):
        return
    try:
        bounded(found, most)
    except ValueError as error:
        raise Unreadable("cms_too_many") from error
    yield from found


def _signer(info: Any, certificates: tuple[Certificate, ...]) -> SignerInfo:
    signed = _attributes(info["signed_attrs"])
    unsigned = _attributes(info["unsigned_attrs"])
    claimed = [v.native for v in signed.get(SIGNING_TIME, ())]
    return SignerInfo(
        certificate=_certificate(info["sid"], certificates),
        digest=info["digest_algorithm"]["algorithm"].dotted,
        algorithm=info["signature_algorithm"],
        signature=info["signature"].native,
        attributes=_encodings(info["signed_attrs"]),
        content_types=tuple(v.dotted for v in signed.get(CONTENT_TYPE, ())),
        message_digests=tuple(v.native for v in signed.get(MESSAGE_DIGEST, ())),
        claimed_at=claimed[0] if claimed and isinstance(claimed[0], datetime) else None,
        certificate_sha256=_named_certificate(signed),
        timestamps=tuple(v.dump() for v in unsigned.get(TIMESTAMP, ()))[:2],
    )


def _attributes(found: Any) -> dict[str, list[Any]]:
    kept: dict[str, list[Any]] = {}
    if found is not None and not isinstance(found, core.Void):
        for attribute in _few(found, MOST_ATTRIBUTES):
            # One attribute twice would be read in one way here and in another elsewhere.
            kept.setdefault(attribute["type"].dotted, []).extend(
                _few(attribute["values"], MOST_ATTRIBUTES)
            )
    return kept


def _encodings(found: Any) -> tuple[bytes, ...]:
    if found is None or isinstance(found, core.Void):
        return ()
    as_set = found.untag()
    if len(as_set.contents or b"") > LONGEST_ATTRIBUTES:
        raise Unreadable("cms_too_many")
    return tuple(dict.fromkeys((as_set.dump(), as_set.copy().dump(force=True))))


def _certificate(sid: Any, certificates: tuple[Certificate, ...]) -> Certificate | None:
    if sid.name == "issuer_and_serial_number":
        issuer, serial = sid.chosen["issuer"].dump(), sid.chosen["serial_number"].native
        fits = [c for c in certificates if c.serial == serial and c.issuer == issuer]
    else:
        fits = [c for c in certificates if c.key_id is not None and c.key_id == sid.chosen.native]
    return fits[0] if len({c.sha256 for c in fits}) == 1 else None


def _named_certificate(signed: dict[str, list[Any]]) -> bytes | None:
    """The SHA-256 of the signer's certificate where the signature names it (ESS), with that hash."""
    for value in signed.get(SIGNING_CERTIFICATE, ()):
        for one in _few(value["certs"], MOST_CERTIFICATES):
            if one["hash_algorithm"]["algorithm"].dotted == "2.16.840.1.101.3.4.2.1":
                return bytes(one["cert_hash"].native)
            return None
    return None


def _revocation_values(info: Any) -> tuple[list[bytes], list[bytes]]:
    """Lists and answers that CAdES puts beside a signature; unreadable ones are left out."""
    lists: list[bytes] = []
    answers: list[bytes] = []
    for value in _attributes(info["unsigned_attrs"]).get(REVOCATION_VALUES, ()):
        try:
            for part in core.Sequence.load(value.dump()):
                items = core.SequenceOf.load(part.contents, spec=core.Any)
                target = {0: lists, 1: answers}.get(part.tag)
                if target is not None:
                    target += [item.dump() for item in _few(items, MOST_LISTS)]
        except UNREADABLE:
            continue
    # CAdES keeps the inner answer (BasicOCSPResponse); a whole one is built around it.
    return lists, [_whole_answer(one) for one in answers]


def _whole_answer(basic: bytes) -> bytes:
    from asn1crypto import ocsp

    return bytes(
        ocsp.OCSPResponse(
            {
                "response_status": "successful",
                "response_bytes": {
                    "response_type": "basic_ocsp_response",
                    "response": core.ParsableOctetString(basic),
                },
            }
        ).dump()
    )

"""A certificate of the national authority: whose it is, what it is for, who issued it.

`cryptography` refuses keys of GOST, so that `asn1crypto` reads and the key's own kind decides who computes.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from asn1crypto import algos, core, parser, x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.serialization import load_der_public_key

from . import gost
from .checks import AUTH, SIGN

FOR_SIGNING, FOR_SIGNING_IN = "1.3.6.1.5.5.7.3.4", "1.3.6.1.5.5.7.3.2"
IIN, BIN = re.compile(r"IIN([0-9]{12})"), re.compile(r"BIN([0-9]{12})")
SERIAL_NUMBER, UNIT, NAME, ORGANISATION = "2.5.4.5", "2.5.4.11", "2.5.4.3", "2.5.4.10"
PATRONYMIC, EMAIL = "2.5.4.42", "1.2.840.113549.1.9.1"
RSA, PSS = "1.2.840.113549.1.1.1", "1.2.840.113549.1.1.10"
HASHES = {
    "2.16.840.1.101.3.4.2.1": hashes.SHA256(),
    "2.16.840.1.101.3.4.2.2": hashes.SHA384(),
    "2.16.840.1.101.3.4.2.3": hashes.SHA512(),
}
WITH_RSA = {
    "1.2.840.113549.1.1.11": "2.16.840.1.101.3.4.2.1",
    "1.2.840.113549.1.1.12": "2.16.840.1.101.3.4.2.2",
    "1.2.840.113549.1.1.13": "2.16.840.1.101.3.4.2.3",
}
MOST_MEMBERS = 64  # extensions, parts of a name, purposes: more is no certificate of anybody
SHORTEST_RSA = 2048
LONGEST_RSA = 8192  # checking a longer one is a way to keep a server busy
NAMES = {
    **{gost.SIGNATURE[bits]: f"GOST R 34.10-2012 {bits}" for bits in gost.BITS},
    "1.2.840.113549.1.1.11": "RSA SHA-256",
    "1.2.840.113549.1.1.12": "RSA SHA-384",
    "1.2.840.113549.1.1.13": "RSA SHA-512",
    PSS: "RSA-PSS",
}


class KeyAlgorithm(core.Sequence):  # type: ignore[misc]
    _fields = [("algorithm", core.ObjectIdentifier), ("parameters", core.Any, {"optional": True})]


class KeyInfo(core.Sequence):  # type: ignore[misc]
    """SubjectPublicKeyInfo of any algorithm: the one of asn1crypto stops at kinds that it does not know."""

    _fields = [("algorithm", KeyAlgorithm), ("key", core.OctetBitString)]


class Parameters(core.Sequence):  # type: ignore[misc]
    """Those of a GOST key."""

    _fields = [
        ("curve", core.ObjectIdentifier),
        ("digest", core.ObjectIdentifier, {"optional": True}),
    ]


class Unknown(ValueError):
    """An algorithm that cannot be computed here; the text is its OID."""


class Weak(ValueError):
    """An algorithm or key that proves nothing any more; the text names it."""


@dataclass(frozen=True, slots=True)
class Certificate:
    """One certificate. Build with `Certificate.load`."""

    der: bytes
    sha256: str
    serial: int
    subject: bytes
    issuer: bytes
    not_before: datetime
    not_after: datetime
    usage: str
    roles: tuple[str, ...]
    name: str
    organisation: str
    bin: str
    iin: str
    email: str
    issuer_name: str
    key_id: bytes | None
    authority_key_id: bytes | None
    is_authority: bool
    below: int | None
    signs_certificates: bool
    signs_lists: bool
    algorithm: str
    strange: tuple[str, ...]  # critical extensions that are not understood here

    @classmethod
    def load(cls, der: bytes) -> Certificate:
        """Read one; `ValueError` for what is none. All is read here, so that nothing fails later."""
        found = x509.Certificate.load(der, strict=True)
        tbs = found["tbs_certificate"]
        bounded(tbs["extensions"], MOST_MEMBERS)
        if found["signature_algorithm"].dump() != tbs["signature"].dump():
            raise ValueError("The two algorithms of a certificate differ.")
        validity = tbs["validity"]
        subject = _fields(tbs["subject"])
        usage = set(found.key_usage_value.native) if found.key_usage_value else set()
        wide = found.extended_key_usage_value
        purposes = tuple(o.dotted for o in bounded(wide, MOST_MEMBERS)) if wide else ()
        constraints = found.basic_constraints_value
        below = constraints["path_len_constraint"].native if constraints else None
        # An authority that may name some people only is not asked whom: it issues nothing here.
        limits = {"name_constraints"} if found.name_constraints_value else set()
        return cls(
            der=der,
            sha256=hashlib.sha256(der).hexdigest(),
            serial=tbs["serial_number"].native,
            subject=tbs["subject"].dump(),
            issuer=tbs["issuer"].dump(),
            not_before=instant(validity["not_before"]),
            not_after=instant(validity["not_after"]),
            usage=_usage(usage, purposes),
            roles=tuple(o for o in purposes if o.startswith("1.2.398.")),
            name=" ".join(filter(None, (_one(subject, NAME), _one(subject, PATRONYMIC)))),
            organisation=_one(subject, ORGANISATION),
            bin=_number(BIN, subject.get(UNIT, ())),
            iin=_number(IIN, subject.get(SERIAL_NUMBER, ())),
            email=_one(subject, EMAIL),
            issuer_name=_one(_fields(tbs["issuer"]), NAME),
            key_id=found.key_identifier,
            authority_key_id=found.authority_key_identifier,
            is_authority=bool(constraints and constraints["ca"].native),
            below=below,
            signs_certificates="key_cert_sign" in usage,
            signs_lists="crl_sign" in usage,
            algorithm=tbs["signature"]["algorithm"].dotted,
            strange=tuple(sorted((found.critical_extensions | limits) - UNDERSTOOD)),
        )

    @property
    def is_root(self) -> bool:
        return self.subject == self.issuer

    @property
    def serial_hex(self) -> str:
        return f"{self.serial:x}"

    def holds_at(self, instant: datetime) -> bool:
        return self.not_before <= instant <= self.not_after

    def may_have_issued(self, other: Certificate) -> bool:
        """Whether the names and key identifiers fit; the signature is another question."""
        if self.subject != other.issuer or not (self.is_authority and self.signs_certificates):
            return False
        known = self.key_id and other.authority_key_id
        return not known or self.key_id == other.authority_key_id

    def issued(self, other: Certificate) -> bool:
        """Whether this key signed the other certificate. `Unknown`, `Weak`."""
        return _issued(self.der, other.der)


def bounded(found: Any, most: int) -> Any:
    """A set or sequence as it is, but for `ValueError` when it has more than `most` members.

    Counted on the bytes: half a million members, which fit into a megabyte, take seconds to be read one by one.
    """
    rest, members = bytes(found.contents or b""), 0
    while rest:
        rest, members = rest[parser.peek(rest) :], members + 1
        if members > most:
            raise ValueError(f"more than {most} members")
    return found


def instant(value: Any) -> datetime:
    """An ASN.1 time; `ValueError` for one without a zone or beyond the calendar, which compares with nothing."""
    found = value.native
    if not isinstance(found, datetime) or found.tzinfo is None:
        raise ValueError("An ASN.1 time without a zone.")
    return found


UNDERSTOOD = {
    "key_usage", "extended_key_usage", "basic_constraints", "key_identifier",
    "authority_key_identifier", "certificate_policies", "crl_distribution_points",
    "authority_information_access", "subject_alt_name",
}  # fmt: skip


@lru_cache(maxsize=256)
def _issued(issuer: bytes, other: bytes) -> bool:
    # Remembered: the same few authorities issue everything, and GOST takes half a second.
    found = x509.Certificate.load(other)
    return signed(
        issuer,
        found["signature_algorithm"],
        found["tbs_certificate"].dump(),
        found["signature_value"].native,
    )


def signed(
    certificate: bytes,
    algorithm: algos.SignedDigestAlgorithm,
    data: bytes,
    signature: bytes,
    digest: str = "",
) -> bool:
    """Whether the key of `certificate` (DER) signed `data`. `digest`: the OID of the hash that a CMS names.

    `Unknown` for an algorithm that is not computed here, `Weak` for one that proves nothing.
    """
    key = key_of(certificate)
    kind, named = key["algorithm"]["algorithm"].dotted, algorithm["algorithm"].dotted
    for bits in gost.BITS:
        if kind == gost.KEY[bits]:
            if named not in (gost.SIGNATURE[bits], kind) or digest not in ("", gost.DIGEST[bits]):
                raise Unknown(named)
            return gost.verify(bits, _gost_key(key, bits), data, signature)
    if kind != RSA:
        raise Unknown(kind)
    oid, pads = _padding(algorithm, named, digest)
    return _rsa(key.dump(), pads, _hash(oid), data, signature)


def _padding(
    algorithm: algos.SignedDigestAlgorithm, named: str, digest: str
) -> tuple[str, padding.AsymmetricPadding]:
    """The OID of the hash that is signed, and how it is padded."""
    pads: padding.AsymmetricPadding = padding.PKCS1v15()
    oid = digest if named == RSA else WITH_RSA.get(named, named)
    if named == PSS:
        parameters = algorithm["parameters"]
        oid = parameters["hash_algorithm"]["algorithm"].dotted
        if parameters["mask_gen_algorithm"]["parameters"]["algorithm"].dotted != oid:
            raise Unknown(named)
        pads = padding.PSS(padding.MGF1(_hash(oid)), parameters["salt_length"].native)
    if digest and digest != oid:
        raise Unknown(f"{named} + {digest}")
    return oid, pads


def key_of(certificate: bytes) -> KeyInfo:
    """The public key in a certificate (DER)."""
    found = x509.Certificate.load(certificate)["tbs_certificate"]["subject_public_key_info"]
    info: KeyInfo = KeyInfo.load(found.dump())
    return info


def _gost_key(key: KeyInfo, bits: int) -> bytes:
    curve = Parameters.load(key["algorithm"]["parameters"].dump())["curve"].dotted
    if curve != gost.CURVE[bits]:
        raise Unknown(curve)
    raw = bytes(key["key"].native)
    # As a string of octets inside the string of bits, or bare.
    return raw if len(raw) == bits // 4 else bytes(core.OctetString.load(raw, strict=True).native)


def _rsa(
    key: bytes,
    pads: padding.AsymmetricPadding,
    chosen: hashes.HashAlgorithm,
    data: bytes,
    signature: bytes,
) -> bool:
    try:
        public = load_der_public_key(key)
    except (ValueError, UnsupportedAlgorithm) as error:
        raise Unknown("RSA") from error
    if not isinstance(public, rsa.RSAPublicKey):
        raise Unknown("RSA")
    if not SHORTEST_RSA <= public.key_size <= LONGEST_RSA:
        raise Weak(f"RSA {public.key_size}")
    try:
        public.verify(signature, data, pads, chosen)
    except InvalidSignature:
        return False
    return True


def _hash(oid: str) -> hashes.HashAlgorithm:
    if oid in ("1.3.14.3.2.26", "1.2.840.113549.2.5", "1.2.840.113549.1.1.5"):
        raise Weak("SHA-1" if oid != "1.2.840.113549.2.5" else "MD5")
    if oid not in HASHES:
        raise Unknown(oid)
    return HASHES[oid]


def digest_of(oid: str, data: bytes) -> bytes:
    """The hash that a CMS names, of `data`, in natural order. `Unknown`, `Weak`."""
    for bits in gost.BITS:
        if oid == gost.DIGEST[bits]:
            try:
                return gost.digest(bits, data)
            except gost.Wrong as error:
                raise Unknown(oid) from error
    made = hashes.Hash(_hash(oid))
    made.update(data)
    return made.finalize()


def _usage(bits: set[str], purposes: Sequence[str]) -> str:
    if "non_repudiation" in bits and FOR_SIGNING in purposes and FOR_SIGNING_IN not in purposes:
        return SIGN
    if "non_repudiation" not in bits and FOR_SIGNING_IN in purposes and FOR_SIGNING not in purposes:
        return AUTH
    return "UNKNOWN"


def _fields(name: x509.Name) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for group in bounded(name.chosen, MOST_MEMBERS):
        for pair in bounded(group, MOST_MEMBERS):
            value = pair["value"].native
            if isinstance(value, str):
                found.setdefault(pair["type"].dotted, []).append(value)
    return found


def _one(fields: dict[str, list[str]], oid: str) -> str:
    return fields.get(oid, [""])[0].strip()[:500]


def _number(pattern: re.Pattern[str], values: Sequence[str]) -> str:
    """The twelve digits; nothing when there are none, or several that differ."""
    found = {match[1] for value in values if (match := pattern.fullmatch(value.strip()))}
    return found.pop() if len(found) == 1 else ""

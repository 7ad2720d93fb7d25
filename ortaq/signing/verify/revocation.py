"""Whether a certificate was taken back: lists (CRL) and answers (OCSP) that came with the CMS or lie here.

What cannot be shown to be in order is not: without a list or an answer that the authority itself signed and
that holds at the instant asked for, revocation is unknown.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

from asn1crypto import crl, ocsp

from . import gost
from .certificates import Certificate, Unknown, Weak, bounded, instant, key_of, signed

GOOD, REVOKED, UNKNOWN = "good", "revoked", "unknown"
OCSP_SIGNING = "ocsp_signing"
# How long an answer is news that does not say until when it holds.
FRESH = timedelta(hours=1)
MOST_RESPONSES = 8
# The errors that asn1crypto raises for what is not as it should be.
UNREADABLE = (ValueError, TypeError, KeyError, AttributeError, OverflowError, RecursionError)


@dataclass(frozen=True, slots=True)
class Status:
    """`good`, `revoked` (since `at`) or `unknown`, and who says so. `good` with `at`: taken back only after the
    instant that was asked for.
    """

    status: str
    source: str = ""
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class CRL:
    """One list, its own signature not yet checked."""

    der: bytes
    issuer: bytes
    from_: datetime
    until: datetime | None
    users_only: bool
    authorities_only: bool
    where: str

    def covers(self, certificate: Certificate, at: datetime, now: datetime) -> bool:
        if self.issuer != certificate.issuer or self.from_ > now:
            return False
        if (self.users_only and certificate.is_authority) or (
            self.authorities_only and not certificate.is_authority
        ):
            return False
        return self.until is not None and at <= self.until


@lru_cache(maxsize=32)
def read_list(der: bytes, where: str) -> CRL | None:
    """A list as it says itself; None for what is unreadable or no full list of its issuer."""
    try:
        found = crl.CertificateList.load(der, strict=True)
        tbs = found["tbs_cert_list"]
        if found["signature_algorithm"].dump() != tbs["signature"].dump():
            return None
        point = found.issuing_distribution_point_value
        partial = point is not None and (
            point["indirect_crl"].native
            or point["only_some_reasons"].native
            or point["only_contains_attribute_certs"].native
        )
        if found.delta_crl_indicator_value is not None or partial:
            return None
        if found.critical_extensions - {"issuing_distribution_point", "crl_number"}:
            return None
        return CRL(
            der,
            tbs["issuer"].dump(),
            instant(tbs["this_update"]),
            None if tbs["next_update"].native is None else instant(tbs["next_update"]),
            bool(point and point["only_contains_user_certs"].native),
            bool(point and point["only_contains_ca_certs"].native),
            where,
        )
    except UNREADABLE:
        return None


@lru_cache(maxsize=16)
def _revoked(der: bytes) -> dict[int, datetime] | None:
    """Whom a list names, since when; None when it says something of an entry that is not understood here.

    Read only when the list is known to be the authority's own: it may be long.
    """
    try:
        found: dict[int, datetime] = {}
        for entry in crl.CertificateList.load(der)["tbs_cert_list"]["revoked_certificates"] or ():
            if entry.critical_extensions - {"crl_reason"}:
                return None
            found[entry["user_certificate"].native] = instant(entry["revocation_date"])
    except UNREADABLE:
        return None
    return found


@lru_cache(maxsize=64)
def _list_signed(der: bytes, issuer: bytes) -> bool:
    found = crl.CertificateList.load(der)
    data = found["tbs_cert_list"].dump()
    try:
        return signed(issuer, found["signature_algorithm"], data, found["signature"].native)
    except (Unknown, Weak, gost.Wrong):
        return False


def status(
    certificate: Certificate,
    issuer: Certificate,
    *,
    at: datetime,
    now: datetime,
    lists: Iterable[CRL],
    answers: Sequence[bytes] = (),
) -> Status:
    """What is known of a certificate at the instant `at`. Revoked by one source is revoked."""
    said = [
        *_by_lists(certificate, issuer, at, now, lists),
        *(s for answer in answers if (s := _by_answer(certificate, issuer, at, now, answer))),
    ]
    bad = next((one for one in said if one.status == REVOKED), None)
    later = next((one for one in said if one.at), None)
    return bad or later or next((one for one in said if one.status == GOOD), Status(UNKNOWN))


def _by_lists(
    certificate: Certificate,
    issuer: Certificate,
    at: datetime,
    now: datetime,
    lists: Iterable[CRL],
) -> Iterator[Status]:
    for one in lists:
        if not one.covers(certificate, at, now) or not issuer.signs_lists:
            continue
        if not _list_signed(one.der, issuer.der) or (revoked := _revoked(one.der)) is None:
            continue
        since = revoked.get(certificate.serial)
        revoked_by_then = since is not None and since <= at
        yield Status(REVOKED if revoked_by_then else GOOD, f"CRL ({one.where})", since)


def _by_answer(
    certificate: Certificate, issuer: Certificate, at: datetime, now: datetime, der: bytes
) -> Status | None:
    try:
        answer = ocsp.OCSPResponse.load(der, strict=True)
        if answer["response_status"].native != "successful":
            return None
        basic = answer.basic_ocsp_response
        data = basic["tbs_response_data"]
        if not _answer_signed(basic, issuer, at):
            return None
        for one in bounded(data["responses"], MOST_RESPONSES):
            if _about(one["cert_id"], certificate, issuer):
                return _said(one, at, now)
    except (*UNREADABLE, Unknown, Weak):
        return None
    return None


def _said(one: Any, at: datetime, now: datetime) -> Status | None:
    from_, until = instant(one["this_update"]), one["next_update"].native
    until = instant(one["next_update"]) if until else from_ + FRESH
    if from_ > now or until < at:
        return None
    name = one["cert_status"].name
    if name == "revoked":
        since = instant(one["cert_status"].chosen["revocation_time"])
        return Status(REVOKED if since <= at else GOOD, "OCSP", since)
    return Status(GOOD, "OCSP") if name == "good" else None


def _about(asked: Any, certificate: Certificate, issuer: Certificate) -> bool:
    if asked["serial_number"].native != certificate.serial:
        return False
    hashed: dict[str, Callable[[bytes], Any]] = {
        "1.3.14.3.2.26": lambda data: hashlib.sha1(data, usedforsecurity=False),
        "2.16.840.1.101.3.4.2.1": hashlib.sha256,
    }
    made = hashed.get(asked["hash_algorithm"]["algorithm"].dotted)
    if made is None:
        return False
    key = key_of(issuer.der)["key"].native
    return bool(
        asked["issuer_name_hash"].native == made(issuer.subject).digest()
        and asked["issuer_key_hash"].native == made(key).digest()
    )


def _answer_signed(basic: Any, issuer: Certificate, at: datetime) -> bool:
    signers = [issuer]
    for found in bounded(basic["certs"], MOST_RESPONSES) if basic["certs"] else ():
        one = Certificate.load(found.dump())
        purposes = found.extended_key_usage_value
        if (
            issuer.may_have_issued(one)
            and purposes
            and OCSP_SIGNING in purposes.native
            and one.holds_at(at)
            and issuer.issued(one)
        ):
            signers.append(one)
    data = basic["tbs_response_data"].dump()
    return any(
        signed(one.der, basic["signature_algorithm"], data, basic["signature"].native)
        for one in reversed(signers)
    )

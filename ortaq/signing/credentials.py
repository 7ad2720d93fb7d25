"""Keys and certificates of the test authority, and what is signed with them: the ASN.1 of it."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from asn1crypto import algos, cms, core, crl, keys, x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_der_private_key,
)

from .verify import gost
from .verify.certificates import Certificate, KeyInfo, Parameters
from .verify.checks import SIGN

RSA, GOST = "rsa", "gost"
ALGORITHMS = (RSA, GOST)
BITS = 512
# The demonstration travels in time: its certificates hold as long as their short form of dates.
BEGIN, END = datetime(2015, 1, 1, tzinfo=UTC), datetime(2049, 12, 31, tzinfo=UTC)
SHA256_RSA = {"algorithm": "sha256_rsa", "parameters": core.Null()}


@dataclass(frozen=True, slots=True)
class Credential:
    """A certificate with its key, both DER (a GOST key: its number). `iin` and `bin` as in its subject."""

    certificate: bytes
    key: bytes = field(repr=False)
    algorithm: str = RSA
    iin: str = ""
    bin: str = ""
    usage: str = SIGN

    @property
    def serial(self) -> int:
        return Certificate.load(self.certificate).serial

    def signature(self, data: bytes) -> bytes:
        """The signature value over `data`."""
        if self.algorithm == GOST:
            return gost.sign(BITS, self.key, data)
        return _private(self.key).sign(data, padding.PKCS1v15(), hashes.SHA256())


@lru_cache(maxsize=256)
def _private(key: bytes) -> rsa.RSAPrivateKey:
    """The key, read once: to prove that its numbers are prime takes many times as long as to sign, and they are our own."""
    private = load_der_private_key(key, None, unsafe_skip_rsa_key_validation=True)
    assert isinstance(private, rsa.RSAPrivateKey)
    return private


def new_signer(
    credential: Credential, data: bytes, at: datetime | None, content_type: str = "data"
) -> cms.SignerInfo:
    """One signature in a CMS over `data` (`at`: the time that the signer claims)."""
    made_by_gost = credential.algorithm == GOST
    digest = gost.digest(BITS, data) if made_by_gost else hashlib.sha256(data).digest()
    attributes = [
        {"type": "content_type", "values": [content_type]},
        {"type": "message_digest", "values": [digest]},
    ]
    if at is not None:
        attributes.append({"type": "signing_time", "values": [cms.Time({"utc_time": at})]})
    signed = cms.CMSAttributes(attributes)
    found = x509.Certificate.load(credential.certificate)
    return cms.SignerInfo(
        {
            "version": "v1",
            "sid": cms.SignerIdentifier(
                "issuer_and_serial_number",
                {"issuer": found.issuer, "serial_number": found.serial_number},
            ),
            "digest_algorithm": {"algorithm": gost.DIGEST[BITS] if made_by_gost else "sha256"},
            "signed_attrs": signed,
            "signature_algorithm": (
                {"algorithm": gost.SIGNATURE[BITS]}
                if made_by_gost
                else {"algorithm": "rsassa_pkcs1v15", "parameters": core.Null()}
            ),
            "signature": credential.signature(signed.dump()),
        }
    )


def new_pair(algorithm: str) -> tuple[bytes, bytes]:
    """A private key and the SubjectPublicKeyInfo of its public one, both DER."""
    if algorithm == GOST:
        private, public = gost.new_pair(BITS)
        return private, _gost_spki(public)
    made = rsa.generate_private_key(65537, 2048)
    return (
        made.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption()),
        made.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo),
    )


def _gost_spki(public: bytes) -> bytes:
    return bytes(
        KeyInfo(
            {
                "algorithm": {
                    "algorithm": gost.KEY[BITS],
                    "parameters": Parameters(
                        {"curve": gost.CURVE[BITS], "digest": gost.DIGEST[BITS]}
                    ),
                },
                "key": core.OctetString(public).dump(),
            }
        ).dump()
    )


def new_authority(
    name: str, algorithm: str, key: bytes, public: bytes, *, above: Credential | None
) -> Credential:
    """The certificate of an authority: a root of its own, or one issued by `above`."""
    own = Credential(b"", key, algorithm)
    certificate = new_certificate(
        {"common_name": name, "country_name": "KZ"},
        public,
        above or own,
        dates=(BEGIN, END),
        extensions={
            "key_usage": (True, x509.KeyUsage({"key_cert_sign", "crl_sign"})),
            "basic_constraints": (True, x509.BasicConstraints({"ca": True})),
        },
    )
    return replace(own, certificate=certificate)


def new_certificate(
    subject: Mapping[str, str],
    public: bytes,
    issuer: Credential,
    *,
    dates: tuple[datetime, datetime],
    extensions: Mapping[str, tuple[bool, Any]],
) -> bytes:
    """A certificate (DER) over a public key (DER), signed by `issuer`; `extensions`: critical or not, and what."""
    name = x509.Name.build(dict(subject))
    above = x509.Certificate.load(issuer.certificate) if issuer.certificate else None
    key_id = hashlib.sha1(public, usedforsecurity=False).digest()
    more = {"key_identifier": (False, core.OctetString(key_id)), **extensions}
    if above is not None:
        known = x509.AuthorityKeyIdentifier({"key_identifier": above.key_identifier})
        more["authority_key_identifier"] = (False, known)
    tbs = x509.TbsCertificate(
        {
            "version": "v3",
            "serial_number": secrets.randbits(120) | 1 << 120,
            "signature": _algorithm(issuer),
            "issuer": above.subject if above is not None else name,
            "validity": {
                "not_before": x509.Time({"utc_time": dates[0]}),
                "not_after": x509.Time({"utc_time": dates[1]}),
            },
            "subject": name,
            "subject_public_key_info": keys.PublicKeyInfo.load(public),
            "extensions": [
                {"extn_id": kind, "critical": critical, "extn_value": value}
                for kind, (critical, value) in more.items()
            ],
        }
    )
    return bytes(
        x509.Certificate(
            {
                "tbs_certificate": tbs,
                "signature_algorithm": _algorithm(issuer),
                "signature_value": issuer.signature(tbs.dump()),
            }
        ).dump()
    )


def _algorithm(of: Credential) -> algos.SignedDigestAlgorithm:
    if of.algorithm == GOST:
        return algos.SignedDigestAlgorithm({"algorithm": gost.SIGNATURE[BITS]})
    return algos.SignedDigestAlgorithm(SHA256_RSA)


def new_list(issuer: Credential, revoked: Mapping[int, datetime]) -> bytes:
    """A list (DER) of revoked serial numbers, since when."""
    rows = [
        {"user_certificate": serial, "revocation_date": x509.Time({"utc_time": at.astimezone(UTC)})}
        for serial, at in revoked.items()
    ]
    tbs = crl.TbsCertList(
        {
            "version": "v2",
            "signature": _algorithm(issuer),
            "issuer": x509.Certificate.load(issuer.certificate).subject,
            "this_update": x509.Time({"utc_time": BEGIN}),
            "next_update": x509.Time({"utc_time": END}),
            **({"revoked_certificates": rows} if rows else {}),
        }
    )
    return bytes(
        crl.CertificateList(
            {
                "tbs_cert_list": tbs,
                "signature_algorithm": _algorithm(issuer),
                "signature": issuer.signature(tbs.dump()),
            }
        ).dump()
    )

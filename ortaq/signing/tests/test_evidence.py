"""Time and revocation: a timestamp that holds moves the instant, an answer of OCSP says what a list would."""

from __future__ import annotations

import hashlib
import warnings
from datetime import datetime, timedelta

import pytest
from asn1crypto import algos, cms, core, crl, ocsp, tsp
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding, load_der_private_key
from cryptography.x509.ocsp import OCSPCertStatus, OCSPResponseBuilder

from ortaq.signing import credentials as made
from ortaq.signing.credentials import Credential
from ortaq.signing.verify.offline import Offline
from ortaq.signing.verify.report import Report, Verdict
from ortaq.testing.signing import authority

from .test_verification import DATA, DAY, NOW, altered, credential, problems

HOUR = timedelta(hours=1)


def verified(der: bytes, now: datetime = NOW) -> Report:
    return Offline(authority().anchors()).verify(der, DATA, now)


# --- OCSP --------------------------------------------------------------------------------------------


def answer(
    about: Credential,
    status: OCSPCertStatus = OCSPCertStatus.GOOD,
    *,
    at: datetime = NOW,
    until: datetime | None = NOW + HOUR,
    revoked: datetime | None = None,
    by: Credential | None = None,
) -> bytes:
    """An answer of the authority (or of `by`, for what it is worth) about a certificate."""
    issuer = authority().issuers["rsa"]
    signs = by or issuer
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        of, above, own = (
            x509.load_der_x509_certificate(one.certificate) for one in (about, issuer, signs)
        )
        builder = (
            OCSPResponseBuilder()
            .add_response(of, above, hashes.SHA256(), status, at, until, revoked, None)
            .responder_id(x509.ocsp.OCSPResponderEncoding.HASH, own)
        )
        key = load_der_private_key(signs.key, None)
        return builder.sign(key, hashes.SHA256()).public_bytes(Encoding.DER)  # type: ignore[arg-type]


def with_answer(der: bytes, response: bytes) -> bytes:
    other = cms.OtherRevocationInfoFormat(
        {
            "other_rev_info_format": "ocsp_response",
            "other_rev_info": ocsp.OCSPResponse.load(response),
        }
    )
    ca_list = cms.RevocationInfoChoice("crl", crl.CertificateList.load(authority().lists("rsa")[0]))

    def put(found):
        found["crls"] = [ca_list, cms.RevocationInfoChoice("other", other)]

    return altered(der, put)


def test_an_answer_of_ocsp_counts_only_when_it_is_the_authoritys_own_and_fresh():
    aliya = credential()
    der = authority().sign(aliya, DATA, lists=False)
    other = credential()
    table = [
        (answer(aliya), []),
        (answer(aliya, until=None), []),
        (answer(aliya, at=NOW - 30 * HOUR, until=NOW - HOUR), ["revocation_unknown"]),
        (answer(aliya, at=NOW - 2 * HOUR, until=None), ["revocation_unknown"]),
        (answer(aliya, at=NOW + HOUR, until=NOW + 2 * HOUR), ["revocation_unknown"]),
        (answer(other), ["revocation_unknown"]),
        (answer(aliya, by=aliya), ["revocation_unknown"]),
        (answer(aliya, OCSPCertStatus.REVOKED, revoked=NOW - DAY), ["revoked"]),
        (answer(aliya, OCSPCertStatus.UNKNOWN), ["revocation_unknown"]),
    ]
    for response, expected in table:
        report = verified(with_answer(der, response))
        assert problems(report) == expected


# --- Timestamps --------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def stamper() -> Credential:
    """The certificate of a time-stamping service."""
    issuer = authority().issuers["rsa"]
    key, public = made.new_pair("rsa")
    certificate = made.new_certificate(
        {"common_name": "TSA"},
        public,
        issuer,
        dates=(made.BEGIN, made.END),
        extensions={
            "key_usage": (True, asn1_x509.KeyUsage({"digital_signature"})),
            "extended_key_usage": (True, asn1_x509.ExtKeyUsageSyntax(["time_stamping"])),
        },
    )
    return Credential(certificate, key)


def stamped(der: bytes, by: Credential, at: datetime, over: bytes | None = None) -> bytes:
    """The CMS with a timestamp over its signature (or over something else) beside it."""
    value = cms.ContentInfo.load(der)["content"]["signer_infos"][0]["signature"].native
    info = tsp.TSTInfo(
        {
            "version": "v1",
            "policy": "1.2.398.3.3.2.6.4",
            "message_imprint": {
                "hash_algorithm": algos.DigestAlgorithm({"algorithm": "sha256"}),
                "hashed_message": hashlib.sha256(over or value).digest(),
            },
            "serial_number": 7,
            "gen_time": at,
        }
    )
    token = cms.SignedData(
        {
            "version": "v3",
            "digest_algorithms": [algos.DigestAlgorithm({"algorithm": "sha256"})],
            "encap_content_info": {
                "content_type": "tst_info",
                "content": core.ParsableOctetString(info.dump()),
            },
            "certificates": [
                asn1_x509.Certificate.load(one)
                for one in (by.certificate, authority().issuers["rsa"].certificate)
            ],
            "signer_infos": [made.new_signer(by, info.dump(), None, "tst_info")],
        }
    )
    whole = cms.ContentInfo({"content_type": "signed_data", "content": token})

    def put(found):
        found["signer_infos"][0]["unsigned_attrs"] = [
            {"type": "signature_time_stamp_token", "values": [whole]}
        ]

    return altered(der, put)


def test_a_timestamp_proves_that_the_certificate_still_held(stamper):
    der = authority().sign(credential(not_after=NOW - DAY), DATA)
    report = verified(stamped(der, stamper, NOW - 2 * DAY))
    assert (report.verdict, problems(report)) == (Verdict.VALID, [])
    assert (report.reference, report.reference_source) == (NOW - 2 * DAY, "timestamp")


def test_the_timestamp_of_one_signer_does_nothing_for_the_other(stamper):
    keys = [credential(not_after=NOW - DAY), credential(not_after=NOW - DAY)]
    report = verified(stamped(authority().sign_all(keys, DATA), stamper, NOW - 2 * DAY))
    assert problems(report) == ["expired"]


def test_a_timestamp_that_does_not_hold_moves_nothing(stamper):
    der = authority().sign(credential(not_after=NOW - DAY), DATA)
    early = NOW - 2 * DAY
    for wrong in (
        stamped(der, stamper, early, over=b"another signature"),
        stamped(der, credential(), early),  # no service of time, only a signer
        stamped(der, stamper, NOW + DAY),
    ):
        report = verified(wrong)
        assert problems(report) == ["expired"]
        assert report.has("timestamp_not_checked")
        assert report.reference_source == "receipt"


# --- BER ---------------------------------------------------------------------------------------------


def test_content_in_pieces_of_open_length_is_put_together():
    """Older libraries write attached content as a string in pieces (BER)."""
    der = authority().sign(credential(), DATA, attached=True)
    whole = core.OctetString(DATA).dump()
    pieces = (
        b"\x24\x80"
        + core.OctetString(DATA[:10]).dump()
        + core.OctetString(DATA[10:]).dump()
        + b"\0\0"
    )
    found = cms.ContentInfo.load(der)["content"]
    rest = [
        found[name].dump()
        for name in ("version", "digest_algorithms", "encap_content_info", "certificates")
    ] + [found["crls"].dump(), found["signer_infos"].dump()]
    tagged = rest[2].replace(whole, b"")
    assert tagged != rest[2]
    oid = found["encap_content_info"]["content_type"].dump()
    rest[2] = b"\x30\x80" + oid + b"\xa0\x80" + pieces + b"\0\0" * 2
    open_ = (
        b"\x30\x80"
        + cms.ContentInfo.load(der)["content_type"].dump()
        + b"\xa0\x80\x30\x80"
        + b"".join(rest)
        + b"\0\0" * 3
    )
    report = verified(open_)
    assert (report.verdict, problems(report)) == (Verdict.VALID, [])
    changed = open_.replace(DATA[:10], b"!" * 10)
    assert "content_differs" in problems(verified(changed))

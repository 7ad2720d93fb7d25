"""The table of bad signatures: each is refused with its reason, and the reason is the only one."""

from __future__ import annotations

import base64
import json
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from asn1crypto import cms as asn1
from asn1crypto import core, x509

from ortaq.signing.authority import Authority
from ortaq.signing.credentials import Credential, new_certificate, new_pair
from ortaq.signing.occasions import EMPLOYEE, FOR_ORGANISATION, MAY_SIGN
from ortaq.signing.verify import cms, gost
from ortaq.signing.verify.anchors import Anchors, Unusable
from ortaq.signing.verify.certificates import Certificate
from ortaq.signing.verify.checks import AUTH, SIGN, Wanted, compare
from ortaq.signing.verify.offline import Offline
from ortaq.signing.verify.report import Report, Verdict, error
from ortaq.signing.verify.wording import sentences
from ortaq.testing.signing import authority

NOW = datetime(2026, 3, 2, 10, tzinfo=UTC)
DAY = timedelta(days=1)
DATA = b'{"context":"projects.contract","object":"projects.contract:5","version":3}'
ALIYA: dict[str, Any] = {"name": "СЕЙТҚАЛИ ӘЛИЯ", "iin": "880101400014"}
NGO: dict[str, Any] = {"bin": "050540001237", "organisation": "«Бірлік» қоғамдық қоры"}
WANTED = Wanted(NGO["bin"], ALIYA["iin"], FOR_ORGANISATION)


def credential(**rest: Any) -> Credential:
    return authority().issue(**{**ALIYA, **NGO, **rest})


def signed(data: bytes = DATA, **rest: Any) -> bytes:
    return authority().sign(credential(**rest), data)


@cache
def foreign() -> Authority:
    return Authority.of(authority(), name="SOMEBODY ELSE")


def altered(der: bytes, change: Callable[[Any], None]) -> bytes:
    """A CMS with something changed inside."""
    info = asn1.ContentInfo.load(der)
    change(info["content"])
    made: bytes = info.dump(force=True)
    return made


def checked(der: bytes, *, wanted: Wanted = WANTED, now: datetime = NOW, **rest: Any) -> Report:
    report = Offline(authority().anchors(), **rest).verify(der, DATA, now)
    return compare(report, wanted)


def problems(report: Report) -> list[str]:
    return [f.code for f in report.findings if f.severity == "error"]


def _no_signers(found: Any) -> None:
    found["signer_infos"] = []


def _no_certificate(found: Any) -> None:
    kept = [c for c in found["certificates"] if c.chosen.ca]
    found["certificates"] = kept  # that of the intermediate


def _altered_signature(found: Any) -> None:
    value = bytearray(found["signer_infos"][0]["signature"].native)
    value[7] ^= 1
    found["signer_infos"][0]["signature"] = bytes(value)


def _altered_attributes(found: Any) -> None:
    attributes = found["signer_infos"][0]["signed_attrs"]
    attributes.append(
        asn1.CMSAttribute({"type": "signing_time", "values": [asn1.Time({"utc_time": NOW})]})
    )


def _long_attributes(found: Any) -> None:
    padding = [core.OctetString(bytes(20_000))]
    found["signer_infos"][0]["signed_attrs"].append(
        asn1.CMSAttribute({"type": "1.2.3.4.5", "values": padding})
    )


def _no_attributes(found: Any) -> None:
    found["signer_infos"][0]["signed_attrs"] = None


def _other_content(found: Any) -> None:
    found["encap_content_info"] = {"content_type": "data", "content": b"something else"}


def _revoked() -> bytes:
    apart = Authority.of(authority())
    one = apart.issue(**ALIYA, **NGO)
    apart.revoke(one, NOW - DAY)
    return apart.sign(one, DATA)


def _revoked_later() -> bytes:
    apart = Authority.of(authority())
    one = apart.issue(**ALIYA, **NGO)
    apart.revoke(one, NOW + DAY)
    return apart.sign(one, DATA)


def _two_signers() -> bytes:
    dana = credential(name="ДАНА", iin="900202400015", bin="060640009990")
    return authority().sign_all([credential(), dana], DATA)


def _indefinite(der: bytes) -> bytes:
    """The same CMS as older libraries write it: the outer lengths left open (BER)."""
    info = asn1.ContentInfo.load(der)
    oid, inner = info["content_type"].dump(), info["content"].untag().dump()
    made: bytes = b"\x30\x80" + oid + b"\xa0\x80" + b"\x30\x80" + _contents(inner) + b"\0\0" * 3
    return made


def _contents(der: bytes) -> bytes:
    return bytes(core.Asn1Value.load(der).contents)


def _crowded(number: int) -> bytes:
    """A megabyte of empty certificates, each of which somebody would have to read."""
    found = asn1.ContentInfo.load(signed())["content"]
    crowd = b"\x05\x00" * number
    parts = [found[name].dump() for name in ("version", "digest_algorithms", "encap_content_info")]
    inner = b"".join(parts) + b"\xa0\x83" + len(crowd).to_bytes(3, "big") + crowd
    inner += found["signer_infos"].dump()
    oid = asn1.ContentInfo.load(signed())["content_type"].dump()
    made: bytes = b"\x30\x80" + oid + b"\xa0\x80\x30\x80" + inner + b"\0\0" * 3
    return made


CASES: dict[str, tuple[Callable[[], bytes], str]] = {
    "without signers": (lambda: altered(signed(), _no_signers), "no_signers"),
    "without the certificate": (lambda: altered(signed(), _no_certificate), "no_certificate"),
    "of another BIN": (lambda: signed(bin="060640009990"), "other_bin"),
    "of a private person": (lambda: signed(bin="", roles=FOR_ORGANISATION), "no_bin"),
    "of another IIN": (lambda: signed(iin="900202400015"), "other_iin"),
    "by an employee": (lambda: signed(roles=[EMPLOYEE]), "other_role"),
    "expired": (lambda: signed(not_after=NOW - DAY), "expired"),
    "not yet valid": (lambda: signed(not_before=NOW + DAY), "not_yet_valid"),
    "revoked": (_revoked, "revoked"),
    "of unknown revocation": (
        lambda: authority().sign(credential(), DATA, lists=False),
        "revocation_unknown",
    ),
    "with a certificate for signing in": (lambda: signed(usage=AUTH), "authentication_certificate"),
    "of other content": (lambda: signed(DATA + b" "), "digest_differs"),
    "with an altered byte of the signature": (
        lambda: altered(signed(), _altered_signature),
        "signature_wrong",
    ),
    "with altered attributes": (lambda: altered(signed(), _altered_attributes), "signature_wrong"),
    "with attributes that take long to hash": (lambda: altered(signed(), _long_attributes), "cms_too_many"),
    "without attributes": (lambda: altered(signed(), _no_attributes), "no_signed_attributes"),
    "with other content inside": (lambda: altered(signed(), _other_content), "content_differs"),
    "by two, one of them wrong": (_two_signers, "other_bin"),
    "of a foreign authority": (lambda: foreign().sign(foreign().issue(**ALIYA, **NGO), DATA), "anchor_unknown"),
    "rubbish": (lambda: b"\x30\x82rubbish", "cms_unreadable"),
    "empty": (lambda: b"", "cms_unreadable"),
    "cut off": (lambda: signed()[:-20], "cms_unreadable"),
    "with something behind its end": (lambda: signed() + b"\0", "cms_unreadable"),
    "nested without end": (lambda: b"\x30\x80" * 40_000, "cms_unreadable"),
    "of half a million certificates": (lambda: _crowded(500_000), "cms_too_many"),
    "no signature but a key": (lambda: bytes(x509.Certificate.load(credential().certificate).dump()), "cms_unreadable"),
}  # fmt: skip


@pytest.mark.req("NG-015")
@pytest.mark.parametrize("case", CASES)
def test_a_bad_signature_is_refused_with_its_reason(case):
    make, code = CASES[case]
    der = make()
    begun = time.process_time()
    report = checked(der)
    assert time.process_time() - begun < 1  # a stranger must not keep the server busy
    assert code in problems(report)
    assert report.verdict is not Verdict.VALID
    # Unchecked and invalid are not mixed up.
    unchecked = code in ("revocation_unknown", "anchor_unknown")
    assert report.verdict is (Verdict.UNCHECKED if unchecked else Verdict.INVALID)
    # What is said of a signature may be read by others: no number of a person is in it.
    said = "".join(text for finding in report.findings for text in finding.message)
    assert ALIYA["iin"] not in said
    assert "900202400015" not in said


def test_a_right_signature_is_valid_and_says_who_signed():
    for der in (
        signed(),
        authority().sign(credential(roles=[MAY_SIGN]), DATA, attached=True, at=NOW),
        _indefinite(signed()),
        _revoked_later(),
    ):
        report = checked(der)
        assert problems(report) == []
        assert report.verdict is Verdict.VALID
        (signer,) = report.signers
        assert (signer.bin, signer.iin) == (NGO["bin"], ALIYA["iin"])
        assert (signer.usage, signer.revocation, signer.anchor_kind) == (SIGN, "good", "test")
    assert report.has("test_authority")


def test_revocation_that_is_unknown_counts_where_the_installation_says_so():
    der = authority().sign(credential(), DATA, lists=False)
    report = checked(der, revocation_required=False)
    assert report.verdict is Verdict.VALID
    assert report.has("revocation_unknown")


@pytest.mark.once
def test_no_altered_byte_breaks_the_verifier_or_changes_who_signed():
    der = signed()
    right = Offline(authority().anchors()).verify(der, DATA, NOW).signers
    for place in range(0, len(der), 61):
        wrong = der[:place] + bytes([der[place] ^ 0x5A]) + der[place + 1 :]
        report = Offline(authority().anchors()).verify(wrong, DATA, NOW)
        # What nobody signed (a version, the list of the root) may differ; the signer may not.
        assert report.verdict is not Verdict.VALID or report.signers == right


def test_an_old_signature_is_judged_when_it_was_received():
    der = signed(not_after=NOW + DAY)
    late = NOW + 400 * DAY
    verifier = Offline(authority().anchors())
    assert problems(verifier.verify(der, DATA, late)) == ["expired"]
    report = verifier.verify(der, DATA, late, reference=NOW)
    assert (report.verdict, report.reference_source) == (Verdict.VALID, "claimed")


def test_nothing_is_valid_without_anchors():
    report = Offline().verify(signed(), DATA, NOW)
    assert (report.verdict, problems(report)) == (Verdict.UNCHECKED, ["no_anchors"])


def test_a_certificate_cannot_issue_another():
    """Whoever has a certificate for signing makes a "subordinate" one with it."""
    one = credential()
    apart = Authority(authority().roots, {"rsa": one})
    der = apart.sign(apart.issue(**ALIYA, **NGO), DATA)
    assert Offline(authority().anchors()).verify(der, DATA, NOW).verdict is not Verdict.VALID


def test_an_authority_that_may_name_some_people_only_issues_nothing_here():
    key, public = new_pair("rsa")
    abroad = x509.GeneralName("directory_name", x509.Name.build({"country_name": "RU"}))
    allowed: dict[str, tuple[bool, Any]] = {
        "key_usage": (True, x509.KeyUsage({"key_cert_sign", "crl_sign"})),
        "basic_constraints": (True, x509.BasicConstraints({"ca": True})),
    }
    limited = {
        "name_constraints": (
            False,
            x509.NameConstraints({"permitted_subtrees": [{"base": abroad}]}),
        )
    }
    verdicts = []
    for extensions in (allowed, allowed | limited):
        der = new_certificate(
            {"common_name": "SUB"}, public, authority().roots["rsa"],
            dates=(NOW - DAY, NOW + DAY), extensions=extensions,
        )  # fmt: skip
        apart = Authority(authority().roots, {"rsa": Credential(der, key, "rsa")})
        verdicts.append(checked(apart.sign(apart.issue(**ALIYA, **NGO), DATA)).verdict)
    assert (verdicts[0], verdicts[1]) == (Verdict.VALID, Verdict.INVALID)


def test_people_hand_in_pem_and_base64_too():
    der = signed()
    text = base64.encodebytes(der)
    pem = b"-----BEGIN CMS-----\r\n" + text + b"-----END CMS-----\r\n"
    assert {cms.der(der), cms.der(text), cms.der(b"\xef\xbb\xbf" + text), cms.der(pem)} == {der}
    with pytest.raises(cms.Unreadable):
        cms.der("қолтаңба".encode())


def test_a_report_goes_out_without_numbers_of_persons():
    report = checked(signed())
    assert ALIYA["iin"] in json.dumps(report.as_dict())
    assert ALIYA["iin"] not in json.dumps(report.as_dict(personal=False))
    assert ALIYA["iin"] not in repr(report)


# --- GOST: signed once and kept, since making keys and certificates takes seconds ---------------------

KEPT = json.loads(Path(__file__).with_name("gost.json").read_text())


def kept_anchors() -> Anchors:
    certificates = tuple(Certificate.load(bytes.fromhex(one)) for one in KEPT["certificates"])
    return Anchors({c.sha256: "test" for c in certificates if c.is_root}, certificates)


@pytest.mark.once
def test_gost_signatures_are_verified_in_the_byte_order_of_the_national_authority():
    der, data = bytes.fromhex(KEPT["cms"]), KEPT["data"].encode()
    verifier = Offline(kept_anchors())
    report = verifier.verify(der, data, NOW)
    assert (report.verdict, problems(report)) == (Verdict.VALID, [])
    assert report.signers[0].algorithm == "GOST R 34.10-2012 512"
    value = asn1.ContentInfo.load(der)["content"]["signer_infos"][0]["signature"].native
    wrong = der.replace(value, value[:-1] + bytes([value[-1] ^ 1]))
    report = verifier.verify(wrong, data + b" ", NOW)
    assert problems(report) == ["digest_differs", "signature_wrong"]


def test_streebog_is_that_of_the_standard():
    # RFC 6986, 10.1: the message M1, in the order of octets of a file.
    message = b"012345678901234567890123456789012345678901234567890123456789012"
    assert gost.digest(256, message).hex().startswith("9d151eefd8590b89")
    with pytest.raises(gost.Wrong):
        gost.digest(512, bytes(gost.MOST + 1))


# --- Anchors -----------------------------------------------------------------------------------------


def test_only_roots_that_are_named_with_their_hash_are_trusted(tmp_path):
    authority().write_anchors(tmp_path)
    assert Anchors.of(tmp_path).roots == authority().anchors().roots
    listed = (tmp_path / "anchors.toml").read_text()
    for wrong in (
        listed.replace('sha256 = "', 'sha256 = "00'),
        listed.replace("root_rsa.cer", "ca_rsa.cer"),
        listed.replace('"test"', '"mine"'),
        listed.replace("root_rsa.cer", "absent.cer"),
        listed + "[other]\n",
    ):
        (tmp_path / "anchors.toml").write_text(wrong)
        with pytest.raises(Unusable):
            Anchors.of(tmp_path)
    (tmp_path / "anchors.toml").unlink()
    assert Anchors.of(tmp_path).roots == {}
    assert Anchors.of(tmp_path / "absent") == Anchors()


def test_several_verifiers_must_agree():
    from ortaq.signing.verifiers import together

    right = checked(signed())
    unsure = replace(right, findings=(error("verifier_down", why="x"),))
    wrong = replace(right, findings=(error("signature_wrong"),))
    assert together([right, right]).verdict is Verdict.VALID
    assert together([right, unsure]).verdict is Verdict.UNCHECKED
    assert together([unsure, wrong, right]).verdict is Verdict.INVALID
    assert together([replace(right, signers=()), right]).verdict is Verdict.UNCHECKED
    # Ours has no network: that a service knows of no revocation is enough, that it knows of one too.
    blind = checked(authority().sign(credential(), DATA, lists=False))
    blind = replace(blind, signers=(replace(blind.signers[0], serial=right.signers[0].serial),))
    assert blind.verdict is Verdict.UNCHECKED
    assert together([blind, right]).verdict is Verdict.VALID
    assert together([blind, blind]).verdict is Verdict.UNCHECKED
    assert together([blind, checked(_revoked())]).verdict is Verdict.INVALID
    other = checked(signed())  # they looked at two certificates
    assert together([right, other]).verdict is Verdict.UNCHECKED


def test_every_sentence_has_three_languages_and_the_same_places():
    import string

    for code, texts in sentences().items():
        places = [
            {name for _, name, _, _ in string.Formatter().parse(text) if name} for text in texts
        ]
        assert all(texts), code
        assert places[0] == places[1] == places[2], code

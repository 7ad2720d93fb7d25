"""NCANode is asked, and nothing that it leaves to its caller is left out. The service is a double."""

from __future__ import annotations

import base64
import json
import time
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

import pytest

from ortaq.signing.verify.certificates import Certificate
from ortaq.signing.verify.ncanode import LARGEST, NCANode
from ortaq.signing.verify.report import Verdict
from ortaq.testing.signing import authority

from .test_verification import (
    ALIYA,
    DATA,
    NGO,
    NOW,
    _no_certificate,
    _no_signers,
    _other_content,
    altered,
    credential,
    problems,
)

GOOD = [
    {"revoked": False, "by": "OCSP", "revocationTime": None, "reason": "OK"},
    {"revoked": False, "by": "CRL", "revocationTime": None, "reason": None},
]


def answer(cms_credential, **certificate):
    """What the service says of a right signature, with something else in its certificate."""
    one = Certificate.load(cms_credential.certificate)
    return {
        "status": 200,
        "message": "OK",
        "valid": True,
        "signers": [
            {
                "certificates": [
                    {
                        "valid": True,
                        "revocations": GOOD,
                        "keyUsage": "SIGN",
                        "serialNumber": one.serial_hex,
                        "subject": {"iin": ALIYA["iin"], "bin": NGO["bin"]},
                        **certificate,
                    }
                ],
                "tsp": None,
            }
        ],
    }


class Service(BaseHTTPRequestHandler):
    said: bytes = b""
    status = 200
    pause = 0.0
    asked: list[Any] = []

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.asked.append({"path": self.path, **json.loads(body)})
        time.sleep(self.pause)
        with suppress(ConnectionError):  # the other side has waited long enough
            self.answer()

    def answer(self):
        self.send_response(self.status)
        if self.status == 302:
            self.send_header("Location", "http://127.0.0.1:1/")
        self.send_header("Content-Length", str(len(self.said)))
        self.end_headers()
        self.wfile.write(self.said)

    def log_message(self, *args):
        pass


@contextmanager
def service(said, status=200, pause=0.0):
    class Said(Service):
        pass

    Said.said = said if isinstance(said, bytes) else json.dumps(said).encode()
    Said.status, Said.pause, Said.asked = status, pause, []
    server = ThreadingHTTPServer(("127.0.0.1", 0), Said)
    server.daemon_threads = True
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", Said.asked
    finally:
        server.shutdown()
        server.server_close()


@pytest.fixture(scope="module")
def aliya():
    return credential()


def verified(said, der, **rest):
    with service(said, **rest) as (url, asked):
        return NCANode(url, timeout=0.2 if rest.get("pause") else 5).verify(der, DATA, NOW), asked


def test_a_right_signature_is_valid_and_both_sources_of_revocation_were_asked_for(aliya):
    for attached in (False, True):
        der = authority().sign(aliya, DATA, attached=attached)
        report, (asked,) = verified(answer(aliya), der)
        assert (report.verdict, problems(report)) == (Verdict.VALID, [])
        assert asked["path"] == "/cms/verify"
        assert asked["revocationCheck"] == ["OCSP", "CRL"]
        assert base64.b64decode(asked["cms"]) == der
        assert ("data" in asked) is not attached
        # BIN, IIN, role and usage are of the certificate itself, whatever the service says.
        assert report.signers[0].iin == ALIYA["iin"]
        assert report.raw["valid"] is True


UNKNOWN = [{**GOOD[0], "reason": "Unknown status"}, GOOD[1]]
REVOKED = [{**GOOD[0], "revoked": True, "revocationTime": "1970-01-01"}, GOOD[1]]
ANSWERS = {
    "valid without signers": ({"valid": True, "signers": []}, "verifier_odd"),
    "valid with a signer without certificate": (
        {"valid": True, "signers": [{"certificates": []}]},
        "verifier_odd",
    ),
    "of another certificate": ({"serialNumber": "abc"}, "verifier_odd"),
    "of a certificate that is not valid": ({"valid": False}, "verifier_refused"),
    "without a word on the certificate": ({"valid": None}, "verifier_refused"),
    "of another IIN": ({"subject": {"iin": "900202400015"}}, "verifier_odd"),
    "of another usage": ({"keyUsage": "AUTH"}, "verifier_odd"),
    "revoked false because unknown": ({"revocations": UNKNOWN}, "revocation_unknown"),
    "not asked about revocation": ({"revocations": []}, "revocation_unknown"),
    "revoked by one of two": ({"revocations": REVOKED}, "revoked"),
    "not valid as a whole": ({"status": 200, "valid": False}, "verifier_refused"),
    "without a word on validity": ({"valid": "yes", "signers": []}, "verifier_odd"),
    "no object": ([1, 2], "verifier_odd"),
    "no JSON": (b"<html>", "verifier_odd"),
    "without end": (b" " * (LARGEST + 10), "verifier_odd"),
}


@pytest.mark.parametrize("case", ANSWERS)
def test_an_answer_that_proves_nothing_is_never_valid(case, aliya):
    said, code = ANSWERS[case]
    if isinstance(said, dict) and "signers" not in said:
        whole = answer(aliya, **said)
        said = {**whole, "valid": False} if "status" in said else whole
    report, _asked = verified(said, authority().sign(aliya, DATA))
    assert problems(report)[0] == code
    wrong = code in ("revoked", "verifier_refused")
    assert report.verdict is (Verdict.INVALID if wrong else Verdict.UNCHECKED)


def test_a_service_that_is_down_slow_or_broken_leaves_it_unchecked(aliya):
    der = authority().sign(aliya, DATA)
    for status in (500, 400, 302):
        report, _asked = verified(answer(aliya), der, status=status)
        assert (report.verdict, problems(report)) == (Verdict.UNCHECKED, ["verifier_odd"])
    report, _asked = verified(answer(aliya), der, pause=0.5)
    assert (report.verdict, problems(report)) == (Verdict.UNCHECKED, ["verifier_down"])
    for url in ("http://127.0.0.1:1", "file:///etc/hostname", "http://["):
        report = NCANode(url, timeout=0.2).verify(der, DATA, NOW)
        assert (report.verdict, problems(report)) == (Verdict.UNCHECKED, ["verifier_down"])


def test_what_we_see_ourselves_is_not_asked(aliya):
    der = authority().sign(aliya, DATA)
    table = {
        "no_signers": altered(der, _no_signers),
        "no_certificate": altered(der, _no_certificate),
        "content_differs": altered(der, _other_content),
        "digest_differs": authority().sign(aliya, DATA + b" "),
        "cms_unreadable": b"rubbish",
    }
    for code, wrong in table.items():
        report, asked = verified(answer(aliya), wrong)
        assert (report.verdict, problems(report), asked) == (Verdict.INVALID, [code], [])

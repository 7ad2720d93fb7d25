"""Verification by NCANode v3 over HTTP, and everything that it leaves to its caller (interop.md 7.1).

    a   `valid: true` with no signers, or without certificates, is no signature   → our own reading counts them
    b   it judges at the present instant                                          → we ask at receipt and keep the answer
    c   key usage, BIN, role and IIN are not compared                             → read by us, compared in `checks`
    d   no word on revocation is no check                                         → both sources are always asked for
    e   `revoked: false` may mean unknown                                         → good is an OCSP answer that says OK
    f   the imprint of a timestamp is not compared                                → its time is not used
    g   content inside the CMS is taken instead of ours                           → compared byte for byte before we ask
    h   its HTTP may be down, slow or broken                                      → could not be checked, never valid

The service is tried against a double made from its published description: none can be reached from where this
was written.
"""

from __future__ import annotations

import base64
import json
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from http.client import HTTPException
from typing import Any
from urllib.error import HTTPError
from urllib.request import HTTPRedirectHandler, ProxyHandler, Request, build_opener

from ortaq.law.findings import Finding

from . import cms
from .certificates import Certificate, Unknown, Weak, digest_of
from .offline import described
from .report import Report, Signer, error, warning
from .revocation import GOOD, REVOKED, UNKNOWN

TIMEOUT = 10  # seconds for a word of the service
LONGEST = 25  # seconds for its whole answer
LARGEST = 512 * 1024  # it is kept whole; a usual one has some kilobytes
SOURCES = ("OCSP", "CRL")
FINE = "OK"  # what NCANode writes beside an answer of OCSP that says "good"


class Down(Exception):
    """No answer; the text says why."""


class Odd(Exception):
    """An answer that cannot be relied on; the text says why."""


class _NoRedirects(HTTPRedirectHandler):
    def redirect_request(self, *_args: Any, **_kwargs: Any) -> None:
        return None


@dataclass
class NCANode:
    """`url`: where the service listens, for example http://ncanode:14579. No proxy is used: it is a neighbour."""

    url: str
    revocation_required: bool = True
    timeout: float = TIMEOUT
    longest: float = LONGEST
    name: str = "ncanode/3"

    def verify(self, cms: bytes, content: bytes, now: datetime) -> Report:
        try:
            signers, findings, raw = self._verify(cms, content)
        except Down as down:
            signers, findings, raw = (), [error("verifier_down", why=str(down))], None
        except Odd as odd:
            signers, findings, raw = (), [error("verifier_odd", why=str(odd))], None
        return Report(self.name, now, now, "receipt", tuple(signers), tuple(findings), raw)

    def _verify(self, data: bytes, content: bytes) -> tuple[Sequence[Signer], list[Finding], Any]:
        try:
            parsed = cms.parse(data)
        except cms.Unreadable as unreadable:
            return (), [error(str(unreadable))], None
        findings = list(_ours(parsed, content))
        certificates = [info.certificate for info in parsed.signers if info.certificate]
        if findings:
            return [described(one, revocation=UNKNOWN) for one in certificates], findings, None
        answer = self._ask(data, content, detached=parsed.content is None)
        signers = []
        for certificate, said in _matched(answer, certificates):
            known = _revocation(said)
            findings += _theirs(certificate, said, known, required=self.revocation_required)
            signers.append(
                described(certificate, revocation=known, revocation_source="OCSP + CRL (NCANode)")
            )
        if answer["valid"] is not True:
            findings.append(error("verifier_refused", why=_short(answer.get("message"))))
        return signers, findings, answer

    def _ask(self, data: bytes, content: bytes, *, detached: bool) -> dict[str, Any]:
        body = {"cms": base64.b64encode(data).decode(), "revocationCheck": list(SOURCES)}
        if detached:
            body["data"] = base64.b64encode(content).decode()
        status, text = self._post("/cms/verify", json.dumps(body).encode())
        try:
            answer = json.loads(text)
        except (ValueError, RecursionError) as error_:
            raise Odd(f"HTTP {status}, no JSON") from error_
        if not isinstance(answer, dict):
            raise Odd(f"HTTP {status}, no object")
        if status != 200:
            raise Odd(f"HTTP {status}: {_short(answer.get('message'))}")
        if not isinstance(answer.get("valid"), bool):
            raise Odd("no word on validity")
        return answer

    def _post(self, path: str, body: bytes) -> tuple[int, bytes]:
        if not self.url.startswith(("http://", "https://")):
            raise Down("ORTAQ_NCANODE_URL")
        opener = build_opener(_NoRedirects, ProxyHandler({}))
        until = time.monotonic() + self.longest
        try:
            request = Request(  # noqa: S310  (looked at above)
                self.url.rstrip("/") + path,
                body,
                {"Content-Type": "application/json", "Accept": "application/json"},
            )
            with opener.open(request, timeout=self.timeout) as response:
                return response.status, self._read(response, until)
        except HTTPError as refused:
            with refused:
                return refused.code, self._read(refused, until)
        except (OSError, HTTPException, ValueError) as error_:
            raise Down(type(error_).__name__) from error_

    def _read(self, response: Any, until: float) -> bytes:
        found = b""
        while piece := response.read1(64 * 1024):
            found += piece
            if len(found) > LARGEST:
                raise Odd("an answer without end")
            if time.monotonic() > until:
                raise Down("timeout")
        return found


def _ours(parsed: cms.Parsed, content: bytes) -> Iterator[Finding]:
    """What we see without the service, and it does not say: (a), (g)."""
    if not parsed.signers:
        yield error("no_signers")
    if any(info.certificate is None for info in parsed.signers):
        yield error("no_certificate")
    if any(not info.attributes or info.content_types != (cms.DATA,) for info in parsed.signers):
        yield error("no_signed_attributes")
    if parsed.content is not None and parsed.content != content:
        yield error("content_differs")
    for info in parsed.signers:
        with suppress(Unknown, Weak):  # the service may know an algorithm that we do not
            if info.message_digests and info.message_digests != (digest_of(info.digest, content),):
                yield error("digest_differs")
    if parsed.content_type != cms.DATA:
        yield error("cms_not_signed")


def _matched(
    answer: Mapping[str, Any], certificates: Sequence[Certificate]
) -> Iterator[tuple[Certificate, Mapping[str, Any]]]:
    """Each of our signers with what the service says of its certificate; `Odd` when they do not fit."""
    signers = answer.get("signers")
    if not isinstance(signers, list) or len(signers) != len(certificates):
        raise Odd("the number of signers differs")
    said: dict[str, Mapping[str, Any]] = {}
    for signer in signers:
        rows = signer.get("certificates") if isinstance(signer, dict) else None
        if not isinstance(rows, list) or not rows or not all(isinstance(r, dict) for r in rows):
            raise Odd("a signer without a certificate")
        for row in rows:
            said[str(row.get("serialNumber", "")).lower().lstrip("0")] = row
    for certificate in certificates:
        row = said.get(certificate.serial_hex) or said.get(str(certificate.serial)) or {}
        if not row:
            raise Odd("another certificate")
        yield certificate, row


def _theirs(
    certificate: Certificate, said: Mapping[str, Any], known: str, *, required: bool
) -> Iterator[Finding]:
    if said.get("valid") is not True:
        yield error("verifier_refused", why=certificate.name)
    usage = said.get("keyUsage")
    if usage in ("SIGN", "AUTH") and usage != certificate.usage:
        yield error("verifier_odd", why=f"keyUsage {usage}")
    subject = said.get("subject")
    for name in ("bin", "iin"):
        theirs = subject.get(name) if isinstance(subject, dict) else None
        if theirs and str(theirs) != getattr(certificate, name):
            yield error("verifier_odd", why=name.upper())
    if known == REVOKED:
        yield error("revoked", name=certificate.name, since=_since(said), source="NCANode")
    elif known == UNKNOWN:
        say = error if required else warning
        yield say("revocation_unknown", name=certificate.name)


def _revocation(said: Mapping[str, Any]) -> str:
    """(d), (e): revoked by any source; good when OCSP says so in words; else unknown."""
    rows = said.get("revocations")
    rows = [r for r in rows if isinstance(r, dict)] if isinstance(rows, list) else []
    if any(row.get("revoked") is not False for row in rows):
        return REVOKED if any(row.get("revoked") is True for row in rows) else UNKNOWN
    asked = [row for row in rows if row.get("by") == "OCSP"]
    return GOOD if asked and all(row.get("reason") == FINE for row in asked) else UNKNOWN


def _since(said: Mapping[str, Any]) -> str:
    times = [r.get("revocationTime") for r in said.get("revocations") or () if r.get("revoked")]
    return _short(times[0]) if times else "-"


def _short(text: Any) -> str:
    return str(text)[:80] if text else "-"

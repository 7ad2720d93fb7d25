"""Verification in Python alone: RSA and GOST-2015, chain, validity, key usage, revocation from lists at hand.

The certified tool of the country is another (interop.md 7.2): this is a check before it and beside it, and the
one that an outsider runs on a package.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import pairwise

from ortaq.law.findings import Finding

from . import cms, revocation, timestamp
from .anchors import Anchors
from .certificates import NAMES, Certificate, Unknown, Weak, digest_of, signed
from .report import Report, Signer, error, notice, warning

LONGEST_CHAIN = 4
# Seconds of our own work; half a second is a signature in GOST, and a chain of it is remembered.
BUDGET = 5
# Clocks differ: a certificate made a minute ago is not "not yet valid".
SLACK = timedelta(minutes=5)


class TooSlow(Exception):
    """Checking would take longer than anybody waits."""


@dataclass
class Offline:
    """`revocation_required`: without it, unknown revocation is only a warning.

    `trusted_time`: an instant that the caller vouches for (the receipt) instead of the present one.
    """

    anchors: Anchors = field(default_factory=Anchors)
    revocation_required: bool = True
    name: str = "ortaq-offline/1"

    def verify(
        self, cms: bytes, content: bytes, now: datetime, *, reference: datetime | None = None
    ) -> Report:
        """`reference`: the instant at which certificates are judged, for old signatures; default `now`."""
        return _Run(self, content, now, reference or now).report(cms)


class _Run:
    """One verification."""

    def __init__(self, of: Offline, content: bytes, now: datetime, reference: datetime) -> None:
        self.of, self.content, self.now, self.reference = of, content, now, reference
        self.source = "receipt" if reference == now else "claimed"
        # What every signer is judged at who brings no timestamp of their own.
        self.given = reference
        self.until = time.thread_time() + BUDGET
        self.findings: list[Finding] = []

    def report(self, data: bytes) -> Report:
        signers: list[Signer] = []
        try:
            parsed = cms.parse(data)
            self._content(parsed)
            if not parsed.signers:
                self.findings.append(error("no_signers"))
            for number, info in enumerate(parsed.signers, 1):
                about = f"signer {number}" if len(parsed.signers) > 1 else ""
                signers.append(_Signature(self, parsed, info, about).signer())
        except cms.Unreadable as unreadable:
            self.findings.append(error(str(unreadable)))
        except TooSlow:
            self.findings.append(error("too_slow"))
        except revocation.UNREADABLE:  # something deep inside that nobody writes by mistake
            self.findings.append(error("cms_unreadable"))
        return Report(
            self.of.name,
            self.now,
            self.reference,
            self.source,
            tuple(signers),
            tuple(self.findings),
        )

    def _content(self, parsed: cms.Parsed) -> None:
        if parsed.content is not None and parsed.content != self.content:
            self.findings.append(error("content_differs"))
        if parsed.content_type != cms.DATA:
            self.findings.append(error("cms_not_signed"))

    def tick(self) -> None:
        if time.thread_time() > self.until:
            raise TooSlow


class _Signature:
    """One signer of one verification."""

    def __init__(self, run: _Run, parsed: cms.Parsed, info: cms.SignerInfo, about: str) -> None:
        self.run, self.parsed, self.info, self.about = run, parsed, info, about
        self.anchors = run.of.anchors
        self.at = run.given

    def say(self, finding: Finding) -> None:
        self.run.findings.append(finding)

    def signer(self) -> Signer:
        certificate = self.info.certificate
        if certificate is None:
            self.say(error("no_certificate", self.about))
            return Signer()
        self._signature(certificate)
        self._time()
        chain = self._chain(certificate)
        self._validity(chain or [certificate])
        root = chain[-1] if chain else None
        kind = self.anchors.roots.get(root.sha256, "") if root else ""
        said = self._revocation(chain) if chain else revocation.Status(revocation.UNKNOWN)
        if kind == "test":
            self.say(warning("test_authority", self.about))
        return described(
            certificate,
            claimed_at=self.info.claimed_at.isoformat() if self.info.claimed_at else "",
            anchor=root.sha256 if root else "",
            anchor_kind=kind,
            revocation=said.status,
            revocation_source=said.source,
        )

    def _signature(self, certificate: Certificate) -> None:
        info = self.info
        if not info.attributes:
            self.say(error("no_signed_attributes", self.about))
            return
        if info.content_types != (cms.DATA,):
            self.say(error("no_signed_attributes", self.about))
        named = info.certificate_sha256
        if named is not None and named.hex() != certificate.sha256:
            self.say(error("other_certificate", self.about))
        self.run.tick()
        try:
            if info.message_digests != (digest_of(info.digest, self.run.content),):
                self.say(error("digest_differs", self.about))
            right = any(
                signed(certificate.der, info.algorithm, data, info.signature, info.digest)
                for data in info.attributes
            )
        except Unknown as unknown:
            self.say(error("algorithm_unknown", self.about, algorithm=str(unknown)))
        except Weak as weak:
            self.say(error("algorithm_weak", self.about, algorithm=str(weak)))
        except revocation.UNREADABLE:
            self.say(error("signature_wrong", self.about))
        else:
            if not right:
                self.say(error("signature_wrong", self.about))

    def _time(self) -> None:
        """A timestamp that holds moves the instant at which certificates are judged."""
        for token in self.info.timestamps:
            self.run.tick()
            stamp = timestamp.read(token, self.info.signature)
            chain = self._path(stamp.by, stamp.certificates) if stamp else None
            if (
                stamp
                and chain
                and stamp.at <= self.run.now + SLACK
                and all(one.holds_at(stamp.at) for one in chain)
            ):
                self.at = stamp.at
                self.run.reference, self.run.source = stamp.at, "timestamp"
                return
            self.say(notice("timestamp_not_checked", self.about))

    def _chain(self, certificate: Certificate) -> list[Certificate] | None:
        if not self.anchors.roots:
            self.say(error("no_anchors", self.about))
            return None
        chain = self._path(certificate, self.parsed.certificates)
        if chain is None:
            self.say(
                error(self._why_no_chain(certificate), self.about, issuer=certificate.issuer_name)
            )
        return chain

    def _why_no_chain(self, certificate: Certificate) -> str:
        """A chain that ends in a stranger is foreign; one that ends in nothing cannot be judged."""
        known, seen = [*self.parsed.certificates, *self.anchors.certificates], set()
        while certificate.sha256 not in seen:
            seen.add(certificate.sha256)
            if certificate.is_root:
                return "foreign_root"
            above = [c for c in known if c.may_have_issued(certificate)]
            if not above:
                return "anchor_unknown"
            certificate = above[0]
        return "foreign_root"

    def _path(
        self, certificate: Certificate, beside: Sequence[Certificate]
    ) -> list[Certificate] | None:
        """From a certificate up to a trusted root, every link signed and allowed."""
        known = {c.sha256: c for c in (*self.anchors.certificates, *beside)}.values()
        return self._up([certificate], known)

    def _up(
        self, path: list[Certificate], known: Iterable[Certificate]
    ) -> list[Certificate] | None:
        last = path[-1]
        if last.sha256 in self.anchors.roots:
            return path
        if len(path) >= LONGEST_CHAIN:
            return None
        for above in known:
            between = len(path) - 1
            if above in path or (above.below is not None and between > above.below):
                continue
            if above.strange or not above.may_have_issued(last) or not self._issued(above, last):
                continue
            if found := self._up([*path, above], known):
                return found
        return None

    def _issued(self, above: Certificate, below: Certificate) -> bool:
        self.run.tick()
        try:
            return above.issued(below)
        except Unknown as unknown:
            self.say(error("algorithm_unknown", self.about, algorithm=str(unknown)))
        except Weak as weak:
            self.say(error("algorithm_weak", self.about, algorithm=str(weak)))
        except revocation.UNREADABLE:
            pass
        return False

    def _validity(self, chain: Sequence[Certificate]) -> None:
        for one in chain:
            if one.not_after < self.at:
                self.say(error("expired", self.about, name=one.name, until=_day(one.not_after)))
            if one.not_before > self.at + SLACK:
                self.say(
                    error("not_yet_valid", self.about, name=one.name, start=_day(one.not_before))
                )
        if chain[0].strange:
            self.say(
                error("strange_certificate", self.about, extensions=", ".join(chain[0].strange))
            )

    def _revocation(self, chain: Sequence[Certificate]) -> revocation.Status:
        """That of the signer; those between are judged too."""
        lists = list(self._lists())
        of_signer = revocation.Status(revocation.UNKNOWN)
        for number, (one, above) in enumerate(pairwise(chain)):
            self.run.tick()
            said = revocation.status(
                one,
                above,
                at=self.at,
                now=self.run.now + SLACK,
                lists=lists,
                answers=self.parsed.answers,
            )
            if number == 0:
                of_signer = said
            if said.status == revocation.REVOKED:
                since = _day(said.at) if said.at else "-"
                self.say(
                    error("revoked", self.about, name=one.name, since=since, source=said.source)
                )
            elif said.at and self.run.given != self.run.now and self.at == self.run.given:
                self.say(
                    error(
                        "revoked_since",
                        self.about,
                        name=one.name,
                        since=_day(said.at),
                        source=said.source,
                    )
                )
            elif said.status == revocation.UNKNOWN:
                say = error if self.run.of.revocation_required else warning
                self.say(say("revocation_unknown", self.about, name=one.name))
        return of_signer

    def _lists(self) -> Iterator[revocation.CRL]:
        for where, ders in (("CMS", self.parsed.lists), ("file", self.anchors.lists)):
            for der in ders:
                if one := revocation.read_list(der, where):
                    yield one


def described(certificate: Certificate, **more: str) -> Signer:
    """The signer as the certificate describes them."""
    return Signer(
        name=certificate.name,
        organisation=certificate.organisation,
        bin=certificate.bin,
        iin=certificate.iin,
        email=certificate.email,
        issuer=certificate.issuer_name,
        serial=certificate.serial_hex,
        algorithm=NAMES.get(certificate.algorithm, certificate.algorithm),
        usage=certificate.usage,
        roles=certificate.roles,
        not_before=certificate.not_before.isoformat(),
        not_after=certificate.not_after.isoformat(),
        **more,
    )


def _day(instant: datetime) -> str:
    return instant.strftime("%d.%m.%Y")

"""What a verifier answers. The same on a page, in the database, in a package and on the command line."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import Any, Protocol

from ortaq.law.findings import Finding, Severity

from .wording import wording


class Verdict(StrEnum):
    """The worst of several wins: invalid over unchecked over valid."""

    VALID = "valid"
    INVALID = "invalid"
    UNCHECKED = "unchecked"


# Findings with these codes do not make a signature false: it could not be checked.
UNCHECKED_CODES = {
    "revocation_unknown", "no_anchors", "anchor_unknown", "algorithm_unknown", "verifier_down",
    "verifier_odd", "revoked_since",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Signer:
    """One signer and the certificate they signed with. `iin` is personal data."""

    name: str = ""
    organisation: str = ""
    bin: str = ""
    iin: str = field(default="", repr=False)
    email: str = ""
    issuer: str = ""
    serial: str = ""  # hexadecimal
    algorithm: str = ""
    usage: str = ""  # SIGN, AUTH or UNKNOWN
    roles: tuple[str, ...] = ()  # OIDs of extended key usage
    not_before: str = ""  # ISO
    not_after: str = ""
    claimed_at: str = ""  # what the signer's own machine wrote; proves nothing
    anchor: str = ""  # sha256 of the root
    anchor_kind: str = ""  # prod or test
    revocation: str = ""  # good, revoked, unknown
    revocation_source: str = ""

    def as_dict(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in self.__slots__} | {"roles": list(self.roles)}

    @classmethod
    def of(cls, kept: Mapping[str, Any]) -> Signer:
        return cls(**{**kept, "roles": tuple(kept.get("roles", ()))})


@dataclass(frozen=True, slots=True)
class Report:
    """All that one verification found. The verdict follows from the findings alone."""

    verifier: str  # name and version
    at: datetime  # when it was verified
    reference: datetime  # the instant that certificates were judged at
    reference_source: str  # "receipt", "timestamp"
    signers: tuple[Signer, ...] = ()
    findings: tuple[Finding, ...] = ()
    raw: Any = None  # the answer of a service, as it came

    @property
    def verdict(self) -> Verdict:
        wrong = [f for f in self.findings if f.severity is Severity.ERROR]
        if any(f.code not in UNCHECKED_CODES for f in wrong):
            return Verdict.INVALID
        if wrong or not self.signers:
            return Verdict.UNCHECKED
        return Verdict.VALID

    def having(self, more: Iterable[Finding]) -> Report:
        """The same report with further findings."""
        return replace(self, findings=(*self.findings, *more))

    def has(self, *codes: str) -> bool:
        return any(f.code in codes for f in self.findings)

    def as_dict(self, *, personal: bool = True) -> dict[str, Any]:
        """For JSON. Without `personal` no IIN, e-mail address or raw answer of a service is in it."""
        kept = {
            "verdict": self.verdict.value,
            "verifier": self.verifier,
            "at": self.at.isoformat(),
            "reference": self.reference.isoformat(),
            "reference_source": self.reference_source,
            "signers": [signer.as_dict() for signer in self.signers],
            "findings": [finding.as_dict() for finding in self.findings],
            "raw": self.raw,
        }
        return kept if personal else without_personal(kept)


def without_personal(kept: Mapping[str, Any]) -> dict[str, Any]:
    """A report as `as_dict` wrote it, without IIN, e-mail addresses and the raw answer of a service."""
    signers = [{**signer, "iin": "", "email": ""} for signer in kept["signers"]]
    return {**kept, "signers": signers, "raw": None}


class Verifier(Protocol):
    """Says what a CMS is worth: never raises for bad input, whatever it is."""

    name: str

    def verify(self, cms: bytes, content: bytes, now: datetime) -> Report: ...


def error(code: str, about: str = "", **numbers: Any) -> Finding:
    """A finding that stops, in the words of wording.toml."""
    return Finding(code, Severity.ERROR, wording(code, **numbers), numbers=numbers, about=about)


def warning(code: str, about: str = "", **numbers: Any) -> Finding:
    return Finding(code, Severity.WARNING, wording(code, **numbers), numbers=numbers, about=about)


def notice(code: str, about: str = "", **numbers: Any) -> Finding:
    return Finding(code, Severity.NOTICE, wording(code, **numbers), numbers=numbers, about=about)

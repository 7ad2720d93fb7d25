"""Whose signature it is, compared with whose it should be: no verifier does this for us (interop.md 7.1)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from ortaq.law.findings import Finding

from .report import Report, Signer, error, warning

SIGN, AUTH = "SIGN", "AUTH"


@dataclass(frozen=True, slots=True)
class Wanted:
    """Who should have signed: an organisation's BIN, a person's IIN, one of the role OIDs, the usage."""

    bin: str = ""
    iin: str = field(default="", repr=False)
    roles: Sequence[str] = ()
    usage: str = SIGN


def compare(report: Report, wanted: Wanted) -> Report:
    """The report with a finding for every difference, of every signer."""
    return report.having(
        finding for signer in report.signers for finding in _differences(signer, wanted)
    )


def _differences(signer: Signer, wanted: Wanted) -> Iterator[Finding]:
    if signer.usage != wanted.usage:
        yield error("authentication_certificate" if wanted.usage == SIGN else "signing_certificate")
    if wanted.bin and signer.bin != wanted.bin:
        if signer.bin:
            yield error("other_bin", bin=signer.bin, wanted=wanted.bin)
        else:
            yield error("no_bin", wanted=wanted.bin)
    # The numbers themselves are not said: a page may be seen by others.
    if wanted.iin and signer.iin != wanted.iin:
        yield error("other_iin")
    if not wanted.iin and not wanted.bin:
        yield error("nobody_to_compare")
    if not wanted.iin and wanted.bin:
        yield warning("iin_not_compared")
    if wanted.roles and not set(wanted.roles) & set(signer.roles):
        yield error("other_role")

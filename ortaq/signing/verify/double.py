"""For tests: answers what it was told, and remembers what it was asked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from ortaq.law.findings import Finding

from .checks import SIGN
from .report import Report, Signer


@dataclass
class Double:
    """Set `signers` and `findings`; every CMS gets the same answer."""

    signers: Sequence[Signer] = (Signer(name="TEST", usage=SIGN, revocation="good"),)
    findings: Sequence[Finding] = ()
    asked: list[tuple[bytes, bytes]] = field(default_factory=list)
    name: str = "double/1"

    def verify(self, cms: bytes, content: bytes, now: datetime) -> Report:
        self.asked.append((cms, content))
        return Report(self.name, now, now, "receipt", tuple(self.signers), tuple(self.findings))

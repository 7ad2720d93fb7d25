"""Which verifiers this installation asks: several must agree, and the worst verdict wins."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.conf import settings
from django.utils.module_loading import import_string

from .verify.report import Report, Verifier

SHORT = {"offline": "ortaq.signing.verifiers.offline", "ncanode": "ortaq.signing.verifiers.ncanode"}


def offline() -> Verifier:
    """The one in Python, with the anchors of this installation."""
    from .verify.offline import Offline

    return Offline()


def chosen() -> list[Verifier]:
    """The verifiers of the setting `ORTAQ_SIGNATURE_VERIFIER`, in its order."""
    return [import_string(SHORT.get(word, word))() for word in settings.ORTAQ_SIGNATURE_VERIFIER]


def verify(cms: bytes, content: bytes, now: datetime) -> Report:
    """What all chosen verifiers together say."""
    return together([one.verify(cms, content, now) for one in chosen()])


def together(reports: Sequence[Report]) -> Report:
    """One report of several: its signers are those of the first that found any, its findings all."""
    first = next((r for r in reports if r.signers), reports[0])
    if len(reports) == 1:
        return first
    others = [r for r in reports if r is not first]
    report = first.having(f for r in others for f in r.findings)
    return Report(
        " + ".join(r.verifier for r in reports),
        report.at, report.reference, report.reference_source, report.signers, report.findings,
        [r.raw for r in reports if r.raw is not None] or None,
    )  # fmt: skip

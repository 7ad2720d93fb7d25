"""Which verifiers this installation asks: several must agree, and the worst verdict wins."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core import checks
from django.utils.module_loading import import_string

from ortaq.law.findings import Severity, stops

from .verify.anchors import Anchors, Unusable
from .verify.ncanode import NCANode
from .verify.offline import Offline
from .verify.report import Report, Verifier, error
from .verify.revocation import GOOD

logger = logging.getLogger(__name__)
SHORT = {"offline": "ortaq.signing.verifiers.offline", "ncanode": "ortaq.signing.verifiers.ncanode"}
REQUIRED, OPTIONAL = "required", "optional"


def offline() -> Verifier:
    """The one in Python, with the anchors of this installation."""
    try:
        trusted = anchors()
    except Unusable:
        # `ortaq check` tells the administrator; until it is mended a signature could not be checked.
        logger.exception("ORTAQ_SIGNING_ANCHORS cannot be used")
        trusted = Anchors()
    return Offline(trusted, settings.ORTAQ_SIGNING_REVOCATION != OPTIONAL)


def ncanode() -> Verifier:
    """The service at `ORTAQ_NCANODE_URL`."""
    return NCANode(settings.ORTAQ_NCANODE_URL, settings.ORTAQ_SIGNING_REVOCATION != OPTIONAL)


def anchors() -> Anchors:
    """Whom this installation trusts. `Unusable`. A demonstration trusts its own authority too."""
    found = _anchors(*_stamp(settings.ORTAQ_SIGNING_ANCHORS))
    if settings.DEMO:
        found += _anchors(*_stamp(settings.ORTAQ_SIGNING_AUTHORITY / "anchors"))
    return found


def _stamp(folder: Path) -> tuple[Path, tuple[tuple[str, int], ...]]:
    """The folder and when its files were written: lists of revoked certificates are renewed while we run."""
    files = sorted(folder.iterdir()) if folder.is_dir() else []
    return folder, tuple((path.name, path.stat().st_mtime_ns) for path in files)


@lru_cache(maxsize=4)
def _anchors(folder: Path, _stamp: object) -> Anchors:
    return Anchors.of(folder)


def chosen() -> list[Verifier]:
    """The verifiers of the setting `ORTAQ_SIGNATURE_VERIFIER`, in its order."""
    return [import_string(SHORT.get(word, word))() for word in settings.ORTAQ_SIGNATURE_VERIFIER]


def verify(cms: bytes, content: bytes, now: datetime) -> Report:
    """What all chosen verifiers together say."""
    return together([one.verify(cms, content, now) for one in chosen()])


def together(reports: Sequence[Report]) -> Report:
    """One report of several: all their findings, and the worst verdict. Only of revocation it is enough that one
    knows: ours has no network, a service has. They must have seen the same certificates.
    """
    if len(reports) == 1:
        return reports[0]
    knowing = [one for one in reports if _knows_revocation(one)]
    first = next((one for one in (*knowing, *reports) if one.signers), reports[0])
    findings = [f for one in (first, *(r for r in reports if r is not first)) for f in one.findings]
    if knowing:
        findings = [
            replace(f, severity=Severity.WARNING) if f.code == "revocation_unknown" else f
            for f in findings
        ]
    names = " + ".join(one.verifier for one in reports)
    seen = {tuple(sorted(signer.serial for signer in one.signers)) for one in reports}
    if len(seen) > 1 and not stops(findings):
        findings.append(error("verifier_odd", why=names))
    raw = [one.raw for one in reports if one.raw is not None] or None
    return replace(first, verifier=names, findings=tuple(findings), raw=raw)


def _knows_revocation(report: Report) -> bool:
    good = [signer.revocation == GOOD for signer in report.signers]
    return bool(good) and all(good) and not report.has("revocation_unknown")


def check_settings(app_configs: Any = None, **kwargs: Any) -> list[checks.CheckMessage]:
    """A system check: verifiers that exist, a known word for revocation, anchors that are as they say."""
    found: list[checks.CheckMessage] = []
    if not settings.ORTAQ_SIGNATURE_VERIFIER:
        found.append(checks.Error("ORTAQ_SIGNATURE_VERIFIER names no verifier.", id="signing.E002"))
    for word in settings.ORTAQ_SIGNATURE_VERIFIER:
        try:
            import_string(SHORT.get(word, word))
        except ImportError:
            known = ", ".join(SHORT)
            found.append(
                checks.Error(
                    f"ORTAQ_SIGNATURE_VERIFIER: “{word}” is no verifier. Known: {known}.",
                    id="signing.E002",
                )
            )
    if settings.ORTAQ_SIGNING_REVOCATION not in (REQUIRED, OPTIONAL):
        found.append(
            checks.Error(
                f"ORTAQ_SIGNING_REVOCATION: “{settings.ORTAQ_SIGNING_REVOCATION}” is neither "
                f"“{REQUIRED}” nor “{OPTIONAL}”.",
                id="signing.E003",
            )
        )
    try:
        roots = anchors().roots
        if "test" in roots.values() and not settings.DEMO:
            found.append(
                checks.Warning(
                    "A test root is trusted: whoever has a test certificate could sign, and sign in as "
                    "whoever joined that IIN. Such signatures have no legal force.",
                    hint="Take the anchors with kind = “test” out of ORTAQ_SIGNING_ANCHORS.",
                    id="signing.W002",
                )
            )
        # A demonstration makes an authority of its own.
        trusts_nobody = not roots and not settings.DEMO
        wanted = any(word.endswith("=required") for word in settings.ORTAQ_SIGNATURES)
        if trusts_nobody and wanted and "offline" in settings.ORTAQ_SIGNATURE_VERIFIER:
            found.append(
                checks.Warning(
                    "Electronic signatures are required, but no root certificate is trusted: "
                    "none could be checked.",
                    hint="See ortaq/signing/anchors/README.md.",
                    id="signing.W001",
                )
            )
    except Unusable as error_:
        found.append(checks.Error(f"ORTAQ_SIGNING_ANCHORS: {error_}", id="signing.E004"))
    return found

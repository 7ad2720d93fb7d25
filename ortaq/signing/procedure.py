"""A signature is received: verified outside the transaction, compared with who should sign, kept in it."""

from __future__ import annotations

import hashlib
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from ortaq.core import clock, journal
from ortaq.core.procedure import Refused, Step, locked, not_yours
from ortaq.law.findings import Finding, Severity, plain

from . import modes, requirement, verifiers
from .models import Manifest, Signature, Verdict
from .occasions import Occasion, Party
from .verify import checks
from .verify.report import Report, error

SIGN = Step("signed", _("Sign electronically"), source=(), target=None, by=lambda _a, _o: True)
# A CMS over a manifest has some kilobytes; a chain and a timestamp make it some tens.
MOST = 1024 * 1024
# Refused attempts of one person on one object that are kept (each with its bytes).
MOST_REFUSED = 20


def receive(
    occasion: Occasion,
    obj: Any,
    *,
    actor: Any,
    cms: bytes,
    party: str = "",
    now: datetime | None = None,
) -> Signature:
    """Keep the CMS (DER) that `actor` hands in for the object as it is now, with its verification.

    A signature that is not valid is kept too, with its reasons (`Signature.findings`), and never counts. The
    same CMS twice is one row; one that could not be checked is then checked again. `party`: which part, for
    whoever may sign for several. `Refused` when it is not theirs to sign, signing is off, the CMS is larger
    than `MOST` or too many attempts were refused.
    """
    now = now or clock.now()
    mine = _may(occasion, obj, actor, party, cms)
    data = occasion.manifest(obj)
    subject, digest = occasion.subject(obj), hashlib.sha256(cms).hexdigest()
    known = _known(subject, occasion.key, data, digest)
    if known is not None and known.verdict != Verdict.UNCHECKED:
        return known
    if known is None:
        _not_too_many(subject, occasion.key, actor)
    report = judge(cms, data, mine, actor, now)
    with transaction.atomic():
        row = locked(type(obj), obj.pk)
        manifest = _manifest(subject, occasion.key, occasion.what(obj).version, data, now)
        signature = _known(subject, occasion.key, data, digest) or Signature(
            manifest=manifest,
            party=mine.key,
            actor=getattr(actor, "user", None),
            cms=cms,
            cms_sha256=digest,
            received_at=now,
        )
        if signature.pk and signature.verdict != Verdict.UNCHECKED:
            return signature
        _write(signature, report)
        if signature.is_valid:
            journal.append(
                row,
                "signed",
                actor=actor.key,
                behalf=actor.behalf,
                at=now,
                facts={
                    "occasion": occasion.key,
                    "party": mine.key,
                    "manifest": manifest.sha256,
                    "cms": digest,
                },
            )
            if occasion.signed:
                occasion.signed(row, signature)
    return signature


def judge(cms: bytes, data: bytes, party: Party, actor: Any, now: datetime) -> Report:
    """What the verifiers say of a CMS over `data`, compared with the party and the person who hands it in."""
    report = verifiers.verify(cms, data, now)
    iin = party.iin or getattr(getattr(actor, "user", None), "iin", None) or ""
    wanted = checks.Wanted(party.bin or "", iin, party.wanted_roles)
    return checks.compare(report, wanted)


def _may(occasion: Occasion, obj: Any, actor: Any, party: str, cms: bytes) -> Party:
    mine = occasion.party_of(actor, obj, party)
    if mine is None:
        raise Refused(SIGN, [not_yours(SIGN)])
    if requirement.mode(occasion, obj) == modes.OFF or not occasion.open(obj):
        raise Refused(
            SIGN,
            [
                Finding(
                    "signing_closed", Severity.ERROR, _("This is not signed electronically now.")
                )
            ],
        )
    if not cms or len(cms) > MOST:
        raise Refused(SIGN, [error("cms_size", size=len(cms), most=MOST)])
    return mine


def _known(subject: str, context: str, data: bytes, digest: str) -> Signature | None:
    return (
        Signature.objects.filter(
            manifest__subject=subject,
            manifest__context=context,
            manifest__sha256=hashlib.sha256(data).hexdigest(),
            cms_sha256=digest,
        )
        .select_related("manifest")
        .first()
    )


def _not_too_many(subject: str, context: str, actor: Any) -> None:
    refused = Signature.objects.filter(
        manifest__subject=subject, manifest__context=context, actor=getattr(actor, "user", None)
    ).exclude(verdict=Verdict.VALID)
    if refused.count() >= MOST_REFUSED:
        raise Refused(SIGN, [error("too_many_refused", most=MOST_REFUSED)])


def _manifest(
    subject: str, context: str, version: int | str, data: bytes, now: datetime
) -> Manifest:
    manifest, _made = Manifest.objects.get_or_create(
        subject=subject,
        context=context,
        sha256=hashlib.sha256(data).hexdigest(),
        defaults={"version": str(version), "data": data, "made_at": now},
    )
    return manifest


def _write(signature: Signature, report: Report) -> None:
    signature.report = plain(report.as_dict())
    signature.verdict = report.verdict.value
    signature.checked_at = report.at
    signature.signed_at, signature.time_source = report.reference, report.reference_source
    if report.signers:
        first = report.signers[0]
        signature.signer_name, signature.signer_organisation = first.name, first.organisation
        signature.signer_bin, signature.signer_iin = first.bin, first.iin
        signature.roles, signature.serial = list(first.roles), first.serial
        signature.algorithm = first.algorithm
        signature.revocation = first.revocation
        signature.revocation_source = first.revocation_source
    signature.save()

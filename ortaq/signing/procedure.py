"""A signature is received: verified outside the transaction, compared with who should sign, kept in it."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.core.exceptions import ObjectDoesNotExist
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from ortaq.core import clock, journal
from ortaq.core.procedure import SYSTEM, Refused, Step, clock_behind, locked, not_yours
from ortaq.law.findings import Finding, Severity, plain

from . import modes, occasions, requirement, verifiers
from .manifest import read
from .models import Manifest, Signature, Verdict
from .occasions import Occasion, Party
from .queries import signatures_of
from .verify import checks
from .verify.report import Report, error

SIGN = Step("signed", _("Sign electronically"), source=(), target=None, by=lambda _a, _o: True)
# A CMS over a manifest has some kilobytes; a chain and a timestamp make it some tens.
MOST = 1024 * 1024
# Refused attempts of one person on one object that are kept (each with its bytes).
MOST_REFUSED = 20
# The same CMS is judged again when it is sent again, but not sooner than this after the last time.
SOON = timedelta(minutes=1)
# What could not be checked is tried again: how soon, for how long, how many in one run.
AGAIN, AS_LONG, AT_ONCE = timedelta(minutes=10), timedelta(days=30), 20


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
    same CMS twice is one row; one that was not valid is then judged again, at most once in `SOON`. `party`: which part, for
    whoever may sign for several. `Refused` when it is not theirs to sign, signing is off, the CMS is larger
    than `MOST` or too many attempts were refused.
    """
    now = now or clock.now()
    mine = _may(occasion, obj, actor, party, cms)
    data = occasion.manifest(obj)
    known = _known(occasion, obj, data, mine, cms)
    if known is not None and (known.is_valid or not _due(known, now)):
        return known
    if known is None:
        _not_too_many(occasion, obj, actor)
    report = judge(cms, data, mine, getattr(actor, "user", None), now)
    with transaction.atomic():
        try:
            row = locked(type(obj), obj.pk)
        except ObjectDoesNotExist:  # a draft that was discarded while we verified
            raise Refused(SIGN, [_closed()]) from None
        if late := clock_behind(now):
            raise Refused(SIGN, [late])
        if not occasion.open(row):  # likewise
            raise Refused(SIGN, [_closed()])
        signature = _known(occasion, obj, data, mine, cms) or Signature(
            manifest=_manifest(occasion, obj, data, now),
            party=mine.key,
            actor=getattr(actor, "user", None),
            cms=cms,
            cms_sha256=_sha256(cms),
            received_at=now,
        )
        if not signature.is_valid:
            _judged(signature, report, occasion, row, actor)
    return signature


@dataclass(frozen=True, slots=True)
class Rechecked:
    """Signatures whose verdict is another now (`closed`, as `ortaq tick` calls what it has ended)."""

    closed: Sequence[Signature] = ()
    refused: Sequence[Exception] = ()


def recheck_due(now: datetime | None = None) -> Rechecked:
    """Verify again what could not be checked (a service was down, lists of revoked certificates were missing).

    At most `AT_ONCE` at a time, each once in `AGAIN` during `AS_LONG` after receipt. Whoever signed need do nothing.
    """
    now = now or clock.now()
    waiting = Signature.objects.filter(
        verdict=Verdict.UNCHECKED, checked_at__lte=now - AGAIN, received_at__gt=now - AS_LONG
    ).select_related("manifest", "actor")
    changed = [one for one in waiting.order_by("checked_at")[:AT_ONCE] if _recheck(one, now)]
    return Rechecked(changed)


def _recheck(signature: Signature, now: datetime) -> bool:
    found = occasions.signed_object(signature.manifest.context, signature.manifest.subject)
    parties = found[0].parties(found[1]) if found else ()
    party = next((p for p in parties if p.key == signature.party), None)
    if found is None or party is None:  # nobody is left who should have signed
        Signature.objects.filter(pk=signature.pk).update(checked_at=now)
        return False
    occasion, obj = found
    data, cms = bytes(signature.manifest.data), bytes(signature.cms)
    report = judge(cms, data, party, signature.actor, now)
    with transaction.atomic():
        row = locked(type(obj), obj.pk)
        signature.refresh_from_db(fields=["verdict"])
        if signature.verdict != Verdict.UNCHECKED:
            return False  # somebody else was faster
        _judged(signature, report, occasion, row, SYSTEM)
    return signature.verdict != Verdict.UNCHECKED


def judge(cms: bytes, data: bytes, party: Party, user: Any, now: datetime) -> Report:
    """What the verifiers say of a CMS over `data`, compared with the party and the person (`people.User` or
    None) who handed it in.
    """
    report = verifiers.verify(cms, data, now)
    iin = party.iin or getattr(user, "iin", None) or ""
    return checks.compare(report, checks.Wanted(party.bin or "", iin, party.wanted_roles))


def _may(occasion: Occasion, obj: Any, actor: Any, party: str, cms: bytes) -> Party:
    mine = occasion.party_of(actor, obj, party)
    if mine is None:
        raise Refused(SIGN, [not_yours(SIGN)])
    if requirement.mode(occasion, obj) == modes.OFF or not occasion.open(obj):
        raise Refused(SIGN, [_closed()])
    if not cms or len(cms) > MOST:
        raise Refused(SIGN, [error("cms_size", size=len(cms), most=MOST)])
    return mine


def _closed() -> Finding:
    return Finding("signing_closed", Severity.ERROR, _("This is not signed electronically now."))


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _known(occasion: Occasion, obj: Any, data: bytes, party: Party, cms: bytes) -> Signature | None:
    """The same CMS over the same bytes for the same party."""
    return (
        signatures_of(occasion.subject(obj), occasion.key)
        .filter(manifest__sha256=_sha256(data), party=party.key, cms_sha256=_sha256(cms))
        .first()
    )


def _not_too_many(occasion: Occasion, obj: Any, actor: Any) -> None:
    refused = (
        signatures_of(occasion.subject(obj), occasion.key)
        .filter(actor=getattr(actor, "user", None))
        .exclude(verdict=Verdict.VALID)
    )
    if refused.count() >= MOST_REFUSED:
        raise Refused(SIGN, [error("too_many_refused", most=MOST_REFUSED)])


def _due(known: Signature, now: datetime) -> bool:
    """Whether it is judged again now; of several who ask at once one is told so."""
    last = Signature.objects.filter(pk=known.pk, checked_at__lte=now - SOON)
    return last.update(checked_at=now) == 1


def _manifest(occasion: Occasion, obj: Any, data: bytes, now: datetime) -> Manifest:
    manifest, _made = Manifest.objects.get_or_create(
        subject=occasion.subject(obj),
        context=occasion.key,
        sha256=_sha256(data),
        defaults={"version": str(read(data).version), "data": data, "made_at": now},
    )
    return manifest


def _judged(signature: Signature, report: Report, occasion: Occasion, row: Any, actor: Any) -> None:
    """Keep a verdict with all that led to it; a valid one is written into the journal and counts."""
    _write(signature, report)
    if not signature.is_valid:
        return
    facts = {
        "occasion": occasion.key,
        "party": signature.party,
        "manifest": signature.manifest.sha256,
        "cms": signature.cms_sha256,
    }
    journal.append(row, SIGN.name, actor=actor.key, behalf=actor.behalf, at=report.at, facts=facts)
    if occasion.signed:
        occasion.signed(row, signature)


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

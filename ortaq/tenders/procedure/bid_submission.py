"""Handing in and taking back: what submission requires, the receipt it gives, who hears of it."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.functional import lazy
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from ortaq import law
from ortaq.core import canonical, clock, letters
from ortaq.core.procedure import Attempt
from ortaq.faces import say
from ortaq.law import tender as rules
from ortaq.law.findings import Finding, Severity
from ortaq.people.models import Organisation, Role, Standing, User
from ortaq.registry import returns
from ortaq.tenders.content import checks, manifest
from ortaq.tenders.content.parts import edition_of
from ortaq.tenders.content.whole import Whole
from ortaq.tenders.models import Bid, BidReceipt, Tender

from . import bid_vault as vault

instant_of = lazy(say.instant, str)
# Signs that nobody takes for one another when a number is read out.
SIGNS, LENGTH = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ", 6


def deadline_open(bid: Bid, attempt: Attempt) -> Iterable[Finding]:
    """The deadline has not passed: it is itself in time, a second later is not (SO-T-078)."""
    tender = bid.lot.tender
    closes_at = tender.closes_at
    if tender.state == Tender.State.ANNOUNCED and closes_at is not None:
        edition = edition_of(bid.lot)
        judged = rules.in_time(edition, received_at=attempt.reached, closes_at=closes_at)
        if judged.severity is Severity.OK:
            return
    if bid.state == Bid.State.DRAFT:
        message = _(
            "Bids were accepted until {deadline}; by the server's clock it is {now}. Nothing can "
            "be handed in any more. What you wrote is kept as a draft."
        )
    else:
        message = _(
            "Bids were accepted until {deadline}; by the server's clock it is {now}. A bid can be "
            "withdrawn only until then: this one takes part."
        )
    yield Finding(
        "acceptance_over",
        Severity.ERROR,
        format_lazy(
            message,
            deadline=instant_of(closes_at, seconds=True),
            now=instant_of(attempt.reached, seconds=True),
        ),
        edition_of(bid.lot).cite("guide, SO vs grants table", inferred=True),
        {"closes_at": closes_at and closes_at.isoformat(), "now": attempt.reached.isoformat()},
    )


def eligible(bid: Bid, attempt: Attempt) -> Iterable[Finding]:
    """The organisation may bid at all (SO-T-007, 008)."""
    return bidder(bid.organisation, edition_of(bid.lot), attempt.now)


def bidder(organisation: Organisation, edition: law.Edition, now: Any) -> Iterable[Finding]:
    """Whether an organisation may bid, and what the register will make of criterion C4. Two queries.

    NGOs bid (SO-T-009); to be in the NGO database is no condition here, only points (SO-T-012, GAP-T-01).
    """
    day = clock.day_of(now)
    standings = Standing.objects.current(day).filter(organisation=organisation)
    is_ngo = organisation.kind == Organisation.Kind.NGO
    yield from rules.bidder(
        edition,
        is_ngo=is_ngo,
        legal_form=organisation.legal_form,
        standings=set(standings.values_list("kind", flat=True)),
    )
    if is_ngo and (said := REGISTER.get(returns.in_time(organisation, day).code)):
        cite = edition.cite("guide, stage 6, scoring table, C4")
        yield Finding("register", Severity.WARNING, said, cite, about="organisation")


REGISTER = {
    "return_absent": _(
        "The NGO database has no return of your organisation for the last year: you may bid, but "
        "criterion C4 gives 0 points."
    ),
    "return_late": _(
        "Your organisation's return for the last year came late to the NGO database: criterion C4 "
        "gives 1 point instead of 2."
    ),
}


def complete(bid: Bid, attempt: Attempt) -> Iterable[Finding]:
    """All that the documentation asks for is there."""
    return checks.everything(loaded(bid, attempt))


def declared(bid: Bid, attempt: Attempt) -> Iterable[Finding]:
    """Whoever submits says that it is true and binds the NGO."""
    if not attempt.facts.get("declared"):
        yield Finding(
            "not_declared",
            Severity.ERROR,
            _("Confirm that all information is true and that the offer binds your organisation."),
            edition_of(bid.lot).cite("guide, stage 6", inferred=True),
            about="declared",
        )


def loaded(bid: Bid, attempt: Attempt) -> Whole:
    """The bid with its content, decrypted once for each attempt."""
    found = attempt.facts.get("whole")
    if isinstance(found, Whole):
        return found
    cache = attempt.facts.get("cache")
    if not isinstance(cache, dict):
        return vault.whole_of(bid)
    whole: Whole = cache.get("whole") or vault.whole_of(bid)
    cache["whole"] = whole
    return whole


# --- What happens ------------------------------------------------------------------------------------


def submitted(bid: Bid, attempt: Attempt) -> Mapping[str, Any]:
    """Seal the content, give the receipt, tell the NGO."""
    tender = bid.lot.tender
    whole = loaded(bid, attempt)
    content = manifest.manifest(whole)
    bid.commitment = canonical.sha256(content)
    bid.sealed = vault.seal(bid, content, {one.token: one.key for one in whole.draft.files})
    bid.number = new_number(tender, attempt)
    bid.submitted_at, bid.submitted_by = attempt.reached, attempt.actor.user
    if tender.opening == Tender.Opening.TWO:
        vault.put_away(bid, whole.draft, str(attempt.facts.get("code", "")))
    bid.save()
    receipt = BidReceipt.objects.create(
        bid=bid,
        number=bid.number,
        at=attempt.reached,
        commitment=bid.commitment,
        files=[one.sha256 for one in whole.draft.files],
    )
    letters.prepare(
        bid,
        f"receipt-{receipt.pk}",
        signers_of([bid.organisation_id]) | User.objects.filter(pk=attempt.actor.user.pk),
        "tenders/letters/bid_receipt.txt",
        {"receipt": receipt, "lot": bid.lot, "address": settings.SITE_URL + address_of(bid)},
        release=True,
    )
    return {"number": bid.number, "commitment": bid.commitment, "files": len(receipt.files)}


def new_number(tender: Tender, attempt: Attempt) -> str:
    """A number drawn by lot: one that counts up would tell a bidder how many others there are."""
    drawn = "".join(secrets.choice(SIGNS) for _sign in range(LENGTH))
    return f"{clock.day_of(attempt.now).year}-{tender.pk}-{drawn}"


def withdrawn(bid: Bid, attempt: Attempt) -> Mapping[str, Any]:
    """What was sealed is destroyed; what was written stays the NGO's, to be copied: with its code, where it was put away."""
    bid.sealed, bid.withdrawn_at = b"", attempt.now
    if code := attempt.facts.get("code"):
        vault.take_back(bid, code)
    bid.save(update_fields=["sealed", "withdrawn_at", "draft", "put_away"])
    return {"number": bid.number}


def code_fits(bid: Bid, attempt: Attempt) -> Iterable[Finding]:
    """Whoever types a code to get back what was written gets it back; without one it is given up knowingly."""
    code = attempt.facts.get("code")
    if code and not vault.fits(bid, code):
        yield Finding(
            "wrong_code",
            Severity.ERROR,
            _(
                "This is not the code that was shown when the bid was handed in. Look at your paper; without the code the bid can be "
                "withdrawn, but what was written cannot be taken back."
            ),
            about="code",
        )


def address_of(bid: Bid) -> str:
    """The path of a bid's page."""
    return reverse("tenders:bid", args=[bid.pk])


def signers_of(organisations: Iterable[int]) -> Any:
    """Heads and deputies of NGOs today: they get their letters."""
    day = clock.today()
    return User.objects.filter(
        memberships__organisation__in=list(organisations),
        memberships__role__in=(Role.HEAD, Role.DEPUTY),
        memberships__starts_on__lte=day,
    ).exclude(memberships__ends_on__lte=day)

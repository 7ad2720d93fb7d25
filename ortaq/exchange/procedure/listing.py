"""An NGO of ours in the register of unfair suppliers, as steps.

listing   open → noted | recorded (a fact that excludes stands) | mistaken, and anew if the officer thinks better of it
          open, noted, recorded, mistaken → over: it is no longer listed; over → open: it is listed again
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from ortaq.core import duties, journal
from ortaq.core.duties import Owed
from ortaq.core.keys import organisation as organisation_key
from ortaq.core.procedure import Attempt, Procedure, Step
from ortaq.exchange.models import Listing, Received
from ortaq.exchange.policy import decides_on_listing
from ortaq.law.findings import Finding, Severity
from ortaq.law.text import Text
from ortaq.people.models import Organisation, Standing
from ortaq.registry.procedure.shared import reasoned

State = Listing.State
DECIDABLE = (State.OPEN, State.NOTED, State.RECORDED, State.MISTAKEN)
CITE = "GR-A-09"


def fact_stands(listing: Listing, attempt: Attempt) -> Iterable[Finding]:
    """That a fact is recorded can be said only when one is."""
    held = Standing.objects.current().filter(organisation=listing.organisation_id)
    if not held.exists():
        message = _(
            "No fact that excludes this organisation is recorded. Record it with its own source first, "
            "on the page of the organisation."
        )
        yield Finding("no_fact", Severity.ERROR, message)


def _decided(listing: Listing, attempt: Attempt) -> Mapping[str, Any]:
    listing.reason = str(attempt.facts["reason"]).strip()
    listing.decided_by, listing.decided_at = attempt.actor.user, attempt.now
    listing.save(update_fields=["reason", "decided_by", "decided_at"])
    # The reason is prose and may name people; the row keeps it.
    return {"received": f"exchange.received:{listing.received_id}"}


def _step(name: str, title: Any, target: str, *further: Any) -> Step:
    return Step(
        name,
        title,
        source=DECIDABLE,
        target=target,
        by=decides_on_listing,
        requires=(reasoned, *further),
        effect=_decided,
    )


def owed(listing: Listing) -> Iterable[Owed]:
    """The authorised body owes a look at it while it waits. No act sets a term for it."""
    if listing.state != State.OPEN:
        return
    title = Text(
        f"Жосықсыз өнім берушілер тізілімі бойынша шешім қабылдау: {listing.organisation.name_kk}",
        f"Принять решение по реестру недобросовестных поставщиков: {listing.organisation.name_ru}",
        f"Decide about the register of unfair suppliers: {listing.organisation.name_kk}",
    )
    bodies = Organisation.objects.filter(kind=Organisation.Kind.AUTHORISED_BODY)
    for pk in bodies.order_by("pk").values_list("pk", flat=True)[:1]:
        address = f"/exchange/listings/{listing.pk}/"
        words = Text(*(one[:300] for one in title))
        yield Owed("unfair_supplier", organisation_key(pk), words, None, address)


LISTING: Procedure[Listing] = Procedure(
    Listing,
    (
        _step("note", _("Nothing follows from it by itself"), State.NOTED),
        _step("record", _("A fact that excludes is recorded"), State.RECORDED, fact_stands),
        _step("mistaken", _("It is a mistake"), State.MISTAKEN),
    ),
    duties=owed,
)


def raise_for(rows: Sequence[Received], now: datetime) -> int:
    """Findings for those of the listed suppliers who are NGOs of ours; how many are new, or listed again."""
    by_bin = {row.supplier_bin: row for row in rows}
    ngos = Organisation.objects.filter(kind=Organisation.Kind.NGO, bin__in=by_bin)
    pairs = {(ngo.pk, by_bin[ngo.bin].pk): ngo for ngo in ngos.order_by("pk")}
    asked = Listing.objects.filter(received__in=[row.pk for row in by_bin.values()])
    known = {(one.organisation_id, one.received_id): one for one in asked}
    fresh = Listing.objects.bulk_create(
        Listing(organisation=ngo, received_id=received, raised_at=now)
        for (pk, received), ngo in pairs.items()
        if (pk, received) not in known
    )
    again = [one for pair, one in known.items() if pair in pairs and one.state == State.OVER]
    for one in again:
        one.state = State.OPEN
    Listing.objects.bulk_update(again, ["state"])
    _settle(fresh, "begin", now)
    _settle(again, "again", now)
    return len(fresh) + len(again)


def end_of(rows: Iterable[Received], now: datetime) -> int:
    """Listings of suppliers who are no longer listed are over; how many."""
    gone = list(Listing.objects.filter(received__in=[row.pk for row in rows], state__in=DECIDABLE))
    for one in gone:
        one.state = State.OVER
    Listing.objects.bulk_update(gone, ["state"])
    _settle(gone, "over", now)
    return len(gone)


def _settle(listings: Sequence[Listing], step: str, now: datetime) -> None:
    noted = (
        (one, {"received": f"exchange.received:{one.received_id}", "state": str(one.state)})
        for one in listings
    )
    journal.append_many(noted, step, at=now)
    duties.keep_many(((one, list(owed(one))) for one in listings), now=now)

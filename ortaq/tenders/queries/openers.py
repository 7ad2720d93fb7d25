"""What pages read of the persons who open the bids."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, OuterRef, QuerySet

from ortaq.core import clock
from ortaq.people.actor import Actor
from ortaq.people.models import User
from ortaq.tenders.models import Opener, OpeningKey, Tender
from ortaq.tenders.procedure import openers as procedure
from ortaq.tenders.shares import FEWEST


@dataclass(frozen=True, slots=True)
class Openers:
    """The persons named for a tender, for its organiser and for themselves; none of their secrets."""

    rows: list[Opener]
    before: bool  # the tender is not announced yet, and others can be named
    waits: bool  # the deadline has passed, and the bids wait for shares
    due_at: datetime | None

    @property
    def given(self) -> int:
        return sum(1 for one in self.rows if one.given_at)

    @property
    def wanted(self) -> int:
        """How many parts are still missing."""
        return max(FEWEST - self.given, 0)


def openers_of(tender: Tender) -> Openers | None:
    """The persons named; None where the clock opens the bids. One query."""
    if procedure.opening_of(tender) != Tender.Opening.TWO:
        return None
    keys = OpeningKey.objects.filter(person=OuterRef("person"), confirmed_at__isnull=False)
    rows = tender.openers.select_related("person").annotate(has_key=Exists(keys))
    return Openers(
        list(rows),
        tender.announced_at is None,
        procedure.waits(tender, clock.now()),
        procedure.due_at(tender) if tender.closes_at else None,
    )


def named(actor: Actor) -> QuerySet[Opener]:
    """Where the actor is named to open the bids, from the announcement on."""
    pk = actor.user.pk if actor.user else None
    return Opener.objects.filter(person=pk, key__isnull=False).select_related(
        "tender__customer", "key"
    )


def keyholder(email: str) -> User | None:
    """The person with this address, if they can be named: with an account in use and a key. The same None for all others."""
    keys = OpeningKey.objects.filter(person=OuterRef("pk"), confirmed_at__isnull=False)
    people = User.objects.filter(Exists(keys), is_active=True)
    return people.filter(email=email.strip().lower()).first()

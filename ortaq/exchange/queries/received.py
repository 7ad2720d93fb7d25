"""What came from other systems, and what of it waits for a decision."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db.models import Count, QuerySet

from ortaq.exchange.goszakup import TROUBLES
from ortaq.exchange.models import Cursor, Listing, Received
from ortaq.exchange.models.received import Kind
from ortaq.exchange.policy import sees_exchange
from ortaq.people.actor import Actor
from ortaq.people.models import Organisation, Standing

PAGE = 50


def received_visible_to(actor: Actor) -> QuerySet[Received]:
    """THE visibility of rows of other systems: those who record facts that exclude."""
    return Received.objects.all() if sees_exchange(actor) else Received.objects.none()


def listings_visible_to(actor: Actor) -> QuerySet[Listing]:
    """THE visibility of findings about unfair suppliers: as of the rows they come from."""
    rows = Listing.objects.all() if sees_exchange(actor) else Listing.objects.none()
    return rows.select_related("organisation", "received")


def listings_list(actor: Actor, *, state: str = "") -> QuerySet[Listing]:
    """Findings, the newest first; without a state those that wait."""
    return listings_visible_to(actor).filter(state=state or Listing.State.OPEN).order_by("-id")


def received_list(actor: Actor, *, kind: str = "", bin_: str = "") -> QuerySet[Received]:
    """Rows, the newest first; of one kind, and of one organisation by its BIN."""
    rows = received_visible_to(actor)
    if kind:
        rows = rows.filter(kind=kind)
    if bin_:
        rows = rows.filter(supplier_bin=bin_) | rows.filter(customer_bin=bin_)
    return rows.order_by("-id")


def known_by_bin(bins: Iterable[str]) -> dict[str, Organisation]:
    """The organisations of this house among these BINs; one query."""
    asked = {one for one in bins if one}
    return {one.bin: one for one in Organisation.objects.filter(bin__in=asked)} if asked else {}


@dataclass(frozen=True, slots=True)
class Connection:
    """One kind of rows: how many are kept, how far it has been read and what stopped it."""

    kind: str
    title: Any
    kept: int
    cursor: Cursor | None

    @property
    def trouble(self) -> Any:
        """What stopped the last reading, in words; "" when nothing did."""
        if self.cursor is None or not self.cursor.error:
            return ""
        return TROUBLES.get(self.cursor.error, self.cursor.error)


def connections() -> list[Connection]:
    """Every kind that is read; two queries."""
    counted = Received.objects.filter(gone_at=None).values("kind").annotate(rows=Count("pk"))
    kept = {row["kind"]: row["rows"] for row in counted.order_by()}
    cursors = {one.kind: one for one in Cursor.objects.all()}
    return [
        Connection(kind, title, kept.get(kind, 0), cursors.get(kind))
        for kind, title in Kind.choices
    ]


def is_on() -> bool:
    """Whether this installation reads the procurement system at all."""
    return bool(settings.ORTAQ_GOSZAKUP)


def facts_of(organisation: Organisation) -> Sequence[Standing]:
    """The facts that exclude an organisation today."""
    return list(Standing.objects.current().filter(organisation=organisation).order_by("-since"))

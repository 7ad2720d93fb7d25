"""The opening of bids: all at once, by nobody, when the deadline has passed (SO-T-076); or, where the tender wants it, once two
persons have given their parts of the key (`openers`).

`open_due` takes the step, from `ortaq tick` each minute and from any page that meets a tender whose
time has come. What it requires and does stands in `tender_opening`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from ortaq.core import clock, deadlines, journal
from ortaq.core.procedure import CLOCK_BEHIND, SYSTEM, Refused, keep_refusal
from ortaq.tenders.models import Tender

from . import openers
from .tender import OPEN, TENDER

State = Tender.State


def open_tender(tender: Tender, *, actor: Any = SYSTEM) -> None:
    """Take the step. What is refused (too early, by a person, with the clock set back) raises
    `Refused` and stands in the journal.
    """
    try:
        TENDER.take(OPEN, tender, actor=actor)
    except Refused as refused:
        # Another process opened them a moment ago; or the procedure itself wrote it down.
        if not refused.has("moved_on", CLOCK_BEHIND) and not _told(refused, tender):
            keep_refusal(refused, tender, actor, clock.now())
        raise


def _told(refused: Refused, tender: Tender) -> bool:
    """Whether the last entry says already that the key is missing: it is asked for every minute."""
    last = journal.history(tender).last()
    return refused.has("key_missing") and last is not None and last.step == "refused"


@dataclass(slots=True)
class Opened:
    """What `open_due` did: the tenders opened, and why others could not be."""

    closed: list[Tender] = field(default_factory=list)
    refused: list[Refused] = field(default_factory=list)


def open_due() -> Opened:
    """Open every tender whose deadline has passed. Safe at any time and for several at once."""
    found = Opened()
    due = Tender.objects.filter(state=State.ANNOUNCED, closes_at__lt=deadlines.over_before())
    for tender in due.order_by("closes_at", "id"):
        if tender.opening == Tender.Opening.TWO and not openers.both_given(tender):
            continue  # it waits for people, who have a duty
        try:
            open_tender(tender)
        except Refused as refused:
            if not refused.has("moved_on"):
                found.refused.append(refused)
        else:
            found.closed.append(tender)
    return found


def opened_if_due(tender: Tender) -> Tender:
    """The tender as a page is to show it: opened, if its deadline has passed. No query otherwise."""
    if tender.state == State.ANNOUNCED and deadlines.is_over(tender.closes_at, clock.now()):
        open_due()
        tender.refresh_from_db()
    return tender


def give_share(tender: Tender, typed: str, *, actor: Any) -> bool:
    """Give the actor's share of the key (`openers.give`); whether the bids are open, since it was the one still missing."""
    openers.give(tender, typed, actor=actor)
    if not openers.both_given(tender):
        return False
    try:
        open_tender(tender)
    except Refused as refused:
        if not refused.has("moved_on"):
            raise
        tender.refresh_from_db()
    return tender.opened_at is not None

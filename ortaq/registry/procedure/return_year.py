"""The year opens: every NGO with an account owes the return on the past year, and is reminded of it (NG-006, NG-037)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils.functional import lazy

from ortaq.core import clock, duties, journal, letters
from ortaq.core.keys import key_of
from ortaq.people.models import Membership, Organisation
from ortaq.people.policy import MANAGERS
from ortaq.people.queries import people_of
from ortaq.registry import returns
from ortaq.registry.models import AnnualReturn

from .annual_return import address_of, owed

State, Way = AnnualReturn.State, AnnualReturn.Way
BATCH = 500


@dataclass(frozen=True, slots=True)
class Opened:
    """What the daily command did: the returns opened; reminders are in the outbox."""

    closed: Sequence[AnnualReturn] = ()
    refused: Sequence[Exception] = ()


def open_due() -> Opened:
    """Open the return on the past year for every NGO with an account, and remind those who have not sent it before its last day
    (NG-006, NG-037). Safe to call at any time.
    """
    today = clock.today()
    year = today.year - 1
    due = returns.due_on(year)
    opened = open_year(year) if today <= due else []
    days = int(returns.edition().parameter("return.reminded_days_before").value)
    if due - timedelta(days=days) <= today <= due:
        remind(year)
    return Opened(opened)


def open_year(year: int) -> list[AnnualReturn]:
    """Drafts, duties and letters for the NGOs with an account that have no return on `year`; a fixed number of queries for each
    batch, apart from the letters.
    """
    members = Membership.objects.current().filter(organisation=OuterRef("pk"))
    there = AnnualReturn.objects.filter(organisation=OuterRef("pk"), year=year)
    wanted = Organisation.objects.filter(
        returns.obliged_for(year), Exists(members), ~Exists(there)
    ).order_by("id")
    opened: list[AnnualReturn] = []
    while some := list(wanted[:BATCH]):
        with transaction.atomic():
            opened += _open(some, year)
    return opened


def _open(organisations: Sequence[Organisation], year: int) -> list[AnnualReturn]:
    now = clock.now()
    rows = [
        AnnualReturn(organisation=one, year=year, state=State.DRAFT, way=Way.PORTAL)
        for one in organisations
    ]
    AnnualReturn.objects.bulk_create(rows)
    facts = [(row, {"organisation": key_of(row.organisation), "year": year}) for row in rows]
    journal.append_many(facts, "begin", at=now)
    duties.keep_many([(row, owed(row)) for row in rows], now=now)
    for row in rows:
        _tell(row, "opened")
    return rows


def remind(year: int) -> int:
    """Write to every NGO that has not sent its return yet, once; how many were written to."""
    waiting = AnnualReturn.objects.filter(year=year, state=State.DRAFT, reminded_at=None)
    written = 0
    while some := list(waiting.select_related("organisation")[:BATCH]):
        with transaction.atomic():
            for row in some:
                _tell(row, "reminder")
            pks = [row.pk for row in some]
            written += AnnualReturn.objects.filter(pk__in=pks).update(reminded_at=clock.now())
    return written


def _tell(row: AnnualReturn, letter: str) -> None:
    people = people_of(row.organisation_id, *MANAGERS)
    context = {
        "address": settings.SITE_URL + address_of(row),
        "due_on": returns.due_on(row.year),
        "liability": lazy(returns.liability, str)(),
        "reminder": letter == "reminder",
    }
    template = "registry/letters/return_due.txt"
    letters.prepare(row, f"annual-return-{letter}", people, template, context, release=True)

"""Sums of both standards are those of the gazette and of the rooms, year by year and to the tiyn."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any

import pytest

from ortaq.core import clock as house_clock
from ortaq.gazette.models import Publication
from ortaq.gazette.sources import every
from ortaq.opendata import exact
from ortaq.opendata.giving.grants import grants
from ortaq.opendata.models import Process
from ortaq.opendata.ocds import keeping
from ortaq.projects.models import Contract, Presentation, Project, Tranche
from ortaq.tenders.models import Bid

from . import scenes

pytestmark = pytest.mark.django_db
Kind = Publication.Kind
SOCIAL_ORDER = Contract.Instrument.SOCIAL_ORDER


def by_year(rows: Iterable[tuple[int, int]]) -> dict[int, int]:
    """(year, tiyn) added up."""
    found: Counter[int] = Counter()
    for year, tiyn in rows:
        found[year] += tiyn
    return dict(found)


def year_of(text: str) -> int:
    return int(text[:4])


def told(kind: str) -> dict[str, Any]:
    """What the gazette publishes of a kind, by key."""
    (source,) = (one for one in every() if one.kind == kind)
    public = list(source.public().values_list("pk", flat=True))
    return {source.key(one.pk): one for one in source.drafts(public)}


@pytest.mark.req("SO-G-07")
def test_contracts_and_payments_of_social_orders_are_those_of_the_rooms(clock):
    found = scenes.carried(clock)
    clock.travel(days=1)
    found.pay(1, 1_234_567_89, house_clock.today())
    _concluded_elsewhere(found.contract)
    keeping.catch_up(everything=True)
    compiled = [exact.loads(one.compiled) for one in Process.objects.all()]
    contracts = [one for row in compiled for one in row["contracts"]]
    signed = [one for one in told(Kind.CONTRACT).values() if one.instrument == SOCIAL_ORDER]
    of_rooms: Any = Contract.objects.filter(state="signed", instrument=SOCIAL_ORDER)
    sums = by_year(
        (year_of(one["dateSigned"]), exact.tiyn(one["value"]["amount"])) for one in contracts
    )
    assert sums == by_year((one.published_at.year, one.sum_tiyn) for one in signed)
    assert sums == by_year(of_rooms.values_list("concluded_on__year", "sum_tiyn"))
    assert sums == {2024: 4_900_000_00 + 777_01}
    paid = by_year(
        (year_of(one["date"]), exact.tiyn(one["value"]["amount"]))
        for contract in contracts
        for one in contract["implementation"].get("transactions", ())
    )
    tranches: Any = Tranche.objects.filter(paid_on__isnull=False)
    assert paid == by_year(tranches.values_list("paid_on__year", "paid_tiyn"))
    assert sum(paid.values()) == sum(one.facts["paid_tiyn"] for one in signed) == 1_234_567_89
    awarded = sum(
        exact.tiyn(one["value"]["amount"])
        for row in compiled
        for one in row["awards"]
        if one["id"].startswith("lot-")
    )
    winners = Bid.objects.filter(place=1, state=Bid.State.ADMITTED)
    assert awarded == sum(one.price_tiyn or 0 for one in winners)
    assert awarded == sum(one.sum_tiyn or 0 for one in told(Kind.ORDER).values())
    planned = sum(
        exact.tiyn(row["planning"]["budget"]["amount"]["amount"])
        for row in compiled
        if "planning" in row
    )
    assert planned == sum(one.facts["approved_tiyn"] for one in told(Kind.TOPIC).values())


def _concluded_elsewhere(contract: Contract) -> None:
    """A contract that no tender of this site led to, with published results."""
    copy = Contract.objects.get(pk=contract.pk)
    copy.pk, copy.source, copy.number, copy.sum_tiyn = None, f"{Contract.ELSEWHERE}1", "9", 777_01
    copy.save()
    now = house_clock.now()
    project = Project.objects.create(
        contract=copy, standard="2018", baseline_sha256="0" * 64, opened_at=now
    )
    Presentation.objects.create(project=project, summary_kk="Нәтиже", published_at=now)


@pytest.mark.req("GR-S-17", "GR-P-13")
def test_grants_small_grants_and_prizes_are_those_of_the_rooms(clock):
    scene = scenes.granted(clock)
    rows = list(grants())
    assert by_year(of(rows, "award")) == by_year(_awarded())
    decided: Any = scene.grants["ngo"].competition.decided_at
    small = by_year((decided.year, one.facts["given_tiyn"]) for one in told(Kind.SMALL).values())
    assert by_year(of(rows, "small")) == small
    prizes = ((one.published_at.year, one.sum_tiyn) for one in told(Kind.LAUREATE).values())
    assert by_year(of(rows, "prize")) == by_year(prizes)
    everything = by_year((year_of(one["awardDate"]), tiyn_of(one)) for one in rows)
    assert everything == {year: sum(tiyn for _year, tiyn in of(grants(year))) for year in everything}  # fmt: skip
    paid = Tranche.objects.filter(paid_on__isnull=False).values_list("paid_tiyn", flat=True)
    assert sum(paid_of(of_kind(rows, "award"))) == sum(one or 0 for one in paid)


def of(rows: Iterable[dict[str, Any]], kind: str = "") -> Iterator[tuple[int, int]]:
    return ((year_of(one["awardDate"]), tiyn_of(one)) for one in of_kind(rows, kind))


def of_kind(rows: Iterable[dict[str, Any]], kind: str) -> Iterator[dict[str, Any]]:
    return (one for one in rows if f"-{kind}" in one["id"])


def tiyn_of(grant: dict[str, Any]) -> int:
    return exact.tiyn(grant["amountAwarded"])


def paid_of(rows: Iterable[dict[str, Any]]) -> Iterator[int]:
    return (exact.tiyn(one["amountDisbursed"]) for one in rows)


def _awarded() -> Iterator[tuple[int, int]]:
    """Awards of the gazette; where the contract is concluded, its sum holds."""
    contracts = {one.facts["source"]: one.sum_tiyn for one in told(Kind.CONTRACT).values()}
    for key, one in told(Kind.GRANT).items():
        yield one.published_at.year, contracts.get(key, one.sum_tiyn)

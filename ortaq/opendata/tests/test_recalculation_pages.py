"""Every published result comes out of its file again, and the file says nothing of who gave which points."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from ortaq.grants.models import Lot as GrantLot
from ortaq.grants.models import Outcome
from ortaq.grants.models import Protocol as GrantProtocol
from ortaq.grants.tests import outcome_scenes
from ortaq.law import cli
from ortaq.opendata import recalculation
from ortaq.opendata.codelists import CODELISTS
from ortaq.opendata.tables import TABLES
from ortaq.review.models import ScoreSheet
from ortaq.tenders.models import Lot as TenderLot
from ortaq.tenders.tests import commission_scenes

pytestmark = pytest.mark.django_db
# A winner, a tie that the meeting decided, nobody above half, one left after the check, one alone, none.
PLAN: dict[int, dict[str, int | None]] = {
    1: {"aliya": 20, "dana": 18},
    2: {"aliya": 19, "dana": 19},
    3: {"aliya": 10, "dana": 12},
    4: {"aliya": 20, "dana": None},
    5: {"aliya": 20},
    6: {},
}


@pytest.fixture
def law(tmp_path: Path, capsys: Any) -> Any:
    """Runs `ortaq law` on what an address gives."""

    def run(command: str, path: str) -> Any:
        answer = Client().get(path)
        assert answer.status_code == 200
        file = tmp_path / "input.json"
        file.write_bytes(answer.content)
        assert cli.main([command, str(file)]) == 0
        return json.loads(capsys.readouterr().out)

    return run


@pytest.mark.req("GR-S-11", "GR-S-13", "GR-S-14", "GR-S-17")
def test_the_file_of_every_published_topic_gives_its_outcome_and_says_nothing_of_who_sat_where(
    clock, law
):
    scene = outcome_scenes.prepared(clock, PLAN)
    hidden = reverse("opendata:recalculate_grant_file", args=[scene.lot(1).pk])
    assert Client().get(hidden).status_code == 404
    assert not list(recalculation.grant_lots())
    scene.take("publish")
    outcomes = list(Outcome.objects.select_related("winner", "lot"))
    assert {one.kind for one in outcomes} == {"winner", "F5", "F3", "F2", "F1"}
    for one in outcomes:
        found = law("grant", reverse("opendata:recalculate_grant_file", args=[one.lot_id]))
        assert found["kind"] == one.kind
        assert found["winner"] == (one.winner.number if one.winner else None)
        assert (found["submitted"], found["admitted"]) == (one.submitted, one.admitted)
        page = Client().get(reverse("opendata:recalculate_grant", args=[one.lot_id]))
        assert page.context["found"].agrees
    assert law("grant", hidden)["ranking"][0]["sum"] == 60
    assert Client().get(reverse("opendata:recalculation")).context["grants"].rows
    _codes_are_listed()
    _means_and_no_sheets(outcomes)
    _same_from_other_seats(GrantProtocol.objects.get(), scene.lot(1).pk)


def _means_and_no_sheets(outcomes: list[Outcome]) -> None:
    """Of winners alone means by criterion are published, and never what would be a single sheet."""
    winners = [one.winner for one in outcomes if one.winner]
    rows: list[Any] = list(TABLES["grant-award-points"].read())
    assert {row[1] for row in rows} == {one.number for one in winners}
    assert (sum(row[4] for row in rows), {row[3] for row in rows}) == (20 + 19, {3})
    sheets = ScoreSheet.objects.filter(dossier=winners[0].dossier_id)
    sheets.exclude(pk=sheets.earliest("pk").pk).update(state=ScoreSheet.State.SET_ASIDE)
    rows = list(TABLES["grant-award-points"].read())
    assert {row[1] for row in rows} == {winners[1].number}


def _same_from_other_seats(protocol: GrantProtocol, pk: int) -> None:
    """The same points given from other seats make the same file, and it names nobody."""
    written = []
    for seats in ([1, 2, 3], [3, 1, 2]):
        for lot in protocol.content["lots"]:
            for number, one in enumerate(lot["applications"]):
                points = zip(seats, (18 + number, 25 - number, 20), strict=True)
                one["by_member"] = sorted(map(list, points))
        protocol.save()
        written.append(recalculation.grant_file(recalculation.grant_lots().get(pk=pk)))
    assert written[0] == written[1]
    assert set(written[0]) == {"edition", "local_budget", "applications", "tie_winner"}
    for one in written[0]["applications"]:
        assert set(one) == {"id", "admitted", "totals"}
        assert one["totals"] == sorted(one["totals"])


@pytest.mark.req("SO-T-092", "SO-T-101", "GAP-T-07")
def test_the_file_of_every_published_lot_gives_its_published_result(clock, law):
    bids = {
        "А": ("1+1+3+1+1+2", 9_000_000),
        "Б": ("1+1+3+2+1+2", 9_900_000),
        "В": ("0+1+3+1+1+2", 9_000_000),
    }
    review = commission_scenes.a_review(clock, 10_000_000, bids)
    for name, (given, _price) in bids.items():
        review.adopt(name, given)
    address = reverse("opendata:recalculate_tender_file", args=[review.lot.pk])
    assert Client().get(address).status_code == 404
    review.published()
    lot = TenderLot.objects.get()
    found = law("tender", address)
    assert (found["kind"], found["winner"]) == (lot.result, review.bid("Б").number)
    places = {one["id"]: one["place"] for one in found["bids"]}
    assert places == {review.bid(name).number: review.bid(name).place for name in bids}
    page = Client().get(reverse("opendata:recalculate_tender", args=[lot.pk]))
    assert page.context["found"].agrees
    # Points by criterion are public here, who voted how is not.
    points = list(TABLES["tender-points"].read())
    assert len(points) == 6 * len(bids)
    text = json.dumps(recalculation.tender_file(recalculation.tender_lots().get()))
    assert "Мүшеев" not in text
    _codes_are_listed()


def _codes_are_listed() -> None:
    """Each code in a table stands in the list that the dictionary names, and a key names one row."""
    known = {slug: {str(row[0]) for row in one.rows()} for slug, one in CODELISTS.items()}
    for table in TABLES.values():
        rows = list(table.read())
        keys = [tuple(row[table.codes.index(code)] for code in table.key) for row in rows]
        assert len(set(keys)) == len(keys), table.slug
        for place, column in enumerate(table.columns):
            codes = {code for row in rows for code in str(row[place] or "").split(";")} - {""}
            if column.codelist:
                assert not codes - known[column.codelist], (table.slug, column.code)


def test_a_file_of_what_is_not_there_is_not_found():
    for name in ("grant", "tender"):
        for kind in ("", "_file"):
            address = reverse(f"opendata:recalculate_{name}{kind}", args=[10**12])
            assert Client().get(address).status_code == 404
    assert not GrantLot.objects.exists()

"""The six worked examples of the tender catalogue, walked through the steps of the commission (§16)."""

from __future__ import annotations

from fractions import Fraction

import pytest
from django.urls import reverse

from ortaq.core import journal
from ortaq.core.models import Duty, Letter
from ortaq.core.procedure import Refused
from ortaq.people.models import Organisation
from ortaq.tenders.models import Bid, Lot, Protocol, Tender
from ortaq.tenders.procedure.admission import record
from ortaq.tenders.procedure.results import decide, put_tie
from ortaq.tenders.tests.commission_scenes import Review, a_review

pytestmark = pytest.mark.django_db
TENGE = 100


def codes(raised) -> set[str]:
    return {finding.code for finding in raised.value.findings}


def refusals(subject) -> list[tuple[str, str, str]]:
    """The refusals in a subject's journal: the step, the rule, the edition of its clause."""
    return [
        (entry.facts["step"], why["code"], why["cite"].partition(" ")[0])
        for entry in journal.history(subject)
        if entry.step == "refused"
        for why in entry.facts["why"]
    ]


def outcome(found: Review) -> dict[str, tuple[Fraction | int | None, ...]]:
    """By bidder: total, reduction in per cent, conditional price in tenge."""
    (lot,) = decide(found.tender)
    rows: dict[str, tuple[Fraction | int | None, ...]] = {}
    for name in found.bids:
        judged = lot.judged(found.bid(name))
        assert judged is not None
        price = judged.conditional_tiyn
        rows[name] = (judged.total, judged.reduction_percent, price and price / TENGE)
    return rows


def places(found: Review) -> dict[str, int | None]:
    return {name: found.bid(name).place for name in found.bids}


@pytest.mark.req("SO-T-084", "SO-T-090", "SO-T-092", "SO-T-093", "SO-T-094", "SO-T-098", "GAP-T-04")
@pytest.mark.parametrize(
    ("bidders", "expected", "winner"),
    [
        (  # 1: boundary 9 / 10
            {"A": ("1+1+3+1+1+2", 9_000_000), "B": ("1+1+3+2+1+2", 9_900_000)},
            {"A": (9, 0, 9_000_000), "B": (10, 10, 8_910_000)},
            "B",
        ),
        (  # 2: boundary 15 / 16
            {"C": ("2+1+3+2+3+4", 8_800_000), "D": ("2+1+3+2+4+4", 9_800_000)},
            {"C": (15, 10, 7_920_000), "D": (16, 20, 7_840_000)},
            "D",
        ),
        (  # 3: boundary 20 / 21
            {"E": ("2+1+6+2+5+4", 8_400_000), "F": ("2+1+6+2+6+4", 9_500_000)},
            {"E": (20, 20, 6_720_000), "F": (21, 30, 6_650_000)},
            "F",
        ),
    ],
)
def test_examples_1_to_3_the_lowest_conditional_price_wins_at_each_boundary(
    clock, bidders, expected, winner
):
    found = a_review(clock, 10_000_000, bidders)
    for name, (given, _tenge) in bidders.items():
        assert found.adopt(name, given).state == Bid.State.ADMITTED
    assert outcome(found) == expected
    found.published()
    assert places(found) == {name: 1 if name == winner else 2 for name in bidders}
    assert found.tender.state == Tender.State.PUBLISHED


@pytest.mark.req("SO-T-088", "SO-T-089", "SO-T-099")
def test_the_register_and_the_bid_propose_c4_c5_and_the_days_of_experience(clock):
    found = a_review(
        clock,
        10_000_000,
        {"G": ("2+1+3+2+6+2", 9_000_000), "H": ("1+1+3+1+2+2", 8_000_000), "P": ("1+1+3+0+0+2", 9_000_000)},
    )  # fmt: skip
    known = {name: record(found.bid(name)) for name in found.bids}
    assert {name: one.proposed for name, one in known.items()} == {
        "G": {"C4": 2, "C5": 6},
        "H": {"C4": 1, "C5": 2},
        "P": {"C4": 0, "C5": 0},
    }
    assert known["G"].market_days == 2191
    assert known["H"].market_days == 0
    assert known["H"].database.finding.numbers["sent_on"] == "2023-05-04"
    # Another value than the data say needs its ground.
    with pytest.raises(Refused) as raised:
        found.propose("P", "1+1+3+2+0+2")
    assert codes(raised) == {"differs_unexplained"}
    found.propose("P", "1+1+3+2+0+2", grounds={"C4": "Үзінді көшірме берілді"})


@pytest.mark.req("SO-T-099", "SO-T-100", "GAP-T-07")
def test_example_4_equal_prices_go_to_the_more_experienced(clock):
    bidders = {"G": ("2+1+3+2+6+2", 9_000_000), "H": ("1+1+3+2+5+2", 8_000_000)}
    found = a_review(clock, 10_000_000, bidders)
    for name, (given, _tenge) in bidders.items():
        found.adopt(name, given)
    assert outcome(found) == {"G": (16, 20, 7_200_000), "H": (14, 10, 7_200_000)}
    found.published()
    assert places(found) == {"G": 1, "H": 2}


@pytest.mark.req("SO-T-100", "GAP-T-07")
def test_example_4_with_equal_experience_the_commission_chooses_and_says_why(clock, client):
    bidders = {"G": ("2+1+3+2+6+2", 9_000_000), "H": ("1+1+3+2+5+2", 8_000_000)}
    found = a_review(clock, 10_000_000, bidders)
    for name, (given, _tenge) in bidders.items():
        found.adopt(name, given, market_days=2191)
    with pytest.raises(Refused) as raised:
        found.take("decide")
    assert codes(raised) == {"tie"}
    lot = Lot.objects.select_related("tender__panel").get(pk=found.lot.pk)
    with pytest.raises(Refused) as raised:
        put_tie(lot, actor=found.secretary, winner=found.bid("H"), ground=" ")
    assert codes(raised) == {"no_ground"}
    motion = put_tie(lot, actor=found.secretary, winner=found.bid("H"), ground="Бағасы төмен")
    found.all_vote(motion)
    found.published()
    assert places(found) == {"G": 2, "H": 1}
    assert Protocol.objects.get().content["lots"][0]["tie"]["reason"] == "Бағасы төмен"
    public = client.get(reverse("tenders:results", args=[found.tender.pk]))
    assert "Бағасы төмен" in public.content.decode()


@pytest.mark.req("SO-T-101")
def test_of_many_lots_the_results_are_a_list_and_each_decision_has_a_page(
    clock, client, monkeypatch, django_assert_num_queries
):
    found = a_review(clock, 10_000_000, {"A": ("1+1+3+2+1+2", 9_900_000)})
    found.adopt("A", "1+1+3+2+1+2")
    alone = reverse("tenders:lot_result", args=[found.lot.pk])
    assert client.get(alone).status_code == 404  # not published yet
    found.published()
    whole = reverse("tenders:results", args=[found.tender.pk])
    ground = "Points by criterion"

    def shown(address: str) -> str:
        return str(client.get(address, headers={"accept-language": "en"}).content.decode())

    assert ground in shown(whole)
    for more in (1, 2):
        _another_lot(found.lot)
        monkeypatch.setattr("ortaq.tenders.queries.review.AT_ONCE", more)
        with django_assert_num_queries(4):  # tender, how many lots, the lots, their winners
            page = shown(whole)
        assert ground not in page
        assert f'id="lot-{found.lot.pk}"' in page  # where the gazette and OCDS lead
        assert alone in page
        assert "«A» қоғамдық қоры" in page
        assert "9,900,000" in page
        assert page.count("did not take place") == more
    with django_assert_num_queries(5):
        page = shown(alone)
    assert ground in page
    assert "8,910,000" in page


def _another_lot(lot: Lot) -> None:
    """One more lot of the same tender, for which nobody bid."""
    more = Lot.objects.select_related("topic").get(pk=lot.pk)
    more.pk, more.position = None, more.tender.lots.count() + 1
    more.topic.pk, more.topic.position = None, more.topic.position + more.position
    more.topic.save()
    more.topic_id = more.topic.pk
    more.result = Lot.Result.NOT_HELD
    more.save()


@pytest.mark.req("SO-T-096", "SO-T-097", "GAP-T-22")
def test_example_5_dumping_never_enters_the_comparison(clock):
    bidders = {
        "J": ("2+1+6+2+6+6", 3_999_999),
        "K": ("1+1+3+2+3+2", 4_000_000),
        "L": ("2+1+6+2+6+4", 4_500_000),
    }
    found = a_review(clock, 5_000_000, bidders)
    assert [one.code for one in record(found.bid("J")).against] == ["dumping"]
    for name, (given, _tenge) in bidders.items():
        found.adopt(name, given)
    assert found.bid("J").state == Bid.State.NOT_ADMITTED
    assert found.bid("K").state == Bid.State.ADMITTED  # exactly 20 per cent is no dumping
    assert outcome(found)["J"] == (23, None, None)
    found.published()
    assert places(found) == {"J": None, "K": 2, "L": 1}


@pytest.mark.req("SO-T-082", "SO-T-083", "SO-T-087", "GAP-T-01", "GAP-T-08")
@pytest.mark.parametrize("choice", ["winner", "did_not_take_place"])
def test_example_6_one_admitted_bid_wins_or_not_as_the_tender_says(clock, choice):
    bidders = {
        "M": ("0", 4_600_000),
        "N": ("", 3_500_000),
        "P": ("1+1+3+0+2+2", 4_900_000),
    }
    choices = {"single_bid": {"value": choice, "cite": "Ереже, 5-т."}}
    found = a_review(clock, 5_000_000, bidders, choices=choices)
    for name, (given, _tenge) in bidders.items():
        found.adopt(name, given)
    states = {name: found.bid(name).state for name in bidders}
    assert states == {"M": "not_admitted", "N": "not_admitted", "P": "admitted"}
    found.published()
    found.lot.refresh_from_db()
    assert found.lot.result == choice
    assert places(found) == {"M": None, "N": None, "P": 1 if choice == "winner" else None}
    if choice == "winner":
        with pytest.raises(Refused) as raised:  # its contract comes first
            found.take("end")
        assert codes(raised) == {"contracts_open"}
    else:
        found.take("end")
        assert found.panel.state == "ended"
        assert not Duty.objects.filter(code="contracts", done_at=None).exists()


@pytest.mark.req("SO-T-081", "SO-T-090", "SO-T-091")
def test_points_once_adopted_are_not_changed_and_the_attempt_is_in_the_journal(clock):
    found = a_review(clock, 10_000_000, {"A": ("1+1+3+1+1+2", 9_000_000)})
    found.adopt("A", "1+1+3+1+1+2")
    with pytest.raises(Refused) as raised:
        found.propose("A", "2+1+6+1+1+6")
    assert codes(raised) == {"adopted_already"}
    assert refusals(found.bid("A")) == [("propose", "adopted_already", "tender_scoring/2019")]
    assert found.bid("A").scores["C3"] == 3
    # Nor past the vote, in the database itself: the journal knows what was adopted.
    adopted = found.bid("A").scores
    Bid.objects.filter(pk=found.bids["A"].pk).update(scores=adopted | {"C3": 6})
    with pytest.raises(Refused) as raised:
        found.take("decide")
    assert codes(raised) == {"points_changed"}
    assert refusals(found.tender) == [("decide", "points_changed", "tender_scoring/2019")]
    Bid.objects.filter(pk=found.bids["A"].pk).update(scores=adopted, price_tiyn=1)
    with pytest.raises(Refused) as raised:
        found.take("decide")
    assert codes(raised) == {"bid_changed"}
    Bid.objects.filter(pk=found.bids["A"].pk).update(price_tiyn=9_000_000 * TENGE)
    found.take("decide")


@pytest.mark.req("SO-T-008", "SO-T-081")
def test_what_was_voted_on_decides_though_the_bidder_changes_meanwhile(clock):
    """A bid that is out need not be scored: it stays out when its reason goes before the vote ends."""
    found = a_review(clock, 10_000_000, {"A": ("", 9_000_000), "B": ("", 9_000_000)})
    ngos = {name: found.bid(name).organisation for name in found.bids}
    Organisation.objects.filter(pk=ngos["A"].pk).update(legal_form="political_party")
    motion = found.propose("A", "")
    Organisation.objects.filter(pk=ngos["A"].pk).update(legal_form="")
    found.all_vote(motion)
    assert found.bid("A").state == Bid.State.NOT_ADMITTED
    scored = found.propose("B", "1+1+3+0+0+2")
    Organisation.objects.filter(pk=ngos["B"].pk).update(legal_form="political_party")
    found.all_vote(scored)
    assert found.bid("B").state == Bid.State.ADMITTED
    found.published()


@pytest.mark.req("SO-T-084", "GAP-T-03")
def test_no_value_between_the_levels_is_put_to_the_vote(clock):
    found = a_review(clock, 10_000_000, {"A": ("1+1+3+1+1+2", 9_000_000)})
    with pytest.raises(Refused) as raised:
        found.propose("A", "1+1+4+1+1+5")
    assert codes(raised) == {"points_not_allowed"}
    with pytest.raises(Refused) as raised:
        found.propose("A", "1+1+3")
    assert codes(raised) == {"points_missing"}


@pytest.mark.req("SO-T-071", "SO-T-080")
def test_the_commission_hears_at_the_opening_who_bids_and_has_ten_working_days(clock):
    found = a_review(clock, 10_000_000, {"A": ("1+1+3+1+1+2", 9_000_000)})
    listed = Organisation.objects.filter(pk__in=found.panel.applicants.values("organisation"))
    assert [one.name_kk for one in listed] == ["«A» қоғамдық қоры"]
    called = Letter.objects.filter(kind="review").values_list("recipient", flat=True)
    seated = [*found.members, found.secretary]
    assert sorted(called) == sorted(actor.user.pk for actor in seated if actor.user)
    duty = Duty.objects.get(code="review", done_at=None)
    assert duty.due_at == found.tender.review_by
    with pytest.raises(Refused) as raised:
        found.take("decide")
    assert codes(raised) == {"bids_waiting"}

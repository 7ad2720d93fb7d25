from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ortaq import law
from ortaq.law import tender
from ortaq.law.numbers import money, tenge
from ortaq.law.tests.casebook import cases, named

RULES = law.edition("tender_scoring", "2019")
KEYS = ("C1", "C2", "C3", "C4", "C5", "C6")
CASES = cases("tender")


def scores(written: str) -> dict[str, int]:
    """ "1+1+3+1+1+2" as C1 to C6; shorter where the commission stopped."""
    points = [int(point) for point in written.split("+") if point]
    return dict(zip(KEYS, points, strict=False))


def bid(key: str, price: str, written: str = "1+1+3+2+3+2", days: int | None = None) -> tender.Bid:
    return tender.Bid(key, money(price, "price"), scores(written), days)


def decide(*bids: tender.Bid, allocated: str = "10000000", **options: str) -> tender.Result:
    return tender.decide(RULES, bids, allocated_tiyn=money(allocated, "s"), **options)


@pytest.mark.req("SO-T-082", "SO-T-087", "SO-T-090", "SO-T-093", "SO-T-096")
@pytest.mark.req("SO-T-097", "SO-T-098", "SO-T-099", "SO-T-100")
@pytest.mark.parametrize("case", CASES["example"], ids=named)
def test_a_worked_example_ends_as_it_is_printed(case):
    found = tender.decide(
        RULES,
        [bid(row["id"], row["price"], row["scores"], row.get("days")) for row in case["bids"]],
        allocated_tiyn=money(case["allocated"], "allocated"),
        single_bid=case.get("single_bid"),
    )
    assert found.kind == case.get("kind", "winner")
    assert found.winner == case.get("winner")
    assert found.findings[0].code == case.get("code", "winner")
    for row, judged in zip(case["bids"], found.bids, strict=True):
        reasons = [one.code for one in judged.findings if one.severity is law.Severity.ERROR]
        assert reasons == row.get("out", [])
        assert judged.admitted is not bool(reasons)
        assert judged.total == row.get("total")
        assert judged.reduction_percent == row.get("percent")
        shown = judged.as_dict()
        assert shown["conditional_price"] == row.get("conditional")
        assert judged.place == row.get("place")


@pytest.mark.req("SO-T-093", "SO-T-095")
@pytest.mark.parametrize(
    ("total", "percent"),
    [(total, int(percent)) for percent, totals in CASES["reductions"].items() for total in totals],
)
def test_every_total_has_its_reduction(total, percent):
    assert tender.reduction(RULES, total) == percent


@pytest.mark.parametrize("total", [-1, 24, 15.5, True, 10**4000])
def test_a_total_outside_the_bands_has_none(total):
    with pytest.raises(law.Refused):
        tender.reduction(RULES, total)


@pytest.mark.req("SO-T-094")
@pytest.mark.parametrize("case", CASES["exact"], ids=lambda case: case["price"])
def test_the_conditional_price_is_exact(case):
    price = tender.conditional_price(RULES, money(case["price"], "price"), case["total"])
    assert tenge(price) == case["conditional"]


@pytest.mark.req("SO-T-094")
def test_a_tenth_of_a_tiyn_decides_since_nothing_is_rounded():
    # 20 % off 5.56 is 4.448 and 10 % off 4.94 is 4.446: in whole tiyn both would be 4.45.
    found = decide(bid("A", "5.56", "2+1+3+2+4+4"), bid("B", "4.94", "1+1+3+2+3+2"), allocated="6")
    assert (found.winner, found.findings[0].code) == ("B", "winner")


@pytest.mark.req("SO-T-096")
@pytest.mark.parametrize(
    ("price", "dumping"), [(399_999_999, True), (400_000_000, False), (500_000_001, False)]
)
def test_exactly_20_per_cent_lower_is_not_dumping(price, dumping):
    assert tender.is_dumping(RULES, allocated_tiyn=500_000_000, price_tiyn=price) is dumping


@pytest.mark.req("SO-T-096")
def test_dumping_says_how_far_below_the_price_is():
    found = decide(bid("J", "3999999"), bid("L", "4500000"), allocated="5000000").bids[0]
    assert found.findings[0].numbers["below_percent"] == Fraction("20.00002")
    assert found.findings[0].numbers["limit_tiyn"] == 400_000_000


@pytest.mark.req("SO-T-100")
def test_a_decision_entered_ends_a_tie_and_only_for_those_tied():
    tied = [bid("G", "9000000", "2+1+3+2+6+2", 2191), bid("H", "8000000", "1+1+3+2+5+2", 2191)]
    assert decide(*tied, tie_winner="H").winner == "H"
    assert decide(*tied, tie_winner="H").bids[0].place == 2
    with pytest.raises(law.Refused, match="G, H"):
        decide(*tied, bid("K", "9900000"), tie_winner="K")


@pytest.mark.req("SO-T-099")
def test_a_tie_with_unknown_experience_asks_for_it_and_names_nobody():
    found = decide(bid("G", "9000000", "2+1+3+2+6+2", 2191), bid("H", "8000000", "1+1+3+2+5+2"))
    assert (found.kind, found.winner) == ("tie", None)
    assert found.findings[0].code == "experience_unknown"


@pytest.mark.req("SO-T-008")
def test_who_is_no_ngo_is_not_admitted_however_good():
    best = tender.Bid("A", money("9000000", "p"), scores("2+1+6+2+6+6"), eligible=False)
    found = decide(best, bid("B", "9900000"))
    assert found.winner == "B"
    assert found.bids[0].findings[0].code == "not_eligible"


def test_a_price_above_the_allocated_sum_is_noticed():
    found = decide(bid("A", "10000001"), bid("B", "10000000"))
    assert [one.code for one in found.bids[0].findings] == ["reduced", "above_allocated"]
    assert [one.code for one in found.bids[1].findings] == ["reduced"]


@pytest.mark.req("SO-T-084")
@pytest.mark.parametrize("written", ["1+1+2+2+3+2", "1+1+3+2+3", "3+1+3+2+3+2", ""])
def test_scores_of_an_admitted_bid_are_all_there_and_on_a_level(written):
    with pytest.raises(law.Refused, match="Bidder"):
        decide(bid("A", "9000000", written), bid("B", "9000000"))


def test_the_same_bidder_twice_and_a_lot_without_money_are_refused():
    with pytest.raises(law.Refused, match="more than once"):
        decide(bid("A", "9000000"), bid("A", "9000000"))
    with pytest.raises(law.Refused, match="above zero"):
        decide(bid("A", "9000000"), allocated="0")
    with pytest.raises(law.Refused, match="did_not_take_place"):
        decide(bid("A", "9000000"), single_bid="perhaps")


@pytest.mark.req("SO-T-073", "SO-T-074", "SO-T-075")
@pytest.mark.parametrize("case", CASES["vote"], ids=str)
def test_a_vote_is_decided_by_the_majority_of_all_members_or_the_chair(case):
    given_votes = {key: value for key, value in case.items() if key != "decision"}
    assert tender.vote(RULES, **given_votes).decision == case["decision"]


@pytest.mark.parametrize(
    "votes",
    [
        {"members": 3, "in_favour": 2, "against": 2},
        {"members": 0, "in_favour": 0, "against": 0},
        {"members": 3, "in_favour": -1, "against": 2},
        {"members": 3, "in_favour": 1, "against": 1, "chair": "maybe"},
    ],
)
def test_impossible_votes_are_refused(votes):
    with pytest.raises(law.Refused):
        tender.vote(RULES, **votes)


prices = st.integers(1, 10**12)


@pytest.mark.req("SO-T-094")
@given(prices, st.integers(0, 23))
def test_a_conditional_price_lies_between_70_and_100_per_cent(price, total):
    conditional = tender.conditional_price(RULES, price, total)
    assert Fraction(7, 10) * price <= conditional <= price


@pytest.mark.req("SO-T-093")
@given(prices, st.integers(0, 22))
def test_one_point_more_never_makes_the_conditional_price_higher(price, total):
    assert tender.conditional_price(RULES, price, total + 1) <= tender.conditional_price(
        RULES, price, total
    )


sheet = st.fixed_dictionaries(
    {one.key: st.sampled_from(one.allowed) for one in RULES.rubric(tender.RUBRIC).criteria}
)


@pytest.mark.req("SO-T-096", "SO-T-098")
@given(st.lists(st.tuples(sheet, st.integers(1, 2000)), min_size=1, max_size=6))
def test_nobody_who_is_out_ever_wins_and_nobody_admitted_is_cheaper_than_the_winner(offers):
    bids = [
        tender.Bid(str(n), price, points, market_experience_days=n)
        for n, (points, price) in enumerate(offers)
    ]
    found = tender.decide(RULES, bids, allocated_tiyn=1000)
    admitted = [one for one in found.bids if one.admitted]
    assert all(one.conditional_tiyn is None for one in found.bids if not one.admitted)
    if not admitted:
        assert found.kind == "did_not_take_place"
        return
    winner = next(one for one in admitted if one.key == found.winner)
    assert winner.conditional_tiyn == min(one.conditional_tiyn or 0 for one in admitted)

"""Social-order tenders: admission, conditional price, winner, votes (SO-T-075, SO-T-084 to SO-T-102).

Prices are tiyn; conditional prices are exact `Fraction`s of tiyn and are compared unrounded (GAP-T-03).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from fractions import Fraction
from typing import Any

from .editions import Edition
from .findings import Citation, Finding, Severity, plain
from .numbers import count, shown, tenge, tiyn, whole
from .rubric import Rubric
from .wording import Tenge, refused, sentence, wording

RUBRIC = "so-tender-criteria"
SINGLE_BID = ("winner", "did_not_take_place")
ABOVE_ALLOCATED = ("admitted", "not_admitted")
SIDES = ("for", "against")
PERCENT = 100


@dataclass(frozen=True, slots=True)
class Bid:
    """A bid. `scores` are the commission's values of C1 to C6, `price_tiyn` the price offered.

    `market_experience_days` breaks a tie (SO-T-099) and is needed only then. A bid that is
    not admitted needs no full scores. `eligible` is false for an organisation that may not
    bid at all (SO-T-008).
    """

    key: str
    price_tiyn: int
    scores: Mapping[str, int]
    market_experience_days: int | None = None
    eligible: bool = True


@dataclass(frozen=True, slots=True)
class Judged:
    """What became of a bid. `conditional_tiyn` and `place` exist only for admitted bids."""

    key: str
    admitted: bool
    total: int | None
    price_tiyn: int
    reduction_percent: int | None
    conditional_tiyn: Fraction | None
    place: int | None
    findings: tuple[Finding, ...]

    def as_dict(self) -> dict[str, Any]:
        conditional = self.conditional_tiyn
        return {
            "id": self.key,
            "admitted": self.admitted,
            "total": self.total,
            "price": tenge(self.price_tiyn),
            "reduction_percent": self.reduction_percent,
            "conditional_price": None if conditional is None else tenge(conditional),
            "place": self.place,
            "findings": [finding.as_dict() for finding in self.findings],
        }


@dataclass(frozen=True, slots=True)
class Result:
    """The outcome: `kind` is "winner", "tie" (a decision is asked for) or "did_not_take_place"."""

    kind: str
    winner: str | None
    bids: tuple[Judged, ...]
    tied: tuple[str, ...]
    findings: tuple[Finding, ...]

    def as_dict(self) -> dict[str, Any]:
        return {
            "kind": self.kind,
            "winner": self.winner,
            "tied": list(self.tied),
            "bids": [bid.as_dict() for bid in self.bids],
            "findings": [finding.as_dict() for finding in self.findings],
        }


def bidder(
    edition: Edition, *, is_ngo: bool, legal_form: str = "", standings: Collection[str] = ()
) -> list[Finding]:
    """Whether an organisation may bid (SO-T-007, SO-T-008); an error for each reason why not.

    `legal_form` is a key such as "political_party"; forms that the edition does not name are no
    bar. `standings` are present facts of the organisation ("liquidation", …): the sources bar
    nobody for them in a social order, so each is a warning. Raises `Refused` for unknown ones.
    """
    bars = [] if is_ngo else ["not_ngo"]
    if legal_form in edition.grounds("bars"):
        bars.append(legal_form)
    found = [(edition.ground("bars", bar), Severity.ERROR) for bar in bars]
    found += [(edition.ground("cautions", fact), Severity.WARNING) for fact in sorted(standings)]
    return [
        Finding(ground.code, severity, sentence(ground.text), ground.cite, about="organisation")
        for ground, severity in found
    ]


def in_time(edition: Edition, *, received_at: datetime, closes_at: datetime) -> Finding:
    """Whether a bid received at an instant is in time; the deadline itself still is (SO-T-078).

    Both instants carry their time zone. The guide's sentence stands between two columns; it is
    applied to the social order too (GAP-T-13).
    """
    late = received_at > closes_at
    code = "received_late" if late else "received_in_time"
    numbers = {"received_at": received_at.isoformat(), "closes_at": closes_at.isoformat()}
    cite = edition.cite("guide, SO vs grants table", inferred=True)
    severity = Severity.ERROR if late else Severity.OK
    return Finding(code, severity, wording(f"tender.{code}"), cite, numbers)


def reduction(edition: Edition, total: int) -> int:
    """The conditional reduction in per cent for a total score (SO-T-093); `Refused` outside 0-23."""
    return _band(edition, total)[0]


def conditional_price(edition: Edition, price_tiyn: int, total: int) -> Fraction:
    """The price for comparison, in tiyn, exact and unrounded (SO-T-094)."""
    return Fraction(tiyn(price_tiyn, "price") * (PERCENT - reduction(edition, total)), PERCENT)


def is_dumping(edition: Edition, *, allocated_tiyn: int, price_tiyn: int) -> bool:
    """Whether a price is **more** than 20 per cent below the allocated one (SO-T-096, GAP-T-22)."""
    threshold = edition.number("dumping.threshold")
    return price_tiyn * PERCENT < allocated_tiyn * (PERCENT - threshold)


def decide(
    edition: Edition,
    bids: Iterable[Bid],
    *,
    allocated_tiyn: int,
    single_bid: str | None = None,
    above_allocated: str | None = None,
    tie_winner: str | None = None,
) -> Result:
    """Who wins a lot: eligibility, C1 and dumping, scores, conditional price (SO-T-097).

    `single_bid` says what one admitted bid means, the edition's parameter by default
    (GAP-T-08); `above_allocated` likewise whether a price above the allocated sum is
    admitted (GAP-T-09). `tie_winner` is a decision on equal price and equal experience
    (SO-T-100). Raises `Refused` for keys that occur twice and for scores of an admitted bid that
    are missing or not allowed.
    """
    bids = list(bids)
    for key, times in Counter(bid.key for bid in bids).items():
        if times > 1:
            raise refused("duplicated", key=shown(key))
    if tiyn(allocated_tiyn, "allocated") == 0:
        raise refused("no_allocated")
    alone = _choice(edition, "single_bid", SINGLE_BID, single_bid)
    above = _choice(edition, "price.above_allocated", ABOVE_ALLOCATED, above_allocated)
    judged = [_judge(edition, bid, allocated_tiyn, above) for bid in bids]
    prices = [one.conditional_tiyn for one in judged if one.conditional_tiyn is not None]
    if not prices:
        return _did_not_take_place(edition, judged, "none_admitted")
    if len(prices) == 1 and alone == "did_not_take_place":
        return _did_not_take_place(edition, judged, "one_admitted")
    lowest = min(prices)
    cheapest = [
        bid for bid, one in zip(bids, judged, strict=True) if one.conditional_tiyn == lowest
    ]
    best = _most_experienced(cheapest)
    if len(best) > 1 and tie_winner is None:
        return _tie(edition, _placed(judged, [], prices), best)
    if len(best) > 1 and tie_winner not in {bid.key for bid in best}:
        tied = ", ".join(bid.key for bid in best)
        raise refused("tie_decision", tied=tied, value=shown(tie_winner))
    winner = best[0].key if len(best) == 1 else str(tie_winner)
    findings = [_won(edition, winner, lowest, cheapest, best)]
    if len(prices) == 1:
        findings.append(
            Finding(
                "one_admitted",
                Severity.NOTICE,
                wording("tender.one_admitted"),
                edition.parameter("single_bid").cite,
            )
        )
    return Result(
        kind="winner",
        winner=winner,
        bids=tuple(_placed(judged, [winner], prices)),
        tied=tuple(bid.key for bid in best) if len(best) > 1 else (),
        findings=tuple(findings),
    )


def _choice(edition: Edition, key: str, allowed: Sequence[str], given: str | None) -> str:
    """What a tender chose where the sources are silent, or what the edition proposes."""
    chosen = edition.parameter(key).value if given is None else given
    if chosen not in allowed:
        raise refused("one_of", name=key, allowed=", ".join(allowed), value=shown(chosen))
    return str(chosen)


def barred(
    edition: Edition, bid: Bid, *, allocated_tiyn: int, above_allocated: str | None = None
) -> list[Finding]:
    """Every reason not to admit a bid that is known so far, whether it is scored yet or not."""
    rubric = edition.rubric(RUBRIC)
    reasons = _against_admission(edition, rubric, bid, allocated_tiyn)
    above = _choice(edition, "price.above_allocated", ABOVE_ALLOCATED, above_allocated)
    if bid.price_tiyn > allocated_tiyn and above == "not_admitted":
        reasons.append(_above_allocated(edition, bid, allocated_tiyn, Severity.ERROR))
    return reasons


def _judge(edition: Edition, bid: Bid, allocated_tiyn: int, above: str) -> Judged:
    """Admission and conditional price of one bid, with all reasons at once."""
    rubric = edition.rubric(RUBRIC)
    price = tiyn(bid.price_tiyn, f"{bid.key}: price")
    reasons = barred(edition, bid, allocated_tiyn=allocated_tiyn, above_allocated=above)
    faults = rubric.check(bid.scores)
    # A bid that is out anyway need not be scored; what is scored must be lawful all the same.
    given = [fault for fault in faults if fault.code != "points_missing"]
    if given or (faults and not reasons):
        raise refused("bid_without_scores", key=shown(bid.key), reason=(given or faults)[0].message)
    total = None if faults else rubric.total(bid.scores)
    if reasons or total is None:
        return Judged(bid.key, False, total, price, None, None, None, tuple(reasons))
    percent, cite = _band(edition, total)
    conditional = conditional_price(edition, price, total)
    message = wording("tender.reduced", total=total, percent=percent, price=Tenge(conditional))
    numbers = {"total": total, "percent": percent, "conditional_tiyn": conditional}
    findings = [Finding("reduced", Severity.OK, message, cite, numbers, bid.key)]
    if price > allocated_tiyn:
        findings.append(_above_allocated(edition, bid, allocated_tiyn, Severity.NOTICE))
    return Judged(bid.key, True, total, price, percent, conditional, None, tuple(findings))


def _above_allocated(
    edition: Edition, bid: Bid, allocated_tiyn: int, severity: Severity
) -> Finding:
    """What the edition or the tender says of a price above the allocated sum (GAP-T-09)."""
    barred = severity is Severity.ERROR
    message = wording(
        "tender.above_allocated_not_admitted" if barred else "tender.above_allocated",
        price=Tenge(bid.price_tiyn),
        allocated=Tenge(allocated_tiyn),
    )
    cite = edition.parameter("price.above_allocated").cite
    numbers = {"price_tiyn": bid.price_tiyn, "allocated_tiyn": allocated_tiyn}
    return Finding("above_allocated", severity, message, cite, numbers, bid.key)


def _against_admission(
    edition: Edition, rubric: Rubric, bid: Bid, allocated_tiyn: int
) -> list[Finding]:
    found = []
    if not bid.eligible:
        message = wording("tender.not_eligible")
        cite = edition.cite("guide, definitions")
        found.append(Finding("not_eligible", Severity.ERROR, message, cite, about=bid.key))
    for criterion in rubric.criteria:
        points = bid.scores.get(criterion.key)
        if points in criterion.allowed and criterion.level(whole(points, bid.key)).bars_admission:
            message = wording("tender.not_admitted", level=criterion.level(points).meaning)
            numbers = {"criterion": criterion.key, "points": points}
            found.append(
                Finding("not_admitted", Severity.ERROR, message, criterion.cite, numbers, bid.key)
            )
    if is_dumping(edition, allocated_tiyn=allocated_tiyn, price_tiyn=bid.price_tiyn):
        threshold = edition.parameter("dumping.threshold")
        limit = Fraction(allocated_tiyn * (PERCENT - threshold.value), PERCENT)
        message = wording(
            "tender.dumping",
            price=Tenge(bid.price_tiyn),
            limit=Tenge(limit),
            percent=threshold.value,
        )
        numbers = {
            "price_tiyn": bid.price_tiyn,
            "limit_tiyn": limit,
            "allocated_tiyn": allocated_tiyn,
            "below_percent": Fraction((allocated_tiyn - bid.price_tiyn) * PERCENT, allocated_tiyn),
        }
        found.append(Finding("dumping", Severity.ERROR, message, threshold.cite, numbers, bid.key))
    return found


def _band(edition: Edition, total: int) -> tuple[int, Citation]:
    """The reduction for a total and where it stands."""
    for band in edition.data["price_bands"]:
        if band["from"] <= whole(total, "total") <= band["to"]:
            return band["percent"], edition.cite(band["cite"], inferred=band.get("inferred", False))
    raise refused("total_out_of_bands", total=shown(total))


def _most_experienced(cheapest: Sequence[Bid]) -> list[Bid]:
    """Of the cheapest bids those with the longest market experience (SO-T-099).

    Where the experience of one of several is not known, nobody is longest: all stay tied.
    """
    if len(cheapest) == 1:
        return list(cheapest)
    days = {}
    for bid in cheapest:
        if bid.market_experience_days is None:
            return list(cheapest)
        days[bid.key] = count(bid.market_experience_days, f"{bid.key}: market_experience_days")
    longest = max(days.values())
    return [bid for bid in cheapest if days[bid.key] == longest]


def _placed(
    judged: Sequence[Judged], ahead: Sequence[str], prices: Sequence[Fraction]
) -> list[Judged]:
    """The bids with their places; `ahead` is the one that wins over an equal price."""
    placed = []
    for one in judged:
        if one.conditional_tiyn is None:
            placed.append(one)
            continue
        place = 1 + sum(price < one.conditional_tiyn for price in prices)
        if ahead and one.key not in ahead and place == 1:
            place = 2
        placed.append(replace(one, place=place))
    return placed


def _won(
    edition: Edition, winner: str, lowest: Fraction, cheapest: Sequence[Bid], best: Sequence[Bid]
) -> Finding:
    numbers = {"conditional_tiyn": lowest, "tied": [bid.key for bid in cheapest]}
    if len(cheapest) == 1:
        code, cite = "winner", edition.cite("guide, stage 6")
    elif len(best) == 1:
        code, cite = "winner_by_experience", edition.cite("guide, stage 6")
        numbers["days"] = {bid.key: bid.market_experience_days for bid in cheapest}
    else:
        code, cite = "winner_by_decision", edition.cite("GAP-T-07", inferred=True)
    message = wording(f"tender.{code}", key=winner, price=Tenge(lowest))
    return Finding(code, Severity.OK, message, cite, numbers, winner)


def _tie(edition: Edition, bids: Sequence[Judged], best: Sequence[Bid]) -> Result:
    keys = tuple(bid.key for bid in best)
    unknown = [bid.key for bid in best if bid.market_experience_days is None]
    code = "experience_unknown" if unknown else "tie"
    cite = edition.cite("guide, stage 6" if unknown else "GAP-T-07", inferred=not unknown)
    message = wording(f"tender.{code}", bids=", ".join(unknown or keys))
    finding = Finding(code, Severity.WARNING, message, cite, {"bids": keys})
    return Result("tie", None, tuple(bids), keys, (finding,))


def _did_not_take_place(edition: Edition, judged: Sequence[Judged], code: str) -> Result:
    cite = replace(edition.parameter("single_bid").cite, inferred=True)
    message = wording(f"tender.{code}_did_not_take_place")
    finding = Finding(code, Severity.WARNING, message, cite)
    return Result("did_not_take_place", None, tuple(judged), (), (finding,))


# --- Voting --------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Vote:
    """A vote of the commission: `decision` is "adopted", "rejected" or "none"."""

    decision: str
    finding: Finding

    def as_dict(self) -> dict[str, Any]:
        return {"decision": self.decision, "finding": self.finding.as_dict()}


def vote(
    edition: Edition, *, members: int, in_favour: int, against: int, chair: str | None = None
) -> Vote:
    """What a vote decides (SO-T-075): the majority of **all** members, else the chair's side.

    `chair` is "for", "against" or `None` if the chair did not vote; it counts only when
    votes are equal. Otherwise there is no decision (GAP-T-06). Raises `Refused` for more votes
    than members.
    """
    if count(members, "members") == 0:
        raise refused("no_members")
    cast = count(in_favour, "in_favour") + count(against, "against")
    if cast > members:
        raise refused("votes", votes=cast, members=members)
    if chair is not None and chair not in SIDES:
        allowed = ", ".join(SIDES)
        raise refused("one_of", name="chair", allowed=allowed, value=shown(chair))
    code, decision = "no_majority", "none"
    if 2 * in_favour > members:
        code, decision = "majority", "adopted"
    elif 2 * against > members:
        code, decision = "majority", "rejected"
    elif in_favour == against and chair is not None:
        code, decision = "chair_decides", "adopted" if chair == "for" else "rejected"
    numbers = {"members": members, "in_favour": in_favour, "against": against, "chair": chair}
    message = wording(f"tender.vote_{code}", members=members, in_favour=in_favour, against=against)
    cite = edition.cite("guide, stage 6", inferred=code == "no_majority")
    severity = Severity.WARNING if decision == "none" else Severity.OK
    return Vote(decision, Finding(code, severity, message, cite, plain(numbers)))

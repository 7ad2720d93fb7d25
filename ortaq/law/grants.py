"""State grants: pure functions from facts to results and findings (GR-A, GR-C, GR-S, GR-K).

Every number comes from the edition that the competition began with. Money is tiyn, means
are `Fraction`. Findings of severity ERROR stop a step; who asks decides which step.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction
from typing import Any

from .editions import Edition
from .findings import Finding, Severity, plain
from .numbers import count, shown, tiyn
from .rubric import mean
from .text import Text
from .wording import Tenge, refused, sentence, wording

RUBRIC = "GRANT-S7"
LOCAL_BUDGET = "local_budget"
SIDES = ("operator", "ngo")
FILINGS = ("on_time", "late", "absent")
PERCENT = 100


# --- Applications --------------------------------------------------------------------------------


def in_time(edition: Edition, *, received_at: datetime, closes_at: datetime) -> Finding:
    """Whether what was received at an instant is in time; the deadline itself still is (GR-A-04).

    Both instants carry their time zone. `received_late` is an error: not R1 but a separate
    outcome, "not accepted" (GR-A-24).
    """
    late = received_at > closes_at
    code = "received_late" if late else "received_in_time"
    cite = edition.parameter("acceptance.closing_time").cite
    numbers = {"received_at": received_at.isoformat(), "closes_at": closes_at.isoformat()}
    severity = Severity.ERROR if late else Severity.OK
    return Finding(code, severity, wording(f"grants.{code}"), cite, numbers)


def applicant(
    edition: Edition, *, filing: str, standings: Collection[str] = (), is_ngo: bool = True
) -> list[Finding]:
    """Why an organisation may not apply; an empty list if it may (GR-A-08, GR-A-09).

    `filing` is how its return came to the NGO database: "on_time", "late" or "absent".
    `standings` are its present facts: "liquidation", "bankruptcy", "attached_property",
    "suspended_activity"; any one excludes (GR-X-17). Raises `Refused` for other words.
    """
    if filing not in FILINGS:
        raise refused("one_of", name="filing", allowed=", ".join(FILINGS), value=shown(filing))
    facts = [] if is_ngo else ["not_ngo"]
    if filing != "on_time":
        facts.append(f"database_{filing}")
    grounds = [edition.ground("exclusions", fact) for fact in (*facts, *sorted(standings))]
    return [
        Finding(ground.code, Severity.ERROR, sentence(ground.text), ground.cite)
        for ground in grounds
    ]


def material_support(
    edition: Edition, *, grant_tiyn: int, project_tiyn: int, material_tiyn: int
) -> Finding:
    """Whether material and technical support stays within its share of the edition's base.

    `material_tiyn` is what is paid **from grant funds**; other sources are free (GR-K-06,
    GR-X-07). `project_tiyn` is the whole cost, of all sources. Exactly the share is within.
    """
    base = edition.parameter("budget.material_support_base")
    whole_tiyn = {"grant": grant_tiyn, "project": project_tiyn}[base.value]
    return _share(
        edition,
        "budget.material_support_max",
        "material_support",
        whole_tiyn,
        material_tiyn,
        base=base.said,
    )


def advance(edition: Edition, *, grant_tiyn: int, advance_tiyn: int) -> Finding:
    """Whether the advance stays within its share of the grant, 40 % in 2020 (GR-K-05)."""
    return _share(edition, "contract.advance_max", "advance", grant_tiyn, advance_tiyn)


def _share(
    edition: Edition, key: str, about: str, whole_tiyn: int, part_tiyn: int, **words: Text
) -> Finding:
    if tiyn(whole_tiyn, "grant") == 0:
        raise refused("no_grant")
    parameter, percent = edition.parameter(key), edition.number(key)
    above = tiyn(part_tiyn, about) * PERCENT > whole_tiyn * percent
    code = f"{about}_above_limit" if above else f"{about}_within_limit"
    limit_tiyn = whole_tiyn * percent // PERCENT
    message = wording(
        f"grants.{code}", amount=Tenge(part_tiyn), limit=Tenge(limit_tiyn), percent=percent, **words
    )
    numbers = {
        "amount_tiyn": part_tiyn,
        "limit_tiyn": limit_tiyn,
        "whole_tiyn": whole_tiyn,
        "percent": percent,
    }
    severity = Severity.ERROR if above else Severity.OK
    return Finding(code, severity, message, parameter.cite, numbers, about)


def experience(
    edition: Edition,
    *,
    first: date,
    last: date | None,
    on: date,
    about: str = "",
    years: str = "application.experience_years",
) -> Finding:
    """Whether a project counts as the organisation's experience on the day of its application: it
    is running, or it ended within the last three years (GR-A-22).

    `first` and `last` are days in the project's first and last month, `last` None while it runs; the
    month three years before `on` is within (inferred). `years` is the edition's parameter. Codes: `experience_counts` (ok),
    `experience_too_old`, `experience_ahead` (warnings: the row stays, it is not counted).
    """
    look_back = edition.parameter(years)
    since = date(on.year - int(look_back.value), on.month, 1)
    code, severity = "experience_counts", Severity.OK
    if first > on:
        code, severity = "experience_ahead", Severity.WARNING
    elif last is not None and last < since:
        code, severity = "experience_too_old", Severity.WARNING
    numbers = {"first": first, "last": last, "since": since}
    message = wording(f"grants.{code}", years=look_back.value, since=f"{since:%m.%Y}")
    return Finding(code, severity, message, look_back.cite, numbers, about)


# --- Experts and commission ----------------------------------------------------------------------


def expert(edition: Edition, *, years: int, education: bool, direction: str = "") -> list[Finding]:
    """Why a person may not be an expert in a direction; empty if they may (GR-C-01).

    `years` are full years of work in that direction.
    """
    least = edition.parameter("expert.experience_years_min")
    found = []
    if not education:
        message = wording("grants.expert_without_education")
        found.append(
            Finding(
                "expert_without_education", Severity.ERROR, message, least.cite, about=direction
            )
        )
    if count(years, "years") < edition.number(least.key):
        message = wording("grants.expert_too_new", years=years, least=least.value)
        numbers = {"years": years, "least": least.value}
        found.append(
            Finding("expert_too_new", Severity.ERROR, message, least.cite, numbers, direction)
        )
    return found


@dataclass(frozen=True, slots=True)
class Seat:
    """A person on a commission. `side` proposed them: "operator" or "ngo".

    `works_for_operator` and `ngo_applied` are facts from the register, not promises
    (GR-C-07, GR-C-08). The secretary does not score and belongs to no side (GR-X-15).
    """

    key: str
    side: str = ""
    secretary: bool = False
    office: str = ""
    works_for_operator: bool = False
    ngo_applied: bool = False


def commission(edition: Edition, seats: Iterable[Seat]) -> list[Finding]:
    """What the law says of a composition: one finding per unmet rule, else `composition_in_order`.

    Errors: `no_scoring_members`, `size_above_maximum`, `no_secretary`,
    `several_secretaries`, `share_of_operator`, `operator_staff`, `ngo_applied`. Warnings, since the
    members themselves elect them (GR-C-09): `no_chair`, `no_deputy`. Raises `Refused` for
    a member of no side and for a person who sits twice.
    """
    seats = list(seats)
    _once(seat.key for seat in seats)
    members = [seat for seat in seats if not seat.secretary]
    for seat in members:
        if seat.side not in SIDES:
            raise refused("one_of", name=seat.key, allowed=", ".join(SIDES), value=shown(seat.side))
    found = [
        *_size(edition, seats, members),
        *_shares(edition, members),
        *_barred(edition, seats),
        *_offices(edition, members),
    ]
    if any(finding.severity is Severity.ERROR for finding in found):
        return found
    operator = sum(seat.side == "operator" for seat in members)
    numbers = {"members": len(members), "operator": operator, "ngo": len(members) - operator}
    message = wording("grants.composition_in_order", **numbers)
    cite = edition.parameter("commission.operator_share").cite
    return [Finding("composition_in_order", Severity.OK, message, cite, numbers), *found]


def operator_part(edition: Edition, members: int) -> int:
    """How many of the scoring members the operator proposes: its share rounded down (GR-X-15)."""
    share = edition.number("commission.operator_share")
    return count(members, "members") * share // PERCENT


def _size(edition: Edition, seats: list[Seat], members: list[Seat]) -> list[Finding]:
    size = edition.parameter("commission.size_max")
    secretaries = len(seats) - len(members)
    found = []
    if not members:
        found.append(_unmet(edition, "no_scoring_members", "commission.size_max"))
    if len(seats) > size.value:
        numbers = {"size": len(seats), "most": size.value}
        found.append(_unmet(edition, "size_above_maximum", size.key, numbers))
    if secretaries == 0:
        found.append(_unmet(edition, "no_secretary", size.key))
    if secretaries > 1:
        numbers = {"secretaries": secretaries}
        found.append(_unmet(edition, "several_secretaries", size.key, numbers))
    return found


def _shares(edition: Edition, members: list[Seat]) -> list[Finding]:
    operator = sum(seat.side == "operator" for seat in members)
    asked = operator_part(edition, len(members))
    if operator == asked:
        return []
    numbers = {
        "members": len(members),
        "operator": operator,
        "ngo": len(members) - operator,
        "asked_operator": asked,
        "asked_ngo": len(members) - asked,
    }
    return [_unmet(edition, "share_of_operator", "commission.operator_share", numbers)]


def _barred(edition: Edition, seats: list[Seat]) -> list[Finding]:
    staff = [seat.key for seat in seats if seat.works_for_operator and not seat.secretary]
    applied = [seat.key for seat in seats if seat.ngo_applied]
    found = []
    for code, rule, people in (
        ("operator_staff", "commission.operator_staff_barred", staff),
        ("ngo_applied", "commission.applicant_barred", applied),
    ):
        if people and edition.parameter(rule).value:
            numbers = {"number": len(people), "people": people}
            found.append(_unmet(edition, code, rule, numbers))
    return found


def _offices(edition: Edition, members: list[Seat]) -> list[Finding]:
    rule = edition.parameter("commission.offices")
    held = {seat.office for seat in members}
    return [
        _unmet(edition, f"no_{office}", rule.key, severity=Severity.WARNING)
        for office in rule.value
        if office not in held
    ]


def _unmet(
    edition: Edition,
    code: str,
    parameter: str,
    numbers: dict[str, Any] | None = None,
    *,
    severity: Severity = Severity.ERROR,
) -> Finding:
    cite = edition.parameter(parameter).cite
    numbers = numbers or {}
    return Finding(code, severity, wording(f"grants.{code}", **numbers), cite, numbers)


# --- Outcome of one topic ------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Candidate:
    """An application for the topic: whether it was admitted, and the totals of its experts.

    `label` is what sentences call it, for example its number; the key if empty.
    """

    key: str
    admitted: bool
    totals: tuple[int, ...] = ()
    label: str = ""


@dataclass(frozen=True, slots=True)
class Ranked:
    """A scored application: the sum of totals, their number, the exact mean, its place.

    Equal means share a place. `above` tells whether the mean is above the threshold; only
    then can the application win.
    """

    key: str
    label: str
    total: int
    experts: int
    mean: Fraction
    above: bool
    place: int


@dataclass(frozen=True, slots=True)
class Result:
    """The outcome of a topic.

    `kind` is "winner", "tie" (the meeting decides), "F1" to "F5", or "open" while an
    admitted application has no points yet; `findings` say why.
    """

    kind: str
    winner: str | None
    submitted: int
    admitted: int
    maximum: int
    ranking: tuple[Ranked, ...]
    tied: tuple[str, ...]
    findings: tuple[Finding, ...]

    def as_dict(self) -> dict[str, Any]:
        return {
            "kind": self.kind,
            "winner": self.winner,
            "submitted": self.submitted,
            "admitted": self.admitted,
            "maximum": self.maximum,
            "tied": list(self.tied),
            "ranking": [
                {
                    "id": one.key,
                    "place": one.place,
                    "sum": one.total,
                    "experts": one.experts,
                    "mean": plain(one.mean),
                    "above_threshold": one.above,
                }
                for one in self.ranking
            ],
            "findings": [finding.as_dict() for finding in self.findings],
        }


def outcome(
    edition: Edition,
    candidates: Iterable[Candidate],
    *,
    local_budget: bool,
    tie_winner: str | None = None,
) -> Result:
    """The outcome of one topic (GR-S-11 to GR-S-15); grounds in the order F1, F2, F4/F3, F5.

    `candidates` are all applications submitted in time, admitted or not. The mean of the
    totals of an application must be **above** half of the maximum: compared exactly,
    2 × sum > experts × maximum. `tie_winner` is the meeting's decision on a tie and is
    looked at only then. Raises `Refused` for keys that occur twice, totals outside the
    rubric's range and a decision that chooses none of those tied.
    """
    candidates = list(candidates)
    _once(candidate.key for candidate in candidates)
    admitted = [candidate for candidate in candidates if candidate.admitted]
    rubric = edition.rubric(RUBRIC).given(*([LOCAL_BUDGET] if local_budget else []))
    counters = {"submitted": len(candidates), "admitted": len(admitted)}

    def result(
        kind: str,
        findings: Sequence[Finding],
        *,
        winner: str | None = None,
        ranking: Sequence[Ranked] = (),
        tied: Sequence[str] = (),
    ) -> Result:
        return Result(
            kind=kind,
            winner=winner,
            submitted=len(candidates),
            admitted=len(admitted),
            maximum=rubric.maximum,
            ranking=tuple(ranking),
            tied=tuple(tied),
            findings=tuple(findings),
        )

    if ground := _ground_without_points(len(candidates), len(admitted)):
        return result(ground, [_failed(edition, ground, counters)])
    if unscored := [candidate.key for candidate in admitted if not candidate.totals]:
        numbers = {"number": len(unscored), "applications": unscored}
        cite = edition.cite("413-rules via announcement 2020 §6")
        message = wording("grants.not_scored", **numbers)
        return result("open", [Finding("not_scored", Severity.ERROR, message, cite, numbers)])
    ranking = _rank(edition, admitted, rubric.minimum, rubric.maximum)
    compared = [_compared(edition, one, rubric.maximum) for one in ranking]
    if not ranking[0].above:
        failed = _failed(edition, "F5", counters)
        return result("F5", [failed, *compared], ranking=ranking)
    best = {one.key: one.label for one in ranking if one.place == 1}
    cite = edition.cite("GR-S-13", inferred=True)
    numbers = {"mean": ranking[0].mean, "applications": list(best)}
    if len(best) == 1:
        winner, code = ranking[0].key, "winner"
    elif tie_winner is None:
        message = wording("grants.tie", applications=", ".join(best.values()))
        tie = Finding("tie", Severity.WARNING, message, cite, numbers)
        return result("tie", [tie, *compared], ranking=ranking, tied=list(best))
    elif tie_winner in best:
        winner, code = tie_winner, "tie_decided"
    else:
        raise refused("tie_decision", tied=", ".join(best), value=shown(tie_winner))
    message = wording(f"grants.{code}", applications=", ".join(best.values()), key=best[winner])
    won = Finding(code, Severity.OK, message, cite, numbers, winner)
    tied = list(best) if len(best) > 1 else []
    return result("winner", [won, *compared], winner=winner, ranking=ranking, tied=tied)


def _ground_without_points(submitted: int, admitted: int) -> str:
    """The ground of failure that the two counters give, "" if points decide (GR-X-01)."""
    if submitted == 0:
        return "F1"
    if submitted == 1:
        return "F2"
    if admitted == 0:
        return "F4"
    if admitted == 1:
        return "F3"
    return ""


def _failed(edition: Edition, code: str, counters: dict[str, int]) -> Finding:
    """That the topic failed. A warning and not an error: failing is a lawful outcome."""
    ground = edition.ground("failure_grounds", code)
    message = wording("grants.failed", reason=ground.text, **counters)
    return Finding(code, Severity.WARNING, message, ground.cite, counters)


def _rank(
    edition: Edition, admitted: Sequence[Candidate], minimum: int, maximum: int
) -> list[Ranked]:
    threshold = edition.number("scoring.threshold")
    for candidate in admitted:
        for total in candidate.totals:
            if not minimum <= count(total, candidate.key) <= maximum:
                raise refused(
                    "total_out_of_range",
                    key=shown(candidate.key),
                    value=shown(total),
                    minimum=minimum,
                    maximum=maximum,
                )
    means = {candidate.key: mean(candidate.totals) for candidate in admitted}
    better = Counter(means.values())
    # Stable: equal means stay in the order of submission, and share their place.
    ordered = sorted(admitted, key=lambda candidate: means[candidate.key], reverse=True)
    return [
        Ranked(
            key=candidate.key,
            label=candidate.label or candidate.key,
            total=sum(candidate.totals),
            experts=len(candidate.totals),
            mean=means[candidate.key],
            above=means[candidate.key] * PERCENT > maximum * threshold,
            place=1 + sum(n for value, n in better.items() if value > means[candidate.key]),
        )
        for candidate in ordered
    ]


def _compared(edition: Edition, one: Ranked, maximum: int) -> Finding:
    """The comparison of one application with the threshold, with all its numbers."""
    parameter = edition.parameter("scoring.threshold")
    code = "above_threshold" if one.above else "not_above_threshold"
    numbers = {
        "sum": one.total,
        "experts": one.experts,
        "maximum": maximum,
        "mean": one.mean,
        "threshold": Fraction(maximum * parameter.value, PERCENT),
    }
    message = wording(
        f"grants.{code}",
        key=one.label,
        total=one.total,
        experts=one.experts,
        maximum=maximum,
        percent=parameter.value,
    )
    return Finding(code, Severity.OK, message, parameter.cite, numbers, one.key)


def _once(keys: Iterable[str]) -> None:
    for key, times in Counter(keys).items():
        if times > 1:
            raise refused("duplicated", key=shown(key))

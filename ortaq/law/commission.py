"""The tender commission: its composition, who may vote, levels that data propose (SO-T-065 to SO-T-075,
SO-T-088, SO-T-089). What a vote decides is in `tender.vote`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from .editions import Edition
from .findings import Finding, Severity, plain
from .numbers import count
from .rubric import Proposal
from .tender import RUBRIC
from .wording import wording

STAGE_6 = "guide, stage 6"
# Where what stands against a step is said, and whether it is this project's reading.
PLACES = {
    "no_chair": (STAGE_6, False),
    "no_secretary": (STAGE_6, False),
    "conflict_of_interest": ("guide, SO vs grants table", True),
    "secretary_votes_not": (STAGE_6, True),
    "not_a_member": (STAGE_6, False),
    "voted_already": (STAGE_6, False),
    "no_substitution": (STAGE_6, False),
    "adopted_already": (STAGE_6, True),
    "no_order": (STAGE_6, False),
    "on_the_commission": (STAGE_6, False),
    "no_ground": ("GAP-T-07", True),
}
MONTHS = 12


@dataclass(frozen=True, slots=True)
class Composition:
    """What the rules look at: how many members vote, whether there is a chair and a secretary."""

    members: int
    chair: bool = True
    secretary: bool = True


def against(edition: Edition, code: str, *, about: str = "", **numbers: object) -> Finding:
    """What stands in the way of a step, with its clause; `code` is one of `PLACES`."""
    place, inferred = PLACES[code]
    cite = edition.cite(place, inferred=inferred)
    message = wording(f"commission.{code}")
    return Finding(code, Severity.ERROR, message, cite, plain(numbers), about)


def composition(
    edition: Edition, found: Composition, *, single_organiser: bool = False
) -> list[Finding]:
    """Every rule on the composition that is not met: number, oddness, chair, secretary
    (SO-T-065, 067, 068). The secretary is none of the members (SO-T-069); whom members come from is
    no rule: that most are of state bodies stands in a table of the guide only (GAP-T-17).
    """
    name = "commission.size_min_single_organiser" if single_organiser else "commission.size_min"
    least, odd = edition.parameter(name), edition.parameter("commission.size_odd")
    members = count(found.members, "members")
    numbers = {"members": members, "least": least.value}
    findings = []
    if members < least.value:
        message = wording("commission.too_few", members=members, least=least.value)
        findings.append(Finding("too_few", Severity.ERROR, message, least.cite, numbers))
    if odd.value and members % 2 == 0:
        message = wording("commission.even_number", members=members)
        findings.append(Finding("even_number", Severity.ERROR, message, odd.cite, numbers))
    if not found.chair:
        findings.append(against(edition, "no_chair"))
    if not found.secretary:
        findings.append(against(edition, "no_secretary"))
    return findings


# --- What data propose -------------------------------------------------------------------------------


def database_level(edition: Edition, *, sent_on: date | None, due_on: date) -> Proposal:
    """C4 by the return on the past year: absent, late or in time (SO-T-088).

    `sent_on` is the day of the first sending, None where there is no return; the last day itself
    is in time.
    """
    if sent_on is None:
        points, code = 0, "return_absent"
    else:
        points, code = (2, "return_in_time") if sent_on <= due_on else (1, "return_late")
    numbers = {"sent_on": sent_on, "due_on": due_on, "points": points}
    message = wording(f"commission.{code}", points=points, sent_on=sent_on or "", due_on=due_on)
    return _proposal(edition, "C4", code, message, numbers)


def experience_level(edition: Edition, *, social_months: int, market_months: int) -> Proposal:
    """C5 by recorded experience in calendar months: the highest level that applies (SO-T-089).

    Two and five years themselves belong to the middle level. Experience on the market of the service
    outweighs experience in social projects, however long.
    """
    social = count(social_months, "social_months")
    market = count(market_months, "market_months")
    kind, months, base = ("market", market, 3) if market else ("social", social, 0)
    points = 0
    if months:
        points = base + 1 + (months >= 2 * MONTHS) + (months > 5 * MONTHS)
    code = f"experience_{kind}" if months else "experience_none"
    numbers = {"social_months": social, "market_months": market, "points": points}
    message = wording(
        f"commission.{code}", points=points, years=months // MONTHS, months=months % MONTHS
    )
    return _proposal(edition, "C5", code, message, numbers)


def _proposal(
    edition: Edition, key: str, code: str, message: object, numbers: Mapping[str, Any]
) -> Proposal:
    criterion = edition.rubric(RUBRIC).criterion(key)
    cite = replace(criterion.cite, inferred=True)
    finding = Finding(code, Severity.NOTICE, message, cite, plain(numbers), key)
    return Proposal(numbers["points"], finding)

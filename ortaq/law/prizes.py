"""Prizes for NGOs: the least size, the proposal for one direction, the division, the bar after a prize (PR-006, PR-028 to PR-040).

Money is tiyn, means are `Fraction`. The sources say nothing of who scores and of how marks are combined (GAP-P-02, GAP-P-03):
what is proposed here is the edition's own, inferred parameter, and a person decides.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from typing import Any

from . import grants, tender
from .editions import Edition
from .findings import Finding, Severity, plain
from .mci import Mci, threshold
from .numbers import count, shown, tenge, tiyn
from .rubric import mean
from .terms import due
from .wording import Tenge, refused, wording

RUBRIC = "prize-criteria"
UNSET = "none"


@dataclass(frozen=True, slots=True)
class Nominee:
    """An applicant in one direction: one total for every scorer who was not recused."""

    key: str
    totals: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Placed:
    """A nominee with the exact mean; neither mean nor place where nobody scored it."""

    key: str
    totals: tuple[int, ...]
    mean: Fraction | None
    place: int | None
    proposed: bool

    def as_dict(self) -> dict[str, Any]:
        return {
            "id": self.key,
            "totals": list(self.totals),
            "mean": plain(self.mean),
            "place": self.place,
            "proposed": self.proposed,
        }


@dataclass(frozen=True, slots=True)
class Division:
    """A prize divided in equal parts: what each gets and what is left over; all in tiyn."""

    prize_tiyn: int
    recipients: int
    share_tiyn: int
    remainder_tiyn: int
    findings: tuple[Finding, ...]

    def as_dict(self) -> dict[str, Any]:
        return {
            "prize": tenge(self.prize_tiyn),
            "recipients": self.recipients,
            "share": tenge(self.share_tiyn),
            "remainder": tenge(self.remainder_tiyn),
            "findings": [finding.as_dict() for finding in self.findings],
        }


@dataclass(frozen=True, slots=True)
class Result:
    """What is proposed for one direction; `division` is empty where no prize is proposed."""

    nominees: tuple[Placed, ...]
    division: Division | None
    findings: tuple[Finding, ...]

    @property
    def proposed(self) -> tuple[str, ...]:
        return tuple(one.key for one in self.nominees if one.proposed)

    def as_dict(self) -> dict[str, Any]:
        return {
            "proposed": list(self.proposed),
            "nominees": [one.as_dict() for one in self.nominees],
            "division": None if self.division is None else self.division.as_dict(),
            "findings": [finding.as_dict() for finding in self.findings],
        }


def size(
    edition: Edition, prize_tiyn: int, *, on: date, table: Sequence[Mci] | None = None
) -> list[Finding]:
    """Whether a prize is not below the least size of the day `on`; exactly the least is enough (PR-034).

    The first finding tells the least size and the index used (`threshold`); `below_minimum` is an error. The minimum concerns the
    whole prize of a direction and not a part of it (PR-035). Raises `Refused` for a day without an index.
    """
    found = threshold("prize.amount_min", on, edition=edition, table=table)
    least = found[0].numbers["amount_tiyn"]
    if tiyn(prize_tiyn, "prize") < least:
        cite = edition.parameter("prize.amount_min").cite
        message = wording(
            "prizes.below_minimum", amount=Tenge(prize_tiyn), least=Tenge(least), year=on.year
        )
        numbers = {"amount_tiyn": prize_tiyn, "least_tiyn": least}
        found.append(
            Finding("below_minimum", Severity.ERROR, message, cite, numbers, about="amount")
        )
    return found


def divide(edition: Edition, prize_tiyn: int, recipients: int) -> Division:
    """The prize in equal parts (PR-033): each gets the whole tiyn of it, what is left over is told for a decision (PR-036).

    share × recipients + remainder is the prize, exactly; the remainder is less than one tiyn for each recipient. Raises `Refused`
    without recipients.
    """
    if count(recipients, "recipients") == 0:
        raise refused("no_recipients")
    share, remainder = divmod(tiyn(prize_tiyn, "prize"), recipients)
    numbers = {
        "prize_tiyn": prize_tiyn,
        "recipients": recipients,
        "share_tiyn": share,
        "remainder_tiyn": remainder,
    }
    cite = edition.cite("guide, prizes")
    said = {"share": Tenge(share), "recipients": recipients}
    code = "divided" if recipients > 1 else "undivided"
    found = [Finding(code, Severity.OK, wording(f"prizes.{code}", **said), cite, numbers)]
    if remainder:
        message = wording("prizes.remainder", remainder=Tenge(remainder))
        gap = edition.cite("GAP-P-08", inferred=True)
        found.append(Finding("remainder", Severity.WARNING, message, gap, numbers))
    return Division(prize_tiyn, recipients, share, remainder, tuple(found))


def propose(edition: Edition, nominees: Iterable[Nominee], *, prize_tiyn: int) -> Result:
    """Who is proposed for the prize of one direction: the best exact mean over the scorers, equal means together (PR-030, PR-031).

    A nominee whom nobody scored is told and has no place; where the edition's parameter sets a pass mark, means below it are not
    proposed. Raises `Refused` for keys that occur twice and totals outside the rubric.
    """
    nominees = list(nominees)
    rubric = edition.rubric(RUBRIC)
    for key, times in Counter(one.key for one in nominees).items():
        if times > 1:
            raise refused("duplicated", key=shown(key))
    for one in nominees:
        for total in one.totals:
            if not rubric.minimum <= count(total, one.key) <= rubric.maximum:
                raise refused(
                    "total_out_of_range",
                    key=shown(one.key),
                    value=shown(total),
                    minimum=rubric.minimum,
                    maximum=rubric.maximum,
                )
    means = {one.key: mean(one.totals) for one in nominees if one.totals}
    enough = {key: found for key, found in means.items() if _passes(edition, found)}
    best = max(enough.values(), default=None)
    winners = {key for key, found in enough.items() if found == best}
    placed = [
        Placed(
            one.key,
            one.totals,
            means.get(one.key),
            1 + sum(other > means[one.key] for other in means.values())
            if one.key in means
            else None,
            one.key in winners,
        )
        for one in nominees
    ]
    # By place; those whom nobody scored come last, in the order given.
    placed.sort(key=lambda one: (one.place is None, one.place or 0))
    division = divide(edition, prize_tiyn, len(winners)) if winners else None
    return Result(
        tuple(placed), division, tuple(_remarks(edition, nominees, means, enough, winners))
    )


def _passes(edition: Edition, found: Fraction) -> bool:
    mark = edition.parameter("prize.pass_mark").value
    return mark == UNSET or found >= int(mark)


def _remarks(
    edition: Edition,
    nominees: Sequence[Nominee],
    means: dict[str, Fraction],
    enough: dict[str, Fraction],
    winners: set[str],
) -> Iterable[Finding]:
    silent = edition.cite("GAP-P-03", inferred=True)
    rule = edition.parameter("prize.combine").cite
    named = ", ".join(one.key for one in nominees if one.key in winners)
    numbers: dict[str, Any] = {"nominees": len(nominees)}
    if not nominees:
        yield Finding("no_nominees", Severity.NOTICE, wording("prizes.no_nominees"), silent)
        return
    if winners:
        code = "best" if len(winners) == 1 else "equal"
        best = max(enough.values())
        message = wording(f"prizes.{code}", keys=named)
        yield Finding(code, Severity.OK, message, rule, numbers | {"mean": best})
    else:
        yield Finding("nobody_proposed", Severity.WARNING, wording("prizes.nobody"), silent)
    if len(nominees) == 1:
        yield Finding("only_one", Severity.NOTICE, wording("prizes.only_one"), silent, numbers)
    for one in nominees:
        if one.key not in means:
            message = wording("prizes.not_scored", key=one.key)
            yield Finding("not_scored", Severity.WARNING, message, rule, about=one.key)
        elif one.key not in enough:
            mark = edition.parameter("prize.pass_mark")
            message = wording("prizes.below_pass_mark", key=one.key, mark=mark.value)
            yield Finding(
                "below_pass_mark", Severity.NOTICE, message, mark.cite, numbers, about=one.key
            )
    scorers = {len(one.totals) for one in nominees if one.totals}
    if len(scorers) > 1:
        message = wording("prizes.unequal_scorers", least=min(scorers), most=max(scorers))
        numbers = {"least": min(scorers), "most": max(scorers)}
        yield Finding(
            "unequal_scorers", Severity.NOTICE, message, replace(rule, inferred=True), numbers
        )


# --- Who may be nominated, and what counts --------------------------------------------------------


def applicant(
    edition: Edition, *, is_ngo: bool, legal_form: str = "", standings: Collection[str] = ()
) -> list[Finding]:
    """Whether an organisation may be nominated (PR-003): an error for each reason why not, a warning for each standing.

    `legal_form` and `standings` are keys as in `tender.bidder`; raises `Refused` for unknown standings.
    """
    return tender.bidder(edition, is_ngo=is_ngo, legal_form=legal_form, standings=standings)


def experience(
    edition: Edition, *, first: date, last: date | None, on: date, own: bool, about: str = ""
) -> Finding:
    """Whether a project counts as the NGO's experience on the day `on` (PR-023): its own, running or of the last three years.

    `first` and `last` are days in its first and last month, `last` None while it runs. Codes as in `grants.experience`, and
    `experience_of_others` (warning) for one done privately or through another organisation.
    """
    if not own:
        cite = edition.parameter("prize.experience_years").cite
        message = wording("prizes.experience_of_others")
        return Finding("experience_of_others", Severity.WARNING, message, cite, about=about)
    return grants.experience(
        edition, first=first, last=last, on=on, about=about, years="prize.experience_years"
    )


# --- After a prize -------------------------------------------------------------------------------


def barred_until(edition: Edition, received_on: date) -> date:
    """The day three years after a prize was received, up to which an NGO may not be nominated again (PR-006)."""
    return due(edition.term("prize.bar"), received_on).due_on


def barred(edition: Edition, received_on: date, on: date) -> list[Finding]:
    """An error where a nomination on the day `on` comes too early after a prize, with the day up to which it does (PR-006, PR-007).

    That day itself still bars (inferred): "for three years after".
    """
    until = barred_until(edition, received_on)
    if not received_on <= on <= until:
        return []
    message = wording("prizes.barred", received=received_on, until=until)
    numbers = {"received_on": received_on, "until": until, "on": on}
    cite = edition.parameter("prize.bar_years").cite
    return [Finding("barred", Severity.ERROR, message, cite, numbers, about="organisation")]

"""What the topic says of small grants, and what stands against a selection (GR-P-13, GR-I-13, GR-X-12).

The register itself is our proposal (GR-I-13): the plan sets sums, numbers, purposes and recipients, nothing else.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Sum
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from ortaq.core import clock, money, regions
from ortaq.core.procedure import Attempt
from ortaq.faces import say
from ortaq.law.findings import Citation, Finding, Severity
from ortaq.law.text import EMPTY, Text

from . import completeness
from .models import Contract, SmallCompetition, SmallGrant

EXACTLY, UP_TO = "exactly", "up_to"
VOLUNTEERS = "plan 2020, topics 16, 17, 26, 27, 28, 75"
RURAL = "plan 2020, topics 61-74"
GIVEN = (SmallGrant.State.SELECTED, SmallGrant.State.PAID, SmallGrant.State.PROVED)


@dataclass(frozen=True, slots=True)
class Limits:
    """The limits of the topic as `Contract.small_grants` keeps them; all empty where it states none."""

    kind: str = ""
    amount_tiyn: int | None = None
    minimum: int | None = None
    permitted: Text = EMPTY
    forbidden: Text = EMPTY
    recipients: Text = EMPTY
    coverage: str = ""
    regions: tuple[str, ...] = ()

    @classmethod
    def of(cls, kept: Mapping[str, Any]) -> Limits:
        def text(name: str) -> Text:
            return Text(kept.get(f"{name}_kk") or "", kept.get(f"{name}_ru") or "")

        return cls(
            kept.get("kind") or "",
            kept.get("amount_tiyn"),
            kept.get("minimum"),
            text("permitted"),
            text("forbidden"),
            text("recipients"),
            kept.get("coverage") or "",
            tuple(kept.get("regions") or ()),
        )

    @property
    def place(self) -> str:
        """Where the plan says so."""
        return RURAL if self.kind == EXACTLY else VOLUNTEERS

    @property
    def amount(self) -> str:
        """The sum of one small grant in words; "" where none is stated."""
        if not self.amount_tiyn:
            return ""
        shown = money.show(self.amount_tiyn)
        if self.kind == EXACTLY:
            return str(_("exactly %(sum)s")) % {"sum": shown}
        return str(_("up to %(sum)s")) % {"sum": shown}

    def wanted_regions(self) -> list[str]:
        """Codes of the regions in which small grants are to be given; none where the topic names none."""
        if self.coverage == "republic":
            return [region.code for region in regions.on(clock.today())]
        return list(self.regions)


def cite(contract: Contract, place: str) -> Citation:
    return completeness.cite(contract, place, inferred=True)


def _limits(competition: SmallCompetition) -> Limits:
    return Limits.of(competition.limits)


# --- One small grant -------------------------------------------------------------------------------


def sum_fits(grant: SmallGrant, given_tiyn: int) -> Iterator[Finding]:
    """Not above the limit; another sum than the one stated only with the body's consent (GR-X-12)."""
    limits, contract = _limits(grant.competition), grant.competition.project.contract
    stated = limits.amount_tiyn
    numbers = {"given_tiyn": given_tiyn, "stated_tiyn": stated}
    if given_tiyn <= 0:
        yield Finding("nothing_given", Severity.ERROR, _("State the sum that is given."), cite(contract, "GR-I-13"), numbers, "given_tiyn")  # fmt: skip
    elif stated and limits.kind == UP_TO and given_tiyn > stated:
        message = _("The topic allows at most {sum} for one small grant.")
        yield Finding("above_limit", Severity.ERROR, format_lazy(message, sum=money.show(stated)), cite(contract, limits.place), numbers, "given_tiyn")  # fmt: skip
    elif stated and limits.kind == EXACTLY and given_tiyn != stated:
        consented = grant.consented_tiyn == given_tiyn
        message = _(
            "Application No. {number}: the topic states {sum} for each small grant; another sum needs the consent of the body that gives the money."
        )
        yield Finding(
            "consent_given" if consented else "needs_consent",
            Severity.OK if consented else Severity.WARNING,
            _("The body consented to this sum.")
            if consented
            else format_lazy(message, number=grant.number, sum=money.show(stated)),
            cite(contract, limits.place),
            numbers,
            "given_tiyn",
        )


# --- The selection as a whole ------------------------------------------------------------------------


def selected_of(competition: SmallCompetition) -> list[SmallGrant]:
    return [one for one in competition.grants.all() if one.state == SmallGrant.State.SELECTED]


def all_decided(competition: SmallCompetition, attempt: Attempt) -> Iterable[Finding]:
    """Every application has its decision."""
    open_ones = [
        one.number for one in competition.grants.all() if one.state == SmallGrant.State.SUBMITTED
    ]
    if open_ones:
        yield Finding(
            "undecided",
            Severity.ERROR,
            format_lazy(
                _("Applications without a decision: {numbers}."),
                numbers=", ".join(f"№ {number}" for number in open_ones),
            ),
            cite(competition.project.contract, "GR-I-13"),
            {"numbers": open_ones},
        )


def sums_fit(competition: SmallCompetition, attempt: Attempt) -> Iterable[Finding]:
    """Each sum is within the limit, or the body consented to it."""
    for grant in selected_of(competition):
        grant.competition = competition
        for found in sum_fits(grant, grant.given_tiyn or 0):
            if found.code == "needs_consent":
                yield Finding(found.code, Severity.ERROR, found.message, found.cite, found.numbers)
            elif found.severity is Severity.ERROR:
                yield found


def purposes_fit(competition: SmallCompetition, attempt: Attempt) -> Iterable[Finding]:
    """What the topic forbids is named, so that whoever selects sees it (GR-P-13, GR-X-11)."""
    limits = _limits(competition)
    if any(limits.forbidden):
        yield Finding(
            "forbidden_purposes",
            Severity.NOTICE,
            format_lazy(_("Small grants of this topic are not for: {forbidden}."), forbidden=say.text(limits.forbidden)),
            cite(competition.project.contract, limits.place),
        )  # fmt: skip


def enough(competition: SmallCompetition, attempt: Attempt) -> Iterable[Finding]:
    """The least number, counted over all competitions of the project: a warning, since another one may follow."""
    limits, contract = _limits(competition), competition.project.contract
    here = len(selected_of(competition))
    total = here + _given_elsewhere(competition).count()
    if limits.minimum and total < limits.minimum:
        message = _(
            "The topic asks for at least {minimum} small grants; with these there are {total}. Hold another competition for the rest."
        )
        yield Finding(
            "fewer_than_minimum",
            Severity.WARNING,
            format_lazy(message, minimum=limits.minimum, total=total),
            cite(contract, limits.place),
            {"minimum": limits.minimum, "total": total},
        )
    covered = {one.region for one in selected_of(competition)} | set(
        _given_elsewhere(competition).values_list("region", flat=True)
    )
    if missing := [code for code in limits.wanted_regions() if code not in covered]:
        named = ", ".join(say.text(r.name) for code in missing if (r := regions.find(code)))
        yield Finding(
            "regions_missing",
            Severity.WARNING,
            format_lazy(_("Regions without a small grant so far: {regions}."), regions=named),
            cite(contract, limits.place),
            {"regions": missing},
        )


def _given_elsewhere(competition: SmallCompetition) -> Any:
    return SmallGrant.objects.filter(
        competition__project=competition.project, state__in=GIVEN
    ).exclude(competition=competition)


def money_suffices(competition: SmallCompetition, attempt: Attempt) -> Iterable[Finding]:
    """What is given and not paid yet fits into what is left of the contract's money."""
    project = competition.project
    unpaid = _given_elsewhere(competition).filter(state=SmallGrant.State.SELECTED)
    promised = (unpaid.aggregate(sum=Sum("given_tiyn"))["sum"] or 0) + sum(
        one.given_tiyn or 0 for one in selected_of(competition)
    )
    left = project.contract.sum_tiyn - project.spent_tiyn
    if promised > left:
        yield Finding(
            "money_short",
            Severity.ERROR,
            format_lazy(
                _("The selected small grants come to {promised}; of the contract's money {left} is left."),
                promised=money.show(promised),
                left=money.show(left),
            ),
            cite(project.contract, "GR-I-13"),
            {"promised_tiyn": promised, "left_tiyn": left},
        )  # fmt: skip


def nobody_twice(competition: SmallCompetition, attempt: Attempt) -> Iterable[Finding]:
    """One applicant with two small grants is seen; no source forbids it."""
    known: dict[str, int] = {}
    for grant in selected_of(competition):
        mark = grant.identifier or "".join(grant.contact.casefold().split())
        if mark and mark in known:
            yield Finding(
                "applicant_twice",
                Severity.WARNING,
                format_lazy(
                    _("Applications No. {first} and No. {second} have the same applicant or contact."),
                    first=known[mark],
                    second=grant.number,
                ),
                cite(competition.project.contract, "GR-I-13"),
                {"first": known[mark], "second": grant.number},
            )  # fmt: skip
        known.setdefault(mark, grant.number)


TO_DECIDE: Sequence[Any] = (
    all_decided,
    sums_fit,
    purposes_fit,
    enough,
    money_suffices,
    nobody_twice,
)

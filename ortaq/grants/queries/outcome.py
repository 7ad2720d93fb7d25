"""What the pages of outcomes read: the operator's before publication, everybody's after it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import Any

from django.db.models import Prefetch, Q, QuerySet
from django.utils.translation import gettext as _

from ortaq import law
from ortaq.core.bilingual import pick
from ortaq.core.models import Letter, StoredFile
from ortaq.faces import say
from ortaq.grants.models import Application, Competition, Lot, Outcome, Protocol
from ortaq.grants.procedure import protocol as protocols
from ortaq.grants.procedure.competition_scoring import ends_without_scoring
from ortaq.grants.procedure.contract import source_of
from ortaq.grants.procedure.outcome import compute, decide, digest
from ortaq.grants.procedure.outcome_letters import for_competition
from ortaq.law.findings import Citation, Finding, Severity
from ortaq.people.actor import Actor
from ortaq.people.policy import responsible_for
from ortaq.projects.models import Contract
from ortaq.review.models import ScoreSheet, Seat

from .application import applications_visible_to
from .competition import competitions_managed_by

State = Competition.State
PERCENT = 100
WINNER, TIE = Outcome.Kind.WINNER, Outcome.Kind.TIE


def finding_of(kept: Mapping[str, Any]) -> Finding:
    """A finding as it was kept in JSON (`Finding.as_dict`)."""
    message = kept["message"]
    return Finding(
        kept["code"],
        Severity(kept["severity"]),
        law.Text.of(message) if isinstance(message, dict) else message,
        Citation(**kept["cite"]) if kept["cite"] else None,
        kept["numbers"],
        kept["about"],
    )


# --- The comparison with the threshold -------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Compared:
    """An application's points against the threshold, spelled out: 2 × 37 = 74 and 3 × 25 = 75."""

    points: int
    sheets: int
    maximum: int
    percent: int

    @property
    def mean(self) -> Fraction:
        return Fraction(self.points, self.sheets)

    @property
    def threshold(self) -> Fraction:
        return Fraction(self.maximum * self.percent, PERCENT)

    @property
    def above(self) -> bool:
        return self.mean > self.threshold

    @property
    def factors(self) -> tuple[int, int]:
        """What both sides are multiplied by to stay whole: (2, 1) for 50 per cent."""
        share = Fraction(self.percent, PERCENT)
        return share.denominator, share.numerator

    @property
    def left(self) -> int:
        return self.factors[0] * self.points

    @property
    def right(self) -> int:
        return self.factors[1] * self.sheets * self.maximum


# --- The operator's pages ----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Standing:
    """An application in its lot as the protocol records it."""

    kept: Mapping[str, Any]
    compared: Compared | None
    by_member: Sequence[tuple[str, int]]

    @property
    def name(self) -> str:
        return pick(self.kept["name_kk"], self.kept["name_ru"])


@dataclass(frozen=True, slots=True)
class LotLine:
    """A lot with its outcome, as computed now or as published."""

    lot: Lot
    kept: Mapping[str, Any]
    standings: Sequence[Standing]
    contract: Contract | None = None

    @property
    def winner(self) -> Standing | None:
        number = self.kept["winner"]
        return next((one for one in self.standings if number == one.kept["number"]), None)

    @property
    def kind(self) -> str:
        return str(dict(Outcome.Kind.choices).get(self.kept["kind"], self.kept["kind"]))

    @property
    def findings(self) -> list[Finding]:
        """Why it ended so; what each application's points say stands beside the application."""
        numbers = {"above_threshold", "not_above_threshold"}
        return [finding_of(one) for one in self.kept["findings"] if one["code"] not in numbers]


@dataclass(frozen=True, slots=True)
class OutcomesPage:
    lines: Sequence[LotLine]
    protocol: Protocol | None
    prepared: Outcome | None  # any of them: they are prepared together
    outdated: bool
    letters: int
    counts: Mapping[str, int] = field(default_factory=dict)


def held(actor: Actor) -> QuerySet[Competition]:
    """The competitions whose outcomes the actor prepares, with what their pages show."""
    return competitions_managed_by(actor).select_related("operator", "version__plan", "panel")


def protocols_visible_to(actor: Actor) -> QuerySet[Protocol]:
    """The protocols that the actor's organisation draws up, or that the actor signs as one of the commission."""
    mine = Q(competition__operator__in=responsible_for(actor))
    if actor.user is not None:
        seats = Seat.objects.filter(person=actor.user, until=None)
        mine |= Q(competition__panel__in=seats.values("panel"))
    return Protocol.objects.filter(mine).select_related("competition__operator")


def outcomes_managed_by(actor: Actor) -> QuerySet[Outcome]:
    """The outcomes of the competitions that the actor runs."""
    rows = Outcome.objects.select_related("winner", "lot__competition")
    return rows.filter(lot__competition__in=competitions_managed_by(actor))


def signed_protocol(competition: Competition) -> StoredFile | None:
    """The scan of the signed protocol, once it is filed."""
    found = Protocol.objects.select_related("scan").filter(competition=competition).first()
    return found.scan if found else None


def outcomes_are_open(competition: Competition) -> bool:
    """From the meeting on the operator sees outcomes with their points, and not before; or from the
    check on, where no points are to be given.
    """
    decided = competition.state in (State.MEETING, State.PUBLISHED)
    return decided or ends_without_scoring(competition)


def outcomes_page(competition: Competition) -> OutcomesPage:
    """All lots with their outcomes: computed from the points at the meeting, as recorded by the
    protocol after publication. A fixed number of queries.
    """
    stored = list(Outcome.objects.filter(lot__competition=competition).select_related("lot"))
    protocol = Protocol.objects.select_related("scan").filter(competition=competition).first()
    kept = _kept(competition, protocol)
    lines = list(_lines(competition, kept, _contracts(stored)))
    open_ = competition.state != State.PUBLISHED
    return OutcomesPage(
        lines,
        protocol,
        stored[0] if stored else None,
        outdated=bool(open_ and stored and digest(stored) != digest(compute(competition))),
        letters=for_competition(competition).count(),
        counts={
            "won": sum(line.kept["kind"] == WINNER for line in lines),
            "failed": sum(line.kept["kind"].startswith("F") for line in lines),
            "open": sum(line.kept["kind"] in (TIE, "open") for line in lines),
        },
    )


def lot_line(competition: Competition, lot: Lot) -> LotLine | None:
    """One lot with all its applications."""
    protocol = Protocol.objects.filter(competition=competition).first()
    kept = _kept(competition, protocol)
    outcome = Outcome.objects.filter(lot=lot).first()
    contracts = _contracts([outcome] if outcome else [])
    return next((one for one in _lines(competition, kept, contracts) if one.lot == lot), None)


def _kept(competition: Competition, protocol: Protocol | None) -> Mapping[str, Any]:
    if competition.state == State.PUBLISHED and protocol is not None:
        content: Mapping[str, Any] = protocol.content
        return content
    assert competition.panel is not None
    seats = list(competition.panel.seats.select_related("person").order_by("since", "id"))
    numbers = {seat.pk: number for number, seat in enumerate(seats, 1)}
    return {
        "lots": protocols.lots(competition, decide(competition), numbers),
        "members": [{"short_name": seat.person.short_name} for seat in seats],
    }


def _lines(
    competition: Competition, kept: Mapping[str, Any], contracts: Mapping[int, Contract]
) -> Iterable[LotLine]:
    percent = competition.rules.number("scoring.threshold")
    names = [member["short_name"] for member in kept["members"]]
    lots = competition.lots.select_related("topic", "outcome")
    for lot, one in zip(lots, kept["lots"], strict=True):
        standings = [
            Standing(
                application,
                Compared(application["points"], application["sheets"], one["maximum"], percent)
                if application["sheets"]
                else None,
                [(names[seat - 1], total) for seat, total in application["by_member"]],
            )
            for application in one["applications"]
        ]
        yield LotLine(lot, one, standings, contracts.get(lot.pk))


def _contracts(outcomes: Iterable[Outcome]) -> dict[int, Contract]:
    """The contracts already made from published outcomes, by lot."""
    by_source = {source_of(one): one.lot_id for one in outcomes if one.published_at}
    rows = Contract.objects.filter(source__in=by_source) if by_source else ()
    return {by_source[contract.source]: contract for contract in rows}


def letters_of(competition: Competition) -> QuerySet[Letter]:
    """The letters on the outcomes as they wait or went."""
    return for_competition(competition).select_related("recipient")


# --- What everybody sees after publication -----------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Result:
    """How a topic ended (GR-S-17): the winner with its total, or the ground of failure.

    `criteria`: what all members together gave the winner for each criterion, and the most that they could give.
    """

    lot: Lot
    outcome: Outcome
    ground: law.Ground | None
    compared: Compared | None
    repeated_by: Competition | None
    criteria: Sequence[tuple[law.Criterion, int, int]] = ()

    # Said here and not in the template: a competition shows both a hundred times, and its own tag costs four times as much.

    @property
    def mean_said(self) -> str:
        """How the points of the winner come together; "" where there are none."""
        if self.compared is None:
            return ""
        return _(
            "Mean of the points: %(mean)s of %(maximum)s (sum %(points)s, members who scored: %(sheets)s)"
        ) % {
            "mean": say.points(self.compared.mean),
            "maximum": self.compared.maximum,
            "points": self.compared.points,
            "sheets": self.compared.sheets,
        }

    @property
    def applications_said(self) -> str:
        """How many applications there were."""
        given = {"submitted": self.outcome.submitted, "admitted": self.outcome.admitted}
        return _("Handed in: %(submitted)s, admitted: %(admitted)s.") % given


# What a line of the results shows.
SHOWN = (
    "competition", "topic__number", "topic__title_kk", "topic__title_ru", "amount_tiyn",
    *(f"outcome__{name}" for name in ("lot", "kind", "points", "sheets", "maximum", "submitted", "admitted")),
    *(f"outcome__winner__{name}" for name in ("number", "title", "grant_tiyn")),
    *(f"outcome__winner__organisation__{name}" for name in ("kind", "bin", "name_kk", "name_ru")),
)  # fmt: skip
# Of fewer sheets a sum would tell, or let one guess, what a member gave.
ENOUGH_SHEETS = 3


def results(competition: Competition) -> list[Result]:
    """The public results; empty until they are published. Three queries."""
    if competition.state != State.PUBLISHED:
        return []
    repeated = Lot.objects.exclude(competition__state=State.DRAFT).select_related("competition")
    lots = (
        competition.lots.filter(outcome__published_at__isnull=False)
        .select_related("topic", "outcome__winner__organisation")
        .only(*SHOWN)
        .prefetch_related(Prefetch("repeated_by", repeated, to_attr="announced_again"))
    )
    found = [_result(competition, lot, lot.outcome) for lot in lots]
    given = _given([one.outcome.winner_id for one in found if one.outcome.winner_id])
    rubric = _rubric(competition)
    return [replace(one, criteria=_by_criterion(one.outcome, rubric, given)) for one in found]


def _given(winners: Sequence[int]) -> Mapping[int, Mapping[str, int]]:
    """By winner and criterion: the sum over the sheets that count; one query."""
    sheets = ScoreSheet.objects.filter(
        dossier__application__in=winners, state=ScoreSheet.State.SIGNED
    )
    sums: dict[int, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for winner, marks in sheets.values_list("dossier__application", "marks"):
        for criterion, mark in marks.items():
            sums[winner][criterion] += mark["points"] or 0
    return sums


def _by_criterion(
    outcome: Outcome, rubric: law.Rubric, given: Mapping[int, Mapping[str, int]]
) -> list[tuple[law.Criterion, int, int]]:
    """The winner's points by criterion, where they are of enough sheets and add up to the published total."""
    sheets, mine = outcome.sheets or 0, given.get(outcome.winner_id or 0, {})
    if sheets < ENOUGH_SHEETS or sum(mine.values()) != outcome.points:
        return []
    return [(one, mine.get(one.key, 0), one.maximum * sheets) for one in rubric.criteria]


def _result(competition: Competition, lot: Any, outcome: Outcome) -> Result:
    edition = competition.rules
    failed = outcome.kind != WINNER
    compared = None
    if outcome.points is not None and outcome.sheets and outcome.maximum:
        percent = edition.number("scoring.threshold")
        compared = Compared(outcome.points, outcome.sheets, outcome.maximum, percent)
    again = getattr(lot, "announced_again", [])
    return Result(
        lot,
        outcome,
        edition.ground("failure_grounds", outcome.kind) if failed else None,
        compared,
        again[0].competition if again else None,
    )


@dataclass(frozen=True, slots=True)
class OwnResult:
    """How an applicant's own application ended."""

    application: Application
    result: Result
    own: Compared | None
    cite: Citation | None  # of the threshold


def own_result(actor: Actor, pk: int) -> OwnResult | None:
    """The result of an application for its applicant and its operator; None before publication
    and for everybody else. Three queries.
    """
    application = (
        applications_visible_to(actor)
        .filter(pk=pk, competition__state=State.PUBLISHED)
        .exclude(state=Application.State.DRAFT)
        .select_related(
            "organisation",
            "competition__operator",
            "competition__version__plan",
            "dossier",
            "lot__topic",
            "lot__outcome__winner__organisation",
        )
        .first()
    )
    if application is None:
        return None
    competition, outcome = application.competition, application.lot.outcome
    dossier, own, cite = application.dossier, None, None
    if dossier is not None and dossier.sheets:
        edition = competition.rules
        rubric = _rubric(competition)
        percent = edition.number("scoring.threshold")
        own = Compared(dossier.points, dossier.sheets, rubric.maximum, percent)
        cite = edition.parameter("scoring.threshold").cite
    return OwnResult(application, _result(competition, application.lot, outcome), own, cite)


def _rubric(competition: Competition) -> law.Rubric:
    """The criteria of a competition; those of a local budget have one more."""
    local = competition.version.plan.level == "local"
    return competition.rules.rubric("GRANT-S7").given(*(["local_budget"] if local else []))


def offices() -> dict[str, Any]:
    """What members are on a commission, by code, in the reader's language."""
    return {**dict(Seat.Office.choices), **dict(Seat.Role.choices)}

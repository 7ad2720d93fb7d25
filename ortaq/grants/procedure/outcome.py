"""Outcomes: computed exactly, prepared quietly, published in one step (GR-S-11..17).

prepare   the outcomes of all lots and the letters; nobody outside the operator sees them
publish   outcomes, states of applications, letters and the public page at one instant
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from ortaq import law
from ortaq.core import canonical
from ortaq.core.keys import key_of
from ortaq.core.procedure import Attempt
from ortaq.grants.models import Application, Competition, Lot, Outcome
from ortaq.law import grants as rules
from ortaq.law.findings import Finding, Severity
from ortaq.review import panels
from ortaq.review.models import ScoreSheet, TieDecision

from . import outcome_letters

TAKING_PART = ("submitted", "admitted", "refused")


def contest_of(lot: Lot) -> str:
    """The key under which the lot's dossiers compete."""
    return key_of(lot)


# --- Computing -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Decided:
    """A lot, its applications by key, what the law says of the points, how a tie was decided."""

    lot: Lot
    applications: Mapping[str, Application]
    result: rules.Result
    tie: TieDecision | None

    @property
    def winner(self) -> Application | None:
        return self.applications[self.result.winner] if self.result.winner else None


def decide(
    competition: Competition, applications: Iterable[Application] | None = None
) -> list[Decided]:
    """The outcome of every lot by the points given, until they are published; four queries.

    `applications` are those that take part, as they stood when it was decided: afterwards their rows say what became of them.
    """
    edition = competition.rules
    local = competition.version.plan.level == "local"
    by_lot: dict[int, dict[str, Application]] = {}
    if applications is None:
        taking_part = competition.applications.filter(state__in=TAKING_PART)
        applications = taking_part.select_related("organisation").order_by("id")
    for application in applications:
        by_lot.setdefault(application.lot_id, {})[str(application.pk)] = application
    totals: dict[int, list[int]] = {}
    sheets = ScoreSheet.objects.filter(
        dossier__panel=competition.panel_id, state=ScoreSheet.State.SIGNED
    ).order_by("dossier", "id")
    for dossier, total in sheets.values_list("dossier", "total"):
        totals.setdefault(dossier, []).append(total or 0)
    ties = {
        decision.contest: decision
        for decision in TieDecision.objects.filter(meeting__panel=competition.panel_id).order_by(
            "id"
        )
    }
    return [
        _of_lot(
            lot,
            by_lot.get(lot.pk, {}),
            totals,
            ties.get(contest_of(lot)),
            edition=edition,
            local=local,
        )
        for lot in competition.lots.select_related("topic")
    ]


def _of_lot(
    lot: Lot,
    applications: Mapping[str, Application],
    totals: Mapping[int, list[int]],
    tie: TieDecision | None,
    *,
    edition: law.Edition,
    local: bool,
) -> Decided:
    candidates = [
        rules.Candidate(
            key=key,
            admitted=application.state == Application.State.ADMITTED,
            totals=tuple(totals.get(application.dossier_id or 0, ())),
            label=application.number,
        )
        for key, application in applications.items()
    ]
    result = rules.outcome(edition, candidates, local_budget=local)
    if result.kind == "tie" and tie is not None:
        by_dossier = {a.dossier_id or 0: key for key, a in applications.items()}
        # A recusal after the decision may have made another tie: that one is open.
        if tie.decides(applications[key].dossier_id or 0 for key in result.tied):
            chosen = by_dossier[tie.winner_id]
            result = rules.outcome(edition, candidates, local_budget=local, tie_winner=chosen)
    return Decided(lot, applications, result, tie if result.tied else None)


def outcome_of(decided: Decided) -> Outcome:
    """The row, unsaved, that says what was decided of a lot."""
    result = decided.result
    won = next((one for one in result.ranking if one.key == result.winner), None)
    return Outcome(
        lot=decided.lot,
        kind=result.kind,
        winner=decided.winner,
        submitted=result.submitted,
        admitted=result.admitted,
        points=won.total if won else None,
        sheets=won.experts if won else None,
        maximum=result.maximum if won else None,
        findings=[finding.as_dict() for finding in result.findings],
    )


def compute(
    competition: Competition, applications: Iterable[Application] | None = None
) -> list[Outcome]:
    """The outcomes of all lots, unsaved; `applications` as in `decide`."""
    return [outcome_of(decided) for decided in decide(competition, applications)]


def digest(outcomes: Iterable[Outcome]) -> str:
    """One hash for a set of outcomes: a change after preparing shows. Not for the journal: there
    are so few possible outcomes that it would tell them to whoever tries them all.
    """
    rows = sorted(
        (o.lot_id, str(o.kind), o.winner_id or 0, o.submitted, o.admitted, o.points or 0)
        for o in outcomes
    )
    return canonical.sha256([list(row) for row in rows])


# --- Preparing -----------------------------------------------------------------------------------


def all_scored(competition: Competition, attempt: Attempt) -> Iterable[Finding]:
    """Every application put before the commission has points (GR-S-01)."""
    for decided in decide(competition):
        yield from (f for f in decided.result.findings if f.code == "not_scored")


def prepare(competition: Competition, attempt: Attempt) -> Mapping[str, Any]:
    """Write the outcomes of all lots and the letters anew; nothing of it leaves the operator.

    The journal learns only that it was done: it is read by many.
    """
    Outcome.objects.filter(lot__competition=competition, published_at=None).delete()
    outcomes = compute(competition)
    for item in outcomes:
        item.prepared_at = attempt.now
    Outcome.objects.bulk_create(outcomes)
    outcome_letters.write(competition, outcomes)
    return {"lots": len(outcomes)}


# --- What publishing requires --------------------------------------------------------------------


def _cite(competition: Competition, place: str, *, inferred: bool = False) -> law.Citation:
    return competition.rules.cite(place, inferred=inferred)


def prepared(competition: Competition, attempt: Attempt) -> Iterable[Finding]:
    """The outcomes are prepared and still follow from the points given."""
    stored = list(Outcome.objects.filter(lot__competition=competition))
    if len(stored) < competition.lots.count():
        yield Finding(
            "not_prepared",
            Severity.ERROR,
            _("The outcomes are not prepared yet. Prepare them and look through them first."),
            _cite(competition, "413-rules via announcement 2020 §2"),
        )
    elif digest(stored) != digest(compute(competition)):
        yield Finding(
            "outcomes_outdated",
            Severity.ERROR,
            _("Points or decisions changed after the outcomes were prepared. Prepare them anew."),
            _cite(competition, "GR-S-13", inferred=True),
        )


def ties_decided(competition: Competition, attempt: Attempt) -> Iterable[Finding]:
    """Every tie is decided by the meeting and minuted (GR-S-13)."""
    ties = Outcome.objects.filter(lot__competition=competition, kind=Outcome.Kind.TIE)
    numbers = list(ties.values_list("lot__topic__number", flat=True))
    if numbers:
        yield Finding(
            "ties_open",
            Severity.ERROR,
            _("Some topics have an equal highest score. The meeting must decide them and say why."),
            _cite(competition, "GR-S-13", inferred=True),
            {"topics": numbers},
        )


def meeting_closed(competition: Competition, attempt: Attempt) -> Iterable[Finding]:
    """The meeting is over, so its points no longer change; none is held where nothing is scored."""
    if competition.state == Competition.State.CHECKING:
        return
    panel = competition.panel
    if panel is None or not hasattr(panel, "meeting") or panel.meeting.closed_at is None:
        yield Finding(
            "meeting_open",
            Severity.ERROR,
            _(
                "The commission's meeting is still open. The secretary closes it when the minutes are complete."
            ),
            _cite(competition, "guide, grants, step 5"),
        )


# --- Publishing ----------------------------------------------------------------------------------


def publish(competition: Competition, attempt: Attempt) -> Mapping[str, Any]:
    """Release outcomes, states of applications and letters at one instant."""
    outcomes = list(
        Outcome.objects.filter(lot__competition=competition)
        .select_related("winner", "lot__topic")
        .order_by("lot__position")
    )
    winners = [o.winner_id for o in outcomes if o.winner_id]
    failed = [o.lot_id for o in outcomes if o.kind != Outcome.Kind.WINNER]
    applications = Application.objects.filter(competition=competition)
    admitted = applications.filter(state=Application.State.ADMITTED)
    admitted.filter(pk__in=winners).update(state=Application.State.AWARDED)
    # With F2 and F3 the single applicant hears that the topic failed, not that it was refused (GR-S-15).
    applications.filter(state__in=("submitted", "admitted"), lot__in=failed).update(
        state=Application.State.LOT_FAILED
    )
    admitted.exclude(Q(pk__in=winners) | Q(lot__in=failed)).update(
        state=Application.State.NOT_AWARDED
    )
    Outcome.objects.filter(lot__competition=competition).update(published_at=attempt.now)
    competition.published_at = attempt.now
    competition.save(update_fields=["published_at"])
    outcome_letters.release(competition)
    if competition.state == Competition.State.CHECKING and competition.panel is not None:
        panels.disband(competition.panel, actor=attempt.actor)
    return {
        "outcomes": [[o.lot.topic.number, o.kind, o.winner and o.winner.number] for o in outcomes],
        "protocol": competition.protocol.sha256,
    }

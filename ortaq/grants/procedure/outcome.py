"""Outcomes: computed exactly, prepared quietly, published in one step (GR-S-11..17)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from ortaq import law
from ortaq.core import canonical, letters
from ortaq.core.keys import key_of
from ortaq.core.procedure import Attempt
from ortaq.grants.models import Application, Competition, Lot, Outcome
from ortaq.law import grants as rules
from ortaq.law.findings import Finding, Severity
from ortaq.people.models import User
from ortaq.review.models import ScoreSheet, TieDecision

TAKING_PART = ("submitted", "admitted", "refused")


def contest_of(lot: Lot) -> str:
    """The key under which the lot's dossiers compete."""
    return key_of(lot)


def compute(competition: Competition) -> list[Outcome]:
    """The outcome of every lot by the points given, unsaved; a fixed number of queries."""
    edition = law.edition("grants_rules", competition.edition)
    local = competition.version.plan.level == "local"
    by_lot: dict[int, list[Application]] = {}
    for application in competition.applications.filter(state__in=TAKING_PART).order_by("id"):
        by_lot.setdefault(application.lot_id, []).append(application)
    totals: dict[int, list[int]] = {}
    sheets = ScoreSheet.objects.filter(
        dossier__panel=competition.panel_id, state=ScoreSheet.State.SIGNED
    ).order_by("dossier", "id")
    for dossier, total in sheets.values_list("dossier", "total"):
        totals.setdefault(dossier, []).append(total or 0)
    decided = {
        decision.contest: decision.winner_id
        for decision in TieDecision.objects.filter(meeting__panel=competition.panel_id)
    }
    return [
        _of_lot(lot, by_lot.get(lot.pk, []), totals, decided, edition=edition, local=local)
        for lot in competition.lots.all()
    ]


def _of_lot(
    lot: Lot,
    applications: list[Application],
    totals: Mapping[int, list[int]],
    decided: Mapping[str, int],
    *,
    edition: law.Edition,
    local: bool,
) -> Outcome:
    by_key = {str(application.pk): application for application in applications}
    by_dossier = {a.dossier_id: str(a.pk) for a in applications if a.dossier_id}
    result = rules.outcome(
        edition,
        [
            rules.Candidate(
                key=key,
                admitted=application.state == Application.State.ADMITTED,
                totals=tuple(totals.get(application.dossier_id or 0, ())),
            )
            for key, application in by_key.items()
        ],
        local_budget=local,
        tie_winner=by_dossier.get(decided.get(contest_of(lot), 0)),
    )
    return Outcome(
        lot=lot,
        kind=result.kind,
        winner=by_key[result.winner] if result.winner else None,
        submitted=result.submitted,
        admitted=result.admitted,
        findings=[finding.as_dict() for finding in result.findings],
    )


def prepare(competition: Competition, attempt: Attempt) -> Mapping[str, Any]:
    """Write the outcomes of all lots anew; nobody outside the operator sees them yet."""
    Outcome.objects.filter(lot__competition=competition, published_at=None).delete()
    outcomes = compute(competition)
    for item in outcomes:
        item.prepared_at = attempt.now
    Outcome.objects.bulk_create(outcomes)
    # The journal is read by many: it keeps a hash of what was prepared, not what it says.
    return {"sha256": digest(outcomes)}


def digest(outcomes: Iterable[Outcome]) -> str:
    """One hash for a set of outcomes: a change after preparing shows."""
    rows = sorted((o.lot_id, str(o.kind), o.winner_id or 0) for o in outcomes)
    return canonical.sha256([list(row) for row in rows])


# --- What publishing requires --------------------------------------------------------------------


def _cite(competition: Competition, place: str, *, inferred: bool = False) -> law.Citation:
    return law.edition("grants_rules", competition.edition).cite(place, inferred=inferred)


def prepared(competition: Competition, attempt: Attempt) -> Iterable[Finding]:
    """The outcomes are prepared and still follow from the points given."""
    stored = list(Outcome.objects.filter(lot__competition=competition))
    if len(stored) < competition.lots.count():
        yield Finding(
            "not_prepared",
            Severity.ERROR,
            _("The outcomes are not prepared yet. Prepare them and look through them first."),
            _cite(competition, "[413-rules via announcement 2020 §2]"),
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


def protocol_ready(competition: Competition, attempt: Attempt) -> Iterable[Finding]:
    """The protocol is drawn up."""
    if not hasattr(competition, "protocol"):
        yield Finding(
            "no_protocol",
            Severity.ERROR,
            _("The protocol of the commission is not drawn up yet."),
            _cite(competition, "[guide p. grants, step 5]"),
        )


def meeting_closed(competition: Competition, attempt: Attempt) -> Iterable[Finding]:
    """The meeting is over, so its points no longer change."""
    panel = competition.panel
    if panel is None or not hasattr(panel, "meeting") or panel.meeting.closed_at is None:
        yield Finding(
            "meeting_open",
            Severity.ERROR,
            _(
                "The commission's meeting is still open. The secretary closes it when the minutes are complete."
            ),
            _cite(competition, "[guide p. grants, step 5]"),
        )


def publish(competition: Competition, attempt: Attempt) -> Mapping[str, Any]:
    """Release outcomes, states of applications and letters at one instant."""
    outcomes = list(Outcome.objects.filter(lot__competition=competition).select_related("winner"))
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
    for application in applications.filter(
        state__in=("awarded", "not_awarded", "lot_failed")
    ).select_related("organisation", "lot__topic", "lot__outcome"):
        letters.prepare(
            application,
            "outcome",
            people_of(application),
            "grants/letters/outcome.txt",
            {"outcome": application.lot.outcome},
            release=True,
        )
    return {"sha256": digest(outcomes), "winners": len(winners), "failed": len(failed)}


def people_of(application: Application) -> list[User]:
    """Who of the applicant gets its letters: heads, deputies and whoever wrote the application."""
    return list(
        User.objects.filter(
            Q(
                memberships__organisation=application.organisation_id,
                memberships__role__in=("head", "deputy"),
                memberships__ends_on=None,
            )
            | Q(pk=application.created_by_id)
        ).distinct()
    )

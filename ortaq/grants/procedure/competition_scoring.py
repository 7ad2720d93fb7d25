"""From the check to the meeting: the two counters of each lot, what is scored and when it ends."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.db.models import Count, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from ortaq.core.procedure import Attempt
from ortaq.grants.models import Application, Competition
from ortaq.law.findings import Finding, Severity
from ortaq.review import panels

from . import outcome
from .competition_draft import edition_of


def all_decided(competition: Competition, attempt: Attempt) -> Iterable[Finding]:
    """No application waits for its check (GR-A-23), but for those whose topic failed by F2 (GR-S-15)."""
    contested = [
        pk for pk, (submitted, _admitted) in counters(competition).items() if submitted > 1
    ]
    waiting = competition.applications.filter(
        state=Application.State.SUBMITTED, lot__in=contested
    ).count()
    if waiting:
        yield Finding(
            "checks_open",
            Severity.ERROR,
            _("Some applications are not decided yet: finish their check first."),
            edition_of(competition).cite("guide, grants, step 4"),
            {"waiting": waiting},
        )


def commission_final(competition: Competition, attempt: Attempt) -> Iterable[Finding]:
    """The commission's final composition is approved (GR-C-12)."""
    if competition.panel is None or competition.panel.state != "final":
        yield Finding(
            "commission_not_final",
            Severity.ERROR,
            _("The final composition of the commission is not approved yet."),
            edition_of(competition).cite("guide, grants, step 3"),
        )


def counters(competition: Competition) -> dict[int, tuple[int, int]]:
    """Submitted and admitted applications of each lot: the two counters of GR-X-01."""
    accepted = ("admitted", "refused", "submitted", "awarded", "not_awarded", "lot_failed")
    rows = competition.lots.annotate(
        submitted_count=Count("applications", filter=Q(applications__state__in=accepted)),
        admitted_count=Count(
            "applications",
            filter=Q(applications__state__in=("admitted", "awarded", "not_awarded")),
        ),
    )
    return {lot.pk: (lot.submitted_count, lot.admitted_count) for lot in rows}


def scoring_begun(competition: Competition, attempt: Attempt) -> Mapping[str, Any]:
    assert competition.panel is not None
    # A topic that has failed by its counters is not scored (GR-S-15).
    scored = [
        pk
        for pk, (submitted, admitted) in counters(competition).items()
        if submitted > 1 and admitted > 1
    ]
    applications = list(
        competition.applications.filter(state=Application.State.ADMITTED, lot__in=scored)
        .select_related("lot__topic")
        .order_by("id")
    )
    dossiers = panels.begin_scoring(
        competition.panel,
        [
            panels.NewDossier(
                organisation_id=application.organisation_id,
                contest=outcome.contest_of(application.lot),
                contest_title=application.lot.topic.title_kk,
                number=application.number,
                title=application.title,
                address=reverse("grants:application", args=[application.pk]),
            )
            for application in applications
        ],
        actor=attempt.actor,
    )
    for application, dossier in zip(applications, dossiers, strict=True):
        application.dossier = dossier
    Application.objects.bulk_update(applications, ["dossier"], batch_size=500)
    return {"lots": len(scored), "dossiers": len(dossiers)}


def scoring_over(competition: Competition, attempt: Attempt) -> Iterable[Finding]:
    """All sheets are signed, or the 15 working days have passed (GR-S-01)."""
    if competition.panel is not None:
        yield from panels.scoring_findings(competition.panel, attempt.now)


def meeting_begun(competition: Competition, attempt: Attempt) -> Mapping[str, Any]:
    assert competition.panel is not None
    panels.begin_meeting(competition.panel, actor=attempt.actor)
    return {}

"""From the check to the meeting: the two counters of each lot, what is scored and when it ends.

Where every topic has failed by its counters (F1 to F4) there is nothing to score: the operator goes from
the check to the outcomes, and no commission is needed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.db.models import Count, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from ortaq.core.procedure import Attempt
from ortaq.grants.models import Application, Competition, Lot
from ortaq.law.findings import Finding, Severity
from ortaq.review import panels

from . import outcome

LONGEST = 500  # letters of a contest's name on a dossier


def all_decided(competition: Competition, attempt: Attempt) -> Iterable[Finding]:
    """No application waits for its check (GR-A-23), but for those whose topic failed by F2 (GR-S-15)."""
    if waiting := _waiting(competition):
        yield Finding(
            "checks_open",
            Severity.ERROR,
            _("Some applications are not decided yet: finish their check first."),
            competition.rules.cite("guide, grants, step 4"),
            {"waiting": waiting},
        )


def _waiting(competition: Competition) -> int:
    contested = [
        pk for pk, (submitted, _admitted) in counters(competition).items() if submitted > 1
    ]
    submitted = competition.applications.filter(state=Application.State.SUBMITTED)
    return submitted.filter(lot__in=contested).count()


def to_score(competition: Competition) -> list[int]:
    """The lots that points decide; a topic that has failed by its counters is not scored (GR-S-15)."""
    return [
        pk
        for pk, (submitted, admitted) in counters(competition).items()
        if submitted > 1 and admitted > 1
    ]


def ends_without_scoring(competition: Competition) -> bool:
    """The check is over and has left nothing to score."""
    checking = competition.state == Competition.State.CHECKING
    return checking and not _waiting(competition) and not to_score(competition)


def something_to_score(competition: Competition, attempt: Attempt) -> Iterable[Finding]:
    """At least one topic has two admitted applications (GR-S-14)."""
    if not to_score(competition):
        yield Finding(
            "nothing_to_score",
            Severity.ERROR,
            _("No topic has two admitted applications, so there is nothing to hand to experts."),
            competition.rules.cite("413-rules via announcement 2020 §2"),
        )


def nothing_to_score(competition: Competition, attempt: Attempt) -> Iterable[Finding]:
    """From the check one goes to the outcomes only where the counters decide every topic (GR-S-14);
    from the meeting always.
    """
    if competition.state != Competition.State.CHECKING:
        return
    yield from all_decided(competition, attempt)
    if lots := to_score(competition):
        yield Finding(
            "scoring_ahead",
            Severity.ERROR,
            _("Some topics have two admitted applications or more: the commission scores them."),
            competition.rules.cite("guide, grants, step 5"),
            {"topics": len(lots)},
        )


def commission_final(competition: Competition, attempt: Attempt) -> Iterable[Finding]:
    """The commission's final composition is approved (GR-C-12)."""
    if competition.panel is None or competition.panel.state != "final":
        yield Finding(
            "commission_not_final",
            Severity.ERROR,
            _("The final composition of the commission is not approved yet."),
            competition.rules.cite("guide, grants, step 3"),
        )


def counters(competition: Competition) -> dict[int, tuple[int, int]]:
    """Submitted and admitted applications of each lot: the two counters of GR-X-01."""
    if competition.state == Competition.State.PUBLISHED:
        # The state of an application whose topic failed no longer says whether it was admitted.
        columns = ("outcome__submitted", "outcome__admitted")
        rows = competition.lots.values_list("pk", *columns)
    else:
        rows = competition.lots.annotate(
            submitted=Count("applications", filter=Q(applications__state__in=outcome.TAKING_PART)),
            admitted=Count("applications", filter=Q(applications__state="admitted")),
        ).values_list("pk", "submitted", "admitted")
    return {lot: (submitted or 0, admitted or 0) for lot, submitted, admitted in rows}


def _title(lot: Lot) -> str:
    """Number and name of a topic as the commission reads them, within the field's length."""
    return f"{lot.topic.number}. {lot.topic.title_kk}"[:LONGEST]


def scoring_begun(competition: Competition, attempt: Attempt) -> Mapping[str, Any]:
    assert competition.panel is not None
    scored = to_score(competition)
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
                contest_title=_title(application.lot),
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

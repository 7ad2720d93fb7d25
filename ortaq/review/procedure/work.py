"""Scoring: the dossiers open, the term runs, and when it is over (GR-S-01)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from ortaq.core import letters, terms
from ortaq.core.procedure import Attempt
from ortaq.law.findings import Finding, Severity
from ortaq.review import composition, conflicts, queries
from ortaq.review.composition import edition_of
from ortaq.review.models import Dossier, Panel

from .sheet import recount_seats


@dataclass(frozen=True, slots=True)
class NewDossier:
    """Something to be scored, as the instrument describes it.

    `contest` is the key of what it competes in, `contest_title` its name for people; `address`
    the path of its page, below which `content/` shows what is scored.
    """

    organisation_id: int
    contest: str
    number: str
    title: str
    address: str
    contest_title: str = ""


def nobody_barred(panel: Panel, attempt: Attempt) -> Iterable[Finding]:
    """No member is barred by what became known since the approval (GR-C-07, GR-C-08)."""
    barred = {"operator_staff", "ngo_applied"}
    yield from (finding for finding in composition.findings(panel) if finding.code in barred)


def somebody_left_for_each(panel: Panel, attempt: Attempt) -> Iterable[Finding]:
    """Somebody can score each of the dossiers to come (GR-C-12)."""
    rows: Sequence[NewDossier] = attempt.facts["dossiers"]
    wanted = {f"organisation:{row.organisation_id}" for row in rows}
    for finding in composition.after_recusals(panel):
        if finding.severity is Severity.ERROR and finding.about in wanted:
            yield finding


def scoring_begun(panel: Panel, attempt: Attempt) -> Mapping[str, Any]:
    """Open the dossiers and start the 15 working days."""
    rows: Sequence[NewDossier] = attempt.facts["dossiers"]
    conflicts.detect(panel, at=attempt.now)
    Dossier.objects.bulk_create(
        Dossier(
            panel=panel,
            organisation_id=row.organisation_id,
            contest=row.contest,
            contest_title=row.contest_title,
            number=row.number,
            title=row.title,
            address=row.address,
        )
        for row in rows
    )
    panel.scoring_from = attempt.now
    panel.scoring_until = terms.due_at(edition_of(panel), "scoring", attempt.now)
    panel.save(update_fields=["scoring_from", "scoring_until"])
    members = composition.members_of(panel)
    recount_seats(panel, [seat.person_id for seat in members])
    people = [seat.person for seat in members]
    letters.prepare(panel, "scoring", people, "review/letters/scoring.txt", release=True)
    return {"dossiers": len(rows), "until": panel.scoring_until}


def later(panel: Panel, attempt: Attempt) -> Iterable[Finding]:
    """The new end of scoring lies after the present one and after now."""
    until: datetime | None = attempt.facts.get("until")
    if until is None or until <= max(panel.scoring_until or attempt.now, attempt.now):
        yield Finding(
            "not_later",
            Severity.ERROR,
            _("The new end of scoring must lie after the present one and must not be past."),
            edition_of(panel).term("scoring").cite,
            {"until": panel.scoring_until},
            "until",
        )


def prolonged(panel: Panel, attempt: Attempt) -> Mapping[str, Any]:
    before, panel.scoring_until = panel.scoring_until, attempt.facts["until"]
    panel.save(update_fields=["scoring_until"])
    return {
        "old": before,
        "new": panel.scoring_until,
        "reason": str(attempt.facts["reason"]).strip(),
    }


def scoring_over(panel: Panel, attempt: Attempt) -> Iterable[Finding]:
    """All sheets are signed, or the term has passed; each dossier has at least one signed sheet."""
    yield from scoring_findings(panel, attempt.now)


def scoring_findings(panel: Panel, now: datetime) -> list[Finding]:
    """What stands in the way of the meeting at the instant `now`."""
    cite = edition_of(panel).term("scoring").cite
    found = []
    waiting = [seat for seat in composition.members_of(panel) if seat.signed < seat.dossiers]
    if waiting:
        ended = panel.scoring_until is not None and now > panel.scoring_until
        found.append(
            Finding(
                "sheets_open",
                Severity.WARNING if ended else Severity.ERROR,
                _(
                    "Scoring is over, but not all members have signed; the mean is taken over those who did."
                )
                if ended
                else _(
                    "Scoring is still running: not all members have signed, and the term has not passed."
                ),
                cite,
                {"members": len(waiting), "until": panel.scoring_until},
            )
        )
    unscored = queries.unscored(panel).count()
    if unscored:
        found.append(
            Finding(
                "not_scored",
                Severity.ERROR,
                _(
                    "Some applications have no signed sheet at all. Prolong scoring, or substitute "
                    "a member."
                ),
                cite,
                {"applications": unscored},
            )
        )
    return found

"""What an instrument (grants, tenders, prizes) asks of its panel. Signatures agreed with grants.

Each runs inside the caller's transaction and takes the panel's own steps.
"""
# NOTE to the owner of review: ortaq/grants/procedure/competition.py (already written) calls exactly
# these; keep names and parameters, fill in the bodies, delete this note.

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from ortaq.law.findings import Finding
from ortaq.people.models import Organisation

from .models import Dossier, Panel


@dataclass(frozen=True, slots=True)
class NewDossier:
    """A dossier to be opened: who applied, what it competes in, where its content is shown."""

    organisation_id: int
    contest: str
    number: str
    title: str
    address: str


def form(
    *, organisation: Organisation, title_kk: str, title_ru: str, act: str, edition: str, local_budget: bool, actor: Any
) -> Panel:
    """A new panel in state FORMING."""
    raise NotImplementedError


def list_applicants(panel: Panel, organisations: Sequence[int], *, closed_at: datetime) -> None:
    """Acceptance has ended at `closed_at`: keep the list of applicants (ids of organisations), find experts
    barred by it, start the 3-working-day term of GR-C-10 (duty of the panel's organisation)."""
    raise NotImplementedError


def begin_scoring(panel: Panel, rows: Sequence[NewDossier], *, actor: Any) -> list[Dossier]:
    """Open the dossiers (in the order of `rows`) and start the 15 working days (GR-S-01)."""
    raise NotImplementedError


def scoring_findings(panel: Panel, now: datetime) -> Iterable[Finding]:
    """What still stands against ending the scoring: unsigned sheets while the term runs, dossiers nobody scored."""
    raise NotImplementedError


def begin_meeting(panel: Panel, *, actor: Any) -> None:
    """End scoring, lock unsigned sheets, open the meeting and the points to it (points_open_at)."""
    raise NotImplementedError

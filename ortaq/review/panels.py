"""What other rooms ask of a panel. They never take its steps themselves."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from ortaq.core.procedure import SYSTEM
from ortaq.people.models import Organisation

from .models import Dossier, Panel
from .procedure import PANEL
from .procedure.work import NewDossier, scoring_findings

__all__ = [
    "NewDossier",
    "begin_meeting",
    "begin_scoring",
    "disband",
    "form",
    "list_applicants",
    "scoring_findings",
]


def form(
    *,
    organisation: Organisation,
    title_kk: str,
    title_ru: str = "",
    act: str,
    edition: str,
    local_budget: bool = False,
    actor: Any = SYSTEM,
) -> Panel:
    """A new panel of `organisation`, without members yet."""
    panel = Panel(
        organisation=organisation,
        title_kk=title_kk,
        title_ru=title_ru,
        act=act,
        edition=edition,
        local_budget=local_budget,
    )
    return PANEL.begin(panel, actor=actor, edition=f"{act}/{edition}")


def list_applicants(
    panel: Panel,
    organisations: Iterable[int],
    *,
    actor: Any = SYSTEM,
    closed_at: datetime | None = None,
) -> None:
    """Tell the panel who applied (numbers of organisations) once acceptance has ended at `closed_at`.

    Conflicts known to the registers are written down at once; the term of GR-C-10 begins.
    """
    PANEL.take(
        "list_applicants",
        panel,
        actor=actor,
        organisations=list(organisations),
        closed_at=closed_at,
    )


def begin_scoring(panel: Panel, rows: Sequence[NewDossier], *, actor: Any) -> list[Dossier]:
    """Open what is to be scored to the members, in the order of `rows`; 15 working days begin.

    Raises `Refused` when the composition is not final or nobody could score one of them.
    """
    PANEL.take("begin_scoring", panel, actor=actor, dossiers=list(rows))
    return list(Dossier.objects.filter(panel=panel).order_by("id"))


def disband(panel: Panel, *, actor: Any) -> None:
    """End a panel that got nothing to score. Raises `Refused` once dossiers are open."""
    PANEL.take("disband", panel, actor=actor)


def begin_meeting(panel: Panel, *, actor: Any) -> None:
    """Open the meeting and with it the points. Raises `Refused` while scoring runs."""
    PANEL.take("begin_meeting", panel, actor=actor)

"""What other rooms ask of an appointed commission (SO-T-065..075, GAP-T-05).

    panel = appointed.form(organisation=…, title_kk=…, act=…, edition=…)
    appointed.list_bidders(panel, organisations)          at the opening
    motion = appointed.put(panel, kind="scores", subject=key_of(bid), …, actor=actor)
    appointed.end(panel)                                  with the last contract

What a motion is about the commission does not know. A room that puts motions of a kind names in
`ADOPTED` what happens, in the same transaction, when one is adopted.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from ortaq.core.procedure import SYSTEM
from ortaq.people.models import Organisation

from .models import Motion, Panel
from .procedure import COMMISSION
from .procedure.motion import ADOPTED

__all__ = ["ADOPTED", "end", "form", "list_bidders", "put"]


def form(
    *,
    organisation: Organisation,
    title_kk: str,
    title_ru: str = "",
    act: str,
    edition: str,
    address: str = "",
    single_organiser: bool = False,
    actor: Any = SYSTEM,
) -> Panel:
    """A new commission of `organisation`, to be filled and appointed."""
    panel = Panel(
        organisation=organisation,
        title_kk=title_kk[:500],
        title_ru=title_ru[:500],
        act=act,
        edition=edition,
        address=address,
        state=Panel.State.APPOINTING,
        single_organiser=single_organiser,
    )
    return COMMISSION.begin(panel, actor=actor, edition=f"{act}/{edition}")


def list_bidders(panel: Panel, organisations: Iterable[int]) -> None:
    """Tell the commission who bid, once bids are opened: members tied to them stop voting."""
    COMMISSION.take("list_bidders", panel, actor=SYSTEM, organisations=list(organisations))


def put(
    panel: Panel,
    *,
    kind: str,
    subject: str,
    title: str,
    address: str,
    proposal: dict[str, Any],
    actor: Any,
    reason: str = "",
    decide_by: datetime | None = None,
) -> Motion:
    """Put a question to the vote. Raises `Refused` for anybody who does not sit on the commission, and
    while its composition does not meet the rules.
    """
    entry = COMMISSION.take(
        "put",
        panel,
        actor=actor,
        kind=kind,
        on=subject,
        title=title[:500],
        address=address,
        proposal=proposal,
        reason=reason,
        decide_by=decide_by,
    )
    return Motion.objects.get(pk=entry.facts["motion"])


def end(panel: Panel) -> None:
    """The commission's term ends, with the last contract (SO-T-072)."""
    COMMISSION.take("end", panel, actor=SYSTEM)

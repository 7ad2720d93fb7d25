"""An appointed commission as other rooms and its pages ask of it (SO-T-065..075, GAP-T-05).

    panel = appointed.form(organisation=…, title_kk=…, act=…, edition=…)
    appointed.list_bidders(panel, organisations)          at the opening
    motion = appointed.put(panel, kind="scores", subject=key_of(bid), …, actor=actor)
    appointed.end(panel)                                  with the last contract

What a motion is about the commission does not know. A room that puts motions of a kind names in
`ADOPTED` what happens, in the same transaction, when one is adopted.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from ortaq.core.procedure import SYSTEM, Attempt
from ortaq.law import commission as rules
from ortaq.law.findings import Finding
from ortaq.people.models import Organisation

from .composition import edition_of
from .models import Motion, Panel, Seat

# By kind of motion: what its adoption does.
ADOPTED: dict[str, Callable[[Motion, Attempt], None]] = {}


def sitting(panel: Panel) -> QuerySet[Seat]:
    """Who sits on the commission at present, members first in the order in which they came."""
    seats = panel.seats.filter(until=None).select_related("person")
    return seats.order_by("role", "id")


def tied(panel: Panel) -> set[int]:
    """The people on the commission who are tied to a bidder (SO-T-071); one query."""
    here = panel.seats.filter(until=None, role=Seat.Role.MEMBER).values("person")
    return set(panel.conflicts.filter(person__in=here).values_list("person", flat=True))


def by_law(panel: Panel, **instead: Any) -> list[Finding]:
    """What the law says of the composition; `instead` are facts to look at in place of the present."""
    seats = list(sitting(panel))
    found = {
        "members": sum(seat.role == Seat.Role.MEMBER for seat in seats),
        "chair": any(seat.office == Seat.Office.CHAIR for seat in seats),
        "secretary": any(seat.role == Seat.Role.SECRETARY for seat in seats),
        **instead,
    }
    return rules.composition(
        edition_of(panel), rules.Composition(**found), single_organiser=panel.single_organiser
    )


def findings(panel: Panel) -> list[Finding]:
    """Everything that is wrong with the present composition; two queries."""
    found = by_law(panel)
    found += [
        rules.against(edition_of(panel), "conflict_of_interest", about=f"person:{person}")
        for person in sorted(tied(panel))
    ]
    return found


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
    from .procedure.commission import COMMISSION

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
    from .procedure.commission import COMMISSION

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
    from .procedure.commission import COMMISSION

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
    from .procedure.commission import COMMISSION

    COMMISSION.take("end", panel, actor=SYSTEM)

"""Panels whose work is finished, with sheets of given totals; how sheets come about is told in `review`."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from ortaq.core import clock
from ortaq.people.actor import Actor
from ortaq.people.models import Organisation
from ortaq.review.models import SCALE, Dossier, Panel, ScoreSheet, Seat

SIGNED = clock.at(date(2022, 6, 1), 12)


def a_panel(
    body: Organisation,
    *people: Actor,
    act: str = "rules_social_order",
    edition: str = "2022",
    state: str = Panel.State.CLOSED,
) -> Panel:
    """A panel of these people at `body`."""
    panel = Panel.objects.create(
        organisation=body, title_kk="Кеңес", title_ru="Совет", act=act, edition=edition, state=state
    )
    Seat.objects.bulk_create(
        Seat(panel=panel, person=one.user, since=clock.at(date(2022, 1, 10))) for one in people
    )
    return panel


def scored(
    panel: Panel,
    ngo: Organisation,
    rows: Sequence[Sequence[int | None]],
    signed_at: datetime = SIGNED,
) -> list[Dossier]:
    """Dossiers of `ngo`, each with the totals of the panel's people in their order; None: did not score it."""
    seats = list(panel.seats.order_by("pk"))
    made = []
    for number, totals in enumerate(rows, 1):
        given = [one for one in totals if one is not None]
        dossier = Dossier(
            panel=panel,
            organisation=ngo,
            contest="c",
            number=str(number),
            title=f"{number}-жоба",
            address="/",
            points=sum(given),
            sheets=len(given),
            score=sum(given) * SCALE // max(len(given), 1),
        )
        made.append((dossier, totals))
    dossiers = Dossier.objects.bulk_create(dossier for dossier, _totals in made)
    ScoreSheet.objects.bulk_create(
        ScoreSheet(
            dossier=dossier,
            seat=seat,
            total=total,
            state=ScoreSheet.State.SIGNED,
            updated_at=signed_at,
            signed_at=signed_at,
        )
        for dossier, totals in made
        for seat, total in zip(seats, totals, strict=True)
        if total is not None
    )
    return dossiers

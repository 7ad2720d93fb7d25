"""4 to 12 June: the commission is formed, declares its conflicts of interest, elects its chair."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from ortaq.core import clock
from ortaq.demo import cast
from ortaq.registry.models import Expert
from ortaq.review.models import Panel, Seat
from ortaq.review.procedure import PANEL
from ortaq.review.procedure.declaring import open_questions

from . import data, found
from .beat import Beat, beat

FORMED = clock.at(date(2020, 6, 4), 10, 30)
DECLARED_BY = date(2020, 6, 8)
SUBSTITUTED = clock.at(date(2020, 6, 9), 10)


def beats() -> Iterator[Beat]:
    yield beat(FORMED, form)
    yield beat(clock.at(date(2020, 6, 5), 16), send_declarations)
    told = data.competition()["commission"]
    healthy = [key for key in seated() if key != told["falls_ill"]]
    for number, key in enumerate(reversed(healthy)):
        yield beat(clock.at(date(2020, 6, 6), 9) + timedelta(hours=5 * number), declare, key)
    yield beat(SUBSTITUTED, substitute)
    yield beat(SUBSTITUTED + timedelta(hours=6), declare, told["comes"])
    yield beat(clock.at(date(2020, 6, 10), 11), approve)
    yield beat(clock.at(date(2020, 6, 12), 15), elect)


def seated() -> list[str]:
    """Who is taken onto the commission at first, in this order."""
    rows = [row for row in cast.experts() if "seat" in row]
    return [row["key"] for row in sorted(rows, key=lambda row: row["seat"])]


def take(step: str, actor: str = "gulnara", **facts: Any) -> None:
    """A step of the commission, by one of the cast."""
    PANEL.take(step, found.panel(), actor=cast.actor(actor), **facts)


def expert(key: str) -> Expert:
    return Expert.objects.get(person=cast.user(key))


def form() -> None:
    """Ten members, three of them proposed by the operator, and a secretary who does not score."""
    panel = found.panel()
    sitting = set(panel.seats.filter(until=None).values_list("person__email", flat=True))
    for key in seated():
        if cast.people()[key].email not in sitting:
            take("seat", expert=expert(key), confirmed=True)
    secretary = data.competition()["commission"]["secretary"]
    if not panel.seats.filter(role=Seat.Role.SECRETARY, until=None).exists():
        take("seat_secretary", person=cast.user(secretary))


def send_declarations() -> None:
    take("send_declarations", due_on=DECLARED_BY)


def declare(key: str) -> None:
    """Declare on every applicant: no conflict, but for the one that the story tells of."""
    known = data.competition()["commission"]["conflict"]
    conflicting = cast.body(known["with"]).pk if key == known["by"] else None
    questions = open_questions(found.panel(), found.seat(key))
    if not questions:
        return
    answers = {
        row.organisation_id: (True, known["explanation"])
        if row.organisation_id == conflicting
        else (False, "")
        for row in questions
    }
    take("declare", key, answers=answers)


def substitute() -> None:
    """A member falls ill; another expert from the register comes instead."""
    told = data.competition()["commission"]
    take(
        "substitute",
        seat=found.seat(told["falls_ill"]),
        expert=expert(told["comes"]),
        confirmed=True,
        reason=told["reason"],
    )


def approve() -> None:
    if found.panel().state == Panel.State.DECLARING:
        take("approve")


def elect() -> None:
    """The members elect a chair and a deputy among those whom NGOs proposed."""
    chair, deputy = seated()[4:6]
    for office, candidate in ((Seat.Office.CHAIR, chair), (Seat.Office.DEPUTY, deputy)):
        for voter in members():
            panel = found.panel()
            if panel.seats.filter(office=office, until=None).exists():
                break
            take("vote", voter, office=office, candidate=found.seat(candidate))


def members() -> list[str]:
    """The keys of the present members, in the order in which they came."""
    by_email = {person.email: key for key, person in cast.people().items()}
    seats = found.panel().seats.filter(until=None, role=Seat.Role.MEMBER).order_by("id")
    emails = seats.values_list("person__email", flat=True)
    return [by_email[email] for email in emails if email in by_email]

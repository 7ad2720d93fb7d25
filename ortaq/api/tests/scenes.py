"""A running project, and tokens of its NGO, of its rival and of its body."""

from __future__ import annotations

import json
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.conf import settings
from django.test import Client

from ortaq.api import procedure
from ortaq.api.models import Token
from ortaq.core import clock
from ortaq.people.actor import Actor
from ortaq.projects.models import Event, Project
from ortaq.projects.procedure import event as events
from ortaq.projects.tests import scenes
from ortaq.testing import factories
from ortaq.testing.clock import TestClock
from ortaq.testing.remembered import remembered

NOW = clock.at(date(2020, 7, 12), 10)
ALL = tuple(Token.Scope.values)


@dataclass
class Room:
    """Aliya's project in July 2020, the seminar of the 10th not yet recorded; `token` may do everything."""

    people: scenes.Cast
    project: Project
    event: Event
    token: str

    @property
    def line(self) -> Any:
        return self.project.contract.budget.get(key="~b1")


def a_token(actor: Actor, *, scopes: tuple[str, ...] = ALL, days: int = 90) -> str:
    """The secret of a new token of the organisation that the actor heads."""
    assert actor.acting_for is not None
    made = procedure.make(
        actor.acting_for, name="Бухгалтерия", scopes=scopes, days=days, once=uuid.uuid4(), actor=actor
    )  # fmt: skip
    return made[1]


@remembered
def room(clock_: TestClock) -> Room:
    clock_.set(scenes.NOW)
    people = scenes.cast()
    project = scenes.running(people)
    Project.objects.update(standard="2022")  # its text is known
    project.refresh_from_db()
    event, _new = events.plan(
        project,
        {
            "title_kk": "Еріктілер семинары",
            "kind": Event.Kind.SEMINAR,
            "service": "training",
            "form": "seminar",
            "place": "Көкшетау, Абай 1",
            "starts_at": clock.at(date(2020, 7, 10), 10),
            "ends_at": clock.at(date(2020, 7, 10), 13),
            "expected_participants": 20,
        },
        once=uuid.UUID(int=1),
        actor=people.aliya,
    )
    clock_.set(NOW)
    return Room(people, project, event, a_token(people.aliya))


def another_event(room: Room, name: str = "Жаттығу") -> Event:
    """A planned event of the 25th of July; `name` makes it, once."""
    made, _new = events.plan(
        room.project,
        {
            "title_kk": name,
            "kind": Event.Kind.TRAINING,
            "place": "Көкшетау, Абай 1",
            "starts_at": clock.at(date(2020, 7, 25), 10),
            "ends_at": clock.at(date(2020, 7, 25), 13),
            "expected_participants": 20,
        },
        once=uuid.uuid5(uuid.NAMESPACE_URL, name),
        actor=room.people.aliya,
    )
    return made


def remembering(name: str) -> dict[str, Any]:
    """`CACHES` with a real store of this name, empty: those of tests keep nothing."""
    memory = {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}
    return {**settings.CACHES, name: memory | {"LOCATION": str(uuid.uuid4())}}


class Program:
    """A program with a token; no cookie is kept."""

    def __init__(self, token: str, language: str = "en") -> None:
        self.headers: dict[str, str] = {"Accept-Language": language}
        if token:
            self.headers["Authorization"] = f"Bearer {token}"

    def get(self, address: str, **headers: str) -> Any:
        return Client(enforce_csrf_checks=True).get(
            f"/api/v1/{address}", headers=self.headers | headers
        )

    def post(self, address: str, given: Any = None, *, key: str = "", **headers: str) -> Any:
        more = {"Idempotency-Key": key or str(uuid.uuid4()), **headers}
        body = given if isinstance(given, bytes | str) else json.dumps(given)
        return Client(enforce_csrf_checks=True).post(
            f"/api/v1/{address}", body, content_type="application/json", headers=self.headers | more
        )


def an_expense(room: Room, **fields: Any) -> dict[str, Any]:
    return {
        "line": room.line.pk,
        "sum_tiyn": 150_050,
        "document": "invoice",
        "document_number": "77",
        "spent_on": "2020-07-11",
        "payee": "«Кеңсе» ЖШС",
        "payee_number": factories.a_bin(),
        **fields,
    }


def an_event(**fields: Any) -> dict[str, Any]:
    return {
        "kind": "training",
        "title_kk": "Жаттығу",
        "place": "Көкшетау",
        "starts_at": "2020-08-01T10:00:00+05:00",
        "ends_at": "2020-08-01T12:00:00+05:00",
        "expected_participants": 25,
        **fields,
    }


def codes(answer: Any) -> set[str]:
    return {finding["code"] for finding in answer.json()["findings"]}


def about(answer: Any) -> set[str]:
    return {finding["about"] for finding in answer.json()["findings"]}


Json = Mapping[str, Any]

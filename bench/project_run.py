"""One part of `bench.projects` under its own settings: `fill`, `count` or `measure`."""

from __future__ import annotations

import http.client
import json
import os
import sys
import time
from collections import Counter
from itertools import count as counter
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlencode

import django

django.setup()

from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402
from django.urls import reverse  # noqa: E402
from django.utils.crypto import get_random_string  # noqa: E402

from bench import data, hall, project_data, table  # noqa: E402
from bench.__main__ import SMALL  # noqa: E402
from bench.client import FORM, Request  # noqa: E402
from bench.server import Server, serving  # noqa: E402
from bench.table import BARE, SIGNED_IN, kept  # noqa: E402
from ortaq.projects import tally  # noqa: E402
from ortaq.projects.models import Event  # noqa: E402

# Django checks the two halves of this token against one another, so any pair of equal ones will do.
TOKEN = get_random_string(32)
ROUNDS = 5


def fill(projects: int) -> None:
    """Migrate and fill a database; say how long it took and how large it is."""
    call_command("migrate", verbosity=0)
    call_command("collectstatic", verbosity=0, interactive=False)
    call_command("compilecatalogues", verbosity=0)
    began = time.perf_counter()
    facts: dict[str, Any] = project_data.build(projects)
    for name in ("manager", "officer"):
        facts[f"{name}_cookie"] = data.sign_in(facts[name])
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    took = time.perf_counter() - began
    if projects == SMALL and (wrong := list(tally.drifts())):
        raise SystemExit(f"The figures of the bench are not those of its rows: {wrong[:5]}")
    kept("facts", projects).write_text(json.dumps(facts))
    print(
        f"Filled with {projects} projects, {facts['events']} events, {facts['participations']} "
        f"participations in {took:.0f} s: {size() / 1024**2:.0f} MB.",
        flush=True,
    )


def size() -> int:
    """Bytes of the database."""
    if connection.vendor == "sqlite":
        return Path(connection.settings_dict["NAME"]).stat().st_size
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_database_size(current_database())")
        return int(cursor.fetchone()[0])


def pages(facts: dict[str, Any]) -> dict[str, Request]:
    """The pages that are measured, by what they are."""
    manager, officer = facts["manager_cookie"], facts["officer_cookie"]
    everything, one = reverse("projects:projects"), facts["project"]

    def page(name: str, *more: Any, who: str = manager) -> Request:
        return Request(reverse(f"projects:{name}", args=[one, *more]), who)

    return {
        BARE: Request("/bare/"),
        SIGNED_IN: Request("/bare/", manager),
        "dashboard of an NGO": Request(everything, manager),
        "dashboard of the operator": Request(everything, officer),
        "  in trouble": Request(f"{everything}?trouble=2", officer),
        "  searched": Request(f"{everything}?{urlencode({'q': 'жастар 77'})}", officer),
        "project": page("project"),
        "  seen by the operator": page("project", who=officer),
        "  plan against fact": page("project_plan"),
        "  events": page("events"),
        "  money": page("money"),
        "  expenses": page("expenses"),
        "  people": page("people"),
        "  evidence": page("evidence"),
        "event": page("event", facts["event"]),
        "  its people": page("event_people", facts["event"]),
        "event by phone": Request(reverse("projects:phone", args=[facts["code"]])),
        "registration (POST)": registration(facts),
    }


def registration(facts: dict[str, Any]) -> Request:
    """Somebody new each time, at one event after another."""
    numbers, run = counter(), time.time_ns() % 10**9

    def body(_number: int) -> bytes:
        return person(f"{run}-{next(numbers)}")

    halls = tuple(reverse("projects:phone", args=[code]) for code in facts["codes"])
    return Request(halls[0], body=body, others=halls, in_turn=True, script=False)


def person(key: str) -> bytes:
    """The form of somebody whom nobody has seen yet."""
    form = {
        "name": f"Қатысушы {key}",
        "workplace": "№ 5 мектеп",
        "contact": f"p-{key}@example.kz",
        "consent": "on",
    }
    return urlencode(form).encode()


def rush(facts: dict[str, Any], server: Server, people: int) -> None:
    """Five events after one another: all open its page at once, and then all register at once."""
    each: dict[str, list[Rush]] = {"opened": [], "registered": []}
    for number, code in enumerate(facts["codes"][-ROUNDS:]):
        address = reverse("projects:phone", args=[code])
        before = registered(code)
        forms = [person(f"{time.time_ns()}-{number}-{n}") for n in range(people)]
        for what, asked in (
            ("opened", [hall.request("GET", address)] * people),
            ("registered", [hall.request("POST", address, form) for form in forms]),
        ):
            cpu = server.cpu()
            found, own = hall.all_at_once(server.port, asked)
            each[what].append(Rush.of(found, server.cpu() - cpu, own))
        refused = Counter(one.status for one in found if one.status != 302)
        after = registered(code)
        rows = Event.objects.get(code=code).participations.count()
        if refused or after != before + people or rows != after:
            raise SystemExit(f"Of {people} {after - before} count, rows {rows}, refused {refused}.")
    print(f"\n{people} people at one event at once, {ROUNDS} times: all are registered, once.")
    for what, runs in each.items():
        half, most, last, cpu, own = (sorted(each)[ROUNDS // 2] for each in zip(*runs, strict=True))
        print(
            f"{what}: p50 {half:.0f} ms, p95 {most:.0f} ms ({' '.join(f'{run.most:.0f}' for run in runs)}), "
            f"the last {last:.0f} ms; CPU {cpu:.1f} ms each, of the telephones {own:.2f} ms",
            flush=True,
        )


class Rush(NamedTuple):
    """Milliseconds of one rush; CPU of the server and of the telephones for each request."""

    half: float
    most: float
    last: float
    cpu: float
    own: float

    @classmethod
    def of(cls, found: list[hall.Telephone], cpu: float, own: float) -> Rush:
        took = sorted(one.took * 1000 for one in found)
        half, most = (took[len(took) * n // 100] for n in (50, 95))
        return cls(half, most, took[-1], cpu * 1000 / len(took), own * 1000 / len(took))


def registered(code: str) -> int:
    """As the event counts them."""
    return Event.objects.values_list("registered", flat=True).get(code=code)


def report(facts: dict[str, Any], server: Server) -> None:
    """The final creative report of the project with 200 events: made, read, printed, packed."""
    cookies = f"{facts['manager_cookie']}; csrftoken={TOKEN}"
    reports = reverse("projects:reports", args=[facts["large"]])
    form = urlencode({"csrfmiddlewaretoken": TOKEN, "final": "1"}).encode()

    def took(method: str, address: str, body: bytes | None = None) -> tuple[str, float, float, int]:
        """Where it leads, seconds, seconds of the server's CPU, bytes."""
        began, cpu = time.perf_counter(), server.cpu()
        link = http.client.HTTPConnection("127.0.0.1", server.port, timeout=120)
        headers = {"Cookie": cookies, "Content-Type": FORM, "Accept-Language": "kk"}
        link.request(method, address, body, headers)
        answer = link.getresponse()
        size = len(answer.read())
        if answer.status not in {200, 302}:
            raise SystemExit(f"{address} answered {answer.status}.")
        led = answer.headers.get("Location", "")
        return led, time.perf_counter() - began, server.cpu() - cpu, size

    made = took("POST", f"{reports}make/", form)
    found = {"made": made, "its page": took("GET", made[0])}
    for name in ("papers/kk.docx", "papers/kk.pdf", "archive.zip"):
        found[name] = took("GET", f"{made[0]}{name}")
    print("\nThe final report of a project with 200 events:", end="")
    for name, (_led, seconds, cpu, size) in found.items():
        print(f" {name} {seconds:.2f} s (CPU {cpu:.2f} s, {size / 1024:.0f} KB)", end=";")
    print(f" peak memory of a process {server.peak_mb():.0f} MB.", flush=True)


def measure(projects: int, seconds: float, people: int, only: str) -> None:
    """The table, the hall and the report of one database."""
    facts = json.loads(kept("facts", projects).read_text())
    with serving(dict(os.environ)) as server:
        if only != "-":
            table.measured(server, pages(facts), (SMALL, projects), seconds, only=only)
        rush(facts, server, people)
        report(facts, server)


def main() -> None:
    command, projects, *more = sys.argv[1:]
    if command == "fill":
        fill(int(projects))
    elif command == "count":
        table.count(pages(json.loads(kept("facts", int(projects)).read_text())), int(projects))
    else:
        seconds, people, only = more
        measure(int(projects), float(seconds), int(people), only)


if __name__ == "__main__":
    main()

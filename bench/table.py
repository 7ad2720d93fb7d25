"""A table of pages: what each costs, and whether it asks the database for more where there is more."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection
from django.test import Client

from bench.client import FORM, Request, measure
from bench.counting import counting
from bench.server import Server

BARE, SIGNED_IN = "bare page", "bare page, signed in"
HEAD = (
    "\n| page | p50 ms | p95 ms | CPU ms | its p95 | × bare | × signed in | p50, 8 clients | p95, 8 clients | KB "
    "| queries / rows fetched |\n|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|"
)
Counts = Mapping[str, tuple[int, int]]


def kept(name: str, rows: int) -> Path:
    """Where a run leaves what the next one of the same size needs."""
    return Path(settings.VAR) / f"{connection.vendor}-{rows}-{name}.json"


def nothing(_name: str) -> None:
    """What most pages need before they are asked for."""


def ask(client: Client, request: Request, number: int) -> Any:
    if request.body is None:
        return client.get(request.address)
    return client.post(
        request.address, request.body(number), content_type=FORM, headers=request.headers
    )


def count(
    pages: Mapping[str, Request], rows: int, prepare: Callable[[str], None] = nothing
) -> None:
    """Note queries and rows of each page, counted in this process."""
    found = {}
    for name, request in pages.items():
        prepare(name)
        client = Client(headers={"cookie": request.cookies, "accept-language": "kk"})
        ask(client, request, 1)  # whatever is cached on first use is cached
        with counting() as counted:
            answer = ask(client, request, 2)
        if answer.status_code not in {200, 302}:
            raise SystemExit(f"{name}: {request.address} answered {answer.status_code}")
        found[name] = (counted.queries, counted.rows)
    kept("counts", rows).write_text(json.dumps(found))


def measured(
    server: Server,
    pages: Mapping[str, Request],
    sizes: tuple[int, int],
    seconds: float,
    *,
    only: str = "",
    prepare: Callable[[str], None] = nothing,
) -> None:
    """Print the table of one database; of the pages that have `only` in their name, if it is given.

    `sizes`: those at which was counted, the one that is measured last.
    """
    few, many = (json.loads(kept("counts", size).read_text()) for size in sizes)
    print(HEAD)
    for name, request in pages.items():
        if only not in name:
            continue
        prepare(name)
        # Beside each page, since other work on the machine slows all alike.
        bare = measure(server, pages[BARE], clients=1, seconds=seconds / 2).cpu
        signed_in = measure(server, pages[SIGNED_IN], clients=1, seconds=seconds / 2).cpu
        one = measure(server, request, clients=1, seconds=seconds)
        eight = measure(server, request, clients=8, seconds=seconds)
        if one.failed or eight.failed:
            raise SystemExit(f"{name}: {one.failed + eight.failed} requests failed.")
        # What a person's page pays for knowing the person stands apart.
        ratio = f"{one.cpu / signed_in:.1f}" if "sessionid" in request.cookies else ""
        counts = " / ".join(map(str, many[name]))
        if few[name] != many[name]:
            counts += f" (with {sizes[0]}: {' / '.join(map(str, few[name]))})"
        print(
            f"| {name} | {one.p50:.1f} | {one.p95:.1f} | {one.cpu:.1f} | {one.cpu95:.1f} | {one.cpu / bare:.1f} "
            f"| {ratio} | {eight.p50:.0f} | {eight.p95:.0f} | {one.size / 1024:.0f} | {counts} |",
            flush=True,
        )

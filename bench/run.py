"""One part of the bench under its own settings: `fill`, `count` or `measure` (see `bench`)."""

from __future__ import annotations

import json
import os
import sys
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import django

django.setup()

from django.conf import settings  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402
from django.test import Client  # noqa: E402
from django.urls import reverse  # noqa: E402

from bench import data  # noqa: E402
from bench.client import Request, measure  # noqa: E402
from bench.counting import counting  # noqa: E402
from bench.server import serving  # noqa: E402


def notes(rows: int) -> Path:
    kind = connection.vendor
    return Path(settings.VAR) / f"{kind}-{rows}.json"


def fill(rows: int) -> None:
    """Migrate and fill a database, and note what the requests are about."""
    call_command("migrate", verbosity=0)
    call_command("collectstatic", verbosity=0, interactive=False)
    call_command("compilecatalogues", verbosity=0)
    began = time.perf_counter()
    facts: dict[str, Any] = data.build(rows)
    facts["officer_cookie"] = data.sign_in(facts["officer"])
    facts["expert_cookie"] = data.sign_in(facts["expert"])
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    notes(rows).write_text(json.dumps(facts))
    print(f"filled with {rows} applications in {time.perf_counter() - began:.1f} s", flush=True)


def pages(facts: dict[str, Any]) -> dict[str, Request]:
    """The pages that are measured, by what they are."""
    officer, expert = facts["officer_cookie"], facts["expert_cookie"]
    applications = reverse("grants:competition_applications", args=[facts["competition"]])
    sheet = reverse("review:dossier", args=[facts["dossier"]])
    return {
        "bare page": Request("/bare/"),
        "public list": Request(reverse("grants:competitions")),
        "operator's list": Request(applications, officer),
        "  filtered by state": Request(f"{applications}?state=admitted", officer),
        "  sorted by score": Request(f"{applications}?sort=-score", officer),
        "  searched": Request(f"{applications}?q=%D0%B6%D0%B0%D1%81%D1%82%D0%B0%D1%80+77", officer),
        "application page": Request(
            reverse("grants:application", args=[facts["application"]]), officer
        ),
        "scoring page": Request(sheet, expert),
        "ranking": Request(reverse("review:ranking", args=[facts["panel"]]), officer),
    }


def saving(facts: dict[str, Any]) -> Request:
    """The autosave of a score sheet: every request another comment, based on the version before."""
    client = Client(headers={"cookie": facts["expert_cookie"]})
    page = client.get(reverse("review:dossier", args=[facts["dossier"]])).content.decode()
    token = client.cookies["csrftoken"].value

    def body(number: int) -> bytes:
        from urllib.parse import urlencode

        form = {"csrfmiddlewaretoken": token, "window": "bench", "version": "0"}
        for key, most in data.CRITERIA.items():
            form[f"{key}-points"] = str(1 + number % most)
            form[f"{key}-comment"] = f"Түсінік {number}"
        return urlencode(form).encode()

    assert page
    cookies = f"{facts['expert_cookie']}; csrftoken={token}"
    sheets = tuple(reverse("review:dossier", args=[pk]) for pk in facts["dossiers"])
    return Request(sheets[0], cookies, body, sheets)


def count(rows: int) -> None:
    """Queries and rows of each page, in this process."""
    facts = json.loads(notes(rows).read_text())
    print(f"\nqueries / rows fetched with {rows} applications")
    for name, request in pages(facts).items():
        data.stage(facts["panel"], "meeting" if name == "ranking" else "scoring")
        client = Client(headers={"cookie": request.cookies, "accept-language": "kk"})
        client.get(request.address)  # whatever is cached on first use is cached
        with counting() as counted:
            answer = client.get(request.address)
        print(
            f"  {name:<24} {counted.queries:>3} / {counted.rows:<6} {'' if answer.status_code == 200 else answer.status_code}"
        )
    sys.stdout.flush()


def export(facts: dict[str, Any], server: Any) -> None:
    """The export of all applications: time of one, and what it does to the server's memory."""
    import http.client

    address = reverse("grants:competition_applications_xlsx", args=[facts["competition"]])
    before = server.peak_mb()
    times = []
    for _ in range(3):
        began = time.perf_counter()
        connection_ = http.client.HTTPConnection("127.0.0.1", server.port, timeout=120)
        connection_.request("GET", address, headers={"Cookie": facts["officer_cookie"]})
        answer = connection_.getresponse()
        size = len(answer.read())
        times.append(time.perf_counter() - began)
    print(
        f"\nexport of all to xlsx: {min(times):.2f} / {sorted(times)[1]:.2f} / {max(times):.2f} s "
        f"(min, median, max of 3), {size / 1024:.0f} KB, status {answer.status}; "
        f"server's peak memory {before:.0f} → {server.peak_mb():.0f} MB"
    )


def measured(rows: int, seconds: float) -> None:
    """The table of one database."""
    facts = json.loads(notes(rows).read_text())
    data.stage(facts["panel"], "scoring")
    wanted = {**pages(facts), "scoring page, save (POST)": saving(facts)}
    head = f"{'page':<26}{'p50':>8}{'p95':>8}{'CPU ms':>8}{'x bare':>8}   {'p50':>8}{'p95':>8}{'req/s':>8}  KB"
    print(f"\n{'':<26}{'1 client':^32}   {'8 clients':^24}\n{head}")
    with serving(dict(os.environ)) as server:
        bare = 0.0
        for name, request in wanted.items():
            data.stage(facts["panel"], "meeting" if name == "ranking" else "scoring")
            one = measure(server, request, clients=1, seconds=seconds)
            eight = measure(server, replace(request), clients=8, seconds=seconds)
            bare = bare or one.cpu
            wrong = (
                f"  status {one.status}, {one.failed + eight.failed} failed"
                if one.failed + eight.failed
                else ""
            )
            rate = 8000 / eight.p50 if eight.p50 else 0
            print(
                f"{name:<26}{one.p50:>8.1f}{one.p95:>8.1f}{one.cpu:>8.1f}{one.cpu / bare if bare else 0:>8.1f}   "
                f"{eight.p50:>8.1f}{eight.p95:>8.1f}{rate:>8.0f}  {one.size / 1024:.0f}{wrong}",
                flush=True,
            )
        export(facts, server)


def main() -> None:
    command, rows, seconds = sys.argv[1], int(sys.argv[2]), float(sys.argv[3])
    if command == "fill":
        fill(rows)
    elif command == "count":
        count(rows)
    else:
        measured(rows, seconds)


main()

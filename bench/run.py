"""One part of the bench under its own settings: `fill`, `count` or `measure` (see `bench`)."""

from __future__ import annotations

import http.client
import json
import os
import sys
import time
from typing import Any
from urllib.parse import quote_plus, urlencode

import django

django.setup()

from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402
from django.test import Client  # noqa: E402
from django.urls import reverse  # noqa: E402

from bench import data, discussion, table  # noqa: E402
from bench.client import Request, measure  # noqa: E402
from bench.server import Server, serving  # noqa: E402
from bench.table import BARE, SIGNED_IN, kept  # noqa: E402
from ortaq.planning.models import Formation  # noqa: E402
from ortaq.planning.queries.formation import comment_page  # noqa: E402

RANKING = "ranking"
DISCUSSION, COMMENTS, READERS = "discussion", 5000, 200


def fill(rows: int) -> None:
    """Migrate and fill a database, and note what the requests are about."""
    call_command("migrate", verbosity=0)
    call_command("collectstatic", verbosity=0, interactive=False)
    call_command("compilecatalogues", verbosity=0)
    began = time.perf_counter()
    facts: dict[str, Any] = data.build(rows)
    comments = min(rows, COMMENTS)
    facts |= discussion.build(comments, facts["manager"])
    facts["manager_cookie"] = data.sign_in(facts["manager"])
    facts["officer_cookie"] = data.sign_in(facts["officer"])
    facts["expert_cookie"] = data.sign_in(facts["expert"])
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    kept("facts", rows).write_text(json.dumps(facts))
    took = time.perf_counter() - began
    print(f"Filled with {rows} applications, {comments} comments in {took:.1f} s.", flush=True)


def pages(facts: dict[str, Any]) -> dict[str, Request]:
    """The pages that are measured, by what they are; the first is what all are compared with."""
    officer, expert = facts["officer_cookie"], facts["expert_cookie"]
    applications = reverse("grants:competition_applications", args=[facts["competition"]])
    sheets = tuple(reverse("review:dossier", args=[pk]) for pk in facts["dossiers"])
    content = reverse("grants:application_content", args=[facts["scored"]])
    search = quote_plus("жастар 77")
    discussed = reverse("planning:discussion", args=[facts["discussion"]])
    found = Formation.objects.get(pk=facts["discussion"])
    further = comment_page(found, {"page": comment_page(found, {}).next}).next
    return {
        BARE: Request("/bare/"),
        SIGNED_IN: Request("/bare/", officer),
        "public list": Request(reverse("grants:competitions")),
        "operator's list": Request(applications, officer),
        "  filtered by state": Request(f"{applications}?state=admitted", officer),
        "  filtered by topic": Request(f"{applications}?topic={quote_plus('облысы')}", officer),
        "  sorted by score": Request(f"{applications}?sort=-score", officer),
        "  searched": Request(f"{applications}?q={search}", officer),
        "application": Request(reverse("grants:application", args=[facts["application"]]), officer),
        "  its content, an expert": Request(content, expert),
        "scoring page": Request(sheets[0], expert),
        "  autosave (POST)": autosave(sheets, expert),
        RANKING: Request(reverse("review:ranking", args=[facts["panel"]]), officer),
        DISCUSSION: Request(discussed),
        "discussion, an NGO's person": Request(discussed, facts["manager_cookie"]),
        "discussion, comments further back": Request(f"{discussed}?page={further}"),
        "discussion, one topic": Request(reverse("planning:topic", args=[facts["topic"]])),
        "discussion, its report": Request(reverse("planning:report", args=[facts["reported"]])),
    }


def autosave(sheets: tuple[str, ...], cookies: str) -> Request:
    """What the script on the scoring page sends: every time other points and another comment."""
    client = Client(headers={"cookie": cookies})
    client.get(sheets[0])
    token = client.cookies["csrftoken"].value

    def body(number: int) -> bytes:
        form = {"csrfmiddlewaretoken": token, "window": "bench", "version": "0"}
        for key, most in data.CRITERIA.items():
            form[f"{key}-points"] = str(1 + number % most)
            form[f"{key}-comment"] = f"Түсінік {number}"
        return urlencode(form).encode()

    return Request(sheets[0], f"{cookies}; csrftoken={token}", body, sheets)


def stage_for(name: str, facts: dict[str, Any]) -> None:
    """Put the panel where a page needs it."""
    data.stage(facts["panel"], "meeting" if name == RANKING else "scoring")


def count(rows: int) -> None:
    """Queries and rows of each page, counted in this process."""
    facts = json.loads(kept("facts", rows).read_text())
    table.count(pages(facts), rows, lambda name: stage_for(name, facts))


def export(facts: dict[str, Any], server: Server) -> None:
    """The export of all applications: time of one, and what it does to the server's memory."""
    address = reverse("grants:competition_applications_xlsx", args=[facts["competition"]])
    before = server.peak_mb()
    each = [download(address, server, facts["officer_cookie"]) for _ in range(3)]
    times, cpu, size = [one[0] for one in each], sum(one[1] for one in each), each[0][2]
    fastest, usual, slowest = sorted(times)
    print(
        f"\nExport of all to xlsx: {fastest:.2f}, {usual:.2f}, {slowest:.2f} s, "
        f"CPU {cpu / 3:.2f} s, {size / 1024:.0f} KB; "
        f"peak memory of a process {before:.0f} → {server.peak_mb():.0f} MB."
    )


def readers(request: Request, server: Server, seconds: float) -> None:
    """The discussion, read by many at once."""
    many = measure(server, request, clients=READERS, seconds=seconds)
    if many.failed:
        raise SystemExit(f"{many.failed} of {READERS} readers at once were not answered.")
    print(
        f"\nThe discussion, {READERS} readers at once: p50 {many.p50:.0f} ms, p95 {many.p95:.0f} ms, "
        f"{many.each_second:.0f} pages a second, CPU {many.cpu:.1f} ms a page, nobody refused.",
        flush=True,
    )


def annex_2(facts: dict[str, Any], server: Server) -> None:
    """The report on the discussion as a paper: the first time, and from then on."""
    for kind in ("docx", "pdf"):
        paper = reverse("planning:paper", args=[facts["reported"], "annex-2", "kk", kind])
        times = [download(paper, server, "") for _ in range(3)]
        print(
            f"\nAnnex 2 as {kind}: the first {times[0][0]:.2f} s (CPU {times[0][1]:.2f} s), "
            f"then {times[1][0]:.2f} and {times[2][0]:.2f} s; {times[0][2] / 1024:.0f} KB.",
            flush=True,
        )


def download(address: str, server: Server, cookies: str) -> tuple[float, float, int]:
    """Seconds, seconds of the server's CPU, and size of one file."""
    began, cpu = time.perf_counter(), server.cpu()
    client = http.client.HTTPConnection("127.0.0.1", server.port, timeout=120)
    client.request("GET", address, headers={"Cookie": cookies})
    answer = client.getresponse()
    size = len(answer.read())
    if answer.status != 200:
        raise SystemExit(f"{address} answered {answer.status}.")
    return time.perf_counter() - began, server.cpu() - cpu, size


def measured(rows: int, seconds: float, small: int, only: str) -> None:
    """The table of one database; of the pages that have `only` in their name, if it is given."""
    facts = json.loads(kept("facts", rows).read_text())
    with serving(dict(os.environ)) as server:
        asked = pages(facts)
        table.measured(
            server,
            asked,
            (small, rows),
            seconds,
            only=only,
            prepare=lambda name: stage_for(name, facts),
        )
        readers(asked[DISCUSSION], server, seconds)
        annex_2(facts, server)
        if not only:
            export(facts, server)


def main() -> None:
    command, rows, seconds, small, only = sys.argv[1:6]
    if command == "fill":
        fill(int(rows))
    elif command == "count":
        count(int(rows))
    else:
        measured(int(rows), float(seconds), int(small), only)


if __name__ == "__main__":
    main()

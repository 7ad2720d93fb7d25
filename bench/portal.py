"""The public pages over ten years of everything: each made anew, each kept ready, and the exports.

    python -m bench.portal [--size full] [--seconds 2] [--pages NAME] [--database sqlite] [--kept FOLDER]

Fills two databases (25 000 NGOs, 200 000 applications and 20 000 projects; and a small one, for which queries are counted
too) with the publications of all that, and prints

    what a page takes that nobody has asked for before: p50 and p95 of the clock at one client, its CPU, queries and rows
    how many pages a second are answered that are kept ready, to eight clients
    how many OCDS releases a second are exported, and what that takes of memory

On SQLite the databases are kept in `--kept` for the next run, until something of what fills them changes.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any
from urllib.parse import quote

from bench.__main__ import address, databases, environment
from bench.client import Request

HERE = Path(__file__).resolve().parent
KEPT = Path(tempfile.gettempdir()) / "ortaq-bench-decade"
FRESH = "ORTAQ_BENCH_FRESH"
CLIENTS = 8
HEAD = (
    "\n| page | p50 ms | p95 ms | CPU ms | its p95 | × bare | KB | queries / rows fetched |\n"
    "|---|--:|--:|--:|--:|--:|--:|--:|"
)


def main() -> None:
    parser = argparse.ArgumentParser(
        prog="python -m bench.portal",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--size", choices=["small", "medium", "full"], default="full")
    parser.add_argument(
        "--seconds", type=float, default=2.0, help="how long each page is asked for"
    )
    parser.add_argument("--pages", default="", help="only those with this in their name")
    parser.add_argument("--database", choices=["both", "sqlite", "postgresql"], default="sqlite")
    parser.add_argument("--kept", type=Path, default=KEPT, help="where filled databases are kept")
    parser.add_argument("--part", default="", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.part:
        PARTS[options.part](options)
        return
    with (
        tempfile.TemporaryDirectory(prefix="ortaq-bench-") as var,
        databases(options.database, var) as found,
    ):
        for name, url in found.items():
            if "JIT on" in name:
                continue
            print(f"\n## {name}: ten years, {options.size}", flush=True)
            place = Path(var) / name.split(",")[0].lower()
            place.mkdir(parents=True, exist_ok=True)
            for size in dict.fromkeys(("small", options.size)):
                filled(size, options, url, place)
                run("count", size, options, (address(url, numbered(size)), place))
            mine = (address(url, numbered(options.size)), place)
            run("measure", options.size, options, mine, **{FRESH: "1"})
            run("ready", options.size, options, mine)
            run("export", options.size, options, mine)


def numbered(size: str) -> int:
    """The sizes as numbers, since databases are named by them."""
    return {"small": 1, "medium": 2, "full": 3}[size]


def filled(size: str, options: argparse.Namespace, url: str, place: Path) -> None:
    """Fill a database, or take the one that was filled before."""
    target = address(url, numbered(size))
    if not url.startswith("sqlite"):
        run("fill", size, options, (target, place))
        return
    kept = options.kept / f"{size}-{_sources()}.sqlite3"
    file = Path(target.removeprefix("sqlite:///"))
    if not kept.exists():
        options.kept.mkdir(parents=True, exist_ok=True)
        run("fill", size, options, (target, place))
        shutil.copyfile(file, kept)
    else:
        shutil.copyfile(kept, file)
    run("static", size, options, (target, place))


def _sources() -> str:
    """Changes whenever something of what fills a database does."""
    rooms = HERE.parent / "ortaq"
    files = [
        *(HERE / name for name in ("decade.py", "ngo_data.py", "data.py", "bulk.py")),
        *sorted(rooms.glob("*/migrations/*.py")),
        *sorted((rooms / "gazette").rglob("[a-z]*.py")),
    ]
    return hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest()[:12]


def run(
    part: str, size: str, options: argparse.Namespace, where: tuple[str, Path], **more: str
) -> None:
    """A part in a process that has the right settings from its beginning."""
    arguments = ["--part", part, "--size", size, "--seconds", options.seconds]
    subprocess.run(
        [sys.executable, "-m", "bench.portal", *map(str, arguments), "--pages", options.pages],
        env={**os.environ, **environment(where[0], str(where[1])), **more},
        check=True,
    )


# --- Parts ----------------------------------------------------------------------------------------------


def fill(options: argparse.Namespace) -> None:
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connection

    from bench.decade import SIZES, Decade
    from ortaq.gazette.keeping import write_all
    from ortaq.opendata.ocds import keeping

    began = time.perf_counter()
    call_command("migrate", verbosity=0)
    Decade(SIZES[options.size]).build()
    rows = time.perf_counter()
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    publications = write_all()
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    written = time.perf_counter()
    done = keeping.catch_up(everything=True)
    print(
        f"Filled in {rows - began:.0f} s, {publications} publications in {written - rows:.0f} s, "
        f"{done.releases} releases in {time.perf_counter() - written:.0f} s.",
        flush=True,
    )


def static(_options: argparse.Namespace) -> None:
    import django

    django.setup()
    from django.core.management import call_command

    call_command("collectstatic", verbosity=0, interactive=False)
    call_command("compilecatalogues", verbosity=0)


def pages() -> dict[str, Request]:
    """Every public page that tells of more than one thing, and one page of each thing."""
    from django.urls import reverse

    from bench.table import BARE
    from ortaq.core import clock
    from ortaq.gazette.models import Publication
    from ortaq.people.models import Organisation

    year = clock.today().year - 2
    body = Organisation.objects.filter(kind="state_body").order_by("-pk")[0]
    ngo = Organisation.objects.filter(kind="ngo").order_by("pk")[7]
    search, money, records = (
        reverse(name) for name in ("portal:search", "portal:money", "portal:records")
    )

    def one(kind: str) -> Request:
        """Pages of a kind, another one every time."""
        rows = Publication.objects.filter(kind=kind, withdrawn=False).order_by("-place")
        found = [row.partition("#")[0] for row in rows.values_list("address", flat=True)[:16]]
        return Request(found[0], others=tuple(dict.fromkeys(found)), in_turn=True)

    def asked(page: str, *queries: str) -> Request:
        addresses = tuple(f"{page}?{quote(query, safe='=&')}" for query in queries)
        return Request(addresses[0], others=addresses, in_turn=True)

    return {
        BARE: Request("/bare/"),
        "front page": Request(reverse("portal:home")),
        "year": Request(reverse("portal:year", args=[year])),
        **{
            f"money by {by}": asked(money, f"year={year}&by={by}", f"by={by}")
            for by in ("field", "region", "instrument", "recipient")
        },
        "records of money": asked(
            records, f"year={year}&instrument=grant", f"year={year}&region={body.region_code}"
        ),
        "region": Request(reverse("portal:region", args=[body.region_code])),
        "body": Request(reverse("portal:body", args=[body.bin])),
        "field": Request(reverse("portal:field", args=["culture_arts"])),
        "late": Request(reverse("portal:late")),
        "reports of state bodies": Request(reverse("portal:reports")),
        "search, nothing asked": Request(search),
        "  one word": asked(search, "q=молодёжь", "q=кітапхана", "q=библиотека", "q=табиғат"),
        "  several words": asked(
            search,
            "q=развитие сельских инициатив",
            "q=ауылдық бастамалар жастар",
            "q=культура библиотека 12",
        ),
        "  narrowed": asked(
            search, f"q=село&year={year}&kind=grant", f"q=білім&region={body.region_code}"
        ),
        "  what nobody wrote": asked(search, "q=жжжжжж", "q=vjkjlt;m", "q=библотека"),
        "topic": one("topic"),
        "competition": one("competition"),
        "results of a competition": one("grant"),
        "results of a tender": one("order"),
        "  one of its lots": Request(reverse("tenders:lot_result", args=[1])),
        "tender": one("tender"),
        "discussion": one("discussion"),
        "plan of grants": one("plan"),
        "project": one("project"),
        "NGO": Request(reverse("portal:ngo", args=[ngo.bin])),
        "follow the tenge: grant": Request(reverse("portal:tenge_grant", args=[1])),
        "  order": Request(reverse("portal:tenge_order", args=[1])),
        "open data": Request(reverse("opendata:index")),
        "feed of publications": Request("/feeds/publications.atom"),
        "feed of deadlines": Request("/feeds/deadlines.ics"),
        "API: publications": asked("/api/v1/publications/", "limit=50", f"limit=50&year={year}"),
        "API: changes": Request("/api/v1/changes/?limit=100"),
        "API: money": Request(f"/api/v1/money/?year={year}"),
    }


def count(options: argparse.Namespace) -> None:
    import django

    django.setup()
    from django.core.cache import caches
    from django.test import Client

    from bench import table
    from bench.counting import counting

    found: dict[str, tuple[int, int]] = {}
    for name, request in pages().items():
        client = Client(headers={"accept-language": "kk"}, raise_request_exception=False)
        table.ask(client, request, 1)
        caches["pages"].clear()
        with counting() as counted:
            answer = table.ask(client, request, 2)
            b"".join(answer) if answer.streaming else answer.content
        if answer.status_code != 200:
            print(f"{name}: {request.address} answered {answer.status_code}", flush=True)
        found[name] = (counted.queries, counted.rows)
    table.kept("counts", numbered(options.size)).write_text(json.dumps(found))


def measure(options: argparse.Namespace) -> None:
    import django

    django.setup()
    from bench import client, table
    from bench.server import serving

    few, many = (
        json.loads(table.kept("counts", numbered(size)).read_text())
        for size in ("small", options.size)
    )
    print(f"\nLoad of the machine at the beginning: {os.getloadavg()[0]:.1f}.\n{HEAD}", flush=True)
    known = pages()
    with serving(dict(os.environ)) as server:
        for name, request in known.items():
            if options.pages not in name:
                continue
            bare = client.measure(server, known[table.BARE], clients=1, seconds=options.seconds / 4)
            one = client.measure(server, request, clients=1, seconds=options.seconds)
            counts = " / ".join(map(str, many[name]))
            if few[name] != many[name]:
                counts += f" (small: {' / '.join(map(str, few[name]))})"
            failed = f" **{one.failed} failed: {one.status}**" if one.failed else ""
            print(
                f"| {name}{failed} | {one.p50:.1f} | {one.p95:.1f} | {one.cpu:.1f} | {one.cpu95:.1f} "
                f"| {one.cpu / (bare.cpu or 1):.1f} | {one.size / 1024:.0f} | {counts} |",
                flush=True,
            )


def ready(options: argparse.Namespace) -> None:
    """Pages that are kept ready, to eight clients at once."""
    import django

    django.setup()
    from bench import client
    from bench.server import serving

    known = pages()
    print(
        "\n| kept ready, 8 clients | pages a second | p95 ms | CPU ms |\n|---|--:|--:|--:|",
        flush=True,
    )
    with serving(dict(os.environ)) as server:
        for name in ("bare page", "front page", "year", "money by region", "project"):
            if options.pages not in name:
                continue
            found = client.measure(server, known[name], clients=CLIENTS, seconds=options.seconds)
            print(
                f"| {name} | {found.each_second:.0f} | {found.p95:.0f} | {found.cpu:.1f} |",
                flush=True,
            )


def export(_options: argparse.Namespace) -> None:
    """All OCDS releases, in one stream; memory is that of the process, after its first thousand lines and at the end."""
    import django

    django.setup()
    from django.test import Client
    from django.urls import reverse

    answer: Any = Client().get(reverse("opendata:ocds_lines"))
    began, size, lines, early = time.perf_counter(), 0, 0, 0
    cpu = time.process_time()
    for part in answer.streaming_content:
        size += len(part)
        lines += part.count(b"\n")
        if not early and lines > 1000:
            early = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    spent, cpu = time.perf_counter() - began, time.process_time() - cpu
    last = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    print(
        f"\nOCDS: {lines} releases, {size / 1e6:.0f} MB in {spent:.1f} s ({cpu:.1f} s of CPU): {lines / spent:.0f} a second, "
        f"{lines / cpu:.0f} a second of CPU; memory {early / 1024:.0f} → {last / 1024:.0f} MB."
    )


PARTS = {
    "fill": fill,
    "static": static,
    "count": count,
    "measure": measure,
    "ready": ready,
    "export": export,
}


if __name__ == "__main__":
    main()

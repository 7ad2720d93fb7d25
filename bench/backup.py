"""What a backup takes, and how soon it is back: ten years of rows, and files beside them.

    python -m bench.backup [--size medium] [--files 1000] [--bytes 1000000] [--database both] [--work FOLDER]

For each database: the first backup, a second one after little has changed, a reading of it all (`--verify`), and the restore into an
empty machine; the clock, the processor's time of the program and of PostgreSQL, the most memory of each, and sizes.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

import psycopg

from bench.__main__ import address, databases, environment
from bench.server import TICK

CHAINS, STEPS = 10_000, 10
HEAD = "| what | clock s | CPU s | of the database s | most MB |\n|---|--:|--:|--:|--:|"
# The restore tells when the rows are there; what follows is looking at them.
BACK = "The database is here"


def main() -> None:
    parser = argparse.ArgumentParser(
        prog="python -m bench.backup",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--size", choices=["small", "medium", "full"], default="medium")
    parser.add_argument("--files", type=int, default=1000)
    parser.add_argument("--bytes", type=int, default=1_000_000, help="of each file")
    parser.add_argument("--database", choices=["both", "sqlite", "postgresql"], default="both")
    parser.add_argument("--work", type=Path, help="where there is room; a temporary folder")
    parser.add_argument("--part", default="", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.part:
        fill(options)
        return
    with (
        tempfile.TemporaryDirectory(prefix="ortaq-bench-", dir=options.work) as var,
        databases(options.database, var) as found,
    ):
        for name, url in found.items():
            if "JIT on" not in name:
                trial(name.partition(",")[0], url, Path(var), options)


def trial(name: str, url: str, var: Path, options: argparse.Namespace) -> None:
    site, target, new = (var / f"{name}-{part}" for part in ("site", "target", "new"))
    identity = var / f"{name}.txt"
    print(f"\n## {name}: ten years, {options.size}, {options.files} files\n")
    print(f"Load of the machine at the beginning: {os.getloadavg()[0]:.1f}.\n", flush=True)
    here = surroundings(url, 1, site)
    told = run(["-m", "ortaq", "backup", "--new-key", str(identity)], here)[0]
    here["ORTAQ_BACKUP_RECIPIENTS"] = told.partition("RECIPIENTS=")[2].split()[0]
    size = ["--size", options.size, "--files", options.files, "--bytes", options.bytes]
    print(run(["-m", "bench.backup", "--part", "fill", *map(str, size)], here)[0])
    print(HEAD)
    said = []
    for what, words in {
        "first backup": ["backup", str(target)],
        "second backup": ["backup", str(target)],
        "reading it again": ["backup", "--verify", str(target)],
    }.items():
        said.append(timed(what, words, here))
    empty = surroundings(url, 2, new)
    restored = ["restore", str(target), "--identity", str(identity), "--no-check"]
    said.append(timed("restore, with the whole journal verified", restored, empty))
    print()
    print("\n".join(line for one in said for line in one.split("\n") if "Database:" in line))


def surroundings(url: str, number: int, var: Path) -> dict[str, str]:
    """A machine of its own, with the settings of a real one."""
    var.mkdir()
    under = environment(address(url.replace("{size}", f"{{size}}-{var.name}"), number), str(var))
    return {**under, "DJANGO_SETTINGS_MODULE": "ortaq.site.settings"}


def timed(what: str, words: Sequence[str], under: dict[str, str]) -> str:
    before = served(under["ORTAQ_DATABASE_URL"])
    said, clock, cpu, memory, back = run(["-m", "ortaq", *words], under)
    database = served(under["ORTAQ_DATABASE_URL"]) - before
    print(f"| {what} | {clock:.1f} | {cpu:.1f} | {database:.1f} | {memory:.0f} |")
    if back:
        print(f"| - of which until everything is there | {back:.1f} | | | |", flush=True)
    return said


def served(url: str) -> float:
    """Seconds of the processor that PostgreSQL has used so far: its first process, those that have ended, and those that live."""
    if not url.startswith("postgresql"):
        return 0.0
    with psycopg.connect(url) as connection:
        row = connection.execute("SHOW data_directory").fetchone()
    assert row
    first = (Path(row[0]) / "postmaster.pid").read_text().split()[0]
    children = Path(f"/proc/{first}/task/{first}/children").read_text().split()
    return sum(_ticks(pid, 4 if pid == first else 2) for pid in (first, *children)) / TICK


def _ticks(pid: str, fields: int) -> int:
    """User, system, and with four fields those of children that have ended."""
    try:
        said = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:  # it has just ended
        return 0
    return sum(map(int, said[11 : 11 + fields]))


def run(words: Sequence[str], under: dict[str, str]) -> tuple[str, float, float, float, float]:
    """What a process said; its seconds, its processor's seconds, its most megabytes, and when it said `BACK`."""
    began, back, said = time.perf_counter(), 0.0, []
    child = subprocess.Popen(
        [sys.executable, *words],
        env={**os.environ, **under, "PYTHONUNBUFFERED": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    assert child.stdout
    for line in child.stdout:
        said.append(line)
        if BACK in line:
            back = time.perf_counter() - began
    _pid, status, usage = os.wait4(child.pid, 0)
    if status:
        raise SystemExit("".join(said))
    cpu = usage.ru_utime + usage.ru_stime
    return "".join(said).strip(), time.perf_counter() - began, cpu, usage.ru_maxrss / 1000, back


def fill(options: argparse.Namespace) -> None:
    """Rows, a journal, and files of random bytes."""
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import transaction

    from bench.decade import SIZES, Decade
    from ortaq.core import files, journal

    call_command("migrate", verbosity=0)
    Decade(SIZES[options.size]).build()
    with transaction.atomic():
        for _number in range(STEPS):
            journal.append_many(((f"person:{n}", {"n": n}) for n in range(CHAINS)), "work")
        for _number in range(options.files):
            files.keep(os.urandom(options.bytes), files.PDF, name="a.pdf")
    size = sum(path.stat().st_size for path in Path(os.environ["ORTAQ_VAR"]).rglob("*.sqlite3"))
    print(f"Filled. {size} bytes of SQLite." if size else "Filled.")


if __name__ == "__main__":
    main()

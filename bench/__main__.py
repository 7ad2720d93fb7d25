"""Measure and print. Ratios to the bare page of the same run say more than milliseconds.

For every page: p50 and p95 at 1 and 8 clients, CPU of the server per request, the same as a multiple
of the bare page's CPU, and the number of queries and of rows fetched at two sizes of the data, which
must be equal. For the export: time and the server's memory before and after.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

SMALL = 100


def environment(url: str, var: str) -> dict[str, str]:
    """What both the server and the filling process run under."""
    return {
        "DJANGO_SETTINGS_MODULE": "bench.settings",
        "ORTAQ_DATABASE_URL": url,
        "ORTAQ_VAR": var,
        "ORTAQ_COLLECTED": "1",
        "ORTAQ_SECRET_KEY": "bench-only-" + "x" * 40,
        "PYTHONPATH": str(Path(__file__).resolve().parents[1]),
    }


def child(
    command: str, rows: int, under: dict[str, str], seconds: float = 0.0, only: str = ""
) -> None:
    """Run a part of the bench in a process that has the right settings from its beginning."""
    arguments = [command, str(rows), str(seconds), str(SMALL), only]
    subprocess.run(
        [sys.executable, "-m", "bench.run", *arguments], env={**os.environ, **under}, check=True
    )


@contextmanager
def databases(only: str, var: str) -> Iterator[dict[str, str]]:
    """Addresses of empty databases by name: two sizes each."""
    with ExitStack() as stack:
        found = {}
        if only in {"both", "sqlite"}:
            found["SQLite"] = f"sqlite:///{var}/{{size}}.sqlite3"
        if only in {"both", "postgresql"}:
            from ortaq.testing import postgres

            folder = postgres.binaries()
            if folder is None:
                print(f"SKIPPED: {postgres.ABSENT}")
            else:
                url = stack.enter_context(postgres.server(folder))
                for jit in ("off", "on"):
                    found[f"PostgreSQL, JIT {jit}"] = f"{url}#{jit}"
        yield found


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument(
        "--rows", type=int, default=10_000, help="applications (sheets: three times as many)"
    )
    parser.add_argument(
        "--seconds", type=float, default=4.0, help="how long each page is asked for"
    )
    parser.add_argument("--pages", default="", help="only those with this in their name")
    parser.add_argument("--database", choices=["both", "sqlite", "postgresql"], default="both")
    options = parser.parse_args()
    with (
        tempfile.TemporaryDirectory(prefix="ortaq-bench-") as var,
        databases(options.database, var) as found,
    ):
        for name, url in found.items():
            load = os.getloadavg()[0]
            print(f"\n## {name}: {options.rows} applications, {3 * options.rows} score sheets\n")
            print(f"Load of the machine at the beginning: {load:.1f}.", flush=True)
            for rows in (SMALL, options.rows):
                under = environment(address(url, rows), var)
                if "JIT on" not in name:  # the data of the run before serve again
                    child("fill", rows, under)
                child("count", rows, under)
            child(
                "measure",
                options.rows,
                environment(address(url, options.rows), var),
                options.seconds,
                options.pages,
            )


def address(url: str, rows: int) -> str:
    """The database of one size."""
    if url.startswith("sqlite"):
        return url.format(size=rows)
    from bench.pg import database

    base, _hash, jit = url.partition("#")
    return database(base, f"bench_{rows}", jit)


if __name__ == "__main__":
    main()

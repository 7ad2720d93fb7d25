"""`make test`: the tests that touch the database on PostgreSQL, then everything on SQLite.

Only the second run repeats what no database can change (the law, papers) and drives the browser;
so both together stay short. The full run comes last: its closing line is that of the suite.

    python -m ortaq.testing.suite [sqlite|postgresql] [pytest's own arguments]

`ORTAQ_TEST_POSTGRES_URL` names a server to use instead of a throw-away one.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from ortaq.testing import postgres

NOTHING_TO_RUN = 5  # pytest's exit code when no test was left to run


def command(*arguments: str, workers: str = "2") -> list[str]:
    workers = os.environ.get("ORTAQ_TEST_WORKERS", workers)
    start = [sys.executable, "-m", "pytest", "-n", workers, "--no-loadscope-reorder"]
    return [*start, "--durations=10", "--durations-min=2", *arguments]


def surroundings(**more: str) -> dict[str, str]:
    """Byte code is kept, whatever this machine thinks of it: the house is started many times."""
    return {**os.environ, "PYTHONDONTWRITEBYTECODE": "", **more}


def on_sqlite(*arguments: str, skipped: str = "") -> int:
    """Pytest's exit code for the whole suite; `skipped` says what cannot run here besides."""
    print("On SQLite: the whole suite.", flush=True)
    # One worker more than there are cores: one of them mostly waits for the browser.
    run = command(*arguments, workers="3")
    return subprocess.run(
        run, env=surroundings(ORTAQ_SUITE_SKIPPED=skipped), check=False
    ).returncode


def on_postgresql(url: str, *arguments: str) -> int:
    """Pytest's exit code for the tests that touch the database."""
    print("On PostgreSQL: the tests that touch the database.", flush=True)
    run = command("--only-database", "--ignore=ortaq/law", *arguments)  # the law knows no database
    code = subprocess.run(
        run, env=surroundings(ORTAQ_TEST_DATABASE_URL=url), check=False
    ).returncode
    return 0 if code == NOTHING_TO_RUN and not arguments else code


@contextmanager
def postgresql() -> Iterator[str | None]:
    """The address of a server, or None where there is none."""
    folder = postgres.binaries()
    if url := os.environ.get("ORTAQ_TEST_POSTGRES_URL"):
        yield url
    elif folder is None:
        yield None
    else:
        with postgres.server(folder) as url:
            # The migrations run once: every database begins as a copy of this one.
            template = {"ORTAQ_DATABASE_URL": url.removesuffix("postgres") + "template1"}
            migrate = [sys.executable, "-m", "ortaq", "migrate", "--verbosity", "0"]
            subprocess.run(migrate, env=surroundings(**template), check=True)
            yield url


def main(arguments: list[str]) -> int:
    which = arguments.pop(0) if arguments and arguments[0] in {"sqlite", "postgresql"} else "both"
    if which == "sqlite":
        return on_sqlite(*arguments)
    with postgresql() as url:
        first = on_postgresql(url, *arguments) if url else None
    skipped = "" if url else f"the run on PostgreSQL: {postgres.ABSENT}"
    if which == "postgresql":
        if skipped:
            print(f"SKIPPED: {skipped}")
        return 1 if first is None else first
    # Where PostgreSQL has just run every migration, tables made straight from the models are enough.
    tables = ["--nomigrations"] if url else []
    second = on_sqlite(*tables, *arguments, skipped=skipped)
    if first:
        print("The run on PostgreSQL, above, failed.")
    return second or first or 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

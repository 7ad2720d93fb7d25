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
from contextlib import ExitStack

from ortaq.testing import postgres

NOTHING_TO_RUN = 5  # pytest's exit code when no test was left to run


def pytest(*arguments: str, **environment: str) -> int:
    workers = os.environ.get("ORTAQ_TEST_WORKERS", "2")
    command = [sys.executable, "-m", "pytest", "-n", workers, "--dist", "worksteal"]
    command += ["--durations=10", "--durations-min=2", *arguments]
    return subprocess.run(command, env={**os.environ, **environment}, check=False).returncode


def on_postgresql(*arguments: str) -> int | None:
    """Pytest's exit code, or None where there is no PostgreSQL."""
    with ExitStack() as stack:
        url = os.environ.get("ORTAQ_TEST_POSTGRES_URL")
        if not url:
            folder = postgres.binaries()
            if folder is None:
                return None
            url = stack.enter_context(postgres.server(folder))
        print("On PostgreSQL: the tests that touch the database.", flush=True)
        code = pytest("--only-database", *arguments, ORTAQ_TEST_DATABASE_URL=url)
    return 0 if code == NOTHING_TO_RUN and not arguments else code


def main(arguments: list[str]) -> int:
    which = arguments.pop(0) if arguments and arguments[0] in {"sqlite", "postgresql"} else "both"
    skipped = ""
    first: int | None = 0
    if which != "sqlite":
        first = on_postgresql(*arguments)
        if first is None:
            skipped = f"the run on PostgreSQL: {postgres.ABSENT}"
        if which == "postgresql":
            if skipped:
                print(f"SKIPPED: {skipped}")
            return 1 if first is None else first
    print("On SQLite: the whole suite.", flush=True)
    # Where PostgreSQL has just run every migration, tables made straight from the models are enough.
    tables = ["--nomigrations"] if which == "both" and not skipped else []
    second = pytest(*tables, *arguments, ORTAQ_SUITE_SKIPPED=skipped)
    if first:
        print("The run on PostgreSQL, above, failed.")
    return second or first or 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

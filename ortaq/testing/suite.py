"""`make test`: everything on SQLite, then on PostgreSQL the tests that could end differently there.

Those are the tests about what databases do differently (`ortaq.testing.plugin.always_repeated`) and
the fewest others that together send every kind of statement that was sent on SQLite
(`ortaq.testing.statements`). The law, papers and the browser know no database.

    python -m ortaq.testing.suite [sqlite|postgresql] [pytest's own arguments]

Alone, `postgresql` repeats every test that touches the database. `ORTAQ_TEST_POSTGRES_URL` names a
server to use instead of a throw-away one.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from pathlib import Path

from ortaq.testing import postgres, statements

NOTHING_TO_RUN = 5  # pytest's exit code when no test was left to run


def command(*arguments: str) -> list[str]:
    # As many as cores: a third fills the time in which the browser thinks, and costs the others more by pushing them off theirs.
    workers = os.environ.get("ORTAQ_TEST_WORKERS", "2")
    start = [sys.executable, "-m", "pytest", "-n", workers, "--no-loadscope-reorder"]
    return [*start, "--durations=10", "--durations-min=2", *arguments]


def surroundings(**more: str) -> dict[str, str]:
    """Byte code is kept, whatever this machine thinks of it: the house is started many times."""
    return {**os.environ, "PYTHONDONTWRITEBYTECODE": "", **more}


def on_sqlite(*arguments: str, skipped: str = "") -> int:
    """Pytest's exit code for the whole suite; `skipped` says what cannot run here besides."""
    print("On SQLite: the whole suite.", flush=True)
    run = command(*arguments)
    return subprocess.run(
        run, env=surroundings(ORTAQ_SUITE_SKIPPED=skipped), check=False
    ).returncode


def on_postgresql(url: str, *arguments: str) -> int:
    """Pytest's exit code for the tests that touch the database, or those that `arguments` choose."""
    print("On PostgreSQL: tests that touch the database.", flush=True)
    run = command("--only-database", "--ignore=ortaq/law", *arguments)  # the law knows no database
    return subprocess.run(
        run, env=surroundings(ORTAQ_TEST_DATABASE_URL=url), check=False
    ).returncode


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
    there = bool(os.environ.get("ORTAQ_TEST_POSTGRES_URL") or postgres.binaries())
    skipped = "" if there else f"the run on PostgreSQL: {postgres.ABSENT}"
    if which == "postgresql":
        with postgresql() as url:
            if url:
                return on_postgresql(url, *arguments)
        print(f"SKIPPED: {skipped}")
        return 1
    return on_both(*arguments) if there else on_sqlite(*arguments, skipped=skipped)


def on_both(*arguments: str) -> int:
    """The exit code of the run that failed, or 0."""
    with (
        ThreadPoolExecutor(max_workers=1) as aside,
        tempfile.TemporaryDirectory(prefix="ortaq-statements-") as name,
        ExitStack() as stack,
    ):
        notes, chosen = Path(name), Path(name) / "chosen.txt"
        # While SQLite is at work, which never keeps both cores busy to its end.
        server = aside.submit(stack.enter_context, postgresql())
        # Where PostgreSQL runs every migration, tables made straight from the models are enough.
        first = on_sqlite("--nomigrations", f"--statements={notes}", *arguments)
        fewest = statements.fewest(statements.read(notes))
        chosen.write_text("\n".join(fewest))
        url = server.result()
        assert url
        # Its closing line is ours: the last one of pytest's own is that of the whole suite.
        second = on_postgresql(
            url, f"--repeated={chosen}", "-qq", *arguments, *statements.files(notes, fewest)
        )
        if second == NOTHING_TO_RUN:
            second = 0
    print(
        "On PostgreSQL: some tests failed, see above." if second else "On PostgreSQL: all is well."
    )
    return first or second


if __name__ == "__main__":
    # Whoever ends the suite from outside ends its server too.
    signal.signal(signal.SIGTERM, lambda *_told: sys.exit(143))
    sys.exit(main(sys.argv[1:]))

"""`make test`: the tests that touch the database on PostgreSQL, and everything on SQLite.

Only the run on SQLite repeats what no database can change (the law, papers) and drives the browser;
so both together stay short. They run side by side, since each waits for servers and pages half of
its time. The full run is told last: its closing line is that of the suite.

    python -m ortaq.testing.suite [sqlite|postgresql] [pytest's own arguments]

`ORTAQ_TEST_POSTGRES_URL` names a server to use instead of a throw-away one.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ortaq.testing import postgres

NOTHING_TO_RUN = 5  # pytest's exit code when no test was left to run
FULL_RUN = "On SQLite: the whole suite."
GLANCE = 0.2  # seconds between two looks at what the run in the background wrote


def command(*arguments: str) -> list[str]:
    workers = os.environ.get("ORTAQ_TEST_WORKERS", "2")
    start = [sys.executable, "-m", "pytest", "-n", workers, "--dist", "worksteal"]
    return [*start, "--durations=10", "--durations-min=2", *arguments]


def surroundings(**more: str) -> dict[str, str]:
    """Byte code is kept, whatever this machine thinks of it: the house is started many times."""
    return {**os.environ, "PYTHONDONTWRITEBYTECODE": "", **more}


def on_sqlite(*arguments: str, skipped: str = "") -> int:
    """Pytest's exit code for the whole suite; `skipped` says what cannot run here besides."""
    print(FULL_RUN, flush=True)
    surrounded = surroundings(ORTAQ_SUITE_SKIPPED=skipped)
    return subprocess.run(command(*arguments), env=surrounded, check=False).returncode


def on_postgresql(url: str, *arguments: str) -> int:
    """Pytest's exit code for the tests that touch the database."""
    print("On PostgreSQL: the tests that touch the database.", flush=True)
    chosen = command("--only-database", *arguments)
    surrounded = surroundings(ORTAQ_TEST_DATABASE_URL=url)
    code = subprocess.run(chosen, env=surrounded, check=False).returncode
    return 0 if code == NOTHING_TO_RUN and not arguments else code


def on_both(url: str, *arguments: str) -> int:
    """The exit code of whichever failed; the run on SQLite is told when the other has ended."""
    with tempfile.TemporaryDirectory() as folder:
        said = Path(folder, "said")
        # PostgreSQL runs every migration; here tables made from the models are enough.
        full_run = command("--nomigrations", *arguments)
        with said.open("w") as words:
            running = subprocess.Popen(full_run, env=surroundings(), stdout=words, stderr=words)
        try:
            first = on_postgresql(url, *arguments)
            print(FULL_RUN, flush=True)
            for more in told(said, running):
                print(more, end="", flush=True)
        finally:
            running.terminate()
            running.wait()
    if first:
        print("The run on PostgreSQL, above, failed.")
    return running.returncode or first


def told(said: Path, running: subprocess.Popen[bytes]) -> Iterator[str]:
    """What a process writes into a file, as it comes, until it has ended."""
    with said.open() as words:
        ended = False
        while not ended:
            ended = running.poll() is not None  # asked first: what it wrote before is all there
            yield words.read()
            if not ended:
                time.sleep(GLANCE)


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
        if url and which == "both":
            return on_both(url, *arguments)
        if url:
            return on_postgresql(url, *arguments)
        skipped = f"the run on PostgreSQL: {postgres.ABSENT}"
        if which == "both":
            return on_sqlite(*arguments, skipped=skipped)
        print(f"SKIPPED: {skipped}")
        return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

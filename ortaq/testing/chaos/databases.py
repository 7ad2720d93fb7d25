"""Databases for the bad day: an empty one for each phase, and a server that is stopped without a farewell."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random
from typing import Any
from urllib.parse import unquote

import psycopg
from psycopg import sql

from ortaq.testing import postgres
from ortaq.testing.chaos.house import House

MIGRATED = "chaos_migrated"
# Where the first installation on each server lies, whose tables the others copy.
_first: dict[str, Path] = {}
World = Callable[[str, int], dict[str, Any]]


@contextmanager
def durable(folder: Path) -> Iterator[str]:
    """A PostgreSQL server that waits for its disk, as a real one does."""
    kept = dict(postgres.OPTIONS)
    postgres.OPTIONS.update(fsync="on", synchronous_commit="on", full_page_writes="on")
    try:
        with postgres.server(folder) as url:
            yield url
    finally:
        postgres.OPTIONS.update(kept)


@contextmanager
def database(url: str, name: str, var: Path) -> Iterator[tuple[House, World]]:
    """An empty installation of its own, and what fills it."""
    var.mkdir(parents=True)
    house = House(var, _place(url, name, var), Random(1))  # noqa: S311
    if name == MIGRATED:
        _first[url] = var
        house.run("ortaq", "migrate", "--run-syncdb", "--verbosity", "0")
    elif url == "sqlite":
        shutil.copy(_first[url] / "ortaq.sqlite3", var / "ortaq.sqlite3")

    def world(phase: str, size: int) -> dict[str, Any]:
        made = house.run("ortaq.testing.chaos.world", phase, str(size))
        found: dict[str, Any] = json.loads(made.stdout)
        return found

    try:
        yield house, world
    finally:
        house.stop()
        if name != MIGRATED:
            shutil.rmtree(var, ignore_errors=True)


def _place(url: str, name: str, var: Path) -> str:
    """The address of an installation's database; all but the first are copies of the first."""
    if url == "sqlite":
        return f"sqlite:///{var}/ortaq.sqlite3"
    made = sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name))
    if name != MIGRATED:
        made += sql.SQL(" TEMPLATE {}").format(sql.Identifier(MIGRATED))
    with psycopg.connect(url, autocommit=True) as link:
        link.execute(made)
    return url.rpartition("/")[0] + f"/{name}"


def _home(url: str) -> Path:
    """Where the server of `postgres.server` lives: its socket's folder."""
    return Path(unquote(url.partition("@")[2].partition("/")[0]))


def _pg_ctl(url: str, *words: str) -> None:
    folder, home = postgres.binaries(), _home(url)
    assert folder is not None
    subprocess.run(
        [str(folder / "pg_ctl"), *words, "-D", str(home / "data"), "-l", str(home / "log")],
        cwd="/",
        user="postgres" if os.getuid() == 0 else None,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        check=True,
    )


def stop_postgres(url: str) -> None:
    """At once, as if the machine had lost its power: it recovers when it is started."""
    _pg_ctl(url, "stop", "--wait", "-m", "immediate")


def start_postgres(url: str) -> None:
    """With the options with which it was started first."""
    _pg_ctl(url, "start", "--wait", "-o", _options(url))


def _options(url: str) -> str:
    wanted = {
        **postgres.OPTIONS,
        "fsync": "on",
        "synchronous_commit": "on",
        "full_page_writes": "on",
    }
    said = " ".join(f"-c {name}='{value}'" for name, value in wanted.items())
    return f"{said} -c unix_socket_directories='{_home(url)}'"

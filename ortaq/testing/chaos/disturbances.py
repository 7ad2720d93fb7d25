"""Databases for the bad day, and what happens beside kills: a full disk, a database that is gone, a clock that jumps."""

from __future__ import annotations

import json
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random
from typing import Any

import psycopg
from psycopg import sql

from ortaq.testing import postgres
from ortaq.testing.chaos.house import House

MIGRATED = "chaos_migrated"
World = Callable[[str, int], dict[str, Any]]
ALL: dict[str, Callable[..., Any]] = {}


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
        house.run("ortaq", "migrate", "--verbosity", "0")
    elif url == "sqlite":
        shutil.copy(var.parent / MIGRATED / "ortaq.sqlite3", var / "ortaq.sqlite3")

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


__all__ = ["ALL", "database", "durable", "subprocess", "tempfile"]

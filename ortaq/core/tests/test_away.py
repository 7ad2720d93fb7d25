"""A full disk and a database that is gone are told from what is broken, and nothing of the request is kept."""

from __future__ import annotations

import errno
import hashlib
import os
import sqlite3
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.core.files.storage import default_storage
from django.db import OperationalError, connection

from ortaq.core import files
from ortaq.core.away import is_away
from ortaq.core.models import StoredFile


def caused(error: Exception) -> Exception:
    """As Django hands on what a driver raised."""
    raised = OperationalError("x")
    raised.__cause__ = error
    return raised


def of_sqlite(code: int) -> sqlite3.OperationalError:
    error = sqlite3.OperationalError("x")
    error.sqlite_errorcode = code
    return error


@pytest.mark.req("IM-070")
def test_what_will_pass_is_told_from_what_is_broken():
    gone = [
        OSError(errno.ENOSPC, "No space left on device"),
        of_sqlite(sqlite3.SQLITE_BUSY),
        of_sqlite(sqlite3.SQLITE_FULL),
        of_sqlite(sqlite3.SQLITE_IOERR_WRITE),
        psycopg.OperationalError("connection refused"),
        psycopg.errors.DiskFull("x"),
        psycopg.errors.AdminShutdown("x"),
    ]
    assert all(is_away(error) and is_away(caused(error)) for error in gone)
    broken = [
        of_sqlite(sqlite3.SQLITE_ERROR),  # no such column
        psycopg.errors.UndefinedColumn("x"),
        psycopg.errors.DeadlockDetected("x"),
        OSError(errno.EACCES, "Permission denied"),
        ValueError("x"),
        None,
    ]
    assert not any(map(is_away, broken))


@pytest.mark.django_db
def test_a_file_is_on_the_disk_with_its_name_before_its_row_is_written(monkeypatch):
    """In the order of the system's calls: content, name, names of the folders, and only then the database."""
    said: list[str] = []
    fsync = os.fsync

    def heard(descriptor: int) -> None:
        said.append("folder" if Path(f"/proc/self/fd/{descriptor}").resolve().is_dir() else "file")
        fsync(descriptor)

    monkeypatch.setattr(os, "fsync", heard)

    def told(execute: Any, statement: str, *rest: Any) -> Any:
        said.append(statement[:6])
        return execute(statement, *rest)

    with connection.execute_wrapper(told):
        files.keep(b"%PDF-1.4 once", files.PDF, name="a.pdf")
    assert said.index("file") < said.index("folder") < said.index("INSERT")


@pytest.mark.django_db
def test_a_full_disk_leaves_no_row_and_no_half_of_a_file(monkeypatch):
    def full(_file: object, _pieces: object) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(files, "_written", full)
    with pytest.raises(OSError, match="No space"):
        files.keep(b"%PDF-1.4 never", files.PDF, name="a.pdf")
    assert not StoredFile.objects.exists()
    folder = files.path_of(hashlib.sha256(b"%PDF-1.4 never").hexdigest()).rpartition("/")[0]
    assert default_storage.listdir(folder)[1] == []

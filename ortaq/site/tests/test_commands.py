"""What every command of `ortaq` says where it cannot work."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest


@pytest.mark.parametrize("command", ["tick", "demo"])
def test_a_database_without_tables_is_named_in_one_sentence(tmp_path, command):
    empty = {"ORTAQ_DATABASE_URL": f"sqlite:///{tmp_path}/empty.sqlite3", "ORTAQ_DEMO": "1"}
    told = subprocess.run(  # noqa: S603 - our own words
        [sys.executable, "-m", "ortaq", command],
        env={**os.environ, **empty},
        capture_output=True,
        text=True,
        check=False,
    )
    assert told.returncode == 1
    assert told.stderr == "This database has no tables yet. Run `ortaq migrate` first.\n"

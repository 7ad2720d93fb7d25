"""What every command of `ortaq` says where it cannot work."""

from __future__ import annotations

import pytest
from django.db import connections
from django.db.backends.sqlite3.base import DatabaseWrapper

from ortaq.__main__ import main


@pytest.fixture
def empty(tmp_path, django_db_blocker):
    """In the place of the suite's database one without tables."""
    standing = connections["default"]
    place = tmp_path / "empty.sqlite3"
    one = {"ENGINE": "django.db.backends.sqlite3", "NAME": place, "OPTIONS": {}}
    connections["default"] = DatabaseWrapper({**standing.settings_dict, **one})
    with django_db_blocker.unblock():
        yield
    connections["default"] = standing


@pytest.mark.parametrize("command", ["tick", "demo"])
def test_a_database_without_tables_is_named_in_one_sentence(empty, command, settings, capsys):
    settings.DEMO = True
    assert main([command]) == 1
    told = capsys.readouterr().err
    assert told == "This database has no tables yet. Run `ortaq migrate` first.\n"

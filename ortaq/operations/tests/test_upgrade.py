"""After an upgrade what is public is told as this program tells it, and `ortaq check` has nothing to say of it."""

import io
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.management import call_command

from ortaq.core.keys import key_of
from ortaq.gazette import audit, keeping
from ortaq.gazette.models import Publication
from ortaq.operations.backup import bringing, schema, taking
from ortaq.planning.tests import scenes as planning

pytestmark = [pytest.mark.django_db, pytest.mark.every_database]


@pytest.fixture
def discussion(clock):
    """A public discussion, as a program told it that did not know all of what this one says of it."""
    cast = planning.cast()
    formation = planning.published(clock, cast.saule, cast.akimat)
    keeping.catch_up()
    keeping.write_all()  # with what no journal has told of
    row = Publication.objects.get(key=key_of(formation))
    row.facts = {"level": row.facts["level"]}
    row.digest = "of the previous release"
    row.save()
    assert [fault.subject for fault in audit.faults()] == [row.key]
    return row


def is_told_again(row):
    row.refresh_from_db()
    return row.facts["topics"] == 2 and not list(audit.faults())


def test_an_upgrade_tells_what_the_previous_release_did_not_yet_tell(discussion, monkeypatch):
    monkeypatch.setattr(schema, "forward", lambda: 1)
    said = io.StringIO()
    call_command("upgrade", no_backup=True, stdout=said)
    assert "Changed 1 publications." in said.getvalue()
    assert discussion.key not in said.getvalue()
    assert is_told_again(discussion)


def test_so_does_a_picture_of_it_that_is_brought_back(discussion, monkeypatch):
    picture: Any = SimpleNamespace(journal=taking.journal_of(taking.live))
    monkeypatch.setattr(schema, "forward", lambda: 1)
    told: list[str] = []
    assert bringing.confirm(picture, told.append, migrate=True, checked=True) == []
    assert is_told_again(discussion)

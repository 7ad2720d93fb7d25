"""A release that goes on over tables of the next one never shows that its statements were planned for the old ones."""

from __future__ import annotations

from collections.abc import Iterator
from threading import Thread
from typing import Any

import psycopg
import pytest
from django.db import NotSupportedError, OperationalError, connection, connections, transaction

from ortaq.core import prepared
from ortaq.core.away import is_away
from ortaq.core.models import Shared

OFTEN = 8  # more often than it takes to be kept
LENGTH = Shared._meta.get_field("key").max_length or 0
NARROW = f"ALTER TABLE core_shared ALTER COLUMN key TYPE varchar({LENGTH})"
WIDER = f"ALTER TABLE core_shared ALTER COLUMN key TYPE varchar({LENGTH + 100})"


@pytest.fixture
def table(transactional_db: Any) -> Iterator[Any]:
    """`table(statement)`: an administrator elsewhere changes a table while statements on it are kept here."""
    if connection.vendor != "postgresql":
        pytest.skip("SQLite plans its statements anew by itself.")
    Shared.objects.create(key="one", number=1, value="", expires=0)
    for _time in range(OFTEN):
        read()
    assert kept()
    connection.ensure_connection()
    with psycopg.connect(
        **connection.get_connection_params()
        | {"autocommit": True, "cursor_factory": psycopg.Cursor}
    ) as administrator:

        def change(statement: str) -> None:
            administrator.execute(statement)

        yield change
        connection.close()
        administrator.execute("ALTER TABLE core_shared DROP COLUMN IF EXISTS more")
        administrator.execute(NARROW)


def read() -> list[int | None]:
    return [one.number for one in Shared.objects.filter(key="one")]


def kept() -> list[str]:
    """The statements on the table that the server keeps for this connection."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT statement FROM pg_prepared_statements")
        return [statement for (statement,) in cursor.fetchall() if "core_shared" in statement]


def test_a_column_more_changes_nothing_for_statements_that_are_kept(table):
    table("ALTER TABLE core_shared ADD COLUMN more varchar(20) NOT NULL DEFAULT ''")
    before = prepared.Tables.changed
    assert read() == [1]
    assert (prepared.Tables.changed, len(kept())) == (before, 1)


def test_a_text_that_may_be_longer_is_read_on_as_if_nothing_had_happened(table):
    before = prepared.Tables.changed
    table(WIDER)
    assert [read() for _time in range(OFTEN)] == [[1]] * OFTEN
    assert prepared.Tables.changed == before + 1  # it was refused once
    assert kept()  # anew


def test_within_a_transaction_the_request_is_told_to_come_again_and_then_goes_through(table):
    table(WIDER)
    with pytest.raises(NotSupportedError) as refused, transaction.atomic():
        read()
    assert is_away(refused.value)
    with transaction.atomic():
        assert read() == [1]


def test_what_one_connection_has_met_the_others_forget_before_they_meet_it(table):
    found: list[Any] = []

    def elsewhere() -> None:
        try:
            found.append(read())
        finally:
            connections.close_all()

    table(WIDER)
    other = Thread(target=elsewhere)
    other.start()
    other.join()
    assert found == [[1]]
    # A connection that was opened after it had nothing to forget and met nothing.
    prepared.Tables.changed += 1
    with transaction.atomic():
        assert read() == [1]
    assert not kept()


def test_what_is_kept_is_let_go_only_when_a_broken_transaction_is_over(table):
    with transaction.atomic():
        with pytest.raises(Exception, match="division"), connection.cursor() as cursor:
            cursor.execute("SELECT 1 / 0")
        prepared.Tables.changed += 1
        with pytest.raises(Exception, match=r"atomic|aborted"):
            read()
        transaction.set_rollback(True)
    assert read() == [1]


def test_a_connection_that_broke_takes_its_statements_with_it(table):
    number = connection.connection.info.backend_pid
    table(f"SELECT pg_terminate_backend({number})")
    with pytest.raises(OperationalError):
        read()
    connection.close()  # as at the end of each request that met it
    assert [read() for _time in range(OFTEN)] == [[1]] * OFTEN


def test_a_statement_that_looks_for_a_part_of_a_text_is_planned_for_it_each_time(table):
    def looked_for(part: str) -> list[int | None]:
        return [one.number for one in Shared.objects.filter(key__contains=part)]

    before = kept()
    assert [looked_for("n") for _time in range(OFTEN)] == [[1]] * OFTEN
    assert looked_for("w") == []
    assert kept() == before
    assert read() == [1]
    assert kept() == before  # the others go on being kept


def test_other_refusals_are_handed_on(table):
    before = prepared.Tables.changed
    with pytest.raises(NotSupportedError) as refused, connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM core_shared FOR UPDATE")
    assert not prepared.is_stale(refused.value.__cause__)
    assert prepared.Tables.changed == before

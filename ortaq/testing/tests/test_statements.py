"""What is repeated on PostgreSQL: too little would be a run that proves nothing."""

import pytest
from django.db import DatabaseError, connection, transaction

from ortaq.people.models import Organisation
from ortaq.testing import factories, statements


def kinds(act):
    with statements.apart() as heard:
        act()
    return heard


def named(*names):
    return Organisation.objects.filter(name_kk__in=names)


@pytest.fixture
def listening(monkeypatch):
    """Statements are heard in this test, whether or not the suite listens."""
    from django.db.backends.utils import CursorWrapper
    from django.db.models.sql.compiler import SQLCompiler

    for owner, name in (
        (CursorWrapper, "_execute"), (CursorWrapper, "_executemany"), (SQLCompiler, "as_sql"),
    ):  # fmt: skip
        monkeypatch.setattr(owner, name, getattr(owner, name))
    statements.listen()


@pytest.mark.django_db
@pytest.mark.usefixtures("listening")
class TestKinds:
    def test_other_values_and_more_of_them_are_the_same_kind(self):
        one = kinds(lambda: list(named("Ә")[:7]))
        assert one == kinds(lambda: list(named("Б", "В", "Г")[:21]))
        assert one
        assert kinds(lambda: factories.an_organisation(name_kk="Ә")) == kinds(
            lambda: factories.an_organisation(name_kk="Б")
        )

    def test_another_condition_is_another_kind(self):
        assert kinds(lambda: list(named("Ә"))) != kinds(lambda: list(named("Ә").exclude(pk=1)))

    def test_a_lock_and_an_error_are_kinds_of_their_own(self):
        def refused():
            with (
                pytest.raises(DatabaseError),
                transaction.atomic(),
                connection.cursor() as cursor,
            ):
                cursor.execute("SELECT nothing FROM nowhere", [])

        read = kinds(lambda: list(named("Ә")))
        assert kinds(lambda: list(named("Ә").select_for_update())) - read
        assert kinds(refused)


def test_the_fewest_tests_send_every_kind_and_the_dear_ones_only_when_nobody_else_does():
    tests = {
        "walk": (1000, {"a", "b", "c", "d"}),
        "half": (10, {"a", "b"}),
        "other half": (10, {"b", "c"}),
        "again": (10, {"b"}),
    }
    assert statements.fewest(tests) == ["half", "other half", "walk"]
    del tests["walk"]
    assert sorted(statements.fewest(tests)) == ["half", "other half"]

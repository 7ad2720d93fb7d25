"""What is repeated on PostgreSQL: too little would be a run that proves nothing."""

import pytest
from django.db import DatabaseError, connection, transaction
from django.db.models import Count, Exists, OuterRef
from django.db.models.functions import Length

from ortaq.people.models import Membership, Organisation
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

    def test_plain_parts_that_others_have_sent_are_nothing_new_put_together(self):
        both = kinds(lambda: list(named("Ә").filter(bin="1").order_by("name_kk")))
        apart = kinds(lambda: list(named("Ә").order_by("name_kk"))) | kinds(
            lambda: list(Organisation.objects.filter(bin="1"))
        )
        assert both <= apart

    def test_what_is_more_than_plain_is_a_kind_as_a_whole(self):
        plain = kinds(lambda: list(named("Ә").filter(bin="1")))
        for more in (
            lambda: list(named("Ә").annotate(length=Length("name_kk"))),
            lambda: list(named("Ә").filter(bin__contains="1")),
            lambda: list(named("Ә").values("kind").annotate(number=Count("pk"))),
            lambda: list(named("Ә").distinct()),
        ):
            assert len(kinds(more) - plain) == 1

    def test_a_table_is_known_by_its_name_wherever_it_stands_within(self):
        members = Membership.objects.filter(organisation=OuterRef("pk"), role="head")
        assert kinds(lambda: list(Membership.objects.filter(role="head"))) & kinds(
            lambda: list(named("Ә").filter(Exists(members)))
        )

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


def test_what_a_worker_knows_stays_when_whoever_hands_out_the_tests_ends_too(tmp_path, monkeypatch):
    monkeypatch.setattr(statements, "told", {"a.py::one": (1, ["x"])})
    monkeypatch.setattr(statements, "always", {"b.py"})
    statements.write(tmp_path, "gw0")
    monkeypatch.setattr(statements, "told", {})
    monkeypatch.setattr(statements, "always", set())
    statements.write(tmp_path, "alone")
    assert statements.read(tmp_path) == {"a.py::one": (1, {"x"})}
    assert statements.files(tmp_path, ["a.py::one"]) == ["a.py", "b.py"]

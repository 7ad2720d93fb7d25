"""A scene is put back only where its steps would leave just the same."""

from datetime import datetime, timedelta
from threading import Thread
from typing import Any
from unittest.mock import patch

import pytest
from django.core.management import call_command
from django.db import connection, transaction
from django.test import override_settings
from django.utils import translation

from ortaq.core import journal
from ortaq.core.clock import ALMATY, now
from ortaq.people.models import Organisation, User
from ortaq.testing import factories, remembered
from ortaq.testing.remembered import remembered as remember

pytestmark = pytest.mark.every_database
DAY = datetime(2020, 6, 3, 18, tzinfo=ALMATY)
walked: list[str] = []


def told() -> None:
    walked.append("told")


def three_bodies():
    walked.append("bodies")
    return [factories.an_organisation(name_kk=f"{number}-қор") for number in range(3)]


def a_body_renamed(body, others=(), how="Жаңа"):
    """Rows are changed, added and taken away, an object of the caller is changed in its place, and there is an entry."""
    walked.append("renamed")
    body.name_kk = f"{how} қор, {now():%H:%M}"
    body.save()
    for other in others:
        other.delete()
    with transaction.atomic():
        entry = journal.append(body, "rename")
        transaction.on_commit(told)
    return {"member": factories.a_member(body), "body": body, "entry": entry}


bodies: Any
renamed: Any


@pytest.fixture(autouse=True)
def _nothing_walked_yet():
    global bodies, renamed
    walked.clear()
    bodies, renamed = remember(three_bodies), remember(a_body_renamed)


def stands():
    """All rows, with what each says."""
    return {table: dict(rows) for table, rows in remembered.rows().items()}


def undone(act):
    """What came of it, of which nothing stays: as at the end of a test."""
    with transaction.atomic():
        made = act()
        transaction.set_rollback(True)
    return made


def both(**circumstances):
    """One scene after the other; the rows, what the second gave, and the caller's own objects."""
    first, second, _third = given = bodies()
    made = renamed(first, [second], **circumstances)
    return stands(), made, given


@pytest.mark.django_db
def test_a_scene_that_goes_on_from_another_is_put_back_over_it(clock):
    clock.set(DAY)
    rows, made, given = undone(both)
    again, twin, own = undone(both)
    assert walked == ["bodies", "renamed"]
    assert again == rows
    assert len(again) > 3
    for result, mine in ((made, given), (twin, own)):
        assert result["body"] is mine[0]
        assert mine[0].name_kk == "Жаңа қор, 18:00"
        assert mine[1].pk is None
        assert result["member"].acting_for.name_kk == mine[0].name_kk
    assert own[0] is not given[0]


@pytest.mark.django_db
def test_what_follows_the_commit_follows_what_is_put_back(
    clock, django_capture_on_commit_callbacks
):
    clock.set(DAY)
    undone(both)
    with django_capture_on_commit_callbacks(execute=True) as hooks:
        both()
    assert walked == ["bodies", "renamed", "told"]
    assert hooks.count(told) == 1
    assert not list(journal.verify())


@pytest.mark.django_db
@pytest.mark.parametrize(
    "between",
    [
        lambda given: factories.an_organisation(),
        lambda given: Organisation.objects.filter(pk=given[2].pk).update(name_kk="Басқа"),
        lambda given: (factories.a_person(), User.objects.all().delete()),
        lambda given: given[2].save(),
        lambda given: undone(factories.an_organisation),
    ],
    ids=["a row", "an update", "a row and none", "the same anew", "undone"],
)
def test_what_is_written_in_between_is_never_overlooked(clock, between):
    clock.set(DAY)
    undone(both)
    given = bodies()
    between(given)
    rest = Organisation.objects.exclude(pk__in=[given[0].pk, given[1].pk]).order_by("pk")
    before = list(rest.values_list())
    renamed(given[0], [given[1]])
    assert walked == ["bodies", "renamed", "renamed"]
    assert list(rest.values_list()) == before


@pytest.mark.django_db
def test_a_scene_that_was_undone_is_over(clock):
    clock.set(DAY)
    undone(both)
    first, *_others = undone(bodies)
    assert not Organisation.objects.exists()
    with pytest.raises(Organisation.DoesNotExist):
        first.refresh_from_db()

    def among_others():
        factories.a_person()
        undone(bodies)  # the database is not empty: nobody knows what stands in it
        renamed(factories.an_organisation())

    undone(among_others)
    assert walked == ["bodies", "renamed", "bodies", "renamed"]
    given = bodies()
    point = transaction.savepoint()  # by hand, which Django does not follow
    renamed(given[0], [given[1]])
    assert remembered.known()
    transaction.savepoint_rollback(point)
    assert remembered.known() is None
    renamed(given[2])
    assert walked[4:] == ["renamed"]


@pytest.mark.django_db
def test_another_argument_clock_language_setting_or_patch_is_another_scene(clock):
    def other(act):
        walked.clear()
        return undone(act)[1]["body"].name_kk, walked.count("renamed")

    def changed():
        """The caller's object says something that no row does."""
        given = bodies()
        given[0].name_ru = "Другой"
        return stands(), renamed(given[0], [given[1]]), given

    def another():
        given = bodies()
        return stands(), renamed(given[1], [given[0]]), given

    clock.set(DAY)
    assert other(both) == ("Жаңа қор, 18:00", 1)
    assert other(both) == ("Жаңа қор, 18:00", 0)
    assert other(lambda: both(how="Ескі")) == ("Ескі қор, 18:00", 1)
    assert other(changed) == ("Жаңа қор, 18:00", 1)
    assert other(another) == ("Жаңа қор, 18:00", 1)
    with translation.override("ru"):
        assert other(both)[1] == 1
    with override_settings(LANGUAGE_CODE="ru"):
        assert other(both)[1] == 1
    with patch(f"{__name__}.now", lambda: DAY + timedelta(hours=1)):
        assert other(both) == ("Жаңа қор, 19:00", 1)
    clock.set(DAY + timedelta(minutes=1))
    assert other(both) == ("Жаңа қор, 18:01", 1)
    clock.set(DAY)
    assert other(both) == ("Жаңа қор, 18:00", 0)


@pytest.mark.django_db
def test_an_object_is_known_by_all_that_it_says(clock):
    """The same rows give the same bytes, however often they are read; anything else gives others."""
    body, *_others = bodies()

    def key(one):
        return remembered.Writer().written(one)

    same = [Organisation.objects.get(pk=body.pk) for _twice in range(2)]
    assert key(same[0]) == key(same[1])
    different = [key(one) for one in Organisation.objects.all()]
    assert len(set(different)) == 3
    same[0].name_ru = "Другой"
    assert key(same[0]) != key(same[1])
    twin = factories.a_member(same[1])
    assert key(twin) != key(factories.a_member(same[1]))


@pytest.mark.django_db
def test_what_is_patched_by_a_test_is_not_kept_for_others(clock, monkeypatch):
    clock.set(DAY)
    monkeypatch.setattr(f"{__name__}.now", lambda: DAY + timedelta(days=1, hours=1))
    for _twice in range(2):
        assert undone(both)[1]["body"].name_kk == "Жаңа қор, 19:00"
    assert walked.count("renamed") == 2


@pytest.mark.django_db(transaction=True)
def test_where_others_write_too_every_scene_begins_by_itself(clock):
    """Other connections see what is committed, and write beside it: only an empty database is a state that is known."""
    clock.set(DAY)

    def elsewhere():
        try:
            factories.an_organisation(name_kk="Басқа")
        finally:
            connection.close()

    for _twice in range(2):
        given = bodies()
        thread = Thread(target=elsewhere)
        thread.start()
        thread.join()
        renamed(given[0])
        assert Organisation.objects.filter(name_kk="Басқа").count() == 1
        call_command("flush", interactive=False, verbosity=0)
    assert walked.count("renamed") == 2


@pytest.mark.django_db
def test_a_thread_with_a_connection_of_its_own_begins_by_itself(clock):
    clock.set(DAY)
    bodies()
    met = []

    def elsewhere():
        connection.ensure_connection()
        met.append(remembered.known())
        connection.close()

    thread = Thread(target=elsewhere)
    thread.start()
    thread.join()
    assert met == [remembered.EMPTY]
    state = remembered.known()
    assert state is not None
    assert state.rows

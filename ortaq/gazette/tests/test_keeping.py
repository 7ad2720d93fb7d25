"""The gazette follows the rooms below: in the order of commits, without losing anything, without telling what is hidden."""

from __future__ import annotations

import threading
import time
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from ortaq.core import journal, keys
from ortaq.gazette import keeping, queries
from ortaq.gazette.models import Pending, Publication, PublicationRegion
from ortaq.gazette.sources import every
from ortaq.people import procedure as people
from ortaq.people.models import Organisation
from ortaq.planning.models import Formation
from ortaq.planning.procedure.formation import FORMATION
from ortaq.planning.tests import scenes as planning
from ortaq.testing import factories

from .scenes import a_name, publications

db = pytest.mark.django_db
FORMED = "planning.formation"


@db
@pytest.mark.req("SO-G-07")
def test_a_draft_is_nowhere_and_what_is_published_is_told_with_all_that_the_page_shows(clock):
    cast = planning.cast()
    clock.set(planning.PUBLISHED)
    formation = planning.a_draft(cast.saule, cast.akimat)
    keeping.catch_up()
    assert not [key for key in publications() if key.startswith("planning")]

    FORMATION.take("publish", formation, actor=cast.saule)
    keeping.catch_up()
    row = Publication.objects.get(key=keys.key_of(formation))
    assert (row.kind, row.body, row.year, row.state) == (
        "discussion",
        cast.akimat,
        2024,
        "discussion",
    )
    assert row.address == f"/discussions/{formation.pk}/"
    assert row.sum_tiyn == 2 * 5000 * planning.THOUSAND
    assert row in queries.open_on(planning.DURING)
    assert row not in queries.open_on(planning.CLOSES + timedelta(seconds=1))
    assert Publication.objects.filter(kind="topic", body=cast.akimat).count() == 2
    # A body is public with the first thing that it publishes.
    assert Publication.objects.get(kind="body").body == cast.akimat


@db
def test_what_says_the_same_keeps_its_number_and_what_changed_gets_the_next(clock):
    cast = planning.cast()
    formation = planning.published(clock, cast.saule, cast.akimat)
    keeping.catch_up()
    before = queries.watermark()
    journal.append(formation, "looked_at")
    assert (keeping.catch_up(), queries.watermark()) == (0, before)

    planning.a_comment(formation, cast.dana, topic=formation.topics.first())
    keeping.catch_up()
    changed = list(queries.since(before, 10))
    assert [row.sequence for row in changed] == [before + 1, before + 2]
    assert {row.kind for row in changed} == {"discussion", "topic"}
    assert {row.facts["comments"] for row in changed} == {1}
    assert not Pending.objects.exists()


@db
def test_what_is_public_no_more_stays_as_withdrawn_without_its_content(clock):
    ngo = factories.an_organisation(name_kk="Бүркіт қоры", region_code="710000000")
    journal.append(ngo, "registered")
    keeping.catch_up()
    row = Publication.objects.get(kind="ngo")
    assert (row.title_kk, row.region) == ("Бүркіт қоры", "710000000")
    assert PublicationRegion.objects.filter(publication=row).count() == 1

    ngo.legal_form = Organisation.LegalForm.POLITICAL_PARTY  # no NGO in the sense of the law
    a_name(ngo)
    keeping.catch_up()
    (left,) = queries.since(row.sequence, 10)
    assert (left.key, left.withdrawn) == (row.key, True)
    said = (left.title_kk, left.title_ru, left.address, left.facts, left.region, left.recipient)
    assert said == ("", "", "", {}, "", None)
    left = Publication.objects.get(pk=left.pk)
    assert (left.words, left.heading, left.marks) == ("", "", "")
    assert not PublicationRegion.objects.exists()
    assert not queries.published().exists()

    ngo.legal_form = Organisation.LegalForm.FOUNDATION
    a_name(ngo)
    keeping.catch_up()
    assert publications() == {row.key: "Бүркіт қоры"}
    assert Publication.objects.get().sequence == left.sequence + 1


@db
def test_everything_anew_finds_what_nobody_told_of_and_gives_no_number_to_what_stands(clock):
    told = factories.an_organisation()
    journal.append(told, "registered")
    keeping.catch_up()
    number = Publication.objects.get().sequence
    untold, gone = factories.an_organisation(), factories.an_organisation()
    journal.append(gone, "registered")
    keeping.catch_up()
    Organisation.objects.filter(pk=gone.pk).update(kind="other")
    gone.ngo.delete()

    assert keeping.write_all() == 2
    assert set(publications()) == {f"registry.ngo:{told.pk}", f"registry.ngo:{untold.pk}"}
    assert Publication.objects.get(key=f"registry.ngo:{told.pk}").sequence == number
    assert keeping.write_all() == 0


@db
def test_what_cannot_be_told_is_logged_and_waits_and_stops_nobody(clock, monkeypatch, caplog):
    cast = planning.cast()
    formation = planning.published(clock, cast.saule, cast.akimat)
    broken = next(one for one in every() if one.noun == FORMED)
    monkeypatch.setattr(type(broken), "drafts", _fails_for(FORMED, type(broken).drafts))
    keeping.catch_up()
    assert "planning.formation could not be told" in caplog.text
    assert Publication.objects.filter(kind="topic").count() == 2
    assert not Publication.objects.filter(kind="discussion").exists()
    assert Pending.objects.filter(subject=keys.key_of(formation)).exists()
    monkeypatch.undo()
    keeping.catch_up()
    assert Publication.objects.filter(kind="discussion").exists()
    assert not Pending.objects.exists()


def _fails_for(noun, drafts):
    def told(source, keys):
        if source.noun == noun:
            raise ZeroDivisionError
        return drafts(source, keys)

    return told


@db
def test_a_portion_too_great_for_somebody_who_waits_is_left_to_the_command(clock, monkeypatch):
    monkeypatch.setattr(keeping, "FOR_A_PAGE", 2)
    for _number in range(3):
        journal.append(factories.an_organisation(), "registered")
    keeping.catch_up(patient=False)
    assert not Publication.objects.exists()
    keeping.catch_up()
    assert len(publications()) == 3


@db
@pytest.mark.parametrize("number", [1, 2, 3, 4])
def test_whatever_the_number_of_portions_all_of_them_are_told(clock, monkeypatch, number):
    monkeypatch.setattr(keeping, "AT_ONCE", 2)
    for _number in range(number):
        journal.append(factories.an_organisation(), "registered")
    keeping.catch_up()
    assert len(publications()) == number
    assert not Pending.objects.exists()


@db
def test_the_sources_that_a_step_does_not_touch_cost_nothing():
    journal.append(factories.an_organisation(), "registered")
    with CaptureQueriesContext(connection) as sent:
        keeping.catch_up()
    assert len(publications()) == 1
    began = [one for one in sent if one["sql"].startswith("SAVEPOINT")]
    assert len(began) < len(every()) / 2


@db
def test_a_step_that_is_undone_leaves_nothing_to_tell():
    before = Pending.objects.count()
    with transaction.atomic():
        people.add_organisation(factories_unsaved())
        assert Pending.objects.count() > before
        transaction.set_rollback(True)
    assert Pending.objects.count() == before


def factories_unsaved() -> Organisation:
    return Organisation(
        kind="ngo",
        bin=factories.a_bin(),
        name_kk="«Қайнар» қоғамдық қоры",
        name_ru="ОФ «Кайнар»",
        registered_on=factories.SINCE,
    )


@pytest.mark.django_db(transaction=True)
@pytest.mark.req("SO-G-07")
def test_whoever_reads_on_loses_nothing_and_sees_nothing_out_of_order_while_many_write_at_once():
    """Writers with long transactions overlap; numbers still come in the order of commits."""
    expected: set[str] = set()
    seen: list[tuple[int, str]] = []
    failures: list[Exception] = []
    done = threading.Event()

    def write(number: int) -> None:
        try:
            for turn in range(3):
                with transaction.atomic():
                    ngo = factories_unsaved()
                    people.add_organisation(ngo)
                    # The first to begin are the last to end: a number taken at the beginning would come too late.
                    if connection.vendor == "postgresql":
                        time.sleep(0.05 * ((number + turn) % 3))
                expected.add(f"registry.ngo:{ngo.pk}")
        except Exception as error:  # noqa: BLE001 - the test looks at it
            failures.append(error)
        finally:
            connection.close()

    def poll() -> None:
        last = 0
        try:
            while True:
                ending = done.is_set()
                rows = list(queries.since(last, 4))
                seen.extend((row.sequence, row.key) for row in rows)
                last = rows[-1].sequence if rows else last
                if ending and not rows:
                    return
                time.sleep(0.002)
        except Exception as error:  # noqa: BLE001 - the test looks at it
            failures.append(error)
        finally:
            connection.close()

    reader = threading.Thread(target=poll)
    writers = [threading.Thread(target=write, args=(number,)) for number in range(4)]
    for one in (reader, *writers):
        one.start()
    for one in writers:
        one.join(60)
    keeping.catch_up()  # as the command does every minute
    done.set()
    reader.join(60)
    assert failures == []
    numbers = [number for number, _key in seen]
    assert numbers == sorted(set(numbers))
    assert {key for _number, key in seen} == expected == set(publications())
    assert len(expected) == 12
    assert not Pending.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_what_fails_after_the_commit_does_not_undo_the_step(monkeypatch, caplog):
    def fails(**_given):
        raise ZeroDivisionError

    monkeypatch.setattr(keeping, "catch_up", fails)
    ngo = factories_unsaved()
    people.add_organisation(ngo)
    assert Organisation.objects.filter(pk=ngo.pk).exists()
    assert Pending.objects.filter(subject=keys.organisation(ngo.pk)).exists()
    monkeypatch.undo()
    keeping.catch_up()
    assert len(publications()) == 1


def test_every_source_follows_something_and_has_a_noun_of_its_own():
    nouns = [source.noun for source in every()]
    assert len(nouns) == len(set(nouns))
    assert all(source.follows for source in every())
    assert {source.kind for source in every()} == set(Publication.Kind)


@db
def test_following_costs_a_step_one_statement(django_assert_num_queries, clock):
    formation = Formation(pk=1)
    with django_assert_num_queries(1):
        keeping.note([keys.key_of(formation), "review.panel:1"])
    with django_assert_num_queries(0):
        keeping.note(["review.panel:1"])

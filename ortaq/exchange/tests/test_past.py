"""Tables of past years: all rows or none, the same one twice changes nothing, taken back row by row; public when taken."""

from __future__ import annotations

from datetime import date
from uuid import uuid4

import pytest

from ortaq.core import clock as core_clock
from ortaq.core import journal
from ortaq.core.procedure import Refused
from ortaq.exchange.models import PastAward
from ortaq.exchange.procedure import PAST
from ortaq.exchange.queries import past
from ortaq.gazette.keeping import catch_up
from ortaq.gazette.models import Publication
from ortaq.people.models import Role
from ortaq.registry.models import TableImport
from ortaq.registry.procedure.table_import import IMPORT, read_in
from ortaq.testing import factories

pytestmark = pytest.mark.req("NG-004")
HEADS = "Год;Вид финансирования;БИН госоргана;БИН НПО;Наименование НПО;Тема;Направление;Область;Сумма, тенге;Номер договора;Дата договора;Результат"


@pytest.fixture
def officer(db, clock):
    clock.set(core_clock.at(date(2026, 4, 1), 10))
    return factories.a_member(factories.an_organisation("authorised_body"), Role.OFFICER)


BODY, NGO = factories.a_bin(), factories.a_bin()


def row(number="17", **other):
    told = {
        "year": "2019",
        "kind": "государственный грант",
        "body": BODY,
        "ngo": NGO,
        "name": "ОФ «Үміт»",
        "title": "Школа волонтёра",
        "field": "",
        "region": "Туркестанская область",
        "sum": "12 500 000,50",
        "number": number,
        "day": "20.03.2019",
        "result": "Обучено 300 человек",
    }
    return ";".join({**told, **other}.values())


def table(*rows):
    return "\n".join([HEADS, *rows]).encode()


def taken(officer, *rows):
    imported = read_in("past", table(*rows), name="2019.csv", once=uuid4(), actor=officer)
    if (
        imported.state == TableImport.State.READ
        and imported.counts["new"] + imported.counts["changed"]
    ):
        IMPORT.take("take", imported, actor=officer)
    return imported


def test_awards_are_taken_once_and_a_corrected_table_changes_them(officer):
    imported = taken(officer, row(), row("18", title="Екінші"))
    assert imported.counts["new"] == 2
    first, second = PastAward.objects.order_by("pk")
    assert (first.sum_tiyn, first.year, first.instrument) == (1_250_000_050, 2019, "grant")
    assert (first.region_code, first.concluded_on) != ("", None)
    assert first.title == first.title_ru == "Школа волонтёра"
    assert [entry.step for entry in journal.history(second)] == ["imported"]
    assert taken(officer, row(), row("18", title="Екінші")).counts["unchanged"] == 2
    changed = taken(officer, row(sum="13 000 000", result=""))
    assert (changed.counts["new"], changed.counts["changed"]) == (0, 1)
    first.refresh_from_db()
    # What the new table does not tell it does not take away.
    assert (first.sum_tiyn, first.result) == (1_300_000_000, "Обучено 300 человек")


@pytest.mark.parametrize(
    ("other", "code"),
    [
        ({"year": "1999"}, "year"),
        ({"year": "2027"}, "year"),
        ({"kind": "кредит"}, "instrument"),
        ({"body": "123"}, "digits"),
        ({"ngo": "1,5014E+11"}, "mangled"),
        ({"sum": "много"}, "sum"),
        ({"title": ""}, "title"),
        ({"day": "2027-01-01"}, "future"),
        ({"field": "космос"}, "field"),
    ],
)
def test_one_place_that_cannot_be_read_keeps_the_whole_table_out(officer, other, code):
    imported = taken(officer, row("1"), row("2", **other))
    assert imported.state == TableImport.State.UNREADABLE
    assert [finding[3] for finding in imported.findings] == [code]
    assert imported.findings[0][0] == 3
    assert not PastAward.objects.exists()


def test_two_rows_of_one_award_count_once_or_are_refused_when_they_differ(officer):
    assert taken(officer, row(), row()).counts["new"] == 1
    imported = taken(officer, row("5"), row("5", sum="1"))
    assert (imported.state, imported.findings[0][3]) == ("unreadable", "award_twice")
    other = taken(officer, row(ngo=factories.a_bin()))
    assert (other.state, other.findings[0][3]) == ("unreadable", "award_twice")


def test_a_row_taken_back_is_no_longer_public_and_a_new_table_does_not_bring_it_back(officer):
    taken(officer, row())
    award = PastAward.objects.get()
    assert list(past.awards_of(NGO)) == [award]
    with pytest.raises(Refused, match="no_reason"):
        PAST.take("withdraw", award, actor=officer, reason="")
    with pytest.raises(Refused, match="not_yours"):
        PAST.take(
            "withdraw", award, actor=factories.a_member(factories.an_organisation()), reason="-"
        )
    PAST.take("withdraw", award, actor=officer, reason="Басқа ұйымның шарты")
    assert not past.awards_of(NGO)
    again = taken(officer, row(sum="1"))
    assert (again.counts["changed"], [remark[3] for remark in again.remarks]) == (0, ["withdrawn"])


def test_what_was_taken_is_in_the_gazette_until_it_is_withdrawn(officer):
    ngo = factories.an_organisation(bin=NGO)
    taken(officer, row())
    catch_up()
    found = Publication.objects.get(kind="past")
    assert (found.recipient, found.sum_tiyn, found.year) == (ngo, 1_250_000_050, 2019)
    assert found.instrument == "grant"
    PAST.take("withdraw", PastAward.objects.get(), actor=officer, reason="қате")
    catch_up()
    found.refresh_from_db()
    assert (found.withdrawn, found.sum_tiyn) == (True, None)

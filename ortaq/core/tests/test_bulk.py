"""Rows written by the thousand are the rows that are written one by one."""

from __future__ import annotations

import json
from datetime import date

import pytest

from ortaq.core import bulk, clock, journal
from ortaq.core.canonical import canonical, is_plain
from ortaq.core.kazakh import sort_key
from ortaq.core.models import Duty, JournalEntry

pytestmark = pytest.mark.every_database


def columns(row):
    return {
        field.attname: getattr(row, field.attname)
        for field in row._meta.concrete_fields
        if not field.primary_key
    }


def test_a_row_written_with_thousands_is_the_row_that_is_saved(db):
    def duty(number):
        return Duty(
            subject=f"x:{number}", code="report", bearer="organisation:1", cite="п. 7",
            title_kk="Есеп", title_ru="Отчёт", title_en="Report", due_at=clock.at(date(2020, 5, 18), 18),
        )  # fmt: skip

    duty(1).save()
    bulk.create([duty(2), duty(3)])
    saved, *written = Duty.objects.order_by("id")
    assert [columns(row) | {"subject": ""} for row in written] == [
        columns(saved) | {"subject": ""}
    ] * 2
    assert [row.subject for row in written] == ["x:2", "x:3"]


def test_an_entry_written_with_thousands_is_the_entry_that_is_appended(db):
    facts = {"years": {10: "a", 9: ["b", None, True]}, "day": date(2020, 5, 18), "sum": 12}
    at = clock.at(date(2020, 5, 18), 12)
    for told in (facts, json.loads(canonical(facts))):
        journal.append("x:1", "import", actor="person:1", facts=told, at=at)
        journal.append_many([("x:2", told)], "import", actor="person:1", at=at)
    one, many = (JournalEntry.objects.filter(subject=key).order_by("id") for key in ("x:1", "x:2"))
    assert [columns(row) | {"subject": "", "hash": "", "previous": ""} for row in one] == [
        columns(row) | {"subject": "", "hash": "", "previous": ""} for row in many
    ]
    assert journal.verify() == []


def test_plain_is_only_what_is_read_back_as_it_was():
    class Word(str):
        __slots__ = ()

    assert is_plain({"a": [1, "б", None, True, {"c": []}]})
    for other in ({1: "a"}, (1,), 1.5, Word("a"), {"day": date(2020, 5, 18)}, [(1,)]):
        assert not is_plain(other)


def test_a_sort_key_ends_where_it_ended():
    assert sort_key("«Ә1 z»—ß漢") == "311100" + "8z" + "8s8s" + "9z"
    assert len(sort_key("а" * 500)) == 160

import json
from datetime import date

import pytest
from django.core.management import CommandError, call_command

from ortaq.core import clock as core_clock
from ortaq.core import journal
from ortaq.core.frozen import Frozen
from ortaq.core.models import Checkpoint, JournalEntry


@pytest.fixture
def written(db, clock):
    """Two chains, sealed after the third of five entries."""
    clock.set(core_clock.at(date(2020, 5, 20), 9))
    for subject, step in [("x:1", "begin"), ("x:2", "begin"), ("x:1", "submit")]:
        journal.append(subject, step, actor="person:1", facts={"sum": 5, "name": "Әлем"})
    journal.seal()
    clock.travel(days=1)
    for subject, step in [("x:2", "submit"), ("x:1", "admit")]:
        journal.append(subject, step)
    return JournalEntry.objects


def whys():
    return [(found.subject, found.number, found.why.split()[0]) for found in journal.verify()]


def test_each_subject_has_its_own_unbroken_chain(written):
    numbers = list(written.order_by("id").values_list("subject", "number"))
    assert numbers == [("x:1", 1), ("x:2", 1), ("x:1", 2), ("x:2", 2), ("x:1", 3)]
    assert journal.verify() == []


def test_entries_of_many_subjects_continue_their_chains_in_one_go(
    written, django_assert_num_queries
):
    noted = [(f"x:{number}", {"sum": number}) for number in range(1, 40)]
    with django_assert_num_queries(2):  # the heads, the entries
        assert journal.append_many(noted, "import", actor="person:1") == 39
    assert journal.verify() == []
    assert written.filter(subject="x:1").count() == 4
    assert written.get(subject="x:39", number=1).facts == {"sum": 39}


@pytest.mark.parametrize(
    "change",
    [
        {"facts": {"sum": 6, "name": "Әлем"}},
        {"actor": "person:2"},
        {"behalf": "organisation:1"},
        {"step": "withdraw"},
        {"at": core_clock.at(date(2020, 5, 19))},
    ],
)
def test_any_change_of_an_entry_shows(written, change):
    written.filter(subject="x:1", number=2).update(**change)
    assert ("x:1", 2, "its") in whys()


def test_an_entry_changed_together_with_its_hash_breaks_the_next_one(written):
    (entry,) = written.filter(subject="x:1", number=2)
    content = {name: getattr(entry, name) for name in journal.FIELDS}
    forged = {**content, "step": "withdraw", "at": journal.instant(entry.at)}
    written.filter(pk=entry.pk).update(step="withdraw", hash=journal.entry_hash(forged))
    assert whys() == [("checkpoint", 0, "2020-05-20:"), ("x:1", 3, "it")]


def test_a_missing_entry_in_the_middle_shows(written):
    written.filter(subject="x:1", number=2).delete()
    assert ("x:1", 3, "entry") in whys()


def test_a_chain_cut_at_its_end_shows_once_it_was_sealed(written):
    written.filter(subject="x:1", number=3).delete()
    assert journal.verify() == [], "not sealed yet"
    written.filter(subject="x:1", number=2).delete()
    assert whys() == [("checkpoint", 0, "2020-05-20:")]


def test_a_whole_chain_that_vanished_shows(written):
    written.filter(subject="x:2").delete()
    assert whys() == [("checkpoint", 0, "2020-05-20:")]


def test_a_day_is_sealed_once_and_points_to_the_day_before(written, clock):
    assert journal.seal() is not None
    assert journal.seal() is None
    first, second = Checkpoint.objects.order_by("id")
    assert second.previous == first.hash
    assert (first.chains, second.chains) == (2, 2)
    assert journal.verify() == []


def test_a_checkpoint_that_was_removed_or_changed_shows(written, clock):
    journal.seal()
    Checkpoint.objects.order_by("id")[0].delete()
    assert whys() == [("checkpoint", 0, "2020-05-21:")]


def test_an_empty_journal_holds_together_and_has_nothing_to_seal(db):
    assert journal.seal() is None
    assert journal.verify() == []


def test_an_entry_is_neither_saved_again_nor_deleted(written):
    (entry,) = written.filter(subject="x:1", number=2)
    with pytest.raises(Frozen):
        entry.save()
    with pytest.raises(Frozen):
        entry.delete()


def test_facts_must_be_exact(db):
    with pytest.raises(TypeError):
        journal.append("x:1", "begin", facts={"points": 0.5})


# --- The export ----------------------------------------------------------------------------------


def test_an_export_verifies(written):
    assert journal.verify_export(journal.export()) == []


def changed(lines, kind, position, **values):
    records = [json.loads(line) for line in lines]
    of_kind = [record for record in records if kind in record]
    of_kind[position][kind].update(values)
    return [json.dumps(record) for record in records]


@pytest.mark.parametrize(
    ("kind", "values"),
    [
        ("entry", {"step": "withdraw"}),
        ("entry", {"facts": {"sum": 6}}),
        ("entry", {"subject": "x:9"}),
        ("entry", {"number": 7}),
        ("checkpoint", {"hash": "0" * 64}),
        ("checkpoint", {"last_entry": 0}),
    ],
)
def test_a_changed_export_does_not_verify(written, kind, values):
    assert journal.verify_export(changed(list(journal.export()), kind, 0, **values))


def test_a_line_left_out_of_an_export_shows(written):
    lines = list(journal.export())
    assert journal.verify_export([*lines[:2], *lines[3:]])


@pytest.mark.parametrize(
    "line",
    [
        "not json",
        "[]",
        "{}",
        '{"entry": {}}',
        '{"entry": []}',
        '{"other": {"a": 1}}',
        '{"entry": 1, "checkpoint": 2}',
        '{"checkpoint": {"day": 1}}',
    ],
)
def test_what_is_no_export_is_refused_with_the_number_of_the_line(line):
    with pytest.raises(ValueError, match="Line 2 "):
        journal.verify_export(["", line])


def test_numbers_that_are_none_are_refused(written):
    lines = list(journal.export())
    for wrong in ("1", 1.5, None, [1]):
        with pytest.raises(ValueError, match="Line 2 "):
            journal.verify_export(changed(lines, "entry", 0, number=wrong))


def test_the_command_checks_and_exports(written, tmp_path, capsys):
    file = tmp_path / "journal.jsonl"
    call_command("journal", "verify")
    call_command("journal", "export", str(file))
    call_command("journal", "verify", str(file))
    told = capsys.readouterr().out.splitlines()
    assert told == [
        "The journal holds together.",
        f"Wrote 6 lines to {file}.",
        "The journal holds together.",
    ]
    written.filter(subject="x:1", number=2).update(step="withdraw")
    with pytest.raises(CommandError, match=r"x:1 #2, withdraw at 2020-.*: its content was changed"):
        call_command("journal", "verify")


def test_an_export_is_checked_without_a_database(tmp_path, capsys):
    """This test may not touch the database: a query would fail it."""
    content = {
        "subject": "x:1",
        "number": 1,
        "step": "begin",
        "actor": "",
        "behalf": "",
        "at": "2020-05-20T04:00:00.000000+00:00",
        "facts": {},
        "previous": "",
    }
    entry = {**content, "hash": journal.entry_hash(content), "id": 1}
    file = tmp_path / "journal.jsonl"
    file.write_text(json.dumps({"entry": entry}), encoding="utf-8")
    call_command("journal", "verify", str(file))
    assert capsys.readouterr().out == "The journal holds together.\n"
    file.write_text(json.dumps({"entry": {**entry, "step": "end"}}), encoding="utf-8")
    with pytest.raises(CommandError):
        call_command("journal", "verify", str(file))
    with pytest.raises(CommandError):
        call_command("journal", "verify", str(tmp_path / "absent"))


def test_time_that_has_been_is_that_of_the_last_entry(written):
    assert journal.latest_instant() == core_clock.at(date(2020, 5, 21), 9)

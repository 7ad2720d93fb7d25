"""The attacks of docs/threat-model.md that no room's own tests try, and that each test named there exists."""

from __future__ import annotations

import io
import re
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.urls import reverse

from ortaq.core import journal
from ortaq.core.models import Checkpoint, JournalEntry
from ortaq.grants import audit as grants
from ortaq.grants.models import Competition
from ortaq.grants.tests import scenes as granting
from ortaq.planning.tests.scenes import cast
from ortaq.tenders import audit as tenders
from ortaq.tenders.models import Tender
from ortaq.tenders.tests import scenes as tendering
from ortaq.testing import factories

pytestmark = pytest.mark.django_db
ROOT = Path(__file__).parents[3]
DOCUMENT = ROOT / "docs" / "threat-model.md"
NAMED = re.compile(r"`(ortaq/[\w/]+\.py)::(test_\w+)`")


def statement(sql, *values):
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        assert cursor.rowcount


@pytest.fixture
def tender(clock):
    return tendering.an_announced(clock, cast())


def told(faults):
    return [one.subject for one in faults if "announced was" in one.what]


def test_a_deadline_of_a_tender_moved_in_the_database_is_found_in_the_night(tender):
    assert told(tenders.faults()) == []
    for shift in (timedelta(minutes=10), timedelta(minutes=-10)):  # for a friend, against a rival
        statement(
            "UPDATE tenders_tender SET closes_at = %s WHERE id = %s",
            tender.closes_at + shift,
            tender.pk,
        )
        assert told(tenders.faults()) == [f"tenders.tender:{tender.pk}"]


def test_a_deadline_of_a_grant_moved_in_the_database_is_found_and_an_extension_is_none(clock):
    competition = granting.open_competition(factories.an_organisation("operator"))
    assert told(grants.faults()) == []
    Competition.objects.filter(pk=competition.pk).update(
        closes_at=granting.CLOSES - timedelta(hours=1)
    )
    assert told(grants.faults()) == [f"grants.competition:{competition.pk}"]


def rewrite(subject, **facts):
    """What an administrator does who knows the program: the entry, every hash after it, every seal."""
    before = ""
    for entry in JournalEntry.objects.filter(subject=subject).order_by("number"):
        record = {name: getattr(entry, name) for name in journal.FIELDS}
        record |= {"at": journal.instant(entry.at), "previous": before}
        if entry.step == "announce":
            record["facts"] = entry.facts | facts
        before = journal.entry_hash(record)
        JournalEntry.objects.filter(pk=entry.pk).update(
            facts=record["facts"], previous=record["previous"], hash=before
        )
    days = list(Checkpoint.objects.order_by("id").values_list("day", flat=True))
    Checkpoint.objects.all().delete()
    for day in days:
        journal.seal(day)


def test_history_rewritten_with_every_hash_and_seal_is_another_one_than_the_copy_outside(
    tender, clock, client, tmp_path
):
    journal.seal()
    copy = tmp_path / "checkpoints.jsonl"
    copy.write_bytes(client.get(reverse("operations:checkpoints")).content)
    call_command("journal", "compare", str(copy), stdout=io.StringIO())
    later = tender.closes_at + timedelta(minutes=10)
    Tender.objects.filter(pk=tender.pk).update(closes_at=later)
    rewrite(f"tenders.tender:{tender.pk}", closes_at=journal.instant(later))
    assert journal.verify() == []  # from the inside it holds together
    assert told(tenders.faults()) == []
    with pytest.raises(CommandError, match="another seal"):
        call_command("journal", "compare", str(copy))


def test_whoever_kept_the_whole_journal_is_told_which_entry_is_another_one(tender):
    copy = list(journal.export())
    assert list(journal.compare(copy)) == []
    rewrite(f"tenders.tender:{tender.pk}", closes_at="2030-01-01T00:00:00.000000+00:00")
    breaks = list(journal.compare(copy))
    assert breaks[0].step == "announce"
    assert {one.subject for one in breaks} == {f"tenders.tender:{tender.pk}"}


def test_seals_of_the_journal_are_everybodys(tender, client):
    journal.seal()
    page = client.get(reverse("operations:seals")).content.decode()
    assert Checkpoint.objects.get().hash in page


def test_every_attack_names_a_test_and_every_test_that_is_named_exists():
    text = DOCUMENT.read_text()
    attacks = re.split(r"^### ", text, flags=re.MULTILINE)[1:]
    assert len(attacks) >= 14
    missing = []
    for attack in attacks:
        found = NAMED.findall(attack)
        if not found:
            missing.append(attack.splitlines()[0])
        for path, name in found:
            file = ROOT / path
            if not file.exists() or f"def {name}(" not in file.read_text():
                missing.append(f"{path}::{name}")
    assert not missing

"""`ortaq check` finds what does not follow from its rows, and says nothing where all is well.

Three worlds are each made once; every break is a statement past the program, looked at by the room that owns the row and taken back.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection, transaction

from ortaq.core import audit as core
from ortaq.core import files
from ortaq.core.audit import Fault
from ortaq.core.identifiers import complete
from ortaq.core.models import StoredFile
from ortaq.gazette import audit as gazette
from ortaq.gazette import keeping
from ortaq.grants import audit as grants
from ortaq.grants.models import Application
from ortaq.grants.tests import outcome_scenes
from ortaq.opendata import audit as opendata
from ortaq.operations import checks
from ortaq.operations.management.commands.check import Command
from ortaq.people import audit as people
from ortaq.people.models import Membership, Organisation, Role
from ortaq.people.procedure import add_organisation
from ortaq.prizes import audit as prizes
from ortaq.prizes.models import Application as PrizeApplication
from ortaq.prizes.tests import awarding_scenes
from ortaq.prizes.tests import scenes as prize_scenes
from ortaq.projects.models import Contract
from ortaq.review import audit as review
from ortaq.review.models import Panel, ScoreSheet
from ortaq.tenders import audit as tenders
from ortaq.tenders.models import Bid, Tender
from ortaq.tenders.procedure import bid_vault
from ortaq.tenders.tests.commission_scenes import a_review
from ortaq.testing import factories

pytestmark = [pytest.mark.django_db, pytest.mark.req("IM-070")]
Look = Callable[[], Iterable[Fault]]
FIRST = "(SELECT MIN(id) FROM {0})"


def states(model: type[Any]) -> Look:
    return lambda: core.states(checks.procedures()[model], checks.machines().get(model))


def duties(model: type[Any]) -> Look:
    return lambda: core.owed(checks.procedures()[model])


def broken(world: Iterable[tuple[str, Look, str]], known: Sequence[str] = ()) -> list[str]:
    """Every break that was not found, as the statement with what was said instead of it beside what was `known`."""
    missed = []
    for statement, look, expected in world:
        before = transaction.savepoint()
        with connection.cursor() as cursor:
            cursor.execute(statement)
            assert cursor.rowcount, f"nothing to break: {statement}"
        found = [line for line in map(str, look()) if line not in known]
        if not any(expected in fault for fault in found):
            missed.append(f"{statement} said {found}")
        transaction.savepoint_rollback(before)
    return missed


def whole() -> list[str]:
    """The faults of the world as it was made, once everything that is public was told."""
    keeping.write_all()
    return [str(fault) for fault in checks.every() if not fault.remark]


GRANTS: tuple[tuple[str, Look, str], ...] = (
    # States and the journal.
    ("UPDATE grants_application SET state = 'draft' WHERE state = 'awarded'", states(Application), "its journal ends at “admitted”"),
    ("UPDATE grants_application SET state = 'eaten' WHERE state = 'awarded'", states(Application), "none of this kind"),
    ("DELETE FROM core_journalentry WHERE step = 'admit'", states(Application), "its journal ends at “submitted”"),
    ("DELETE FROM core_journalentry WHERE subject LIKE 'grants.application:%'", states(Application), "has no journal"),
    ("DELETE FROM core_journalentry WHERE step = 'submit'", states(Application), "a step is missing: “admit”"),
    ("UPDATE core_journalentry SET facts = '{\"from\": \"draft\", \"to\": \"admitted\"}' WHERE step = 'submit'", states(Application), "which no rule allows"),
    ("UPDATE core_journalentry SET step = 'void' WHERE step = 'submit'", core.chains, "its content was changed"),
    ("UPDATE core_journalentry SET subject = 'grants.application:999999' WHERE id = (SELECT MIN(id) FROM core_journalentry WHERE subject LIKE 'grants.application:%' AND number = 1)", partial(core.vanished, {Application: checks.procedures()[Application]}), "its row is gone"),
    # Duties.
    ("UPDATE core_duty SET done_at = NULL WHERE subject LIKE 'grants.application:%'", duties(Application), "still asked of"),
    ("DELETE FROM core_duty WHERE subject LIKE 'projects.contract:%'", duties(Contract), "nobody is reminded of"),
    ("UPDATE core_duty SET subject = 'projects.contract:999999', done_at = NULL WHERE id = (SELECT MAX(id) FROM core_duty)", core.loose_duties, "what it is about is gone"),
    # Receipts.
    ("UPDATE grants_receipt SET sha256 = 'a' || substr(sha256, 2)", grants.faults, "is not what its hash says"),
    ("UPDATE grants_applicationpart SET data = '{}'", grants.faults, "is not what the receipt"),
    ("UPDATE grants_application SET title = 'x' WHERE number <> ''", grants.faults, "its title is not what the receipt"),
    ("UPDATE grants_receipt SET received_at = '2031-01-01 00:00:00+00'", grants.faults, "after the deadline"),
    ("UPDATE grants_application SET number = number || '9' WHERE number <> ''", grants.faults, "its number or instant differ"),
    ("DELETE FROM grants_receipt WHERE position = 2", grants.faults, "has no receipt"),
    ("UPDATE grants_receipt SET position = 77 WHERE position = 2", grants.faults, "numbered 1 to 77"),
    ("UPDATE grants_attachment SET removed_at = '2020-01-01 00:00:00+00'", grants.faults, "are not attached to it"),
    # Sums, sheets, outcomes.
    ("UPDATE grants_lot SET amount_tiyn = amount_tiyn + 1", grants.faults, "the years of its topic make"),
    ("UPDATE grants_outcome SET points = points + 1 WHERE winner_id IS NOT NULL", grants.faults, "does not follow from the signed sheets"),
    ("UPDATE grants_application SET state = 'awarded' WHERE state = 'not_awarded'", grants.faults, "won nothing"),
    ("UPDATE grants_protocol SET number = '9', content = '{}'", grants.faults, "not what its hash says"),
    ("UPDATE projects_contract SET sum_tiyn = sum_tiyn + 1", grants.faults, "more than was asked for"),
    ("UPDATE review_scoresheet SET marks = '{}' WHERE state = 'signed'", review.faults, "not what its expert signed"),
    ("UPDATE review_scoresheet SET total = total + 1 WHERE state = 'signed'", review.faults, "do not make its total"),
    ("UPDATE review_dossier SET points = points + 1", review.faults, "its sheets make"),
    ("UPDATE review_seat SET signed = 77 WHERE role = 'member'", review.faults, "counted"),
    ("UPDATE review_scoresheet SET state = 'draft' WHERE state = 'signed'", states(ScoreSheet), "its journal ends at “signed”"),
    ("UPDATE review_panel SET state = 'forming'", states(Panel), "its journal ends at"),
    # What is public.
    ("UPDATE gazette_publication SET withdrawn = TRUE WHERE kind = 'competition'", gazette.faults, "public and not published"),
    ("UPDATE gazette_publication SET sum_tiyn = 1, digest = 'x' WHERE kind = 'grant'", gazette.faults, "differs from what is public"),
    ("UPDATE grants_competition SET state = 'draft'", gazette.faults, "published and not public"),
    # Files, letters.
    ("UPDATE core_storedfile SET size = size + 1", core.stored, "bytes instead of"),
    ("UPDATE core_storedfile SET sha256 = 'f' || substr(sha256, 2)", core.stored, "not in the store"),
    ("UPDATE core_letter SET state = 'sent', sent_at = NULL", core.letters, "nobody knows when"),
    ("UPDATE core_letter SET state = 'released', tries = 1, held_until = '2020-01-01 00:00:00+00'", core.letters, "never ended"),
)  # fmt: skip

TENDERS: tuple[tuple[str, Look, str], ...] = (
    ("UPDATE tenders_bid SET state = 'opened' WHERE state = 'admitted'", states(Bid), "its journal ends at “admitted”"),
    ("UPDATE tenders_bid SET price_tiyn = price_tiyn - 1", tenders.faults, "its price is not the one"),
    ("UPDATE tenders_bid SET content = '{}'", tenders.faults, "not what its bidder committed to"),
    ("UPDATE tenders_bid SET commitment = 'a'", tenders.faults, "differ from its receipt"),
    ("UPDATE tenders_bid SET state = 'submitted', content = NULL, price_tiyn = NULL", tenders.faults, "its tender is opened and it is not"),
    ("UPDATE tenders_bid SET state = 'submitted', content = NULL, price_tiyn = NULL", tenders.faults, "can be read although its bid was not opened"),
    ("UPDATE tenders_bid SET sealed = '', state = 'submitted', content = NULL, price_tiyn = NULL", tenders.faults, "nothing is sealed"),
    ("UPDATE tenders_bidreceipt SET at = '2031-01-01 00:00:00+00'", tenders.faults, "after the deadline"),
    ("DELETE FROM tenders_bidreceipt", tenders.faults, "has no receipt"),
    ("UPDATE tenders_tender SET opened_at = announced_at", tenders.faults, "before the deadline"),
    ("UPDATE tenders_tender SET state = 'announced', seal_key = 'ff'", tenders.faults, "not in the folder of keys"),
    ("UPDATE tenders_bidfile SET token = 'a' || id", tenders.faults, "not in the store"),
    ("UPDATE tenders_bidfile SET sha256 = 'a'", tenders.faults, "does not open"),
    ("UPDATE tenders_lot SET result = 'did_not_take_place'", tenders.faults, "its result does not follow"),
    ("UPDATE tenders_bid SET place = 7", tenders.faults, "its place does not follow"),
    ("UPDATE tenders_protocol SET content = '{}'", tenders.faults, "not what its hash says"),
    ("UPDATE opendata_process SET compiled = '{}'", opendata.faults, "not what its releases make"),
    ("UPDATE opendata_release SET content = '{\"id\": \"x\"}'", opendata.faults, "was changed"),
    ("UPDATE opendata_release SET revision = 9", opendata.faults, "is missing before"),
    ("UPDATE opendata_process SET withdrawn = TRUE", opendata.faults, "was not released"),
    ("UPDATE opendata_watermark SET sequence = 999999", opendata.faults, "it has read up to"),
)  # fmt: skip

PRIZES: tuple[tuple[str, Look, str], ...] = (
    ("UPDATE prizes_award SET share_tiyn = share_tiyn + 1", prizes.faults, "not equal parts"),
    ("UPDATE prizes_decision SET means = '{}'", prizes.faults, "by other points"),
    ("UPDATE prizes_application SET state = 'not_awarded' WHERE state = 'awarded'", prizes.faults, "against the awards of its round"),
)  # fmt: skip

PRIZE_RECEIPTS: tuple[tuple[str, Look, str], ...] = (
    ("UPDATE prizes_application SET state = 'refused', ground = 'other', reason = 'x'", states(PrizeApplication), "its journal ends at"),
    ("UPDATE prizes_receipt SET sha256 = 'a'", prizes.faults, "is not what its hash says"),
    ("UPDATE prizes_receipt SET received_at = '2031-01-01 00:00:00+00'", prizes.faults, "after the deadline"),
    ("UPDATE prizes_receipt SET position = 77 WHERE position = 2", prizes.faults, "numbered 1 to 77"),
)  # fmt: skip


def test_every_break_in_grants_is_found(clock):
    outcome_scenes.drafted(clock, {1: {"aliya": 20, "dana": 18}, 2: {}, 3: {}, 4: {}})
    assert whole() == []
    assert broken(GRANTS) == []
    # The store, which no statement reaches: half a file, another content, one that nobody knows.
    row = StoredFile.objects.latest("pk")
    path = Path(default_storage.path(files.path_of(row.sha256)))
    kept = path.read_bytes()
    path.write_bytes(kept[:-1] + b"?")
    assert any("SHA-256 is another one" in fault.what for fault in core.stored())
    path.unlink()
    assert any("not in the store" in fault.what for fault in core.stored())
    path.write_bytes(kept)
    stray = path.with_name("0" * 64)
    others = set(map(str, core.orphans()))  # what other tests of this process have left
    stray.write_bytes(b"half an upload")
    found = [fault for fault in core.orphans() if str(fault) not in others]
    assert [(fault.remark, stray.name in fault.subject) for fault in found] == [(True, True)]
    stray.unlink()


def test_every_break_in_tenders_is_found(clock):
    found = a_review(
        clock,
        5_000_000,
        {"A": ("2+1+3+2+6+2", 4_500_000), "B": ("1+1+3+1+2+2", 4_000_000)},
        planned=True,
    )
    for name, given in (("A", "2+1+3+2+6+2"), ("B", "1+1+3+1+2+2")):
        found.adopt(name, given)
    assert found.published().state == Tender.State.PUBLISHED
    assert whole() == []
    assert broken(TENDERS) == []
    others = set(map(str, tenders.orphans()))
    bid_vault.keep(b"cut off before its row was written")
    assert [one.remark for one in tenders.orphans() if str(one) not in others] == [True]


def test_every_break_in_prizes_is_found():
    awarding_scenes.published()
    known = whole()
    # The scene hands its applications in past their steps.
    assert all(line.startswith("prizes.") for line in known), known
    assert broken(PRIZES, known) == []


def test_every_break_in_receipts_of_prizes_is_found(clock):
    clock.set(prize_scenes.DURING)
    prize_scenes.two_applicants()
    assert broken(PRIZE_RECEIPTS, whole()) == []


def test_a_role_that_no_step_gave_is_found():
    person, other = factories.a_person(), factories.a_person()
    ngo = factories.an_organisation()
    add_organisation(
        Organisation(bin=complete("15014000900"), name_kk="«Үміт»", name_ru="«Үміт»"),
        [(person, Role.HEAD)],
    )
    assert list(people.faults()) == []
    made = Organisation.objects.get(name_kk="«Үміт»")
    Membership.objects.create(
        user=other, organisation=made, role=Role.DEPUTY, starts_on="2020-01-02"
    )
    Membership.objects.create(user=other, organisation=ngo, role=Role.DEPUTY)
    (fault,) = people.faults()
    assert f"no step made person:{other.pk} “deputy” of organisation:{made.pk}" in fault.what


def said(*arguments: str) -> str:
    out = io.StringIO()
    try:
        call_command("check", *arguments, stdout=out, stderr=out)
    except CommandError as error:
        out.write(str(error))
    return out.getvalue()


def test_the_command_names_what_is_wrong_and_what_to_do_and_ends_with_one(clock, monkeypatch):
    outcome_scenes.drafted(clock, {1: {"aliya": 20, "dana": 18}, 2: {}, 3: {}, 4: {}})
    keeping.write_all()
    monkeypatch.setattr(Command, "pause", 0)
    assert "hold together" in said()
    assert "Of the newest of each kind" in said("--quick")
    Contract.objects.update(state="signed")
    found = said("--quick")
    assert "it stands at “signed”" in found
    assert "restore the row" in found
    assert "What must hold does not" in found


def test_what_only_one_of_two_looks_sees_was_a_step_at_work(monkeypatch):
    seen = iter([[Fault("a:1", "moving"), Fault("a:2", "broken")], [Fault("a:2", "broken")]])
    monkeypatch.setattr(checks, "every", lambda **_how: iter(next(seen)))
    assert [fault.subject for fault in checks.certain(pause=0)] == ["a:2"]

"""Other keys: everything that was closed still opens, and what would be lost is said before."""

from __future__ import annotations

import io

import pytest
from django.core.management import CommandError, call_command

from ortaq.core import journal, keyfolder
from ortaq.core.models import JournalEntry
from ortaq.operations.procedure import keys
from ortaq.operations.queries.keys import status
from ortaq.planning.tests.scenes import cast
from ortaq.projects import identity
from ortaq.subscriptions.procedure.subscription import digest_of
from ortaq.tenders import sealing
from ortaq.tenders.models import Bid
from ortaq.tenders.procedure import bid_vault as vault
from ortaq.tenders.procedure.opening import open_due
from ortaq.tenders.tests import scenes
from ortaq.tenders.tests.scenes import AFTER, DURING

pytestmark = pytest.mark.django_db


@pytest.fixture
def scene(clock, settings, tmp_path):
    """A tender with a bid that is handed in and another that is being written."""
    settings.ORTAQ_SEALS = tmp_path / "seals"
    clock.set(DURING)
    people = cast()
    tender = scenes.an_announced_tender(people)
    made = scenes.Scene(people, tender, tender.lots.select_related("tender", "topic").get())
    scenes.a_submitted_bid(made.lot, people.aliya)
    scenes.a_complete_draft(made.lot, people.dana)
    return made


def codes():
    return {one.code for one in status().remarks}


def changed(settings, secret):
    """The administrator changes the secret key and restarts."""
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    settings.SECRET_KEY = secret


def test_another_secret_key_takes_the_place_of_the_first_and_nothing_is_lost(
    scene, settings, clock
):
    known = digest_of("aliya@example.kz"), identity.key_of("ABCDEFGHJK")
    changed(settings, "the second")
    assert "key_earlier" in codes()
    said = io.StringIO()
    call_command("keys", "rotate", stdout=said)
    changed(settings, "the third")  # and again
    call_command("keys", "rotate", stdout=said)
    assert "earlier_idle" in codes()
    settings.SECRET_KEY_FALLBACKS = []
    assert status().sound
    assert codes() == {"at_stake"}
    # Who was known by a keyed hash is still known by it.
    assert (digest_of("aliya@example.kz"), identity.key_of("ABCDEFGHJK")) == known
    draft = Bid.objects.get(organisation=scene.cast.rival)
    assert vault.draft_of(draft).data
    clock.set(AFTER)
    assert open_due().closed
    assert Bid.objects.get(organisation=scene.cast.ngo).content is not None
    text = said.getvalue() + "".join(str(e.facts) for e in JournalEntry.objects.all())
    assert "second" not in text
    assert "third" not in text
    assert not journal.verify()


def test_killed_in_its_middle_the_rotation_goes_on(scene, settings):
    changed(settings, "the second")
    keyfolder.marks()
    next(iter(keyfolder.rewrap()))  # killed after the first
    found = keyfolder.state()
    assert found.present
    assert found.earlier
    assert not found.unreadable
    keys.rotate()
    assert not keyfolder.state().earlier
    assert keys.rotate() == 0


def test_drafts_are_written_under_another_key_also_after_a_kill(scene, monkeypatch):
    draft = Bid.objects.get(organisation=scene.cast.rival)
    before, closed = vault.draft_of(draft), bytes(draft.draft)
    with monkeypatch.context() as killed:
        killed.setattr(keys, "_renew_draft", lambda _pk: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            keys.renew_drafts()
    assert vault.draft_of(draft) == before  # both keys are there
    keys.renew_drafts()
    draft.refresh_from_db()
    assert bytes(draft.draft) != closed
    assert vault.draft_of(draft) == before
    assert [name for name in keyfolder.names() if name.startswith(sealing.DRAFTS)] == ["drafts-2"]


def test_what_would_be_lost_is_said_before_it_is_lost(scene, settings, tmp_path):
    assert codes() == {"at_stake"}
    there, secret = settings.ORTAQ_SEALS, settings.SECRET_KEY
    settings.ORTAQ_SEALS = tmp_path / "empty"
    assert {"key_gone", "drafts_gone"} <= codes()
    with pytest.raises(CommandError):
        call_command("keys", "status", stdout=io.StringIO())
    settings.ORTAQ_SEALS, settings.SECRET_KEY = there, "a stranger's"
    assert "key_unreadable" in codes()
    settings.SECRET_KEY = secret
    assert status().sound


def test_an_installation_that_made_its_own_secret_key_makes_another(
    settings, tmp_path, monkeypatch
):
    monkeypatch.delenv("ORTAQ_SECRET_KEY", raising=False)
    settings.VAR = tmp_path
    path = keys.new_secret()
    assert path.read_text() != settings.SECRET_KEY
    assert settings.SECRET_KEY in (tmp_path / "secret_key.old").read_text()
    assert path.stat().st_mode & 0o077 == 0
    monkeypatch.setenv("ORTAQ_SECRET_KEY", "from outside")
    with pytest.raises(keys.NotOurs):
        keys.new_secret()

"""Drafts are thrown away by their owners: nothing of them stays but a line in the journal."""

from __future__ import annotations

import pytest
from django.urls import reverse

from ortaq.core import journal
from ortaq.core.keys import key_of
from ortaq.core.models import Duty, JournalEntry, StoredFile
from ortaq.core.procedure import Refused
from ortaq.grants.models import (
    Application,
    ApplicationPart,
    Attachment,
    Competition,
    Lot,
    Plan,
    PlanVersion,
    Proposal,
    Topic,
)
from ortaq.grants.procedure.application import APPLICATION
from ortaq.grants.procedure.plan import PROPOSAL, new_version
from ortaq.people.models import Role
from ortaq.testing import factories

from . import application_scenes, scenes

pytestmark = pytest.mark.django_db


@pytest.fixture
def played(clock):
    clock.set(scenes.DURING)
    return scenes.cast()


def post(client, actor, name, pk):
    client.force_login(actor.user)
    return client.post(reverse(f"grants:{name}", args=[pk]))


def last_entry(key):
    entry = JournalEntry.objects.filter(subject=key).order_by("number").last()
    assert entry is not None
    return entry


@pytest.mark.req("GR-A-19")
def test_an_ngo_discards_its_draft_with_all_that_was_written_and_attached(played, client):
    lot = scenes.open_competition(played.operator).lots.get()
    draft = application_scenes.a_complete_draft(lot, played.aliya)
    other = application_scenes.a_complete_draft(lot, played.dana)
    key = key_of(draft)
    client.force_login(played.aliya.user)
    page = client.get(reverse("grants:application", args=[draft.pk])).content.decode()
    assert reverse("grants:application_discard", args=[draft.pk]) in page

    for stranger in (played.dana, played.gulnara):
        assert post(client, stranger, "application_discard", draft.pk).status_code == 404
    # The accountant writes in it, but neither began it nor binds the NGO.
    assert post(client, played.bolat, "application_discard", draft.pk).status_code == 409
    assert post(client, played.aliya, "application_discard", draft.pk).status_code == 302

    assert list(Application.objects.all()) == [other]
    assert not ApplicationPart.objects.exclude(application=other).exists()
    kept = Attachment.objects.values("file")
    assert not StoredFile.objects.exclude(pk__in=kept).exists()
    assert not Duty.objects.filter(subject=key, done_at=None).exists()
    entry = last_entry(key)
    assert (entry.step, len(entry.facts["files"])) == ("discard", 2)
    assert journal.verify() == []
    assert client.get(reverse("grants:application", args=[draft.pk])).status_code == 404


@pytest.mark.req("GR-A-19")
def test_what_is_handed_in_is_not_discarded(played):
    lot = scenes.open_competition(played.operator).lots.get()
    application_scenes.a_submitted(lot, played.aliya)
    with pytest.raises(Refused) as refused:
        APPLICATION.take("discard", Application.objects.get(), actor=played.aliya)
    assert [finding.code for finding in refused.value.findings] == ["moved_on"]
    assert Application.objects.get().attachments.count() == 2


def test_whoever_began_a_draft_discards_it(played):
    writer = factories.a_member(played.ngo, Role.STAFF, surname="Жазушы")
    lot = scenes.open_competition(played.operator).lots.get()
    draft = application_scenes.a_draft(lot, played.aliya)
    Application.objects.filter(pk=draft.pk).update(created_by=writer.user)
    with pytest.raises(Refused):  # began it once, and writes applications no more
        APPLICATION.take("discard", draft, actor=writer)
    Application.objects.filter(pk=draft.pk).update(created_by=played.bolat.user)
    APPLICATION.take("discard", draft, actor=played.bolat)
    assert not Application.objects.exists()


@pytest.mark.req("GR-A-02")
def test_the_operator_discards_a_competition_that_is_not_announced(played, client):
    announced = scenes.open_competition(played.operator)
    draft = scenes.draft_competition(played.gulnara, announced.version)
    key = key_of(draft)
    assert post(client, played.aliya, "competition_discard", draft.pk).status_code == 404
    assert post(client, played.gulnara, "competition_discard", draft.pk).status_code == 302
    assert list(Competition.objects.all()) == [announced]
    assert not Lot.objects.exclude(competition=announced).exists()
    assert last_entry(key).facts["topics"]
    # One that is announced stays, whoever asks.
    assert post(client, played.gulnara, "competition_discard", announced.pk).status_code == 409
    assert Competition.objects.filter(pk=announced.pk).exists()


@pytest.mark.req("GR-P-04")
def test_a_draft_of_a_version_is_discarded_and_the_one_in_force_stays(played, client):
    in_force = scenes.open_competition(played.operator).version
    draft = new_version(in_force.plan, actor=played.gulnara)
    assert draft.topics.exists()
    client.force_login(played.gulnara.user)
    address = reverse("grants:plan_discard", args=[draft.pk])
    assert address in client.get(reverse("grants:plan", args=[draft.pk])).content.decode()
    assert post(client, played.aliya, "plan_discard", draft.pk).status_code == 404
    assert post(client, played.gulnara, "plan_discard", draft.pk).status_code == 302
    assert list(PlanVersion.objects.all()) == [in_force]
    assert not Topic.objects.exclude(version=in_force).exists()
    assert post(client, played.gulnara, "plan_discard", in_force.pk).status_code == 409


@pytest.mark.req("GR-P-04")
def test_a_plan_whose_only_version_is_discarded_goes_with_it(played, client):
    plan = Plan.objects.create(body=played.operator, level="republican", year=2021, title_kk="Ж")
    draft = new_version(plan, actor=played.gulnara)
    assert post(client, played.gulnara, "plan_discard", draft.pk).status_code == 302
    assert not Plan.objects.filter(pk=plan.pk).exists()


@pytest.mark.req("GR-P-03")
def test_a_proposal_is_discarded_until_it_is_sent(played, client):
    assert played.aliya.user is not None
    rows = [
        Proposal(organisation=played.ngo, author=played.aliya.user, name=name)
        for name in ("Бірінші", "Екінші")
    ]
    for row in rows:
        PROPOSAL.begin(row, actor=played.aliya)
    Proposal.objects.filter(pk=rows[1].pk).update(state=Proposal.State.SENT)
    assert post(client, played.dana, "proposal_discard", rows[0].pk).status_code == 404
    assert post(client, played.aliya, "proposal_discard", rows[0].pk).status_code == 302
    assert post(client, played.aliya, "proposal_discard", rows[1].pk).status_code == 409
    assert list(Proposal.objects.all()) == [rows[1]]

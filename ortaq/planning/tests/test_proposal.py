"""Topics that NGOs propose all year (SO-T-042)."""

from __future__ import annotations

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from ortaq.core.models import Duty, Letter
from ortaq.core.procedure import Refused
from ortaq.planning.models import Topic, TopicProposal
from ortaq.planning.procedure import drafting
from ortaq.planning.procedure import proposal as procedure
from ortaq.planning.procedure.proposal import PROPOSAL
from ortaq.planning.queries import proposal as queries
from ortaq.planning.tests import scenes

pytestmark = pytest.mark.django_db


def codes(refused) -> set[str]:
    return {finding.code for finding in refused.value.findings}


@pytest.mark.req("SO-T-042")
def test_an_ngo_proposes_a_topic_and_gets_an_answer(clock):
    clock.set(scenes.DURING)
    cast = scenes.cast()
    proposal = scenes.a_proposal(cast.aliya, cast.ngo, cast.akimat)
    duty = Duty.objects.get(code="answer_proposal")
    assert (duty.bearer, duty.due_at) == (f"organisation:{cast.akimat.pk}", None)
    with pytest.raises(Refused) as refused:
        PROPOSAL.take("answer", proposal, actor=cast.saule, answer=" ")
    assert codes(refused) == {"no_answer"}
    PROPOSAL.take("answer", proposal, actor=cast.saule, answer="Келесі жылы қараймыз")
    assert Letter.objects.get(kind="answered").recipient == cast.aliya.user
    duty.refresh_from_db()
    assert duty.done_at == scenes.DURING


@pytest.mark.req("SO-T-042", "SO-G-09")
def test_a_proposal_becomes_a_topic_of_a_draft_and_the_ngo_sees_what_became_of_it(clock):
    clock.set(scenes.DURING)
    cast = scenes.cast()
    proposal = scenes.a_proposal(cast.aliya, cast.ngo, cast.akimat)
    draft = scenes.a_draft(cast.saule, cast.akimat, 1)
    PROPOSAL.take("take_up", proposal, actor=cast.saule, formation=draft, language="ru")
    topic = draft.topics.get(proposals=proposal)
    assert (topic.position, topic.title_ru, topic.title_kk) == (2, proposal.title, "")
    assert (topic.planned_tiyn, topic.sources) == (3000 * scenes.THOUSAND, ["proposals"])
    assert Letter.objects.get(kind="taken").recipient == cast.aliya.user
    # What is removed from the draft again leaves the proposal and its history.
    drafting.remove_topic(topic, actor=cast.saule)
    proposal.refresh_from_db()
    assert (proposal.state, proposal.topic) == ("taken", None)


@pytest.mark.req("SO-T-042")
def test_an_answered_proposal_may_be_taken_up_in_a_later_year(clock):
    clock.set(scenes.DURING)
    cast = scenes.cast()
    proposal = scenes.a_proposal(cast.aliya, cast.ngo, cast.akimat)
    PROPOSAL.take("answer", proposal, actor=cast.saule, answer="Келесі жылы")
    draft = scenes.a_draft(cast.saule, cast.akimat, 0, year=2025)
    PROPOSAL.take("take_up", proposal, actor=cast.saule, formation=draft)
    assert proposal.answer == "Келесі жылы"
    with pytest.raises(Refused) as refused:
        PROPOSAL.take("take_up", proposal, actor=cast.saule, formation=draft)
    assert codes(refused) == {"moved_on"}
    assert Topic.objects.count() == 1


@pytest.mark.req("SO-T-042")
def test_only_a_draft_of_the_same_body_takes_a_proposal(clock):
    clock.set(scenes.PUBLISHED)
    cast = scenes.cast()
    proposal = scenes.a_proposal(cast.aliya, cast.ngo, cast.akimat, amount_tiyn=None)
    theirs = scenes.a_draft(cast.nurlan, cast.ministry)
    public = scenes.published(clock, cast.saule, cast.akimat)
    for formation in (None, theirs, public):
        with pytest.raises(Refused) as refused:
            PROPOSAL.take("take_up", proposal, actor=cast.saule, formation=formation)
        assert codes(refused) == {"no_draft", "no_sum"}


@pytest.mark.req("SO-T-042")
def test_a_field_that_the_edition_does_not_know_is_left_to_the_officer(clock):
    clock.set(scenes.PUBLISHED_2018)
    cast = scenes.cast()
    proposal = scenes.a_proposal(cast.aliya, cast.ngo, cast.akimat, field="volunteer_initiatives")
    draft = scenes.a_draft(
        cast.saule, cast.akimat, 0, year=2020, edition="2018", edition_reason="2018"
    )
    PROPOSAL.take("take_up", proposal, actor=cast.saule, formation=draft)
    assert draft.topics.get().field == ""


def test_only_those_who_speak_for_an_ngo_propose_and_only_to_state_bodies(clock):
    cast = scenes.cast()
    for stranger in (cast.dana, cast.bolat, cast.saule, cast.madina):
        with pytest.raises(PermissionDenied):
            scenes.a_proposal(stranger, cast.ngo, cast.akimat)
    with pytest.raises(ValidationError):
        scenes.a_proposal(cast.aliya, cast.ngo, cast.rival)
    assert not TopicProposal.objects.exists()


def test_repetitions_and_floods_are_told_so(clock, monkeypatch):
    cast = scenes.cast()
    scenes.a_proposal(cast.aliya, cast.ngo, cast.akimat)
    with pytest.raises(ValidationError) as repeated:
        scenes.a_proposal(cast.aliya, cast.ngo, cast.akimat)
    assert repeated.value.code == "repeated"
    monkeypatch.setattr(procedure, "MOST_A_DAY", 1)
    with pytest.raises(ValidationError) as flood:
        scenes.a_proposal(cast.aliya, cast.ngo, cast.akimat, title="Басқа тақырып")
    assert flood.value.code == "too_many"
    scenes.a_proposal(cast.dana, cast.rival, cast.akimat)  # nobody else is kept out


def test_a_proposal_is_seen_by_its_ngo_and_its_body_alone(clock):
    cast = scenes.cast()
    proposal = scenes.a_proposal(cast.aliya, cast.ngo, cast.akimat)
    for reader in (cast.aliya, cast.bolat, cast.saule):
        assert list(queries.proposals_visible_to(reader)) == [proposal]
    for stranger in (cast.dana, cast.nurlan, cast.erlan, cast.madina):
        assert not queries.proposals_visible_to(stranger).exists()
    with pytest.raises(Refused) as refused:
        PROPOSAL.take("answer", proposal, actor=cast.nurlan, answer="Жоқ")
    assert codes(refused) == {"not_yours"}

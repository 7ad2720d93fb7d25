"""NGOs' proposals for the plan (GR-P-03)."""

from __future__ import annotations

import io

import pytest
from django.urls import reverse
from docx import Document

from ortaq.core.procedure import Refused
from ortaq.grants.models import Proposal
from ortaq.grants.procedure.plan import PROPOSAL, write_proposal
from ortaq.grants.queries.plan import proposals_visible_to
from ortaq.grants.tests import scenes
from ortaq.people.actor import PASSER_BY

State = Proposal.State
ITEMS = {
    "name": "Ауыл жастарына арналған мектеп",
    "rationale": "Ауылда жұмыссыз жастар көп",
    "goal": "Мамандық таңдауға көмек",
    "tasks": "Тренингтер",
    "summary": "Он ауылда апталық мектеп",
    "amount_tiyn": "15 000 000",
    "geography": "Түркістан облысы",
    "expected_results": "300 жас",
}


@pytest.fixture
def played(db, clock):
    clock.set(scenes.APPROVED)
    return scenes.cast()


@pytest.fixture
def browse(client):
    def sign_in(actor):
        client.force_login(actor.user, backend="django.contrib.auth.backends.ModelBackend")
        return client

    return sign_in


def a_proposal(played, **fields):
    proposal = Proposal(
        organisation=played.ngo,
        author=played.aliya.user,
        **{**ITEMS, "amount_tiyn": 1_500_000_000, **fields},
    )
    write_proposal(proposal, (), actor=played.aliya)
    return proposal


def sent(played):
    proposal = a_proposal(played)
    PROPOSAL.take("send", proposal, actor=played.aliya)
    return proposal


@pytest.mark.req("GR-P-03")
def test_an_ngo_writes_a_proposal_and_the_page_says_that_nothing_is_guaranteed(played, browse):
    page = browse(played.aliya)
    written = page.get(reverse("grants:proposal_new")).content.decode()
    assert "грант алуға да кепілдік бермейді" in written
    page.post(reverse("grants:proposal_new"), ITEMS | {"send": "1"})
    proposal = Proposal.objects.get()
    assert (proposal.state, proposal.organisation, proposal.amount_tiyn) == (
        State.SENT,
        played.ngo,
        1_500_000_000,
    )


@pytest.mark.req("GR-P-03")
def test_an_unfinished_proposal_is_kept_as_a_draft_and_told_what_it_lacks(played, browse):
    page = browse(played.aliya)
    answer = page.post(reverse("grants:proposal_new"), {"name": "Мектеп", "send": "1"})
    proposal = Proposal.objects.get()
    assert answer.status_code == 422
    assert [f.about for f in answer.context["findings"]] == [n for n in ITEMS if n != "name"]
    # What is posted next changes this draft and makes no second one.
    assert f'action="{reverse("grants:proposal", args=[proposal.pk])}"' in answer.content.decode()
    page.post(reverse("grants:proposal", args=[proposal.pk]), ITEMS | {"send": "1"})
    proposal = Proposal.objects.get()
    assert (proposal.state, proposal.goal) == (State.SENT, ITEMS["goal"])


def test_what_is_sent_is_not_overwritten_by_a_colleague_with_an_older_page(played):
    proposal = a_proposal(played)
    older = Proposal.objects.get(pk=proposal.pk)
    PROPOSAL.take("send", proposal, actor=played.aliya)
    older.goal = "Ескі мәтін"
    with pytest.raises(Refused) as refused:
        write_proposal(older, ["goal"], actor=played.bolat)
    assert [f.code for f in refused.value.findings] == ["moved_on"]
    proposal.refresh_from_db()
    assert (proposal.state, proposal.goal) == (State.SENT, ITEMS["goal"])


@pytest.mark.req("GR-P-03")
@pytest.mark.parametrize(("step", "state"), [("take_up", State.TAKEN), ("leave", State.NOT_TAKEN)])
def test_the_operator_answers_with_a_reason(played, browse, step, state):
    proposal = sent(played)
    address = reverse("grants:proposal_answer", args=[proposal.pk])
    without = browse(played.gulnara).post(address, {"step": step, "answer": " "})
    assert without.status_code == 409
    answer = browse(played.gulnara).post(address, {"step": step, "answer": "Жоспарда бар"})
    proposal.refresh_from_db()
    assert (answer.status_code, proposal.state) == (302, state)
    own = browse(played.bolat).get(reverse("grants:proposal", args=[proposal.pk]))
    assert "Жоспарда бар" in own.content.decode()


STEPS = {
    State.DRAFT: {"aliya": {"send", "discard"}, "bolat": {"send", "discard"}},
    State.SENT: {"gulnara": {"take_up", "leave"}},
    State.TAKEN: {},
    State.NOT_TAKEN: {},
}


def test_every_step_of_a_proposal_in_every_state_for_every_role(played):
    proposal = a_proposal(played)
    roles = ("aliya", "bolat", "dana", "erlan", "saule", "gulnara")
    offered: dict[str, dict[str, set[str]]] = {}
    for state in State:
        Proposal.objects.filter(pk=proposal.pk).update(state=state)
        proposal.refresh_from_db()
        for role in roles:
            actor = getattr(played, role)
            steps = {o.step.name for o in PROPOSAL.offers(proposal, actor, answer="—")}
            if steps:
                offered.setdefault(state, {})[role] = steps
            for step in PROPOSAL.steps.values():
                if step.name not in steps:
                    with pytest.raises(Refused):
                        PROPOSAL.take(step, proposal, actor=actor, answer="Жоқ")
    assert offered == {state: by for state, by in STEPS.items() if by}


def test_proposals_are_seen_by_their_ngo_and_once_sent_by_the_operator(played, browse):
    draft, other = a_proposal(played, name="Қаралама"), sent(played)
    seen = {
        role: set(proposals_visible_to(getattr(played, role)))
        for role in ("aliya", "bolat", "dana", "erlan", "saule", "gulnara")
    }
    assert seen == {
        "aliya": {draft, other},
        "bolat": {draft, other},
        "dana": set(),
        "erlan": set(),
        "saule": set(),
        "gulnara": {other},
    }
    assert not proposals_visible_to(PASSER_BY).exists()
    for role, status in {"dana": 404, "gulnara": 404, "bolat": 200}.items():
        address = reverse("grants:proposal", args=[draft.pk])
        assert browse(getattr(played, role)).get(address).status_code == status


def test_only_an_ngo_proposes(played, browse):
    address = reverse("grants:proposal_new")
    assert browse(played.gulnara).get(address).status_code == 403
    assert browse(played.saule).get(address).status_code == 403
    with pytest.raises(Refused):
        write_proposal(
            Proposal(organisation=played.ngo, author=played.dana.user, name="Бөтен"),
            (),
            actor=played.dana,
        )


def test_a_text_of_a_million_letters_is_refused_with_a_sentence(played, browse):
    answer = browse(played.aliya).post(
        reverse("grants:proposal_new"), ITEMS | {"goal": "ә" * 1_000_000}
    )
    assert answer.status_code == 422
    assert "таңбадан ұзын" in answer.content.decode()
    assert not Proposal.objects.exists()


def test_the_list_takes_the_same_queries_with_one_and_three_proposals(
    played, browse, django_assert_num_queries
):
    page = browse(played.gulnara)
    for _ in range(2):
        sent(played)
        with django_assert_num_queries(4):
            page.get(reverse("grants:proposals"))
        sent(played)


@pytest.mark.req("GR-P-03")
def test_a_proposal_is_printed_on_its_form_for_whoever_may_read_it(played, browse):
    proposal = sent(played)
    address = reverse("grants:proposal_paper", args=[proposal.pk, "ru", "docx"])
    page = browse(played.aliya)
    assert address in page.get(reverse("grants:proposal", args=[proposal.pk])).content.decode()
    table = Document(io.BytesIO(page.get(address).getvalue())).tables[0]
    rows = [
        [cell.text.replace("\N{NO-BREAK SPACE}", " ") for cell in row.cells] for row in table.rows
    ]
    assert ["Наименование проекта", ITEMS["name"]] in [row[-2:] for row in rows]
    assert ["Необходимая сумма", "15 000 000"] in [row[-2:] for row in rows]
    assert browse(played.dana).get(address).status_code == 404

"""Whatever the meeting does with points, recusals and ties: once it is closed, results can be published."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ortaq.core.procedure import Refused
from ortaq.grants.procedure.outcome import compute
from ortaq.people.actor import actor_for
from ortaq.review import queries
from ortaq.review.models import Panel, ScoreSheet, TieDecision
from ortaq.review.procedure import PANEL, SHEET

from . import outcome_scenes as scenes

pytestmark = pytest.mark.django_db
WHO = ("aliya", "dana")
EXPERT = st.integers(0, 2)
MOVES = st.one_of(
    st.tuples(st.just("change"), EXPERT, st.sampled_from(WHO), st.sampled_from((1, 4, 7))),
    st.tuples(st.just("recuse"), EXPERT, st.sampled_from(WHO), st.none()),
    st.tuples(st.just("decide"), st.just(0), st.sampled_from(WHO), st.none()),
    st.tuples(st.just("close"), st.just(0), st.just(""), st.none()),
)


def move(scene: scenes.Scene, what: str, expert: int, who: str, points: int | None) -> None:
    person = scene.experts[expert]
    panel = Panel.objects.get(pk=scene.panel.pk)
    if what == "close":
        PANEL.take("close_meeting", panel, actor=scene.cast.gulnara)
        return
    application = scene.application(1, who)
    facts: dict[str, Any]
    if what == "recuse":
        facts = {"organisation": application.organisation, "explanation": "Таныс екенбіз."}
        PANEL.take("recuse", panel, actor=actor_for(person), **facts)
    elif what == "decide":
        facts = {"winner": application.dossier, "votes_for": 2, "votes_against": 1}
        PANEL.take("decide_tie", panel, actor=scene.cast.gulnara, **facts, reason="Ауылдар.")
    else:
        sheet = ScoreSheet.objects.get(dossier=application.dossier, seat__person=person)
        facts = {"criterion": "S3_content", "points": points, "reason": "Талқыландық."}
        SHEET.take("change", sheet, actor=actor_for(person), **facts)


@pytest.mark.req("GR-S-13")
def test_after_any_meeting_that_could_be_closed_every_topic_has_one_outcome(clock):
    scene = scenes.meeting(clock, {1: {"aliya": 16, "dana": 16}})
    scenes.ready_to_close(scene)
    reached: set[str] = set()

    @settings(
        max_examples=18, deadline=None, suppress_health_check=list(HealthCheck), database=None
    )
    @given(st.lists(MOVES, max_size=7))
    def try_it(moves: list[tuple[str, int, str, int | None]]) -> None:
        with transaction.atomic():
            for one in [*moves, ("close", 0, "", None)]:
                try:
                    move(scene, *one)
                except Refused as refused:
                    reached.update(finding.code for finding in refused.findings)
            panel = Panel.objects.get(pk=scene.panel.pk)
            (outcome,) = compute(scene.competition)
            if panel.state == Panel.State.CLOSED:
                assert outcome.kind in ("winner", "F5")
                reached.add(outcome.kind)
            else:
                # Refused for a reason that the meeting itself can mend.
                assert queries.ties(panel) or queries.unscored(panel).exists()
                assert outcome.kind in ("tie", "open")
            decided = TieDecision.objects.filter(meeting__panel=panel).count()
            reached.add(f"decided {min(decided, 1)}")
            transaction.set_rollback(True)

    try_it()
    # The walk is no formality: it closes, refuses to close, and refuses to change what is decided.
    assert reached >= {"winner", "ties_open", "decided 1"}

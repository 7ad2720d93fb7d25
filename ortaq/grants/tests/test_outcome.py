"""Outcomes: exact, quiet, published in one step (GR-S-11..17)."""

from __future__ import annotations

from functools import partial

import pytest

from ortaq.core import journal
from ortaq.core.models import Letter
from ortaq.core.procedure import Refused
from ortaq.grants.models import Application, Outcome
from ortaq.grants.procedure.competition import COMPETITION
from ortaq.grants.procedure.outcome import compute
from ortaq.people.models import Membership, Role
from ortaq.review.models import ScoreSheet, TieDecision
from ortaq.testing import factories
from ortaq.testing.together import at_once

from . import outcome_scenes as scenes

pytestmark = pytest.mark.django_db

EVERY: scenes.Plan = {
    1: {"aliya": 20, "dana": 18},
    2: {},
    3: {"aliya": 15},
    4: {"aliya": None, "dana": 20},
    5: {"aliya": None, "dana": None},
    6: {"aliya": 12, "dana": 12},
}


def codes(refused) -> set[str]:
    return {finding.code for finding in refused.value.findings}


@pytest.mark.req("GR-S-12", "GR-S-13", "GR-S-14", "GR-S-15", "GR-S-17", "GR-X-01")
def test_each_topic_ends_by_its_own_points_and_everybody_hears_at_once(clock):
    scene = scenes.published(clock, EVERY)

    ended = {
        o.lot.position: (o.kind, o.winner and o.winner.applicant_name, o.submitted, o.admitted)
        for o in Outcome.objects.select_related("lot", "winner")
    }
    assert ended == {
        1: ("winner", "«Әлем» қоғамдық қоры", 2, 2),
        2: ("F1", None, 0, 0),
        3: ("F2", None, 1, 0),
        4: ("F3", None, 2, 1),
        5: ("F4", None, 2, 0),
        6: ("F5", None, 2, 2),
    }
    states = {key: scene.application(*key).state for key in scene.applications}
    assert states == {
        (1, "aliya"): "awarded",
        (1, "dana"): "not_awarded",
        (3, "aliya"): "lot_failed",  # the topic failed, the application is not refused
        (4, "aliya"): "refused",
        (4, "dana"): "lot_failed",
        (5, "aliya"): "refused",
        (5, "dana"): "refused",
        (6, "aliya"): "lot_failed",
        (6, "dana"): "lot_failed",
    }
    assert set(Letter.objects.filter(kind="outcome").values_list("state", flat=True)) == {
        Letter.State.RELEASED
    }
    assert scene.competition.state == "published"
    written = journal.history(scene.competition).last()
    assert written is not None
    assert written.facts["outcomes"][0] == ["1", "winner", scene.application(1, "aliya").number]


@pytest.mark.req("GR-S-12", "GR-S-14")
@pytest.mark.parametrize(
    ("totals", "kind"), [((12, 13, 12), "F5"), ((12, 13, 13), "winner"), ((12, 13), "F5")]
)
def test_the_mean_must_be_above_half_of_the_maximum_without_rounding(clock, totals, kind):
    scene = scenes.scoring_begun(clock, {1: {"aliya": 0, "dana": 0}}, experts=len(totals))
    clock.set(scenes.SCORED)
    for person, total in zip(scene.experts, totals, strict=True):
        scenes.sign(person, scene.application(1, "aliya"), total)
        scenes.sign(person, scene.application(1, "dana"), 5)
    scene.take("begin_meeting")

    assert [outcome.kind for outcome in compute(scene.competition)] == [kind]


@pytest.mark.req("GR-S-13")
def test_a_tie_waits_for_the_meeting_and_goes_where_it_decided(clock):
    scene = scenes.meeting(clock, {1: {"aliya": 16, "dana": 16}})
    assert compute(scene.competition)[0].kind == "tie"

    scenes.close_meeting(scene)

    decided = compute(scene.competition)[0]
    assert (decided.kind, decided.winner) == ("winner", scene.application(1, "aliya"))
    assert {f["code"] for f in decided.findings} >= {"tie_decided"}


@pytest.mark.req("GR-S-13")
def test_a_decision_on_a_tie_that_is_none_any_more_leaves_the_new_tie_open(clock):
    scene = scenes.closed(clock, {1: {"aliya": 16, "dana": 16}})
    decision = TieDecision.objects.get()
    # Somebody else's points, as after a change: the one chosen then is not among the best now.
    ScoreSheet.objects.filter(dossier=decision.winner).update(total=14)

    assert compute(scene.competition)[0].winner == scene.application(1, "dana")


def test_outcomes_are_published_only_prepared_fresh_and_recorded(clock):
    scene = scenes.closed(clock, {1: {"aliya": 20, "dana": 18}})
    with pytest.raises(Refused) as refused:
        scene.take("publish")
    assert codes(refused) == {"not_prepared", "no_protocol"}

    scene.take("prepare")
    scene.take("draw_up", number="1")
    ScoreSheet.objects.filter(dossier__application=scene.application(1, "dana")).update(total=25)
    with pytest.raises(Refused) as refused:
        scene.take("publish")

    assert codes(refused) == {"outcomes_outdated", "protocol_outdated"}
    assert scene.application(1, "aliya").state == Application.State.ADMITTED
    assert not Letter.objects.filter(kind="outcome", state=Letter.State.RELEASED).exists()
    scene.take("prepare")
    scene.take("draw_up", number="1")
    scene.take("publish")
    assert scene.outcome(1).winner == scene.application(1, "dana")


def test_nothing_is_drawn_up_or_published_while_the_meeting_is_open(clock):
    scene = scenes.meeting(clock, {1: {"aliya": 16, "dana": 16}})
    scene.take("prepare")

    with pytest.raises(Refused) as refused:
        scene.take("draw_up", number="1")

    assert codes(refused) == {"ties_open", "meeting_open"}


@pytest.mark.req("GR-S-01")
def test_an_application_without_points_stops_the_outcomes(clock):
    scene = scenes.closed(clock, {1: {"aliya": 16, "dana": 18}})
    ScoreSheet.objects.filter(dossier__application=scene.application(1, "dana")).update(
        state=ScoreSheet.State.SET_ASIDE
    )

    with pytest.raises(Refused) as refused:
        scene.take("prepare")

    assert codes(refused) == {"not_scored"}


def test_only_the_competitions_operator_prepares_and_publishes(clock):
    scene = scenes.prepared(clock, {1: {"aliya": 20, "dana": 18}})
    other = factories.a_member(factories.an_organisation("operator"), Role.OFFICER)
    clerk = factories.a_member(scene.cast.operator, Role.STAFF)

    for actor in (other, clerk, scene.cast.aliya, scene.cast.dana):
        for step in ("prepare", "draw_up", "publish", "file_protocol"):
            with pytest.raises(Refused) as refused:
                COMPETITION.take(step, scene.competition, actor=actor, number="2")
            assert codes(refused) == {"not_yours"}


def test_the_second_of_two_officers_who_publish_is_told_so(clock):
    scene = scenes.published(clock, {1: {"aliya": 20, "dana": 18}})
    letters = Letter.objects.count()

    with pytest.raises(Refused) as refused:
        scene.take("publish")

    assert codes(refused) == {"moved_on"}
    assert Letter.objects.count() == letters


def test_preparing_again_writes_the_letters_anew_and_once(clock):
    scene = scenes.prepared(clock, {1: {"aliya": 20, "dana": 18}})
    before = list(Letter.objects.filter(kind="outcome").values_list("recipient", "title"))

    scene.take("prepare")

    after = list(Letter.objects.filter(kind="outcome").values_list("recipient", "title"))
    assert after == before
    assert len(after) == 2


def test_whoever_wrote_an_application_and_left_the_ngo_gets_no_letter(clock):
    scene = scenes.closed(clock, {1: {"aliya": 20, "dana": 18}})
    Membership.objects.filter(user=scene.cast.aliya.user).update(ends_on="2020-06-10")
    heir = factories.a_member(scene.cast.ngo, Role.HEAD, surname="Жаңабаев")

    scene.take("prepare")

    told = [letter.recipient for letter in Letter.objects.filter(kind="outcome")]
    assert set(told) == {heir.user, scene.cast.dana.user}


@pytest.mark.req("GR-S-15")
def test_letters_say_what_happened_in_the_reader_s_language(clock):
    scene = scenes.closed(clock, EVERY)
    dana = scene.cast.dana.user
    assert dana is not None
    dana.language = "ru"
    dana.save()
    scene.take("prepare")

    letters = Letter.objects.filter(kind="outcome", recipient=dana).order_by("id")

    titles = [letter.title for letter in letters]
    number = scene.application(1, "dana").number
    assert titles == [
        f"Результат заявки {number}",
        "Конкурс по теме 4 не состоялся",
        "Конкурс по теме 6 не состоялся",
    ]
    assert "F3. Допущена только одна заявка" in letters[1].body
    assert "Это не отказ по вашей заявке" in letters[1].body


@pytest.mark.django_db(transaction=True)
@pytest.mark.req("GR-S-17")
def test_two_officers_who_publish_at_once_publish_once(clock):
    scene = scenes.prepared(clock, {1: {"aliya": 20, "dana": 18}})
    officers = [scene.cast.gulnara, factories.a_member(scene.cast.operator, Role.HEAD)]
    # Each officer's page has read the competition for itself.
    pages = [type(scene.competition).objects.get(pk=scene.competition.pk) for _ in officers]
    now = clock.travel(minutes=1)

    became = at_once(
        *(
            partial(COMPETITION.take, "publish", page, actor=officer)
            for page, officer in zip(pages, officers, strict=True)
        ),
        at=now,
    )

    refused = [one for one in became if isinstance(one, Refused)]
    assert [refusal.findings[0].code for refusal in refused] == ["moved_on"]
    assert [one.step for one in became if one not in refused] == ["publish"]
    steps = [entry.step for entry in journal.history(scene.competition)]
    assert steps.count("publish") == 1
    letters = Letter.objects.filter(kind="outcome")
    assert letters.count() == letters.filter(state="released").count() == 2

"""The prize of a year: prepared quietly, announced by 1 July, closed by the clock, its list within ten working days."""

from datetime import date

import pytest

from ortaq.core import clock as house_clock
from ortaq.core.models import Duty, Letter
from ortaq.core.procedure import SYSTEM, Refused
from ortaq.people.actor import PASSER_BY
from ortaq.prizes.models import Round
from ortaq.prizes.procedure import closing, round_draft
from ortaq.prizes.procedure.application import APPLICATION
from ortaq.prizes.procedure.round import CLOSE, ROUND
from ortaq.prizes.queries import round as queries

from . import scenes
from .scenes import AFTER, ANNOUNCED, DURING, LAST, PREPARED, YEAR

pytestmark = pytest.mark.django_db


def day(instant):
    return house_clock.day_of(instant)


# --- Preparing and announcing --------------------------------------------------------------------


@pytest.mark.req("PR-004", "PR-034")
def test_a_draft_begins_with_all_fifteen_directions_at_the_least_prize_of_the_year(clock):
    clock.set(PREPARED)
    scene = scenes.drafted()
    sums = scene.round.directions.values_list("amount_tiyn", flat=True)
    assert len(sums) == 15
    assert set(sums) == {2000 * 2525 * scenes.TENGE}


@pytest.mark.req("PR-011")
def test_the_duty_to_announce_appears_by_itself_and_is_a_breach_on_the_second_of_july(clock):
    clock.set(house_clock.at(date(YEAR, 5, 31), 9))
    cast = scenes.cast()
    assert not closing.prepare_due().closed
    clock.set(house_clock.at(date(YEAR, 6, 1), 9))
    assert [one.year for one in closing.prepare_due().closed] == [YEAR]
    assert not closing.prepare_due().closed
    duty = Duty.objects.get(code="announce")
    assert duty.bearer == f"organisation:{cast.ministry.pk}"
    assert duty.due_at == house_clock.end_of(date(YEAR, 7, 1))
    found = Round.objects.get()
    round_draft.edit(found, scenes.TEXTS, actor=cast.saule)
    clock.set(house_clock.end_of(date(YEAR, 7, 1)))
    assert not ROUND.findings("announce", found, cast.saule)
    clock.set(house_clock.at(date(YEAR, 7, 2)))
    said = ROUND.findings("announce", found, cast.saule)
    assert [one.code for one in said] == ["announced_late"]
    ROUND.take("announce", found, actor=cast.saule)
    assert found.announced_at == house_clock.now()


@pytest.mark.req("PR-009", "PR-010")
def test_an_announcement_without_texts_or_directions_or_with_a_small_prize_says_all_that_is_missing(
    clock,
):
    clock.set(PREPARED)
    cast = scenes.cast()
    found = round_draft.begin(cast.ministry, YEAR, actor=cast.saule)
    round_draft.choose_directions(found, {}, actor=cast.saule)
    with pytest.raises(Refused) as refused:
        ROUND.take("announce", found, actor=cast.saule)
    codes = [one.code for one in refused.value.findings]
    assert codes == ["no_text"] * 4 + ["no_directions"]
    assert all(one.cite for one in refused.value.findings)
    round_draft.edit(found, scenes.TEXTS, actor=cast.saule)
    small = {scenes.HEALTH: 2000 * 2525 * scenes.TENGE - 1}
    round_draft.choose_directions(found, small, actor=cast.saule)
    with pytest.raises(Refused) as refused:
        ROUND.take("announce", found, actor=cast.saule)
    assert [one.code for one in refused.value.findings] == ["below_minimum"]
    round_draft.choose_directions(
        found, {scenes.HEALTH: small[scenes.HEALTH] + 1}, actor=cast.saule
    )
    ROUND.take("announce", found, actor=cast.saule)
    assert [row["num"] for row in found.papers] == ["1", "2", "3", "4", "5", "6"]


@pytest.mark.req("PR-012", "PR-026", "PR-037", "PR-038")
def test_the_terms_of_the_year_are_those_of_the_first_example(clock):
    clock.set(DURING)
    scene = scenes.announced()
    clock.set(AFTER)
    scenes.closed(scene)
    found = scene.round
    assert found.apply_until == LAST
    assert [day(at) for at in (found.list_due, found.results_due, found.payment_due)] == [
        date(2019, 9, 13),
        date(2019, 12, 1),
        date(2019, 12, 20),
    ]


def test_a_draft_is_nobodys_but_its_organisers_and_ngos_hear_of_the_announcement(clock):
    clock.set(PREPARED)
    scene = scenes.drafted()
    for actor in (PASSER_BY, scene.cast.aliya, scene.cast.gulnara):
        assert not queries.rounds_visible_to(actor).exists()
    assert queries.rounds_visible_to(scene.cast.saule).exists()
    assert not Letter.objects.exists()
    clock.set(ANNOUNCED)
    ROUND.take("announce", scene.round, actor=scene.cast.saule)
    assert queries.rounds_visible_to(PASSER_BY).exists()
    told = set(Letter.objects.filter(kind="announced").values_list("address", flat=True))
    assert told == {
        actor.user and actor.user.email for actor in (scene.cast.aliya, scene.cast.dana)
    }


def test_only_the_authorised_body_prepares_a_prize_and_only_one_a_year(clock):
    clock.set(PREPARED)
    scene = scenes.drafted()
    again = round_draft.begin(scene.cast.ministry, YEAR, actor=scene.cast.saule)
    assert again == scene.round
    with pytest.raises(Refused, match="not_yours"):
        round_draft.edit(scene.round, {"text_kk": "x"}, actor=scene.cast.aliya)
    with pytest.raises(Refused, match="not_yours"):
        ROUND.take("announce", scene.round, actor=scene.cast.gulnara)


# --- The end of acceptance and the list ----------------------------------------------------------


@pytest.mark.req("PR-012")
def test_acceptance_ends_with_the_last_second_of_the_first_of_september_and_by_nobody(clock):
    clock.set(LAST)
    scene = scenes.announced()
    assert not closing.close_due().closed
    with pytest.raises(Refused, match="acceptance_open"):
        ROUND.take(CLOSE, scene.round, actor=SYSTEM)
    clock.set(AFTER)
    with pytest.raises(Refused, match="not_yours"):
        ROUND.take(CLOSE, scene.round, actor=scene.cast.saule)
    assert closing.close_due().closed == [scene.round]


@pytest.mark.req("PR-026", "PR-027")
def test_the_list_waits_for_every_decision_and_then_names_ngo_and_direction(clock):
    clock.set(AFTER)
    scene, mine, theirs = scenes.two_applicants()
    saule = scene.cast.saule
    APPLICATION.take("admit", mine, actor=saule)
    with pytest.raises(Refused, match="not_looked_at"):
        ROUND.take("list", scene.round, actor=saule)
    APPLICATION.take("refuse", theirs, actor=saule, ground="papers", reason="Анықтама жоқ.")
    assert queries.applicants(scene.round) == []
    assert theirs.known.state == "submitted"
    clock.set(house_clock.end_of(date(YEAR, 9, 13)))
    assert not ROUND.findings("list", scene.round, saule)
    clock.set(house_clock.at(date(YEAR, 9, 14)))
    assert [one.code for one in ROUND.findings("list", scene.round, saule)] == ["listed_late"]
    ROUND.take("list", scene.round, actor=saule)
    listed = {row.direction.field: row.applicants for row in queries.applicants(scene.round)}
    assert [one.organisation for one in listed[scenes.HEALTH]] == [scene.cast.ngo]
    assert listed[scenes.YOUTH] == []
    theirs.refresh_from_db()
    assert theirs.known.state == "refused"
    letter = Letter.objects.get(kind="listed", recipient=scene.cast.dana.user)
    assert "Анықтама жоқ." in letter.body


def test_nothing_is_admitted_before_acceptance_ends_nor_after_the_list(clock):
    clock.set(DURING)
    scene = scenes.announced()
    mine = scenes.submitted(scene)
    with pytest.raises(Refused, match="no_look_now"):
        APPLICATION.take("admit", mine, actor=scene.cast.saule)
    clock.set(AFTER)
    scenes.closed(scene)
    mine.refresh_from_db()
    with pytest.raises(Refused, match="no_ground; no_reason"):
        APPLICATION.take("refuse", mine, actor=scene.cast.saule, ground="", reason=" ")
    APPLICATION.take("refuse", mine, actor=scene.cast.saule, ground="other", reason="Қате")
    APPLICATION.take("reopen", mine, actor=scene.cast.saule)
    APPLICATION.take("admit", mine, actor=scene.cast.saule)
    assert (mine.ground, mine.reason) == ("", "")
    ROUND.take("list", scene.round, actor=scene.cast.saule)
    mine.refresh_from_db()
    with pytest.raises(Refused, match="no_look_now"):
        APPLICATION.take("reopen", mine, actor=scene.cast.saule)

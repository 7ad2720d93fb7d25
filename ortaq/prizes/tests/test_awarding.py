"""From the list of applicants to the diploma: gate, secrecy, exact means, decisions, equal parts, results, transfers."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest

from ortaq.core import clock as house
from ortaq.core.models import Duty, JournalEntry, Letter
from ortaq.core.procedure import Refused
from ortaq.people.actor import actor_for
from ortaq.prizes import standings
from ortaq.prizes.annual_return import prizes_of
from ortaq.prizes.models import Application, Award, Decision, Round
from ortaq.prizes.procedure import awards
from ortaq.prizes.procedure.application_submission import prizes_received
from ortaq.prizes.procedure.judging import panel_of
from ortaq.prizes.queries.award import awards_of
from ortaq.registry.content import known
from ortaq.registry.models import Affiliation
from ortaq.review.evaluating import EVALUATING
from ortaq.review.policy import may_open
from ortaq.review.queries import points_visible_to

from .awarding_scenes import (
    ANOTHER,
    CULTURE,
    HEALTH,
    LISTED,
    PAID,
    PUBLISHED,
    SCORED,
    VULNERABLE,
    YEAR,
    Scene,
    listed,
    published,
    scored,
)

State = Round.State


def at_listed(clock) -> Scene:
    scene = listed()
    clock.set(LISTED)
    return scene


def at_scored(clock) -> Scene:
    scene = scored()
    clock.set(SCORED)
    return scene


def at_paid(clock) -> Scene:
    scene = published()
    clock.set(PAID)
    return scene


def standing(scene: Scene, key: str) -> standings.Standing:
    (found,) = standings.of_round(scene.round, direction=scene.direction(key).pk)
    return found


def open_duties() -> set[str]:
    return set(Duty.objects.filter(done_at=None).values_list("code", flat=True))


# --- Scoring -------------------------------------------------------------------------------------


@pytest.mark.req("PR-032")
def test_nothing_opens_before_the_declaration_and_never_with_a_conflict(db, clock):
    scene = at_listed(clock)
    scene.take("appoint", people=[scene.erlan, scene.zhanar])
    erlan = actor_for(scene.erlan)
    assert not any(may_open(erlan, scene.dossier(name)) for name in scene.applications)

    scene.declare(scene.erlan, {"Әлем": "Ағам сонда істейді."})

    opened = {name for name in scene.applications if may_open(erlan, scene.dossier(name))}
    assert opened == {"Қамқор", "Үміт"}
    # The sheet of an applicant with a conflict is not waited for.
    for name in opened:
        scene.sign(scene.erlan, name, (5, 5, 5))
    waiting = EVALUATING.findings("close", panel_of(scene.round), scene.gulnara)
    assert scene.erlan.short_name not in str([str(one.message) for one in waiting])


@pytest.mark.req("PR-032")
def test_a_tie_in_a_register_stands_against_a_declaration_without_conflict(db, clock):
    scene = at_listed(clock)
    scene.take("appoint", people=[scene.erlan, scene.zhanar])
    Affiliation.objects.create(
        person=scene.erlan,
        organisation=scene.application("Үміт").organisation,
        kind=Affiliation.Kind.FOUNDER,
        source="жарғы",
    )
    scene.declare(scene.erlan)
    assert not may_open(actor_for(scene.erlan), scene.dossier("Үміт"))


@pytest.mark.req("PR-030")
def test_nobody_sees_the_points_of_others_before_the_scoring_is_completed(db, clock):
    scene = at_listed(clock)
    scene.take("appoint", people=[scene.erlan, scene.zhanar])
    for user in (scene.erlan, scene.zhanar):
        scene.declare(user)
    scene.sign(scene.erlan, "Әлем", (5, 5, 5))
    zhanar = actor_for(scene.zhanar)
    assert not points_visible_to(zhanar).exists()
    assert not points_visible_to(scene.gulnara).exists()
    with pytest.raises(Refused) as refused:
        scene.take("complete")
    assert refused.value.has("sheets_open")

    scene.take("complete", remark="Мерзім өтті.")
    assert scene.round.state == State.DECIDING
    assert points_visible_to(scene.gulnara).count() == 3


@pytest.mark.req("PR-030")
def test_the_round_is_scored_only_by_somebody_named_and_with_applicants(db, clock):
    scene = at_listed(clock)
    with pytest.raises(Refused) as refused:
        scene.take("appoint", people=[])
    assert refused.value.has("nobody_named")
    scene.take("appoint", people=[scene.erlan])
    with pytest.raises(Refused):  # twice
        scene.take("join", people=[scene.erlan])
    scene.take("join", people=[scene.zhanar])
    assert panel_of(scene.round).seats.count() == 2
    assert Letter.objects.filter(kind="scoring").count() == 2
    assert {"declare", "publish_results"} <= open_duties()


@pytest.mark.req("PR-040")
def test_without_any_applicant_no_prize_is_given_and_the_round_ends(db, clock):
    scene = at_listed(clock)
    Application.objects.update(state=Application.State.WITHDRAWN)
    scene.take("pass_over")
    awards.publish(scene.round, actor=scene.gulnara)
    assert (scene.round.state, Award.objects.count()) == (State.ENDED, 0)
    assert not open_duties() & {"publish_results", "pay_prizes", "hand_diplomas"}


# --- Decisions -----------------------------------------------------------------------------------


@pytest.mark.req("PR-030", "PR-031", "PR-033")
def test_the_best_exact_mean_of_each_direction_is_proposed_and_equal_ones_together(db, clock):
    scene = at_scored(clock)
    shared, alone = standing(scene, VULNERABLE), standing(scene, HEALTH)
    assert [one.mean for one in shared.nominees] == [Fraction(27, 2)] * 2
    assert set(shared.result.proposed) == {one.key for one in shared.nominees}
    assert alone.nominees[0].means["contribution"] == Fraction(9, 2)
    assert (len(alone.nominees), alone.result.proposed) == (1, (alone.nominees[0].key,))


@pytest.mark.req("PR-033", "PR-036")
def test_an_uneven_prize_is_shared_only_with_a_decision_on_what_is_left_over(db, clock):
    scene = at_scored(clock)
    with pytest.raises(Refused) as refused:
        scene.decide(VULNERABLE, "Әлем", "Қамқор")
    assert refused.value.has("remainder_open")

    scene.decide(VULNERABLE, "Әлем", "Қамқор", remainder="first")
    assert [scene.award(name).share_tiyn for name in ("Әлем", "Қамқор")] == [
        500_000_001,
        500_000_000,
    ]

    scene.decide(VULNERABLE, "Әлем", "Қамқор", remainder="budget", version=1)
    assert {one.share_tiyn for one in Award.objects.all()} == {500_000_000}
    assert Decision.objects.get().remainder_tiyn == 1


@pytest.mark.req("PR-033", "PR-040")
def test_the_officer_may_decide_otherwise_with_reasons_and_nobody_overwrites_unseen(db, clock):
    scene = at_scored(clock)
    with pytest.raises(Refused) as refused:
        scene.decide(HEALTH, reason_ru=" ")
    assert refused.value.has("no_reason")
    scene.decide(HEALTH)  # nobody is worthy
    assert not Award.objects.exists()
    entry = JournalEntry.objects.filter(step="decide").last()
    assert entry is not None
    assert entry.facts["as_proposed"] is False
    with pytest.raises(Refused) as refused:  # from a page opened before
        scene.decide(HEALTH, "Үміт")
    assert refused.value.has("changed_meanwhile")
    with pytest.raises(Refused) as refused:
        scene.decide(CULTURE, "Үміт")
    assert refused.value.has("not_an_applicant")


@pytest.mark.req("PR-030", "PR-032", "PR-037")
def test_a_conflict_found_after_the_scoring_changes_the_mean_and_asks_for_a_new_decision(db, clock):
    scene = at_scored(clock)
    scene.decide(VULNERABLE, "Әлем", "Қамқор", remainder="budget")
    scene.decide(HEALTH, "Үміт")
    EVALUATING.take(
        "discover",
        panel_of(scene.round),
        actor=actor_for(scene.erlan),
        organisation=scene.application("Қамқор").organisation,
        explanation="Туысым сонда істейді.",
    )
    assert standing(scene, VULNERABLE).result.proposed == (scene.application("Әлем").number,)
    with pytest.raises(Refused) as refused:
        awards.publish(scene.round, actor=scene.gulnara)
    assert [one.code for one in refused.value.findings] == ["decision_lapsed"]


@pytest.mark.req("PR-037")
def test_results_are_known_to_nobody_before_all_directions_are_decided_and_published(db, clock):
    scene = at_scored(clock)
    scene.decide(HEALTH, "Үміт")
    with pytest.raises(Refused) as refused:
        awards.publish(scene.round, actor=scene.gulnara)
    assert [one.code for one in refused.value.findings] == ["not_decided"]
    ngo = scene.application("Үміт").organisation
    assert not awards_of(ngo).exists()

    scene.decide(VULNERABLE, "Әлем", "Қамқор", remainder="budget")
    clock.set(house.at(date(YEAR, 12, 2), 9))  # a day late: a breach, and still published
    awards.publish(scene.round, actor=scene.gulnara)

    entry = JournalEntry.objects.filter(step="publish").last()
    assert entry is not None
    assert entry.facts["late"] is True
    assert awards_of(ngo).get().share_tiyn == 900_000_000
    assert scene.application("Үміт").state == Application.State.AWARDED
    assert Letter.objects.filter(kind="prize_outcome").count() == 3


# --- Diplomas and money --------------------------------------------------------------------------


@pytest.mark.req("PR-021", "PR-038", "PR-039")
def test_the_prize_goes_to_the_account_of_the_certificate_to_the_tiyn(db, clock):
    scene = at_paid(clock)
    share = scene.award("Әлем").share_tiyn
    for wrong, code in (
        ({"paid_tiyn": share - 1}, "not_the_share"),
        ({"account": "KZ00125KZT1001300335"}, "no_account"),
        ({"account": ANOTHER}, "accounts_differ"),
        ({"paid_on": date(YEAR, 12, 19)}, "day_ahead"),
        ({"paid_on": date(YEAR, 11, 26)}, "day_before"),
        ({"paid_on": None}, "no_day"),
    ):
        with pytest.raises(Refused) as refused:
            scene.pay("Әлем", **wrong)
        assert refused.value.has(code)
    scene.pay("Әлем", account=f" {ANOTHER.lower()} ", account_remark="Шот ауыстырылды.")
    assert scene.award("Әлем").account == ANOTHER
    assert scene.award("Әлем").account_masked == "KZ48 •••• 0336"
    assert not scene.award("Әлем").paid_late

    clock.set(house.at(date(YEAR, 12, 21), 9))  # a day late: recorded, and said
    scene.pay("Үміт")
    assert scene.award("Үміт").paid_late


@pytest.mark.req("PR-006", "PR-007", "PR-038", "PR-039")
def test_the_round_ends_with_the_last_diploma_and_transfer_and_the_three_years_begin(db, clock):
    scene = at_paid(clock)
    ngo = scene.application("Үміт").organisation
    assert prizes_received(ngo) == [house.day_of(PUBLISHED)]  # until the transfer is recorded
    assert {"hand_diplomas", "pay_prizes"} <= open_duties()

    for number, name in enumerate(scene.applications, 1):
        scene.pay(name)
        scene.hand(name, f"{YEAR}-{number}")  # numbered and printed first
        scene.hand(name, f"{YEAR}-{number}", date(YEAR, 12, 18))

    scene.round.refresh_from_db()
    assert scene.round.state == State.ENDED
    assert not open_duties() & {"hand_diplomas", "pay_prizes"}
    assert prizes_received(ngo) == [date(YEAR, 12, 18)]
    with pytest.raises(Refused) as refused:
        scene.hand("Үміт", f"{YEAR}-1")
    assert refused.value.has("number_taken")


@pytest.mark.req("NG-011")
def test_the_annual_return_of_the_year_offers_the_prize_with_what_was_paid(db, clock):
    scene = at_scored(clock)
    ngo = scene.application("Үміт").organisation_id
    scene.decide(VULNERABLE, "Әлем", "Қамқор", remainder="first")
    scene.decide(HEALTH, "Үміт")
    assert list(prizes_of(ngo, YEAR)) == []  # decided, and nobody may know of it

    clock.set(PUBLISHED)
    awards.publish(scene.round, actor=scene.gulnara)
    (held,) = prizes_of(ngo, YEAR)
    assert (held.source, held.paid_tiyn, held.starts_on) == ("prize", 0, house.day_of(PUBLISHED))
    due = scene.round.payment_due
    assert due is not None
    assert held.ends_on == house.day_of(due)
    clock.set(PAID)
    scene.pay("Үміт")

    (held,) = known.held(ngo, YEAR)
    share = scene.award("Үміт").share_tiyn
    assert (held.amount_tiyn, held.paid_tiyn, held.row["to"]) == (share, share, f"{YEAR}-12-18")
    assert list(prizes_of(ngo, YEAR + 1)) == []

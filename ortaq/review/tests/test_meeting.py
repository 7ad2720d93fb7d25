"""The meeting: points open, their authors may change them, ties are decided and minuted."""

from fractions import Fraction
from typing import Any

import pytest

from ortaq import law
from ortaq.core import journal
from ortaq.core.procedure import Refused
from ortaq.people.actor import actor_for
from ortaq.review import panels, queries
from ortaq.review import scoring as marking
from ortaq.review.models import MarkChange, Panel, ScoreSheet, TieDecision
from ortaq.review.procedure import SHEET
from ortaq.review.procedure.meeting import save_minutes

from .scenes import FULL, an_expert, meeting, person, scoring, sign

pytestmark = pytest.mark.django_db
BETTER = FULL | {"S3_content": 7}
WORSE = dict.fromkeys(FULL, 1)
CONTEST = "grants.lot:1"


def refusal(scene, step, actor=None, **facts):
    with pytest.raises(Refused) as refused:
        scene.take(step, actor, **facts)
    return [finding.code for finding in refused.value.findings]


def attend(scene, *users):
    seats = scene.panel.seats.filter(person__in=users or scene.members, until=None)
    scene.panel.meeting.present.set(seats)


def elect(scene):
    first, *others = scene.members
    for user in others:
        scene.take("vote", actor_for(user), office="chair", candidate=scene.seat(first))


@pytest.mark.req("GR-S-13")
def test_points_are_changed_at_the_meeting_by_their_author_with_a_reason_and_both_values_stay():
    scene = meeting()
    dossier = scene.dossiers[0]
    sheet = ScoreSheet.objects.get(dossier=dossier, seat__person=scene.cast.erlan)
    erlan = scene.cast.actor("erlan")
    change: dict[str, Any] = {
        "criterion": "S3_content",
        "points": 7,
        "reason": "Талқылаудан кейін.",
    }

    def refused(actor, **other):
        with pytest.raises(Refused) as found:
            SHEET.take("change", sheet, actor=actor, **change | other)
        return [finding.code for finding in found.value.findings]

    assert refused(actor_for(scene.members[1])) == ["not_yours"]
    assert refused(scene.operator) == ["not_yours"]
    assert refused(erlan, reason=" ") == ["no_reason"]
    assert refused(erlan, points=8) == ["points_not_allowed"]
    assert refused(erlan, points=FULL["S3_content"]) == ["points_unchanged"]
    assert refused(erlan, criterion="S6_region", points=3) == ["points_not_allowed"]
    SHEET.take("change", sheet, actor=erlan, **change)
    kept = MarkChange.objects.get()
    assert (kept.before, kept.after, kept.reason) == (4, 7, "Талқылаудан кейін.")
    dossier.refresh_from_db()
    assert (sheet.total, dossier.points) == (18, 4 * 15 + 3)
    entry = journal.history(sheet).last()
    assert entry is not None
    assert (entry.step, entry.facts["before"], entry.facts["after"]) == ("change", 4, 7)


@pytest.mark.req("GR-S-13")
def test_before_and_after_the_meeting_points_do_not_change():
    scene = scoring()
    sheet = sign(scene, scene.cast.erlan, scene.dossiers[0])
    change: dict[str, Any] = {"criterion": "S3_content", "points": 7, "reason": "Ойландым."}
    with pytest.raises(Refused) as refused:
        SHEET.take("change", sheet, actor=scene.cast.actor("erlan"), **change)
    assert [f.code for f in refused.value.findings] == ["no_meeting"]
    scene.panel.state = Panel.State.CLOSED
    scene.panel.save()
    with pytest.raises(Refused):
        SHEET.take("change", sheet, actor=scene.cast.actor("erlan"), **change)


@pytest.mark.req("GR-S-12", "GR-S-13")
def test_dossiers_rank_by_their_exact_mean_and_equal_means_share_a_place():
    scene = meeting(dossiers=3, points=(FULL, BETTER, FULL))
    standings = queries.ranking([CONTEST])[CONTEST]
    first, second, third = scene.dossiers
    assert [(s.dossier, s.place, s.mean) for s in standings] == [
        (second.pk, 1, Fraction(18)),
        (first.pk, 2, Fraction(15)),
        (third.pk, 2, Fraction(15)),
    ]


@pytest.mark.req("GR-S-13")
def test_a_ranking_shows_a_reader_only_what_they_may_discuss():
    scene = meeting(dossiers=2)
    erlan = scene.cast.actor("erlan")
    scene.take("recuse", erlan, organisation=scene.cast.rival, explanation="Таныс екенбіз.")
    own, _rivals = scene.dossiers
    assert [s.dossier for s in queries.ranking([CONTEST], erlan)[CONTEST]] == [own.pk]
    assert len(queries.ranking([CONTEST], scene.operator)[CONTEST]) == 2
    assert queries.ranking([CONTEST], scene.cast.actor("aliya")) == {}
    assert queries.ranking([CONTEST], scoring().operator) == {}


@pytest.mark.req("GR-S-13")
def test_a_tie_above_the_threshold_is_decided_by_votes_with_a_reason_and_stays():
    scene = meeting(dossiers=3, points=(BETTER, BETTER, FULL))
    first, second, third = scene.dossiers
    tied = queries.ties(scene.panel)
    assert tied == {CONTEST: [first, second]}
    attend(scene)
    facts: dict[str, Any] = {
        "winner": second,
        "votes_for": 3,
        "votes_against": 1,
        "reason": "Өңірді көбірек қамтиды.",
    }
    assert refusal(scene, "decide_tie", **facts | {"winner": third}) == ["no_tie"]
    assert refusal(scene, "decide_tie", **facts | {"winner": None}) == ["no_tie"]
    assert refusal(scene, "decide_tie", **facts | {"votes_for": 4}) == ["too_many_votes"]
    assert refusal(scene, "decide_tie", **facts | {"votes_for": 1, "votes_against": 3}) == [
        "no_majority"
    ]
    assert refusal(scene, "decide_tie", **facts | {"votes_for": None}) == ["no_votes"]
    assert refusal(scene, "decide_tie", **facts | {"reason": ""}) == ["no_reason"]
    assert refusal(scene, "decide_tie", scene.cast.actor("erlan"), **facts) == ["not_yours"]
    scene.take("decide_tie", scene.secretary, **facts)
    assert TieDecision.objects.get().winner == second
    assert refusal(scene, "decide_tie", **facts | {"winner": first}) == ["tie_decided"]


def decide(scene, winner, votes=(3, 1), **facts):
    scene.take(
        "decide_tie",
        winner=winner,
        votes_for=votes[0],
        votes_against=votes[1],
        reason="Өңірді көбірек қамтиды.",
        **facts,
    )


def change(scene, user, dossier, points):
    sheet = ScoreSheet.objects.get(dossier=dossier, seat__person=user)
    actor, facts = actor_for(user), {"criterion": "S3_content", "points": points}
    SHEET.take("change", sheet, actor=actor, **facts, reason="Талқылаудан кейін.")


@pytest.mark.req("GR-S-13")
def test_points_of_a_contest_whose_tie_is_decided_no_longer_change():
    scene = meeting(dossiers=3, points=(BETTER, BETTER, FULL))
    first, second, third = scene.dossiers
    attend(scene)
    change(scene, scene.cast.erlan, third, 5)
    decide(scene, second)
    for dossier in (first, third):
        with pytest.raises(Refused) as refused:
            change(scene, scene.cast.erlan, dossier, 6)
        assert [finding.code for finding in refused.value.findings] == ["tie_decided"]
    assert MarkChange.objects.count() == 1


@pytest.mark.req("GR-S-13", "GR-C-11")
def test_a_recusal_that_makes_another_tie_asks_for_a_new_decision_and_the_old_one_stays(client):
    # Erlan lifts the first and third above the second; without him all three are equal.
    scene = scoring(dossiers=3)
    first, second, third = scene.dossiers
    for user in scene.members:
        own = user == scene.cast.erlan
        sign(scene, user, first, BETTER)
        sign(scene, user, second, WORSE if own else BETTER)
        sign(scene, user, third, BETTER)
    panels.begin_meeting(scene.panel, actor=scene.operator)
    attend(scene)
    elect(scene)
    save_minutes(
        scene.panel.meeting, place="Астана", minutes_kk="Хаттама", minutes_ru="Протокол", version=0
    )
    decide(scene, third)
    assert queries.ties(scene.panel) == {CONTEST: [first, third]}
    # The second dossier is the rival's: with Erlan's sheet its low points go.
    erlan = scene.cast.actor("erlan")
    scene.take("recuse", erlan, organisation=scene.cast.rival, explanation="Таныс екенбіз.")
    assert queries.ties(scene.panel) == {CONTEST: [first, second, third]}
    assert refusal(scene, "close_meeting") == ["ties_open"]
    client.force_login(scene.cast.saule)
    address = f"/review/panels/{scene.panel.pk}/meeting/"
    page = client.get(address)
    assert [decision.winner for decision in page.context["lapsed"]] == [third]
    client.force_login(scene.cast.erlan)  # who may not know of the second, so not of this tie
    assert client.get(address).context["ties"] == []
    change(scene, scene.members[1], first, 6)  # the contest is open again
    change(scene, scene.members[1], first, 7)
    decide(scene, second)
    scene.take("close_meeting", scene.secretary)
    assert [decision.winner for decision in TieDecision.objects.order_by("id")] == [third, second]


@pytest.mark.req("GR-C-11", "GR-C-12", "GR-S-01")
def test_an_application_that_lost_its_last_points_at_the_meeting_is_scored_there(client):
    scene = scoring(members=1, dossiers=2)
    own, rivals = scene.dossiers
    for dossier in (own, rivals):
        sign(scene, scene.cast.erlan, dossier)
    panels.begin_meeting(scene.panel, actor=scene.operator)
    newcomer = an_expert(scene.cast, person("Нұрланов"))
    taken: dict[str, Any] = {"expert": newcomer, "confirmed": True}
    assert refusal(scene, "seat", **taken) == ["not_needed"]
    erlan = scene.cast.actor("erlan")
    scene.take("recuse", erlan, organisation=scene.cast.rival, explanation="Таныс екенбіз.")
    assert "not_scored" in refusal(scene, "close_meeting")
    client.force_login(scene.cast.gulnara)
    assert client.get(f"/review/panels/{scene.panel.pk}/seats/").context["may_seat"]
    scene.take("seat", **taken)
    assert not queries.dossiers_open_to(actor_for(newcomer.person)).exists()
    scene.declare(newcomer.person)
    with pytest.raises(Refused) as refused:
        sign(scene, newcomer.person, own)
    assert [finding.code for finding in refused.value.findings] == ["scoring_over"]
    sign(scene, newcomer.person, rivals)
    assert "not_scored" not in refusal(scene, "close_meeting")


@pytest.mark.req("GR-S-13", "GR-C-14")
def test_at_the_meeting_nobody_is_released_whose_points_count():
    scene = meeting()
    seat = scene.seat(scene.cast.erlan)
    assert refusal(scene, "release", seat=seat, reason="Өз өтініші.") == ["points_lost"]
    assert not ScoreSheet.objects.filter(state=ScoreSheet.State.SET_ASIDE).exists()
    for organisation in (scene.cast.ngo, scene.cast.rival):
        erlan = scene.cast.actor("erlan")
        scene.take("recuse", erlan, organisation=organisation, explanation="Таныс екенбіз.")
    scene.take("release", seat=scene.seat(scene.cast.erlan), reason="Өз өтініші.")


@pytest.mark.req("GR-S-13", "GR-S-14")
def test_an_equal_score_that_is_not_above_half_needs_no_decision():
    # 12.5 is half of 25: totals of 12 and 13 each would be equal at exactly the threshold.
    scene = meeting(dossiers=2, points=(WORSE, WORSE))
    assert marking.threshold(scene.panel) == Fraction(25, 2)
    assert queries.ties(scene.panel) == {}


@pytest.mark.req("GR-C-13")
def test_the_meeting_closes_when_attendance_minutes_chair_and_ties_are_there():
    scene = meeting(dossiers=2, points=(BETTER, BETTER))
    assert refusal(scene, "close_meeting") == [
        "no_attendance",
        "no_minutes",
        "no_minutes",
        "no_chair",
        "ties_open",
    ]
    attend(scene)
    record = scene.panel.meeting
    assert save_minutes(
        record, place="Астана", minutes_kk="Хаттама", minutes_ru="Протокол", version=0
    )
    elect(scene)
    scene.take(
        "decide_tie",
        scene.secretary,
        winner=scene.dossiers[0],
        votes_for=3,
        votes_against=1,
        reason="Өңірді көбірек қамтиды.",
    )
    assert refusal(scene, "close_meeting", scene.cast.actor("erlan")) == ["not_yours"]
    scene.take("close_meeting", scene.secretary)
    assert scene.panel.state == Panel.State.CLOSED
    record.refresh_from_db()
    assert record.closed_at is not None
    entry = journal.history(scene.panel).last()
    assert entry is not None
    assert len(entry.facts["present"]) == 4
    # What was minuted stays.
    assert not save_minutes(
        record, place="Алматы", minutes_kk="Басқа", minutes_ru="Иное", version=1
    )
    assert record.minutes_kk == "Хаттама"


def test_minutes_of_two_windows_do_not_overwrite_each_other(client):
    scene = meeting()
    client.force_login(scene.cast.saule)
    address = f"/review/panels/{scene.panel.pk}/meeting/"
    first = {"place": "Астана", "minutes_kk": "Бірінші", "minutes_ru": "", "version": 0}
    assert client.post(address, first, headers={"HX-Request": "true"}).status_code == 200
    answer = client.post(address, first | {"minutes_kk": "Екінші"})
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "Екінші" in page
    assert "Бірінші" in page
    scene.panel.meeting.refresh_from_db()
    assert scene.panel.meeting.minutes_kk == "Бірінші"


def test_the_secretary_keeps_attendance_and_decides_a_tie_on_the_page(client):
    scene = meeting(dossiers=2, points=(BETTER, BETTER))
    client.force_login(scene.cast.saule)
    address = f"/review/panels/{scene.panel.pk}/meeting/"
    present = [scene.seat(user).pk for user in scene.members]
    client.post(address, {"action": "attendance", "present": [*present, "x", "999999"]})
    assert scene.panel.meeting.present.count() == 4
    tie: dict[str, Any] = {
        "action": "tie",
        "contest": CONTEST,
        "winner": scene.dossiers[1].pk,
        "votes_for": 4,
        "votes_against": 0,
        "reason": "Өңірді көбірек қамтиды.",
    }
    assert client.post(address, tie | {"winner": "abc"}).status_code == 409
    assert client.post(address, tie).status_code == 302
    assert TieDecision.objects.get().winner == scene.dossiers[1]
    # A member reads the decision and cannot write.
    client.force_login(scene.cast.erlan)
    assert "Өңірді көбірек қамтиды." in client.get(address).content.decode()
    assert client.post(address, {"action": "attendance"}).status_code == 404


def test_a_member_changes_their_own_points_on_the_page(client):
    scene = meeting()
    dossier = scene.dossiers[0]
    address = f"/review/dossiers/{dossier.pk}/points/"
    client.force_login(scene.cast.erlan)
    typed = {"criterion": "S1_capacity", "points": "5", "reason": "Талқылаудан кейін."}
    assert client.post(address, typed | {"points": "99"}).status_code == 200
    assert not MarkChange.objects.exists()
    assert client.post(address, typed).status_code == 302
    assert "Талқылаудан кейін." in client.get(address).content.decode()
    client.force_login(scene.cast.gulnara)
    assert client.post(address, typed).status_code == 404


@pytest.mark.req("GR-S-13")
@pytest.mark.parametrize(
    ("total", "others", "far"),
    [
        (25, [10, 11, 12], True),  # 14 from the median of 11; the limit is 5
        (16, [11, 11, 11], False),  # exactly the limit
        (17, [11, 11, 11], True),
        (25, [10], False),  # two sheets say nothing about which is the odd one
        (12, [5, 8, 9, 12], False),  # the median of an even number is exact: 17/2
    ],
)
def test_a_sheet_far_from_the_median_of_the_others_is_hinted_at(total, others, far):
    rubric = law.edition("grants_rules", "2020").rubric("GRANT-S7").given()
    found = marking.hint(rubric, total, others)
    assert (found is not None) == far
    if found:
        assert found.difference == abs(total - found.median)
        assert found.limit == 5


def test_the_hint_is_shown_at_the_meeting_with_its_numbers(client):
    scene = scoring(dossiers=1)
    (dossier,) = scene.dossiers
    for user in scene.members[1:]:
        sign(scene, user, dossier, WORSE)
    sign(scene, scene.cast.erlan, dossier, BETTER)
    panels.begin_meeting(scene.panel, actor=scene.operator)
    client.force_login(scene.members[1])
    page = client.get(f"/review/dossiers/{dossier.pk}/points/")
    assert [(one.person, one.hint.difference) for one in page.context["far"]] == [
        (scene.cast.erlan, Fraction(13))
    ]


@pytest.mark.parametrize("number", [1, 3])
def test_the_pages_of_the_meeting_take_the_same_queries_for_one_and_three(
    client, number, django_assert_num_queries
):
    scene = meeting(dossiers=number)
    client.force_login(scene.cast.gulnara)
    address = f"/review/dossiers/{scene.dossiers[0].pk}/points/"
    with django_assert_num_queries(7):
        # session, user, memberships; panel, seat, meeting; dossiers
        client.get(f"/review/panels/{scene.panel.pk}/points/")
    with django_assert_num_queries(8):
        # session, user, memberships; dossier, panel, seat; sheets, changes
        client.get(address)

"""The score sheet: proposed from ticks, saved at every keystroke, signed and locked."""

import re
from datetime import date, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ortaq import law
from ortaq.core import clock as core_clock
from ortaq.core import journal
from ortaq.core.models import Duty, Letter
from ortaq.core.procedure import Refused
from ortaq.people.actor import actor_for
from ortaq.review import scoring as marking
from ortaq.review.models import SCALE, Dossier, ScoreSheet
from ortaq.review.procedure import SHEET
from ortaq.review.procedure.sheet import save_draft

from .scenes import FULL, final, marks, open_dossiers, scoring, sign

pytestmark = pytest.mark.django_db
RUBRIC = law.edition("grants_rules", "2020").rubric("GRANT-S7")
REPUBLICAN = RUBRIC.given()


def typed(points=None, window="w1", version=0, **fields):
    """A sheet as a browser posts it."""
    form = {f"{key}-points": value for key, value in (FULL if points is None else points).items()}
    return {"window": window, "version": version, **form, **fields}


def htmx(client, address, data):
    return client.post(address, data, headers={"HX-Request": "true"})


def version_in(answer):
    (version,) = re.findall(r'name="version" value="(\d+)"', answer.content.decode())
    return int(version)


# --- Marks -------------------------------------------------------------------------------------


@pytest.mark.req("GR-S-10", "GR-X-02")
@pytest.mark.parametrize(
    ("criterion", "ticks", "fully", "points"),
    [
        ("S1_capacity", 1, False, 2),
        ("S1_capacity", 4, False, 5),
        ("S2_specialists", 1, False, 1),
        ("S2_specialists", 3, False, 3),
        ("S3_content", 4, False, 5),
        ("S3_content", 5, False, 6),
        ("S3_content", 5, True, 7),
        ("S5_budget_terms", 2, False, 3),
    ],
)
def test_ticks_propose_the_level(criterion, ticks, fully, points):
    data = {f"{criterion}-ticks": list(range(ticks))} | (
        {f"{criterion}-fully": "on"} if fully else {}
    )
    assert marking.read(REPUBLICAN, data, {})[criterion]["points"] == points


@pytest.mark.req("GR-S-10")
def test_points_follow_the_ticks_until_the_expert_decides_otherwise():
    before = marking.read(REPUBLICAN, {"S1_capacity-ticks": [0]}, {})
    assert before["S1_capacity"]["points"] == 2
    moved = {"S1_capacity-ticks": [0, 1], "S1_capacity-points": "2"}
    assert marking.read(REPUBLICAN, moved, before)["S1_capacity"]["points"] == 3
    chosen = {"S1_capacity-ticks": [0, 1], "S1_capacity-points": "5"}
    after = marking.read(REPUBLICAN, chosen, before)
    assert after["S1_capacity"]["points"] == 5
    assert [f.about for f in marking.deviations(REPUBLICAN, after)] == ["S1_capacity"]
    # A browser that has followed already is taken at its word.
    assert marking.read(REPUBLICAN, moved | {"live": "1"}, before)["S1_capacity"]["points"] == 2


@pytest.mark.req("GR-S-03")
@given(
    st.dictionaries(
        st.sampled_from(
            [
                f"{c.key}-{f}"
                for c in RUBRIC.criteria
                for f in ("points", "ticks", "fully", "comment")
            ]
        ),
        st.text(),
    )
)
def test_whatever_is_posted_a_mark_is_lawful_or_missing(data):
    for key, mark in marking.read(
        RUBRIC, {k: [v] if k.endswith("ticks") else v for k, v in data.items()}, {}
    ).items():
        criterion = RUBRIC.criterion(key)
        assert mark["points"] is None or mark["points"] in criterion.allowed
        assert all(0 <= n < len(criterion.sub_items) for n in mark["ticks"])


@pytest.mark.req("GR-S-03", "GR-X-03")
def test_the_lowest_points_and_a_level_that_is_not_printed_need_a_comment():
    full = marks()
    assert marking.check(REPUBLICAN, full) == []
    lowest = full | marks({"S1_capacity": 1}, S1_capacity=" ")
    assert [(f.code, f.about) for f in marking.check(REPUBLICAN, lowest)] == [
        ("comment_missing", "S1_capacity")
    ]
    # Criterion 2 has no level for "none of the sub-items": whatever is given is explained.
    unprinted = full | marks({"S2_specialists": 3}, S2_specialists="")
    assert [(f.code, f.about) for f in marking.check(REPUBLICAN, unprinted)] == [
        ("comment_missing", "S2_specialists")
    ]
    missing = {key: mark for key, mark in full.items() if key != "S3_content"}
    assert [(f.code, f.about) for f in marking.check(REPUBLICAN, missing)] == [
        ("points_missing", "S3_content")
    ]


@pytest.mark.req("GR-S-09", "GR-X-04")
def test_experience_in_the_region_is_asked_only_for_local_budgets():
    scene = scoring()
    assert "S6_region" not in marking.rubric_of(scene.panel).keys
    scene.panel.local_budget = True
    assert marking.rubric_of(scene.panel).criterion("S6_region").allowed == (0, 3)


@given(st.lists(st.integers(5, 28), min_size=1, max_size=15))
@pytest.mark.req("GR-S-12")
def test_the_stored_score_is_exactly_the_mean(totals):
    assert Fraction(sum(totals) * SCALE // len(totals), SCALE) == law.mean(totals)


# --- Saving ----------------------------------------------------------------------------------------


def test_the_sheet_saves_itself_and_says_so(client):
    scene = scoring()
    client.force_login(scene.cast.erlan)
    address = f"/review/dossiers/{scene.dossiers[0].pk}/"
    answer = htmx(client, address, typed({"S1_capacity": 4}, **{"S1_capacity-comment": "Жақ"}))
    assert (answer.status_code, version_in(answer)) == (200, 1)
    answer = htmx(
        client, address, typed({"S1_capacity": 4}, version=1, **{"S1_capacity-comment": "Жақсы"})
    )
    sheet = ScoreSheet.objects.get()
    assert (sheet.version, sheet.marks["S1_capacity"]["comment"]) == (2, "Жақсы")
    assert "Жақсы" in client.get(address).content.decode()


def test_without_scripts_the_same_form_saves_proposes_and_leads_to_signing(client):
    scene = scoring()
    client.force_login(scene.cast.erlan)
    address = f"/review/dossiers/{scene.dossiers[0].pk}/"
    answer = client.post(address, {"version": 0, "window": "w", "S1_capacity-ticks": [0, 1]})
    assert answer.url == address
    assert ScoreSheet.objects.get().marks["S1_capacity"]["points"] == 3
    assert 'value="3" checked' in client.get(address).content.decode()
    answer = client.post(address, typed(version=1, action="sign"))
    assert answer.url == f"{address}sign/"


def test_two_windows_of_one_expert_never_overwrite_each_other(client):
    scene = scoring()
    client.force_login(scene.cast.erlan)
    address = f"/review/dossiers/{scene.dossiers[0].pk}/"
    htmx(client, address, typed({"S1_capacity": 4}, window="first"))
    stale = typed({"S1_capacity": 2}, window="second", **{"S1_capacity-comment": "Екінші"})
    answer = htmx(client, address, stale)
    page = answer.content.decode()
    assert "Екінші" in page  # mine
    assert ScoreSheet.objects.get().marks["S1_capacity"]["points"] == 4
    # The answer carries the version, so whoever has seen both may decide.
    htmx(client, address, stale | {"version": version_in(answer)})
    assert ScoreSheet.objects.get().marks["S1_capacity"]["comment"] == "Екінші"
    # Without scripts: the typed text stands in its field, the saved one beside it.
    answer = client.post(
        address, typed({"S1_capacity": 5}, window="third", **{"S1_capacity-comment": "Үшінші"})
    )
    assert answer.status_code == 409
    assert "Үшінші</textarea>" in answer.content.decode()
    assert "Екінші" in answer.content.decode()


def test_one_window_whose_answer_was_lost_goes_on(client):
    scene = scoring()
    client.force_login(scene.cast.erlan)
    address = f"/review/dossiers/{scene.dossiers[0].pk}/"
    for points in (2, 3, 4):  # each still based on version 0: no answer ever arrived
        htmx(client, address, typed({"S1_capacity": points}))
    assert ScoreSheet.objects.get().marks["S1_capacity"]["points"] == 4


def test_a_text_of_a_megabyte_is_refused_with_the_limit_and_stays_in_its_field(client):
    scene = scoring()
    client.force_login(scene.cast.erlan)
    address = f"/review/dossiers/{scene.dossiers[0].pk}/"
    htmx(client, address, typed({"S1_capacity": 4}))
    huge = typed({"S1_capacity": 4}, version=1, **{"S1_capacity-comment": "ә" * 1_000_000})
    assert htmx(client, address, huge).status_code == 409
    answer = client.post(address, huge)
    assert answer.status_code == 422
    page = answer.content.decode()
    assert str(marking.COMMENT_LIMIT) in page
    assert "ә" * 1000 in page
    assert ScoreSheet.objects.get().version == 1


@pytest.mark.parametrize(
    "wrong",
    [
        {"version": "-1"},
        {"version": "9" * 40},
        {"version": "abc"},
        {"S1_capacity-points": "99"},
        {"S1_capacity-points": "-1"},
        {"S1_capacity-points": "4.5"},
        {"S1_capacity-ticks": ["99", "x"]},
        {"window": "w" * 500},
        {"S9_unknown-points": "3"},
        {"S1_capacity-comment": "Құпия\0", "S1_capacity-points": "\0"},
    ],
)
def test_bad_input_gives_no_error_and_no_unlawful_mark(client, wrong):
    scene = scoring()
    client.force_login(scene.cast.erlan)
    answer = client.post(f"/review/dossiers/{scene.dossiers[0].pk}/", typed() | wrong)
    assert answer.status_code == 302
    sheet = ScoreSheet.objects.get()
    assert set(sheet.marks) == set(FULL)
    assert sheet.marks["S1_capacity"]["points"] in (None, 1, 2, 3, 4, 5)


def test_scoring_is_light(client, django_assert_max_num_queries):
    scene = scoring()
    client.force_login(scene.cast.erlan)
    address = f"/review/dossiers/{scene.dossiers[0].pk}/"
    client.get(address)
    with django_assert_max_num_queries(7):
        client.get(address)
    with django_assert_max_num_queries(9):
        htmx(client, address, typed())
    with django_assert_max_num_queries(9):
        htmx(client, address, typed(version=1))


# --- Signing ---------------------------------------------------------------------------------------


@pytest.mark.req("GR-S-02", "GR-S-11")
def test_a_signed_sheet_is_locked_and_counts(client):
    scene = scoring()
    client.force_login(scene.cast.erlan)
    dossier = scene.dossiers[0]
    address = f"/review/dossiers/{dossier.pk}/"
    comments = {f"{key}-comment": "Негіздеме." for key in FULL}
    client.post(address, typed(**comments))
    page = client.get(f"{address}sign/").content.decode()
    assert str(sum(FULL.values())) in page
    client.post(f"{address}sign/", {"version": 1})
    sheet = ScoreSheet.objects.get()
    assert (sheet.state, sheet.total) == ("signed", sum(FULL.values()))
    dossier.refresh_from_db()
    assert (dossier.points, dossier.sheets, dossier.score) == (15, 1, 15 * SCALE)
    assert scene.seat(scene.cast.erlan).signed == 1
    # Locked: by the form, by an autosave, by a second signature.
    assert client.post(address, typed({"S1_capacity": 5}, version=1)).status_code == 409
    assert htmx(client, address, typed({"S1_capacity": 5}, version=1)).status_code == 409
    assert client.post(f"{address}sign/", {"version": 1}).status_code == 409
    sheet.refresh_from_db()
    assert sheet.marks["S1_capacity"]["points"] == FULL["S1_capacity"]


@pytest.mark.req("GR-S-03")
def test_an_incomplete_sheet_is_not_signed_and_the_page_says_all_that_is_missing(client):
    scene = scoring()
    client.force_login(scene.cast.erlan)
    address = f"/review/dossiers/{scene.dossiers[0].pk}/"
    client.post(address, typed({"S1_capacity": 1}))
    answer = client.get(f"{address}sign/")
    assert {f.about for f in answer.context["offer"].findings} == set(FULL)
    assert not answer.context["offer"].open
    assert client.post(f"{address}sign/", {"version": 1}).status_code == 409
    assert ScoreSheet.objects.get().state == "draft"


def test_what_is_signed_is_what_was_seen(client):
    scene = scoring()
    erlan = scene.cast.erlan
    dossier = Dossier.objects.select_related("panel").get(pk=scene.dossiers[0].pk)
    seat, other = scene.seat(erlan), marks({**FULL, "S1_capacity": 5})
    sheet = save_draft(dossier, seat, None, marks(), version=0, window="w").sheet
    save_draft(dossier, seat, ScoreSheet.objects.get(), other, version=1, window="w")
    with pytest.raises(Refused) as refused:
        SHEET.take("sign", sheet, actor=actor_for(erlan), version=1)
    assert [f.code for f in refused.value.findings] == ["sheet_changed"]


def test_nobody_signs_for_somebody_else():
    scene = scoring()
    dossier = Dossier.objects.select_related("panel").get(pk=scene.dossiers[0].pk)
    seat = scene.seat(scene.cast.erlan)
    sheet = save_draft(dossier, seat, None, marks(), version=0, window="w").sheet
    for user in (scene.members[1], scene.cast.gulnara, scene.cast.saule, scene.cast.aliya):
        with pytest.raises(Refused) as refused:
            SHEET.take("sign", sheet, actor=actor_for(user))
        assert [f.code for f in refused.value.findings] == ["not_yours"]


@pytest.mark.req("GR-S-01")
def test_fifteen_working_days_with_a_duty_and_then_the_lock(clock, client):
    clock.set(core_clock.at(date(2020, 6, 10), 10))
    scene = final()
    open_dossiers(scene)
    # From Wednesday 10 June: 15 working days end on Wednesday 1 July 2020.
    until = core_clock.end_of(date(2020, 7, 1))
    assert scene.panel.scoring_until == until
    owed = Duty.objects.filter(code="score", done_at=None)
    assert {(d.bearer, d.due_at) for d in owed} == {
        (f"person:{u.pk}", until) for u in scene.members
    }
    assert {x.recipient for x in Letter.objects.filter(kind="scoring")} == set(scene.members)
    client.force_login(scene.cast.erlan)
    address = f"/review/dossiers/{scene.dossiers[0].pk}/"
    clock.set(until)
    assert client.post(address, typed()).status_code == 302  # the last second is in time
    clock.set(until + timedelta(seconds=1))
    assert htmx(client, address, typed({"S1_capacity": 5}, version=1)).status_code == 409
    assert client.post(f"{address}sign/", {"version": 1}).status_code == 409
    assert ScoreSheet.objects.get().marks["S1_capacity"]["points"] == FULL["S1_capacity"]
    assert "disabled" in client.get(address).content.decode()


@pytest.mark.req("GR-S-01")
def test_the_duty_ends_with_the_last_signature():
    scene = scoring()
    erlan = scene.cast.erlan
    owed = Duty.objects.filter(code="score", bearer=f"person:{erlan.pk}", done_at=None)
    sign(scene, erlan, scene.dossiers[0])
    assert owed.count() == 1
    sign(scene, erlan, scene.dossiers[1])
    assert owed.count() == 0
    assert Duty.objects.filter(code="score", done_at=None).count() == 3


@pytest.mark.req("GR-S-01")
def test_the_organiser_prolongs_scoring_with_a_reason_and_the_drafts_open_again(clock):
    clock.set(core_clock.at(date(2020, 6, 10), 10))
    scene = final()
    open_dossiers(scene)
    clock.set(scene.scoring_ends + timedelta(days=1))
    until = core_clock.end_of(date(2020, 7, 10))
    with pytest.raises(Refused):
        scene.take("prolong", until=until, reason=" ")
    scene.take("prolong", until=until, reason="Сарапшы ауырып қалды.")
    assert sign(scene, scene.cast.erlan, scene.dossiers[0]).state == "signed"
    assert {d.due_at for d in Duty.objects.filter(code="score", done_at=None)} != set()


def test_the_journal_keeps_a_hash_of_a_signed_sheet_and_no_points():
    scene = scoring()
    sheet = sign(scene, scene.cast.erlan, scene.dossiers[0])
    entry = journal.history(sheet).get()
    assert set(entry.facts) == {"sha256", "from", "to"}
    # Two sheets with the same points have different hashes: points cannot be guessed back.
    other = sign(scene, scene.members[1], scene.dossiers[0])
    assert other.marks == sheet.marks
    assert journal.history(other).get().facts["sha256"] != entry.facts["sha256"]


def test_a_recusal_in_the_middle_of_scoring_closes_the_page(client):
    scene = scoring()
    client.force_login(scene.cast.erlan)
    address = f"/review/dossiers/{scene.dossiers[0].pk}/"
    client.post(address, typed())
    assert client.post(address, {"action": "recuse", "explanation": " "}).status_code == 409
    answer = client.post(address, {"action": "recuse", "explanation": "Таныс екенбіз."})
    assert answer.url == f"/review/panels/{scene.panel.pk}/dossiers/"
    assert client.get(address).status_code == 404
    assert ScoreSheet.objects.get().state == "set_aside"


@pytest.mark.req("GR-S-01")
def test_the_meeting_waits_for_all_sheets_or_for_the_end_of_the_term(clock):
    from ortaq.review import panels

    clock.set(core_clock.at(date(2020, 6, 10), 10))
    scene = final()
    open_dossiers(scene)
    _idle, *others = scene.members
    for user in others:
        for dossier in scene.dossiers:
            sign(scene, user, dossier)
    with pytest.raises(Refused) as refused:
        panels.begin_meeting(scene.panel, actor=scene.operator)
    assert [f.code for f in refused.value.findings] == ["sheets_open"]
    clock.set(scene.scoring_ends + timedelta(seconds=1))
    panels.begin_meeting(scene.panel, actor=scene.operator)
    assert scene.panel.state == "meeting"


def test_a_dossier_that_nobody_scored_stops_the_meeting(clock):
    from ortaq.review import panels

    clock.set(core_clock.at(date(2020, 6, 10), 10))
    scene = final()
    open_dossiers(scene)
    sign(scene, scene.cast.erlan, scene.dossiers[0])
    clock.set(scene.scoring_ends + timedelta(seconds=1))
    with pytest.raises(Refused) as refused:
        panels.begin_meeting(scene.panel, actor=scene.operator)
    assert [f.code for f in refused.value.findings] == ["not_scored"]

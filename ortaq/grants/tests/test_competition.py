"""The competition's table of steps: what each requires, who may, and the instants that decide."""

from __future__ import annotations

import sys
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.core.management import call_command

from ortaq import law
from ortaq.core import clock as house_clock
from ortaq.core import duties, journal
from ortaq.core.models import CalendarDay, Duty, Letter
from ortaq.core.procedure import SYSTEM, Refused
from ortaq.grants.models import Competition, Extension, Lot, Outcome, PlanVersion
from ortaq.grants.procedure import competition_draft as draft
from ortaq.grants.procedure.competition import COMPETITION, close_due, owed
from ortaq.grants.procedure.plan import new_version
from ortaq.grants.queries import competition as queries
from ortaq.grants.tests import application_scenes, scenes
from ortaq.people.actor import PASSER_BY
from ortaq.people.models import Membership
from ortaq.registry.procedure import record_day
from ortaq.review import panels

State = Competition.State
ROLES = ("aliya", "bolat", "dana", "erlan", "saule", "gulnara", "rival_operator", "passer_by")
A_SECOND = timedelta(seconds=1)


@pytest.fixture
def played(db, clock):
    clock.set(scenes.APPROVED)
    return scenes.cast()


def actor(played, role):
    if role == "passer_by":
        return PASSER_BY
    return scenes.gulnara() if role == "rival_operator" else getattr(played, role)


def last_facts(competition):
    entry = journal.history(competition).last()
    assert entry is not None
    return entry.facts


def codes(refused):
    return [finding.code for finding in refused.value.findings]


# --- The table -----------------------------------------------------------------------------------

STEPS = {
    State.DRAFT: {"announce", "discard"},
    State.ANNOUNCED: {"extend", "close_acceptance"},
    State.CHECKING: {"begin_scoring", "prepare", "draw_up", "publish", "file_protocol"},
    State.SCORING: {"begin_meeting"},
    State.MEETING: {"prepare", "draw_up", "publish", "file_protocol"},
    State.PUBLISHED: {"file_protocol"},
}


@pytest.mark.parametrize("role", ROLES)
def test_every_step_in_every_state_for_every_role(played, clock, role):
    """Only the operator that holds the competition is offered a step; whoever else tries, and
    whoever comes in another state, changes nothing and hears why."""
    competition = scenes.announced_competition(played.gulnara)
    clock.set(scenes.DURING)
    acting = actor(played, role)
    offered, answers = {}, set()
    for state in State:
        Competition.objects.filter(pk=competition.pk).update(state=state)
        competition.refresh_from_db()
        offered[state] = {offer.step.name for offer in COMPETITION.offers(competition, acting)}
        entries = journal.history(competition).count()
        for step in COMPETITION.steps.values():
            if role == "gulnara" and state in step.sources:
                continue
            with pytest.raises(Refused) as refused:
                COMPETITION.take(step, competition, actor=acting)
            answers.add(tuple(codes(refused)))
        competition.refresh_from_db()
        assert competition.state == state
        assert journal.history(competition).count() == entries
    if role == "gulnara":
        assert offered == STEPS
        assert answers == {("moved_on",)}
    else:
        assert offered == {state: set() for state in State}
        assert answers == {("not_yours",)}


def test_the_system_ends_acceptance_and_does_nothing_else(played):
    competition = scenes.announced_competition(played.gulnara)
    for state in State:
        Competition.objects.filter(pk=competition.pk).update(state=state)
        competition.refresh_from_db()
        offered = {offer.step.name for offer in COMPETITION.offers(competition, SYSTEM)}
        assert offered == ({"close_acceptance"} if state == State.ANNOUNCED else set())


# --- Drafting ------------------------------------------------------------------------------------


@pytest.mark.req("GR-P-04")
def test_a_draft_pins_the_version_of_the_plan_and_the_edition_of_the_rules(played):
    version = scenes.approved_plan(played.gulnara, 3)
    competition = scenes.draft_competition(played.gulnara, version)
    assert (competition.operator, competition.version) == (played.operator, version)
    assert competition.edition == "2020"
    lots = [(lot.position, lot.topic.number, lot.amount_tiyn) for lot in competition.lots.all()]
    assert lots == [(n, str(n), 500_000_000) for n in (1, 2, 3)]


@pytest.fixture
def new_rules(monkeypatch):
    """From 25 May 2020 other numbers hold: a longer window, the site alone, a shorter check."""
    now = law.edition("grants_rules", "2020")
    parameters = {**now.data["parameters"]}
    for key, value in {
        "acceptance.window_min": 25,
        "acceptance.methods": ["portal"],
        "check.working_days": 3,
    }.items():
        parameters[key] = {**parameters[key], "value": value}
    later = replace(
        now,
        key="2020-05",
        order=2,
        in_force_from=date(2020, 5, 25),
        data={**now.data, "parameters": parameters},
    )
    others = [one for one in law.editions() if one is not now]
    known = (*others, replace(now, assumed_from=date(2016, 1, 1)), later)
    law.edition.cache_clear()
    # By its module: `law.editions` is the function of the same name.
    monkeypatch.setattr(sys.modules["ortaq.law.editions"], "editions", lambda: known)
    yield later
    law.edition.cache_clear()


@pytest.mark.req("GR-X-24")
def test_a_competition_ends_by_the_numbers_it_began_with(played, clock, new_rules):
    begun = scenes.announced_competition(played.gulnara)
    clock.set(house_clock.at(date(2020, 5, 26), 10))
    after = Competition(version=begun.version, **scenes.COMPLETE)
    draft.begin(after, queries.topics_to_choose(begun.version), actor=played.gulnara)
    assert (begun.edition, after.edition) == ("2020", new_rules.key)
    # What was lawful when the older one was announced is so for it alone.
    found = COMPETITION.findings("announce", after, played.gulnara)
    assert {f.code for f in found if f.severity == "error"} == {
        "window_too_short",
        "unlawful_delivery",
    }
    clock.set(scenes.CLOSES + A_SECOND)
    close_due()
    begun.refresh_from_db()
    # Ten working days, not three.
    assert begun.check_due_at == house_clock.end_of(date(2020, 6, 17))


def test_only_the_operator_begins_a_competition(played):
    version = scenes.approved_plan(played.gulnara)
    for role in ("aliya", "saule", "erlan"):
        with pytest.raises(PermissionDenied):
            draft.begin(Competition(version=version), [], actor=actor(played, role))
    assert not Competition.objects.exists()


def test_a_two_year_topic_is_a_lot_with_the_sum_of_its_years(played):
    competition = scenes.open_competition(played.operator, amounts=[{2020: 3, 2021: 4}])
    assert competition.lots.get().amount_tiyn == 700


def test_changes_of_a_draft_are_journalled_by_name_and_refused_afterwards(played, clock):
    competition = scenes.draft_competition(played.gulnara)
    clock.set(scenes.OPENS)
    competition.title_kk = "Басқа атау"
    draft.edit(competition, ["title_kk", "title_ru"], actor=played.gulnara)
    assert last_facts(competition) == {"fields": ["title_kk"]}
    with pytest.raises(Refused) as refused:
        draft.edit(competition, ["title_kk"], actor=played.saule)
    assert codes(refused) == ["not_yours"]
    COMPETITION.take("announce", competition, actor=played.gulnara)
    competition.title_kk = "Тағы басқа"
    with pytest.raises(Refused) as refused:
        draft.edit(competition, ["title_kk"], actor=played.gulnara)
    assert codes(refused) == ["moved_on"]
    with pytest.raises(Refused):
        draft.choose_topics(competition, [], actor=played.gulnara)
    competition.refresh_from_db()
    assert (competition.title_kk, competition.lots.count()) == ("Басқа атау", 1)


@pytest.mark.req("GR-X-08")
def test_a_draft_of_a_superseded_version_takes_topics_of_the_one_in_force(played, clock):
    competition = scenes.draft_competition(played.gulnara)
    old = competition.version
    clock.set(scenes.OPENS)
    newer = new_version(old.plan, actor=played.gulnara)
    scenes.approve(newer, played.gulnara, at=scenes.OPENS)
    competition.refresh_from_db()
    with pytest.raises(Refused) as refused:
        COMPETITION.take("announce", competition, actor=played.gulnara)
    assert codes(refused) == ["version_not_in_force"]
    topics = queries.topics_to_choose(newer)
    draft.choose_topics(competition, topics, actor=played.gulnara)
    COMPETITION.take("announce", competition, actor=played.gulnara)
    assert {lot.topic.version for lot in competition.lots.all()} == {newer}
    assert competition.version == newer
    with pytest.raises(ValueError, match="one version"):
        draft.choose_topics(
            scenes.draft_competition(played.gulnara, newer),
            [*old.topics.all(), *newer.topics.all()],
            actor=played.gulnara,
        )


# --- Announcing ----------------------------------------------------------------------------------


@pytest.mark.req("GR-A-02", "GR-A-20", "GR-P-04")
def test_announcing_says_at_once_everything_that_is_missing(played, clock):
    empty: Any = {name: "" for name in scenes.COMPLETE if name.endswith(("_kk", "_ru"))}
    competition = scenes.draft_competition(
        played.gulnara,
        **empty,
        closes_at=None,
        latest_project_end=None,
        balance_date=None,
        by_portal=False,
        by_post=False,
        by_hand=False,
        by_email=False,
    )
    competition.lots.all().delete()
    PlanVersion.objects.update(state=PlanVersion.State.SUPERSEDED)
    clock.set(scenes.OPENS)
    with pytest.raises(Refused) as refused:
        COMPETITION.take("announce", competition, actor=played.gulnara)
    assert [(f.code, f.about) for f in refused.value.findings] == [
        ("no_lots", "lots"),
        ("version_not_in_force", "lots"),
        *(("language_missing", name) for name in ("title_kk", "title_ru", "text_kk", "text_ru")),
        ("no_deadline", "closes_at"),
        ("no_project_end", "latest_project_end"),
        ("no_balance_date", "balance_date"),
        ("no_delivery", "by_portal"),
    ]
    assert all(finding.cite for finding in refused.value.findings)
    assert competition.state == State.DRAFT


@pytest.mark.req("GR-A-11", "GR-X-08")
def test_topics_of_another_version_are_not_announced(played, clock):
    competition = scenes.draft_competition(played.gulnara)
    clock.set(scenes.OPENS)
    newer = new_version(competition.version.plan, actor=played.gulnara)
    scenes.approve(newer, played.gulnara, at=scenes.OPENS)
    Competition.objects.update(version=newer)  # as if somebody had slipped it in
    competition.refresh_from_db()
    with pytest.raises(Refused) as refused:
        COMPETITION.take("announce", competition, actor=played.gulnara)
    assert [(f.code, f.numbers) for f in refused.value.findings] == [
        ("foreign_topics", {"topics": ["1"]})
    ]


@pytest.mark.req("GR-A-03")
@pytest.mark.parametrize(
    ("days", "code"),
    [
        (0, "window_too_short"), (19, "window_too_short"), (20, "window_in_order"),
        (30, "window_in_order"), (31, "window_too_long"),
    ],
)  # fmt: skip
def test_a_window_of_so_many_days(played, clock, days, code):
    """Shorter than 20 days is refused, longer than 30 is warned about and possible."""
    closes = house_clock.at(house_clock.day_of(scenes.OPENS) + timedelta(days=days), 18)
    competition = scenes.draft_competition(played.gulnara, closes_at=closes)
    clock.set(scenes.OPENS)
    offer = next(iter(COMPETITION.offers(competition, played.gulnara)))
    found = {finding.code: finding.numbers["days"] for finding in offer.findings}
    assert found == {code: days}
    if code == "window_too_short":
        with pytest.raises(Refused) as refused:
            COMPETITION.take("announce", competition, actor=played.gulnara)
        assert codes(refused) == [code]
    else:
        COMPETITION.take("announce", competition, actor=played.gulnara)
        assert (competition.state, competition.announced_at) == (State.ANNOUNCED, scenes.OPENS)


@pytest.mark.req("GR-A-03", "GR-A-04")
def test_the_day_of_announcement_is_a_day_of_almaty(played, clock):
    """Announced five minutes before midnight in Almaty, when it is still that day in UTC too."""
    closes = house_clock.at(date(2020, 6, 3), 18)
    for at, code in {
        house_clock.at(date(2020, 5, 14), 23, 55): "window_in_order",
        house_clock.at(date(2020, 5, 15), 0, 5): "window_too_short",  # 14 May, 18:05 in UTC
    }.items():
        Competition.objects.all().delete()
        version = PlanVersion.objects.first() or scenes.approved_plan(played.gulnara)
        competition = scenes.draft_competition(played.gulnara, version, closes_at=closes)
        clock.set(at)
        found = COMPETITION.findings("announce", competition, played.gulnara)
        assert [finding.code for finding in found] == [code]


@pytest.mark.req("GR-A-20")
def test_projects_cannot_have_to_end_before_acceptance_does(played, clock):
    competition = scenes.draft_competition(
        played.gulnara, latest_project_end=house_clock.day_of(scenes.CLOSES)
    )
    clock.set(scenes.OPENS)
    with pytest.raises(Refused) as refused:
        COMPETITION.take("announce", competition, actor=played.gulnara)
    assert codes(refused) == ["project_end_too_early"]


@pytest.mark.req("GR-A-07")
def test_missing_contacts_are_warned_about(played, clock):
    competition = scenes.draft_competition(played.gulnara, contacts_ru=" ")
    clock.set(scenes.OPENS)
    found = COMPETITION.findings("announce", competition, played.gulnara)
    assert [f.code for f in found if f.severity == "warning"] == ["no_contacts"]
    COMPETITION.take("announce", competition, actor=played.gulnara)


def test_a_topic_that_stands_in_another_competition_is_pointed_out(played, clock):
    first = scenes.announced_competition(played.gulnara, topics=2)
    clock.set(scenes.OPENS)
    second = scenes.draft_competition(played.gulnara, first.version)
    found = COMPETITION.findings("announce", second, played.gulnara)
    assert [(f.code, f.numbers.get("topics")) for f in found if f.severity == "warning"] == [
        ("announced_elsewhere", ["1", "2"])
    ]


def test_two_officers_announcing_at_once_announce_it_once(played, clock):
    competition = scenes.draft_competition(played.gulnara)
    clock.set(scenes.OPENS)
    other = Competition.objects.get(pk=competition.pk)
    COMPETITION.take("announce", competition, actor=played.gulnara)
    with pytest.raises(Refused) as refused:
        COMPETITION.take("announce", other, actor=scenes.gulnara(played.operator))
    assert codes(refused) == ["moved_on"]
    steps = list(journal.history(competition).values_list("step", flat=True))
    assert steps.count("announce") == 1


def test_a_clock_set_back_announces_nothing(played, clock):
    competition = scenes.draft_competition(played.gulnara)
    clock.set(scenes.OPENS - timedelta(days=2))
    with pytest.raises(Refused) as refused:
        COMPETITION.take("announce", competition, actor=played.gulnara)
    assert codes(refused) == ["clock_behind"]


# --- Extension -----------------------------------------------------------------------------------

LATER = scenes.CLOSES + timedelta(days=2)
DECISION: dict[str, Any] = {
    "decided_on": date(2020, 6, 3),
    "number": "7",
    "reason": "Карантин",
    "new_closes_at": LATER,
}


@pytest.mark.req("GR-A-06")
def test_an_extension_is_a_logged_decision_before_the_old_end(played, clock):
    competition = scenes.announced_competition(played.gulnara)
    clock.set(scenes.CLOSES)
    COMPETITION.take("extend", competition, actor=played.gulnara, **DECISION)
    assert (competition.closes_at, competition.state) == (LATER, State.ANNOUNCED)
    kept = Extension.objects.get()
    assert (kept.old_closes_at, kept.new_closes_at) == (scenes.CLOSES, LATER)
    assert (kept.number, kept.reason, kept.made_by) == ("7", "Карантин", played.gulnara.user)
    assert last_facts(competition) == {
        "old": journal.instant(scenes.CLOSES),
        "new": journal.instant(LATER),
        "number": "7",
        "decided_on": "2020-06-03",
    }
    assert Duty.objects.get(code="close_acceptance").due_at == LATER
    # The old end passes without effect; the new one counts.
    clock.set(scenes.CLOSES + A_SECOND)
    assert close_due().closed == []
    clock.set(LATER + A_SECOND)
    assert close_due().closed == [competition]


@pytest.mark.req("GR-A-06")
def test_one_second_after_the_old_end_nothing_is_extended(played, clock):
    competition = scenes.announced_competition(played.gulnara)
    clock.set(scenes.CLOSES + A_SECOND)
    with pytest.raises(Refused) as refused:
        COMPETITION.take("extend", competition, actor=played.gulnara, **DECISION)
    assert codes(refused) == ["acceptance_over"]
    assert competition.closes_at == scenes.CLOSES
    assert not Extension.objects.exists()


@pytest.mark.req("GR-A-06")
@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"number": ""}, "no_decision"),
        ({"reason": ""}, "no_decision"),
        ({"decided_on": None}, "no_decision"),
        ({"new_closes_at": None}, "no_decision"),
        ({"decided_on": date(2020, 6, 4)}, "decision_ahead"),
        ({"new_closes_at": scenes.CLOSES}, "not_later"),
        ({"new_closes_at": scenes.CLOSES - timedelta(days=1)}, "not_later"),
    ],
)
def test_an_extension_needs_a_whole_decision_and_a_later_end(played, clock, wrong, code):
    competition = scenes.announced_competition(played.gulnara)
    clock.set(scenes.CLOSES)
    with pytest.raises(Refused) as refused:
        COMPETITION.take("extend", competition, actor=played.gulnara, **{**DECISION, **wrong})
    assert code in codes(refused)
    assert not Extension.objects.exists()


@pytest.mark.req("GR-A-03", "GR-A-06")
def test_an_extension_beyond_thirty_days_is_warned_about(played, clock):
    competition = scenes.announced_competition(played.gulnara)
    clock.set(scenes.CLOSES)
    far = DECISION | {"new_closes_at": scenes.OPENS + timedelta(days=31)}
    found = COMPETITION.findings("extend", competition, played.gulnara, **far)
    assert [(f.code, f.numbers["days"]) for f in found] == [("window_too_long", 31)]
    COMPETITION.take("extend", competition, actor=played.gulnara, **far)


@pytest.mark.req("GR-A-06")
def test_whoever_holds_a_draft_hears_of_an_extension_in_their_language(played, clock):
    competition = scenes.announced_competition(played.gulnara)
    lot = competition.lots.get()
    clock.set(scenes.DURING)
    played.bolat.user.language = "ru"
    played.bolat.user.save()
    application_scenes.a_draft(lot, played.aliya)
    # Erlan wrote for the NGO once and has left it: the letter is not his any more.
    Membership.objects.create(
        user=played.erlan.user,
        organisation=played.ngo,
        role="officer",
        starts_on=date(2015, 1, 1),
        ends_on=date(2020, 5, 1),
    )
    clock.set(scenes.CLOSES)
    COMPETITION.take("extend", competition, actor=played.gulnara, **DECISION)
    letters = {letter.recipient: letter for letter in Letter.objects.filter(kind__startswith="ext")}
    assert letters.keys() == {played.aliya.user, played.bolat.user}
    assert letters[played.aliya.user].title.startswith("Қабылдау ұзартылды")
    assert "Карантин" in letters[played.bolat.user].body
    assert letters[played.bolat.user].title.startswith("Приём продлён")
    assert {letter.state for letter in letters.values()} == {Letter.State.RELEASED}
    # A second extension writes again.
    clock.set(LATER)
    again = DECISION | {"new_closes_at": LATER + timedelta(days=1), "number": "8"}
    COMPETITION.take("extend", competition, actor=played.gulnara, **again)
    assert Letter.objects.filter(kind__startswith="ext").count() == 4


# --- The end of acceptance -----------------------------------------------------------------------


@pytest.mark.req("GR-A-04")
def test_at_18_00_00_acceptance_is_open_and_one_second_later_it_ends(played, clock):
    competition = scenes.announced_competition(played.gulnara)
    clock.set(scenes.CLOSES)
    assert close_due().closed == []
    with pytest.raises(Refused) as refused:
        COMPETITION.take("close_acceptance", competition, actor=played.gulnara)
    assert codes(refused) == ["acceptance_open"]
    clock.set(scenes.CLOSES + A_SECOND)
    assert close_due().closed == [competition]
    competition.refresh_from_db()
    assert competition.state == State.CHECKING


@pytest.mark.req("GR-A-26", "GR-C-10")
def test_the_end_of_acceptance_lists_applicants_and_starts_the_terms(played, clock):
    competition = scenes.announced_competition(played.gulnara)
    clock.set(scenes.DURING)
    (one,) = competition.lots.all()
    application_scenes.a_submitted(one, played.aliya, "Бірінші")
    application_scenes.a_submitted(one, played.aliya, "Екінші")
    application_scenes.a_draft(one, played.dana)  # a draft is no application
    clock.set(scenes.CLOSES + A_SECOND)
    close_due()
    competition.refresh_from_db()
    # 3 June 2020 was a Wednesday: ten working days end on the 17th.
    assert competition.check_due_at == house_clock.end_of(date(2020, 6, 17))
    assert last_facts(competition)["submitted"] == 2
    assert last_facts(competition)["applicants"] == 1
    assert competition.panel is not None
    assert [row.organisation for row in competition.panel.applicants.all()] == [played.ngo]
    owed = {d.code: d for d in Duty.objects.filter(done_at=None, bearer__contains="organisation")}
    assert owed["check"].due_at == competition.check_due_at
    assert "close_acceptance" not in owed


@pytest.mark.req("GR-A-26")
def test_the_term_of_the_check_is_a_setting_of_the_competition(played, clock):
    competition = scenes.announced_competition(played.gulnara, check_days=3)
    clock.set(scenes.CLOSES + A_SECOND)
    close_due()
    competition.refresh_from_db()
    assert competition.check_due_at == house_clock.end_of(date(2020, 6, 8))  # Monday


@pytest.mark.req("GR-A-26")
def test_a_day_off_declared_afterwards_moves_no_acceptance_and_no_check_that_began(played, clock):
    competition = scenes.announced_competition(played.gulnara)

    def declare(day):
        row = CalendarDay(day=day, kind="day_off", source_act="Үкіметтің № 1 қаулысы")
        record_day(row, actor=played.gulnara)

    clock.set(scenes.DURING)
    for title in ("Бірінші", "Екінші"):
        application_scenes.a_submitted(competition.lots.get(), played.aliya, title)
    declare(house_clock.day_of(scenes.CLOSES))
    assert Duty.objects.get(code="close_acceptance").due_at == scenes.CLOSES
    clock.set(scenes.CLOSES + A_SECOND)
    close_due()
    ends = house_clock.end_of(date(2020, 6, 17))
    for passed in (2, 20):  # the check runs, then it has ended
        clock.set(scenes.CLOSES + timedelta(days=passed))
        declare(date(2020, 6, 10 + passed // 2))
        competition.refresh_from_db()
        duties.keep(competition, owed(competition))
        assert (competition.check_due_at, Duty.objects.get(code="check").due_at) == (ends, ends)


def test_ticking_is_safe_at_any_time_and_prints_numbers(played, clock, capsys):
    scenes.announced_competition(played.gulnara)
    clock.set(scenes.DURING)
    call_command("tick")
    clock.set(scenes.CLOSES + A_SECOND)
    call_command("tick")
    call_command("tick")
    said = [line for line in capsys.readouterr().out.splitlines() if line.startswith("Ended")]
    assert said == [
        "Ended 0, could not end 0.",
        "Ended 1, could not end 0.",
        "Ended 0, could not end 0.",
    ]
    steps = list(journal.history(Competition.objects.get()).values_list("step", "actor"))
    assert steps.count(("close_acceptance", "")) == 1


def test_one_competition_that_cannot_be_closed_does_not_keep_others_open(played, clock):
    stuck = scenes.announced_competition(played.gulnara)
    clock.set(scenes.DURING)
    fine = scenes.draft_competition(played.gulnara, stuck.version)
    clock.set(scenes.OPENS + timedelta(hours=1))
    Competition.objects.filter(pk=fine.pk).update(
        state=State.ANNOUNCED, announced_at=scenes.OPENS, closes_at=scenes.CLOSES
    )
    clock.set(scenes.CLOSES + A_SECOND)
    # The commission of the first one is past listing applicants.
    competition = Competition.objects.get(pk=stuck.pk)
    competition.panel = panels.form(
        organisation=played.operator, title_kk="К", act="grants_rules", edition="2020"
    )
    competition.save(update_fields=["panel"])
    type(competition.panel).objects.update(state="closed")
    closing = close_due()
    assert closing.closed == [fine]
    assert len(closing.refused) == 1


# --- Once more after a failure -------------------------------------------------------------------


def failed(played, clock, topics=2):
    """A published competition of which the first topic failed."""
    competition = scenes.announced_competition(played.gulnara, topics=topics)
    clock.set(scenes.CLOSES + timedelta(days=40))
    Competition.objects.filter(pk=competition.pk).update(
        state=State.PUBLISHED, published_at=house_clock.now()
    )
    Outcome.objects.create(
        lot=competition.lots.get(position=1),
        kind="F1",
        submitted=0,
        admitted=0,
        prepared_at=house_clock.now(),
        published_at=house_clock.now(),
    )
    competition.refresh_from_db()
    return competition


@pytest.mark.req("GR-P-14", "GR-S-16")
def test_an_additional_competition_is_linked_to_the_failed_topic_and_the_amended_plan(
    played, clock
):
    before = failed(played, clock)
    lot = before.lots.first()
    assert list(queries.failed_lots(before)) == [lot]
    newer = new_version(before.version.plan, actor=played.gulnara)
    scenes.approve(newer, played.gulnara, at=house_clock.now())
    topic = newer.topics.prefetch_related("amounts").get(number="1")
    now = house_clock.now()
    again = Competition(
        version=newer,
        kind=Competition.Kind.ADDITIONAL,
        previous=before,
        **scenes.COMPLETE
        | {
            "closes_at": house_clock.at(house_clock.day_of(now) + timedelta(days=20), 18),
            "latest_project_end": date(2020, 12, 1),
        },
    )
    draft.begin(again, [topic], actor=played.gulnara, repeats={topic.pk: lot})
    COMPETITION.take("announce", again, actor=played.gulnara)
    assert [(x.topic, x.repeats, x.competition.version) for x in again.lots.all()] == [
        (topic, lot, newer)
    ]
    assert list(before.followed_by.all()) == [again]
    assert not again.applications.exists()
    # What is announced again is not offered a third time.
    assert not queries.failed_lots(before).exists()


@pytest.mark.req("GR-P-14")
def test_only_a_failed_topic_is_announced_again(played, clock):
    before = failed(played, clock)
    fine = before.lots.last()
    again = Competition(
        version=before.version,
        kind=Competition.Kind.REPEAT,
        previous=before,
        **scenes.COMPLETE
        | {
            "closes_at": house_clock.now() + timedelta(days=21),
            "latest_project_end": date(2020, 12, 1),
        },
    )
    topics = before.version.topics.prefetch_related("amounts").filter(number="2")
    draft.begin(again, topics, actor=played.gulnara, repeats={fine.topic_id: fine})
    with pytest.raises(Refused) as refused:
        COMPETITION.take("announce", again, actor=played.gulnara)
    assert codes(refused) == ["not_failed"]
    assert Lot.objects.filter(repeats=fine, competition__state=State.ANNOUNCED).count() == 0

"""The room of a project: what annex 3 promises against what is proved, and what may go wrong."""

from __future__ import annotations

import uuid
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ortaq.core import clock as house_clock
from ortaq.core import journal
from ortaq.core.procedure import Refused
from ortaq.projects import baseline, risks, spelling, tally, targets
from ortaq.projects.models import (
    Activity,
    Evidence,
    Indicator,
    Project,
    Proof,
    Report,
)
from ortaq.projects.procedure import project as procedure
from ortaq.projects.procedure.project import PROJECT
from ortaq.projects.queries import progress, promised
from ortaq.projects.queries.burn import burn_of
from ortaq.projects.queries.coming import coming_of
from ortaq.projects.queries.risks import condition_of
from ortaq.projects.targets import Amount

from . import large, scenes

pytestmark = pytest.mark.django_db
Reading = Indicator.Reading
DAY = date(2020, 7, 20)


@pytest.fixture
def people(clock):
    clock.set(scenes.NOW)
    return scenes.cast()


def prove(
    project: Project,
    indicator: Indicator,
    amount: int,
    second: int | None = None,
    *,
    accepted: bool = True,
) -> Proof:
    """A letter that shows so much of an indicator, accepted or not yet."""
    number = project.evidence.count() + 1
    shown = Evidence.objects.create(
        project=project,
        once=uuid.uuid4(),
        number=number,
        kind=Evidence.Kind.LETTER,
        title=f"Хат {number}",
        text="мәтін",
        day=DAY,
        state=Evidence.State.ACCEPTED if accepted else Evidence.State.ATTACHED,
        added_at=house_clock.now(),
    )
    return Proof.objects.create(evidence=shown, indicator=indicator, amount=amount, second=second)


def codes(project: Project) -> dict[str, str]:
    """The risks of today by code, with their severity."""
    found = risks.findings(condition_of(Project.objects.get(pk=project.pk)))
    return {one.code: one.severity.value for one in found}


# --- A plan as large as real ones --------------------------------------------------------------------


@pytest.mark.req("GR-I-04", "GR-I-05", "GR-I-06", "GR-I-08", "IM-010")
def test_a_plan_of_14_activities_and_66_indicators_becomes_the_living_plan_without_loss(people):
    project = large.running(people)
    shown = progress.with_places(progress.progress_of(project, DAY), project)

    assert (len(shown.works), len(shown.lines), project.indicators) == (14, 66, 66)
    typed = [work for work in shown.works if work.activity.text.startswith("7-бағыт")]
    (work,) = typed
    assert work.activity.text == large.TEXT.format(n=7)
    assert work.activity.term == "Август-ноябрь"
    assert (work.begins, work.due) == (date(2020, 8, 1), date(2020, 11, 20))
    assert [one.place.name for one in work.places] == [
        "Көкшетау қ.", "Степногорск қ.", "Щучинск қ., №2 мектеп", "Атбасар ауданы, Атбасар қ.",
    ]  # fmt: skip
    assert {line.indicator.planned for line in shown.lines} >= set(large.PLANNED)
    assert [one.name for one in project.contract.partners.all()] == [
        "«Жас Отан» қоғамдық бірлестігі", "№5 колледж", "Абай атындағы кітапхана",
    ]  # fmt: skip
    assert project.baseline_sha256 == baseline.sha256(baseline.of(project.contract))
    assert promised.beside_signed(shown, project) == []
    assert not any(line.signed for line in shown.lines)
    assert not list(tally.drifts())


# --- What an indicator asks for ------------------------------------------------------------------------


# Reading, number, second number; events of the activity; proofs; whether they are enough.
READINGS: list[tuple[Any, ...]] = [
    (Reading.EXACT, 200, None, 0, [(100, None), (99, None)], False),
    (Reading.AT_LEAST, 200, None, 0, [(100, None), (100, None)], True),
    (Reading.PER_EVENT, 20, None, 0, [(20, None)], True),
    (Reading.PAIR, 6, 1, 0, [(6, None)], False),
    (Reading.PAIR, 6, 1, 0, [(6, None), (0, 1)], True),
    (Reading.WITHIN, 2, 50, 0, [(1, 50), (1, 49)], False),
    (Reading.WITHIN, 2, 50, 0, [(1, 90), (1, 10)], False),
    (Reading.WITHIN, 2, 50, 0, [(1, 50), (1, 50)], True),
    (Reading.EXACT, 0, None, 0, [], False),
    (Reading.UNREAD, None, None, 0, [(5, None)], False),
    (Reading.PER_EVENT, 20, None, 3, [(59, None)], False),
    (Reading.PER_EVENT, 20, None, 3, [(60, None)], True),
]


@pytest.mark.req("GR-I-06", "GR-I-07")
def test_an_indicator_is_reached_as_it_is_read(people):
    project = scenes.running(people)
    indicator = Indicator.objects.filter(activity__contract=project.contract)[0]
    for reading, minimum, second, events, proofs, reached in READINGS:
        indicator.reading, indicator.minimum, indicator.second = reading, minimum, second
        indicator.save()
        indicator.proofs.all().delete()
        while project.event_set.count() < events:
            scenes.an_event(project, house_clock.at(DAY, 10))
        for amount, other in proofs:
            prove(project, indicator, amount, other)
        tally.settle(project)
        lines = {line.indicator.pk: line for line in progress.progress_of(project, DAY).lines}
        told = (reading, minimum, second, events, proofs)
        assert (lines[indicator.pk].state == progress.PROVED) is reached, told
        assert project.indicators_proved == int(reached), told
    assert not list(tally.drifts())


@pytest.mark.req("GR-I-07")
def test_what_waits_for_acceptance_is_done_but_not_proved_and_what_is_refused_is_neither(people):
    project = scenes.running(people)
    indicator = Indicator.objects.filter(activity__contract=project.contract)[0]
    proof = prove(project, indicator, 100, accepted=False)
    line = progress.progress_of(project, DAY).lines[0]
    assert (line.state, line.done, line.proved) == (progress.DONE, Amount(100), Amount(0))
    proof.evidence.state = Evidence.State.REFUSED
    proof.evidence.save()
    line = progress.progress_of(project, DAY).lines[0]
    assert (line.state, line.done) == (progress.BEGUN, Amount(0))
    assert progress.progress_of(project, date(2020, 8, 1)).lines[0].state == progress.LATE


@pytest.mark.req("IM-083", "IM-084", "IM-085")
def test_levels_of_a_scale_are_not_added_up(people):
    project = scenes.running(people)
    indicator = Indicator.objects.filter(activity__contract=project.contract)[0]
    indicator.minimum, indicator.scale = 4, ["бос", "оқылады", "жүктеледі", "жіберіледі", "кеңес"]
    indicator.save()
    for level in (1, 3, 2):
        prove(project, indicator, level)
    line = progress.progress_of(project, DAY).lines[0]
    assert (line.proved, line.state) == (Amount(3), progress.BEGUN)


numbers = st.integers(0, 10**6)


@given(numbers, st.none() | numbers, numbers, numbers, st.none() | numbers)
def test_more_proof_never_makes_an_indicator_less_reached(minimum, second, events, first, other):
    for reading in Reading.values:
        wanted = targets.target(reading, minimum, second, events)
        if Amount(first, other).reaches(wanted):
            assert Amount(first + 1, (other or 0) + 1).reaches(wanted)
            assert first > 0 or minimum == 0
            assert Amount(first, other).part_of(wanted) == 1
        assert 0 <= Amount(first, other).part_of(wanted) <= 1


# --- What may go wrong ---------------------------------------------------------------------------------


@pytest.mark.req("IM-036", "GR-I-15")
def test_a_project_just_opened_is_on_course_and_falls_into_trouble_as_days_pass(people, clock):
    project = scenes.running(people)
    assert project.trouble == Project.Trouble.NONE
    assert codes(project) == {}

    clock.set(house_clock.at(date(2020, 8, 5), 10))  # all three activities were due in July
    assert codes(project)["many_late"] == "error"
    project.refresh_from_db()
    assert project.trouble == Project.Trouble.NONE  # nothing was done, so nothing reckoned it
    assert [one.pk for one in procedure.reckon_due().closed] == [project.pk]
    project.refresh_from_db()
    assert (project.trouble, project.reckoned_on) == (Project.Trouble.DEEP, date(2020, 8, 5))
    assert procedure.reckon_due().closed == []

    PROJECT.take("terminate", project, actor=people.gulnara, reason="Тараптар келісті")
    assert codes(project) == {}


def test_each_risk_says_so_and_goes_when_it_is_mended(people, clock):
    project = scenes.running(people)
    clock.set(house_clock.at(date(2020, 7, 20), 10))
    event = scenes.an_event(project, house_clock.at(date(2020, 7, 2), 10))
    assert "events_unrecorded" in codes(project)
    event.state, event.registered, event.attended, event.answers = "held", 23, 23, 2
    event.save()
    found = codes(project)
    assert "events_unrecorded" not in found
    assert {"events_without_evidence", "events_short_of_people", "small_samples"} <= set(found)
    event.attended, event.registered, event.answers = 24, 24, 3
    event.save()
    Evidence.objects.filter(
        pk=prove(project, project.contract.activities.all()[0].indicators.all()[0], 1).evidence_id
    ).update(event=event)
    assert set(codes(project)) == set()

    report = Report.objects.create(
        project=project, kind=Report.Kind.INTERIM_CREATIVE, number=1, period_from=date(2020, 7, 1),
        period_to=date(2020, 7, 15), due_on=date(2020, 7, 19),
    )  # fmt: skip
    assert codes(project) == {"reports_overdue": "error"}
    report.state = Report.State.SUBMITTED
    report.save()
    assert codes(project) == {}

    project.tranches.filter(number=2).update(planned_on=date(2020, 7, 10))
    assert codes(project) == {"tranches_late": "warning"}


def test_money_is_held_against_time(people, clock):
    project = scenes.running(people)
    told = {"money_runs_out", "overspent", "money_unspent"}
    for day, spent, expected in (
        (date(2020, 7, 10), 500_000, {"money_runs_out"}),
        (date(2020, 7, 10), 1_000_001, {"overspent"}),
        (date(2020, 10, 15), 100_000, {"money_unspent"}),
        (date(2020, 10, 15), 700_000, set()),
    ):
        clock.set(house_clock.at(day, 10))
        Project.objects.filter(pk=project.pk).update(spent_tiyn=spent * scenes.TENGE)
        assert told & set(codes(project)) == expected


def test_time_passed_is_exact_and_never_outside_the_term(people):
    project = scenes.running(people)
    begins, ends = date(2020, 7, 1), date(2020, 11, 20)
    assert risks.time_passed(project, begins - timedelta(days=9)) == 0
    assert risks.time_passed(project, begins) == Fraction(1, 143)
    assert (
        risks.time_passed(project, ends) == risks.time_passed(project, ends + timedelta(400)) == 1
    )


@pytest.mark.req("GR-I-15")
def test_what_was_spent_before_or_after_the_term_is_lost_from_no_curve(people, clock):
    project = scenes.running(people)
    line = project.contract.budget.all()[0]
    for number, (day, tenge) in enumerate(
        [(date(2020, 5, 3), 10), (date(2020, 8, 1), 20), (date(2021, 2, 1), 30)], 1
    ):
        project.expenses.create(
            once=uuid.uuid4(), number=number, line=line, document="receipt", document_number=str(number),
            spent_on=day, payee="ЖШС", sum_tiyn=tenge * scenes.TENGE, added_at=house_clock.now(),
        )  # fmt: skip
    burn = burn_of(project, date(2020, 8, 20))
    assert burn is not None
    by_month = {f"{one.day:%m}": one.spent_tiyn // scenes.TENGE for one in burn.months}
    assert by_month == {"07": 10, "08": 20, "11": 30}
    assert burn.months[-1].left_tiyn == (1_000_000 - 60) * scenes.TENGE


def test_the_coming_two_weeks_show_what_is_due_and_nothing_that_is_done(people, clock):
    project = scenes.running(people)
    today = date(2020, 7, 20)
    clock.set(house_clock.at(today, 10))
    soon = scenes.an_event(project, house_clock.at(date(2020, 7, 22), 10))
    scenes.an_event(project, house_clock.at(date(2020, 9, 22), 10))
    found = coming_of(project, progress.progress_of(project, today), today)
    assert [(one.day.day, one.about.partition("-")[0]) for one in found] == [
        (22, "event"), (31, "activity"), (31, "activity"), (31, "activity"),
    ]  # fmt: skip
    soon.state = "held"
    soon.save()
    for work in progress.progress_of(project, today).works:
        prove(project, work.lines[0].indicator, 100)
    assert coming_of(project, progress.progress_of(project, today), today) == []


# --- What was signed, and what is only noted -----------------------------------------------------------


@pytest.mark.req("IM-041", "GR-I-14")
def test_what_was_signed_stands_beside_what_holds_now(people):
    project = scenes.running(people)
    activity = project.contract.activities.get(key="~a1")
    Activity.objects.filter(pk=activity.pk).update(term="2020 ж. тамыз", place="Щучинск")
    Indicator.objects.filter(activity=activity).update(planned="120")
    Indicator.objects.create(activity=activity, position=2, text="Жаңа", planned="5")
    shown = progress.progress_of(project, DAY)
    assert promised.beside_signed(shown, project) == []
    work = shown.works[0]
    assert [one.was for one in work.signed] == ["Көкшетау", "2020 ж. шілде"]
    assert [[one.was for one in line.signed] for line in work.lines] == [["100-ден кем емес"], [""]]


@pytest.mark.req("IM-041")
def test_places_and_partners_follow_their_texts_and_keep_what_else_is_known(people):
    project = scenes.running(people)
    activity, contract = project.contract.activities.get(key="~a1"), project.contract
    activity.places.update(events=3, by_hand=True, region="akmola")
    activity.place = "Щучинск;\nКөкшетау"
    activity.save()
    contract.general |= {"partners": "2\nҚор\nМузей"}
    spelling.keep_in_step(contract)
    spelling.keep_in_step(contract)
    assert list(activity.places.values_list("name", "events")) == [
        ("Щучинск", None),
        ("Көкшетау", 3),
    ]
    assert list(contract.partners.values_list("name", flat=True)) == ["Қор", "Музей"]
    contract.general |= {"partners": "1\nМузей"}
    spelling.keep_in_step(contract)
    assert [(one.position, one.name) for one in contract.partners.all()] == [(1, "Музей")]


@pytest.mark.req("IM-076", "IM-080")
def test_a_note_on_an_indicator_is_journalled_and_promises_nothing(people):
    project = scenes.running(people)
    indicator = Indicator.objects.filter(activity__contract=project.contract)[0]
    values = {"level": "process", "set_by": "customer", "source": "тізім", "scale": []}
    PROJECT.take("annotate", project, actor=people.bolat, indicator=indicator, values=values)
    indicator.refresh_from_db()
    assert (indicator.level, indicator.planned) == ("process", "100-ден кем емес")
    assert baseline.sha256(baseline.of(project.contract)) == project.baseline_sha256
    assert journal.history(project).reverse()[0].facts["level"] == "process"
    shown = progress.progress_of(project, DAY)
    assert progress.only_low_levels(shown)
    for stranger in (people.dana, people.clerk):
        with pytest.raises(Refused):
            PROJECT.take("annotate", project, actor=stranger, indicator=indicator, values=values)


def test_two_who_set_the_project_at_once_do_not_overwrite_each_other(people):
    project = scenes.running(people)
    values = {
        "manager": people.bolat.user, "level": "republican", "is_civic_centre": True,
        "special_social_services": False,
    }  # fmt: skip
    PROJECT.take("settings", project, actor=people.aliya, version=0, values=values)
    assert (project.manager, project.level, project.version) == (people.bolat.user, "republican", 1)
    facts = journal.history(project).reverse()[0].facts
    assert facts["changed"]["manager"].startswith("person:")
    assert "Болат" not in str(facts)
    with pytest.raises(Refused) as refused:
        PROJECT.take("settings", project, actor=people.gulnara, version=0, values=values)
    assert refused.value.has("changed_meanwhile")

"""Oversight over overseers: how far each scorer lies from the others, who keeps terms, whose conflicts were found afterwards."""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction
from typing import Any

import pytest

from ortaq.core import clock as house
from ortaq.core import keys
from ortaq.core.models import Duty
from ortaq.law.text import Text
from ortaq.oversight.models import Admission, Notice, StatutoryReport
from ortaq.oversight.queries import afterwards, overseers, terms
from ortaq.review.models import Conflict, Panel

from .overseer_scenes import SIGNED, a_panel, scored
from .scenes import NOW, Cast, an_expert, evaluated, ordered

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast(clock) -> Cast:
    clock.set(NOW)
    return ordered()


@pytest.fixture
def experts(cast):
    return [an_expert("Сарапшы", name) for name in ("Асқар", "Бота", "Ғани")]


def named(rows: list[overseers.Scorer]) -> dict[str, overseers.Apart]:
    return {one.person.given_name: one.whole for one in rows}


@pytest.mark.req("SO-X-06")
def test_a_distance_is_exact_and_from_the_mean_of_the_others_alone(cast, experts):
    # Annex 7 has totals from 4 to 20: a range of 16.
    scored(a_panel(cast.akimat, *experts), cast.ngo, [(20, 10, 11), (8, 10, None)])
    found = named(overseers.scorers({}))

    # 20 against (10 + 11) / 2, 8 against 10.
    assert found["Асқар"].sum == (Fraction(19, 2) - 2) / 16
    assert found["Асқар"].mean == Fraction(15, 64)
    assert found["Асқар"].usual == Fraction(23, 64)
    assert found["Асқар"].spread == Fraction(23, 32)
    assert found["Бота"].sum == (Fraction(-11, 2) + 2) / 16
    assert found["Ғани"].sheets == 1


def test_a_real_evaluation_is_compared_and_one_that_is_not_completed_is_not(cast, experts):
    evaluated(cast, (5, 5, 5, 5), (1, 1, 1, 1))
    scored(a_panel(cast.akimat, *experts, state=Panel.State.SCORING), cast.ngo, [(20, 4, 4)])
    found = overseers.scorers({})

    assert sorted(one.whole.mean for one in found) == [-1, 1]
    assert all(set(one.years) == {2023} for one in found)


def test_a_sheet_alone_or_set_aside_is_not_compared(cast, experts):
    panel = a_panel(cast.akimat, *experts)
    (_alone, left) = scored(panel, cast.ngo, [(20, None, None), (20, 10, 10)])
    aside = left.score_sheets.get(total=20)
    type(aside).objects.filter(pk=aside.pk).update(state="set_aside")
    left.points, left.sheets = 20, 2
    left.save()

    assert {name: apart.mean for name, apart in named(overseers.scorers({})).items()} == {
        "Бота": 0,
        "Ғани": 0,
    }


def test_one_who_is_far_in_many_sheets_comes_first_and_is_marked(cast, experts):
    rows = [(13, 10, 10)] * overseers.FEWEST
    scored(a_panel(cast.akimat, *experts), cast.ngo, rows)
    scored(
        a_panel(cast.akimat, *experts, act="grants_rules", edition="2020"),
        cast.ngo,
        [(30, 30, 30)],
        house.at(date(2021, 6, 1)),
    )
    first, *others = overseers.scorers({"year": "2022"})

    assert (first.person.given_name, first.whole.is_far) == ("Асқар", True)
    assert not any(one.whole.is_far for one in others)
    assert overseers.years() == [2022, 2021]
    assert set(overseers.scorers({"q": "асқар"})[0].years) == {2021, 2022}
    assert len(overseers.scorers({"act": "grants_rules"})) == 3


def test_the_sheets_furthest_from_the_others_are_named_with_their_points(cast, experts):
    scored(a_panel(cast.akimat, *experts), cast.ngo, [(11, 10, 10), (20, 10, 11)])
    person = experts[0].user
    furthest = overseers.furthest_of(person)

    assert [(one.sheet.total, one.others) for one in furthest] == [(20, Fraction(21, 2)), (11, 10)]
    assert overseers.lines_of(person)[0].points == Fraction(21, 4)


def a_duty(body, code: str, due, done=None, subject: str = "planning.formation:1") -> Duty:
    title = Text("Есепті жариялау", "Опубликовать отчёт", "Publish the report")
    return Duty.objects.create(
        subject=subject,
        code=code,
        bearer=keys.organisation(body.pk),
        title_kk=title.kk,
        title_ru=title.ru,
        title_en=title.en,
        due_at=due,
        done_at=done,
    )


@pytest.mark.req("SO-R-01")
def test_terms_are_counted_by_body_and_kind_in_days_begun(cast):
    a_day = timedelta(days=1)
    a_duty(cast.other, "report", NOW - 5 * a_day, NOW - 4 * a_day)
    a_duty(cast.other, "report", NOW - a_day - timedelta(minutes=1), subject="planning.formation:2")
    a_duty(cast.other, "report", NOW + a_day, subject="oversight.statutoryreport:2")
    a_duty(cast.akimat, "report", NOW - 5 * a_day, NOW - 6 * a_day)
    a_duty(cast.ngo, "report", NOW - 5 * a_day)
    StatutoryReport.objects.create(
        body=cast.akimat, year=2022, period="year", act="rules_social_order", edition="2022",
        due_at=NOW - 9 * a_day, first_submitted_at=NOW - 7 * a_day,
    )  # fmt: skip
    rows = {one.organisation: one for one in terms.bodies({}, NOW)}
    late, fair = rows[cast.other], rows[cast.akimat]

    assert next(iter(rows)) == cast.other
    assert cast.ngo not in rows
    assert (late.kept.owed, late.kept.late, late.kept.overdue) == (3, 1, 1)
    assert late.kept.longest_days == 2
    assert late.kept.mean_days == Fraction(2 * 86_400 + 60, 2 * 86_400)
    assert [(one.kept.owed, one.kept.missed) for one in late.kinds] == [(2, 2), (1, 0)]
    assert (fair.kept.owed, fair.kept.missed) == (1, 0)
    assert (fair.reports.owed, fair.reports.late, fair.reports.longest_days) == (1, 1, 2)
    assert terms.bodies({"year": "2021"}, NOW) == []


@pytest.mark.req("SO-X-12")
def test_conflicts_known_only_after_the_work_are_found_and_those_known_before_are_not(
    cast, experts
):
    panel = a_panel(cast.akimat, *experts)
    scored(panel, cast.ngo, [(20, 10, 10)])
    for expert, since in zip(experts, (SIGNED + timedelta(days=9), SIGNED - timedelta(days=9)), strict=False):  # fmt: skip
        Conflict.objects.create(
            panel=panel, person=expert.user, organisation=cast.ngo, origin="detected", reason="kin", since=since
        )  # fmt: skip
    notices = [
        Notice.objects.create(
            person=person.user, project=cast.project, role="expert", act="a", edition="e",
            conflict=conflict, signed_at=NOW,
        )
        for person, conflict in ((experts[0], False), (experts[0], True), (experts[1], True))
    ]  # fmt: skip
    Admission.objects.create(
        notice=notices[2], reason="Басқа сарапшы жоқ", decided_by=cast.saule.user, decided_at=NOW
    )
    late: Any
    (late,) = afterwards.scored()

    assert (late.person, late.before) == (experts[0].user, SIGNED)
    assert [one.person for one in afterwards.declared()] == [experts[0].user]
    assert [one.notice for one in afterwards.admitted()] == [notices[2]]
    assert afterwards.counts() == {"scored": 1, "notice": 1, "admitted": 1}

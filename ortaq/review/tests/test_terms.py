"""A change of the calendar moves no term that has begun; prolonging is a step of its own."""

from datetime import date, timedelta

import pytest

from ortaq.core import clock as core_clock
from ortaq.core import journal
from ortaq.core.models import CalendarDay, Duty
from ortaq.registry.procedure import record_day
from ortaq.review.procedure import PANEL

from . import scenes

pytestmark = pytest.mark.django_db
BEGINS = core_clock.at(date(2020, 6, 22), 10)
ENDS = core_clock.end_of(date(2020, 7, 14))  # 15 working days; 6 July is a holiday
NEXT = date(2020, 7, 1)


def day_off(scene, day):
    """A day within the term is declared a day off while the term runs."""
    row = CalendarDay(day=day, kind="day_off", source_act="Үкіметтің № 1 қаулысы")
    return record_day(row, actor=scene.operator)


def terms_of(scene):
    """The end of scoring as the commission and as each member's duty has it."""
    scene.panel.refresh_from_db()
    owed = Duty.objects.filter(code="score").values_list("due_at", flat=True)
    assert owed
    return {scene.panel.scoring_until, *owed}


@pytest.mark.req("GR-S-01")
def test_a_day_off_declared_while_experts_score_moves_neither_an_open_nor_an_ended_term(clock):
    clock.set(BEGINS)
    scene = scenes.scoring()
    assert terms_of(scene) == {ENDS}
    clock.set(core_clock.at(date(2020, 6, 24), 10))
    day_off(scene, NEXT)
    for dossier in scene.panel.dossiers.all():  # and the duties are stated anew
        scenes.sign(scene, scene.cast.erlan, dossier)
    assert terms_of(scene) == {ENDS}
    clock.set(ENDS + timedelta(days=1))
    day_off(scene, date(2020, 7, 13))
    PANEL.take("begin_meeting", scene.panel, actor=scene.operator)
    assert terms_of(scene) == {ENDS}


@pytest.mark.req("GR-S-01")
def test_a_term_that_begins_after_the_change_counts_with_it(clock):
    clock.set(BEGINS - timedelta(days=1))
    scene = scenes.final()
    day_off(scene, NEXT)
    clock.set(BEGINS)
    scenes.open_dossiers(scene)
    assert terms_of(scene) == {core_clock.end_of(date(2020, 7, 15))}


@pytest.mark.req("GR-S-01")
def test_whoever_wants_a_later_end_prolongs_it_and_the_journal_says_from_when_to_when(clock):
    clock.set(BEGINS)
    scene = scenes.scoring()
    day_off(scene, NEXT)
    later = core_clock.end_of(date(2020, 7, 15))
    scene.take("prolong", until=later, reason="1 шілде демалыс күні болып жарияланды")
    assert terms_of(scene) == {later}
    *_, entry = journal.history(scene.panel)
    assert entry.step == "prolong"
    assert entry.facts["old"][:10] == "2020-07-14"
    assert entry.facts["new"][:10] == "2020-07-15"

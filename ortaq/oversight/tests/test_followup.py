"""What a visit asks for, finds and has mended."""

from __future__ import annotations

import uuid
from datetime import date, timedelta

import pytest
from django.utils import translation

from ortaq.core import clock as house
from ortaq.core import files, journal
from ortaq.core.keys import key_of
from ortaq.core.models import Duty, Letter
from ortaq.core.procedure import Refused
from ortaq.documents import render
from ortaq.oversight.models import CorrectiveAction, Instrument, Observation, Visit
from ortaq.oversight.papers import visit as papers
from ortaq.oversight.procedure import action as acting
from ortaq.oversight.procedure import engagement as engaging
from ortaq.oversight.procedure import observation as observing
from ortaq.oversight.procedure import report as reporting
from ortaq.oversight.procedure import request as asking
from ortaq.oversight.procedure.action import ACTION
from ortaq.oversight.procedure.request import REQUEST
from ortaq.oversight.procedure.visit import VISIT
from ortaq.oversight.queries import followup as queries
from ortaq.oversight.verdicts import proposals
from ortaq.projects.models import Project

from .scenes import NOW, YEAR, Cast, answers, begun, engaged

pytestmark = pytest.mark.django_db
MAY = house.at(date(YEAR, 5, 15), 11)
JUNE = date(YEAR, 6, 15)


@pytest.fixture
def scene(clock) -> tuple[Cast, Visit]:
    clock.set(NOW)
    cast = begun()
    clock.set(MAY)
    visit = Visit.objects.get(state=Visit.State.STARTED)
    return cast, visit


def ask(visit: Visit, cast: Cast, **given):
    asked = {"what": "Қатысушылар тізімі", "ground": "4.2-тармақ", "due_on": date(YEAR, 5, 20)}
    return asking.ask(visit, uuid.uuid4(), **{**asked, **given}, actor=cast.saule)


def note(visit: Visit, cast: Cast, **given) -> Observation:
    seen = {"indicator": "process", "weight": "serious", "text": "Тізім жоқ", "seen_at": MAY}
    return observing.note(visit, uuid.uuid4(), **{**seen, **given}, actor=cast.saule)


def order(row: Observation, cast: Cast, **given) -> CorrectiveAction:
    asked = {"what": "Тізім жүргізу", "due_on": JUNE, "person": "Бухгалтер"}
    return acting.order(row, uuid.uuid4(), **{**asked, **given}, actor=cast.saule)


def reported(visit: Visit, cast: Cast) -> Visit:
    typed = dict.fromkeys(reporting.texts_of(visit), "Мәтін") | {
        name: "met" for name in reporting.texts_of(visit) if name.endswith("_verdict")
    }
    assert reporting.write(visit, typed, version=visit.version, actor=cast.saule)
    Instrument.objects.filter(visit=visit).update(done_at=MAY)
    VISIT.take("report", visit, actor=cast.saule)
    return visit


@pytest.mark.req("SO-M-13")
def test_documents_are_asked_for_answered_late_asked_again_and_received(scene, clock):
    cast, visit = scene
    with pytest.raises(Refused) as refused:
        ask(visit, cast, what=" ", ground="", due_on=date(YEAR, 5, 14))
    assert {one.code for one in refused.value.findings} == {"no_words", "no_ground", "day_passed"}
    asked = ask(visit, cast)
    assert set(Letter.objects.filter(kind="documents_asked").values_list("recipient", flat=True)) == {cast.aliya.user.pk}  # fmt: skip
    duty = Duty.objects.get(code="answer_request")
    assert (duty.bearer, duty.due_at) == (key_of(cast.ngo), house.end_of(date(YEAR, 5, 20)))
    for stranger in (cast.saule, cast.dana, cast.kanat):
        with pytest.raises(Refused):
            REQUEST.take("answer", asked, actor=stranger, answer="Міне")
    with pytest.raises(Refused) as refused:
        REQUEST.take("answer", asked, actor=cast.aliya, answer=" ")
    assert refused.value.has("no_answer")

    clock.set(house.at(date(YEAR, 5, 22), 9))
    first = files.keep(b"%PDF-1 a", files.PDF, name="a.pdf")
    REQUEST.take("answer", asked, actor=cast.aliya, files=[first], version=asked.version)
    assert journal.history(asked).latest("id").facts["late"] is True
    REQUEST.take(
        "again", asked, actor=cast.saule, remark="Екінші бет жоқ", due_on=date(YEAR, 5, 25)
    )
    second = files.keep(b"%PDF-1 b", files.PDF, name="b.pdf")
    REQUEST.take("answer", asked, actor=cast.bolat, files=[second])
    assert set(asked.files.all()) == {first, second}
    REQUEST.take("accept", asked, actor=cast.saule)
    assert not Duty.objects.filter(subject=duty.subject, done_at=None).exists()


@pytest.mark.req("SO-M-15")
def test_a_form_sent_twice_asks_notes_and_orders_once(scene):
    cast, visit = scene
    once = uuid.uuid4()
    for _ in range(2):
        asked = asking.ask(visit, once, what="Есеп", ground="1", due_on=JUNE, actor=cast.saule)
        seen = observing.note(visit, once, indicator="coverage", weight="minor", text="Аз", seen_at=MAY, actor=cast.saule)  # fmt: skip
        action = acting.order(seen, once, what="Шақыру", due_on=JUNE, actor=cast.saule)
    assert (visit.requests.get(), visit.observations.get(), seen.actions.get()) == (asked, seen, action)  # fmt: skip


@pytest.mark.req("SO-M-15")
def test_what_is_to_be_mended_is_known_with_the_report_and_followed_until_confirmed(scene, clock):
    cast, visit = scene
    seen = note(visit, cast)
    action = order(seen, cast)
    assert not queries.actions_visible_to(cast.aliya).exists()
    assert not queries.observations_visible_to(cast.aliya).exists()
    assert not Duty.objects.filter(code="mend").exists()
    with pytest.raises(Refused):
        ACTION.take("done", action, actor=cast.aliya, answer="Жасалды")

    reported(visit, cast)

    assert queries.actions_visible_to(cast.aliya).get() == action
    duty = Duty.objects.get(code="mend")
    assert (duty.bearer, duty.due_at) == (key_of(cast.ngo), house.end_of(JUNE))
    for stranger in (cast.dana, cast.kanat, cast.nurbol, cast.erlan):
        assert not queries.actions_visible_to(stranger).exists()
    with pytest.raises(Refused):  # what a report says does not grow afterwards
        order(seen, cast)
    clock.set(house.at(JUNE + timedelta(days=1), 10))
    late = queries.actions_of_body(cast.saule, {"show": "late"}, house.today())
    assert late.get() == action
    assert not queries.actions_of_body(cast.kanat, {}, house.today()).exists()

    ACTION.take("done", action, actor=cast.aliya, answer="Жасалды", version=action.version)
    with pytest.raises(Refused):
        ACTION.take("confirm", action, actor=cast.aliya)
    ACTION.take(
        "back", action, actor=cast.saule, remark="Қолы жоқ", due_on=JUNE + timedelta(days=9)
    )
    assert (action.state, action.due_on) == ("open", JUNE + timedelta(days=9))
    ACTION.take("done", action, actor=cast.bolat, answer="Қол қойылды")
    later = Visit.objects.get(state=Visit.State.PLANNED)
    assert queries.still_open(cast.project, later).get() == action
    ACTION.take("confirm", action, actor=cast.marat)
    assert not queries.still_open(cast.project, later).exists()


@pytest.mark.req("SO-M-15")
def test_an_observation_is_taken_back_with_a_reason_and_nothing_is_to_be_mended_after_it(scene):
    cast, visit = scene
    seen = note(visit, cast)
    action = order(seen, cast)
    with pytest.raises(Refused):
        observing.take_back(seen, reason=" ", actor=cast.saule)
    with pytest.raises(Refused):
        observing.take_back(seen, reason="Тізім табылды", actor=cast.aliya)
    observing.take_back(seen, reason="Тізім табылды", actor=cast.saule)
    action.refresh_from_db()
    assert action.state == "dropped"
    reported(visit, cast)
    assert visit.content["observations"] == []


@pytest.mark.req("SO-M-12", "SO-M-13")
def test_the_expert_works_at_the_own_visit_only_as_long_as_the_gate_is_open(scene):
    cast, visit = scene
    engagement = engaged(cast)
    with pytest.raises(Refused):  # the visit is Saule's
        observing.note(visit, uuid.uuid4(), indicator="process", weight="good", text="Бар", seen_at=MAY, actor=cast.erlan)  # fmt: skip
    Visit.objects.filter(pk=visit.pk).update(engagement=engagement)
    seen = observing.note(visit, uuid.uuid4(), indicator="process", weight="serious", text="Жоқ", seen_at=MAY, actor=cast.erlan)  # fmt: skip
    action = acting.order(seen, uuid.uuid4(), what="Түзету", due_on=JUNE, actor=cast.erlan)
    assert queries.actions_visible_to(cast.erlan).get() == action

    engaging.sign(
        engagement, conflict=True, answers=answers(close_kinship="Інім"), actor=cast.erlan
    )
    assert not queries.actions_visible_to(cast.erlan).exists()
    with pytest.raises(Refused):
        acting.order(seen, uuid.uuid4(), what="Тағы", due_on=JUNE, actor=cast.erlan)
    assert visit.observations.get() == seen  # what was done before stays


def test_a_dropped_action_does_not_answer_a_breach(scene):
    cast, visit = scene
    action = order(note(visit, cast), cast)
    ACTION.take("drop", action, actor=cast.saule, remark="Қате жазылған")
    with pytest.raises(Refused) as refused:
        reported(visit, cast)
    assert [one.code for one in refused.value.findings] == ["no_action"]


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"indicator": "results"}, "unknown_indicator"),  # of the edition of 2018
        ({"seen_at": MAY + timedelta(minutes=1)}, "in_future"),
        ({"text": " "}, "no_words"),
    ],
)
def test_an_observation_that_cannot_be_is_refused(scene, given, code):
    cast, visit = scene
    with pytest.raises(Refused) as refused:
        note(visit, cast, **given)
    assert refused.value.has(code)


@pytest.mark.req("SO-X-03")
def test_satisfaction_is_not_applicable_where_the_standard_measures_none(
    scene, django_assert_num_queries
):
    _cast, visit = scene
    keys = ["process", "satisfaction", "coverage", "standard"]
    with django_assert_num_queries(5):
        found = proposals(visit, keys, house.today())
    assert found["satisfaction"].verdict == found["standard"].verdict == "not_applicable"
    assert found["coverage"].verdict == ""
    assert found["satisfaction"].words["kk"] != found["satisfaction"].words["ru"]
    # A fifth of the term has passed and no indicator is reached.
    Project.objects.filter(pk=visit.plan.project_id).update(indicators=10, indicators_done=0)
    visit = Visit.objects.get(pk=visit.pk)
    assert proposals(visit, keys, house.today())["process"].verdict == "not_met"


def test_the_paper_says_what_was_frozen_in_both_languages(scene):
    cast, visit = scene
    order(note(visit, cast, text="Тізім жоқ <b>"), cast)
    draft = papers.report(visit, reporting.content_of(visit), "kk")
    assert draft.footer == "есеп әлі қалыптастырылмаған"
    reported(visit, cast)
    for language, word in (("kk", "бұзушылық"), ("ru", "нарушение")):
        with translation.override("kk"):  # the paper's language, not the reader's
            paper = papers.report(visit, visit.content, language)
        shown = render.html(paper)
        assert word in shown
        assert "Тізім жоқ &lt;b&gt;" in shown
        assert visit.content_sha256 in paper.footer

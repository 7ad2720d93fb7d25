"""The evaluation of a completed project: notice, sheets, exact means, annex 8 within three days, the act only after posting."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ortaq.core import clock as house
from ortaq.core.models import Duty
from ortaq.core.procedure import Refused
from ortaq.law.findings import Finding
from ortaq.oversight.models import Evaluation, Notice
from ortaq.oversight.procedure import annex8, evaluation
from ortaq.oversight.procedure.evaluation import EVALUATION
from ortaq.oversight.queries import afterwards
from ortaq.projects import gates
from ortaq.projects.models import Act
from ortaq.projects.procedure import act
from ortaq.projects.procedure.act import ACT
from ortaq.projects.reporting.content import mark_of
from ortaq.registry.models import Affiliation
from ortaq.review import evaluating
from ortaq.review.evaluating import EVALUATING
from ortaq.review.models import Panel, ScoreSheet
from ortaq.review.policy import may_open
from ortaq.review.queries import points_visible_to

from .scenes import (
    NOW,
    YEAR,
    Cast,
    an_expert,
    answers,
    completed,
    evaluated,
    in_office,
    ordered,
    sign_sheet,
    written,
)

State = Evaluation.State
DECEMBER = house.at(date(YEAR, 12, 1), 10)
LINK: dict[str, Any] = {"portal_link": "https://goszakup.example.kz/reports/1"}


@pytest.fixture
def cast(db, clock) -> Cast:
    clock.set(NOW)
    made = ordered()
    clock.set(DECEMBER)
    return made


def formed(cast: Cast) -> Evaluation:
    found = written(evaluated(cast, (5, 4, 3, 4), (4, 4, 4, 5)), cast)
    EVALUATION.take("form", found, actor=cast.saule, version=found.version)
    return found


@pytest.mark.req("SO-E-02", "SO-E-03", "SO-18-13")
def test_a_project_is_evaluated_once_it_is_completed_and_by_a_council_in_office(cast):
    erlan = cast.erlan
    with pytest.raises(Refused) as refused:
        evaluation.open_evaluation(cast.project, None, actor=cast.saule)
    assert {"not_completed", "no_council"} == {one.code for one in refused.value.findings}

    council = in_office(cast, erlan)
    found = evaluation.open_evaluation(completed(cast), council, actor=cast.saule)
    assert evaluation.open_evaluation(cast.project, council, actor=cast.marat) == found
    assert Duty.objects.get(code="declare", done_at=None).bearer == erlan.key


@pytest.mark.req("SO-E-11", "SO-X-05", "SO-X-12")
def test_nothing_opens_to_a_member_before_the_notice_and_never_with_a_conflict(cast):
    clean, tied = cast.erlan, an_expert("Асанова", "Айжан")
    found = evaluation.open_evaluation(
        completed(cast), in_office(cast, clean, tied), actor=cast.saule
    )
    dossier = found.dossier
    assert dossier is not None
    assert not may_open(clean, dossier)

    evaluation.give_notice(found, conflict=False, answers=answers(), actor=clean)
    kin = answers(close_kinship="Ыбыраев Болат")
    evaluation.give_notice(found, conflict=True, answers=kin, actor=tied)

    assert may_open(clean, dossier)
    assert not may_open(tied, dossier)
    with pytest.raises(Refused):
        evaluation.give_notice(found, conflict=False, answers=answers(), actor=tied)
    assert [one.role for one in Notice.objects.all()] == [Notice.Role.MEMBER] * 2

    EVALUATING.take("admit", dossier.panel, actor=cast.saule, person=tied.user, remark="Алыс туыс")
    assert may_open(tied, dossier)


@pytest.mark.req("SO-X-12")
def test_a_tie_in_a_register_stands_against_a_notice_without_conflict(cast):
    Affiliation.objects.create(
        person=cast.erlan.user, organisation=cast.ngo, kind=Affiliation.Kind.FOUNDER, source="жарғы"
    )
    found = evaluation.open_evaluation(
        completed(cast), in_office(cast, cast.erlan), actor=cast.saule
    )
    with pytest.raises(Refused) as refused:
        evaluation.give_notice(found, conflict=False, answers=answers(), actor=cast.erlan)
    assert refused.value.has("known_tie")
    assert not Notice.objects.exists()


@pytest.mark.req("SO-E-13", "SO-E-18", "SO-E-22", "SO-X-06")
def test_means_are_exact_and_combined_by_the_formula_of_the_edition(cast):
    found = evaluated(cast, (5, 4, 3, 4), (4, 4, 4, 5), (5, 5, 5, 5))
    reckoned = annex8.results(found)

    assert list(reckoned["means"].values()) == [
        Fraction(14, 3),
        Fraction(13, 3),
        Fraction(4),
        Fraction(14, 3),
    ]
    assert reckoned["total"] == Fraction(53, 3)
    assert reckoned["mean"] == Fraction(53, 12)
    assert annex8.content_of(found)["total"] == "53/3"


@pytest.mark.req("SO-X-06")
@given(st.lists(st.tuples(*[st.integers(1, 5)] * 4), min_size=1, max_size=15))
@settings(max_examples=40)
def test_the_total_lies_between_the_least_and_the_greatest_sheet(rows):
    keys = ("a", "b", "c", "d")
    marks = [{key: {"points": one} for key, one in zip(keys, row, strict=True)} for row in rows]
    means = evaluating.means_of(marks, keys)
    total, sums = sum(means.values(), Fraction(0)), [sum(row) for row in rows]
    assert min(sums) <= total <= max(sums)
    # Nothing is lost to rounding, whatever the number of sheets.
    assert total * len(rows) == sum(sums)
    assert evaluating.means_of(marks[::-1], keys) == means


@pytest.mark.req("SO-E-18")
def test_the_body_waits_for_every_sheet_or_says_why_not(cast):
    signs, waits = cast.erlan, an_expert("Асанова", "Айжан")
    found = evaluation.open_evaluation(
        completed(cast), in_office(cast, signs, waits), actor=cast.saule
    )
    evaluation.give_notice(found, conflict=False, answers=answers(), actor=signs)
    with pytest.raises(Refused) as refused:
        evaluation.complete(found, remark="Күтпейміз", actor=cast.saule)
    assert refused.value.has("no_sheets")
    sign_sheet(found, signs, (5, 5, 5, 5))
    with pytest.raises(Refused) as refused:
        evaluation.complete(found, actor=cast.saule)
    assert refused.value.has("sheets_open")

    evaluation.complete(found, remark="Ауырып қалды", actor=cast.saule)
    assert found.state == State.COMPLETED


@pytest.mark.req("SO-E-18")
def test_points_of_others_are_nobodys_before_the_scoring_is_completed(cast):
    first, second = cast.erlan, an_expert("Асанова", "Айжан")
    found = evaluation.open_evaluation(
        completed(cast), in_office(cast, first, second), actor=cast.saule
    )
    for member in (first, second):
        evaluation.give_notice(found, conflict=False, answers=answers(), actor=member)
    sign_sheet(found, first, (5, 5, 5, 5))
    everybody = (first, second, cast.saule, cast.aliya, cast.nurbol)
    assert not any(points_visible_to(one).exists() for one in everybody)

    sign_sheet(found, second, (4, 4, 4, 4))
    evaluation.complete(found, actor=cast.saule)
    assert [points_visible_to(one).exists() for one in everybody] == [True] * 3 + [False] * 2


@pytest.mark.req("SO-X-12")
def test_a_conflict_discovered_after_scoring_takes_the_sheet_out_of_the_mean(cast):
    first, second = cast.erlan, an_expert("Асанова", "Айжан")
    found = evaluation.open_evaluation(
        completed(cast), in_office(cast, first, second), actor=cast.saule
    )
    for member, points in ((first, (5, 5, 5, 5)), (second, (3, 3, 3, 3))):
        evaluation.give_notice(found, conflict=False, answers=answers(), actor=member)
        sign_sheet(found, member, points)
    panel = annex8.panel_of(found)
    EVALUATING.take(
        "recuse", panel, actor=first, organisation=cast.ngo, explanation="Төлем алғанмын"
    )
    evaluation.complete(found, actor=cast.saule)

    assert annex8.results(found)["total"] == 12
    assert ScoreSheet.objects.filter(state=ScoreSheet.State.SET_ASIDE).count() == 1


@pytest.mark.req("SO-X-12")
@pytest.mark.parametrize(
    ("since", "known"), [(date(YEAR, 1, 1), True), (date(YEAR, 12, 20), False)]
)
def test_a_tie_recorded_after_the_report_is_marked_when_it_held_before_and_changes_nothing(
    cast, clock, since, known
):
    found = formed(cast)
    results, panel = annex8.results(found), annex8.panel_of(found)
    clock.set(house.at(date(YEAR + 1, 2, 1), 10))
    member = panel.seats.earliest("pk").person
    Affiliation.objects.create(
        person=member, organisation=cast.ngo, kind="founder", since=since, source="жарғы"
    )

    assert panel.conflicts.filter(person=member).exists() is known
    assert annex8.results(found) == results
    if known:
        assert [row.person for row in afterwards.rows_of("scored")] == [member]


@pytest.mark.req("SO-E-19")
def test_the_report_is_due_in_three_working_days_and_says_all_it_lacks(cast):
    found = evaluated(cast, (5, 4, 3, 4))
    # Friday 1 December; the weekend does not count.
    assert found.report_due_at == house.end_of(date(YEAR, 12, 6))
    assert Duty.objects.get(code="form_evaluation", done_at=None).due_at == found.report_due_at
    with pytest.raises(Refused) as refused:
        EVALUATION.take("form", found, actor=cast.saule)

    about = {one.about for one in refused.value.findings}
    assert about == {*annex8.rubric_of(found).keys, "recommendations"}


@pytest.mark.req("SO-E-20", "SO-E-21", "SO-X-04", "SO-X-17")
def test_the_customer_signs_the_act_only_after_the_report_is_posted(cast):
    found = formed(cast)
    paper = act.draft(found.project, actor=cast.aliya)
    values = {"number": "1", "day": date(YEAR, 12, 5), "sum_tiyn": 100, "services": "Қызмет"}
    ACT.take("edit", paper, actor=cast.aliya, values=values)
    ACT.take("supplier", paper, actor=cast.aliya)
    with pytest.raises(Refused) as refused:
        ACT.take("customer", paper, actor=cast.saule)
    assert refused.value.has("evaluation_not_posted")
    with pytest.raises(Refused) as refused:
        EVALUATION.take("post", found, actor=cast.saule, portal_link="жақында")
    assert refused.value.has("no_link")
    with pytest.raises(Refused):
        EVALUATION.take("post", found, actor=cast.saule, portal_link="https://a.kz/" + "x" * 600)

    EVALUATION.take("post", found, actor=cast.saule, **LINK)
    assert gates.evaluation(found.project) == []
    ACT.take("customer", paper, actor=cast.saule)
    assert paper.state == Act.State.SIGNED


@pytest.mark.req("SO-E-21")
def test_the_gate_says_how_far_the_evaluation_is(cast):
    def said() -> str:
        found: list[Finding] = gates.evaluation(cast.project)
        return str(found[0].numbers["state"])

    assert said() == "none"
    found = evaluation.open_evaluation(
        completed(cast), in_office(cast, cast.erlan), actor=cast.saule
    )
    assert said() == "scoring"
    assert found.dossier is not None
    assert found.dossier.panel.state == Panel.State.SCORING


@pytest.mark.req("SO-18-09", "SO-18-10")
def test_the_edition_of_2018_has_five_criteria_and_discusses_the_report(cast):
    found = evaluated(cast, (5, 4, 3, 4))
    Evaluation.objects.filter(pk=found.pk).update(edition="2018")
    found.refresh_from_db()
    assert len(annex8.rubric_of(found).keys) == 5
    written(found, cast)
    with pytest.raises(Refused) as refused:
        EVALUATION.take("form", found, actor=cast.saule)
    assert refused.value.has("not_discussed")

    EVALUATION.take("discuss", found, actor=cast.saule)
    # Five full working days after Friday 1 December.
    assert found.discussion_until == house.end_of(date(YEAR, 12, 8))


@pytest.mark.req("SO-E-19")
def test_two_officers_who_write_the_report_do_not_overwrite_each_other(cast):
    found = written(evaluated(cast, (5, 4, 3, 4)), cast)
    before = found.version
    seen = {name: mark_of(text) for name, text in annex8.texts_of(found).items()}
    mine, theirs = {"recommendations_kk": "Менікі"}, {"recommendations_kk": "Басқанікі"}
    annex8.write(found, theirs, seen=seen, actor=cast.marat)
    other = annex8.write(found, mine | {"recommendations_ru": "Моё"}, seen=seen, actor=cast.saule)

    assert other.changed == ["recommendations_ru"]
    assert other.conflicts == mine
    assert (found.recommendations_kk, found.recommendations_ru) == ("Басқанікі", "Моё")
    annex8.write(found, mine, seen=seen, insist=mine, actor=cast.saule)
    assert found.recommendations_kk == "Менікі"
    with pytest.raises(Refused) as refused:
        EVALUATION.take("form", found, actor=cast.marat, version=before)
    assert refused.value.has("changed_meanwhile")


@pytest.mark.req("SO-E-18", "SO-E-19")
@pytest.mark.parametrize("stranger", ["kanat", "aliya", "nurbol", "erlan"])
def test_only_the_body_completes_forms_and_posts(cast, stranger):
    actor, found = getattr(cast, stranger), formed(cast)
    for step in ("complete", "form", "post"):
        with pytest.raises(Refused) as refused:
            EVALUATION.take(step, found, actor=actor, **LINK)
        assert refused.value.has("not_yours")

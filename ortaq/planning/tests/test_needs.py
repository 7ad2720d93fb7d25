"""Needs assessments: what an approval asks for, the interval, values compared, who changes what."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from hypothesis import given
from hypothesis import strategies as st

from ortaq import law
from ortaq.core import clock as house_clock
from ortaq.core import journal
from ortaq.core.models import Duty, JournalEntry
from ortaq.core.procedure import Refused
from ortaq.law import needs
from ortaq.people.actor import actor_for
from ortaq.people.models import Membership
from ortaq.planning import values
from ortaq.planning.models import Assessment, Canvas, Card, Conclusion, Source
from ortaq.planning.procedure import needs as procedure
from ortaq.planning.procedure import needs_draft
from ortaq.planning.procedure.changed import Changed
from ortaq.planning.procedure.needs import ASSESSMENT
from ortaq.planning.queries import needs as queries
from ortaq.planning.tests import scenes
from ortaq.testing import factories

pytestmark = pytest.mark.django_db
BEGUN = house_clock.at(date(2024, 2, 12), 10)
IN_2020 = house_clock.at(date(2020, 2, 12), 10)


@pytest.fixture
def cast(clock):
    clock.set(BEGUN)
    return scenes.cast()


def findings(assessment, actor):
    found = ASSESSMENT.findings("approve", assessment, actor)
    return {(one.code, one.about) for one in found if one.severity is law.Severity.ERROR}


# --- Approving -----------------------------------------------------------------------------------


@pytest.mark.req("SO-F-01", "SO-F-02", "SO-T-024", "SO-T-027")
def test_a_whole_assessment_is_approved_and_its_content_frozen_in_the_journal(cast):
    assessment = scenes.approved_needs(cast.saule, cast.akimat)
    assert assessment.state == Assessment.State.APPROVED
    assert assessment.approved_on == BEGUN.date()
    entry = journal.history(assessment).last()
    assert entry
    assert (entry.step, len(entry.facts["content"])) == ("approve", 64)
    source = assessment.sources.all()[0]
    with pytest.raises(Refused, match="moved_on"):
        needs_draft.write_source(source, actor=cast.saule, version=0)
    with pytest.raises(Refused, match="moved_on"):
        needs_draft.answer(assessment, {}, actor=cast.saule)


@pytest.mark.req("SO-T-026", "SO-T-028", "SO-F-03")
def test_an_empty_draft_is_told_all_that_it_lacks_at_once(cast):
    assessment = scenes.an_assessment(cast.saule, cast.akimat, title_ru="")
    assert findings(assessment, cast.saule) == {
        ("no_sources", "sources"),
        ("no_conclusions", "conclusions"),
        ("question_open", "answers"),
        ("russian_missing", "head"),
    }
    found = ASSESSMENT.findings("approve", assessment, cast.saule)
    (open_ones,) = (one.numbers["questions"] for one in found if one.code == "question_open")
    assert open_ones == list(range(1, len(needs.questions()) + 1))
    with pytest.raises(Refused):
        ASSESSMENT.take("approve", assessment, actor=cast.saule)
    assert assessment.state == Assessment.State.DRAFT


@pytest.mark.req("SO-T-026")
@pytest.mark.parametrize(
    ("titles", "enough"),
    [
        (["а", "б"], False),
        (["а", "б", "б"], False),
        (["а", "б", " Б  "], False),
        (["а", "б", "в"], True),
    ],
)
def test_a_source_entered_twice_is_one_source(cast, titles, enough):
    assessment = scenes.a_whole_assessment(cast.saule, cast.akimat)
    sources = [scenes.a_source(assessment, cast.saule, title=title) for title in titles]
    scenes.a_conclusion(assessment, cast.saule, sources)
    few = [
        one
        for one in ASSESSMENT.findings("approve", assessment, cast.saule)
        if one.code == "too_few_sources"
    ]
    # Only the second conclusion: a finding per conclusion.
    assert [one.numbers["number"] for one in few] == ([] if enough else [2])


@given(
    named=st.lists(st.tuples(st.sampled_from("абв"), st.sampled_from(["", "Институт"]))),
    noise=st.sampled_from(["{}", " {}", "{} ", "\u00a0{}"]),
)
def test_however_often_and_carelessly_sources_are_entered_only_distinct_ones_count(named, noise):
    rows = [Source(title=noise.format(title.upper()), publisher=whose) for title, whose in named]
    rows += [Source(title=title, publisher=whose) for title, whose in named]
    assert procedure.distinct(rows) == len(set(named))


@pytest.mark.req("SO-F-03", "SO-T-025")
def test_the_kinds_of_sources_are_those_of_the_edition_of_the_day_it_began(cast, clock):
    clock.set(IN_2020)
    old = scenes.a_whole_assessment(cast.saule, cast.akimat)
    assert old.edition == "2018"
    scenes.a_source(old, cast.saule, kind="sustainable_development")
    assert findings(old, cast.saule) == set()
    clock.set(BEGUN)
    new = scenes.a_whole_assessment(cast.saule, cast.akimat)
    assert new.edition == "2022"
    scenes.a_source(new, cast.saule, kind="sustainable_development")
    assert findings(new, cast.saule) == {("source_kind_unknown", "sources")}


def test_what_has_no_russian_wording_is_named_place_by_place(cast):
    assessment = scenes.a_whole_assessment(cast.saule, cast.akimat)
    scenes.a_value(assessment, cast.saule, "1", indicator_ru="")
    Conclusion.objects.filter(assessment=assessment).update(text_ru=" ")
    key = next(iter(needs.questions()))
    needs_draft.answer(assessment, {key: ("Жауап", "", 1)}, actor=cast.saule)
    assessment.refresh_from_db()
    assert findings(assessment, cast.saule) == {
        ("russian_missing", "baselines"),
        ("russian_missing", "conclusions"),
        ("russian_missing", "answers"),
    }


# --- Every two years -----------------------------------------------------------------------------


def open_duties(cast):
    return list(
        Duty.objects.filter(code="next_assessment", done_at=None).values_list("due_at", flat=True)
    )


@pytest.mark.req("SO-F-02")
def test_the_next_assessment_is_due_two_years_after_and_the_earlier_duty_is_done(cast, clock):
    scenes.approved_needs(cast.saule, cast.akimat)
    due = house_clock.end_of(date(2026, 2, 12))
    assert open_duties(cast) == [due]
    assert not queries.standings(cast.saule)[0].overdue
    clock.set(due + timedelta(seconds=1))
    assert queries.standings(cast.saule)[0].overdue
    scenes.approved_needs(cast.saule, cast.akimat)
    assert open_duties(cast) == [house_clock.end_of(date(2028, 2, 13))]
    assert not queries.standings(cast.saule)[0].overdue


@pytest.mark.req("SO-F-02")
def test_a_body_that_never_assessed_is_warned_and_strangers_see_no_standing(cast):
    (standing,) = queries.standings(cast.saule)
    assert (standing.last, standing.overdue) == (None, True)
    assert queries.standings(cast.aliya) == []


@pytest.mark.req("SO-F-02")
def test_an_officer_of_several_bodies_costs_no_query_more(cast, django_assert_num_queries):
    bodies = [factories.an_organisation("state_body") for _ in range(3)]
    for body in bodies:
        Membership.objects.create(
            user=cast.saule.user, organisation=body, role="officer", starts_on=factories.SINCE
        )
    saule = actor_for(cast.saule.user, cast.akimat)
    for body in (cast.akimat, *bodies[:2]):
        scenes.approved_needs(saule, body)
    with django_assert_num_queries(3):
        found = queries.standings(saule)
    assert [one.overdue for one in found].count(True) == 1


@pytest.mark.req("SO-F-02", "SO-G-03")
def test_the_rules_of_2018_set_no_interval_and_those_of_2022_reach_back(cast, clock):
    clock.set(IN_2020)
    scenes.approved_needs(cast.saule, cast.akimat)
    assert open_duties(cast) == []
    assert not queries.standings(cast.saule)[0].overdue
    clock.set(BEGUN)  # under the rules of 2022 two years have long passed
    assert queries.standings(cast.saule)[0].overdue


@pytest.mark.req("GAP-T-20", "SO-T-029")
def test_an_interim_assessment_has_no_routine_date(cast):
    base = scenes.approved_needs(cast.saule, cast.akimat)
    duties = Duty.objects.count()
    scenes.an_assessment(cast.saule, cast.akimat, kind="interim", baseline_of=base)
    assert Duty.objects.count() == duties
    assert needs.kinds()["interim"].remark.en.startswith("No routine mid-term date")


# --- Before and after ----------------------------------------------------------------------------


@pytest.mark.req("SO-T-027", "SO-T-029")
def test_a_final_assessment_compares_with_its_baseline_exactly(cast):
    base = scenes.approved_needs(cast.saule, cast.akimat)
    before = base.baselines.get()
    final = scenes.an_assessment(cast.saule, cast.akimat, kind="final", baseline_of=base)
    missing = ASSESSMENT.findings("approve", final, cast.saule)
    assert "not_measured_again" in {one.code for one in missing}
    scenes.a_value(final, cast.saule, "52.125", earlier=before, unit="persons")
    (line,) = queries.comparison(final)
    assert (line.was, line.is_now, line.change) == ("37,5", "52,125", "+14,625")
    assert line.unit == "%"  # the unit of what is compared, whatever was typed
    left = ASSESSMENT.findings("approve", final, cast.saule)
    assert "not_measured_again" not in {one.code for one in left}


def test_values_that_were_not_measured_again_stay_in_sight(cast):
    base = scenes.approved_needs(cast.saule, cast.akimat)
    final = scenes.an_assessment(cast.saule, cast.akimat, kind="final", baseline_of=base)
    (line,) = queries.comparison(final)
    assert (line.now, line.was, line.change) == (None, "37,5", "")


def test_another_baseline_loses_the_links_to_the_one_before(cast):
    first, second = (scenes.approved_needs(cast.saule, cast.akimat) for _ in range(2))
    final = scenes.an_assessment(cast.saule, cast.akimat, kind="final", baseline_of=first)
    scenes.a_value(final, cast.saule, "40", earlier=first.baselines.get())
    final.baseline_of = second
    needs_draft.edit(final, actor=cast.saule, version=0)
    assert final.baselines.get().earlier is None
    assert final.baselines.get().value == 40


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [("0.1", "0.3", "+0,2"), ("3", "1", "−2"), ("5", "5", "0"), ("-1.5", "0", "+1,5")],
)
def test_differences_are_exact(before, after, said):
    assert values.change(Decimal(before), Decimal(after)) == said


# --- Two officers --------------------------------------------------------------------------------


@pytest.mark.req("SO-T-032")
def test_two_officers_who_change_one_card_see_each_other_and_nothing_is_lost(cast):
    assessment = scenes.an_assessment(cast.saule, cast.akimat)
    canvas = Canvas(assessment=assessment, kind="swot", title="Қарттар")
    needs_draft.begin_canvas(canvas, actor=cast.saule)
    card = needs_draft.add_card(canvas, "threats", "бір", actor=cast.saule)
    mine, theirs = (Card.objects.get(pk=card.pk) for _ in range(2))
    theirs.text = "екі"
    needs_draft.write_card(theirs, actor=cast.saule, version=0)
    mine.text = "үш"
    with pytest.raises(Changed) as changed:
        needs_draft.write_card(mine, actor=cast.saule, version=0)
    assert changed.value.theirs.text == "екі"
    with pytest.raises(Changed):
        needs_draft.remove_card(mine, actor=cast.saule, version=0)
    needs_draft.write_card(mine, actor=cast.saule, version=1)
    assert [one.text for one in canvas.cards.all()] == ["үш"]


@pytest.mark.req("SO-T-033", "SO-T-037")
def test_a_card_stands_only_in_a_cell_of_its_worksheet(cast):
    assessment = scenes.an_assessment(cast.saule, cast.akimat)
    canvas = Canvas(assessment=assessment, kind="problem_tree", title="Жалғыздық")
    needs_draft.begin_canvas(canvas, actor=cast.saule)
    with pytest.raises(ValueError, match="threats"):
        needs_draft.add_card(canvas, "threats", "бір", actor=cast.saule)


def test_answers_to_different_questions_are_both_kept(cast):
    assessment = scenes.an_assessment(cast.saule, cast.akimat)
    first, second, *_rest = needs.questions()
    both = {first: ("а", "", 0), second: ("", "", 0)}
    other = {first: ("", "", 0), second: ("б", "", 0)}
    assert needs_draft.answer(assessment, both, actor=cast.saule) == []
    # The second officer's page showed neither; the first answer is theirs untouched and stays.
    assert needs_draft.answer(assessment, {second: other[second]}, actor=cast.saule) == []
    assert needs_draft.answer(assessment, {first: ("в", "", 0)}, actor=cast.saule) == [first]
    assessment.refresh_from_db()
    assert [assessment.answers[key]["kk"] for key in (first, second)] == ["а", "б"]


def test_strangers_write_nothing(cast):
    assessment = scenes.an_assessment(cast.saule, cast.akimat)
    for stranger in (cast.nurlan, cast.aliya, cast.erlan, cast.madina):
        with pytest.raises(PermissionDenied):
            needs_draft.write_source(Source(assessment=assessment), actor=stranger)
        with pytest.raises(Refused):
            ASSESSMENT.take("discard", assessment, actor=stranger)
    assert not Source.objects.exists()


def test_a_discarded_draft_leaves_its_journal(cast):
    assessment = scenes.a_whole_assessment(cast.saule, cast.akimat)
    key = f"planning.assessment:{assessment.pk}"
    ASSESSMENT.take("discard", assessment, actor=cast.saule)
    assert not Assessment.objects.exists()
    steps = JournalEntry.objects.filter(subject=key).order_by("number")
    assert [entry.step for entry in steps][-1] == "discard"

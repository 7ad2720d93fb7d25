"""What a project leaves for next year's needs: proposed by its records, kept by the officer, entered in the assessment once."""

from __future__ import annotations

import uuid
from datetime import date

import pytest
from django.core.exceptions import PermissionDenied

from ortaq.core import clock as house
from ortaq.core.procedure import Refused
from ortaq.oversight.models import Evaluation, Lesson
from ortaq.oversight.procedure import lesson as procedure
from ortaq.oversight.procedure.evaluation import EVALUATION
from ortaq.oversight.procedure.lesson import Words
from ortaq.oversight.queries import lesson as queries
from ortaq.planning.models import Assessment, Source
from ortaq.planning.procedure import needs_draft
from ortaq.planning.tests import scenes as planning
from ortaq.projects.models import Contract, Project
from ortaq.testing.remembered import remembered

from .scenes import NOW, Cast, evaluated, ordered, written

pytestmark = pytest.mark.django_db


@remembered
def formed() -> tuple[Cast, Evaluation]:
    """The project is over, and its evaluation recommends to go on with it; its groups were not reached in full."""
    cast = ordered()
    found = written(evaluated(cast, (4, 5, 5, 4)), cast)
    EVALUATION.take("form", found, actor=cast.saule)
    Contract.objects.filter(pk=cast.project.contract_id).update(
        social_effect={"direct_beneficiaries": 120}
    )
    return cast, found


@pytest.fixture
def scene(clock) -> tuple[Cast, Evaluation]:
    clock.set(NOW)
    return formed()


def words(proposal: queries.Proposal) -> Words:
    return Words(proposal.once, proposal.kind, proposal.kk, proposal.ru, proposal.origin)


def project_of(cast: Cast) -> Project:
    return Project.objects.get(pk=cast.project.pk)


@pytest.mark.req("SO-E-01")
def test_the_records_propose_results_recommendations_and_unmet_needs(scene):
    cast, found = scene
    proposals = {one.origin: one for one in queries.proposals_of(project_of(cast))}
    advice = proposals[f"oversight.evaluation:{found.pk}"]
    reached = proposals[f"projects.project:{cast.project.pk}/covered"]

    assert (advice.kind, advice.kk, advice.ru) == (Lesson.Kind.ADVICE, "Жалғастыру", "Продолжать")
    assert reached.kind == Lesson.Kind.UNMET
    assert "120" in reached.kk
    assert "120" in reached.ru
    assert reached.kk != reached.ru
    # What is kept is not proposed again.
    procedure.keep(cast.project, [words(advice)], actor=cast.saule)
    assert advice.origin not in {one.origin for one in queries.proposals_of(project_of(cast))}


def test_a_report_that_is_not_formed_proposes_nothing(scene):
    cast, found = scene
    Evaluation.objects.filter(pk=found.pk).update(state=Evaluation.State.COMPLETED)

    assert all(
        not one.origin.startswith("oversight.evaluation")
        for one in queries.proposals_of(project_of(cast))
    )


@pytest.mark.req("SO-F-03", "SO-E-01")
@pytest.mark.parametrize(
    ("edition", "kind"),
    [("2022", "inspections_monitoring_evaluation"), ("2018", "official_reports")],
)
def test_lessons_become_one_source_of_the_draft_and_only_once(scene, edition, kind):
    cast, _found = scene
    draft = planning.an_assessment(cast.saule, cast.akimat)
    Assessment.objects.filter(pk=draft.pk).update(edition=edition)
    draft.refresh_from_db()
    rows = [words(one) for one in queries.proposals_of(project_of(cast))]
    own = Words(uuid.uuid4(), "unmet", "Ауылдарға жету керек", "Нужно дойти до сёл")
    procedure.keep(cast.project, [*rows, own], actor=cast.saule)
    procedure.keep(cast.project, [own], actor=cast.saule)

    (source,) = procedure.enter([project_of(cast)], draft, actor=cast.saule)
    with pytest.raises(Refused) as again:
        procedure.enter([project_of(cast)], draft, actor=cast.saule)

    assert again.value.has("nothing_left")
    assert Source.objects.get() == source
    assert source.kind == kind
    assert "Ауылдарға жету керек" in source.finding
    assert "Нужно дойти до сёл" in source.finding
    assert Lesson.objects.filter(used_in=source).count() == len(rows) + 1
    assert {one.year for one in Lesson.objects.all()} == {house.today().year + 1}


def test_a_source_taken_out_of_the_draft_can_be_entered_anew(scene):
    cast, _found = scene
    draft = planning.an_assessment(cast.saule, cast.akimat)
    own = Words(uuid.uuid4(), "result", "Нәтиже бар", "Результат есть")
    procedure.keep(cast.project, [own], actor=cast.saule)
    (source,) = procedure.enter([project_of(cast)], draft, actor=cast.saule)
    needs_draft.remove(source, actor=cast.saule, version=source.version)

    assert procedure.enter([project_of(cast)], draft, actor=cast.saule)


def test_a_lesson_in_one_language_is_refused_and_a_strangers_changes_nothing(scene):
    cast, _found = scene
    whole = Words(uuid.uuid4(), "result", "Нәтиже", "Результат")
    half = Words(uuid.uuid4(), "result", "Нәтиже", "")
    with pytest.raises(Refused) as lacking:
        procedure.keep(cast.project, [whole, half], actor=cast.saule)
    for stranger in (cast.kanat, cast.aliya):
        with pytest.raises(Refused) as refused:
            procedure.keep(cast.project, [whole], actor=stranger)
        assert refused.value.has("not_yours")

    assert [one.about for one in lacking.value.findings] == ["text_ru"]
    assert not Lesson.objects.exists()


def test_lessons_never_enter_the_assessment_of_another_body_or_an_approved_one(scene):
    cast, _found = scene
    own = Words(uuid.uuid4(), "result", "Нәтиже", "Результат")
    procedure.keep(cast.project, [own], actor=cast.saule)
    foreign = planning.an_assessment(cast.kanat, cast.other)
    approved = planning.an_assessment(cast.saule, cast.akimat)
    Assessment.objects.filter(pk=approved.pk).update(
        state=Assessment.State.APPROVED, approved_on=date(2030, 1, 1)
    )
    for assessment in (foreign, approved):
        with pytest.raises((Refused, PermissionDenied)):
            procedure.enter([project_of(cast)], assessment, actor=cast.saule)

    assert not Source.objects.exists()
    assert Lesson.objects.get().used_in is None


def test_two_officers_words_do_not_overwrite_each_other(scene):
    cast, _found = scene
    own = Words(uuid.uuid4(), "result", "Нәтиже", "Результат")
    (row,) = procedure.keep(cast.project, [own], actor=cast.saule)
    seen = row.version
    saules = Words(own.once, "result", "Сәуленің сөзі", "Слова Сауле")
    marats = Words(own.once, "result", "Мараттың сөзі", "Слова Марата")

    assert procedure.write(row, saules, version=seen, actor=cast.saule)
    assert not procedure.write(row, marats, version=seen, actor=cast.marat)
    assert row.text_kk == "Сәуленің сөзі"

"""What belongs to one page is found whatever is published around it."""

from __future__ import annotations

import pytest

from ortaq.core.keys import key_of
from ortaq.gazette import keeping, pages
from ortaq.gazette.queries import published
from ortaq.grants.models import Outcome
from ortaq.grants.tests import outcome_scenes as grants
from ortaq.oversight.models import PublicInformation
from ortaq.planning.tests import scenes as planning
from ortaq.projects.models import Contract
from ortaq.projects.tests import scenes as projects
from ortaq.testing import factories

pytestmark = pytest.mark.django_db
NOW = projects.NOW


def test_a_discussion_has_its_topics_and_another_one_has_its_own(
    clock, django_assert_max_num_queries
):
    cast = planning.cast()
    formation = planning.published(clock, cast.saule, cast.akimat)
    keeping.catch_up()
    with django_assert_max_num_queries(2):
        found = pages.belonging(key_of(formation))
    topics = [key_of(one) for one in formation.topics.all()]
    assert found == sorted([key_of(formation), *topics])
    assert pages.belonging(topics[0]) == [topics[0]]
    assert pages.page_of(key_of(formation)) is not None


def test_a_result_has_its_contract_and_the_project_that_is_carried_out(
    clock, django_assert_max_num_queries
):
    clock.set(projects.NOW)
    project = projects.running(projects.cast())
    contract = project.contract
    Contract.objects.filter(pk=contract.pk).update(source="grants.outcome:77")
    with django_assert_max_num_queries(3):
        found = pages.belonging("grants.outcome:77")
    assert found == sorted(["grants.outcome:77", key_of(contract), key_of(project)])
    assert pages.belonging(key_of(project)) == sorted([key_of(contract), key_of(project)])
    # What is not public is not told, whoever names it.
    assert pages.page_of(key_of(project)) is None
    assert not published().filter(key__in=found).exists()


def test_a_plan_has_its_competitions_with_their_awards(clock, django_assert_max_num_queries):
    scene = grants.prepared(clock, {1: {"aliya": 20, "dana": 18}})
    competition = scene.competition
    scene.take("publish")
    with django_assert_max_num_queries(5):
        found = pages.belonging(key_of(competition.version.plan))
    awards = Outcome.objects.filter(lot__competition=competition)
    assert {key_of(competition), *map(key_of, awards)} < set(found)


def test_an_assessment_has_the_topics_that_rest_on_it(clock):
    cast = planning.cast()
    formation = planning.published(clock, cast.saule, cast.akimat)
    topic = formation.topics.get(position=1)
    assessment = topic.assessments.first() or planning.approved_needs(cast.saule, cast.akimat)
    topic.assessments.add(assessment)
    found = pages.belonging(key_of(assessment))
    assert {key_of(assessment), key_of(topic)} <= set(found)


def test_a_report_has_those_that_were_issued_after_it(db, django_assert_num_queries):
    body = factories.an_organisation("state_body", name_kk="Әкімдік")
    issued = [
        PublicInformation.objects.create(body=body, year=year, issue=issue, published_at=NOW, content={"rows": []})
        for year, issue in ((2023, 1), (2023, 2), (2024, 1))
    ]  # fmt: skip
    first, second, other = map(key_of, issued)
    with django_assert_num_queries(1):
        assert pages.belonging(first) == [first, second]
    assert pages.belonging(other) == [other]


@pytest.mark.parametrize(
    "key",
    ["", "x", "grants.competition", "grants.competition:", "grants.competition:x", "grants.competition:-1", "people.user:1",
     "registry.ngo:1", "people.organisation:1", "grants.competition:" + "9" * 30, "grants.competition:²"],
)  # fmt: skip
def test_what_names_no_page_has_nothing(key, django_assert_num_queries):
    with django_assert_num_queries(0):
        assert not pages.is_page(key)
        assert pages.belonging(key) == []
        assert pages.page_of(key) is None


def test_every_step_goes_from_a_noun_that_the_one_before_may_have_found():
    from ortaq.gazette.sources import every

    nouns = {source.noun for source in every()}
    for root, steps in pages.FOLLOWS.items():
        met = {root}
        for before, after, _find in steps:
            assert before in met
            met.add(after)
        assert met <= nouns

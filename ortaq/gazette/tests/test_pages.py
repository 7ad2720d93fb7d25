"""What belongs to one page is found whatever is published around it."""

from __future__ import annotations

import pytest

from ortaq.core.keys import key_of
from ortaq.gazette import keeping, pages
from ortaq.gazette.queries import published
from ortaq.planning.tests import scenes as planning
from ortaq.projects.models import Contract
from ortaq.projects.tests import scenes as projects

pytestmark = pytest.mark.django_db


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

"""Who acts, for whom, and what follows from it."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import RequestFactory

from ortaq.core import clock as core_clock
from ortaq.people import policy
from ortaq.people.actor import ACTING_FOR, PASSER_BY, actor_for, actor_of
from ortaq.people.models import Membership, Role

from .cast import an_organisation

pytestmark = pytest.mark.django_db


def test_an_actor_costs_one_query_and_answers_without_more(cast, django_assert_num_queries):
    an_organisation("Өркен", (cast.aliya, Role.STAFF))
    with django_assert_num_queries(1):
        actor = actor_for(cast.aliya)
        assert actor.roles_in(cast.ngo) == {"head"}
        assert actor.key == f"person:{cast.aliya.pk}"
        assert len(actor.bearers) == 3
        assert actor.behalf == f"organisation:{cast.ngo.pk}"


def test_a_passer_by_is_nobody():
    actor = actor_for(None)
    assert actor is PASSER_BY
    assert (actor.key, actor.behalf, actor.bearers, actor.is_signed_in) == ("", "", [], False)
    assert not policy.is_signed_in(actor)


def test_an_ended_membership_gives_nothing_from_that_day_on(cast):
    Membership.objects.filter(user=cast.aliya).update(ends_on=core_clock.today())
    actor = actor_for(cast.aliya)
    assert actor.memberships == ()
    assert actor.acting_for is None
    assert actor.bearers == [actor.key]


def test_an_actor_of_another_day_has_the_roles_of_that_day(cast):
    today = core_clock.today()
    before = core_clock.at(today - timedelta(days=1))
    assert actor_for(cast.aliya, now=before).memberships == ()


def test_powers_of_a_kind_follow_the_hat_that_is_worn(cast):
    Membership.objects.create(user=cast.gulnara, organisation=cast.ngo, role=Role.STAFF)
    as_operator = actor_for(cast.gulnara, cast.operator)
    as_ngo = actor_for(cast.gulnara, cast.ngo)
    assert policy.is_operator(as_operator)
    assert not policy.is_ngo(as_operator)
    assert policy.is_ngo(as_ngo)
    assert not policy.is_operator(as_ngo)
    assert not policy.is_operator(as_operator.instead(None))


def test_nobody_acts_for_an_organisation_that_is_not_theirs(cast):
    with pytest.raises(ValueError, match="does not belong"):
        actor_for(cast.dana, cast.ngo)


@pytest.mark.parametrize(
    ("role", "powers"),
    [(Role.HEAD, True), (Role.DEPUTY, True), (Role.OFFICER, True)]
    + [(role, False) for role in (Role.ACCOUNTANT, Role.PR, Role.STAFF)],
)
def test_only_responsible_people_act_for_the_operator(cast, role, powers):
    Membership.objects.create(user=cast.erlan, organisation=cast.operator, role=role)
    assert policy.is_operator(cast.actor("erlan")) is powers


def test_powers_in_an_organisation_by_role(cast):
    rules = {
        "member": policy.is_member_of,
        "manager": policy.is_manager_of,
    }
    granted = {
        name: [word for word, rule in rules.items() if rule(cast.actor(name), cast.ngo)]
        for name in ("aliya", "bolat", "dana", "gulnara", "saule", "erlan")
    }
    assert granted == {
        "aliya": ["member", "manager"],
        "bolat": ["member"],
        **{name: [] for name in ("dana", "gulnara", "saule", "erlan")},
    }


def test_predicates_combine(cast):
    aliya, bolat, dana = (cast.actor(name) for name in ("aliya", "bolat", "dana"))
    both = policy.is_ngo & policy.is_manager_of
    either = policy.is_manager_of | policy.is_member_of
    assert [both(actor, cast.ngo) for actor in (aliya, bolat, dana)] == [True, False, False]
    assert [either(actor, cast.ngo) for actor in (aliya, bolat, dana)] == [True, True, False]
    assert [(~either)(actor, cast.ngo) for actor in (aliya, bolat, dana)] == [False, False, True]


def request_of(person, chosen=None):
    request: Any = RequestFactory().get("/")
    request.user = person
    request.session = {} if chosen is None else {ACTING_FOR: chosen}
    return request


def test_a_request_acts_for_the_chosen_organisation_as_long_as_it_is_ours(cast):
    second = an_organisation("Екінші", (cast.aliya, Role.STAFF))
    assert actor_of(request_of(cast.aliya, second.pk)).acting_for == second
    assert actor_of(request_of(cast.aliya, 0)).acting_for is None
    assert actor_of(request_of(cast.aliya, cast.rival.pk)).acting_for == cast.ngo
    Membership.objects.filter(organisation=second).update(ends_on=core_clock.today())
    assert actor_of(request_of(cast.aliya, second.pk)).acting_for == cast.ngo

"""The pages of the standing watch: for the body in charge, and for nobody else."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from ortaq.oversight.tests import scenes as oversight
from ortaq.people.actor import Actor
from ortaq.registry.models import StandingFlag

from .test_standing_watch import recorded

pytestmark = pytest.mark.req("GR-A-09", "GR-X-17")
LIST = "registry:standing_flags"


def browser(actor: Actor) -> Client:
    client = Client(headers={"accept-language": "ru"})
    assert actor.user
    client.force_login(actor.user)
    return client


@pytest.fixture
def ordered(db, clock):
    clock.set(oversight.NOW)
    return oversight.ordered()


def test_a_flag_stands_on_the_list_and_on_the_page_of_the_thing_for_its_body_alone(ordered):
    recorded(ordered.ngo, evidence="№ 777 ұйғарым")
    project = reverse("projects:project", args=[ordered.project.pk])
    flag = StandingFlag.objects.get()
    own = reverse("registry:standing_flag", args=[flag.pk])
    saule = browser(ordered.saule)
    assert own in saule.get(reverse(LIST)).text
    assert own in saule.get(project).text
    assert "№ 777" in saule.get(own).text
    # The NGO's own people read of the fact on its card; what the body makes of it is the body's.
    assert own not in browser(ordered.aliya).get(project).text
    absent = reverse("registry:standing_flag", args=[10**9])
    for stranger in (ordered.kanat, ordered.nurbol, ordered.aliya, ordered.dana):
        theirs = browser(stranger)
        assert theirs.get(own).status_code == theirs.post(own, {"step": "go_on"}).status_code == 404
        assert theirs.get(absent).status_code == 404


def test_a_decision_is_recorded_with_its_reason_or_nothing_typed_is_lost(ordered):
    recorded(ordered.ngo)
    flag = StandingFlag.objects.get()
    own = reverse("registry:standing_flag", args=[flag.pk])
    saule = browser(ordered.saule)
    kept = saule.post(own, {"reason": "Мүлік жобаға қатысты емес"})
    assert (kept.status_code, "Мүлік жобаға қатысты емес" in kept.text) == (422, True)
    assert saule.post(own, {"step": "terminate", "reason": " "}).status_code == 422
    assert saule.post(own, {"step": "go_on", "reason": "Қатысты емес"}).status_code == 302
    flag.refresh_from_db()
    assert (flag.decision, flag.decided_by) == ("continued", ordered.saule.user)
    assert "Қатысты емес" in saule.get(own).text


def test_the_list_takes_as_many_queries_for_one_flag_as_for_many(ordered):
    recorded(ordered.ngo)
    saule, address = browser(ordered.saule), reverse(LIST)
    saule.get(address)
    with CaptureQueriesContext(connection) as one:
        saule.get(address)
    for kind in ("bankruptcy", "attached_property", "suspended_activity"):
        recorded(ordered.ngo, kind)
    with CaptureQueriesContext(connection) as many:
        assert saule.get(address, {"q": "әлем"}).text.count("/standing-watch/") >= 4
    assert len(one) == len(many)

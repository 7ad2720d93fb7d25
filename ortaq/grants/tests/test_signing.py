"""Applications and protocols of grants where electronic signatures are required."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.test import Client

from ortaq.core import clock as core_clock
from ortaq.core.canonical import sha256
from ortaq.core.models import Duty
from ortaq.core.procedure import Refused
from ortaq.grants import signing as occasions
from ortaq.grants.models import Protocol, Receipt
from ortaq.grants.procedure import application_draft
from ortaq.grants.procedure.application import submit
from ortaq.grants.procedure.competition import COMPETITION
from ortaq.people.actor import actor_for
from ortaq.review.models import Seat
from ortaq.signing.procedure import receive
from ortaq.signing.queries import standing
from ortaq.testing import signing

from . import application_scenes, outcome_scenes

pytestmark = pytest.mark.django_db


def refused(call: Any, *given: Any, **facts: Any) -> list[str]:
    with pytest.raises(Refused) as found:
        call(*given, **facts)
    return [finding.code for finding in found.value.findings if finding.severity == "error"]


def sign(occasion: Any, obj: Any, actor: Any) -> bool:
    obj = occasion.find(actor, obj.pk)
    cms = signing.sign(occasion, obj, actor)
    return bool(receive(occasion, obj, actor=actor, cms=cms).is_valid)


@pytest.mark.req("GR-A-16", "GR-A-19")
def test_an_application_is_handed_in_as_its_head_has_signed_it(clock, settings):
    settings.ORTAQ_SIGNATURES = ["application=required"]
    people, competition = application_scenes.open_competition(clock)
    lot = competition.lots.get()
    draft = application_scenes.a_complete_draft(lot, people.aliya)
    page = Client()
    assert people.aliya.user is not None
    page.force_login(people.aliya.user)
    shown = page.get(f"/applications/{draft.pk}/submit/").content.decode()
    assert f"/signing/grants.application/{draft.pk}/" in shown
    asked = refused(submit, draft, actor=people.aliya, declared=True)
    assert asked == ["signature_missing"]
    assert refused(sign, occasions.APPLICATION, draft, people.bolat) == ["not_yours"]
    assert occasions.APPLICATION.find(people.gulnara, draft.pk) is None
    assert occasions.APPLICATION.find(people.dana, draft.pk) is None

    assert sign(occasions.APPLICATION, draft, people.aliya)
    application_draft.attach(
        draft,
        ContentFile(application_scenes.PDF, "other.pdf"),
        actor=people.aliya,
        kind="other",
    )
    assert refused(submit, draft, actor=people.aliya, declared=True) == ["sign_again"]
    assert sign(occasions.APPLICATION, draft, people.aliya)
    receipt = submit(draft, actor=people.aliya, declared=True)

    # What was signed is what the receipt hashes.
    manifest = json.loads(occasions.APPLICATION.manifest(draft))
    assert manifest["content"]["sha256"] == receipt.sha256
    assert sha256(json.loads(bytes(Receipt.objects.get().content))) == receipt.sha256
    found = occasions.APPLICATION.find(people.aliya, draft.pk)
    assert [one.signed is not None for one in standing(occasions.APPLICATION, found)] == [True]
    assert "signing-parties" in page.get(f"/applications/{draft.pk}/receipt/").content.decode()


@pytest.mark.req("GR-S-17")
def test_results_are_published_when_the_commission_has_signed_the_protocol(clock, settings):
    scene = outcome_scenes.closed(clock, {1: {"aliya": 20, "dana": 18}})
    settings.ORTAQ_SIGNATURES = ["protocol=required"]
    assert scene.secretary is not None
    everybody = [*scene.experts, scene.secretary]
    for one in everybody:
        one.iin = signing.iin_of(one)
        one.save(update_fields=["iin"])
    scene.take("prepare")
    scene.take("draw_up", number="1")
    protocol = Protocol.objects.get()
    owed = Duty.objects.filter(code__startswith="sign-seat", done_at=None)
    assert {duty.bearer for duty in owed} == {f"person:{one.pk}" for one in everybody}
    assert occasions.PROTOCOL.find(scene.cast.dana, protocol.pk) is None

    for left, person in enumerate(reversed(everybody)):
        waiting = len(everybody) - left
        assert refused(scene.take, "publish") == ["signature_missing"] * waiting
        assert sign(occasions.PROTOCOL, protocol, actor_for(person))
        assert owed.all().count() == waiting - 1
    # A scan takes no signature's place, and a protocol drawn up anew is signed anew.
    assert "electronically_only" in refused(scene.take, "file_protocol", scan=None)
    scene.take("draw_up", number="2")
    assert refused(scene.take, "publish") == ["sign_again"] * len(everybody)
    for person in everybody:
        assert sign(occasions.PROTOCOL, Protocol.objects.get(), actor_for(person))
    COMPETITION.take("publish", scene.competition, actor=scene.cast.gulnara)
    assert scene.competition.state == "published"
    # Whoever leaves the commission afterwards has signed all the same.
    clock.travel(days=1)
    Seat.objects.filter(person=scene.secretary).update(until=core_clock.now())
    published = Protocol.objects.get()
    assert all(one.signed for one in standing(occasions.PROTOCOL, published))
    assert len(standing(occasions.PROTOCOL, published)) == len(everybody)

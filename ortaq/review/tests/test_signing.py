"""Declarations and score sheets where electronic signatures are required."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from ortaq.core import journal
from ortaq.core.procedure import Refused
from ortaq.people.actor import actor_for
from ortaq.people.models import User
from ortaq.review import signing as occasions
from ortaq.review.models import Declaration, Dossier, Statement
from ortaq.review.procedure import SHEET
from ortaq.review.procedure.sheet import save_draft
from ortaq.signing.procedure import receive
from ortaq.testing import signing

from . import scenes

pytestmark = pytest.mark.django_db


@pytest.fixture
def required(settings):
    settings.ORTAQ_SIGNATURES = ["declaration=required", "score_sheet=required"]


def refused(call: Any, *given: Any, **facts: Any) -> list[str]:
    with pytest.raises(Refused) as found:
        call(*given, **facts)
    return [finding.code for finding in found.value.findings]


def own_key(user: User) -> User:
    """The person with the IIN that their test certificate names."""
    user.iin = signing.iin_of(user)
    user.save(update_fields=["iin"])
    return user


@pytest.mark.req("GR-C-11")
def test_a_declaration_counts_when_its_author_has_signed_what_it_says_now(required):
    scene = scenes.declaring()
    erlan = own_key(scene.members[0])
    page = f"/review/panels/{scene.panel.pk}/declaration/"
    client = Client()
    client.force_login(erlan)
    ngo, rival = scene.cast.ngo.pk, scene.cast.rival.pk
    answers = {f"organisation-{ngo}": "none", f"organisation-{rival}": "none"}
    asked = client.post(page, answers)
    assert asked.status_code == 409
    statement = Statement.objects.get()
    assert f"/signing/review.statement/{statement.pk}/" in asked.content.decode()
    assert not Declaration.objects.exists()
    # What was answered is kept, and for nobody but its author.
    assert client.get(page).content.decode().count(" checked") == 2
    assert occasions.STATEMENT.find(scene.operator, statement.pk) is None

    actor = actor_for(erlan)
    cms = signing.sign(occasions.STATEMENT, statement, actor)
    assert receive(occasions.STATEMENT, statement, actor=actor, cms=cms).is_valid
    # A conflict that is declared now was not signed.
    answers |= {
        f"organisation-{rival}": "exists",
        f"organisation-{rival}-explanation": "Әпкем сонда",
    }
    assert client.post(page, answers).status_code == 409
    statement.refresh_from_db()
    other = own_key(scene.members[1])
    stranger = signing.authority().sign(
        signing.credential(other), occasions.STATEMENT.manifest(statement)
    )
    kept = receive(occasions.STATEMENT, statement, actor=actor, cms=stranger)
    assert (kept.is_valid, "other_iin" in [one.code for one in kept.findings]) == (False, True)
    cms = signing.sign(occasions.STATEMENT, statement, actor)
    assert receive(occasions.STATEMENT, statement, actor=actor, cms=cms).is_valid
    assert client.post(page, answers).status_code == 302

    assert Declaration.objects.filter(conflict=True).count() == 1
    statement.refresh_from_db()
    assert statement.taken_at
    said = [entry.facts for entry in journal.history(statement) if entry.step == "signed"]
    assert len(said) == 2
    assert "Әпкем" not in str(said)
    assert erlan.iin not in str(said)
    # Nobody declares past the page either.
    assert refused(scene.declare, scene.members[1]) == ["signature_missing"]


@pytest.mark.req("GR-S-01")
def test_a_sheet_is_locked_when_its_author_has_signed_these_points(settings):
    scene = scenes.scoring()
    settings.ORTAQ_SIGNATURES = ["score_sheet=required"]
    erlan = own_key(scene.members[0])
    actor = actor_for(erlan)
    dossier = Dossier.objects.select_related("panel").get(pk=scene.dossiers[0].pk)
    marks = scenes.marks()
    sheet = save_draft(dossier, scene.seat(erlan), None, marks, version=0, window="w").sheet
    assert refused(SHEET.take, "sign", sheet, actor=actor, version=1) == ["signature_missing"]

    found = occasions.SHEET.find(actor, sheet.pk)
    assert occasions.SHEET.find(actor_for(scene.members[1]), sheet.pk) is None
    cms = signing.sign(occasions.SHEET, found, actor)
    assert receive(occasions.SHEET, found, actor=actor, cms=cms).is_valid
    better = {**marks, "S1_capacity": {**marks["S1_capacity"], "points": 5}}
    save_draft(dossier, scene.seat(erlan), sheet, better, version=1, window="w")
    sheet.refresh_from_db()
    assert refused(SHEET.take, "sign", sheet, actor=actor, version=2) == ["sign_again"]
    # The signature on one sheet is none on another.
    found = occasions.SHEET.find(actor, sheet.pk)
    assert not receive(occasions.SHEET, found, actor=actor, cms=cms).is_valid
    fresh = signing.sign(occasions.SHEET, found, actor)
    assert receive(occasions.SHEET, found, actor=actor, cms=fresh).is_valid
    SHEET.take("sign", sheet, actor=actor, version=2)
    assert sheet.state == "signed"

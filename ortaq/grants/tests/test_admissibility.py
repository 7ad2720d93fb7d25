"""The operator's check: item by item with evidence, several grounds in one notice."""

from __future__ import annotations

import pytest
from django.urls import reverse

from ortaq.core.models import Letter
from ortaq.core.procedure import Refused
from ortaq.grants.models import AdmissibilityCheck, Application
from ortaq.grants.procedure import admissibility
from ortaq.grants.procedure.admissibility import CHECK

from . import outcome_scenes as scenes

pytestmark = pytest.mark.django_db
TWO = {1: {"aliya": 20, "dana": 18}}


@pytest.fixture
def scene(clock):
    """Two applications of one topic after acceptance has ended, unchecked."""
    scene = scenes.submitted(clock, TWO)
    clock.set(scenes.RECEIVED)
    scene.take("close_acceptance")
    return scene


def pass_all(application: Application, officer) -> None:
    for item in admissibility.items(application.competition.rules):
        admissibility.record(application, item.key, "passed", actor=officer, evidence="қаралды")


@pytest.mark.req("GR-A-23", "GR-A-24")
def test_the_checklist_covers_every_part_and_every_ground(scene):
    items = admissibility.items(scene.application(1, "aliya").competition.rules)
    assert {item.ground for item in items} == {"R1", "R2", "R3", "R4"}
    parts = scene.application(1, "aliya").competition.rules.data["parts"]
    assert [item.key for item in items][: len(parts)] == list(parts)


@pytest.mark.req("GR-A-23", "GR-A-26")
def test_nothing_is_decided_while_an_item_is_open(scene):
    application = scene.application(1, "aliya")
    for item in admissibility.items(application.competition.rules)[1:]:
        admissibility.record(application, item.key, "passed", actor=scene.cast.gulnara)
    with pytest.raises(Refused) as refused:
        CHECK.take("admit", application, actor=scene.cast.gulnara)
    assert [finding.code for finding in refused.value.findings] == ["item_open"]


@pytest.mark.req("GR-A-10", "GR-A-25")
def test_a_refusal_names_each_ground_with_its_reason_in_one_letter_a_person(scene):
    application, officer = scene.application(1, "dana"), scene.cast.gulnara
    pass_all(application, officer)
    admissibility.record(
        application, "charter_match", "failed", actor=officer, reason="Жарғыда мұндай қызмет жоқ."
    )
    admissibility.record(
        application, "balance_sheet", "failed", actor=officer, reason="Баланс 2018 жылғы."
    )
    with pytest.raises(Refused) as refused:
        CHECK.take("admit", application, actor=officer)
    assert {f.code for f in refused.value.findings} == {"ground_R1", "ground_R4"}

    CHECK.take("refuse", application, actor=officer)

    assert application.state == Application.State.REFUSED
    letters = Letter.objects.filter(kind="refused")
    assert {letter.recipient_id for letter in letters} == {scene.cast.dana.user.pk}
    body = letters.get().body
    for part in ("R1.", "R4.", "Жарғыда мұндай қызмет жоқ.", "Баланс 2018 жылғы."):
        assert part in body


@pytest.mark.req("GR-A-25")
def test_a_failed_item_needs_its_reason(scene):
    with pytest.raises(Refused) as refused:
        admissibility.record(
            scene.application(1, "dana"), "charter", "failed", actor=scene.cast.gulnara
        )
    assert [finding.code for finding in refused.value.findings] == ["no_reason"]
    assert not AdmissibilityCheck.objects.exists()


@pytest.mark.req("GR-A-23")
def test_only_the_operator_checks_and_nothing_changes_after_the_decision(scene):
    application = scene.application(1, "aliya")
    address = reverse("grants:check", args=[application.pk])
    assert scene.client("gulnara").get(address).status_code == 200
    assert scene.client("aliya").get(address).status_code == 403
    assert scene.client("dana").get(address).status_code == 404
    with pytest.raises(Refused):
        admissibility.record(application, "charter", "passed", actor=scene.cast.aliya)

    pass_all(application, scene.cast.gulnara)
    CHECK.take("admit", application, actor=scene.cast.gulnara)

    with pytest.raises(Refused):
        admissibility.record(application, "charter", "passed", actor=scene.cast.gulnara)


@pytest.mark.req("GR-A-26", "GR-X-18")
def test_the_page_proposes_what_records_show_and_takes_the_whole_check(scene):
    application = scene.application(1, "aliya")
    client = scene.client("gulnara")
    address = reverse("grants:check", args=[application.pk])
    assert "ҮЕҰ дерекқорындағы деректер" in client.get(address).content.decode()

    client.post(reverse("grants:check_proposed", args=[application.pk]))
    for item in admissibility.items(application.competition.rules):
        if not application.checks.filter(item=item.key).exists():
            form = {f"{item.key}-result": "passed", f"{item.key}-evidence": "№ 5 үзінді"}
            path = reverse("grants:check_item", args=[application.pk, item.key])
            assert client.post(path, form).status_code == 302
    decided = client.post(reverse("grants:check_decide", args=[application.pk]), {"step": "admit"})

    waiting = reverse("grants:check", args=[scene.application(1, "dana").pk])
    assert decided["Location"] == waiting
    listed = reverse("grants:competition_applications", args=[application.competition_id])
    assert waiting in client.get(listed).content.decode()
    assert address not in client.get(listed).content.decode()
    application.refresh_from_db()
    assert application.state == Application.State.ADMITTED
    assert application.checks.filter(evidence="№ 5 үзінді").exists()


def test_an_unknown_item_step_or_result_is_a_plain_answer_and_no_error(scene):
    pk = scene.application(1, "aliya").pk
    client = scene.client("gulnara")
    unknown = reverse("grants:check_item", args=[pk, "nothing"])
    assert client.post(unknown, {"nothing-result": "passed"}).status_code == 404
    known = reverse("grants:check_item", args=[pk, "charter"])
    assert client.post(known, {"charter-result": "perhaps"}).status_code == 422
    assert client.post(reverse("grants:check_decide", args=[pk]), {"step": "x"}).status_code == 404

"""The conflict gate: nothing opens before the declaration, and not for a tie that the registers know."""

from typing import Any

import pytest

from ortaq.core import clock as core_clock
from ortaq.core.frozen import Frozen
from ortaq.core.procedure import Refused
from ortaq.people.actor import actor_for
from ortaq.registry.models import Affiliation
from ortaq.registry.tests.scenes import membership
from ortaq.review import composition, queries
from ortaq.review.models import Conflict, Declaration, Dossier
from ortaq.review.policy import may_open

from .scenes import (
    FULL,
    an_expert,
    declaring,
    final,
    open_dossiers,
    organisation,
    person,
    scoring,
    sign,
)

pytestmark = pytest.mark.django_db


def refusal(scene, step, actor=None, **facts):
    with pytest.raises(Refused) as refused:
        scene.take(step, actor, **facts)
    return [finding.code for finding in refused.value.findings]


def opened(scene, user):
    return [d.organisation for d in queries.dossiers_open_to(actor_for(user)).order_by("id")]


@pytest.mark.req("GR-C-11")
def test_nothing_opens_before_the_declaration_is_made():
    scene = final()
    substitute = an_expert(scene.cast, person())
    scene.take(
        "substitute",
        seat=scene.seat(scene.members[-1]),
        expert=substitute,
        confirmed=True,
        reason="Ауырып қалды.",
    )
    open_dossiers(scene)
    ngo, rival = scene.cast.ngo, scene.cast.rival
    assert opened(scene, substitute.person) == []
    scene.declare(substitute.person, {rival: "Бұрын бірге жұмыс істедік."})
    assert opened(scene, substitute.person) == [ngo]
    assert opened(scene, scene.members[0]) == [ngo, rival]


@pytest.mark.req("GR-C-11")
def test_dossiers_open_to_members_only_and_only_while_the_panel_works():
    scene = scoring()
    dossier = scene.dossiers[0]
    outsiders = [scene.operator, scene.secretary, scene.cast.actor("aliya"), actor_for(person())]
    assert [may_open(actor, dossier) for actor in outsiders] == [False] * 4
    erlan = scene.cast.actor("erlan")
    assert may_open(erlan, dossier)
    scene.panel.state = "final"
    scene.panel.save()
    assert not may_open(erlan, dossier)


@pytest.mark.req("GR-C-11")
def test_every_applicant_is_answered_and_a_conflict_is_explained():
    scene = declaring()
    erlan = scene.cast.actor("erlan")
    ngo, rival = scene.cast.ngo, scene.cast.rival
    assert refusal(scene, "declare", erlan, answers={ngo.pk: (False, "")}) == ["not_answered"]
    blank = {ngo.pk: (True, "  "), rival.pk: (False, "")}
    assert refusal(scene, "declare", erlan, answers=blank) == ["not_explained"]
    assert not Declaration.objects.exists()
    scene.declare(scene.cast.erlan)
    # What is declared stays: there is no second declaration, and rows cannot be changed.
    assert refusal(scene, "declare", erlan, answers={}) == ["declared_already"]
    row = Declaration.objects.first()
    assert row is not None
    row.conflict = True
    with pytest.raises(Frozen):
        row.save()
    with pytest.raises(Frozen):
        row.delete()


@pytest.mark.req("GR-C-11")
@pytest.mark.parametrize("kind", ["founder", "head", "staff", "member", "payment", "kin"])
def test_a_tie_that_the_register_knows_closes_the_dossier_whatever_was_declared(kind):
    scene = declaring()
    Affiliation.objects.create(
        person=scene.cast.erlan, organisation=scene.cast.ngo, kind=kind, source="тізілім"
    )
    for user in scene.members:
        scene.declare(user)
    scene.take("approve")
    open_dossiers(scene)
    assert opened(scene, scene.cast.erlan) == [scene.cast.rival]
    conflict = Conflict.objects.get()
    assert (conflict.origin, conflict.reason, conflict.found_by) == ("detected", kind, "")


@pytest.mark.req("GR-C-11")
def test_earlier_payments_bind_and_an_ended_employment_does_not():
    scene = declaring()
    ended = {"person": scene.cast.erlan, "until": core_clock.today(), "source": "тізілім"}
    Affiliation.objects.create(organisation=scene.cast.ngo, kind="staff", **ended)
    Affiliation.objects.create(organisation=scene.cast.rival, kind="payment", **ended)
    assert [(c.organisation, c.reason) for c in Conflict.objects.all()] == [
        (scene.cast.rival, "payment")
    ]


@pytest.mark.req("GR-C-11")
@pytest.mark.parametrize("source", ["membership", "employer"])
def test_membership_and_employer_are_ties_too(source):
    scene = declaring()
    expert = scene.experts[0]
    if source == "membership":
        membership(expert.person, scene.cast.ngo, "pr")
    else:
        expert.employer = scene.cast.ngo
        expert.save()
    scene.declare(expert.person)
    assert [c.reason for c in Conflict.objects.filter(person=expert.person)] == [source]


@pytest.mark.req("GR-C-11", "GR-S-02")
def test_a_tie_recorded_while_scoring_runs_closes_the_dossier_and_sets_the_sheet_aside():
    scene = scoring()
    erlan, dossier = scene.cast.erlan, scene.dossiers[0]
    sheet = sign(scene, erlan, dossier)
    other = sign(scene, scene.members[1], dossier)
    dossier.refresh_from_db()
    assert (dossier.sheets, dossier.points) == (2, 2 * sum(FULL.values()))
    Affiliation.objects.create(
        person=erlan, organisation=dossier.organisation, kind="kin", source="мәлімдеме"
    )
    dossier.refresh_from_db()
    sheet.refresh_from_db()
    assert sheet.state == "set_aside"
    assert (dossier.sheets, dossier.points) == (1, other.total)
    assert not may_open(actor_for(erlan), dossier)
    seat = scene.seat(erlan)
    assert (seat.dossiers, seat.signed) == (1, 0)


@pytest.mark.req("GR-C-11")
def test_a_recusal_is_never_edited_away():
    scene = scoring()
    erlan, ngo = scene.cast.actor("erlan"), scene.cast.ngo
    scene.take("recuse", erlan, organisation=ngo, explanation="Інім сонда жұмысқа тұрды.")
    conflict = Conflict.objects.get()
    conflict.explanation = "Жоқ"
    with pytest.raises(Frozen):
        conflict.save()
    with pytest.raises(Frozen):
        conflict.delete()
    assert refusal(scene, "recuse", erlan, organisation=ngo, explanation="Қайта") == [
        "conflict_known"
    ]
    assert opened(scene, scene.cast.erlan) == [scene.cast.rival]


@pytest.mark.req("GR-C-11")
def test_the_organiser_records_a_conflict_with_its_reason_but_not_once_points_are_open():
    scene = scoring(members=4)
    member, body = scene.members[1], scene.cast.ngo
    facts: dict[str, Any] = {"person": member, "organisation": body}
    assert refusal(scene, "impose", **facts, explanation="") == ["not_explained"]
    assert refusal(scene, "impose", scene.secretary, **facts, explanation="Хат.") == ["not_yours"]
    stranger = facts | {"organisation": organisation("Бөтен ұйым")}
    assert refusal(scene, "impose", **stranger, explanation="Хат.") == ["no_such_applicant"]
    scene.take("impose", **facts, explanation="Азаматтың хаты, 5 маусым.")
    assert Conflict.objects.get().origin == "imposed"
    assert opened(scene, member) == [scene.cast.rival]
    for dossier in scene.dossiers:
        for user in scene.members:
            if may_open(actor_for(user), dossier):
                sign(scene, user, dossier)
    scene.take("begin_meeting")
    other = facts | {"person": scene.members[2]}
    assert refusal(scene, "impose", **other, explanation="Хат.") == ["moved_on"]


@pytest.mark.req("GR-C-12")
def test_shares_are_recomputed_after_recusals_and_nobody_left_stops_the_approval():
    scene = declaring()
    ngo = scene.cast.ngo
    by_operator = next(s for s in composition.members_of(scene.panel) if s.side == "operator")
    for seat in composition.members_of(scene.panel):
        conflicts = {} if seat == by_operator else {ngo: "Таныспыз."}
        scene.declare(seat.person, conflicts)
    (finding,) = composition.after_recusals(scene.panel)
    assert (finding.code, finding.severity) == ("shares_after_recusal", "warning")
    assert finding.numbers == {"members": 1, "operator": 1, "ngo": 0}
    scene.take(
        "impose", person=by_operator.person, organisation=ngo, explanation="Бұрынғы келісімшарт."
    )
    assert refusal(scene, "approve") == ["nobody_left"]


def test_a_conflict_of_one_panel_says_nothing_about_another():
    scene, other = scoring(), scoring()
    scene.take(
        "recuse", scene.cast.actor("erlan"), organisation=scene.cast.ngo, explanation="Таныспыз."
    )
    assert len(opened(other, other.cast.erlan)) == 2


def test_a_member_who_left_opens_nothing(django_assert_num_queries):
    scene = scoring()
    erlan = scene.cast.erlan
    sign(scene, erlan, scene.dossiers[0])
    scene.take("release", seat=scene.seat(erlan), reason="Өз өтініші.")
    assert opened(scene, erlan) == []
    assert Dossier.objects.get(pk=scene.dossiers[0].pk).sheets == 0
    actor, dossier = actor_for(erlan), scene.dossiers[0]
    with django_assert_num_queries(1):
        assert not may_open(actor, dossier)

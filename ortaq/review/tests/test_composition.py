"""Who may sit on a commission, by data and not by promise; how a composition becomes final."""

from datetime import date
from typing import Any

import pytest

from ortaq.core import clock as core_clock
from ortaq.core import journal
from ortaq.core.models import Duty, Letter
from ortaq.core.procedure import Refused
from ortaq.people.actor import actor_for
from ortaq.registry.models import Affiliation
from ortaq.registry.tests.scenes import membership
from ortaq.review import composition, panels
from ortaq.review.models import Panel, Seat
from ortaq.review.procedure import PANEL

from .scenes import (
    CLOSED,
    an_expert,
    declaring,
    final,
    forming,
    open_dossiers,
    organisation,
    person,
    scoring,
)

pytestmark = pytest.mark.django_db


def codes(refused):
    return [finding.code for finding in refused.value.findings]


def refusal(scene, step, actor=None, **facts):
    with pytest.raises(Refused) as refused:
        scene.take(step, actor, **facts)
    return codes(refused)


@pytest.mark.req("GR-C-04", "GR-C-02")
def test_only_experts_of_the_register_sit_and_only_the_organiser_seats_them():
    scene = forming()
    from ortaq.registry.procedure import EXPERT

    expert = an_expert(scene.cast, person())
    assert refusal(scene, "seat", actor_for(scene.cast.aliya), expert=expert, confirmed=True) == [
        "not_yours"
    ]
    EXPERT.take("remove", expert, actor=scene.operator, reason="Өз өтініші.")
    assert refusal(scene, "seat", expert=expert, confirmed=True) == ["not_in_register"]
    assert refusal(scene, "seat", expert=scene.experts[0], confirmed=True) == ["sits_already"]


@pytest.mark.req("GR-C-07")
@pytest.mark.parametrize("source", ["membership", "employer", "affiliation"])
def test_the_operators_staff_are_barred_by_data(source):
    scene = forming()
    cast, who = scene.cast, person()
    expert = an_expert(cast, who, cast.operator)
    if source == "membership":
        membership(who, cast.operator, "staff")
    elif source == "employer":
        expert.employer = cast.operator
        expert.save()
    else:
        Affiliation.objects.create(
            person=who, organisation=cast.operator, kind="staff", source="бұйрық"
        )
    assert refusal(scene, "seat", expert=expert, confirmed=True) == ["operator_staff"]


@pytest.mark.req("GR-C-07")
def test_besides_the_data_it_has_to_be_confirmed_that_a_member_is_not_the_operators():
    scene = forming()
    expert = an_expert(scene.cast, person())
    assert refusal(scene, "seat", expert=expert, confirmed=False) == ["not_confirmed"]
    assert scene.join(expert).confirmed_not_staff


@pytest.mark.req("GR-C-07")
def test_who_left_the_operator_is_not_barred_any_more():
    scene = forming()
    expert = an_expert(scene.cast, person())
    Affiliation.objects.create(
        person=expert.person,
        organisation=scene.cast.operator,
        kind="staff",
        until=core_clock.today(),
        source="бұйрық",
    )
    assert scene.join(expert).until is None


@pytest.mark.req("GR-C-08")
def test_an_expert_whose_ngo_applied_is_barred_from_the_whole_competition():
    scene = forming()
    cast = scene.cast
    seated = scene.join(an_expert(cast, person(), cast.ngo))
    waiting = an_expert(cast, person(), cast.ngo)
    panels.list_applicants(scene.panel, [cast.ngo.pk, cast.rival.pk], closed_at=CLOSED)
    # Who sits already stands in the way; who does not cannot be seated any more.
    assert refusal(scene, "send_declarations") == ["ngo_applied"]
    assert refusal(scene, "seat", expert=waiting, confirmed=True) == ["ngo_applied"]
    scene.take("release", seat=seated, reason="Ұсынған ҮЕҰ конкурсқа қатысады.")
    scene.take("send_declarations")
    assert scene.panel.state == Panel.State.DECLARING


@pytest.mark.req("GR-C-05", "GR-X-15")
def test_fourteen_members_and_a_secretary_are_the_most():
    scene = forming(members=4)
    for _number in range(10):
        scene.join(an_expert(scene.cast, person()))
    assert refusal(scene, "seat", expert=an_expert(scene.cast, person()), confirmed=True) == [
        "no_room"
    ]


@pytest.mark.req("GR-C-06", "GR-X-15")
def test_the_shares_are_thirty_and_seventy_rounded_in_favour_of_the_ngos():
    scene = forming(members=4)
    assert "share_of_operator" not in {f.code for f in composition.findings(scene.panel)}
    scene.join(an_expert(scene.cast, person(), scene.cast.operator))
    (finding,) = [f for f in composition.findings(scene.panel) if f.code == "share_of_operator"]
    assert finding.numbers["operator"] == 2
    assert finding.numbers["asked_operator"] == 1
    shares = composition.shares(composition.seats_of(scene.panel))
    assert (shares.operator, shares.ngo, shares.percent_operator) == (2, 3, 40)


@pytest.mark.req("GR-C-13")
def test_the_secretary_is_none_of_the_members_and_does_not_count_in_the_shares():
    scene = forming(members=4)
    assert composition.shares(composition.seats_of(scene.panel)).members == 4
    member = scene.members[0]
    assert refusal(scene, "seat_secretary", person=member) == ["sits_already"]
    scene.take("seat_secretary", person=scene.cast.dana)
    assert [s.person for s in composition.seats_of(scene.panel) if s.role == "secretary"] == [
        scene.cast.dana
    ]


@pytest.mark.req("GR-C-10")
def test_the_list_goes_to_every_member_within_three_working_days(clock):
    clock.set(CLOSED)
    scene = forming()
    panels.list_applicants(scene.panel, [scene.cast.ngo.pk, scene.cast.rival.pk], closed_at=CLOSED)
    # Wednesday 3 June 2020: Thursday, Friday, Monday.
    assert scene.panel.send_by == core_clock.end_of(date(2020, 6, 8))
    duty = Duty.objects.get(code="send_declarations", done_at=None)
    assert (duty.bearer, duty.due_at) == (
        f"organisation:{scene.cast.operator.pk}",
        scene.panel.send_by,
    )
    scene.take("send_declarations")
    letters = Letter.objects.filter(kind="declaration")
    assert {letter.recipient for letter in letters} == set(scene.members)
    assert scene.cast.ngo.name_kk in letters[0].body
    assert scene.cast.rival.name_kk in letters[0].body
    owed = Duty.objects.filter(code="declare", done_at=None)
    assert {duty.bearer for duty in owed} == {f"person:{user.pk}" for user in scene.members}


@pytest.mark.req("GR-C-12")
def test_a_composition_becomes_final_only_when_everybody_declared_and_every_rule_is_met():
    scene = declaring()
    first, *others = scene.members
    for user in others:
        scene.declare(user)
    assert refusal(scene, "approve") == ["not_declared"]
    scene.declare(first)
    extra = scene.join(an_expert(scene.cast, person(), scene.cast.operator))
    scene.declare(extra.person)
    assert refusal(scene, "approve") == ["share_of_operator"]
    scene.take("release", seat=extra, reason="Үлес бұзылды.")
    scene.take("approve")
    assert scene.panel.state == Panel.State.FINAL


@pytest.mark.req("GR-C-12", "GR-C-14")
def test_a_substitute_passes_the_same_checks_and_the_change_is_logged_with_its_reason():
    scene = final()
    cast, leaving = scene.cast, scene.seat(scene.members[-1])
    barred = an_expert(cast, person(), cast.ngo)
    facts: dict[str, Any] = {"seat": leaving, "reason": "Ауырып қалды.", "confirmed": True}
    assert refusal(scene, "substitute", expert=barred, **facts) == ["ngo_applied"]
    substitute = an_expert(cast, person())
    assert refusal(scene, "substitute", expert=substitute, **facts | {"reason": " "}) == [
        "no_reason"
    ]
    scene.take("substitute", expert=substitute, **facts)
    seat = scene.seat(substitute.person)
    leaving.refresh_from_db()
    assert (seat.substitutes, leaving.end_reason) == (leaving, "Ауырып қалды.")
    assert leaving.until is not None
    entry = journal.history(scene.panel).last()
    assert entry is not None
    assert entry.step == "substitute"
    assert entry.facts["reason"] == "Ауырып қалды."
    # They owe the declaration, and no file opens before it.
    assert Duty.objects.filter(
        code="declare", bearer=f"person:{substitute.person_id}", done_at=None
    ).exists()
    open_dossiers(scene)
    assert scene.seat(substitute.person).dossiers == 0
    scene.declare(substitute.person)
    assert scene.seat(substitute.person).dossiers == 2


@pytest.mark.req("GR-C-12")
def test_a_substitute_who_upsets_the_shares_is_possible_but_not_unseen():
    scene = final()
    by_operator = next(s for s in composition.members_of(scene.panel) if s.side == "operator")
    facts: dict[str, Any] = {
        "seat": by_operator,
        "expert": an_expert(scene.cast, person()),
        "confirmed": True,
        "reason": "Басқа қызметке ауысты.",
    }
    found = PANEL.findings("substitute", scene.panel, scene.operator, **facts)
    assert ("share_of_operator", "warning") in [(f.code, f.severity) for f in found]
    scene.take("substitute", **facts)
    assert "share_of_operator" in {f.code for f in composition.findings(scene.panel)}


@pytest.mark.req("GR-C-14")
def test_a_seat_is_ended_and_never_deleted():
    scene = final()
    seat = scene.seat(scene.members[0])
    scene.take("release", seat=seat, reason="Өз өтініші бойынша.")
    assert Seat.objects.get(pk=seat.pk).until is not None
    assert refusal(scene, "release", seat=Seat.objects.get(pk=seat.pk), reason="Тағы.") == [
        "seat_ended"
    ]


@pytest.mark.req("GR-C-09")
def test_the_members_elect_their_chair_by_more_than_half_of_all():
    scene = final()
    first, second, third, fourth = scene.members
    seat = scene.seat(first)
    vote: dict[str, Any] = {"office": "chair", "candidate": seat}
    assert refusal(scene, "vote", scene.operator, **vote) == ["not_yours"]
    assert refusal(scene, "vote", scene.secretary, **vote) == ["not_yours"]
    scene.take("vote", actor_for(first), **vote)
    scene.take("vote", actor_for(second), **vote)
    scene.take("vote", actor_for(second), **vote)  # the same vote again counts once
    seat.refresh_from_db()
    assert seat.office == ""  # two of four are not more than half
    scene.take("vote", actor_for(third), **vote)
    seat.refresh_from_db()
    assert seat.office == "chair"
    assert refusal(scene, "vote", actor_for(fourth), **vote) == ["office_held"]
    assert refusal(scene, "vote", actor_for(fourth), office="deputy", candidate=seat) == [
        "holds_office"
    ]


@pytest.mark.req("GR-C-09")
def test_when_the_chair_leaves_the_members_elect_anew():
    scene = final()
    first, *others = scene.members
    for user in others:
        scene.take("vote", actor_for(user), office="chair", candidate=scene.seat(first))
    scene.take("release", seat=scene.seat(first), reason="Өз өтініші.")
    second = scene.seat(others[0])
    for user in others[:2]:  # two of the three who are left
        scene.take("vote", actor_for(user), office="chair", candidate=second)
    second.refresh_from_db()
    assert second.office == "chair"


@pytest.mark.req("GR-C-09")
def test_the_journal_says_who_voted_and_not_for_whom():
    scene = final()
    first, second, *_others = scene.members
    scene.take("vote", actor_for(first), office="chair", candidate=scene.seat(second))
    entry = journal.history(scene.panel).last()
    assert entry is not None
    assert entry.facts == {"office": "chair"}


def test_a_panel_cannot_be_rushed_past_its_states():
    scene = forming()
    assert refusal(scene, "approve") == ["moved_on"]
    assert refusal(scene, "send_declarations") == ["no_applicants"]
    assert refusal(scoring(), "approve") == ["moved_on"]


@pytest.mark.req("GR-C-08")
def test_an_application_registered_after_the_approval_still_bars_whom_its_ngo_proposed():
    scene = declaring()
    late = organisation("Пошта арқылы өтінім берген ұйым")
    leaving = next(s for s in composition.members_of(scene.panel) if s.side == "ngo")
    theirs = an_expert(scene.cast, person(), late)
    scene.take("substitute", seat=leaving, expert=theirs, confirmed=True, reason="Ауырып қалды.")
    for user in scene.members:
        scene.declare(user)
    scene.take("approve")
    panels.list_applicants(scene.panel, [late.pk], closed_at=CLOSED)
    with pytest.raises(Refused) as refused:
        open_dossiers(scene)
    assert codes(refused) == ["ngo_applied"]
    # The others owe one more declaration.
    assert Duty.objects.filter(code="declare", done_at=None).count() == 4
    scene.take("release", seat=scene.seat(theirs.person), reason="Ұсынған ҮЕҰ өтінім берді.")
    assert len(open_dossiers(scene)) == 2

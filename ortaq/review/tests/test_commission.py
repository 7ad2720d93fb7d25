"""Appointed commissions: composition, votes, and what is refused with its clause (SO-T-065..075)."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any

import pytest

from ortaq import law
from ortaq.core import journal
from ortaq.core.models import Duty
from ortaq.core.procedure import Refused
from ortaq.people.actor import Actor, actor_for
from ortaq.people.models import Organisation, Role
from ortaq.registry.models import Affiliation
from ortaq.review import appointed
from ortaq.review.commission import findings
from ortaq.review.models import Motion, Panel, Seat
from ortaq.review.procedure import COMMISSION
from ortaq.review.procedure.motion import close, vote
from ortaq.testing import factories

pytestmark = pytest.mark.django_db
ORDER: dict[str, Any] = {
    "order_number": "12-ө",
    "order_on": date(2019, 1, 10),
    "order_by": "Б. Сәрсенов",
}


@dataclass
class Scene:
    saule: Actor
    akimat: Organisation
    panel: Panel
    members: list[Actor] = field(default_factory=list)
    secretary: Actor | None = None

    def take(self, step: str, actor: Actor | None = None, **facts: Any) -> None:
        COMMISSION.take(step, self.panel, actor=actor or self.saule, **facts)

    def join(self, *, chair: bool = False) -> Actor:
        person = factories.a_person()
        self.take("take_on", person=person, chair=chair)
        self.members.append(actor_for(person))
        return self.members[-1]

    def seat(self, actor: Actor) -> Seat:
        return self.panel.seats.get(person=actor.user, until=None)

    def put(self, actor: Actor | None = None) -> Motion:
        return appointed.put(
            self.panel,
            kind="try",
            subject="tenders.bid:1",
            title="Балдар",
            address="/tenders/1/",
            proposal={},
            actor=actor or self.members[0],
        )


def a_commission(members: int = 3, *, single: bool = False, appoint: bool = True) -> Scene:
    akimat = factories.an_organisation("state_body")
    saule = factories.a_member(akimat, Role.OFFICER)
    panel = appointed.form(
        organisation=akimat,
        title_kk="№ 1 конкурс комиссиясы",
        act="tender_scoring",
        edition="2019",
        single_organiser=single,
        actor=saule,
    )
    scene = Scene(saule, akimat, panel)
    for number in range(members):
        scene.join(chair=number == 0)
    scene.secretary = actor_for(factories.a_person())
    scene.take("secretary", person=scene.secretary.user)
    if appoint:
        scene.take("appoint", **ORDER)
    return scene


def refusals(subject: Any) -> list[tuple[str, list[str]]]:
    """The refused attempts that the journal keeps, each with its codes."""
    return [
        (entry.facts["step"], [why["code"] for why in entry.facts["why"]])
        for entry in journal.history(subject)
        if entry.step == "refused"
    ]


def codes(raised: Any) -> set[str]:
    return {finding.code for finding in raised.value.findings}


# --- Composition ---------------------------------------------------------------------------------------


@pytest.mark.req("SO-T-065", "SO-T-066", "SO-T-068")
@pytest.mark.parametrize(
    ("members", "single", "wrong"),
    [
        (3, False, set()),
        (5, True, set()),
        (1, False, {"too_few"}),
        (4, False, {"even_number"}),
        (2, False, {"too_few", "even_number"}),
        (3, True, {"too_few"}),
    ],
)
def test_a_commission_is_odd_and_large_enough(members, single, wrong):
    scene = a_commission(members, single=single, appoint=False)
    if not wrong:
        scene.take("appoint", **ORDER)
        assert scene.panel.state == Panel.State.IN_OFFICE
        assert scene.panel.in_office_from
        return
    with pytest.raises(Refused) as raised:
        scene.take("appoint", **ORDER)
    assert codes(raised) == wrong
    assert refusals(scene.panel) == [("appoint", sorted(wrong, reverse=True))]


@pytest.mark.req("SO-T-066", "SO-T-067", "SO-T-069")
def test_it_needs_chair_secretary_and_the_decision():
    akimat = factories.an_organisation("state_body")
    saule = factories.a_member(akimat, Role.OFFICER)
    panel = appointed.form(
        organisation=akimat, title_kk="К", act="tender_scoring", edition="2019", actor=saule
    )
    scene = Scene(saule, akimat, panel)
    for _number in range(3):
        scene.join()
    with pytest.raises(Refused) as raised:
        scene.take("appoint", **(ORDER | {"order_number": ""}))
    assert codes(raised) == {"no_chair", "no_secretary", "no_order"}
    with pytest.raises(Refused) as raised:
        scene.take("secretary", person=scene.members[0].user)
    assert codes(raised) == {"on_the_commission"}


@pytest.mark.req("SO-T-067", "SO-T-068")
def test_a_resignation_that_makes_the_commission_even_is_refused_and_kept_in_the_journal():
    scene = a_commission(5)
    leaving = scene.members[1]
    with pytest.raises(Refused) as raised:
        scene.take("release", leaving, seat=scene.seat(leaving), reason="Басқа жұмысқа ауысамын")
    assert codes(raised) == {"even_number", "no_substitution"}
    assert refusals(scene.panel) == [("release", ["even_number", "no_substitution"])]
    assert scene.panel.seats.filter(until=None, role="member").count() == 5

    # Neither may the organiser; it names somebody else in the same decision.
    with pytest.raises(Refused):
        scene.take("release", seat=scene.seat(leaving), reason="13-ө бұйрық")
    scene.take("ask_to_leave", leaving, reason="Басқа жұмысқа ауысамын")
    assert Duty.objects.filter(code="replace_member", done_at=None).exists()
    successor = factories.a_person()
    scene.take("release", seat=scene.seat(leaving), successor=successor, reason="13-ө бұйрық")
    assert findings(scene.panel) == []
    assert not Duty.objects.filter(code="replace_member", done_at=None).exists()


@pytest.mark.req("SO-T-067", "SO-T-073")
def test_who_comes_during_a_vote_owes_it_and_who_left_does_not():
    scene = a_commission()
    scene.put()
    leaving, successor = scene.members[2], factories.a_person()
    scene.take("release", seat=scene.seat(leaving), successor=successor, reason="13-ө бұйрық")
    owing = set(Duty.objects.filter(code="vote", done_at=None).values_list("bearer", flat=True))
    stay = {member.key for member in scene.members[:2]}
    assert owing == stay | {actor_for(successor).key}


@pytest.mark.req("SO-T-067")
def test_a_member_does_not_send_somebody_else():
    scene = a_commission()
    member = scene.members[1]
    with pytest.raises(Refused) as raised:
        scene.take(
            "release",
            member,
            seat=scene.seat(member),
            successor=factories.a_person(),
            reason="Демалыс",
        )
    assert codes(raised) == {"no_substitution"}


@pytest.mark.req("SO-T-070", "GAP-T-17")
def test_nobody_must_come_from_a_state_body_a_commission_of_ngos_is_lawful():
    scene = a_commission(appoint=False)
    for number, member in enumerate(scene.members):
        ngo = factories.an_organisation()
        assert member.user
        kind = ("staff", "founder", "staff")[number]
        Affiliation.objects.create(person=member.user, organisation=ngo, kind=kind, source="Жарғы")
    scene.take("appoint", **ORDER)
    assert scene.panel.state == "in_office"
    scene.put()


@pytest.mark.req("SO-T-070", "SO-T-071")
def test_a_member_of_a_bidding_ngo_is_barred_once_bids_are_open():
    scene = a_commission()
    bidder, other = factories.an_organisation(), factories.an_organisation()
    member, colleague = scene.members[1], scene.members[2]
    assert member.user
    assert colleague.user
    Affiliation.objects.create(
        person=member.user, organisation=bidder, kind="staff", source="Жарғы"
    )
    # An NGO that does not bid may send an expert.
    Affiliation.objects.create(
        person=colleague.user, organisation=other, kind="staff", source="Жарғы"
    )
    scene.put()
    appointed.list_bidders(scene.panel, [bidder.pk])
    with pytest.raises(Refused) as raised:
        vote(Motion.objects.get(), actor=member, in_favour=True)
    assert codes(raised) == {"conflict_of_interest"}
    with pytest.raises(Refused) as raised:
        scene.put()
    assert codes(raised) == {"conflict_of_interest", "being_voted_on"}
    scene.take("release", seat=scene.seat(member), successor=factories.a_person(), reason="13-ө")
    assert findings(scene.panel) == []


# --- Votes ---------------------------------------------------------------------------------------------


@pytest.mark.req("SO-T-073", "SO-T-074", "SO-T-075", "GAP-T-06")
@pytest.mark.parametrize(
    ("members", "votes", "state"),
    [
        (3, "+--", "rejected"),
        (3, "++-", "adopted"),
        (5, "++--", "adopted"),  # the chair is for it
        (5, "-+-+", "rejected"),  # the chair is against it
        (5, " ++--", "undecided"),  # the chair has not voted
        (5, "++-", "undecided"),  # two of five are no majority of all
    ],
)
def test_the_majority_of_all_members_decides_and_the_chair_when_votes_are_equal(
    members, votes, state
):
    scene = a_commission(members)
    motion = scene.put()
    for member, side in zip(scene.members, votes, strict=False):
        if side != " ":
            vote(motion, actor=member, in_favour=side == "+")
    if len(votes.strip()) < members:
        assert motion.state == "open"
        close(motion, actor=scene.secretary)
    motion.refresh_from_db()
    assert motion.state == state


@pytest.mark.req("SO-T-067", "SO-T-069", "GAP-T-05")
def test_who_may_not_vote_is_refused_with_the_clause_and_kept_in_the_journal():
    scene = a_commission()
    motion = scene.put()
    vote(motion, actor=scene.members[0], in_favour=True)
    passer_by = actor_for(factories.a_person())
    tries = [
        (scene.members[0], "voted_already"),
        (scene.secretary, "secretary_votes_not"),
        (passer_by, "not_a_member"),
        (scene.saule, "not_a_member"),
    ]
    for actor, code in tries:
        with pytest.raises(Refused) as raised:
            vote(motion, actor=actor, in_favour=True)
        assert codes(raised) == {code}
        assert raised.value.findings[0].cite == law.edition("tender_scoring", "2019").cite(
            "guide, stage 6", inferred=code == "secretary_votes_not"
        )
    assert refusals(motion) == [("vote", [code]) for _actor, code in tries]
    assert motion.votes.count() == 1
    # The last vote ends it: who tries again hears the same.
    for member in scene.members[1:]:
        vote(motion, actor=member, in_favour=True)
    with pytest.raises(Refused) as raised:
        vote(motion, actor=scene.members[0], in_favour=False)
    assert codes(raised) == {"voted_already", "vote_over"}
    assert all(one.cite for one in raised.value.findings)
    assert refusals(motion)[-1] == ("vote", ["voted_already", "vote_over"])


@pytest.mark.req("SO-T-073")
def test_only_those_who_sit_on_it_put_a_question_and_every_member_owes_a_vote():
    scene = a_commission()
    with pytest.raises(Refused) as raised:
        scene.put(scene.saule)
    assert codes(raised) == {"not_a_member"}
    scene.put(scene.secretary)
    assert Duty.objects.filter(code="vote", done_at=None).count() == 3


@pytest.mark.req("SO-T-072")
def test_a_commission_whose_term_has_ended_decides_nothing():
    scene = a_commission()
    motion = scene.put()
    appointed.end(scene.panel)
    assert scene.panel.in_office_until is not None
    with pytest.raises(Refused) as raised:
        vote(motion, actor=scene.members[0], in_favour=True)
    assert codes(raised) == {"not_a_member"}

"""The standing watch: what an NGO has running is flagged for whoever is in charge of it, at once and for nobody else."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from ortaq.core import clock as core_clock
from ortaq.core import journal
from ortaq.core.models import Duty, Letter
from ortaq.core.procedure import Refused
from ortaq.grants.tests import application_scenes
from ortaq.oversight.tests import scenes as oversight
from ortaq.people.models import Organisation, Standing
from ortaq.people.procedure import end_standing, record_standing
from ortaq.prizes.tests import scenes as prizes
from ortaq.registry import watched
from ortaq.registry.models import Expert, StandingFlag
from ortaq.registry.procedure.standing_flag import FLAG, settle
from ortaq.tenders.procedure import opening
from ortaq.tenders.tests import scenes as tenders
from ortaq.testing import factories

GR = pytest.mark.req("GR-A-09", "GR-X-17")


def recorded(ngo: Organisation, kind: str = "liquidation", **fields: Any) -> Standing:
    """A fact as the authorised body records it."""
    ministry = factories.an_organisation("authorised_body")
    officer = factories.a_member(ministry, "officer")
    told = {"since": core_clock.today(), "evidence": "№ 1 сот шешімі", "source": "сот"} | fields
    return record_standing(Standing(organisation=ngo, kind=kind, **told), actor=officer)


def end(fact: Standing) -> None:
    ministry = factories.an_organisation("authorised_body")
    officer = factories.a_member(ministry, "officer")
    end_standing(fact, core_clock.today(), actor=officer, reason="№ 2 сот шешімі")


def flags(**narrowed: Any) -> dict[str, StandingFlag]:
    return {flag.what: flag for flag in StandingFlag.objects.filter(**narrowed)}


@pytest.fixture
def ordered(db, clock):
    """Aliya's NGO carries out an order of Saule's akimat, which an expert whom it proposed monitors."""
    clock.set(oversight.NOW)
    cast = oversight.ordered()
    oversight.engaged(cast)
    Expert.objects.filter(pk=cast.expert.pk).update(proposed_by=cast.ngo)
    return cast


@GR
def test_what_runs_is_flagged_at_once_with_a_duty_and_a_letter_and_lifted_when_the_fact_ends(
    ordered,
):
    fact = recorded(ordered.ngo)
    found = flags()
    assert set(found) == {"project", "engagement"}
    assert {flag.body for flag in found.values()} == {ordered.akimat}
    duty = Duty.objects.get(subject=f"registry.standingflag:{found['project'].pk}")
    assert duty.bearer == f"organisation:{ordered.akimat.pk}"
    assert Duty.objects.filter(pk=duty.pk, done_at=None).exists()
    assert duty.due_at
    assert duty.due_at - core_clock.now() > timedelta(days=2)
    assert duty.address == reverse("registry:standing_flag", args=[found["project"].pk])
    written = Letter.objects.filter(kind="standing-watch")
    assert {letter.recipient for letter in written} == {ordered.saule.user, ordered.marat.user}
    assert ordered.ngo.name_kk in written[0].body

    end(fact)
    assert {flag.state for flag in flags().values()} == {"lifted"}
    duty.refresh_from_db()
    assert duty.done_at is not None
    steps = [entry.step for entry in journal.history(found["project"])]
    assert steps == ["begin", "lifted"]
    assert journal.verify() == []


@GR
def test_a_decision_closes_the_duty_and_only_the_body_in_charge_takes_it(ordered):
    recorded(ordered.ngo)
    flag = flags()["project"]
    for stranger in (ordered.aliya, ordered.dana, ordered.kanat, ordered.nurbol):
        with pytest.raises(Refused):
            FLAG.take("go_on", flag, actor=stranger, reason="—")
    with pytest.raises(Refused, match="no_reason"):
        FLAG.take("go_on", flag, actor=ordered.saule, reason=" ")
    FLAG.take("go_on", flag, actor=ordered.saule, reason="Мүлік жобаға қатысты емес")
    assert (flag.state, flag.decision) == ("decided", "continued")
    assert not Duty.objects.filter(
        subject=f"registry.standingflag:{flag.pk}", done_at=None
    ).exists()
    assert "Мүлік" not in str(list(journal.history(flag).values("facts")))
    settle()
    flag.refresh_from_db()
    assert flag.state == "decided"


@GR
def test_a_fact_of_days_to_come_flags_on_its_day_and_one_set_back_flags_at_once(ordered, clock):
    recorded(ordered.ngo, since=core_clock.today() + timedelta(days=3))
    assert flags() == {}
    recorded(ordered.ngo, "bankruptcy", since=core_clock.today() - timedelta(days=90))
    assert {flag.standing.kind for flag in flags(what="project").values()} == {"bankruptcy"}
    clock.travel(days=3)
    call_command("tick", verbosity=0)
    kinds = StandingFlag.objects.filter(what="project").values_list("standing__kind", flat=True)
    assert set(kinds) == {"bankruptcy", "liquidation"}


@GR
def test_what_ends_by_itself_takes_its_flag_along_and_a_second_look_changes_nothing(ordered):
    recorded(ordered.ngo)
    letters = Letter.objects.count()
    again = settle()
    assert (again.raised, again.ended, Letter.objects.count()) == ([], [], letters)
    ordered.project.state = "terminated"
    ordered.project.save(update_fields=["state"])
    settle()
    assert {what: flag.state for what, flag in flags().items()} == {
        "project": "over",
        "engagement": "open",
    }


@pytest.mark.req("GR-A-09", "SO-T-015")
def test_a_sealed_bid_is_told_of_to_nobody_until_it_is_opened(db, clock):
    clock.set(tenders.ANNOUNCED)
    scene = tenders.a_scene()
    tenders.a_submitted_bid(scene.lot, scene.cast.aliya)
    recorded(scene.cast.ngo)
    call_command("tick", verbosity=0)
    assert flags() == {}
    assert not Letter.objects.filter(kind="standing-watch").exists()
    clock.set(tenders.CLOSES + timedelta(minutes=1))
    opening.open_due()
    call_command("tick", verbosity=0)
    assert flags()["bid"].body == scene.tender.organiser


@GR
def test_an_application_handed_in_is_flagged_for_its_operator(db, clock):
    played, competition = application_scenes.open_competition(clock)
    application_scenes.a_submitted(competition.lots.get(), played.aliya)
    recorded(played.ngo, "attached_property")
    assert flags()["application"].body == competition.operator


@GR
def test_an_application_for_the_prize_is_flagged_for_its_organiser(db, clock):
    clock.set(prizes.DURING)
    scene = prizes.announced()
    prizes.submitted(scene)
    recorded(scene.cast.ngo, "suspended_activity")
    assert flags()["prize_application"].body == scene.round.organiser


@GR
def test_many_facts_cost_no_more_looks_than_one(ordered):
    recorded(ordered.ngo)
    with CaptureQueriesContext(connection) as one:
        settle()
    others = [factories.an_organisation() for _number in range(5)]
    Standing.objects.bulk_create(
        Standing(organisation=ngo, kind="bankruptcy", since=core_clock.today()) for ngo in others
    )
    with CaptureQueriesContext(connection) as many:
        settle()
    assert len(one) == len(many) <= 6 + len(watched.rooms)

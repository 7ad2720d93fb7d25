"""Councils: sessions, recommendations, the list of topics formed by them (SO-F-12..18)."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from ortaq.core import clock as house_clock
from ortaq.core import journal
from ortaq.core.models import Duty, Letter
from ortaq.core.procedure import Refused
from ortaq.people.models import Role
from ortaq.planning.models import (
    Council,
    CouncilMember,
    Information,
    Recommendation,
    Session,
    Topic,
)
from ortaq.planning.procedure import council as procedure
from ortaq.planning.procedure import hearing
from ortaq.planning.procedure.council import SESSION, Advice
from ortaq.planning.procedure.formation import FORMATION
from ortaq.planning.queries import council as queries
from ortaq.planning.queries import formation as topics
from ortaq.planning.tests import scenes
from ortaq.testing import factories


def codes(refused) -> set[str]:
    return {finding.code for finding in refused.value.findings}


def open_duties(code: str) -> list[Duty]:
    return list(Duty.objects.filter(code=code, done_at=None))


def a_ministry():
    """A second central body with its officer."""
    body = factories.an_organisation("state_body", name_kk="Мәдениет министрлігі")
    return body, factories.a_member(body, Role.OFFICER, surname="Омаров", given_name="Омар")


# --- Handing over --------------------------------------------------------------------------------


@pytest.mark.django_db
@pytest.mark.req("SO-F-12", "SO-F-17", "SO-X-08")
def test_an_akimat_hands_its_topics_to_the_council_of_its_level(clock):
    cast = scenes.cast()
    formation = scenes.published(clock, cast.saule, cast.akimat)
    scenes.reported(clock, formation, cast.saule)
    with pytest.raises(Refused) as refused:
        FORMATION.take("submit", formation, actor=cast.saule)
    assert codes(refused) == {"no_plan_year", "no_council"}
    scenes.a_council(cast.saule, cast.akimat)
    FORMATION.take("submit", formation, actor=cast.saule, plan_year=2025)
    information = formation.informations.get()
    assert (information.sent_to, information.issue) == (cast.akimat, "before_budget")
    # Entered, not computed: the list itself is of 2024.
    assert (information.plan_year, formation.plan_year) == (2025, 2024)
    assert information.published_at is None


@pytest.mark.django_db
@pytest.mark.req("SO-F-12")
def test_a_body_without_a_council_finds_the_one_of_its_region(clock):
    cast = scenes.cast()
    office = factories.an_organisation("state_body", region_code="610000000")
    officer = factories.a_member(office, Role.OFFICER)
    regional = scenes.a_council(cast.saule, cast.akimat, region_code="610000000")
    elsewhere, stranger = a_ministry()
    other = scenes.a_council(stranger, elsewhere, region_code="750000000")
    formation = scenes.published(clock, officer, office)
    assert list(hearing.councils(formation)) == [regional]
    scenes.reported(clock, formation, officer)
    with pytest.raises(Refused) as refused:
        FORMATION.take("submit", formation, actor=officer, plan_year=2024, council=other)
    assert codes(refused) == {"other_council"}
    FORMATION.take("submit", formation, actor=officer, plan_year=2024, council=regional)
    assert formation.informations.get().sent_to == cast.akimat


@pytest.mark.django_db
@pytest.mark.req("SO-F-13", "SO-F-15", "SO-F-16", "SO-X-16")
def test_the_authorised_body_brings_central_topics_to_the_coordination_council_and_sends_its_advice(
    clock,
):
    cast = scenes.cast()
    body, omar = a_ministry()
    council = scenes.a_council(cast.nurlan, cast.ministry, cast.erlan)
    formation = scenes.submitted(clock, omar, body, level="central")
    assert formation.informations.get().sent_to == cast.ministry
    (duty,) = open_duties("bring_to_council")
    assert (duty.bearer, duty.due_at) == (f"organisation:{cast.ministry.pk}", None)

    session = scenes.a_session(council, cast.nurlan)
    assert not open_duties("bring_to_council")
    assert Letter.objects.get(kind="called").recipient == cast.erlan.user
    scenes.advised(session, cast.nurlan, "include", "exclude")
    # Held, but the ministry does not know yet what is recommended to it.
    assert hearing.recommendations(formation) == {}
    assert open_duties("send_recommendations")
    assert not open_duties("form_list")
    SESSION.take("send", session, actor=cast.nurlan)
    assert [row.verdict for row in hearing.recommendations(formation).values()] == [
        "include",
        "exclude",
    ]
    assert Letter.objects.get(kind="recommended").recipient == omar.user
    assert not open_duties("send_recommendations")
    assert open_duties("form_list")
    with pytest.raises(Refused) as refused:
        SESSION.take("send", session, actor=cast.nurlan)
    assert codes(refused) == {"sent_already"}
    assert journal.verify() == []


@pytest.mark.django_db
@pytest.mark.req("SO-F-18")
def test_recommendations_of_a_bodys_own_council_are_there_at_once(clock):
    cast = scenes.cast()
    council = scenes.a_council(cast.saule, cast.akimat, cast.saule)
    formation = scenes.submitted(clock, cast.saule, cast.akimat)
    session = scenes.advised(scenes.a_session(council, cast.saule), cast.saule)
    assert session.sent_at is not None
    assert len(hearing.recommendations(formation)) == 2
    assert not Letter.objects.filter(kind="recommended").exists()


@pytest.mark.django_db
@pytest.mark.req("SO-F-16")
def test_one_session_hears_several_bodies_and_each_reads_its_own_advice_only(clock):
    cast = scenes.cast()
    council = scenes.a_council(cast.nurlan, cast.ministry, cast.erlan)
    first, omar = a_ministry()
    second, other = a_ministry()
    scenes.submitted(clock, omar, first, level="central")
    scenes.submitted(clock, other, second, level="central")
    session = scenes.a_session(council, cast.nurlan)
    assert session.agenda.count() == 2
    scenes.advised(session, cast.nurlan)
    assert not queries.sessions_visible_to(omar).exists()  # not sent yet
    SESSION.take("send", session, actor=cast.nurlan)
    for officer, body in ((omar, first), (other, second)):
        found = queries.sessions_visible_to(officer).get()
        page = queries.session_page(found, officer)
        assert [laid.information.body for laid in page.agenda] == [body]
        assert not queries.sees_whole(found, officer)
    whole = queries.session_page(session, cast.erlan)
    assert {laid.information.body for laid in whole.agenda} == {first, second}


# --- The session ---------------------------------------------------------------------------------


@pytest.mark.django_db
@pytest.mark.req("SO-F-16", "SO-F-18")
def test_all_that_a_session_lacks_is_told_at_once(clock):
    cast = scenes.cast()
    council = scenes.a_council(cast.saule, cast.akimat)
    formation = scenes.submitted(clock, cast.saule, cast.akimat)
    tomorrow = house_clock.today() + timedelta(days=1)
    session = scenes.a_session(council, cast.saule, tomorrow)
    with pytest.raises(Refused) as refused:
        SESSION.take("hold", session, actor=cast.saule)
    assert codes(refused) == {
        "not_held_yet", "no_minutes", "nobody_present", "no_recommendation",
    }  # fmt: skip
    first = formation.topics.get(position=1)
    late = CouncilMember.objects.create(
        council=council, full_name="Кеш Келген", since=tomorrow + timedelta(days=1)
    )
    procedure.write(
        session,
        (),
        present=[late],
        advice={first.pk: Advice("revise", "Қысқарту керек"), 999_999: Advice("include")},
        version=0,
        actor=cast.saule,
    )
    found = SESSION.findings("hold", session, cast.saule)
    assert {"no_member_that_day", "recommendation_untranslated"} <= {one.code for one in found}
    assert session.recommendations.count() == 1  # what stands on no agenda is no advice
    assert open_duties("hold_session")[0].due_at == house_clock.end_of(tomorrow)


@pytest.mark.django_db
def test_minutes_that_a_colleague_saved_meanwhile_are_not_overwritten(clock):
    cast = scenes.cast()
    council = scenes.a_council(cast.saule, cast.akimat)
    scenes.submitted(clock, cast.saule, cast.akimat)
    session = scenes.a_session(council, cast.saule)
    mine, theirs = Session.objects.get(pk=session.pk), Session.objects.get(pk=session.pk)
    theirs.minutes_kk = "Әріптестің мәтіні"
    procedure.write(theirs, ("minutes_kk",), present=[], advice={}, version=0, actor=cast.saule)
    mine.minutes_kk = "Менің мәтінім"
    with pytest.raises(procedure.Changed) as changed:
        procedure.write(mine, ("minutes_kk",), present=[], advice={}, version=0, actor=cast.saule)
    assert changed.value.theirs.minutes_kk == "Әріптестің мәтіні"


@pytest.mark.django_db
def test_what_stands_on_an_agenda_is_not_called_a_second_time(clock):
    cast = scenes.cast()
    council = scenes.a_council(cast.saule, cast.akimat)
    formation = scenes.submitted(clock, cast.saule, cast.akimat)
    waiting = list(procedure.waiting(council))
    assert [one.formation for one in waiting] == [formation]
    scenes.a_session(council, cast.saule)
    with pytest.raises(ValidationError):
        procedure.call(
            Session(council=council, held_on=house_clock.today()), waiting, actor=cast.saule
        )
    assert council.sessions.count() == 1


@pytest.mark.django_db
def test_a_session_that_is_called_off_frees_its_agenda_and_tells_the_members(clock):
    cast = scenes.cast()
    council = scenes.a_council(cast.saule, cast.akimat, cast.erlan)
    formation = scenes.submitted(clock, cast.saule, cast.akimat)
    session = scenes.a_session(council, cast.saule)
    first = formation.topics.get(position=1)
    procedure.write(
        session, (), present=[], advice={first.pk: Advice("include")}, version=0, actor=cast.saule
    )
    with pytest.raises(Refused):
        SESSION.take("call_off", session, actor=cast.nurlan)
    SESSION.take("call_off", session, actor=cast.saule)
    assert not Session.objects.exists()
    assert [one.formation for one in procedure.waiting(council)] == [formation]
    assert open_duties("bring_to_council")
    assert not open_duties("hold_session")
    assert Letter.objects.get(kind="called_off").recipient == cast.erlan.user
    assert journal.verify() == []


@pytest.mark.django_db
def test_strangers_neither_run_a_council_nor_write_its_minutes(clock):
    cast = scenes.cast()
    council = scenes.a_council(cast.saule, cast.akimat, cast.erlan)
    scenes.submitted(clock, cast.saule, cast.akimat)
    session = scenes.a_session(council, cast.saule)
    for stranger in (cast.nurlan, cast.aliya, cast.erlan):
        with pytest.raises(PermissionDenied):
            procedure.seat(
                CouncilMember(council=council, full_name="Біреу", since=house_clock.today()),
                actor=stranger,
            )
        with pytest.raises(Refused) as refused:
            procedure.write(session, (), present=[], advice={}, version=0, actor=stranger)
        assert codes(refused) == {"not_yours"}


@pytest.mark.django_db
def test_a_council_has_one_chair_at_a_time(clock):
    clock.set(scenes.PUBLISHED)
    cast = scenes.cast()
    council = scenes.a_council(cast.saule, cast.akimat)
    today = house_clock.today()

    def chair(name: str) -> CouncilMember:
        member = CouncilMember(council=council, full_name=name, office="chair", since=today)
        return procedure.seat(member, actor=cast.saule)

    first = chair("Бірінші Төраға")
    with pytest.raises(ValidationError):
        chair("Екінші Төраға")
    with pytest.raises(ValidationError):
        procedure.end(first, today - timedelta(days=1), actor=cast.saule)
    procedure.end(first, today, actor=cast.saule)
    assert chair("Екінші Төраға").pk
    assert [one.full_name for one in queries.members(council)] == ["Екінші Төраға"]


# --- Who reads the papers ------------------------------------------------------------------------


@pytest.mark.django_db
@pytest.mark.req("SO-F-14")
def test_members_read_the_papers_of_their_sessions_and_nobody_else_does(clock):
    cast = scenes.cast()
    council = scenes.a_council(cast.saule, cast.akimat, cast.erlan)
    scenes.submitted(clock, cast.saule, cast.akimat)
    information = Information.objects.get()
    assert not queries.informations_visible_to(cast.erlan).exists()  # on no agenda yet
    session = scenes.a_session(council, cast.saule)
    for reader in (cast.erlan, cast.saule):
        assert list(queries.sessions_visible_to(reader)) == [session]
        assert list(queries.informations_visible_to(reader)) == [information]
    for stranger in (cast.dana, cast.aliya, cast.nurlan, cast.madina):
        assert not queries.sessions_visible_to(stranger).exists()
        assert not queries.informations_visible_to(stranger).exists()


@pytest.mark.django_db
def test_who_leaves_the_council_loses_the_papers_and_who_comes_later_does_not_get_the_old_ones(
    clock,
):
    cast = scenes.cast()
    council = scenes.a_council(cast.saule, cast.akimat, cast.erlan)
    scenes.submitted(clock, cast.saule, cast.akimat)
    scenes.a_session(council, cast.saule)
    day = house_clock.today() + timedelta(days=10)
    clock.set(house_clock.at(day, 9))
    procedure.end(council.members.get(person=cast.erlan.user), day, actor=cast.saule)
    procedure.seat(
        CouncilMember(council=council, person=cast.dana.user, full_name="Дана", since=day),
        actor=cast.saule,
    )
    assert not queries.sessions_visible_to(cast.erlan).exists()
    assert not queries.sessions_visible_to(cast.dana).exists()


# --- The list of topics --------------------------------------------------------------------------


@pytest.mark.django_db
@pytest.mark.req("SO-F-18", "SO-G-10")
def test_a_stage_is_skipped_only_with_a_reason_that_everybody_reads(clock):
    cast = scenes.cast()
    formation = scenes.published(clock, cast.saule, cast.akimat)
    scenes.reported(clock, formation, cast.saule)
    with pytest.raises(Refused) as refused:
        scenes.form_list(formation, cast.saule)
    assert codes(refused) == {"council_not_heard"}
    (doing,) = [one.text for one in topics.stages(formation) if one.state == "doing"]
    assert doing == topics.STAGES["council"]
    scenes.form_list(formation, cast.saule, without_council="Кеңес құрамы бекітілмеген")
    (left_out,) = [one for one in topics.stages(formation) if one.note]
    assert (left_out.text, left_out.state) == (topics.STAGES["council"], "todo")
    assert formation.without_council == "Кеңес құрамы бекітілмеген"


@pytest.mark.django_db
@pytest.mark.req("SO-F-18")
def test_whoever_departs_from_a_recommendation_says_why_in_both_languages(clock):
    cast = scenes.cast()
    council = scenes.a_council(cast.saule, cast.akimat, cast.saule)
    formation = scenes.submitted(clock, cast.saule, cast.akimat, 3)
    session = scenes.a_session(council, cast.saule)
    scenes.advised(session, cast.saule, "include", "exclude", "revise")
    included, excluded, revised = formation.topics.all()
    against = {included.pk: "dropped", excluded.pk: "listed", revised.pk: "listed"}
    with pytest.raises(Refused) as refused:
        FORMATION.take("form_list", formation, actor=cast.saule, topics=against)
    assert [f.numbers["topic"] for f in refused.value.findings] == [1, 2]
    half = {included.pk: ("Себебі бар", ""), excluded.pk: ("", "Есть причина")}
    with pytest.raises(Refused):
        FORMATION.take("form_list", formation, actor=cast.saule, topics=against, reasons=half)
    both = dict.fromkeys((included.pk, excluded.pk), ("Себебі бар", "Есть причина"))
    FORMATION.take("form_list", formation, actor=cast.saule, topics=against, reasons=both)
    lines = queries.decided(formation)
    assert [line.departs for line in lines] == [True, True, False]
    assert [line.topic.state for line in lines] == ["dropped", "listed", "listed"]
    assert lines[0].topic.state_reason_ru == "Есть причина"
    assert not open_duties("form_list")


@pytest.mark.django_db
@pytest.mark.req("SO-F-18")
def test_every_topic_is_decided_and_a_list_without_topics_is_none(clock):
    cast = scenes.cast()
    scenes.a_council(cast.saule, cast.akimat)
    formation = scenes.submitted(clock, cast.saule, cast.akimat)
    first, second = formation.topics.all()
    reason = {"without_council": "Шұғыл"}
    with pytest.raises(Refused) as refused:
        scenes.form_list(formation, cast.saule, topics={first.pk: "listed"}, **reason)
    assert codes(refused) == {"topics_open"}
    none = {first.pk: "dropped", second.pk: "dropped"}
    why = dict.fromkeys(none, ("Ақша жоқ", "Нет денег"))
    with pytest.raises(Refused) as refused:
        scenes.form_list(formation, cast.saule, topics=none, reasons=why, **reason)
    assert codes(refused) == {"list_empty"}


@pytest.mark.django_db
@pytest.mark.req("GAP-T-19", "SO-T-056")
def test_a_year_of_2018_forms_its_list_without_a_council_which_its_rules_do_not_name(clock):
    cast = scenes.cast()
    formation = scenes.published(
        clock, cast.saule, cast.akimat, edition="2018", edition_reason="2018 жылы басталған"
    )
    scenes.reported(clock, formation, cast.saule)
    assert not open_duties("submit")  # no date is known
    scenes.form_list(formation, cast.saule)
    assert formation.without_council == ""
    assert topics.STAGES["council"] not in [one.text for one in topics.stages(formation)]
    assert set(formation.topics.values_list("state", flat=True)) == {Topic.State.LISTED}


@pytest.mark.django_db
def test_a_verdict_other_than_yes_has_reasons_even_in_the_database(clock):
    cast = scenes.cast()
    council = scenes.a_council(cast.saule, cast.akimat)
    formation = scenes.submitted(clock, cast.saule, cast.akimat)
    session = scenes.a_session(council, cast.saule)
    row = Recommendation(session=session, topic=formation.topics.get(position=1), verdict="exclude")
    with pytest.raises(ValidationError):
        row.full_clean()


@pytest.mark.django_db
def test_the_coordination_council_sits_at_the_authorised_body_only(clock):
    cast = scenes.cast()
    (akimat,) = queries.bodies_of(cast.saule)
    (ministry,) = queries.bodies_of(cast.nurlan)
    assert queries.kinds_left(akimat) == [Council.Kind.COOPERATION]
    assert queries.kinds_left(ministry) == [Council.Kind.COORDINATION, Council.Kind.COOPERATION]
    scenes.a_council(cast.saule, cast.akimat)
    assert not queries.bodies_without_council(cast.saule)


@pytest.mark.django_db
def test_pages_of_a_session_and_a_list_run_the_same_queries_for_one_topic_and_for_thirty(
    clock, django_assert_num_queries
):
    cast = scenes.cast()
    council = scenes.a_council(cast.saule, cast.akimat, cast.saule)
    for many in (1, 30):
        formation = scenes.submitted(clock, cast.saule, cast.akimat, many)
        session = scenes.advised(scenes.a_session(council, cast.saule), cast.saule)
        session = Session.objects.select_related("council").get(pk=session.pk)
        with django_assert_num_queries(4):
            queries.session_page(session, cast.saule)
        with django_assert_num_queries(2):
            queries.decided(formation)

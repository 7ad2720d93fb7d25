from __future__ import annotations

import hashlib
import json
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import transaction

from ortaq.core import clock as time
from ortaq.core.frozen import Frozen
from ortaq.core.models import Duty, Letter
from ortaq.core.procedure import Refused
from ortaq.documents.writing.merge import Edit, RowStep
from ortaq.grants.content import checks
from ortaq.grants.models import (
    Application,
    ApplicationPart,
    Attachment,
    Competition,
    PaperDelivery,
    PartConflict,
    Receipt,
    Topic,
)
from ortaq.grants.procedure import application_draft as draft
from ortaq.grants.procedure.application import APPLICATION, submit
from ortaq.grants.procedure.application_delivery import register
from ortaq.grants.procedure.competition import COMPETITION, close_due
from ortaq.grants.queries.application import whole_of
from ortaq.law.findings import Severity
from ortaq.people.actor import actor_for
from ortaq.people.models import Role, Standing
from ortaq.registry.models import AnnualReturn
from ortaq.review.models import Panel
from ortaq.testing import factories
from ortaq.testing.together import at_once

from . import application_scenes as scene
from .scenes import CLOSES, DURING

State = Application.State
pytestmark = pytest.mark.django_db


@pytest.fixture
def begun(clock):
    return scene.open_competition(clock)


@pytest.fixture
def played(begun):
    return begun[0]


@pytest.fixture
def lot(begun):
    return begun[1].lots.get()


def errors(application):
    found = checks.everything(whole_of(application))
    return {one.code for one in found if one.severity is Severity.ERROR}


def warnings(application):
    found = checks.everything(whole_of(application))
    return {one.code for one in found if one.severity is Severity.WARNING}


# --- Beginning and completing -------------------------------------------------------------------


@pytest.mark.req("GR-A-13")
def test_a_new_draft_knows_the_ngo_already(played, lot):
    application = scene.a_draft(lot, played.aliya, title="Ерікті жастар")
    answers = application.parts.get(form="GRANT-A2").data["questionnaire"]
    assert answers == {
        "registered_name": "«Әлем» қоғамдық қоры",
        "registered_on": "2015-01-20",
        "bin": played.ngo.bin,
        "actual_address": "Астана қаласы, Достық көшесі, 1",
    }
    assert [(part.form, part.year) for part in application.parts.all()] == [
        ("GRANT-A2", 0), ("GRANT-A3", 0), ("GRANT-A4", 0), ("GRANT-A5", 0),
    ]  # fmt: skip


@pytest.mark.req("GR-A-21")
def test_a_topic_of_two_years_has_content_and_estimate_for_each(clock):
    people, competition = scene.open_competition(clock, [{2020: 3_000_000, 2021: 2_000_000}])
    application = scene.a_draft(competition.lots.get(), people.aliya)
    years = {(part.form, part.year) for part in application.parts.all()}
    assert {("GRANT-A4", 2020), ("GRANT-A4", 2021), ("GRANT-A5", 2020), ("GRANT-A5", 2021)} < years
    assert ("GRANT-A4", 0) not in years


@pytest.mark.req("GR-A-13")
def test_an_empty_draft_says_everything_that_is_missing_each_with_its_clause(played, lot):
    application = scene.a_draft(lot, played.aliya)
    found = [f for f in checks.everything(whole_of(application)) if f.severity is Severity.ERROR]
    assert {f.code for f in found} == {
        "missing", "no_rows", "no_title", "no_term", "no_head", "no_accountant", "no_pr",
        "no_charter", "no_balance", "no_grant_money",
    }  # fmt: skip
    assert all(f.cite is not None and f.about for f in found)


def test_a_careful_draft_lacks_nothing(played, lot):
    application = scene.a_complete_draft(lot, played.aliya)
    assert (errors(application), warnings(application)) == (set(), set())


@pytest.mark.req("GR-K-06", "GR-K-07", "GR-K-08")
def test_the_estimate_is_held_against_the_topic_and_the_share_of_support(played, lot):
    application = scene.a_complete_draft(lot, played.aliya)
    scene.write(
        application,
        "GRANT-A5",
        {"budget/lines/~b1/unit_cost": 100_000_000, "budget/lines/~b2/unit_cost": 90_000_000},
        played.aliya,
    )
    found = {f.code: f for f in checks.everything(whole_of(application))}
    assert found["above_the_topic"].numbers == {
        "asked_tiyn": 740_000_000, "amount_tiyn": 500_000_000,
    }  # fmt: skip
    assert found["material_support_above_limit"].severity is Severity.ERROR


@pytest.mark.req("GR-K-06")
def test_support_of_exactly_a_tenth_of_the_grant_is_within(played, lot):
    application = scene.a_complete_draft(lot, played.aliya)
    lines = (
        ("material_support_lines", "", "Ноутбук", 1, 100_000),
        ("services_legal_lines", "~c1", "Видео және баннер", 1, 900_000),
    )
    scene.write(
        application,
        "GRANT-A5",
        {f"budget/lines/~b{n}/unit_cost": None for n in range(1, 5)},
        played.aliya,
    )
    scene.write(application, "GRANT-A5", scene.budget(lines), played.aliya)
    for row in ("~b3", "~b4"):
        part = application.parts.get(form="GRANT-A5")
        draft.save(
            part,
            [],
            actor=played.aliya,
            step=RowStep("remove", f"budget/lines/{row}", part.version),
        )
    codes = {f.code for f in checks.everything(whole_of(application))}
    assert "material_support_within_limit" in codes


@pytest.mark.req("GR-K-07")
def test_sources_that_do_not_make_the_total_are_told_by_line(played, lot):
    application = scene.a_complete_draft(lot, played.aliya)
    scene.write(application, "GRANT-A5", {"budget/lines/~b1/grant": 1_000_000}, played.aliya)
    found = [f for f in checks.everything(whole_of(application)) if f.code == "sources_differ"]
    assert [(f.about, f.numbers["given_tiyn"], f.numbers["total_tiyn"]) for f in found] == [
        ("budget/0/budget/lines/~b1", 1_000_000, 150_000_000)
    ]


@pytest.mark.req("GR-K-09")
def test_activities_of_calendar_and_estimate_are_compared_both_ways(played, lot):
    application = scene.a_complete_draft(lot, played.aliya)
    scene.write(
        application,
        "GRANT-A4",
        {"calendar_plan/~c2/activity": "Форум", "calendar_plan/~c2/months": [3]},
        played.aliya,
    )
    assert warnings(application) == {"no_costs"}
    part = application.parts.get(form="GRANT-A4")
    draft.save(
        part,
        [],
        actor=played.aliya,
        step=RowStep("remove", "calendar_plan/~c1", part.version),
    )
    assert warnings(application) == {"no_costs", "stray_costs"}


@pytest.mark.req("GR-K-10")
def test_team_and_obligatory_lines_are_looked_for(played, lot):
    application = scene.a_complete_draft(lot, played.aliya)
    scene.write(application, "GRANT-A3", {"project_team/~t3/role": "other"}, played.aliya)
    scene.write(
        application,
        "GRANT-A5",
        {"budget/lines/~b3/item": "Қызмет", "budget/lines/~b4/item": "Қағаз"},
        played.aliya,
    )
    assert errors(application) == {"no_pr"}
    assert warnings(application) == {"no_video", "no_banner"}


@pytest.mark.req("GR-A-13")
def test_a_total_of_human_resources_that_its_parts_do_not_make_is_warned_about(played, lot):
    application = scene.a_complete_draft(lot, played.aliya)
    assert warnings(application) == set()  # 5 = 3 on the staff + 2 volunteers
    scene.write(application, "GRANT-A2", {"questionnaire/staff_invited": 1}, played.aliya)
    found = {one.code: one for one in checks.everything(whole_of(application))}["staff_differs"]
    assert (found.severity, found.numbers) == (Severity.WARNING, {"total": 5, "parts": 6})
    assert found.cite is not None
    assert found.cite.inferred
    scene.write(application, "GRANT-A2", {"questionnaire/staff_total": "бес"}, played.aliya)
    assert warnings(application) == set()  # the form's own check names it


@pytest.mark.req("GR-A-20", "GR-X-13")
def test_the_term_agrees_with_plan_and_competition(played, lot):
    application = scene.a_complete_draft(lot, played.aliya)

    def describe(begins, ends):
        draft.describe(
            application,
            actor=played.aliya,
            title="Ж",
            language="kk",
            starts_on=begins,
            ends_on=ends,
        )
        return errors(application)

    assert describe(date(2020, 7, 1), date(2020, 11, 27)) == set()
    assert describe(date(2020, 7, 1), date(2020, 11, 28)) == {"ends_too_late"}
    assert describe(date(2020, 2, 29), date(2020, 11, 27)) == {"begins_too_early"}
    assert "term_reversed" in describe(date(2020, 8, 1), date(2020, 7, 1))


@pytest.mark.req("GR-X-13")
def test_the_limit_of_the_competition_does_not_bind_later_years_nor_lengthen_a_topic(clock):
    people, competition = scene.open_competition(clock, [{2020: 5_000_000, 2021: 5_000_000}])
    lot = competition.lots.get()
    application = scene.a_draft(lot, people.aliya)
    assert checks.allowed_term(whole_of(application)) == (date(2020, 3, 1), date(2021, 11, 30))
    Topic.objects.filter(pk=lot.topic_id).update(term=[[2020, 3, 9]])
    assert checks.allowed_term(whole_of(application)) == (date(2020, 3, 1), date(2020, 9, 30))


@pytest.mark.req("GR-A-13", "GR-A-18")
def test_consents_and_proofs_follow_from_what_was_written(played, lot):
    application = scene.a_complete_draft(lot, played.aliya)
    scene.write(application, "GRANT-A3", {"project_team/~t3/engaged": True}, played.aliya)
    partner = {"partners/~p1/partner": "Кітапхана", "partners/~p1/participation": "Орын береді"}
    scene.write(application, "GRANT-A4", partner, played.aliya)
    money = {
        "budget/lines/~b1/own_contribution": 100_000,
        "budget/lines/~b1/other_cofinancing": 200_000,
    }
    scene.write(application, "GRANT-A5", money, played.aliya)
    assert errors(application) == {"no_consent", "no_own_letter", "no_other_letter"}
    for kind, row in (
        ("consent", "~t3"),
        ("consent", "~p1"),
        ("own_money", ""),
        ("other_money", ""),
    ):
        upload = scene.upload()
        draft.attach(application, upload, actor=played.bolat, kind=kind, row=row)
    assert errors(application) == set()


def test_text_where_a_sum_should_be_is_kept_and_stops_the_submission(played, lot):
    application = scene.a_complete_draft(lot, played.aliya)
    scene.write(application, "GRANT-A5", {"budget/lines/~b1/unit_cost": "көп"}, played.aliya)
    assert "not_a_sum" in errors(application)
    assert application.parts.get(form="GRANT-A5").data["budget"]["lines"][0]["unit_cost"] == "көп"


@pytest.mark.req("GR-A-11")
def test_only_topics_of_an_open_competition_can_be_applied_for(played, lot, clock):
    Competition.objects.filter(pk=lot.competition_id).update(state=Competition.State.DRAFT)
    lot.competition.refresh_from_db()
    with pytest.raises(PermissionDenied):
        scene.a_draft(lot, played.aliya)
    Competition.objects.filter(pk=lot.competition_id).update(state=Competition.State.ANNOUNCED)
    lot.competition.refresh_from_db()
    clock.set(CLOSES + timedelta(seconds=1))
    with pytest.raises(PermissionDenied):
        scene.a_draft(lot, played.aliya)
    clock.set(CLOSES)
    assert scene.a_draft(lot, played.aliya).state == State.DRAFT


@pytest.mark.req("GR-A-22")
def test_no_experience_of_its_own_in_three_years_is_pointed_out_and_does_not_stop(played, lot):
    application = scene.a_complete_draft(lot, played.aliya)
    part = application.parts.get(form="GRANT-A3")
    step = RowStep("remove", "topic_experience/~e1", part.version)
    draft.save(part, [], actor=played.aliya, step=step)
    assert (errors(application), warnings(application)) == (set(), {"no_experience"})


# --- Several people on one draft -----------------------------------------------------------------


def test_two_people_of_the_ngo_collide_and_the_conflict_is_settled(played, lot):
    application = scene.a_draft(lot, played.aliya)
    part = application.parts.get(form="GRANT-A4")
    base = part.version
    edit = Edit
    draft.save(part, [edit("basics/goal", base, {"basics/goal": "Болат"})], actor=played.bolat)
    draft.save(part, [edit("basics/goal", base, {"basics/goal": "Әлия"})], actor=played.aliya)
    assert part.data["basics"]["goal"] == "Болат"
    conflict = PartConflict.objects.get(part=part, person=played.aliya.user, settled_at=None)
    assert conflict.data == {"basics/goal": "Әлия"}
    assert "open_conflict" in warnings(application)

    draft.settle(conflict, ["basics/goal"], actor=played.aliya)
    part.refresh_from_db()
    assert part.data["basics"]["goal"] == "Әлия"
    assert "open_conflict" not in warnings(application)


def test_a_rival_and_a_member_of_staff_do_not_write(played, lot):
    application = scene.a_draft(lot, played.aliya)
    staff = factories.a_member(played.ngo, Role.STAFF)
    part = application.parts.get(form="GRANT-A4")
    for actor in (played.dana, staff, played.gulnara, actor_for(None)):
        with pytest.raises(PermissionDenied):
            draft.save(part, [Edit("basics/goal", 0, {"basics/goal": "x"})], actor=actor)
    part.refresh_from_db()
    assert part.data == {}


def test_a_row_changed_by_somebody_else_is_not_taken_out_unseen(played, lot):
    application = scene.a_draft(lot, played.aliya)
    part = scene.write(application, "GRANT-A4", {"risks/~r/risk": "Карантин"}, played.aliya)
    seen = part.version
    scene.write(application, "GRANT-A4", {"risks/~r/mitigation": "Онлайн"}, played.bolat)
    kept = draft.save(part, [], actor=played.aliya, step=RowStep("remove", "risks/~r", seen))
    assert kept.kept == "risks/~r"
    draft.save(part, [], actor=played.aliya, step=RowStep("remove", "risks/~r", part.version))
    assert part.data.get("risks", []) == []


# --- Submission --------------------------------------------------------------------------------------


@pytest.mark.req("GR-A-19", "GR-A-17")
def test_a_submission_gives_a_receipt_that_anybody_can_check(played, lot):
    receipt = scene.a_submitted(lot, played.aliya)
    application = receipt.application
    assert (application.state, application.number) == (
        State.SUBMITTED,
        f"2020-{lot.competition_id}-00001",
    )
    assert (application.grant_tiyn, application.total_tiyn) == (220_000_000, 220_000_000)
    assert application.applicant_name == played.ngo.name_kk
    content = bytes(receipt.content)
    assert hashlib.sha256(content).hexdigest() == receipt.sha256
    told = json.loads(content)
    assert told["applicant"]["bin"] == played.ngo.bin
    assert {part["form"] for part in told["parts"]} == {
        "GRANT-A2",
        "GRANT-A3",
        "GRANT-A4",
        "GRANT-A5",
    }
    digest = hashlib.sha256(scene.PDF).hexdigest()
    assert [file["sha256"] for file in told["files"]] == [digest, digest]
    letter = Letter.objects.get(kind="receipt")
    assert (letter.recipient, letter.state) == (played.aliya.user, Letter.State.RELEASED)
    assert receipt.sha256 in letter.body


@pytest.mark.req("GR-A-04", "GR-A-19")
def test_at_the_deadline_it_is_in_time_and_a_second_later_it_is_refused_and_the_draft_kept(
    played, lot, clock
):
    first = scene.a_complete_draft(lot, played.aliya)
    second = scene.a_complete_draft(lot, played.dana)
    clock.set(CLOSES)
    submit(first, actor=played.aliya, declared=True)
    clock.set(CLOSES + timedelta(seconds=1))
    with pytest.raises(Refused) as refused:
        submit(second, actor=played.dana, declared=True)
    assert [f.code for f in refused.value.findings] == ["acceptance_over"]
    second.refresh_from_db()
    assert (first.state, second.state) == (State.SUBMITTED, State.DRAFT)
    assert second.parts.get(form="GRANT-A4").data["basics"]["goal"] == "Мәтін"
    assert Receipt.objects.count() == 1


@pytest.mark.req("GR-A-04")
def test_what_reached_the_server_in_time_is_taken_however_long_it_waited(
    played, lot, clock, settings
):
    settings.ORTAQ_CLOSING_PAUSE = 30
    in_time = scene.a_complete_draft(lot, played.aliya)
    late = scene.a_complete_draft(lot, played.dana)
    clock.set(CLOSES + timedelta(seconds=20))
    assert close_due().closed == []
    with time.arriving(timedelta(seconds=20)):
        receipt = submit(in_time, actor=played.aliya, declared=True)
    assert receipt.received_at == CLOSES
    with pytest.raises(Refused), time.arriving(timedelta(seconds=19)):
        submit(late, actor=played.dana, declared=True)
    clock.set(CLOSES + timedelta(seconds=31))
    assert close_due().closed == [lot.competition]
    assert list(lot.competition.applications.exclude(state=State.DRAFT)) == [in_time]


def test_a_clock_set_back_hands_in_nothing(played, lot, clock):
    application = scene.a_complete_draft(lot, played.aliya)
    clock.set(DURING - timedelta(days=1))
    with pytest.raises(Refused) as refused:
        submit(application, actor=played.aliya, declared=True)
    assert [f.code for f in refused.value.findings] == ["clock_behind"]


def test_all_that_is_missing_is_said_at_once(played, lot):
    application = scene.a_draft(lot, played.aliya)
    with pytest.raises(Refused) as refused:
        submit(application, actor=played.aliya, declared=False)
    codes = {f.code for f in refused.value.findings}
    assert {"missing", "no_rows", "no_charter", "not_declared", "no_term"} <= codes


@pytest.mark.req("GR-A-09", "GR-X-17")
@pytest.mark.parametrize("kind", Standing.Kind.values)
def test_any_single_standing_excludes(played, lot, kind):
    application = scene.a_complete_draft(lot, played.aliya)
    Standing.objects.create(
        organisation=played.ngo, kind=kind, since=date(2020, 5, 1), evidence="Шешім", source="Сот"
    )
    with pytest.raises(Refused) as refused:
        submit(application, actor=played.aliya, declared=True)
    assert len(refused.value.findings) == 1


@pytest.mark.req("GR-A-08", "GR-A-24")
def test_data_late_in_the_ngo_database_warn_and_leave_the_decision_to_the_operator(played, lot):
    application = scene.a_complete_draft(lot, played.aliya)
    found = APPLICATION.findings("submit", application, played.aliya, declared=True)
    assert {f.code: f.severity for f in found if f.about == "organisation"} == {
        "return_absent": Severity.WARNING
    }
    AnnualReturn.objects.create(
        organisation=played.ngo,
        year=2019,
        sent_on=date(2020, 3, 31),
        state=AnnualReturn.State.APPROVED,
        evidence="№ 1",
    )
    found = APPLICATION.findings("submit", application, played.aliya, declared=True)
    assert [f for f in found if f.about == "organisation"] == []
    submit(application, actor=played.aliya, declared=True)


@pytest.mark.req("GR-A-16")
def test_only_head_and_deputy_hand_in(played, lot):
    application = scene.a_complete_draft(lot, played.aliya)
    for actor in (played.bolat, played.dana, played.gulnara):
        with pytest.raises(Refused) as refused:
            submit(application, actor=actor, declared=True)
        assert [f.code for f in refused.value.findings] == ["not_yours"]
    assert Receipt.objects.count() == 0


@pytest.mark.req("GR-A-12")
def test_a_second_application_for_the_topic_is_warned_of_and_taken(played, lot):
    scene.a_submitted(lot, played.aliya)
    second = scene.a_complete_draft(lot, played.aliya)
    found = APPLICATION.findings("submit", second, played.aliya, declared=True)
    assert {f.code for f in found if f.code == "second_application"} == {"second_application"}
    submit(second, actor=played.aliya, declared=True)
    assert Application.objects.filter(state=State.SUBMITTED).count() == 2


def test_pressing_twice_gives_one_receipt(played, lot):
    application = scene.a_complete_draft(lot, played.aliya)
    first = submit(application, actor=played.aliya, declared=True)
    again = submit(Application.objects.get(pk=application.pk), actor=played.aliya, declared=True)
    assert (first.pk, Receipt.objects.count()) == (again.pk, 1)


def test_whoever_presses_again_when_the_check_has_begun_since_the_answer_was_lost_finds_the_receipt(
    played, lot
):
    receipt = scene.a_submitted(lot, played.aliya)
    application = Application.objects.get(pk=receipt.application_id)
    Application.objects.filter(pk=application.pk).update(state=State.ADMITTED)
    assert submit(application, actor=played.aliya, declared=True) == receipt
    with pytest.raises(Refused, match="not_yours"):
        submit(application, actor=played.dana, declared=True)


@pytest.mark.req("GR-A-19")
def test_nothing_changes_after_submission_whoever_tries(played, lot):
    application = scene.a_submitted(lot, played.aliya).application
    part = application.parts.get(form="GRANT-A4")
    for actor in (played.aliya, played.bolat):
        with pytest.raises(Refused):
            draft.save(part, [Edit("basics/goal", 9, {"basics/goal": "x"})], actor=actor)
        with pytest.raises(Refused):
            draft.attach(application, scene.upload(), actor=actor, kind="other")
    part.data = {}
    with pytest.raises(Frozen):
        part.save()
    with pytest.raises(Frozen):
        part.delete()
    with pytest.raises(Frozen):
        ApplicationPart.objects.filter(pk=part.pk).update(data={})
    attachment = application.attachments.earliest("pk")
    with pytest.raises(Frozen):
        attachment.delete()
    with pytest.raises(Frozen):
        Attachment(application=application, kind="other", file=attachment.file).save()
    receipt = application.receipt
    for act in (receipt.save, receipt.delete):
        with pytest.raises(Frozen):
            act()


@pytest.mark.req("GR-A-19")
def test_withdrawn_before_the_deadline_and_handed_in_anew(played, lot, clock):
    old = scene.a_submitted(lot, played.aliya).application
    APPLICATION.take("withdraw", old, actor=played.aliya, reason="қате")
    new = draft.begin(lot, played.ngo, actor=played.aliya, source=old)
    assert new.parts.get(form="GRANT-A5").data == old.parts.get(form="GRANT-A5").data
    for kind in ("charter", "balance"):
        draft.attach(new, scene.upload(), actor=played.aliya, kind=kind)
    draft.describe(
        new,
        actor=played.aliya,
        title="Жаңа",
        language="kk",
        starts_on=date(2020, 7, 1),
        ends_on=date(2020, 11, 20),
    )
    receipt = submit(new, actor=played.aliya, declared=True)
    assert (old.state, receipt.position) == (State.WITHDRAWN, 2)

    clock.set(CLOSES + timedelta(seconds=1))
    with pytest.raises(Refused):
        APPLICATION.take("withdraw", new, actor=played.aliya)


def test_another_ngos_application_cannot_be_copied(played, lot):
    theirs = scene.a_complete_draft(lot, played.dana)
    mine = scene.a_draft(lot, played.aliya)
    with pytest.raises(PermissionDenied):
        draft.copy(theirs, mine, actor=played.aliya)


def test_profile_and_experience_are_copied_into_empty_parts_only(played, lot):
    old = scene.a_complete_draft(lot, played.aliya)
    new = scene.a_draft(lot, played.aliya)
    scene.write(new, "GRANT-A2", {"questionnaire/staff_total": 9}, played.aliya)
    assert draft.copy(old, new, actor=played.aliya, keys=draft.PROFILE) == ["capacity"]
    assert new.parts.get(form="GRANT-A3").data == old.parts.get(form="GRANT-A3").data
    assert new.parts.get(form="GRANT-A2").data["questionnaire"]["staff_total"] == 9


def test_the_duty_to_hand_in_ends_with_the_submission(played, lot):
    application = scene.a_complete_draft(lot, played.aliya)
    duty = Duty.objects.get(subject=f"grants.application:{application.pk}")
    assert (duty.bearer, duty.due_at, duty.done_at) == (
        f"organisation:{played.ngo.pk}",
        CLOSES,
        None,
    )
    submit(application, actor=played.aliya, declared=True)
    duty.refresh_from_db()
    assert duty.done_at is not None


# --- Paper -------------------------------------------------------------------------------------------


def deliver(played, lot, organisation, received_at, **facts):
    return register(
        lot, organisation, actor=played.gulnara, received_at=received_at, method="hand", **facts
    )


@pytest.mark.req("GR-A-05", "GR-A-15", "GR-A-24", "GR-X-06")
def test_what_reaches_the_desk_in_time_is_accepted_and_what_comes_later_is_not(played, lot, clock):
    clock.set(CLOSES + timedelta(hours=1))
    scans = [scene.upload("өтінім.pdf")]
    early = deliver(played, lot, played.ngo, CLOSES, title="Қағаз", scans=scans)
    late = deliver(played, lot, played.rival, CLOSES + timedelta(seconds=1), title="Кеш")
    assert (early.state, late.state) == (State.SUBMITTED, State.NOT_ACCEPTED)
    assert early.receipt.received_at == CLOSES
    assert [file["name"] for file in early.receipt.files] == ["өтінім.pdf"]
    assert (late.number, Receipt.objects.filter(application=late).exists()) == ("", False)


@pytest.mark.req("GR-X-06")
def test_paper_after_a_submission_here_belongs_to_it_and_the_first_receipt_counts(
    played, lot, clock
):
    receipt = scene.a_submitted(lot, played.aliya)
    clock.set(CLOSES + timedelta(hours=1))
    found = deliver(played, lot, played.ngo, CLOSES + timedelta(minutes=5), carrier="CD")
    assert found.pk == receipt.application_id
    assert (found.state, found.receipt.received_at) == (State.SUBMITTED, DURING)
    assert PaperDelivery.objects.get().carrier == "CD"


@pytest.mark.req("GR-A-05")
def test_a_delivery_in_time_is_still_registered_after_acceptance_was_closed(played, lot, clock):
    scene.a_submitted(lot, played.dana)
    clock.set(CLOSES + timedelta(hours=1))
    competition = lot.competition
    COMPETITION.take("close_acceptance", competition, actor=played.gulnara)
    found = deliver(played, lot, played.ngo, CLOSES - timedelta(minutes=1), title="Қағаз")
    listed = competition.panel.applicants.values_list("organisation", flat=True)
    assert (found.state, set(listed)) == (State.SUBMITTED, {played.ngo.pk, played.rival.pk})

    Panel.objects.filter(pk=competition.panel_id).update(state=Panel.State.FINAL)
    with pytest.raises(Refused) as refused:
        deliver(played, lot, played.ngo, CLOSES)
    assert [f.code for f in refused.value.findings] == ["desk_closed"]


@pytest.mark.req("GR-A-06")
def test_duties_of_drafts_move_with_the_end_of_acceptance_and_end_with_it(played, lot, clock):
    application = scene.a_draft(lot, played.aliya)
    later = CLOSES + timedelta(days=2)
    decision: dict[str, Any] = {
        "decided_on": date(2020, 5, 20),
        "number": "7",
        "reason": "Карантин",
    }
    COMPETITION.take(
        "extend", lot.competition, actor=played.gulnara, new_closes_at=later, **decision
    )
    duty = Duty.objects.get(subject=f"grants.application:{application.pk}")
    assert duty.due_at == later
    clock.set(later + timedelta(seconds=1))
    COMPETITION.take("close_acceptance", lot.competition, actor=played.gulnara)
    duty.refresh_from_db()
    assert duty.done_at is not None


def test_a_delivery_from_the_future_is_refused(played, lot):
    with pytest.raises(Refused) as refused:
        deliver(played, lot, played.ngo, DURING + timedelta(days=1))
    assert {f.code for f in refused.value.findings} == {"impossible_instant"}
    assert Application.objects.count() == 0


def test_only_the_operator_of_the_competition_registers_deliveries(played, lot):
    stranger = factories.a_member(factories.an_organisation("operator"), Role.HEAD)
    for actor in (played.aliya, stranger):
        with pytest.raises(PermissionDenied):
            register(lot, played.ngo, actor=actor, received_at=DURING, method="post")


# --- At the same time --------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_many_submitted_at_once_are_numbered_without_gap_or_double(played, lot):
    drafts = [scene.a_complete_draft(lot, actor) for actor in (played.aliya, played.dana) * 2]
    actors = [played.aliya, played.dana] * 2
    results = at_once(
        *(
            lambda one=one, actor=actor: submit(one, actor=actor, declared=True)
            for one, actor in zip(drafts, actors, strict=True)
        ),
        at=DURING,
    )
    assert sorted(receipt.position for receipt in results) == [1, 2, 3, 4]
    assert len({receipt.number for receipt in results}) == 4


@pytest.mark.django_db(transaction=True)
def test_one_application_submitted_twice_at_once_has_one_receipt(played, lot):
    application = scene.a_complete_draft(lot, played.aliya)

    def press():
        return submit(Application.objects.get(pk=application.pk), actor=played.aliya, declared=True)

    first, second = at_once(press, press, at=DURING)
    assert (first.pk, Receipt.objects.count()) == (second.pk, 1)


@pytest.mark.django_db(transaction=True)
def test_two_people_saving_at_once_lose_nothing(played, lot):
    application = scene.a_draft(lot, played.aliya)
    part = application.parts.get(form="GRANT-A4")

    def write(actor, path):
        mine = ApplicationPart.objects.get(pk=part.pk)
        return draft.save(mine, [Edit(path, 0, {path: "мәтін"})], actor=actor)

    at_once(
        lambda: write(played.aliya, "basics/goal"),
        lambda: write(played.bolat, "basics/tasks"),
        at=DURING,
    )
    part.refresh_from_db()
    assert (part.data["basics"], part.version) == ({"goal": "мәтін", "tasks": "мәтін"}, 2)


def test_a_failure_inside_leaves_no_half_submission(played, lot, monkeypatch):
    application = scene.a_complete_draft(lot, played.aliya)

    def broken(*args, **kwargs):
        raise OSError("the outbox is gone")

    monkeypatch.setattr("ortaq.core.letters.prepare", broken)
    with pytest.raises(OSError, match="outbox"), transaction.atomic():
        submit(application, actor=played.aliya, declared=True)
    application.refresh_from_db()
    assert (application.state, application.number, Receipt.objects.count()) == (State.DRAFT, "", 0)


def test_after_acceptance_is_closed_the_draft_is_kept_and_no_longer_changes(played, lot):
    application = scene.a_complete_draft(lot, played.aliya)
    Competition.objects.filter(pk=lot.competition_id).update(state=Competition.State.CHECKING)
    part = application.parts.get(form="GRANT-A4")
    with pytest.raises(Refused) as refused:
        draft.save(part, [Edit("basics/goal", 9, {"basics/goal": "x"})], actor=played.aliya)
    assert [f.code for f in refused.value.findings] == ["acceptance_over"]

"""The story, told to its end: every stage, every outcome, everything that it promises."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest
from django.db.models import F
from django.urls import reverse

from ortaq.core import clock, identifiers, journal
from ortaq.core.models import JournalEntry, Letter
from ortaq.demo import cast, loading, path, story, tours, travel
from ortaq.demo.models import Travel
from ortaq.demo.story import data, order, oversight, prizes, projects, returns
from ortaq.documents.writing.draft import Draft
from ortaq.gazette import keeping as gazette
from ortaq.gazette.models import Pending, Publication
from ortaq.grants.models import (
    AdmissibilityCheck,
    Application,
    Competition,
    Outcome,
    PlanVersion,
    TopicAmount,
)
from ortaq.oversight.models import (
    CorrectiveAction,
    Engagement,
    Evaluation,
    GovernmentInformation,
    MonitoringPlan,
    Nomination,
    Notice,
    PublicInformation,
    StatutoryReport,
    Visit,
)
from ortaq.oversight.procedure import annex8
from ortaq.people.models import Organisation, User
from ortaq.planning.models import Comment, Information, Specification
from ortaq.planning.models import Topic as PlannedTopic
from ortaq.prizes.models import Award, Decision
from ortaq.projects import tally
from ortaq.projects.models import Act, Change, Contract, Project, Report, SmallGrant
from ortaq.projects.procedure.act import ACT
from ortaq.registry.content import checks
from ortaq.registry.content.whole import Whole
from ortaq.registry.models import AnnualReturn, Expert, StandingFlag
from ortaq.review.models import Conflict, Dossier, MarkChange, Panel, ScoreSheet, Seat, TieDecision
from ortaq.tenders.models import Bid
from ortaq.tenders.models import Lot as TenderLot

# The whole story takes a thousand steps, each of which other tests take on both databases.
pytestmark = [
    pytest.mark.django_db,
    pytest.mark.once,
    pytest.mark.usefixtures("ended"),
]

OUTCOMES = {
    "1": "winner", "15": "winner", "16": "winner", "17": "winner", "18": "F3", "25": "winner",
    "29": "F5", "33": "F2", "48": "F4", "54": "F1", "57": "winner", "61": "winner",
}  # fmt: skip


@pytest.mark.req("GR-S-12", "GR-S-14", "GR-S-15")
def test_every_outcome_of_the_law_occurs():
    found = dict(Outcome.objects.values_list("lot__topic__number", "kind"))

    assert found == OUTCOMES
    assert not Outcome.objects.filter(published_at=None).exists()


def test_the_plan_is_the_real_one():
    version = PlanVersion.objects.get()

    assert (version.act_number, str(version.act_date), version.state) == (
        "72",
        "2020-02-27",
        "approved",
    )
    assert version.topics.count() == 75
    in_2020 = TopicAmount.objects.filter(topic__version=version, year=2020)
    assert sum(a.amount_tiyn for a in in_2020) == 1_131_260_000_00


@pytest.mark.req("GR-S-13")
def test_the_tie_is_exact_and_the_meeting_decided_it():
    tie = TieDecision.objects.get()
    lot = Outcome.objects.get(winner__dossier=tie.winner)

    scores = Dossier.objects.filter(application__lot=lot.lot)
    means = sorted(Fraction(dossier.points, dossier.sheets) for dossier in scores)
    assert means[-1] == means[-2] == 20
    assert tie.winner.organisation.bin == cast.bodies()["oqyrman"].bin
    change = MarkChange.objects.get()
    assert change.reason


@pytest.mark.req("GR-C-02", "GR-C-05", "GR-C-06", "GR-C-11", "GR-C-12")
def test_the_commission_keeps_the_shares_and_both_kinds_of_conflict_recuse():
    panel = Panel.objects.get(competition__isnull=False)
    present = panel.seats.filter(until=None, role=Seat.Role.MEMBER)

    assert (present.filter(side="operator").count(), present.count()) == (3, 10)
    assert Expert.objects.filter(state="registered").count() == 20
    origins = Conflict.objects.filter(panel=panel).values_list("origin", flat=True)
    assert sorted(origins) == ["declared", "detected"]
    for conflict in Conflict.objects.filter(panel=panel):
        recused = ScoreSheet.objects.filter(
            seat__person=conflict.person, dossier__organisation=conflict.organisation
        )
        assert not recused.exists()
    assert panel.seats.filter(role=Seat.Role.MEMBER).exclude(until=None).count() == 1


@pytest.mark.req("GR-A-04", "GR-A-19")
def test_applications_come_in_time_and_one_was_withdrawn_and_handed_in_anew():
    competition = Competition.objects.get()
    states = Application.objects.values_list("state", flat=True)

    assert sorted(set(states)) == [
        "awarded", "draft", "lot_failed", "not_awarded", "refused", "withdrawn",
    ]  # fmt: skip
    received = competition.receipts.values_list("received_at", flat=True)
    assert max(received) <= clock.at(date(2020, 6, 3), 18) == competition.closes_at
    numbers = list(competition.receipts.order_by("position").values_list("position", flat=True))
    assert numbers == list(range(1, len(numbers) + 1))
    again = Application.objects.filter(organisation__bin=cast.bodies()["taza"].bin)
    assert sorted(again.values_list("state", flat=True)) == ["awarded", "withdrawn"]


@pytest.mark.req("GR-A-24", "GR-A-25")
def test_every_refusal_has_evidence_in_the_records():
    failed = AdmissibilityCheck.objects.filter(result="failed")

    assert set(failed.values_list("ground", flat=True)) == {"R1", "R3", "R4"}
    by_records = failed.filter(item__in=["database", "standing"])
    assert by_records.count() == 3
    # What the officer writes is what the records themselves propose.
    assert not by_records.filter(evidence="").exists()


@pytest.mark.req("GR-K-01", "GR-K-04")
def test_every_winner_has_a_signed_contract():
    granted = Contract.objects.filter(instrument=Contract.Instrument.GRANT)
    assert granted.count() == 7
    assert set(granted.values_list("state", flat=True)) == {"signed"}
    assert not granted.filter(approvals__agreed=None).exists()


def test_everybody_has_valid_numbers_and_invented_addresses():
    for user in User.objects.all():
        identifiers.validate_iin(user.iin)
        assert user.email.endswith("example.kz")
        assert user.phone.startswith("+7 700 000 00 ")
    for organisation in Organisation.objects.all():
        identifiers.validate_bin(organisation.bin)
    regions = Organisation.objects.filter(kind="ngo").values_list("region_code", flat=True)
    assert (len(regions), len(set(regions))) == (40, 17)


def test_the_journal_holds_together_and_time_never_ran_backwards():
    assert journal.verify() == []
    instants = list(JournalEntry.objects.order_by("id").values_list("at", flat=True))
    assert instants == sorted(instants)


def test_what_experts_write_fits_the_points_they_give():
    from ortaq.review import scoring

    for sheet in ScoreSheet.objects.select_related("dossier__panel"):
        rubric = scoring.rubric_of(sheet.dossier.panel)
        changed = sheet.changes.exists()  # at the meeting, where nobody ticks
        assert changed or scoring.deviations(rubric, sheet.marks) == []


def test_the_data_names_nobody_who_is_not_there():
    assert {entry.ngo for entry in data.entries()} <= set(cast.bodies())
    assert {row["by"] for row in cast.experts()} - {""} <= set(cast.bodies())
    assert {guide.key for guide in cast.GUIDES} <= set(cast.people())
    assert len({person.email for person in cast.people().values()}) == len(cast.people())


def test_letters_on_the_outcome_have_left():
    assert Letter.objects.filter(kind="outcome").exists()
    assert not Letter.objects.exclude(state="sent").exists()


def test_loading_again_changes_nothing(settings):
    settings.DEMO = True
    before = (loading.numbers(), JournalEntry.objects.count(), Travel.objects.get().seconds)

    assert loading.load("announced") is False

    after = (loading.numbers(), JournalEntry.objects.count(), Travel.objects.get().seconds)
    assert after == before


def test_nothing_is_left_to_tell():
    assert Travel.objects.get().beats == len(story.beats())
    with clock.frozen(list(story.STAGES.values())[-1]):
        assert travel.stages_ahead() == []
        stop = travel.next_stop()
        assert stop is None or stop.title  # only what somebody still owes, no event of the story


def test_the_guide_shows_the_part_of_the_path_in_which_the_clock_stands(demo, client):
    assert {part.onward for part in path.PARTS} <= {"", *story.STAGES}
    page = client.get(reverse("demo:guide")).content.decode()
    assert str(path.PARTS[-1].legs[0].text) in page


def test_every_step_of_every_tour_leads_at_its_stage_to_a_page_of_its_person(walked):
    steps = {(tour.key, step.number): step for tour in tours.TOURS for step in tour.steps}

    assert walked.keys() == steps.keys()
    wrong = {
        key: (status, str(user), address)
        for key, (status, user, address) in walked.items()
        if (status, user) != (200, cast.user(steps[key].leg.key)) or "/demo/" in address
    }
    assert wrong == {}


def test_whoever_looks_after_the_installation_belongs_to_nobody_and_opens_no_papers():
    (staff,) = User.objects.filter(is_staff=True)
    assert staff == cast.user("serik")
    assert not staff.memberships.exists()


# --- The social order ------------------------------------------------------------------------------------


@pytest.mark.req("SO-X-19", "SO-18-01", "SO-18-02")
def test_a_list_under_the_rules_of_2018_and_one_under_those_of_2022_stand_side_by_side():
    ministry, akimat = order.found.formation("ministry"), order.found.formation("akimat")

    assert (ministry.edition, akimat.edition) == ("2018", "2022")
    instants = [ministry.published_at, akimat.published_at, ministry.closes_at, akimat.closes_at]
    assert instants == sorted(at for at in instants if at)
    assert (ministry.state, akimat.state) == ("listed", "budgeted")
    fields = akimat.topics.values_list("field", flat=True)
    assert len(set(fields)) == akimat.topics.count() == 7


@pytest.mark.req("SO-F-08", "SO-F-09")
def test_all_sides_comment_an_insult_is_hidden_and_what_is_late_is_not_considered():
    comments = Comment.objects.filter(formation=order.found.formation("akimat"))

    authors = {(row.organisation_id is not None, row.author_id is not None) for row in comments}
    assert authors == {(True, True), (False, True), (False, False)}
    hidden = comments.get(hidden_at__isnull=False)
    assert (hidden.state, hidden.decision) == ("received", "declined")
    late = comments.get(state=Comment.State.LATE)
    assert (late.number, late.decision) == (None, "")
    assert not comments.filter(state="received", decision="").exists()


@pytest.mark.req("SO-F-18", "SO-F-21", "SO-T-058")
def test_the_council_leaves_one_topic_off_and_the_budget_gives_another_less():
    dropped = PlannedTopic.objects.get(state=PlannedTopic.State.DROPPED)
    assert dropped.recommendations.get().verdict == "exclude"
    (less,) = [
        t for t in order.found.topics("akimat") if (t.approved_tiyn or 0) not in (0, t.planned_tiyn)
    ]
    states = less.specifications.order_by("number").values_list("state", "sum_tiyn")
    assert list(states) == [
        (Specification.State.SUPERSEDED, 6_000_000 * order.data.TENGE),
        (Specification.State.APPROVED, 5_000_000 * order.data.TENGE),
    ]
    issues = Information.objects.values_list("issue", flat=True)
    assert sorted(issues) == ["after_budget", "before_budget"]


@pytest.mark.req("SO-T-084", "SO-T-093", "SO-T-096", "SO-T-098", "SO-T-099", "GAP-T-08")
def test_every_boundary_case_of_the_tender_occurs():
    winners = ["aqqu", "shapagat", "bilim", "taza", "saulet", "ormanshy"]

    for lot, winner in zip(order.found.lots(), winners, strict=True):
        assert lot.result == TenderLot.Result.WINNER
        assert Bid.objects.get(lot=lot, place=1).organisation == cast.body(winner)
    told = {(offer.lot, cast.bodies()[offer.ngo].bin): offer for offer in order.data.offers()}
    for bid in Bid.objects.select_related("lot", "organisation"):
        assert bid.scores == told[bid.lot.position, bid.organisation.bin].scores
    out = Bid.objects.filter(state=Bid.State.NOT_ADMITTED).order_by("lot__position", "id")
    assert [row.findings[0]["code"] for row in out] == [
        "dumping",
        "not_admitted",
        "dumping",
    ]
    orders = Contract.objects.filter(order__isnull=False)
    assert [(one.state, one.advance_tiyn * 10 == one.sum_tiyn * 3) for one in orders] == [
        ("signed", True)
    ] * 6
    assert order.found.tender().state == "ended"


# --- The projects ----------------------------------------------------------------------------------------


def room(ngo, instrument=Contract.Instrument.GRANT):
    return projects.found.project(ngo, instrument)


@pytest.mark.req("IM-036", "GR-I-16")
def test_projects_are_in_all_conditions():
    states = {ngo: room(ngo).state for ngo in ("oqyrman", "aqqu", "auyl", "bilim")}
    assert states == {
        "oqyrman": "closed", "aqqu": "accepted", "auyl": "accepted", "bilim": "running",
    }  # fmt: skip
    late = room("bilim").event_set.filter(state="planned", ends_at__lt=clock.at(date(2020, 10, 1)))
    assert late.count() == 2
    assert room("bilim").trouble == Project.Trouble.DEEP
    overspent = room("saulet").expenses.exclude(warned=[]).get()
    assert (overspent.state, bool(overspent.reason)) == ("refused", True)
    few = room("taza").event_set.filter(state="held")
    assert all(2 * e.attended < e.expected_participants and e.deviation for e in few)
    returned = Report.objects.get(project=room("auyl"), kind=Report.Kind.FINAL_CREATIVE)
    assert (returned.round, returned.state) == (2, "accepted")
    assert returned.remarks.get().answer


@pytest.mark.req("GR-P-13", "GR-I-13", "GR-X-12")
def test_two_ngos_give_small_grants_one_of_them_with_consent_to_other_sums():
    rural, volunteers = (projects.small_grants.competition(ngo) for ngo in ("auyl", "saulet"))

    assert {rural.state, volunteers.state} == {"decided"}
    given = rural.grants.filter(state="proved")
    assert given.count() == rural.limits["minimum"] == 10
    assert given.exclude(consented_tiyn=None).count() == 2
    assert not given.exclude(expense__sum_tiyn=F("given_tiyn")).exists()
    applicants = set(SmallGrant.objects.values_list("applicant", flat=True))
    assert applicants == {"citizen", "group", "ngo"}
    came_back = volunteers.grants.get(state="returned")
    assert 0 < came_back.returned_tiyn < came_back.given_tiyn
    assert volunteers.grants.filter(state="refused").get().reason


@pytest.mark.req("IM-041")
def test_changes_are_approved_refused_and_returned():
    changes = list(Change.objects.select_related("project").order_by("id"))

    assert len(changes) == len(projects.changes.told())
    assert {one.state for one in changes} == {"approved", "refused"}
    assert all(one.remark for one in changes if one.state == "refused")
    steps = [[entry.step for entry in journal.history(one)] for one in changes]
    assert ["begin", "ask", "return", "ask", "approve"] in steps
    assert room("auyl").contract.team.filter(until__isnull=False).count() == 1


@pytest.mark.req("IM-038", "ST-S-28")
def test_a_civic_centre_and_an_ngo_keep_journals_of_consultations():
    centre = room("ertis")
    assert centre.is_civic_centre
    assert centre.centre.working_hours
    assert centre.consultations.count() == 7
    assert centre.consultations.exclude(followed_on=None).count() == 6
    # Who came twice is one consumer; a line written twice is struck out and stays.
    assert centre.consultations.values("consumer").distinct().count() == 6
    assert room("aqqu").consultations.exclude(struck="").count() == 1


@pytest.mark.req("IM-037", "IM-039")
def test_people_come_to_several_events_and_count_once():
    aqqu = room("aqqu")
    assert 0 < aqqu.covered < aqqu.attendances
    assert list(tally.drifts()) == []
    addresses = aqqu.consumers.values_list("contact", flat=True)
    assert all(one.endswith("@example.kz") for one in addresses)


# --- Oversight ---------------------------------------------------------------------------------------------


@pytest.mark.req("SO-M-09", "SO-M-10", "SO-M-12", "SO-M-14")
def test_experts_monitor_above_the_threshold_and_officers_at_it():
    plans = {plan.project.contract.grantee.bin: plan for plan in MonitoringPlan.objects.all()}
    at_it = plans[cast.bodies()["qostanai"].bin]

    assert (at_it.way, at_it.amount_tiyn) == ("own", at_it.threshold_tiyn)
    assert plans[cast.bodies()["aqqu"].bin].way == "independent_expert"
    barred = Notice.objects.get(role=Notice.Role.EXPERT, conflict=True)
    states = Engagement.objects.filter(project=barred.project).order_by("id")
    assert [one.state for one in states] == ["ended", "active"]
    assert oversight.found.plan("saulet").state == "draft"


@pytest.mark.req("SO-M-02", "SO-M-07", "SO-M-15")
def test_visits_are_reported_and_what_they_found_is_mended_but_for_two_late_actions():
    visits = Visit.objects.all()
    assert {one.state for one in visits} == {"reported", "planned"}
    assert {tool for one in visits if one.content for tool in one.tools} == {
        "indicators", "mystery_shopper", "survey", "documents", "networks",
    }  # fmt: skip
    actions = CorrectiveAction.objects.all()
    assert sorted(one.state for one in actions) == ["confirmed", "confirmed", "open", "open"]
    late = actions.filter(state="open", due_on__lt=clock.day_of(story.STAGES["monitored"]))
    assert late.count() == 2


@pytest.mark.req("SO-E-18", "SO-E-19", "SO-E-20", "SO-E-21")
def test_one_act_is_signed_one_waits_for_the_report_to_be_posted_one_project_is_being_scored():
    states = {ngo: oversight.found.evaluation(ngo).state for ngo in ("aqqu", "shapagat", "bilim")}
    assert states == {"aqqu": "posted", "shapagat": "formed", "bilim": "scoring"}
    acts = {act.project.contract.grantee.bin: act for act in Act.objects.all()}
    signed, waits = (acts[cast.bodies()[ngo].bin] for ngo in ("aqqu", "shapagat"))
    assert (signed.state, signed.project.state) == ("signed", "closed")
    refusal = ACT.findings("customer", waits, cast.actor("saule"))
    assert [one.code for one in refusal] == ["evaluation_not_posted"]
    totals = Evaluation.objects.exclude(content=None).values_list("content__total", flat=True)
    assert list(totals) == [17, 17]
    remembered = Conflict.objects.get(panel=annex8.panel_of(oversight.found.evaluation("aqqu")))
    assert remembered.person == cast.user("e06")
    stepped_down = Notice.objects.get(role=Notice.Role.MEMBER, conflict=True)
    own = ScoreSheet.objects.filter(
        seat__person=stepped_down.person, dossier__evaluation__project=stepped_down.project
    )
    assert not own.exists()


@pytest.mark.req("SO-E-07", "SO-E-09")
def test_the_council_chose_among_those_who_put_themselves_forward():
    council = oversight.found.council()
    assert (council.state, council.formed_alone) == ("in_office", False)
    declined = council.nominations.exclude(state=Nomination.State.CHOSEN).get()
    assert declined.person == cast.user("madina")
    assert declined.reason


@pytest.mark.req("SO-R-01", "SO-R-02", "SO-M-17")
def test_three_bodies_report_one_of_them_late_and_one_is_sent_back():
    rows = StatutoryReport.objects.order_by("body")
    year = {one.body.bin: one for one in rows.filter(period="year")}
    bodies = {key: year[cast.bodies()[key].bin] for key in ("akimat", "tobyl", "syr")}

    assert {key: one.state for key, one in bodies.items()} == {
        "akimat": "accepted", "tobyl": "returned", "syr": "draft",
    }  # fmt: skip
    assert bodies["syr"].due_at == clock.end_of(date(2024, 2, 5)) < story.STAGES["evaluated"]
    late = rows.filter(period="half_year", first_submitted_at__gt=F("due_at"))
    assert [one.body.bin for one in late] == [cast.bodies()["syr"].bin]
    frozen = bodies["akimat"].submissions.get().content
    scored = [row for part in frozen["sections"] for row in part["rows"] if row["score"]]
    assert len(scored) == 2
    assert GovernmentInformation.objects.get().state == "draft"
    assert oversight.found.project("aqqu").lessons.exclude(used_in=None).exists()
    posted = [row for row in PublicInformation.objects.get().content["rows"] if row["score"]]
    assert len(posted) == 1


# --- The prize -------------------------------------------------------------------------------------------


@pytest.mark.req("PR-026", "PR-033", "PR-036", "PR-038", "PR-040")
def test_two_ngos_share_a_prize_one_direction_gets_none_and_one_diploma_waits():
    prize = prizes.found()
    decisions = {one.direction.field: one for one in Decision.objects.select_related("direction")}
    shares = Award.objects.filter(direction__field="vulnerable_groups").values_list("share_tiyn")

    assert (prize.state, prize.applications.count()) == ("published", 8)
    assert list(shares) == [(400_000_000,)] * 2
    assert decisions["vulnerable_groups"].remainder_tiyn == 1
    assert not Award.objects.filter(direction__field="historical_cultural_heritage").exists()
    assert Award.objects.get(diploma_on=None).diploma_number
    assert not Award.objects.filter(paid_on=None).exists()
    conflict = Conflict.objects.get(panel=prize.panel)
    assert (conflict.person, conflict.origin) == (cast.user("e03"), "declared")
    assert prize.applications.get(way="post").state == "awarded"


# --- Annual returns and the standing watch -----------------------------------------------------------------


@pytest.mark.req("NG-011", "NG-013", "NG-022", "NG-024", "NG-028")
def test_returns_are_filled_in_without_a_gap_one_came_back_one_is_late_one_came_on_paper():
    for told in returns.told()["filed"]:
        row = AnnualReturn.objects.get(organisation=cast.body(told["ngo"]), year=told["year"])
        content = row.versions.order_by("number").reverse()[0].content["sections"]
        assert row.state == "approved"
        assert checks.everything(Whole(row, Draft(dict(content)))) == []
        if (told["ngo"], told["year"]) in {("aqqu", 2020), ("aqqu", 2023)}:
            (held,) = content["projects"][-1:]
            assert held["id"].startswith("~kcontract-")
            assert content["founders"]  # from the return before
    on_2019 = {
        one.organisation.bin: (str(one.sent_on), one.way, one.versions.count())
        for one in AnnualReturn.objects.filter(year=2019, versions__isnull=False).distinct()
    }
    assert on_2019 == {
        cast.bodies()["aqqu"].bin: ("2020-02-14", "portal", 1),
        cast.bodies()["meirim"].bin: ("2020-03-06", "portal", 2),
        cast.bodies()["altai"].bin: ("2020-03-27", "paper", 1),
        cast.bodies()["ruh"].bin: ("2020-04-17", "portal", 1),
    }


def test_an_ngo_in_liquidation_is_flagged_for_the_bodies_in_charge_and_they_have_to_decide():
    flags = StandingFlag.objects.filter(organisation=cast.body("bilim"), state="open")

    assert set(flags.values_list("standing__kind", flat=True)) == {"liquidation"}
    assert {flag.body.bin for flag in flags} >= {
        cast.bodies()[key].bin for key in ("operator", "akimat")
    }


@pytest.mark.req("SO-G-07")
def test_following_the_journal_tells_all_that_everything_written_anew_would_tell():
    """After each event the gazette was told; no source forgot a subject that changes what it tells."""
    assert not Pending.objects.exists()
    told = set(Publication.objects.values_list("kind", flat=True))
    # Awards of past years are read in from tables of the state, which the story does not do.
    assert told == set(Publication.Kind) - {Publication.Kind.PAST, Publication.Kind.PROJECT}
    assert gazette.write_all() == 0

"""Pages of the evaluation: nothing before the notice, points after completion, the report saved while typed, the public page last."""

from __future__ import annotations

import uuid
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from ortaq import law
from ortaq.core import clock as house
from ortaq.core.keys import organisation
from ortaq.core.models import Duty, Letter
from ortaq.core.procedure import Refused
from ortaq.oversight.models import Evaluation, EvaluationComment, Notice, Visit
from ortaq.oversight.procedure import annex8, discovery, discussion, evaluation
from ortaq.oversight.procedure.evaluation import EVALUATION
from ortaq.oversight.procedure.notice import QUESTIONS
from ortaq.people.actor import actor_for
from ortaq.people.models import User
from ortaq.projects.models import Project, Report, Submission
from ortaq.projects.procedure import schedule
from ortaq.projects.reporting.content import assemble, mark_of
from ortaq.projects.tests import scenes as projects
from ortaq.registry.models import Affiliation
from ortaq.review.models import Conflict

from .scenes import (
    NOW,
    YEAR,
    Cast,
    an_expert,
    answers,
    begun,
    completed,
    evaluated,
    in_office,
    order,
    ordered,
    sign_sheet,
    written,
)
from .test_followup import reported

pytestmark = pytest.mark.django_db
State = Evaluation.State
DECEMBER = house.at(date(YEAR, 12, 1), 10)
LINK = "https://goszakup.example.kz/reports/1"
CLEAN = dict.fromkeys(QUESTIONS, "no") | {"conflict": "no_conflict"}


@pytest.fixture
def cast(clock) -> Cast:
    clock.set(NOW)
    made = ordered()
    clock.set(DECEMBER)
    return made


@pytest.fixture
def page(client):
    def get(actor, name, *args, by_script=False, **data):
        client.logout()
        if actor is not None:
            client.force_login(actor.user)
        headers = {"HX-Request": "true"} if by_script else {}
        address = name if name.startswith("/") else reverse(f"oversight:{name}", args=args)
        if data:
            return client.post(address, data, headers=headers)
        return client.get(address, headers=headers)

    return get


def under_2018(found: Evaluation) -> Evaluation:
    """The same evaluation under the edition of 2018, with its five criteria on the sheet."""
    panel = annex8.panel_of(found)
    sheet = panel.dossiers.get().score_sheets.get()
    keys = law.edition("rules_social_order", "2018").rubric("evaluation").keys
    mark = {"points": 4, "ticks": [], "fully": False, "comment": "Түсініктеме"}
    type(sheet).objects.filter(pk=sheet.pk).update(marks=dict.fromkeys(keys, mark), total=20)
    type(panel).objects.filter(pk=panel.pk).update(edition="2018")
    Evaluation.objects.filter(pk=found.pk).update(edition="2018")
    return Evaluation.objects.get(pk=found.pk)


def opened(cast: Cast, *members: object) -> Evaluation:
    council = in_office(cast, *members)  # type: ignore[arg-type]
    return evaluation.open_evaluation(completed(cast), council, actor=cast.saule)


@pytest.mark.req("SO-E-03", "SO-E-11", "SO-E-12")
def test_from_the_duty_to_evaluate_to_a_sheet_beside_the_reports(cast, page):
    in_office(cast, cast.erlan)
    project = completed(cast)
    owed = Duty.objects.get(code="evaluate", done_at=None)
    assert owed.bearer == organisation(cast.akimat.pk)
    assert "бағалануға тиіс" in page(cast.saule, "evaluations").content.decode()

    assert page(cast.saule, owed.address).status_code == 200
    assert page(cast.saule, owed.address, x="1").status_code == 302
    found = Evaluation.objects.get(project=project)
    assert not Duty.objects.filter(code="evaluate", done_at=None).exists()
    assert Letter.objects.get(kind="evaluation_opened").recipient == cast.erlan.user
    content = ("evaluation_content", found.pk)
    assert page(cast.erlan, "evaluation", found.pk).status_code == 200
    assert page(cast.erlan, *content).status_code == 404

    wrong = page(cast.erlan, "evaluation", found.pk, **CLEAN | {"close_kinship": "yes"})
    assert wrong.status_code == 422
    assert page(cast.erlan, "evaluation", found.pk, **CLEAN).status_code == 302
    assert page(cast.erlan, *content).status_code == 200
    sheet = page(cast.erlan, reverse("review:dossier", args=[found.dossier_id]))
    assert reverse("oversight:evaluation_content", args=[found.pk]) in sheet.content.decode()
    paper = ("evaluation_notice", found.pk, Notice.objects.get().pk, "kk", "docx")
    assert [page(one, *paper).status_code for one in (cast.erlan, cast.saule)] == [200] * 2
    assert [page(one, *paper).status_code for one in (cast.aliya, cast.kanat)] == [404] * 2


@pytest.mark.req("SO-E-12", "SO-E-11")
def test_what_it_rests_on_stands_beside_the_sheet_and_only_past_the_gate(clock, page):
    clock.set(NOW)
    cast = begun()
    clock.set(house.at(date(YEAR, 5, 15), 11))
    visit = reported(Visit.objects.get(state=Visit.State.STARTED), cast)
    creative = accepted(cast)
    clock.set(DECEMBER)
    unsigned = an_expert("Асанова", "Айжан")
    found = opened(cast, cast.erlan, unsigned)
    evaluation.give_notice(found, conflict=False, answers=answers(), actor=cast.erlan)

    beside = page(cast.erlan, "evaluation_content", found.pk, by_script=True).content.decode()
    assert "<html" not in beside
    papers = [
        ("evaluation_visit_shown", found.pk, visit.pk),
        ("evaluation_report_shown", found.pk, creative.pk),
    ]
    for paper in papers:
        assert reverse(f"oversight:{paper[0]}", args=paper[1:]) in beside
        assert 'class="paper' in page(cast.erlan, *paper).content.decode()
        assert page(cast.saule, *paper).status_code == 200
        for stranger in (unsigned, cast.aliya, cast.kanat):
            assert page(stranger, *paper).status_code == 404
    financial = Report.objects.get(kind=Report.Kind.INTERIM_FINANCIAL)
    assert page(cast.erlan, "evaluation_report_shown", found.pk, financial.pk).status_code == 404


def accepted(cast: Cast) -> Report:
    """An interim creative report with its financial one, both as if submitted and accepted; how that goes is told in `projects`."""
    made = schedule.make(cast.project, final=False, actor=cast.aliya)
    for row in Report.objects.select_related("project__contract").filter(project=cast.project):
        Submission.objects.create(
            report=row, round=1, content=assemble(row).content, submitted_at=house.now()
        )
    Report.objects.update(state=Report.State.ACCEPTED, round=1)
    return made


@pytest.mark.req("SO-E-11", "SO-E-20")
def test_strangers_find_nothing_and_the_ngo_only_what_is_posted(cast, page):
    found = written(evaluated(cast, (5, 4, 3, 4)), cast)
    body = [
        ("evaluation", found.pk),
        ("evaluation_content", found.pk),
        ("evaluation_report", found.pk),
        ("evaluation_paper", found.pk, "kk", "docx"),
        ("project_evaluation", cast.project.pk),
    ]
    for stranger in (cast.aliya, cast.dana, cast.kanat, cast.nurbol, cast.erlan):
        assert {page(stranger, *one).status_code for one in body} == {404}
    public = ("public_evaluation", found.pk)
    assert page(None, *public).status_code == 404
    EVALUATION.take("form", found, actor=cast.saule, version=found.version)
    assert page(None, *public).status_code == 404
    assert (
        page(cast.saule, "evaluation_step", found.pk, "post", portal_link=LINK).status_code == 302
    )

    assert cast.aliya.user in [
        one.recipient for one in Letter.objects.filter(kind="evaluation_posted")
    ]
    shown = page(None, *public).content.decode()
    assert LINK in shown
    assert f"?page=oversight.evaluation%3A{found.pk}" in shown  # it can be followed
    assert "критерийлер бойынша орташа мәндердің қосындысы" in shown
    assert "Мүше" not in shown
    assert page(None, "public_evaluation_paper", found.pk, "ru", "docx").status_code == 200
    assert str(found.pk) in page(None, "public_evaluations").content.decode()


@pytest.mark.req("SO-E-18")
def test_the_body_sees_who_has_signed_and_points_only_when_it_completes(cast, page):
    signs, waits = cast.erlan, an_expert("Асанова", "Айжан")
    found = opened(cast, signs, waits)
    evaluation.give_notice(found, conflict=False, answers=answers(), actor=signs)
    sign_sheet(found, signs, (5, 2, 5, 5))
    before = page(cast.saule, "evaluation", found.pk).content.decode()
    assert "парағына қол қойылды" in before
    assert "score-grid" not in before

    assert page(cast.saule, "evaluation_step", found.pk, "complete", remark="").status_code == 409
    page(cast.saule, "evaluation_step", found.pk, "complete", remark="Ауырып қалды")
    after = page(cast.saule, "evaluation", found.pk).content.decode()
    assert "score-grid" in after
    sheet = annex8.panel_of(found).dossiers.get().score_sheets.get()
    paper = ("evaluation_sheet", found.pk, sheet.pk, "kk", "docx")
    assert page(cast.saule, *paper).status_code == 200
    assert page(signs, *paper).status_code == 404
    own = reverse("review:sheet_paper", args=[found.dossier_id, "ru", "docx"])
    assert page(signs, own).status_code == 200
    assert page(signs, reverse("review:dossier", args=[found.dossier_id])).status_code == 200


@pytest.mark.req("SO-E-19", "SO-E-22")
def test_the_report_saves_itself_and_two_officers_see_each_other(cast, page):
    found = evaluated(cast, (5, 4, 3, 4))
    at = ("evaluation_report", found.pk)
    first = annex8.rubric_of(found).keys[0]
    kk, ru = f"{first}_kk", f"{first}_ru"
    blank = {f"v:{name}": str(mark_of("")) for name in (kk, ru)}
    assert (
        page(cast.saule, *at, by_script=True, **blank | {kk: "Кесте сақталды"}).status_code == 200
    )
    both = blank | {kk: "Басқаша", ru: "График"}
    clash = page(cast.marat, *at, by_script=True, **both)
    assert clash.status_code == 409
    assert "Кесте сақталды" in clash.content.decode()
    whole = page(cast.marat, *at, **both)
    assert whole.status_code == 409
    assert "Басқаша" in whole.content.decode()
    found.refresh_from_db()
    assert found.remarks[first] == {"kk": "Кесте сақталды", "ru": "График"}
    chosen = both | {f"keep-{kk}": "mine", "do": "save"}
    assert page(cast.marat, *at, **chosen).status_code == 302
    found.refresh_from_db()
    assert found.remarks[first]["kk"] == "Басқаша"


@pytest.mark.req("SO-18-09")
def test_the_public_discusses_the_report_of_2018_and_late_comments_are_kept(cast, page, clock):
    found = under_2018(evaluated(cast, (5, 4, 3, 4)))
    public = ("public_evaluation", found.pk)
    sent = {"once": str(uuid.uuid4()), "author": "Айгүл", "text": "Қамту аз", "website": ""}
    assert page(None, *public, **sent).status_code == 404
    written(found, cast)
    EVALUATION.take("discuss", found, actor=cast.saule, version=found.version)
    for _twice in range(2):
        assert page(None, *public, **sent).status_code == 302
    trap = sent | {"once": str(uuid.uuid4()), "website": "x"}
    assert page(None, *public, **trap).status_code == 302
    assert page(None, *public, **sent | {"text": ""}).status_code == 422
    assert EvaluationComment.objects.count() == 1
    assert "Айгүл" not in page(None, *public).content.decode()

    assert found.discussion_until is not None
    clock.set(found.discussion_until + timedelta(seconds=1))
    page(None, *public, **sent | {"once": str(uuid.uuid4()), "text": "Кеш"})
    in_time, late = EvaluationComment.objects.order_by("id")
    assert late.late
    assert not in_time.late
    with pytest.raises(Refused) as refused:
        EVALUATION.take("form", found, actor=cast.saule)
    assert refused.value.has("comments_open")
    decide = ("evaluation_comment_decide", found.pk, in_time.pk)
    assert page(cast.saule, *decide, accepted="no", reason="").status_code == 422
    assert page(cast.kanat, *decide, accepted="no", reason="Жоқ").status_code == 404
    assert page(cast.saule, *decide, accepted="no", reason="Жоспарға сай").status_code == 302
    with pytest.raises(Refused):
        discussion.decide(late, accepted=True, reason="Иә", actor=cast.saule)

    EVALUATION.take("form", found, actor=cast.saule)
    assert found.content is not None
    assert found.content["discussion"] == {"received": 1, "late": 1, "accepted": 0, "refused": 1}
    # One working day for the report on the discussion.
    assert Duty.objects.get(code="post_evaluation").due_at == found.report_due_at
    assert "Жоспарға сай" in page(None, *public).content.decode()


@pytest.mark.req("SO-X-12")
def test_a_conflict_known_only_after_the_report_is_marked_and_the_authorised_body_told(
    cast, page, clock
):
    found = written(evaluated(cast, (5, 5, 5, 5), (3, 3, 3, 3)), cast)
    member = annex8.panel_of(found).seats.earliest("id").person
    EVALUATION.take("form", found, actor=cast.saule)
    before = found.content
    clock.set(DECEMBER + timedelta(days=1))
    sent = {"explanation": "Төлем алғанмын"}
    assert page(actor_for(member), "evaluation_conflict", found.pk, **sent).status_code == 302
    assert page(cast.aliya, "evaluation_conflict", found.pk, **sent).status_code == 404
    found.refresh_from_db()
    assert found.content == before
    assert Conflict.objects.get(panel=annex8.panel_of(found)).person == member
    assert Letter.objects.get(kind="evaluation_conflict").recipient == cast.nurbol.user
    assert (
        "есеп қалыптастырылғаннан кейін"
        in page(cast.saule, "evaluation", found.pk).content.decode()
    )


@pytest.mark.req("SO-X-12")
def test_a_tie_found_before_the_report_takes_the_sheet_out_and_the_last_one_reopens(cast):
    found = written(evaluated(cast, (5, 5, 5, 5), (3, 3, 3, 3)), cast)
    people = [seat.person for seat in annex8.panel_of(found).seats.order_by("id")]

    def tie(person: User) -> None:
        Affiliation.objects.create(
            person=person,
            organisation=cast.ngo,
            kind=Affiliation.Kind.FOUNDER,
            source="жарғы",
        )

    tie(people[0])
    assert annex8.results(found)["total"] == 12
    with pytest.raises(Refused):
        evaluation.reopen(found, actor=cast.saule)
    tie(people[1])
    with pytest.raises(Refused) as refused:
        EVALUATION.take("form", found, actor=cast.saule)
    assert refused.value.has("no_sheets_left")
    evaluation.reopen(found, actor=cast.saule)
    assert found.state == State.SCORING
    in_office_later(cast, found)
    assert evaluation.join(found, actor=cast.saule) == [cast.erlan.user]


def in_office_later(cast: Cast, found: Evaluation) -> None:
    """Erlan comes to the council after the evaluation was opened."""
    assert cast.erlan.user is not None
    found.council.nominations.create(
        person=cast.erlan.user,
        experience="Он жыл",
        state="chosen",
        put_forward_at=NOW,
        since=date(YEAR, 1, 10),
    )


def test_pages_ask_the_database_as_often_for_many_as_for_one(cast, page):
    def asked(*where) -> int:
        page(cast.saule, *where)
        with CaptureQueriesContext(connection) as seen:
            assert page(cast.saule, *where).status_code == 200
        return len(seen)

    found = evaluated(cast, (5, 4, 3, 4))
    lists = [("evaluations",), ("evaluation", found.pk), ("evaluation_report", found.pk)]
    one = [asked(*where) for where in lists]
    for number in ("16", "17"):
        made = order(projects.cast(), cast.akimat, number, source=f"award:{number}")
        Project.objects.filter(pk=made.pk).update(state=Project.State.ACCEPTED)
    more = Evaluation.objects.get(pk=found.pk)
    panel = annex8.panel_of(more)
    sheet = panel.dossiers.get().score_sheets.get()
    for surname in ("Алтыншы", "Жетінші", "Сегізінші"):
        another = an_expert(surname, "Мүше").user
        assert another is not None
        seat = panel.seats.create(person=another, since=NOW, signed=1, dossiers=1)
        sheet.pk, sheet.seat = None, seat
        sheet.save(force_insert=True)
    assert [asked(*where) for where in lists] == one


def test_discovery_is_for_members_alone(cast):
    found = evaluated(cast, (5, 4, 3, 4))
    with pytest.raises(Refused) as refused:
        discovery.discover(found, explanation="Бөтен", actor=cast.dana)
    assert refused.value.has("not_yours")

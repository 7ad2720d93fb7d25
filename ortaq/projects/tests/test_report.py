"""Reports: assembled from the records, written by two, submitted, returned, accepted; the act and its gate."""

from __future__ import annotations

import hashlib
import io
import uuid
import zipfile
from datetime import date, timedelta
from typing import Any

import pytest
import python_calamine as calamine
from hypothesis import given
from hypothesis import strategies as st

from ortaq.core import clock
from ortaq.core.models import Duty
from ortaq.core.procedure import SYSTEM, Refused
from ortaq.documents import bundle, render
from ortaq.documents.writing.merge import Edit
from ortaq.law.findings import Finding, Severity
from ortaq.people.actor import Actor
from ortaq.projects import gates
from ortaq.projects.models import (
    Activity,
    Consultation,
    Consumer,
    Contract,
    Event,
    Expense,
    PeopleList,
    Project,
    Report,
)
from ortaq.projects.papers import report as papers
from ortaq.projects.papers import report_archive
from ortaq.projects.procedure import act as acts
from ortaq.projects.procedure import attendance, forgetting, people_list
from ortaq.projects.procedure import report as procedure
from ortaq.projects.procedure import schedule as schedules
from ortaq.projects.procedure.act import ACT
from ortaq.projects.procedure.project import PROJECT
from ortaq.projects.procedure.recognition import Line
from ortaq.projects.procedure.report import REPORT, last_remarks
from ortaq.projects.reporting import annexes, checks
from ortaq.projects.reporting.content import assemble, mark_of
from ortaq.testing.remembered import remembered

from . import scenes

pytestmark = pytest.mark.django_db
Kind, State = Report.Kind, Report.State
GENERAL = ("goals", "factors", "significance", "improvement", "plans")
GOAL_RESULTS = ("goal", "effect", "planned_vs_actual", "satisfaction", "change", "media")


@remembered
def reporting() -> tuple[scenes.Cast, Project]:
    """A project in whose first month a seminar with 28 people was held."""
    people = scenes.cast()
    project = scenes.running(people)
    scenes.an_event(
        project,
        clock.at(date(2020, 7, 10), 10),
        state=Event.State.HELD,
        registered=30,
        attended=28,
        answers=20,
        points=91,
        men=10,
        women=18,
        deviation="Екі адам ауырып қалды",
    )
    return people, project


@remembered
def interim(project: Project, people: scenes.Cast) -> Report:
    with clock.frozen(clock.at(date(2020, 8, 3), 9)):
        return schedules.make(project, final=False, actor=people.aliya)


def write(report: Report, actor: Actor, text: str = "Жазылды", **only: str) -> Any:
    """Write everywhere where something is asked, or `only` in some places ("/" as "__")."""
    made = assemble(report, last_remarks(report))
    texts = made.content["texts"]
    wanted = {path.replace("__", "/"): value for path, value in only.items()}
    wanted = wanted or {s.path: text for g in made.layout.groups for s in g.slots if s.required}
    edits = [Edit(p, mark_of(texts.get(p, "")), {p: value}) for p, value in wanted.items()]
    return procedure.write(report, edits, actor=actor)


@remembered
def submitted(report: Report, actor: Actor) -> Report:
    write(report, actor)
    REPORT.take("submit", report, actor=actor)
    return report


def answered(report: Report, actor: Actor) -> Report:
    """A returned report with an answer to each remark."""
    for remark in last_remarks(report):
        write(report, actor, **{f"answers__r{remark.pk}": "Толықтырдық"})
    return report


@pytest.mark.req("IM-042", "IM-044", "IM-045", "IM-062")
def test_the_interim_report_is_filled_from_the_records_and_asks_only_for_the_judgement() -> None:
    people, project = reporting()
    report = interim(project, people)
    assert (report.period_from, report.period_to) == (date(2020, 7, 1), date(2020, 8, 3))
    made = assemble(report)
    (row,) = made.content["tables"]["work_done/activities"]
    assert row["participants"] == 28
    assert "1-қосымша" in row["comments"]["kk"] or "№1 қосымша" in row["comments"]["kk"]
    assert "Екі адам ауырып қалды" in row["comments"]["kk"]
    asked = [slot.path for group in made.layout.groups for slot in group.slots]
    assert asked[0] == "starting_state"
    assert "problems" in asked
    assert not any(path.startswith("work_done/activities") for path in asked)


@pytest.mark.req("IM-049", "IM-050", "IM-052", "IM-053", "IM-054", "IM-055", "IM-056", "IM-057", "IM-058", "IM-059", "IM-060")  # fmt: skip
def test_the_final_report_counts_itself_and_asks_for_the_rest_section_by_section() -> None:
    people, project = reporting()
    with clock.frozen(clock.at(date(2020, 11, 21), 9)):
        made = assemble(schedules.make(project, final=True, actor=people.aliya))
    fields, tables = made.content["fields"], made.content["tables"]
    assert list(fields) == ["supplier", "project", "contract_no", "period", "compiler"]
    assert "+7 700 000 00" in fields["compiler"]
    assert tables["goal_results/by_sex"] == [{"recipients": 28, "men": 10, "women": 18}]
    levels = [one["level"]["ru"] for one in tables["goal_results/indicator_results"]]
    assert levels == ["просрочен; план: 100-ден кем емес"] * 3
    asked = {s.path: s.required for group in made.layout.groups for s in group.slots}
    assert list(asked) == [
        *(f"general/general/{key}" for key in GENERAL),
        *(f"goal_results/text/{key}" for key in GOAL_RESULTS),
        "social_effect/social_effect/group_results",
        "social_effect/social_effect/long_term",
        "partners",
        "organisation",
        "future/future/continuation",
        "future/future/problems",
        "recommendations",
    ]
    # Counted by the records, or said of partners "if any".
    assert [path for path, required in asked.items() if not required] == [
        "goal_results/text/satisfaction",
        "goal_results/text/media",
        "partners",
    ]


@pytest.mark.req("IM-054", "ST-A-06", "ST-A-07")
def test_satisfaction_is_told_by_kind_of_service_by_the_tables_own_formulas_with_the_sample() -> (
    None
):
    people, project = reporting()
    project.standard = "2021"
    project.save()
    trained = project.event_set.get()
    trained.service, trained.form = "training", "seminar"
    trained.save()
    for number, form in enumerate(("round_table", "conference")):
        scenes.an_event(
            project,
            clock.at(date(2020, 7, 11 + number), 10),
            state=Event.State.HELD,
            service="event",
            form=form,
            registered=30,
            attended=30,
            answers=2 + number,
            points=9 + number * 5,
        )
    talk = project.event_set.get(form="round_table")
    lines = [Line(n, f"Адам {n}", points=5, applied=n > 1) for n in (1, 2, 3, 4)]
    with clock.frozen(clock.at(date(2020, 11, 21), 9)):
        attendance.enter(talk, lines, actor=people.aliya)
        report = schedules.make(project, final=True, actor=people.aliya)
    said = assemble(report).content["lines"]["goal_results/text/satisfaction"]["ru"]
    assert said == (
        # 91 points ÷ 28 participants ÷ 5 (table 1); (20 + 14) points ÷ (4 + 3) answers ÷ 5 (table 4).
        "Услуги по обучению: удовлетворённость 65 % по таблице 1 Стандарта; ответили 20 из 28, "
        "требуется не менее 28.\n"
        "На 1 мероприятии этого вида ответило меньше людей, чем требует Стандарт.\n"
        "Услуги по организации мероприятий: удовлетворённость ≈\u202f97,14 % по таблице 4 Стандарта; "
        "ответили 7 из 34, требуется не менее 4.\n"
        "Услуги по организации мероприятий: практическое применение 75 % по таблице 5 Стандарта: "
        "3 из 4 ответивших, требуется не менее 4 ответов.\n"
        "Участвовало разных людей: 4."
    )


@pytest.mark.req("IM-043")
def test_the_starting_state_is_told_in_the_first_interim_report_only() -> None:
    people, project = reporting()
    submitted(interim(project, people), people.aliya)
    with clock.frozen(clock.at(date(2020, 9, 1), 9)):
        second = schedules.make(project, final=False, actor=people.aliya)
    assert (second.number, second.period_from) == (2, date(2020, 8, 4))
    assert "starting_state" not in {s.key for s in assemble(second).form.sections}


def test_the_button_pressed_twice_makes_one_report() -> None:
    people, project = reporting()
    assert interim(project, people) == interim(project, people)
    assert project.reports.count() == 2  # creative and financial


@pytest.mark.req("GR-I-16", "IM-072")
def test_the_schedule_gives_the_ngo_a_duty_for_each_report_and_moves_it() -> None:
    people, project = reporting()
    rounds = schedules.proposal(project)
    assert [one.is_final for one in rounds] == [False, True]
    schedules.schedule(project, rounds, actor=people.gulnara)
    duties = Duty.objects.filter(code="submit_report", done_at=None)
    assert duties.count() == 4
    with pytest.raises(Refused) as refused:
        schedules.schedule(project, rounds[:1], actor=people.gulnara)
    assert refused.value.has("one_final")
    schedules.schedule(project, rounds[1:], actor=people.gulnara)
    assert duties.count() == 2
    with pytest.raises(Refused):
        schedules.schedule(project, rounds, actor=people.aliya)


def test_two_people_write_at_once_and_nothing_is_lost() -> None:
    people, project = reporting()
    report = interim(project, people)
    old = mark_of("")
    procedure.write(report, [Edit("problems", old, {"problems": "Әлия"})], actor=people.aliya)
    both = [
        Edit("problems", old, {"problems": "Болат"}),
        Edit("partners", old, {"partners": "Қор"}),
    ]
    found = procedure.write(report, both, actor=people.bolat)
    assert found.conflicts == {"problems": "Болат"}
    assert report.texts == {"problems": "Әлия", "partners": "Қор"}
    # The page of Bolat still shows the empty field that he has not touched.
    found = procedure.write(report, [Edit("problems", old, {"problems": ""})], actor=people.bolat)
    assert not found.conflicts
    found = procedure.write(report, both[:1], actor=people.bolat, insist=["problems"])
    assert report.texts["problems"] == "Болат"


@pytest.mark.req("IM-047")
@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("№3 қосымшада көрсетілген", {3}),
        ("3-қосымша", {3}),
        ("1, 2 және 5-қосымшаларды қараңыз", {1, 2, 5}),
        ("см. приложение № 4", {4}),
        ("приложения 2–4, 7", {2, 3, 4, 7}),
        ("(прил. 12)", {12}),
        ("see annexes 1 and 3", {1, 3}),
        ("2020 жылы 3 семинар өтті", set()),
    ],
)
def test_references_to_annexes_are_read(text: str, numbers: set[int]) -> None:
    assert annexes.references(text) == numbers


def test_references_lead_to_the_rows_of_their_annexes_and_nothing_typed_is_markup() -> None:
    html = annexes.linked("<b>№3, 4 қосымшалар</b>, 3 адам", {3})
    assert html == '&lt;b&gt;№<a href="#annex-3">3</a>, 4 қосымшалар&lt;/b&gt;, 3 адам'


@given(
    st.lists(st.sampled_from("abcdef"), unique=True),
    st.lists(st.sampled_from("abcdefgh"), unique=True),
)
def test_an_annex_keeps_its_number_whatever_comes_and_goes(
    kept: list[str], present: list[str]
) -> None:
    order = annexes.numbered(kept, present)
    assert order[: len(kept)] == kept
    assert set(present) <= set(order)
    assert len(order) == len(set(order))


@pytest.mark.req("IM-047", "IM-051")
def test_a_reference_that_leads_nowhere_is_named() -> None:
    people, project = reporting()
    report = interim(project, people)
    write(report, people.aliya, problems="№7 қосымшада, №1 қосымшада да")
    found = checks.findings_of(assemble(report))
    assert [one.numbers for one in found if one.code == "no_such_annex"] == [{"number": 7}]


@pytest.mark.req("IM-046", "GR-I-16")
def test_rounds_are_kept_remarks_are_answered_and_both_finals_end_the_running() -> None:
    people, project = reporting()
    with clock.frozen(clock.at(date(2020, 11, 21), 9)):
        creative = schedules.make(project, final=True, actor=people.aliya)
        with pytest.raises(Refused) as refused:
            REPORT.take("submit", creative, actor=people.aliya)
        assert refused.value.has("missing")
        write(creative, people.bolat)
        with pytest.raises(Refused):
            REPORT.take("submit", creative, actor=people.bolat)  # the head signs
        REPORT.take("submit", creative, actor=people.aliya)
        frozen = creative.submissions.get()
        assert frozen.content["tables"]["goal_results/by_sex"] == [
            {"recipients": 28, "men": 10, "women": 18}
        ]
        with pytest.raises(Refused):
            write(creative, people.aliya, partners="кеш")
        with pytest.raises(Refused) as refused:
            REPORT.take("return", creative, actor=people.gulnara, remarks={})
        assert refused.value.has("no_remark")
        for strange in (
            "starting_state",
            "<b>",
            "partners/x",
        ):  # the first is of the first interim report only
            with pytest.raises(Refused) as refused:
                REPORT.take(
                    "return", creative, actor=people.gulnara, remarks={strange: "Толығырақ"}
                )
            assert refused.value.has("no_such_section")
        REPORT.take("return", creative, actor=people.gulnara, remarks={"partners": "Толығырақ"})
        (remark,) = creative.remarks.all()
        with pytest.raises(Refused) as refused:
            REPORT.take("submit", creative, actor=people.aliya)
        assert refused.value.has("missing")  # the remark has no answer
        answer = f"answers__r{remark.pk}"
        write(creative, people.aliya, partners="Серіктестер туралы", **{answer: "Толықтырдық"})
        REPORT.take("submit", creative, actor=people.aliya)
        remark.refresh_from_db()
        assert remark.answer == "Толықтырдық"
        assert [one.round for one in creative.submissions.all()] == [1, 2]
        REPORT.take("accept", creative, actor=people.gulnara)
        project.refresh_from_db()
        assert project.state == Project.State.RUNNING
        financial = project.reports.get(kind=Kind.FINAL_FINANCIAL)
        submitted(financial, people.aliya)
        REPORT.take("accept", financial, actor=people.gulnara)
        project.refresh_from_db()
        assert project.state == Project.State.ACCEPTED
        assert not Duty.objects.filter(code__in=("submit_report", "judge_report"), done_at=None)


@pytest.mark.req("IM-065", "IM-067")
def test_only_the_final_financial_report_needs_copies_of_all_documents() -> None:
    people, project = reporting()
    line = project.contract.budget.get(key="~b3")
    Expense.objects.create(
        project=project,
        once="8c2cf2a4-22b5-4c55-9f3b-9d3c3f2f1b10",
        number=1,
        line=line,
        document=Expense.Document.INVOICE,
        document_number="7",
        spent_on=date(2020, 7, 9),
        payee="ЖК Үлгі",
        sum_tiyn=20_000 * scenes.TENGE,
        added_at=scenes.NOW,
    )
    interim(project, people)
    first = project.reports.get(kind=Kind.INTERIM_FINANCIAL)
    made = assemble(first)
    assert not made.content["annexes"]
    assert made.content["tables"]["expenses/expenses"][-1] == {
        "total": "total",
        "planned": 1_000_000 * scenes.TENGE,
        "actual": 20_000 * scenes.TENGE,
        "balance": 980_000 * scenes.TENGE,
    }
    assert not [one for one in checks.findings_of(made) if one.severity == Severity.ERROR]
    with clock.frozen(clock.at(date(2020, 11, 21), 9)):
        schedules.make(project, final=True, actor=people.aliya)
        final = project.reports.get(kind=Kind.FINAL_FINANCIAL)
        found = [
            f.code for f in checks.findings_of(assemble(final)) if f.severity == Severity.ERROR
        ]
    assert found == ["no_copy"]


@pytest.mark.req("IM-048", "IM-061", "IM-066", "IM-068")
@pytest.mark.parametrize("final", [False, True])
def test_reports_go_on_paper_in_both_languages_as_written(final: bool) -> None:
    people, project = reporting()
    with clock.frozen(clock.at(date(2020, 11, 21), 9)):
        report = schedules.make(project, final=final, actor=people.aliya)
        write(report, people.aliya, "Ұйым өз пікірін жазды")
        for row in project.reports.all():
            content = assemble(row).content
            for language in papers.LANGUAGES:
                page = render.html(papers.make(row, content, language))
                assert ("Еріктілерге семинар" in page) == (row.pk == report.pk and language == "kk")
                assert ("Ұйым өз пікірін жазды" in page) == (row.pk == report.pk)
                # The columns are lost in the sample, and the paper says so.
                money = row.pk != report.pk and language == "kk"
                assert ("бағандары сақталмаған" in page) == money
                assert ("Қорытынды қаржылық есеп беру" in page) == (money and final)


@pytest.mark.req("IM-039")
def test_the_archive_has_all_papers_their_hashes_and_people_only_for_those_who_may_see_them() -> (
    None
):
    people, project = reporting()
    report = interim(project, people)
    person = Consumer.objects.create(
        project=project, identity="1", full_name="Ойдан Адам", created_at=scenes.NOW
    )
    Consultation.objects.create(
        project=project,
        once="8c2cf2a4-22b5-4c55-9f3b-9d3c3f2f1b11",
        number=1,
        consumer=person,
        day=date(2020, 7, 20),
        how=Consultation.How.TELEPHONE,
        topic=Consultation.Topic.METHODS,
        question="Жарғы",
    )
    content = assemble(report).content
    assert [one["key"] for one in content["annexes"]][1:] == ["consultations"]
    for sees in (True, False):
        entries = list(report_archive.entries(report, content, people=sees, frozen=False))
        packed = b"".join(bundle.stream(entries))
        with zipfile.ZipFile(io.BytesIO(packed)) as archive:
            assert archive.testzip() is None
            names = archive.namelist()
            assert archive.read(bundle.HASHES).decode().count("\n") == len(names) - 1
        assert {"есеп.kk.docx", "есеп.kk.pdf", "отчёт.ru.docx", "отчёт.ru.pdf"} <= set(names)
        for personal in ("қатысушылар тізімі", "кеңестер журналы"):
            assert any(personal in name for name in names) == sees


def _xlsx(archive: zipfile.ZipFile, part: str) -> str:
    """All cells of the workbook whose path has `part`."""
    name = next(one for one in archive.namelist() if part in one)
    book = calamine.load_workbook(io.BytesIO(archive.read(name)))
    return "\n".join(str(cell) for row in book.get_sheet_by_index(0).to_python() for cell in row)


def _archive(report: Report, *, people: bool = True) -> zipfile.ZipFile:
    frozen = report.submissions.get(round=report.round)
    found = report_archive.entries(report, frozen.content, people=people, frozen=True)
    archive = zipfile.ZipFile(io.BytesIO(b"".join(bundle.stream(found))))
    content = archive.read(report_archive.CONTENT)
    assert hashlib.sha256(content).hexdigest() == frozen.content_sha256
    return archive


@pytest.mark.req("IM-037", "IM-038", "IM-039", "IM-047")
def test_people_of_a_submitted_report_stay_as_submitted_until_they_are_erased() -> None:
    people, project = reporting()
    event = project.event_set.get()
    names = ("Айгүл Серікова", "Арман Ахметов")
    lines = [Line(n, name, contact=f"+7700000000{n}") for n, name in enumerate(names, 1)]
    with clock.frozen(clock.at(date(2020, 8, 3), 9)):
        attendance.enter(event, lines, actor=people.aliya)
    first = Consumer.objects.order_by("pk")[0]
    for number, day in enumerate((date(2020, 7, 20), date(2020, 11, 2)), 1):
        Consultation.objects.create(
            project=project,
            once=uuid.UUID(int=number),
            number=number,
            consumer=first,
            day=day,
            how=Consultation.How.TELEPHONE,
            topic=Consultation.Topic.METHODS,
            question=f"Сұрақ {day:%m}",
        )
    report = submitted(interim(project, people), people.aliya)
    content = report.submissions.get().content
    assert [one["list"]["people"] for one in content["annexes"]] == [
        2,
        1,
    ]  # November is of another period
    assert all(name not in str(content) for name in names)
    kept = PeopleList.objects.order_by("key")
    assert "Сұрақ 11" not in str(kept[0].content)
    hashes = [one.sha256 for one in kept]
    assert hashes == [people_list.digest(one.salt, one.content) for one in kept]

    # What comes later is not in it; the same people in the next round are the same list.
    with clock.frozen(clock.at(date(2020, 8, 4), 9)):
        attendance.enter(event, [Line(1, "Кеш Келген")], actor=people.aliya)
    shown = _xlsx(_archive(report), "тізімі")
    assert "Айгүл Серікова" in shown
    assert "Кеш Келген" not in shown
    assert hashes[1] in shown
    assert not any("тізімі" in one for one in _archive(report, people=False).namelist())
    REPORT.take("return", report, actor=people.gulnara, remarks={"partners": "Толығырақ"})
    REPORT.take("submit", answered(report, people.aliya), actor=people.aliya)
    assert PeopleList.objects.filter(key="consultations").count() == 1

    # A telephone erases what it registered: the event's lists, not the journal that the NGO keeps.
    mine = first.participations.get()
    mine.holder = "telephone"
    mine.save()
    forgetting.forget_own(mine)
    assert "Айгүл" not in str(PeopleList.objects.filter(key__startswith="event").values("content"))
    assert "Айгүл" in str(PeopleList.objects.get(key="consultations").content)

    # One person's wish reaches every kept list; number and hash stay.
    forgetting.forget(first)
    report.refresh_from_db()
    shown = _xlsx(_archive(report), "тізімі")
    assert "Айгүл" not in shown
    assert "0000001" not in shown
    assert "Арман Ахметов" in shown
    assert "өшірілді" in shown
    assert not PeopleList.objects.exclude(salt="").exists()
    assert set(hashes) <= set(PeopleList.objects.values_list("sha256", flat=True))
    Project.objects.update(keep_personal_until=date(2020, 8, 1))
    forgetting.forget_all(project)
    assert "Ахметов" not in str(list(PeopleList.objects.values_list("content", flat=True)))
    assert "Сұрақ" not in str(list(PeopleList.objects.values_list("content", flat=True)))


# --- The act and the end of a project ----------------------------------------------------------------


def ordered(people: scenes.Cast, project: Project) -> Project:
    """The same project as if a social order had opened it, with its final reports accepted."""
    Contract.objects.filter(pk=project.contract_id).update(
        instrument=Contract.Instrument.SOCIAL_ORDER
    )
    PROJECT.take("accept", project, actor=SYSTEM)
    return Project.objects.select_related("contract__grantor", "contract__grantee").get()


@pytest.mark.req("SO-E-21")
def test_the_customer_signs_the_act_only_after_the_evaluation_is_posted() -> None:
    people, project = reporting()
    project = ordered(people, project)
    act = acts.draft(project, actor=people.aliya)
    assert acts.draft(project, actor=people.aliya) == act
    values = {"number": "1", "day": date(2020, 11, 25), "services": "Семинарлар"}
    over = {**values, "sum_tiyn": project.contract.sum_tiyn + 1}
    with pytest.raises(Refused) as refused:
        ACT.take("edit", act, actor=people.bolat, version=0, values=over)
    assert refused.value.has("sum_over_contract")
    good = {**values, "sum_tiyn": project.contract.sum_tiyn}
    ACT.take("edit", act, actor=people.bolat, version=0, values=good)
    with pytest.raises(Refused) as refused:
        ACT.take("edit", act, actor=people.bolat, version=0, values=good)
    assert refused.value.has("changed_meanwhile")
    ACT.take("supplier", act, actor=people.aliya)
    with gates.registered(None), pytest.raises(Refused) as refused:
        ACT.take("customer", act, actor=people.gulnara)
    assert refused.value.has("evaluation_not_there")
    late = Finding("not_posted", Severity.ERROR, "The report is not posted.")
    with gates.registered(lambda _project: late), pytest.raises(Refused) as refused:
        ACT.take("customer", act, actor=people.gulnara)
    assert refused.value.has("not_posted")
    with pytest.raises(Refused) as refused:
        PROJECT.take("close", project, actor=people.gulnara)
    assert refused.value.has("no_act")
    with gates.registered(lambda _project: None):
        ACT.take("customer", act, actor=people.gulnara)
    PROJECT.take("close", project, actor=people.gulnara)
    assert project.keep_personal_until == clock.today().replace(year=clock.today().year + 5)


@pytest.mark.req("GR-K-11")
def test_a_grant_is_closed_only_after_its_final_presentation() -> None:
    people, project = reporting()
    PROJECT.take("accept", project, actor=SYSTEM)
    with pytest.raises(Refused) as refused:
        PROJECT.take("close", project, actor=people.gulnara)
    assert refused.value.has("no_presentation")
    event = scenes.an_event(project, scenes.NOW + timedelta(days=1), state=Event.State.HELD)
    event.activity = project.contract.activities.get(section=Activity.Section.PRESENTATION)
    event.save()
    PROJECT.take("close", project, actor=people.gulnara)
    assert project.state == Project.State.CLOSED

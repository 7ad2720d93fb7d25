"""Changes of a running project: asked, approved into the plan, never an edit of the past."""

from __future__ import annotations

import io
from datetime import date, timedelta
from typing import Any
from unittest.mock import ANY

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.datastructures import MultiValueDict
from hypothesis import given
from hypothesis import strategies as st

from ortaq.core import clock as house_clock
from ortaq.core import journal
from ortaq.core.models import Duty
from ortaq.core.procedure import Refused
from ortaq.documents.spreadsheet import read_table
from ortaq.projects import changing, once
from ortaq.projects.forms.change import FORMS
from ortaq.projects.models import Change, Event, Expense, Project, Report
from ortaq.projects.procedure import change as procedure
from ortaq.projects.procedure.change import CHANGE
from ortaq.projects.queries import change as queries
from ortaq.projects.queries import versions
from ortaq.projects.queries.money import living_estimate
from ortaq.projects.reporting.money import Records
from ortaq.projects.reporting.money import of as of_money
from ortaq.testing.remembered import remembered
from ortaq.testing.together import at_once

from . import scenes

pytestmark = pytest.mark.django_db
SAID = {"reason": "Жалға алу қымбаттады", "effect": "Индикаторлар өзгермейді"}


@pytest.fixture
def people(clock):
    clock.set(scenes.NOW)
    return scenes.cast()


@pytest.fixture
def project(people) -> Project:
    return scenes.running(people)


@remembered
def draft(project: Project, people, form: str, **typed) -> Change:
    """A request as Bolat's page would send it."""
    lists = {k: v if isinstance(v, list) else [str(v)] for k, v in {**SAID, **typed}.items()}
    plan = changing.Plan(project.contract)
    made = FORMS[form](MultiValueDict(lists), project=project, plan=plan)
    assert made.is_valid(), made.errors
    asked = procedure.Request(form, made.kind, lists, made.rows(), lists["reason"][0], lists["effect"][0])  # fmt: skip
    return procedure.draft(project, once.new(), asked, actor=people.bolat)


def moves(*each, **more):
    """`each` is (from, to, tenge), as the formset sends it."""
    typed = {"move-TOTAL_FORMS": len(each), "move-INITIAL_FORMS": 0}
    for number, (source, target, tenge) in enumerate(each):
        typed |= {
            f"move-{number}-source": source,
            f"move-{number}-target": target,
            f"move-{number}-sum_tiyn": tenge,
        }
    return typed | more


def approve(change: Change, people) -> Change:
    CHANGE.take("ask", change, actor=people.aliya)
    CHANGE.take("approve", change, actor=people.gulnara)
    return change


def codes(change: Change, actor, step: str = "ask") -> set[str]:
    with pytest.raises(Refused) as refused:
        CHANGE.take(step, change, actor=actor)
    return {one.code for one in refused.value.findings}


def spend(project: Project, key: str, tenge: int) -> Expense:
    return Expense.objects.create(
        project=project,
        once=once.new(),
        number=project.expenses.count() + 1,
        line=project.contract.budget.get(key=key),
        document="invoice",
        document_number="1",
        spent_on=date(2020, 8, 3),
        payee="«Әлем» ЖШС",
        sum_tiyn=tenge * scenes.TENGE,
        added_at=house_clock.now(),
    )


@pytest.mark.req("GR-I-16", "IM-041", "GR-K-07")
def test_money_moves_between_lines_only_when_the_body_approves(project, people):
    change = draft(project, people, "money", **moves(("~b1", "~b3", "100 000")))
    lines = {one.key: one for one in project.contract.budget.all()}
    assert lines["~b1"].grant_tiyn == 900_000 * scenes.TENGE

    CHANGE.take("ask", change, actor=people.aliya)
    assert Duty.objects.filter(code="answer_change", done_at=None).count() == 1
    CHANGE.take("approve", change, actor=people.gulnara)

    lines = {one.key: one for one in project.contract.budget.all()}
    assert lines["~b1"].grant_tiyn == 800_000 * scenes.TENGE
    assert lines["~b3"].grant_tiyn == 150_000 * scenes.TENGE
    assert all(line.adds_up for line in lines.values())
    assert sum(line.grant_tiyn for line in lines.values()) == project.contract.sum_tiyn
    assert "changed" in [entry.step for entry in journal.history(project)]
    assert not Duty.objects.filter(code="answer_change", done_at=None).exists()


@pytest.mark.req("IM-041")
def test_beside_a_line_that_changes_altered_stands_the_sum_that_was_signed(project, people):
    typed = moves(("~b1", "~b3", "100 000"), ("~b1", "new", "10 000"), item="Су", category="handouts_lines")  # fmt: skip
    approve(draft(project, people, "money", **typed), people)
    approve(draft(project, people, "money", **moves(("~b3", "~b1", "100 000"))), people)
    rows = [r for y in living_estimate(project).years for g in y.groups for r in g.lines]
    found = {r.line.item: (r.money.grant.planned // scenes.TENGE, r.signed) for r in rows}
    assert found == {
        "Директор": (890_000, 900_000 * scenes.TENGE),
        "Ноутбук": (50_000, None),
        "Баннер": (50_000, None),  # it came back to what was signed
        "Су": (10_000, 0),
    }
    report = Report(project=project, kind=Report.Kind.INTERIM_FINANCIAL, period_to=date(2020, 9, 1))
    items = [row["item"]["ru"] for row in of_money(Records.of(report)).tables["expenses/expenses"] if "item" in row]  # fmt: skip
    assert [item for item in items if "\n" in item] == [
        "Директор\nКак подписано: 900\xa0000\xa0₸", "Су\nКак подписано: 0\xa0₸",
    ]  # fmt: skip
    client = Client()
    client.force_login(people.bolat.user)
    workbook = client.get(reverse("projects:estimate_table", args=[project.pk]))
    table = read_table(io.BytesIO(workbook.getvalue()))
    assert [row[2:5] for row in table[1:]] == [
        ["Директор", "900000", "890000"], ["Ноутбук", "50000", "50000"],
        ["Баннер", "50000", "50000"], ["Су", "0", "10000"],
    ]  # fmt: skip


@pytest.mark.req("GR-K-06")
def test_all_that_stands_against_a_move_is_said_at_once(project, people):
    spend(project, "~b1", 850_000)
    change = draft(project, people, "money", reason="", effect=" ", **moves(("~b1", "~b2", "100 000")))  # fmt: skip

    assert codes(change, people.aliya) == {
        "no_reason",
        "no_effect",
        "line_below_spent",
        "material_support_above_limit",
    }


def test_a_new_line_takes_the_money_that_is_moved_to_it(project, people):
    new = {"item": "Аудармашы", "category": "handouts_lines", "activity": "~a1", "unit": "сағат"}
    typed = moves(("~b1", "new", "90 000"), **new) | {"move-0-target_quantity": "30"}
    approve(draft(project, people, "money", **typed), people)

    line = project.contract.budget.get(item="Аудармашы")
    assert (line.grant_tiyn, line.unit_cost_tiyn, line.adds_up) == (9_000_000, 300_000, True)
    assert line.activity == project.contract.activities.get(key="~a1")


def test_a_price_that_does_not_divide_asks_for_the_quantity(project, people):
    typed = moves(("~b1", "~b3", "100")) | {"move-0-target_quantity": "7"}
    lists = MultiValueDict({k: [str(v)] for k, v in typed.items()})
    form = FORMS["money"](lists, project=project, plan=changing.Plan(project.contract))
    assert not form.is_valid()
    assert "7" in str(form.errors)


@pytest.mark.req("IM-041")
def test_the_second_of_two_requests_about_one_thing_is_told_so(project, people):
    first = draft(project, people, "indicator", indicator="~a1/1", planned="120")
    second = draft(project, people, "indicator", indicator="~a1/1", planned="150")
    CHANGE.take("ask", second, actor=people.aliya)
    approve(first, people)

    assert codes(second, people.gulnara, "approve") == {"changed_since"}
    CHANGE.take("return", second, actor=people.gulnara, remark="Қайта рәсімдеңіз")
    assert codes(second, people.aliya) == {"changed_since"}
    again = draft(project, people, "indicator", indicator="~a1/1", planned="150")
    approve(again, people)
    assert project.contract.activities.get(key="~a1").indicators.get().minimum == 150


@pytest.mark.req("IM-041", "GR-I-16")
def test_what_was_signed_with_every_change_replayed_is_the_present_plan(project, people, clock):
    months = ["2020-08", "2020-09"]
    person = {"table": "staff", "full_name": "Ахметов Дәурен", "post": "маман", "role": "other"}
    asked = [
        ("money", moves(("~b1", "~b3", "50 000"), ("~b1", "new", "10 000"),
                        item="Такси", category="handouts_lines")),
        ("term", {"activity": "~a1", "months": months}),
        ("end", {"ends_on": "2020-11-27"}),
        ("place", {"activity": "~a1", "place": "Атбасар"}),
        ("territory", {"text": "Ақмола облысы"}),
        ("replace", {"member": "4", "until": "2020-07-31", "since": "2020-08-01", **person}),
        ("join", {"since": "2020-08-01", **person, "full_name": "Оспанова Айнұр", "contact": "x"}),
        ("duties", {"member": "1", "share": "70"}),
        ("partners", {"text": "2\nҚор\nКітапхана"}),
        ("target-groups", {"text": "Ауыл жастары"}),
        ("indicator", {"indicator": "~a1/1", "planned": "90-нан кем емес"}),
        ("new-indicator", {"activity": "~a1", "text": "Фото", "planned": "6/1"}),
        ("drop-indicator", {"indicator": "~a1/1"}),
        ("new-indicator", {"activity": "~a1", "text": "Бейне", "planned": "2"}),
        ("effect", dict.fromkeys(project.contract.social_effect, 5)),
        ("topic", {"activity": "~a1", "text": "Дебат мектебі"}),
        ("new-activity", {"section": "task", "task": "Еріктілерді дайындау", "text": "Жорық",
                          "months": months, "indicators": "Қатысушы: 30; Есеп: 1"}),
        ("leave", {"member": "5", "until": "2020-10-31"}),
    ]  # fmt: skip
    instants = []
    for form, typed in asked:
        clock.travel(hours=1)
        approve(draft(project, people, form, **typed), people)
        instants.append(house_clock.now())

    assert {form for form, _typed in asked} == set(FORMS) - {"drop-activity"}
    contract = project.contract
    contract.refresh_from_db()
    assert changing.plan_at(project, house_clock.now()) == changing.present(contract)
    assert changing.plan_at(project, scenes.NOW) == project.baseline
    half = changing.plan_at(project, instants[3])
    assert half["plan"][0]["place"] == "Атбасар"
    assert half["general"]["territory"] == "Мәтін"
    # The place of an indicator that fell away is not given again.
    assert [one["position"] for one in changing.present(contract)["plan"][0]["indicators"]] == [
        2,
        3,
    ]
    story = {one.what: one.steps for one in queries.stories(project)}
    assert any(len(steps) > 2 for steps in story.values())
    assert [c.number for c in queries.of_period(project, date(2020, 6, 20), date(2020, 6, 20))] == [
        *range(1, 14)
    ]


@pytest.mark.req("GR-K-10", "GR-K-11", "GR-I-04")
def test_what_the_contract_had_to_have_stays_in_the_plan(project, people):
    leaving = draft(project, people, "leave", member="2", until="2020-07-31")
    found = CHANGE.findings("ask", leaving, people.aliya)
    assert [one.code for one in found] == ["role_missing"]  # a warning: it may be asked

    last = draft(project, people, "drop-activity", activity="~a2")
    assert codes(last, people.aliya) == {"section_missing"}
    only = draft(project, people, "drop-indicator", indicator="~a1/1")
    assert codes(only, people.aliya) == {"no_indicators"}
    unread = draft(project, people, "new-indicator", activity="~a1", text="Сапа", planned="жоғары")
    assert codes(unread, people.aliya) == {"indicator_without_number"}


@pytest.mark.req("IM-041")
def test_a_change_never_edits_the_past(project, people, clock):
    clock.set(house_clock.at(date(2020, 9, 15), 10))
    day = house_clock.at(date(2020, 9, 10), 10)
    Event.objects.create(
        project=project, once=once.new(), number=1, title_kk="Семинар", kind="seminar",
        activity=project.contract.activities.get(key="~a1"), place="Көкшетау",
        starts_at=day, ends_at=day + timedelta(hours=2), expected_participants=30,
    )  # fmt: skip
    late = draft(project, people, "term", activity="~a1", months=["2020-08"])
    assert codes(late, people.aliya) == {"term_in_the_past"}
    end = draft(project, people, "end", ends_on="2020-09-01")
    assert codes(end, people.aliya) == {"ends_in_the_past", "ends_before_records"}
    drop = draft(project, people, "drop-activity", activity="~a1")
    assert "activity_has_records" in codes(drop, people.aliya)


@pytest.mark.django_db(transaction=True)
def test_of_two_requests_approved_at_one_moment_one_is_told(project, people, clock):
    asked = [
        draft(project, people, "money", **moves(("~b1", "~b3", tenge))) for tenge in (1000, 2000)
    ]
    for change in asked:
        CHANGE.take("ask", change, actor=people.aliya)

    def approving(change):
        return lambda: CHANGE.take("approve", change, actor=people.gulnara)

    results = at_once(*map(approving, asked), at=clock.instant)

    refused = [one for one in results if isinstance(one, Refused)]
    assert [one.findings[0].code for one in refused] == ["changed_since"]
    lines = project.contract.budget.all()
    assert sum(line.grant_tiyn for line in lines) == project.contract.sum_tiyn
    assert sorted(c.state for c in project.changes.all()) == ["approved", "asked"]


def test_each_step_is_its_own_peoples(project, people):
    change = draft(project, people, "place", activity="~a1", place="Атбасар")
    asked = procedure.Request("place", "place", {}, [], "", "")
    for actor in (people.gulnara, people.dana, people.clerk):
        with pytest.raises(Refused):
            procedure.draft(project, once.new(), asked, actor=actor)
    assert codes(change, people.bolat) == {"not_yours"}
    CHANGE.take("ask", change, actor=people.aliya)
    assert codes(change, people.aliya, "approve") == {"not_yours"}
    assert codes(change, people.clerk, "approve") == {"not_yours"}
    assert codes(change, people.gulnara, "refuse") == {"no_remark"}
    CHANGE.take("withdraw", change, actor=people.aliya)
    assert codes(change, people.gulnara, "approve") == {"moved_on"}


def test_a_form_sent_twice_makes_one_request(project, people):
    form = once.new()
    asked = procedure.Request("place", "place", {}, [], "", "")
    first = procedure.draft(project, form, asked, actor=people.bolat)
    assert procedure.draft(project, form, asked, actor=people.bolat) == first
    assert project.changes.count() == 1


LINE = st.integers(min_value=0, max_value=10**12)


@given(st.lists(LINE, min_size=2, max_size=6), st.lists(st.tuples(LINE, LINE, LINE), max_size=8))
def test_replaying_moves_keeps_the_sum_whatever_is_moved(sums, moved):
    content = {"budget": [{"key": str(n), "year": 2020, "grant_tiyn": s} for n, s in enumerate(sums)]}  # fmt: skip
    now = list(sums)
    rows = []
    for source, target, tiyn in moved:
        pair = (source % len(sums), -min(tiyn, now[source % len(sums)])), (target % len(sums), 0)
        pair = (pair[0], (pair[1][0], -pair[0][1]))
        for key, by in pair:
            rows.append(changing.Row("line", str(key), "grant_tiyn", now[key], now[key] + by))
            now[key] += by
    after = changing.replayed(content, rows)
    assert [line["grant_tiyn"] for line in after["budget"]] == now
    assert sum(now) == sum(sums)
    assert [line["grant_tiyn"] for line in content["budget"]] == sums


def test_the_letter_says_what_changes_in_both_languages(project, people):
    import io

    from docx import Document

    from ortaq.documents import render
    from ortaq.projects.papers.change import letter

    change = approve(draft(project, people, "place", activity="~a1", place="Атбасар"), people)
    for language, word in (("kk", "келісілді"), ("ru", "Согласовано")):
        made = Document(io.BytesIO(render.docx(letter(change, language))))
        cells = [c.text for table in made.tables for row in table.rows for c in row.cells]
        text = "\n".join([*(p.text for p in made.paragraphs), *cells])
        assert "Атбасар" in text
        assert "Көкшетау" in text
        assert word in text


@pytest.mark.req("GR-I-15", "IM-041")
def test_the_plan_reads_as_it_stood_on_any_day(project, people, clock):
    def plan(**asked: str) -> list[Any]:
        tasks = versions.asked_for(project, asked)["tasks"]
        return [
            (work.row["key"], [(line.planned, [one.was for one in line.signed]) for line in work.lines])
            for task in tasks for work in task.works
        ]  # fmt: skip

    signed: list[Any] = [(f"~a{number}", [("100-ден кем емес", [])]) for number in (1, 2, 3)]
    clock.set(house_clock.at(date(2020, 8, 3), 10))
    approve(draft(project, people, "indicator", indicator="~a1/1", planned="80", text=""), people)
    clock.set(house_clock.at(date(2020, 9, 7), 10))
    new = {"section": "final_presentation", "text": "Форум", "months": "2020-11", "indicators": "Қонақтар: 50"}  # fmt: skip
    approve(draft(project, people, "new-activity", **new), people)
    approve(draft(project, people, "drop-activity", activity="~a2"), people)

    assert plan(version="0") == plan(on="2020-07-31") == signed
    forum: Any = (ANY, [("50", [])])
    less = [("~a1", [("80", ["100-ден кем емес"])]), *signed[1:]]
    assert plan(version="1") == plan(on="2020-08-03") == plan(on="2020-09-06") == less
    assert (
        plan()
        == plan(on="2030-01-01")
        == plan(on="мән жоқ", version="7")
        == [less[0], forum, less[2]]
    )
    assert versions.asked_for(project, {})["gone"] == ["2-іс-шара"]

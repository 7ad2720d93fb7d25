"""Pages of money: whose they are, nothing typed is lost, a fixed number of queries however many expenses."""

from __future__ import annotations

import io
import uuid
from datetime import date
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from ortaq.core import clock as house_clock
from ortaq.documents.spreadsheet import read_table
from ortaq.people.models import Role
from ortaq.projects import once
from ortaq.projects.models import BudgetLine, Contract, Expense, Project
from ortaq.projects.procedure.money import record
from ortaq.testing import factories

from . import scenes
from .scenes import TENGE

pytestmark = pytest.mark.django_db
OF_PARTIES = ("money", "tranches")
OF_DOCUMENTS = ("expenses", "expense_table", "payroll", "payroll_table")
OF_WRITERS = ("expense_new", "pay_new")


@pytest.fixture
def people(clock):
    clock.set(scenes.NOW)
    return scenes.cast()


@pytest.fixture
def project(people, clock):
    made = scenes.running(people)
    clock.set(house_clock.at(date(2020, 8, 20), 10))
    return made


@pytest.fixture
def step_by_step(settings):
    """Each of several expenses is a step of its own, with its own lock and entry: no query is one too many."""
    settings.MIDDLEWARE = [name for name in settings.MIDDLEWARE if not name.startswith("zeal.")]


def sign_in(actor) -> Client:
    client = Client()
    client.force_login(actor.user)
    return client


def address(name: str, project: Project, *more: Any) -> str:
    return reverse(f"projects:{name}", args=[project.pk, *more])


def status(client: Client, where: str) -> int:
    answer = client.get(where)
    answer.getvalue()  # a workbook lies in a file, which is closed when it is read
    return answer.status_code


def typed(project: Project, **more: Any) -> dict[str, Any]:
    return {
        "once": str(uuid.uuid4()),
        "line": str(project.contract.budget.get(key="~b1").pk),
        "sum_tiyn": "1 200,50",
        "document": "receipt",
        "document_number": "45",
        "spent_on": "2020-08-10",
        "payee": "«Кеңсе» ЖШС",
        "payee_is_organisation": "yes",
        "payee_number": factories.a_bin(),
        "source": "grant",
        **more,
    }


def spend(project: Project, actor: Any, number: int) -> Expense:
    made = Expense(
        line=project.contract.budget.get(key="~b1"),
        sum_tiyn=TENGE * number,
        document="invoice",
        document_number=str(number),
        spent_on=date(2020, 8, 1 + number % 19),
        payee="«Кеңсе» ЖШС",
    )
    return record(project, made, uuid.uuid4(), actor=actor)[0]


def test_each_page_is_for_those_whose_it_is(people, project):
    member = factories.a_member(people.ngo, Role.STAFF, surname="Тілекова", given_name="Айгүл")
    spend(project, people.bolat, 1)
    asked = {
        "bolat": people.bolat, "member": member, "gulnara": people.gulnara, "dana": people.dana,
    }  # fmt: skip
    found = {
        who: {
            name: status(sign_in(actor), address(name, project))
            for name in (*OF_PARTIES, *OF_DOCUMENTS, *OF_WRITERS)
        }
        for who, actor in asked.items()
    }

    def answers(parties: int, documents: int, writers: int) -> dict[str, int]:
        return (
            dict.fromkeys(OF_PARTIES, parties)
            | dict.fromkeys(OF_DOCUMENTS, documents)
            | dict.fromkeys(OF_WRITERS, writers)
        )

    assert found == {
        "bolat": answers(200, 200, 200),
        "member": answers(200, 403, 403),
        "gulnara": answers(200, 200, 403),
        "dana": answers(404, 404, 404),
    }
    page = sign_in(people.gulnara).get(address("expense", project, 1))
    assert "«Кеңсе» ЖШС" in page.content.decode()


def test_a_form_sent_twice_by_an_impatient_finger_makes_one_expense(people, project):
    client, form = sign_in(people.bolat), typed(project)
    for _time in range(2):
        answer = client.post(address("expense_new", project), {**form, "more": "1"})
        assert answer.headers["Location"].endswith("?like=1")
    assert [row.sum_tiyn for row in project.expenses.all()] == [120_050]
    page = client.get(answer.headers["Location"]).context["form"]
    assert (page["line"].value(), page["sum_tiyn"].value()) == (int(form["line"]), None)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("sum_tiyn", "-5"),
        ("sum_tiyn", "0"),
        ("sum_tiyn", "9" * 40),
        ("payee_number", "150140000001"),
        ("spent_on", "0020-08-10"),
        ("line", "999999"),
        ("line", "x"),
        ("event", "7"),
    ],
)
def test_absurd_values_are_said_beside_their_field_and_the_copy_is_kept(
    people, project, field, value
):
    client = sign_in(people.bolat)
    copy = SimpleUploadedFile("чек.pdf", scenes.PDF)
    page = client.post(
        address("expense_new", project), {**typed(project), field: value, "scan": copy}
    )
    assert (page.status_code, set(page.context["form"].errors)) == (422, {field})
    # Mended, the form brings the copy that is here already.
    mended = typed(project, kept=page.context["form"].token)
    assert client.post(address("expense_new", project), mended).status_code == 302
    assert project.expenses.get().scan.name == "чек.pdf"


def test_a_warning_is_said_while_typing_and_again_until_there_is_a_reason(people, project):
    client = sign_in(people.bolat)
    late = typed(project, spent_on="2020-06-10")
    said = client.post(address("expense_check", project), {**late, "payee_number": "1"})
    assert [one.code for one in said.context["findings"]] == ["payee_number", "before_the_term"]
    page = client.post(address("expense_new", project), late)
    assert (page.status_code, set(page.context["form"].errors)) == (422, {"reason"})
    assert page.context["form"]["payee"].value() == late["payee"]
    client.post(address("expense_new", project), {**late, "reason": "Алдын ала төлендi"})
    assert project.expenses.get().warned == ["before_the_term"]


@pytest.mark.usefixtures("step_by_step")
def test_the_body_admits_the_ticked_ones_and_a_part_of_another(people, project):
    for number in (1, 2, 3):
        spend(project, people.bolat, number)
    body, ngo = sign_in(people.gulnara), sign_in(people.bolat)
    ticked = {"number": ["1", "2", "x", "99"], "state": "recorded"}
    assert ngo.post(address("expenses_admit", project), ticked).status_code == 403
    answer = body.post(address("expenses_admit", project), ticked)
    assert answer.headers["Location"].endswith("?state=recorded")
    step = address("expense_step", project, 3, "partly")
    page = body.post(step, {"admitted_tiyn": "1"})
    assert (page.status_code, set(page.context["form"].errors)) == (422, {"remark"})
    body.post(step, {"admitted_tiyn": "1", "remark": "Бір теңге ғана"})
    rows = project.expenses.order_by("number").values_list("state", "admitted_tiyn")
    assert list(rows) == [("admitted", 100), ("admitted", 200), ("partly", 100)]
    void = ngo.post(address("expense_step", project, 1, "void"), {"remark": "Қате"})
    assert void.status_code == 409


def test_what_is_voided_is_recorded_anew_from_its_own_values(people, project):
    spend(project, people.bolat, 5)
    client = sign_in(people.bolat)
    answer = client.post(address("expense_step", project, 1, "void"), {"remark": "Сомасы қате"})
    form = client.get(answer.headers["Location"]).context["form"]
    assert form["sum_tiyn"].value() == "5"
    client.post(address("expense_new", project), typed(project, again="1"))
    assert project.expenses.get(number=2).replaces.number == 1
    assert "№" in client.get(address("expense", project, 1)).content.decode()


@pytest.mark.req("IM-067", "IM-069", "IM-070")
@pytest.mark.usefixtures("step_by_step")
def test_the_pay_of_a_month_goes_in_one_grid_onto_the_lines_of_the_estimate(people, project):
    contract = project.contract
    tax_line = BudgetLine.objects.create(
        contract=contract, key="~tax", year=2020, position=9, category="social_tax",
        quantity=1, unit_cost_tiyn=100_000, grant_tiyn=100_000,
    )  # fmt: skip
    client, (head, accountant) = sign_in(people.bolat), contract.team.filter(table="staff")[:2]
    page = client.get(address("pay_new", project))
    assert page.context["form"]["social_tax"].value() == str(tax_line.pk)
    form = {
        "once": str(once.new()), "month": "2020-07", "source": "grant", "document": "payroll",
        "document_number": "7", "spent_on": "2020-08-05",
        "line": str(contract.budget.get(key="~b1").pk), "social_tax": str(tax_line.pk),
        f"p{head.pk}-accrued": "60 000", f"p{head.pk}-pension": "6 000",
        f"p{head.pk}-social_tax": "500", f"p{head.pk}-medical_deduction": "200",
        f"p{accountant.pk}-pension": "1",
    }  # fmt: skip
    page = client.post(address("pay_new", project), form)
    assert page.status_code == 422
    assert [bool(one.errors) for one in page.context["form"].people] == [False, True, False]
    form[f"p{accountant.pk}-pension"] = ""
    for _time in range(2):
        assert client.post(address("pay_new", project), form).status_code == 302
    rows = project.expenses.order_by("line__position").values_list("line__key", "sum_tiyn", "taxes")
    assert list(rows) == [
        ("~b1", 60_200 * TENGE, {"pension": 6_000 * TENGE, "medical_deduction": 200 * TENGE}),
        ("~tax", 500 * TENGE, {"social_tax": 500 * TENGE}),
    ]
    salaries, civil_law, taxes = client.get(address("payroll", project)).context["tables"]
    assert salaries.rows[0].money == [60_000 * TENGE, 6_000 * TENGE, 54_000 * TENGE]
    assert (civil_law.rows, taxes.rows[-1].money[-1]) == ([], 6_700 * TENGE)
    workbook = client.get(address("payroll_table", project))
    assert read_table(io.BytesIO(workbook.getvalue()))[1][1] == head.full_name


@pytest.mark.req("IM-067", "GR-I-03")
def test_whoever_has_left_the_team_is_left_out_after_the_last_month_and_the_pay_before_stays(
    people, project
):
    client, (head, accountant, pr) = sign_in(people.bolat), project.contract.team.filter(table="staff")  # fmt: skip
    accountant.until, pr.since = date(2020, 7, 15), date(2020, 8, 3)
    accountant.save()
    pr.save()

    def grid(month: str = "") -> list[Any]:
        form = client.get(address("pay_new", project), {"month": month}).context["form"]
        return [form.of, *([one.person for one in form.people], form.absent)]

    assert grid() == ["2020-07", [head, accountant], [pr]]
    form = {
        "once": str(once.new()), "month": "2020-07", "source": "grant", "document": "payroll",
        "document_number": "7", "spent_on": "2020-08-05", "line": str(project.contract.budget.get(key="~b1").pk),
        f"p{accountant.pk}-accrued": "60 000",
    }  # fmt: skip
    assert client.post(address("pay_new", project), form).status_code == 302
    assert grid() == ["2020-08", [head, pr], [accountant]]
    # From a page opened before the change: nothing typed is lost, and the reason stays on record.
    late = {**form, "once": str(once.new()), "month": "2020-08"}
    page = client.post(address("pay_new", project), late)
    assert [one.code for one in page.context["findings"]] == ["not_in_team"]
    assert [one.person for one in page.context["form"].people] == [head, accountant, pr]
    assert client.post(address("pay_new", project), {**late, "reason": "Есеп айырысу"}).status_code == 302  # fmt: skip
    salaries = client.get(address("payroll", project)).context["tables"][0]
    assert [row.words[1] for row in salaries.rows[:-1]] == [accountant.full_name] * 2


@pytest.mark.req("GR-K-05")
def test_payments_are_recorded_and_the_rest_is_divided_by_the_body(people, project):
    body = sign_in(people.gulnara)
    pay = address("tranche_step", project, "pay_tranche")
    page = body.post(pay, {"number": "1", "paid_tiyn": "500 000", "paid_on": "2020-07-01"})
    assert page.status_code == 422
    (form,) = [form for one, form in page.context["shown"] if one.number == 1]
    assert form["paid_tiyn"].value() == "500 000"
    body.post(pay, {"number": "1", "paid_tiyn": "400 000", "paid_on": "2020-07-01"})
    rows = {"t0-planned_tiyn": "100 000", "t1-planned_tiyn": "400 000", "t1-condition": "Есеп"}
    page = body.post(address("tranches", project), rows)
    assert [one.code for one in page.context["refused"]] == ["tranches_differ"]
    rows["t0-planned_tiyn"] = "200 000"
    assert body.post(address("tranches", project), rows).status_code == 302
    assert [(t.number, t.planned_tiyn // TENGE) for t in project.tranches.all()] == [
        (1, 400_000), (2, 200_000), (3, 400_000),
    ]  # fmt: skip
    assert sign_in(people.bolat).post(address("tranches", project), rows).status_code == 403


@pytest.mark.req("IM-035")
def test_the_working_estimate_is_written_once_and_agreed_by_the_body(people, project):
    assert sign_in(people.bolat).get(address("working_estimate", project)).status_code == 404
    project.contract.budget.all().delete()
    Contract.objects.filter(pk=project.contract_id).update(
        instrument="social_order", act="tender_scoring", edition="2019"
    )
    ngo, body = sign_in(people.bolat), sign_in(people.gulnara)
    activity = project.contract.activities.first()
    form = {
        "version": "0", "row-TOTAL_FORMS": "2", "row-INITIAL_FORMS": "0",
        "row-0-year": "2020", "row-0-category": "hall_rent", "row-0-activity": str(activity.pk),
        "row-0-item": "Зал", "row-0-unit": "күн", "row-0-quantity": "10",
        "row-0-unit_cost_tiyn": "100 000",
    }  # fmt: skip
    assert body.post(address("working_estimate", project), form).status_code == 403
    assert ngo.post(address("working_estimate", project), form).status_code == 302
    stale = ngo.post(address("working_estimate", project), form)
    assert (stale.status_code, stale.context["rows"].forms[0]["item"].value()) == (409, "Зал")
    ngo.post(address("working_estimate_step", project, "ask"))
    (year,) = body.get(address("working_estimate", project)).context["living"].years
    assert [one.line.item for group in year.groups for one in group.lines] == ["Зал"]
    body.post(address("working_estimate_step", project, "agree"))
    assert ngo.post(address("working_estimate", project), form).status_code == 403
    line = project.contract.budget.get()
    made = ngo.post(
        address("expense_new", project), typed(project_again(project), line=str(line.pk))
    )
    assert made.status_code == 302


def project_again(project: Project) -> Project:
    """`typed` asks for a line that this project has no more."""
    BudgetLine.objects.filter(contract=project.contract_id).update(key="~b1")
    return project


def test_pages_of_a_thousand_expenses_ask_the_database_as_often_as_of_one(people, project):
    client = sign_in(people.bolat)

    def asked() -> dict[str, int]:
        found = {}
        for name in ("money", "expenses", "payroll", "tranches", "expense_new"):
            with CaptureQueriesContext(connection) as queries:
                assert client.get(address(name, project)).status_code == 200
            found[name] = len(queries)
        return found

    spend(project, people.bolat, 1)
    asked()
    few = asked()
    pattern = project.expenses.get()
    member = project.contract.team.first()
    Expense.objects.bulk_create(
        Expense(
            project=project, once=uuid.uuid4(), number=number, line=pattern.line,
            document="payroll", document_number=str(number), spent_on=pattern.spent_on,
            payee="Кісі", sum_tiyn=100, added_at=pattern.added_at,
            person=member if number % 2 else None, month="2020-08" if number % 2 else "",
            taxes={"pension": 10},
        )
        for number in range(2, 1_001)
    )  # fmt: skip
    assert asked() == few

"""Money: what is recorded is never edited, what stands against it is said, sums are those of the rows."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ortaq.core import clock as house_clock
from ortaq.core import journal
from ortaq.core.procedure import Refused
from ortaq.people.actor import Actor
from ortaq.projects import tally
from ortaq.projects.models import BudgetLine, Contract, Expense, Project, WorkingEstimate
from ortaq.projects.procedure import working_estimate
from ortaq.projects.procedure.money import EXPENSE, admit_all, record, record_pay
from ortaq.projects.procedure.tranches import TRANCHES
from ortaq.projects.procedure.working_estimate import WORKING
from ortaq.projects.queries import money as queries
from ortaq.testing import factories

from . import scenes
from .scenes import TENGE

pytestmark = pytest.mark.django_db
DAY = date(2020, 8, 10)


@pytest.fixture
def people(clock):
    clock.set(scenes.NOW)
    return scenes.cast()


@pytest.fixture
def project(people, clock):
    made = scenes.running(people)
    clock.set(house_clock.at(date(2020, 12, 20), 10))
    return made


def line(project: Project, key: str = "~b1") -> BudgetLine:
    return project.contract.budget.get(key=key)


def typed(project: Project, tenge: int = 1_000, key: str = "~b1", **fields: Any) -> Expense:
    """An expense as a form gives it: nothing stands against it unless `fields` say so."""
    defaults = {
        "document": Expense.Document.INVOICE,
        "document_number": f"{uuid.uuid4()}"[:8],
        "spent_on": DAY,
        "payee": "«Кеңсе» ЖШС",
        "payee_number": factories.a_bin(),
    }
    return Expense(line=line(project, key), sum_tiyn=tenge * TENGE, **{**defaults, **fields})


def spend(project: Project, actor: Actor, tenge: int = 1_000, **fields: Any) -> Expense:
    return record(project, typed(project, tenge, **fields), uuid.uuid4(), actor=actor)[0]


def codes(refused: pytest.ExceptionInfo[Refused]) -> set[str]:
    return {finding.code for finding in refused.value.findings}


# --- Recording -----------------------------------------------------------------------------------


def test_a_form_sent_twice_records_one_expense(people, project):
    form, twin = uuid.uuid4(), typed(project)
    first, new = record(project, typed(project), form, actor=people.bolat)
    again, newer = record(project, twin, form, actor=people.bolat)
    assert (new, newer, again.pk, project.expenses.count()) == (True, False, first.pk, 1)
    project.refresh_from_db()
    assert project.spent_tiyn == first.sum_tiyn


@pytest.mark.req("GR-K-07", "SO-T-108", "IM-026", "IM-071")
@pytest.mark.parametrize(
    ("code", "fields"),
    [
        ("beyond_line", {"tenge": 60_000, "key": "~b3"}),
        ("before_the_term", {"spent_on": date(2020, 6, 30)}),
        ("after_the_term", {"spent_on": date(2020, 11, 21)}),
        ("other_activity", {"key": "~b3", "activity": "~a2"}),
        ("holding_handed_over", {"for_holding_event": True}),
        ("same_document", {"document_number": "77", "payee_number": "", "payee": "Дүкен"}),
    ],
)
def test_a_warning_wants_a_reason_and_stays_on_the_expense(people, project, code, fields):
    if code == "same_document":
        spend(project, people.bolat, **fields)
    if name := fields.get("activity"):
        fields = {**fields, "activity": project.contract.activities.get(key=name)}
    with pytest.raises(Refused) as refused:
        spend(project, people.bolat, **fields)
    assert codes(refused) == {code}
    kept = spend(project, people.bolat, **fields, reason="Тапсырыс берушімен келісілді")
    assert (kept.warned, kept.reason) == ([code], "Тапсырыс берушімен келісілді")


@pytest.mark.parametrize(
    ("code", "fields"),
    [
        ("in_future", {"spent_on": date(2021, 1, 5)}),
        ("beyond_contract", {"tenge": 1_000_001}),
    ],
)
def test_no_reason_helps_against_an_error(people, project, code, fields):
    with pytest.raises(Refused) as refused:
        spend(project, people.bolat, **fields, reason="Келісілді")
    assert code in codes(refused)
    assert not project.expenses.exists()


def test_own_money_does_not_count_against_the_contract(people, project):
    spend(project, people.bolat, 5_000, source=Expense.Source.OWN, reason="Өз қаражатымыз")
    project.refresh_from_db()
    assert project.spent_tiyn == 0
    assert queries.total(one.money for one in queries.by_line(project)).own.spent == 5_000 * TENGE


@pytest.mark.parametrize("who", ["dana", "gulnara", "clerk"])
def test_only_the_ngo_records(people, project, who):
    with pytest.raises(Refused) as refused:
        spend(project, getattr(people, who))
    assert codes(refused) == {"not_yours"}


# --- Decisions and voiding -----------------------------------------------------------------------


@pytest.mark.req("GR-I-16")
def test_the_body_decides_and_may_take_its_decision_back(people, project):
    one = spend(project, people.bolat, 1_000)
    with pytest.raises(Refused):
        EXPENSE.take("partly", one, actor=people.gulnara, admitted_tiyn=one.sum_tiyn, remark="Аз")
    EXPENSE.take("partly", one, actor=people.gulnara, admitted_tiyn=400 * TENGE, remark="Аз")
    project.refresh_from_db()
    assert (project.spent_tiyn, project.admitted_tiyn) == (1_000 * TENGE, 400 * TENGE)
    # The NGO does not withdraw money from under a decision.
    with pytest.raises(Refused):
        EXPENSE.take("void", one, actor=people.bolat, remark="Қате")
    EXPENSE.take("reopen", one, actor=people.gulnara, remark="Қайта қарау")
    EXPENSE.take("void", one, actor=people.bolat, remark="Қате")
    project.refresh_from_db()
    assert (project.spent_tiyn, project.admitted_tiyn) == (0, 0)
    assert [entry.step for entry in journal.history(one)] == ["begin", "partly", "reopen", "void"]
    with pytest.raises(Refused):
        EXPENSE.take("admit", one, actor=people.gulnara)


def test_admitting_many_leaves_out_what_is_decided(people, project):
    rows = [spend(project, people.bolat, tenge) for tenge in (100, 200, 300)]
    EXPENSE.take("refuse", rows[0], actor=people.gulnara, remark="Жоспарда жоқ")
    numbers = [row.number for row in rows]
    assert admit_all(project, numbers, actor=people.gulnara) == (2, 500 * TENGE)
    with pytest.raises(Refused):
        EXPENSE.take("admit", rows[1], actor=people.bolat)
    assert not list(tally.drifts())


Move = tuple[str, int, int]
MOVES = st.lists(
    st.tuples(
        st.sampled_from(["record", "void", "admit", "partly", "refuse", "reopen"]),
        st.integers(0, 4),
        st.integers(1, 300_000),
    ),
    min_size=5,
    max_size=12,
)
SOURCES = tuple(Expense.Source)


@pytest.mark.req("IM-070")
@settings(
    max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(moves=MOVES)
def test_sums_of_lines_are_those_of_the_rows_and_of_the_project_in_any_order(
    people, project, moves
):
    project.expenses.all().delete()
    tally.settle(project)
    for step, which, tenge in moves:
        rows = list(project.expenses.order_by("number"))
        try:
            if step == "record" or not rows:
                spend(
                    project,
                    people.bolat,
                    tenge,
                    key=f"~b{which % 3 + 1}",
                    source=SOURCES[which % 3 - tenge % 2],
                    reason="Негіз",
                )
            else:
                one = rows[which % len(rows)]
                actor = people.bolat if step == "void" else people.gulnara
                admitted = tenge * TENGE % one.sum_tiyn
                EXPENSE.take(step, one, actor=actor, remark="Негіз", admitted_tiyn=admitted)
        except Refused:
            pass
    project.refresh_from_db()
    grant = queries.living_estimate(project).money.grant
    assert (grant.spent, grant.admitted) == (project.spent_tiyn, project.admitted_tiyn)
    assert tally.of_project(project)["spent_tiyn"] == project.spent_tiyn
    assert tally.of_project(project)["admitted_tiyn"] == project.admitted_tiyn
    assert grant.admitted <= grant.spent <= project.contract.sum_tiyn
    months = queries.by_month(project)
    assert (months[-1].until, sum(m.spent for m in months)) == (grant.spent, grant.spent)
    assert queries.living_estimate(project).money == queries.total(
        one.money for one in queries.by_line(project)
    )


# --- Pay -----------------------------------------------------------------------------------------


def a_month(project: Project, month: str = "2020-07", **fields: Any) -> list[Expense]:
    """The pay of the four: three salaries, one civil-law contract, each 100 000 with its taxes."""
    taxes = {"pension": 10_000 * TENGE, "income_tax": 5_000 * TENGE, "social_tax": 4_000 * TENGE}
    return [
        typed(
            project,
            104_000,
            payee=one.full_name,
            payee_number="",
            payee_is_organisation=False,
            person=one,
            month=month,
            taxes=taxes,
            **fields,
        )
        for one in project.contract.team.all()
    ]


@pytest.mark.req("IM-067", "IM-069", "IM-070")
def test_pay_is_broken_down_by_person_and_month_and_taxes_by_month(people, project):
    form = uuid.uuid4()
    assert len(record_pay(project, a_month(project), form, actor=people.bolat)) == 4
    assert record_pay(project, a_month(project), form, actor=people.bolat) == []
    paid = queries.payroll(project)
    assert [(row.month, row.pay.accrued, row.pay.withheld, row.pay.net) for row in paid] == [
        ("2020-07", 100_000 * TENGE, 15_000 * TENGE, 85_000 * TENGE)
    ] * 3
    assert [row.person for row in queries.civil_law(project)] == ["Нұрланова Гүлмира"]
    (taxes,) = queries.taxes(project)
    assert taxes.salaries["pension"] == 30_000 * TENGE
    assert taxes.all["social_tax"] == 16_000 * TENGE


def test_the_same_month_paid_again_is_warned_about_and_nothing_is_recorded_by_halves(
    people, project
):
    record_pay(project, a_month(project), uuid.uuid4(), actor=people.bolat)
    with pytest.raises(Refused) as refused:
        record_pay(project, a_month(project), uuid.uuid4(), actor=people.bolat)
    assert codes(refused) == {"paid_already"}
    assert project.expenses.count() == 4


# --- Tranches ------------------------------------------------------------------------------------


@pytest.mark.req("GR-K-05")
def test_a_payment_stays_within_the_advance_the_contract_and_the_calendar(people, project):
    def pay(**facts: Any) -> Callable[[], Any]:
        given = {"number": 1, "paid_tiyn": 400_000 * TENGE, "paid_on": date(2020, 7, 1), **facts}
        return lambda: TRANCHES.take("pay_tranche", project, actor=people.gulnara, **given)

    for code, facts in (
        ("advance_above_limit", {"paid_tiyn": 400_000 * TENGE + 1}),
        ("paid_in_future", {"paid_on": date(2021, 1, 1)}),
        ("paid_before_contract", {"paid_on": date(2020, 6, 19)}),
        ("paid_beyond_contract", {"number": 2, "paid_tiyn": 1_000_001 * TENGE}),
        ("no_sum", {"paid_tiyn": 0}),
    ):
        with pytest.raises(Refused) as refused:
            pay(**facts)()
        assert code in codes(refused)
    pay()()
    with pytest.raises(Refused) as refused:
        pay()()
    assert codes(refused) == {"paid_already_tranche"}
    assert (project.paid_tiyn, queries.paid(project).on_hand) == (400_000 * TENGE,) * 2
    TRANCHES.take("unpay_tranche", project, actor=people.gulnara, number=1, reason="Қате жазылды")
    assert (project.paid_tiyn, list(tally.drifts())) == (0, [])


def test_tranches_make_the_sum_of_the_contract(people, project):
    first, second = project.tranches.all()
    first.planned_tiyn -= 1
    with pytest.raises(Refused) as refused:
        TRANCHES.take("plan_tranches", project, actor=people.gulnara, planned=[first, second])
    assert codes(refused) == {"tranches_differ"}
    second.planned_tiyn += 1
    TRANCHES.take("plan_tranches", project, actor=people.gulnara, planned=[first, second])
    assert sum(one.planned_tiyn for one in project.tranches.all()) == project.contract.sum_tiyn
    with pytest.raises(Refused) as refused:
        TRANCHES.take("plan_tranches", project, actor=people.bolat, planned=[first, second])
    assert codes(refused) == {"not_yours"}


# --- The working estimate ------------------------------------------------------------------------


@pytest.mark.req("IM-035", "IM-071")
def test_a_social_order_without_lines_agrees_a_working_estimate_before_the_first_expense(
    people, project
):
    contract = project.contract
    kept = list(contract.budget.all())
    contract.budget.all().delete()
    Contract.objects.filter(pk=contract.pk).update(
        instrument=Contract.Instrument.SOCIAL_ORDER, act="tender_scoring", edition="2019"
    )
    project = Project.objects.get(pk=project.pk)

    def write(lines: list[BudgetLine]) -> Callable[[Contract], None]:
        def save(_contract: Contract) -> None:
            BudgetLine.objects.bulk_create(lines)

        return save

    working_estimate.edit(project, 0, write(kept[:2]), actor=people.bolat)
    working = WorkingEstimate.objects.get(project=project)
    with pytest.raises(Refused) as refused:
        WORKING.take("ask", working, actor=people.bolat)
    assert codes(refused) == {"estimate_differs"}
    with pytest.raises(Refused) as refused:
        working_estimate.edit(project, 0, write(kept[2:]), actor=people.aliya)
    assert codes(refused) == {"changed_meanwhile"}
    working_estimate.edit(project, 1, write(kept[2:]), actor=people.aliya)
    with pytest.raises(Refused) as refused:
        spend(project, people.bolat, key=kept[0].key)
    assert codes(refused) == {"no_estimate"}
    WORKING.take("ask", working, actor=people.bolat)
    WORKING.take("agree", working, actor=people.gulnara)
    assert spend(project, people.bolat, key=kept[0].key).number == 1


@pytest.mark.req("GR-I-15")
def test_money_of_two_years_is_followed_year_by_year(people, project, clock):
    Contract.objects.filter(pk=project.contract_id).update(ends_on=date(2021, 6, 30))
    BudgetLine.objects.filter(contract=project.contract_id, key="~b3").update(year=2021)
    project = Project.objects.get(pk=project.pk)
    clock.set(house_clock.at(date(2021, 2, 1), 10))
    spend(project, people.bolat, 10)
    with pytest.raises(Refused) as refused:
        spend(project, people.bolat, 20, key="~b3")
    assert codes(refused) == {"other_year"}
    spend(project, people.bolat, 20, key="~b3", spent_on=DAY + timedelta(days=160))
    years = queries.living_estimate(project).years
    assert [(one.year, one.money.grant.spent // TENGE) for one in years] == [(2020, 10), (2021, 20)]

"""Follow the tenge: each figure as the rooms have it, nothing sooner, and nobody's name."""

from __future__ import annotations

import uuid
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from ortaq.core import clock as house_clock
from ortaq.planning.tests import scenes as planning
from ortaq.portal.queries import tenge, way
from ortaq.projects.models import Event, Expense, Presentation, Project
from ortaq.projects.procedure.money import EXPENSE, record
from ortaq.projects.procedure.tranches import TRANCHES
from ortaq.projects.queries import public
from ortaq.projects.tests import scenes
from ortaq.projects.tests.scenes import TENGE
from ortaq.tenders.tests import commission_scenes
from ortaq.testing import factories

pytestmark = [pytest.mark.django_db, pytest.mark.once]

# Of each expense: the line, tenge, to whom, whether that is an organisation.
EXPENSES = (
    ("~b1", 300_000, "Иманова Айгүл", False),
    ("~b2", 49_999, "«Техника» ЖШС", True),
    ("~b3", 40_000, "«Баспа» ЖШС", True),
)


def admitted(people: scenes.Cast, project: Project) -> None:
    """The advance is paid, and three expenses are admitted, one of them to a person."""
    TRANCHES.take(
        "pay_tranche", project, actor=people.gulnara, number=1,
        paid_on=date(2020, 7, 10), paid_tiyn=400_000 * TENGE, document="ТТ-77",
    )  # fmt: skip
    for line, tenge_, payee, is_organisation in EXPENSES:
        row = Expense(
            line=project.contract.budget.get(key=line),
            sum_tiyn=tenge_ * TENGE,
            document=Expense.Document.INVOICE,
            document_number=f"№{tenge_}",
            spent_on=date(2020, 8, 10),
            payee=payee,
            payee_number=factories.a_bin() if is_organisation else "",
            payee_is_organisation=is_organisation,
            reason="Қажет",
        )
        expense, _new = record(project, row, uuid.uuid4(), actor=people.bolat)
        EXPENSE.take("admit", expense, actor=people.gulnara)
    project.refresh_from_db()


@pytest.mark.req("SO-G-07")
def test_the_money_of_a_contract_is_told_to_the_tiyn_and_nobody_who_was_paid(clock, client):
    clock.set(scenes.NOW)
    people = scenes.cast()
    project = scenes.running(people, source="elsewhere:15")
    clock.set(house_clock.at(date(2020, 12, 20), 10))
    admitted(people, project)
    address = reverse("portal:tenge_contract", args=[project.contract_id])
    assert client.get(address).status_code == 404  # a contract as such is its parties' own
    Presentation.objects.create(project=project, published_at=house_clock.now())
    held = scenes.an_event(project, house_clock.at(date(2020, 8, 1), 10), region="110000000")
    Event.objects.filter(pk=held.pk).update(state=Event.State.HELD)
    Project.objects.filter(pk=project.pk).update(covered=4, answers=4, points=18)

    for language, words in {
        "kk": "Бес адамнан аз",
        "ru": "Меньше пяти",
        "en": "Fewer than five",
    }.items():
        client.cookies["ortaq_language"] = language
        told = client.get(address).content.decode()
        assert words in told
        for private in ("Иманова", "Техника", "ТТ-77", "№300000", "Сәрсенова", "Абай көшесі"):
            assert private not in told
    found = tenge.contract(tenge.public_contracts().get(pk=project.contract_id))
    sums = {one.title: one.tiyn for one in found.steps if one.tiyn is not None}
    assert list(sums.values()) == [
        project.contract.sum_tiyn, project.paid_tiyn, project.admitted_tiyn,
    ]  # fmt: skip
    # What one person was paid stands together with the smallest other kind.
    items = {one.keys: one.sum_tiyn for one in found.carried[0].money.items}
    assert items == {
        ("salaries_lines", "handouts_lines"): 340_000 * TENGE,
        ("material_support_lines",): 49_999 * TENGE,
    }
    assert sum(items.values()) == project.admitted_tiyn


def test_five_people_may_be_counted_and_a_pay_whose_people_are_unknown_is_not_told(clock):
    clock.set(scenes.NOW)
    project = scenes.running(scenes.cast())
    for number, (key, category) in enumerate({"~b1": "salaries_lines", "~b2": "lodging"}.items()):
        project.contract.budget.filter(key=key).update(category=category)
        for person in range(5 - number):
            Expense.objects.create(
                project=project, once=uuid.uuid4(), number=10 * number + person,
                line=project.contract.budget.get(key=key), sum_tiyn=100, admitted_tiyn=100,
                state=Expense.State.ADMITTED, spent_on=date(2020, 8, 1), payee=f"Адам {person}",
                payee_is_organisation=False, added_at=house_clock.now(),
            )  # fmt: skip
    (money,) = public.money_of([project]).values()
    assert [one.keys for one in money.items] == [("salaries_lines", "lodging")]
    Expense.objects.filter(line__key="~b2").update(payee="Бір адам", payee_is_organisation=True)
    (money,) = public.money_of([project]).values()
    assert [one.keys for one in money.items] == [("salaries_lines",), ("lodging",)]
    Expense.objects.filter(line__key="~b1").update(payee_is_organisation=True)
    (money,) = public.money_of([project]).values()
    assert [one.keys for one in money.items] == [("salaries_lines", "lodging")]
    Expense.objects.filter(line__key="~b2").delete()
    (money,) = public.money_of([project]).values()
    assert [(one.keys, one.sum_tiyn) for one in money.items] == [((public.ALL,), 500)]


def test_a_topic_is_followed_from_its_need_and_gaps_are_told(clock, client):
    bids = {"Дана": ("1+1+3+1+1+2", 9_000_000), "Әлия": ("1+1+3+2+1+2", 9_900_000)}
    review = commission_scenes.a_review(clock, 10_000_000, bids)
    for name, (points, _tenge) in bids.items():
        review.adopt(name, points)
    review.take("decide")
    address = reverse("portal:tenge_order", args=[review.lot.topic_id])
    assert "9 900 000" not in client.get(address).content.decode().replace(
        "\N{NO-BREAK SPACE}", " "
    )
    review.take("publish")
    told = client.get(address).content.decode().replace("\N{NO-BREAK SPACE}", " ")
    assert "9 900 000 ₸" in told
    assert reverse("tenders:results", args=[review.tender.pk]) in told
    found = tenge.order(way.topics().get(pk=review.lot.topic_id))
    assert [one.value for one in found.flow if one.value] == [
        10_000_000_00,
        10_000_000_00,
        9_900_000_00,
    ]
    assert found.gaps

    with CaptureQueriesContext(connection) as asked:
        client.get(address)
    assert len(asked) <= 22
    drafted = planning.a_draft(review.cast.saule, review.cast.akimat)
    topic = planning.a_topic(drafted, review.cast.saule)
    hidden = reverse("portal:tenge_order", args=[topic.pk])
    assert client.get(hidden).status_code == client.get(f"{address[:-1]}9999/").status_code == 404

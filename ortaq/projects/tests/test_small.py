"""Small grants that the grantee gives on: within the limits of the topic, published in one step, paid and proved."""

from __future__ import annotations

import io
from datetime import date

import pytest
from docx import Document

from ortaq.core import clock as house_clock
from ortaq.core import journal
from ortaq.core.models import Duty, Letter
from ortaq.core.procedure import Refused
from ortaq.documents import render
from ortaq.projects import once
from ortaq.projects.models import Project, SmallCompetition, SmallGrant
from ortaq.projects.papers.small import protocol
from ortaq.projects.procedure.small import SMALL, prepare
from ortaq.projects.procedure.small_grant import GRANT, apply, forget
from ortaq.projects.queries import small as queries
from ortaq.testing.remembered import remembered

from . import scenes
from .test_change import spend

pytestmark = pytest.mark.django_db
TENGE = scenes.TENGE
RURAL = {"kind": "exactly", "amount_tiyn": 500_000 * TENGE, "minimum": 2, "coverage": "regions",
         "regions": ["110000000", "100000000"]}  # fmt: skip
VOLUNTEERS = {"kind": "up_to", "amount_tiyn": 300_000 * TENGE, "minimum": 2,
              "forbidden_kk": "жалақы, кеңсе", "forbidden_ru": "зарплата, офис"}  # fmt: skip
CLOSES = house_clock.at(date(2020, 7, 10), 18)


@pytest.fixture
def people(clock):
    clock.set(scenes.NOW)
    return scenes.cast()


@remembered
def announced(people, limits=VOLUNTEERS) -> SmallCompetition:
    project = scenes.running(people, small_grants=limits)
    values = {
        "title_kk": "Еріктілер бастамалары", "title_ru": "Инициативы волонтёров",
        "announcement_kk": "Өтінім беріңіз", "announcement_ru": "Подайте заявку",
        "rules_kk": "Комиссия іріктейді", "rules_ru": "Отбирает комиссия", "closes_at": CLOSES,
    }  # fmt: skip
    made = prepare(project, once.new(), values, actor=people.bolat)
    SMALL.take("publish", made, actor=people.aliya)
    return made


def asked(**fields):
    return {
        "applicant": "citizen", "name": "Нұрлан Ақжол", "contact": "+7 700 000 00 21",
        "identifier": "", "region": "110000000", "title": "Саябақ тазалау", "text": "Көшет отырғызу",
        "asked_tiyn": 200_000 * TENGE, "consented": True, **fields,
    }  # fmt: skip


def received(competition, *contacts, **fields) -> list[SmallGrant]:
    return [apply(competition, once.new(), asked(contact=one, **fields)) for one in contacts]


def selecting(competition, people, clock) -> None:
    clock.set(house_clock.at(date(2020, 7, 11), 9))
    SMALL.take("select", competition, actor=people.bolat)


def choose(grant, people, tenge=200_000, **facts) -> None:
    GRANT.take(
        "choose", grant, actor=people.bolat, given_tiyn=tenge * TENGE,
        **{"purpose_checked": True, "reason": "Пайдалы", **facts},
    )  # fmt: skip


def refusal(call, *args, **facts) -> set[str]:
    with pytest.raises(Refused) as refused:
        call(*args, **facts)
    return {one.code for one in refused.value.findings}


@pytest.mark.req("GR-P-13", "GR-I-13")
def test_small_grants_go_from_the_announcement_to_the_proof(people, clock):
    competition = announced(people)
    first, second, third = received(competition, "a@example.kz", "b@example.kz", "c@example.kz")
    selecting(competition, people, clock)
    choose(first, people)
    choose(second, people, 300_000)
    assert refusal(SMALL.take, "decide", competition, actor=people.aliya) == {"undecided"}
    GRANT.take("turn_down", third, actor=people.bolat, reason="Мақсаты басқа")
    found = {one.code for one in SMALL.findings("decide", competition, people.aliya)}
    assert found == {"forbidden_purposes"}
    SMALL.take("decide", competition, actor=people.aliya)

    project = Project.objects.get(pk=competition.project_id)
    expense = spend(project, "~b1", 200_000)
    GRANT.take("pay", first, actor=people.bolat, expense=expense)
    GRANT.take("prove", first, actor=people.bolat, proof="Есеп пен фото тапсырылды")
    assert first.state == "proved"
    assert queries.totals(project) == queries.Totals(2, 500_000 * TENGE, 1, 1, 1)
    steps = [entry.step for entry in journal.history(project)]
    assert steps[-2:] == ["small_grants_announced", "small_grants_decided"]
    assert not Duty.objects.filter(code="small_select", done_at=None).exists()


@pytest.mark.req("GR-P-13", "GR-I-13")
def test_limits_of_the_topic_hold_when_selecting(people, clock):
    competition = announced(people)
    (grant,) = received(competition, "a@example.kz")
    selecting(competition, people, clock)
    against = refusal(choose, grant, people, 300_001, purpose_checked=False, reason="")
    assert against == {"above_limit", "purpose_unchecked", "no_reason"}
    choose(grant, people, 300_000)
    warned = {one.code for one in SMALL.findings("decide", competition, people.aliya)}
    assert warned == {"forbidden_purposes", "fewer_than_minimum"}


@pytest.mark.req("GR-X-12", "GR-I-13")
def test_another_sum_than_the_stated_one_needs_the_consent_of_the_body(people, clock):
    competition = announced(people, RURAL)
    grant, _other = received(competition, "a@example.kz", "b@example.kz")
    selecting(competition, people, clock)
    GRANT.take("turn_down", _other, actor=people.bolat, reason="Толық емес")
    choose(grant, people, 400_000)
    assert refusal(SMALL.take, "decide", competition, actor=people.aliya) == {"needs_consent"}
    assert refusal(SMALL.take, "consent", competition, actor=people.gulnara) == {"consent_not_asked"}  # fmt: skip

    SMALL.take("ask_consent", competition, actor=people.aliya, reason="Баға төмендеді")
    assert Duty.objects.filter(code="small_consent", done_at=None).count() == 1
    assert refusal(SMALL.take, "consent", competition, actor=people.aliya) == {"not_yours"}
    SMALL.take("consent", competition, actor=people.gulnara)
    told = {(one.kind.partition("-")[0], one.recipient) for one in Letter.objects.exclude(recipient=None)}  # fmt: skip
    assert {("consent_asked", people.gulnara.user), ("consent_answered", people.aliya.user)} <= told
    choose(grant, people, 450_000)  # another sum needs consent anew
    assert "needs_consent" in refusal(SMALL.take, "decide", competition, actor=people.aliya)
    choose(grant, people, 400_000)
    SMALL.take("decide", competition, actor=people.aliya)
    found = {one.code for one in SMALL.findings("decide", competition, people.aliya)}
    assert {"fewer_than_minimum", "regions_missing"} <= found


def test_an_application_is_received_once_and_in_time(people, clock):
    competition = announced(people)
    form = once.new()
    first = apply(competition, form, asked())
    assert apply(competition, form, asked()) == first
    # Gone back to, changed and sent again: nothing typed is lost.
    assert apply(competition, form, asked(title="Кітапхана")).number == 2
    own = asked(applicant="ngo", identifier=competition.project.contract.grantee.bin)
    assert refusal(apply, competition, once.new(), own) == {"own_application"}
    assert refusal(apply, competition, once.new(), asked(consented=False)) == {"no_consent"}

    clock.set(CLOSES)
    apply(competition, once.new(), asked(name="Соңғы сәтте"))
    clock.travel(seconds=1)
    assert refusal(apply, competition, once.new(), asked()) == {"too_late"}
    assert apply(competition, once.new(), asked(), actor=people.bolat).on_paper
    SMALL.take("select", competition, actor=people.bolat)
    assert refusal(apply, competition, once.new(), asked(), actor=people.bolat) == {"moved_on"}


def test_nothing_is_selected_while_applications_may_still_come(people):
    competition = announced(people)
    assert refusal(SMALL.take, "select", competition, actor=people.bolat) == {"still_accepting"}
    assert refusal(SMALL.take, "prolong", competition, actor=people.aliya, closes_at=CLOSES) == {"not_later"}  # fmt: skip
    (grant,) = received(competition, "a@example.kz")
    assert refusal(choose, grant, people) == {"moved_on"}
    assert refusal(GRANT.take, "choose", grant, actor=people.dana) == {"not_yours"}


@pytest.mark.req("GR-I-13")
def test_a_payment_is_an_expense_of_exactly_the_sum_and_of_no_other_small_grant(people, clock):
    competition = announced(people)
    first, second = received(competition, "a@example.kz", "b@example.kz")
    selecting(competition, people, clock)
    for grant in (first, second):
        choose(grant, people)
    project = competition.project
    expense, other = spend(project, "~b1", 200_000), spend(project, "~b1", 100_000)
    assert refusal(GRANT.take, "pay", first, actor=people.bolat, expense=expense) == {"not_published"}  # fmt: skip
    SMALL.take("decide", competition, actor=people.aliya)
    assert refusal(GRANT.take, "pay", first, actor=people.bolat, expense=other) == {"sum_differs"}
    GRANT.take("pay", first, actor=people.bolat, expense=expense)
    assert refusal(GRANT.take, "pay", second, actor=people.bolat, expense=expense) == {"expense_taken"}  # fmt: skip
    assert refusal(GRANT.take, "give_back", first, actor=people.bolat, returned_tiyn=200_001 * TENGE, reason="x") == {"returned_too_much"}  # fmt: skip
    GRANT.take("give_back", first, actor=people.bolat, returned_tiyn=50_000 * TENGE, reason="Артық")
    assert first.state == "returned"


def test_a_contract_without_small_grants_has_no_competition(people):
    project = scenes.running(people)
    assert refusal(prepare, project, once.new(), {}, actor=people.bolat) == {"no_small_grants"}
    assert refusal(prepare, project, once.new(), {}, actor=people.gulnara) == {"not_yours"}


@pytest.mark.req("GR-I-13")
def test_citizens_are_published_by_number_and_forgotten_after_retention(people, clock):
    competition = announced(people)
    citizen, ngo = received(competition, "a@example.kz"), None
    ngo = apply(competition, once.new(), asked(applicant="ngo", name="«Қамқор» ҚБ", identifier=people.operator.bin))  # fmt: skip
    selecting(competition, people, clock)
    for grant in (*citizen, ngo):
        choose(grant, people)

    def public() -> list[str]:
        return [one.who for one in queries.results(queries.announced_one(competition.code).get())]

    assert public() == []
    SMALL.take("decide", competition, actor=people.aliya)
    assert "«Қамқор» ҚБ" in public()
    assert not any("Нұрлан" in who for who in public())
    for named in (True, False):
        made = protocol(competition, queries.grants_of(competition), "kk", named=named)
        document = Document(io.BytesIO(render.docx(made)))
        cells = [c.text for table in document.tables for row in table.rows for c in row.cells]
        assert any("Нұрлан" in text for text in cells) is named
    assert forget(competition.project) == 1
    assert set(SmallGrant.objects.values_list("name", flat=True)) == {"", "«Қамқор» ҚБ"}

"""From the published winner to the draft of its contract (GR-K-01..11, GR-I-01..11)."""

from __future__ import annotations

from functools import partial

import pytest
from django.urls import reverse

from ortaq.core import journal
from ortaq.core.models import Duty
from ortaq.core.procedure import Refused
from ortaq.grants.models import Outcome, SmallGrantTerms, Topic
from ortaq.grants.procedure.contract import draft_contract, small_grants
from ortaq.grants.procedure.contract_content import indicators
from ortaq.people.models import Role
from ortaq.projects.models import Contract
from ortaq.projects.procedure.contract import CONTRACT
from ortaq.testing import factories
from ortaq.testing.together import at_once

from . import outcome_scenes as scenes

PLAN = {1: {"aliya": 20, "dana": 18}, 2: {"aliya": 15}}


@pytest.mark.django_db
@pytest.mark.req("GR-K-01", "GR-K-03", "GR-K-05", "GR-I-01", "GR-I-02")
def test_the_contract_is_filled_from_the_application(clock):
    scene, contract = scenes.drafted(clock)
    application = scene.application(1, "aliya")

    assert (contract.state, contract.grantor, contract.grantee) == (
        "draft",
        scene.cast.operator,
        scene.cast.ngo,
    )
    assert contract.source_number == application.number
    assert (contract.act, contract.edition) == ("grants_rules", "2020")
    assert contract.sum_tiyn == application.grant_tiyn == 2_200_000_00
    assert contract.advance_tiyn == 880_000_00
    assert (contract.starts_on, contract.ends_on) == (application.starts_on, application.ends_on)
    assert contract.general == {
        "grantee": "Әлем қоғамдық қоры",  # as the form wants names
        "priority_direction": "Білім беру",
        "grant_topic": "1-тақырып: еріктілерді қолдау",
        "project_goal": "Ауыл жастарын еріктілікке тарту",
        "territory": "Ақмола облысы, Көкшетау қаласы",
        "target_group": "14-29 жастағы жастар\nАуыл мұғалімдері",
        "period": "01.07.2020 – 20.11.2020",
        "expected_results": "200 ерікті дайындалады\n4 ауылда орталық ашылады",
        "partners": "1\n«Ауыл жастары» қоғамдық бірлестігі",
    }


@pytest.mark.django_db
@pytest.mark.req("GR-I-03", "GR-K-10")
def test_the_team_stands_in_two_tables(clock):
    _scene, contract = scenes.drafted(clock)

    assert [(m.table, m.full_name, m.role, m.contact) for m in contract.team.all()] == [
        ("staff", "Әлиева Әлия", "head", "+7 700 000 00 11, aliya@example.kz"),
        ("staff", "Болатов Болат", "accountant", ""),
        ("staff", "Сара Қ.", "pr", ""),
        ("civil_law", "Нұрланова Гүлмира", "other", ""),
    ]


@pytest.mark.django_db
@pytest.mark.req("GR-I-04", "GR-I-05", "GR-I-08", "GR-I-09", "GR-K-11", "GR-X-20")
def test_the_plan_has_tasks_with_indicators_presentation_and_information_work(clock):
    _scene, contract = scenes.drafted(clock)

    rows = [(a.section, a.task, a.text, a.key, a.term) for a in contract.activities.all()]
    assert rows == [
        # The calendar plan knows this activity: it keeps the identity that costs refer to.
        ("task", "Еріктілерді дайындау", "Тренинг", "~c1", "2020 ж. шілде–тамыз, 2020 ж. қазан"),
        ("task", "Орталықтар ашу", "Ауылдарда орталық ашу", "~m2monitoring", ""),
        ("task", "", "Кездесулер", "~c2", "жобаны іске асыру барысында"),
        (
            "final_presentation",
            "",
            "Шарт талаптарына сәйкес жоба нәтижелерінің қорытынды жария презентациясы",
            "final_presentation",
            "2020 ж. қараша",
        ),
        ("information_work", "", "Мақала", "~p1media", "Ай сайын"),
    ]
    training = contract.activities.get(key="~c1")
    assert [
        (i.text, i.planned, i.reading, i.minimum, i.second) for i in training.indicators.all()
    ] == [
        ("Қатысушылар саны", "200-ден кем емес", "at_least", 200, None),
        ("Тренингтер саны", "4", "exact", 4, None),
        ("Фото/видео есеп", "6/1", "pair", 6, 1),
    ]
    assert training.months == ["2020-07", "2020-08", "2020-10"]
    article = contract.activities.get(key="~p1media")
    assert (article.channel, article.indicators.get().minimum) == ("Сайт", 3)


@pytest.mark.django_db
@pytest.mark.req("GR-K-07", "GR-K-08", "GR-K-09", "GR-I-10", "GR-I-11")
def test_the_estimate_keeps_its_lines_and_block_four_what_can_be_counted(clock):
    _scene, contract = scenes.drafted(clock)

    lines = [
        (b.key, b.category, b.activity and b.activity.key, b.total_tiyn, b.grant_tiyn)
        for b in contract.budget.select_related("activity")
    ]
    assert lines == [
        ("~b1", "salaries_lines", None, 1_500_000_00, 1_500_000_00),
        ("~b2", "material_support_lines", None, 200_000_00, 200_000_00),
        ("~b3", "services_legal_lines", "~c1", 400_000_00, 400_000_00),
        ("~b4", "handouts_lines", "~c1", 100_000_00, 100_000_00),
    ]
    assert sum(line[4] for line in lines) == contract.sum_tiyn
    assert contract.social_effect == {
        "direct_beneficiaries": 200,
        "indirect_beneficiaries": None,
        "employees": 3,
        "specialists": 1,
        "ngos_covered": None,
        "partners": 1,
    }
    # Nothing is invented where the application is silent: that is what is left to do.
    found = CONTRACT.findings("send", contract, _scene.cast.gulnara)
    missing = {f.code for f in found if f.severity == "error"}
    assert missing == {
        "no_indicators",
        "indicators_without_number",
        "effect_missing",
        "chain_incomplete",
    }


@pytest.mark.req("GR-I-05", "GR-I-06")
def test_indicators_are_parted_from_their_planned_values():
    text = "Қатысушылар: 50-ден кем емес; Фото – 6/1.\n• Шолу\n200 парақша; Қала: Астана"

    assert [(row["text"], row["planned"], row["minimum"]) for row in indicators(text)] == [
        ("Қатысушылар", "50-ден кем емес", 50),
        ("Фото", "6/1", 6),
        ("Шолу", "", None),
        ("200 парақша", "200 парақша", 200),
        ("Қала: Астана", "", None),
    ]


@pytest.mark.django_db
@pytest.mark.req("GR-K-03")
def test_a_second_click_finds_the_same_contract(clock):
    scene, contract = scenes.drafted(clock)

    again = draft_contract(scene.outcome(1), scene.cast.gulnara)

    assert (again.contract, again.new) == (contract, False)
    assert Contract.objects.count() == 1
    assert [entry.step for entry in journal.history(contract)] == ["begin"]
    assert contract.team.count() == 4


@pytest.mark.django_db(transaction=True)
def test_two_officers_who_click_at_once_make_one_contract(clock):
    scene = scenes.published(clock, {1: {"aliya": 20, "dana": 18}})
    click = partial(draft_contract, scene.outcome(1), scene.cast.gulnara)

    results = at_once(click, click, at=clock.instant)

    assert len({drafted.contract.pk for drafted in results}) == 1
    assert sorted(drafted.new for drafted in results) == [False, True]
    contract = Contract.objects.get()
    assert (contract.team.count(), contract.budget.count(), contract.approvals.count()) == (4, 4, 5)


@pytest.mark.django_db
def test_there_is_no_contract_without_a_published_winner(clock):
    scene = scenes.prepared(clock, PLAN)
    for lot in (1, 2):
        with pytest.raises(Refused) as refused:
            draft_contract(scene.outcome(lot), scene.cast.gulnara)
        assert [f.code for f in refused.value.findings] == ["no_published_winner"]
    scene.take("publish")

    with pytest.raises(Refused):
        draft_contract(scene.outcome(2), scene.cast.gulnara)
    assert draft_contract(scene.outcome(1), scene.cast.gulnara).new


@pytest.mark.django_db
def test_only_the_competitions_operator_drafts_a_contract(clock):
    scene = scenes.published(clock, PLAN)
    outcome = scene.outcome(1)
    stranger = factories.a_member(factories.an_organisation("operator"), Role.OFFICER)
    address = reverse("grants:contract_draft", args=[outcome.pk])

    for actor in (stranger, scene.cast.aliya, scene.cast.dana):
        with pytest.raises(Refused):
            draft_contract(outcome, actor)
        assert scene.client(actor).post(address).status_code == 404
    assert not Contract.objects.exists()

    answer = scene.client("gulnara").post(address)
    assert answer.headers["Location"] == reverse(
        "projects:contract", args=[Contract.objects.get().pk]
    )


@pytest.mark.django_db
def test_completing_the_draft_is_the_operators_duty(clock):
    scene, contract = scenes.drafted(clock)

    duty = Duty.objects.get(subject=f"projects.contract:{contract.pk}", done_at=None)

    assert (duty.code, duty.bearer) == (
        "complete_contract",
        f"organisation:{scene.cast.operator.pk}",
    )
    assert Outcome.objects.get(winner__isnull=False).lot.position == 1


@pytest.mark.req("GR-P-13", "GR-X-12")
def test_the_contract_takes_over_what_the_topic_says_of_small_grants():
    topic = Topic(coverage="regions", regions=["110000000"])
    assert small_grants(topic) == {}
    topic.small_grants = SmallGrantTerms(
        topic=topic, kind="exactly", amount_tiyn=500_000_00, minimum=10, recipients_kk="ауылдық ҮЕҰ"
    )
    kept = small_grants(topic)
    assert (kept["kind"], kept["amount_tiyn"], kept["minimum"]) == ("exactly", 500_000_00, 10)
    assert (kept["coverage"], kept["regions"]) == ("regions", ["110000000"])
    assert kept["recipients_kk"] == "ауылдық ҮЕҰ"

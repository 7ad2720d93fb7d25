"""Versions of plans: who changes what, what stays, and the pages."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from ortaq.core import clock as house_clock
from ortaq.core import journal
from ortaq.core.procedure import Refused
from ortaq.grants import importing
from ortaq.grants.models import Plan, PlanVersion, SmallGrantTerms, Topic
from ortaq.grants.procedure.plan import VERSION, copy_to_regions, new_version, write_topic
from ortaq.grants.queries import plan as queries
from ortaq.grants.tests import scenes
from ortaq.people.actor import PASSER_BY

State = PlanVersion.State
ROLES = ("aliya", "bolat", "dana", "erlan", "saule", "gulnara", "passer_by")
LATER = scenes.APPROVED + timedelta(days=60)


@pytest.fixture
def played(db, clock):
    clock.set(scenes.APPROVED)
    return scenes.cast()


@pytest.fixture
def browse(client):
    def sign_in(actor):
        if actor.user is None:
            client.logout()
        else:
            client.force_login(actor.user, backend="django.contrib.auth.backends.ModelBackend")
        return client

    return sign_in


def actor(played, role):
    return PASSER_BY if role == "passer_by" else getattr(played, role)


def codes(refused):
    return [finding.code for finding in refused.value.findings]


# --- The table of steps --------------------------------------------------------------------------

STEPS = {
    State.DRAFT: {"import", "approve", "discard"},
    State.APPROVED: {"supersede"},
    State.SUPERSEDED: set(),
}


@pytest.mark.req("GR-P-04")
@pytest.mark.parametrize("role", ROLES)
def test_every_step_of_a_version_in_every_state_for_every_role(played, role):
    version = scenes.draft_version(played.gulnara, scenes.plan_table([{2020: 1}]))
    offered, refused_with = {}, {}
    for state in State:
        PlanVersion.objects.filter(pk=version.pk).update(state=state)
        version.refresh_from_db()
        offered[state] = {o.step.name for o in VERSION.offers(version, actor(played, role))}
        for step in VERSION.steps.values():
            if role == "gulnara" and state in step.sources:
                continue
            with pytest.raises(Refused) as refused:
                VERSION.take(step, version, actor=actor(played, role), table=[], totals=None)
            refused_with[state, step.name] = codes(refused)
    if role == "gulnara":
        assert offered == STEPS
        assert {tuple(found) for found in refused_with.values()} == {("moved_on",)}
    else:
        assert offered == {state: set() for state in State}
        assert {tuple(found) for found in refused_with.values()} == {("not_yours",)}


@pytest.mark.req("GR-P-01")
def test_an_akimat_forms_a_plan_of_its_own_and_no_other(played, browse):
    page = browse(played.saule)
    answer = page.post(
        reverse("grants:plan_new"),
        {
            "body": played.akimat.pk,
            "level": "local",
            "region_code": "610000000",
            "year": 2020,
            "title_kk": "Облыстың гранттар жоспары",
            "title_ru": "",
        },
    )
    assert answer.status_code == 302
    plan = Plan.objects.get()
    assert (plan.body, plan.level) == (played.akimat, "local")
    others = scenes.draft_version(played.gulnara, title_kk="Республикалық жоспар")
    assert page.get(reverse("grants:plan", args=[others.pk])).status_code == 404
    assert page.get(reverse("grants:plan", args=[plan.versions.get().pk])).status_code == 200


@pytest.mark.req("GR-P-02")
def test_a_plan_names_what_it_rests_on_in_the_readers_language(played, browse):
    page = browse(played.gulnara)
    fields = {"body": played.operator.pk, "level": "republican", "year": 2020, "title_kk": "Жоспар"}
    basis = {"basis_kk": "Мемлекет басшысының Жолдауы", "basis_ru": "Послание Главы государства"}
    page.post(reverse("grants:plan_new"), fields | basis)
    address = reverse("grants:plan", args=[Plan.objects.get().versions.get().pk])
    assert "Мемлекет басшысының Жолдауы" in page.get(address).content.decode()
    page.cookies["ortaq_language"] = "ru"
    assert "Послание Главы государства" in page.get(address).content.decode()


@pytest.mark.req("GR-P-04")
def test_a_plan_that_comes_amended_names_the_act_that_approved_it(played, browse):
    page = browse(played.gulnara)
    fields = {"body": played.operator.pk, "level": "republican", "year": 2020, "title_kk": "Жоспар"}
    half = page.post(reverse("grants:plan_new"), fields | {"first_act_date": "2019-12-25"})
    assert "Актінің күні де, нөмірі де болады" in half.content.decode()
    first = {"first_act_date": "2019-12-25", "first_act_number": "507"}
    page.post(reverse("grants:plan_new"), fields | first)
    address = reverse("grants:plan", args=[Plan.objects.get().versions.get().pk])
    said = page.get(address).content.decode().replace("\N{NO-BREAK SPACE}", " ")
    assert "2019 ж. 25 желтоқсан № 507 актімен бекітілді" in said


def test_a_local_plan_needs_its_region_and_a_year_only_one_plan(played, browse):
    page = browse(played.gulnara)
    fields = {"body": played.operator.pk, "level": "local", "year": 2020, "title_kk": "Жоспар"}
    assert "өңірге тиесілі" in page.post(reverse("grants:plan_new"), fields).content.decode()
    fields |= {"level": "republican"}
    assert page.post(reverse("grants:plan_new"), fields).status_code == 302
    assert "осы жылға жоспары бар" in page.post(reverse("grants:plan_new"), fields).content.decode()
    assert Plan.objects.count() == 1


def test_a_version_without_topics_money_or_act_is_not_approved_and_says_all_of_it(played):
    version = scenes.draft_version(played.gulnara)
    with pytest.raises(Refused) as refused:
        VERSION.take("approve", version, actor=played.gulnara)
    assert codes(refused) == ["no_topics", "no_act"]
    VERSION.take("import", version, actor=played.gulnara, table=scenes.plan_table([{2020: 1}]))
    version.topics.get().amounts.all().delete()
    with pytest.raises(Refused) as refused:
        VERSION.take("approve", version, actor=played.gulnara, act_body="М", act_number="1")
    assert codes(refused) == ["topics_without_money", "no_act"]
    assert version.state == State.DRAFT


# --- Versions ------------------------------------------------------------------------------------


@pytest.mark.req("GR-P-04")
def test_an_amending_act_makes_a_new_version_and_the_old_one_stays_readable(played, clock, browse):
    first = scenes.shipped_plan(played.gulnara)
    before = list(first.topics.values_list("number", "title_kk", "goal_kk"))
    clock.set(LATER)
    second = new_version(first.plan, actor=played.gulnara)
    assert (second.number, second.based_on) == (2, first)
    assert list(second.topics.values_list("number", "title_kk", "goal_kk")) == before
    assert second.printed_totals.count() == 15
    assert SmallGrantTerms.objects.filter(topic__version=second).count() == 21
    topic = second.topics.get(number="30")
    topic.title_kk = "Мүлдем басқа тақырып"
    write_topic(topic, {2020: 11_806_000_00, 2021: 1}, None, actor=played.gulnara)
    second.topics.get(number="75").delete()
    scenes.approve(second, played.gulnara, at=LATER)
    first.refresh_from_db()
    assert (first.state, second.state) == (State.SUPERSEDED, State.APPROVED)
    assert list(first.topics.values_list("number", "title_kk", "goal_kk")) == before
    changes = queries.changes(second)
    assert [(c.kind, c.number) for c in changes] == [("removed", "75"), ("changed", "30")]
    labels = [str(label) for label, _old, _new in changes[1].what]
    assert labels == ["қазақ тіліндегі тақырып", "сома"]
    for version in (first, second):
        page = browse(PASSER_BY).get(reverse("grants:plan", args=[version.pk]))
        assert page.status_code == 200
    assert "Мүлдем басқа тақырып" in page.content.decode()
    changed = browse(PASSER_BY).get(reverse("grants:plan_changes", args=[second.pk]))
    assert "11 806 000" in changed.content.decode().replace("\N{NO-BREAK SPACE}", " ")


@pytest.mark.req("GR-P-06")
def test_topics_with_one_number_are_compared_each_with_its_own(played, clock):
    table = scenes.plan_table([{2020: 1}, {2020: 2}])
    first = scenes.draft_version(played.gulnara, table)
    first.topics.update(number="5")
    scenes.approve(first, played.gulnara)
    clock.set(LATER)
    second = new_version(first.plan, actor=played.gulnara)
    assert queries.changes(second) == []
    second.topics.filter(position=2).update(title_kk="Жаңа")
    assert [c.title for c in queries.changes(second)] == ["Жаңа"]


def test_a_second_officer_gets_the_draft_that_is_begun_already(played):
    version = scenes.approved_plan(played.gulnara)
    one = new_version(version.plan, actor=played.gulnara)
    two = new_version(version.plan, actor=scenes.gulnara(played.operator))
    assert one == two
    assert version.plan.versions.count() == 2


def test_a_stranger_makes_no_version(played):
    version = scenes.approved_plan(played.gulnara)
    for role in ("aliya", "saule", "erlan"):
        with pytest.raises(PermissionDenied):
            new_version(version.plan, actor=actor(played, role))


def test_nothing_of_an_approved_version_changes(played):
    version = scenes.approved_plan(played.gulnara)
    topic = version.topics.get()
    topic.title_kk = "Өзгерген"
    with pytest.raises(Refused) as refused:
        write_topic(topic, {2020: 1}, None, actor=played.gulnara)
    assert codes(refused) == ["moved_on"]
    with pytest.raises(Refused):
        copy_to_regions(topic, ["110000000"], actor=played.gulnara)
    assert version.topics.get().title_kk != "Өзгерген"


@pytest.mark.req("GR-P-12")
def test_a_topic_is_copied_to_regions(played):
    version = scenes.draft_version(played.gulnara, scenes.plan_table([{2020: 3, 2021: 4}]))
    codes_ = ["110000000", "710000000", "110000000"]
    copies = copy_to_regions(version.topics.get(), codes_, actor=played.gulnara)
    assert [(c.number, c.territory_printed, c.regions) for c in copies] == [
        ("2", "Ақмола облысы", ["110000000"]),
        ("3", "Нұр-Сұлтан қаласы", ["710000000"]),  # its name of that year
    ]
    assert [[a.amount_tiyn for a in c.amounts.all()] for c in copies] == [[300, 400]] * 2
    entry = journal.history(version).last()
    assert entry is not None
    assert (entry.step, entry.facts) == ("copy_to_regions", {"topic": "1", "copies": ["2", "3"]})
    with pytest.raises(Refused):
        copy_to_regions(version.topics.get(number="1"), ["110000000"], actor=played.saule)


@pytest.mark.req("GR-P-08", "GR-P-13")
def test_the_editor_changes_amounts_by_year_and_settles_doubts_on_small_grants(played, browse):
    version = scenes.draft_version(played.gulnara, *importing.shipped())
    topic = version.topics.get(number="16")
    address = reverse("grants:topic_edit", args=[topic.pk])
    page = browse(played.gulnara).get(address)
    form, small = page.context["form"], page.context["small"]
    assert "«емес»" in page.content.decode()
    posted = {name: form[name].value() for name in form.fields}
    posted |= {small[name].html_name: small[name].value() for name in small.fields}
    posted = {name: "" if value is None else value for name, value in posted.items()}
    posted |= {"amount_2020": "100", "amount_2021": "50,5", "small-minimum": "70"}
    assert browse(played.gulnara).post(address, posted | {"small-settled": "on"}).status_code == 302
    topic = Topic.objects.get(pk=topic.pk)
    assert [(a.year, a.amount_tiyn) for a in topic.amounts.all()] == [(2020, 10_000), (2021, 5_050)]
    assert (topic.small_grants.minimum, topic.small_grants.remark) == (70, "")
    assert browse(played.gulnara).post(address, posted | {"small-kind": ""}).status_code == 302
    assert not SmallGrantTerms.objects.filter(topic=topic).exists()
    too_long = browse(played.gulnara).post(address, posted | {"goal_kk": "ә" * 20_001})
    assert too_long.status_code == 422
    assert "20000" in too_long.content.decode().replace("\N{NO-BREAK SPACE}", "")
    nothing = browse(played.gulnara).post(address, posted | {"amount_2020": "", "amount_2021": ""})
    assert nothing.status_code == 422


# --- Pages ---------------------------------------------------------------------------------------


def test_a_draft_is_hidden_like_a_version_that_does_not_exist(played, browse):
    version = scenes.draft_version(played.gulnara, scenes.plan_table([{2020: 1}]))
    topic = version.topics.get()
    hidden = [
        reverse("grants:plan", args=[version.pk]),
        reverse("grants:plan_csv", args=[version.pk]),
        reverse("grants:plan_changes", args=[version.pk]),
        reverse("grants:topic", args=[topic.pk]),
    ]
    for role in ("aliya", "erlan", "saule", "passer_by"):
        page = browse(actor(played, role))
        assert [page.get(address).status_code for address in hidden] == [404] * 4
        assert "Гранттар жоспары" not in page.get(reverse("grants:plans")).content.decode()


@pytest.mark.parametrize(
    ("view", "argument"),
    [
        ("plan_import", "version"), ("plan_approve", "version"), ("topic_new", "version"),
        ("topic_edit", "topic"), ("topic_copy", "topic"),
    ],
)  # fmt: skip
def test_pages_of_the_editor_are_for_the_editor(played, browse, view, argument):
    version = scenes.draft_version(played.gulnara, scenes.plan_table([{2020: 1}]))
    pk = version.pk if argument == "version" else version.topics.get().pk
    address = reverse(f"grants:{view}", args=[pk])
    assert browse(played.gulnara).get(address).status_code == 200
    assert browse(PASSER_BY).get(address).status_code == 302
    for role in ("aliya", "erlan", "saule"):
        assert browse(actor(played, role)).get(address).status_code == 404
    scenes.approve(version, played.gulnara)
    assert browse(played.aliya).get(address).status_code == 403
    assert browse(played.gulnara).get(address).status_code == 409


@pytest.mark.req("GR-P-09")
def test_the_public_plan_shows_topics_by_field_and_the_difference_of_field_11(played, browse):
    version = scenes.shipped_plan(played.gulnara)
    page = browse(PASSER_BY).get(reverse("grants:plan", args=[version.pk])).content.decode()
    plain = page.replace("\N{NO-BREAK SPACE}", " ")
    assert plain.count('class="topic-title"') == 75
    for amount in ("1 131 260 000 ₸", "248 046 000 ₸", "236 240 000 ₸", "11 806 000 ₸"):
        assert amount in plain
    assert "Bar(" not in page


def test_a_plan_too_long_for_one_page_shows_a_field_at_a_time_and_every_total(
    played, browse, monkeypatch
):
    version = scenes.shipped_plan(played.gulnara)
    monkeypatch.setattr(queries, "WHOLE", 74)
    address = reverse("grants:plan", args=[version.pk])
    first = browse(PASSER_BY).get(address).content.decode()
    other = browse(PASSER_BY).get(address, {"field": "11"}).content.decode()
    many = version.fields.get(number=11).topics.count()
    assert 0 < first.count('class="topic-title"') < 75
    assert other.count('class="topic-title"') == many
    assert browse(PASSER_BY).get(address, {"field": "?"}).content.decode().count("topic-title") > 0
    for page in (first, other):
        assert "236 240 000 ₸" in page.replace("\N{NO-BREAK SPACE}", " ")


def test_topics_are_found_whatever_the_case_of_kazakh_letters(played, browse):
    version = scenes.shipped_plan(played.gulnara)
    address = reverse("grants:plan", args=[version.pk])

    def found(query):
        page = browse(PASSER_BY).get(address, {"q": query}).content.decode()
        return page.count('class="topic-title"')

    assert found("Әлеуетін АРТТЫРУ") == found("әлеуетін арттыру") > 0
    assert found("мұндай сөз жоқ") == 0


def test_the_pages_of_a_plan_take_the_same_queries_with_one_and_three_topics(played, client):
    counted: dict[str, list[int]] = {}
    for number in (1, 3):
        Plan.objects.update(year=2000 + number)  # a body has one plan a year
        version = scenes.approved_plan(played.gulnara, number)
        topic = version.topics.get(number="1")
        for name, address in {
            "plan": reverse("grants:plan", args=[version.pk]),
            "topic": reverse("grants:topic", args=[topic.pk]),
            "plans": reverse("grants:plans"),
        }.items():
            with CaptureQueriesContext(connection) as taken:
                assert client.get(address).status_code == 200
            counted.setdefault(name, []).append(len(taken))
    assert counted == {"plan": [8, 8], "topic": [3, 3], "plans": [2, 2]}


def test_approving_by_a_page_takes_the_act_and_shows_what_changes(played, browse, clock):
    version = scenes.draft_version(played.gulnara, scenes.plan_table([{2020: 1}]))
    clock.set(scenes.APPROVED)
    address = reverse("grants:plan_approve", args=[version.pk])
    page = browse(played.gulnara)
    empty = page.post(address, {"act_body": "", "act_date": "", "act_number": ""})
    assert set(empty.context["form"].errors) == {"act_body", "act_date", "act_number"}
    act = {"act_body": "Министрлік", "act_date": "2020-02-27", "act_number": "72"}
    assert page.post(address, act).status_code == 302
    version.refresh_from_db()
    assert (version.state, version.act_date) == (State.APPROVED, date(2020, 2, 27))
    assert version.approved_at == house_clock.now()

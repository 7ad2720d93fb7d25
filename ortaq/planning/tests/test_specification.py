"""The technical specification against the Standard, its versions, the budget request and the budget."""

from __future__ import annotations

import io
import re
import zipfile
from datetime import date
from decimal import Decimal
from html import unescape

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from ortaq.core import clock as core_clock
from ortaq.core import journal
from ortaq.core.models import Duty
from ortaq.core.procedure import Refused
from ortaq.law.findings import Severity
from ortaq.planning import standard
from ortaq.planning.models import EstimateLine, Service, Specification, Topic
from ortaq.planning.procedure import budgeting, templates
from ortaq.planning.procedure import specification as drafting
from ortaq.planning.procedure.formation import FORMATION
from ortaq.planning.procedure.specification import SPECIFICATION
from ortaq.planning.queries import specification as queries
from ortaq.testing.remembered import remembered

from . import budget_scenes, scenes

pytestmark = pytest.mark.django_db
State = Specification.State
FESTIVAL = {
    "service": "event",
    "form": "festival",
    "format": "offline",
    "targets": {"participants": 200, "satisfaction": 75, "involvement": 70},
}


@remembered
def formed(clock):
    """The cast and the topic of a formed list."""
    people = scenes.cast()
    return people, budget_scenes.listed(clock, people.saule, people.akimat).topics.get()


@pytest.fixture
def scene(clock):
    return formed(clock)


@pytest.fixture
def cast(scene):
    return scene[0]


@pytest.fixture
def topic(scene):
    return scene[1]


def client_of(actor):
    client = Client()
    if actor.user is not None:
        client.force_login(actor.user)
    return client


def codes(refused):
    return {finding.code for finding in refused.value.findings}


# --- What the Standard asks ----------------------------------------------------------------------


@pytest.mark.req("SO-T-047", "SO-F-19")
def test_the_standard_itself_says_which_values_a_service_is_asked_for():
    def asked(years=1, **facts):
        return [one.field for one in standard.asked(facts, years=years)]

    assert asked(service="event", form="festival", format="offline") == [
        "participants",
        "satisfaction",
        "involvement",
    ]
    # Two tables speak of the participants of sport.
    assert asked(service="event", form="championship", format="offline") == [
        "participants",
        "satisfaction",
    ]
    # Table 4 and 5 by the group of the form: a round table is asked for practical application.
    assert "practical_application" in asked(service="event", form="round_table", format="online")
    assert asked(service="training", form="seminar", format="offline")[:2] == [
        "participants",
        "duration",
    ]
    assert asked(service="consultation", topic="documents", form="all_consultations") == [
        "consultant_experience_months",
        "satisfaction",
        "practical_application",
    ]


@pytest.mark.req("SO-T-048")
def test_only_orders_of_several_years_are_asked_for_the_base_of_tables_8_and_9():
    seminar = {"service": "training", "form": "seminar", "format": "offline"}
    centre = {"service": "civic_centre", "form": "republican_oblast"}
    for facts, table in ((seminar, "T8"), (centre, "T9")):
        assert "premises_m2" not in {one.field for one in standard.asked(facts, years=1)}
        base = [one for one in standard.asked(facts, years=2) if one.field == "premises_m2"]
        assert [table in str(one.cite) for one in base] == [True]
    small = {**centre, "targets": {"premises_m2": 99, "equipment": ["office_internet"]}}
    wrong = [one.about for one in standard.findings(small, years=2) if one.code == "below_minimum"]
    assert wrong == ["premises_m2", "equipment.photo_video"]


@pytest.mark.req("SO-F-19", "SO-T-047")
@given(st.integers(min_value=0, max_value=1000))
def test_a_value_below_the_table_is_an_error_and_above_it_a_question(participants):
    facts = {**FESTIVAL, "targets": {"participants": participants}}
    (said,) = [one for one in standard.findings(facts) if one.about == "participants"]
    assert (said.severity is Severity.ERROR) == (participants < 50)
    assert (said.code == "above_maximum") == (participants > 500)
    assert "T13" in str(said.cite)


@pytest.mark.req("SO-T-045")
@pytest.mark.parametrize("key", list(templates.templates()))
def test_a_template_lacks_only_what_it_cannot_know(cast, topic, key):
    """Goal and tasks are the topic's own; everything else may be approved as it stands."""
    draft = drafting.begin(topic, actor=cast.saule, template=key)
    wrong = [
        (one.code, one.about)
        for one in SPECIFICATION.findings("approve", draft, cast.saule)
        if one.severity in (Severity.ERROR, Severity.WARNING) and one.code != "below_minimum"
    ]
    assert wrong == [("section_missing", "section-goal"), ("section_missing", "section-tasks")]
    errors = [
        f
        for line in queries.sheet(draft).services
        for f in line.findings
        if f.severity is Severity.ERROR
    ]
    assert errors == []


# --- Approving -----------------------------------------------------------------------------------


@pytest.mark.req("SO-F-19", "SO-T-045", "SO-T-049", "SO-T-050")
def test_everything_that_an_empty_draft_lacks_is_said_at_once(cast, topic):
    draft = drafting.begin(topic, actor=cast.saule)
    with pytest.raises(Refused) as refused:
        SPECIFICATION.take("approve", draft, actor=cast.saule)
    assert codes(refused) == {"section_missing", "no_services", "no_indicators"}
    assert len(refused.value.findings) == 7 + 2
    draft.refresh_from_db()
    assert draft.state == State.DRAFT


@pytest.mark.req("SO-F-19", "SO-T-047")
def test_a_specification_that_the_standard_does_not_allow_is_not_approved(cast, topic):
    draft = budget_scenes.a_specification(cast.saule, topic)
    service = draft.services.get(facts__form="festival")
    service.facts = {**FESTIVAL, "targets": {"participants": 49, "satisfaction": 75}}
    drafting.write_service(service, actor=cast.saule)
    with pytest.raises(Refused) as refused:
        SPECIFICATION.take("approve", draft, actor=cast.saule)
    about = {(one.code, one.numbers["field"]) for one in refused.value.findings}
    assert about == {("below_minimum", "participants"), ("no_data", "involvement")}
    assert {one.about for one in refused.value.findings} == {f"service-{service.pk}"}


@pytest.mark.req("SO-T-051", "SO-T-052", "GAP-T-16")
def test_special_social_services_skip_the_standard_and_ask_for_their_grounds(cast, topic):
    grounds = drafting.guide().grounds("life_situation_grounds")
    assert len(grounds) == 12  # "11 grounds", of which 3-1 is a line of its own
    draft = budget_scenes.a_specification(cast.saule, topic, special=True)
    service = draft.services.get(facts__form="festival")
    service.facts = {**FESTIVAL, "targets": {"participants": 1}}
    drafting.write_service(service, actor=cast.saule)
    with pytest.raises(Refused) as refused:
        SPECIFICATION.take("approve", draft, actor=cast.saule)
    assert codes(refused) == {"no_grounds"}
    drafting.write(
        draft, content=draft.content, special=True, grounds=["3-1", "7"], actor=cast.saule
    )
    SPECIFICATION.take("approve", draft, actor=cast.saule)
    assert draft.state == State.APPROVED


@pytest.mark.req("SO-T-048")
def test_an_order_of_two_years_describes_the_base_and_one_of_a_year_does_not(cast, topic):
    Topic.objects.filter(pk=topic.pk).update(financial_years=2)
    topic.refresh_from_db()
    draft = drafting.begin(topic, actor=cast.saule, template="training")
    missing = SPECIFICATION.findings("approve", draft, cast.saule)
    assert "section-base" in {one.about for one in missing}
    fields = {one.numbers.get("field") for one in missing}
    assert {"premises_m2", "equipment.laptop"} <= fields


@pytest.mark.req("SO-T-050")
def test_a_section_in_one_language_is_not_enough(cast, topic):
    draft = budget_scenes.a_specification(cast.saule, topic)
    content = {**draft.content, "goal": {"kk": "Мақсат", "ru": ""}}
    drafting.write(draft, content=content, special=False, grounds=(), actor=cast.saule)
    with pytest.raises(Refused) as refused:
        SPECIFICATION.take("approve", draft, actor=cast.saule)
    (finding,) = refused.value.findings
    assert (finding.about, finding.numbers["missing"]) == ("section-goal", ["ru"])


def test_an_approved_version_never_changes_and_only_its_body_drafts(cast, topic):
    approved = budget_scenes.specified(cast.saule, topic)
    service = approved.services.get(facts__form="festival")
    for change in (
        lambda: drafting.write_service(service, actor=cast.saule),
        lambda: drafting.write_indicators(approved, [], actor=cast.saule),
        lambda: drafting.write(approved, content={}, special=False, grounds=(), actor=cast.saule),
    ):
        with pytest.raises(Refused):
            change()
    with pytest.raises(PermissionDenied):
        drafting.begin(topic, actor=cast.aliya)
    with pytest.raises(PermissionDenied):
        drafting.begin(topic, actor=cast.nurlan)


@pytest.mark.req("SO-F-19")
def test_specifications_are_drafted_once_the_list_is_formed(clock, cast):
    early = scenes.published(clock, cast.saule, cast.akimat, 1).topics.get()
    with pytest.raises(Refused) as refused:
        drafting.begin(early, actor=cast.saule)
    assert codes(refused) == {"not_listed"}


def test_a_copy_keeps_the_keys_of_services_and_a_second_draft_is_refused(cast, topic):
    first = budget_scenes.specified(cast.saule, topic)
    copy = drafting.begin(topic, actor=cast.saule, source=first)
    assert copy.number == 2
    assert list(copy.services.values_list("key", "facts")) == list(
        first.services.values_list("key", "facts")
    )
    assert copy.indicators.count() == first.indicators.count() > 0
    with pytest.raises(Refused) as refused:
        drafting.begin(topic, actor=cast.saule)
    assert codes(refused) == {"draft_open"}
    # The new version gives way to nothing until it is approved.
    first.refresh_from_db()
    assert first.state == State.APPROVED
    SPECIFICATION.take("approve", copy, actor=cast.saule)
    first.refresh_from_db()
    assert (first.state, copy.state) == (State.SUPERSEDED, State.APPROVED)
    assert [entry.step for entry in journal.history(first)][-1] == "supersede"


# --- The budget ----------------------------------------------------------------------------------


@pytest.mark.req("SO-F-20", "SO-T-057")
def test_the_request_says_of_every_topic_what_it_lacks(clock, cast):
    formation = budget_scenes.listed(clock, cast.saule, cast.akimat, topics=2)
    first, second = formation.topics.order_by("position")
    budget_scenes.specified(cast.saule, first)
    budget_scenes.a_request(cast.saule, first, 6_000_000)
    with pytest.raises(Refused) as refused:
        FORMATION.take("request", formation, actor=cast.saule)
    assert {(one.code, one.about) for one in refused.value.findings} == {
        ("specification_missing", f"specification-{second.pk}"),
        ("estimate_missing", f"topic-{second.pk}"),
    }
    warned = FORMATION.findings("request", formation, cast.saule)
    assert ("above_planned", f"topic-{first.pk}") in {(one.code, one.about) for one in warned}


@pytest.mark.req("SO-F-20")
@given(
    st.decimals(min_value=0, max_value=10**6, places=4),
    st.integers(min_value=0, max_value=10**12),
)
def test_a_line_is_quantity_times_unit_cost_to_the_tiyn(quantity, unit_cost):
    line = EstimateLine(quantity=quantity, unit_cost_tiyn=unit_cost)
    exact = quantity.scaleb(4).to_integral_value() * unit_cost
    assert line.total_tiyn == int(exact) // 10**4
    assert budgeting.total_of([line, line]) == 2 * line.total_tiyn


@pytest.mark.req("SO-G-08", "SO-18-14", "SO-T-058")
def test_less_money_asks_for_a_new_version_before_any_tender(clock, cast):
    formation = budget_scenes.budgeted(clock, cast.saule, cast.akimat, 5_000_000, 3_000_000, 0)
    whole, less, nothing = formation.topics.order_by("position")
    assert queries.ready_for_tender(whole)
    assert {one.code for one in queries.unready(less)} == {"revision_needed"}
    assert "no_money" in {one.code for one in queries.unready(nothing)}
    assert [one.topic for one in queries.specifications_to_tender(cast.saule)] == [whole]

    version = drafting.begin(less, actor=cast.saule, source=queries.approved_of(less))
    assert version.sum_tiyn == 3_000_000 * 100
    assert not queries.ready_for_tender(less)  # a draft is not enough
    SPECIFICATION.take("approve", version, actor=cast.saule)
    assert queries.ready_for_tender(less)
    assert queries.specifications_to_tender(cast.aliya) == []


@pytest.mark.req("SO-T-057", "SO-T-058", "SO-X-24", "GAP-T-18")
def test_the_duties_of_the_body_between_the_list_and_the_tender(clock, cast, topic):
    formation = topic.formation  # its list was formed in October 2023, for 2024
    request = Duty.objects.get(code="request", done_at=None)
    assert request.due_at is None  # 15 May 2023 is over, and no source rules a later list
    clock.travel(days=-200)  # only the term is asked here, nothing is done
    assert budgeting.request_due(formation) == core_clock.end_of(date(2023, 5, 15))
    clock.travel(days=200)
    budget_scenes.specified(cast.saule, topic)
    budget_scenes.a_request(cast.saule, topic)
    FORMATION.take("request", formation, actor=cast.saule)
    FORMATION.take(
        "budget", formation, actor=cast.saule, sums={topic.pk: 100}, decision="№ 1",
        decided_on=core_clock.today(),
    )  # fmt: skip
    assert Duty.objects.get(code="revise", done_at=None).bearer.endswith(str(cast.akimat.pk))
    version = drafting.begin(topic, actor=cast.saule, source=queries.approved_of(topic))
    SPECIFICATION.take("approve", version, actor=cast.saule)
    assert not Duty.objects.filter(code="revise", done_at=None).exists()


@pytest.mark.req("SO-T-058")
def test_a_draft_begun_before_the_budget_is_not_approved_for_a_smaller_sum(clock, cast):
    formation = budget_scenes.requested(clock, cast.saule, cast.akimat)
    topic = formation.topics.get()
    draft = drafting.begin(topic, actor=cast.saule, source=queries.approved_of(topic))
    FORMATION.take(
        "budget", formation, actor=cast.saule, sums={topic.pk: 300_000_000},
        decision="№ 1", decided_on=scenes.PUBLISHED.date(),
    )  # fmt: skip
    with pytest.raises(Refused) as refused:
        SPECIFICATION.take("approve", draft, actor=cast.saule)
    assert codes(refused) == {"other_sum"}


@pytest.mark.req("SO-F-21")
def test_the_information_after_the_budget_is_published_once(clock, cast):
    formation = budget_scenes.budgeted(clock, cast.saule, cast.akimat)
    client = client_of(cast.saule)
    address = reverse("planning:budget_step", args=[formation.pk, "publish_budget"])
    assert client.post(address).status_code == 302
    information = formation.informations.get(issue="after_budget")
    assert information.published_at
    assert information.sent_to == cast.ministry
    assert client.post(address).status_code == 409


# --- Pages ---------------------------------------------------------------------------------------


def service_of(topic, actor):
    draft = budget_scenes.a_specification(actor, topic)
    return draft, draft.services.get(facts__form="festival")


def typed(service: Service, **changed):
    """What a browser sends from the page of the festival, hidden initial values and all."""
    values = {
        "name_kk": service.name_kk,
        "name_ru": service.name_ru,
        "requirements_kk": service.requirements_kk,
        "requirements_ru": service.requirements_ru,
        "quantity": str(service.quantity),
        "form": "festival",
        "format": "offline",
        "value-participants": "200",
        "value-satisfaction": "75",
        "value-involvement": "70",
    }
    return {**{f"initial-{name}": value for name, value in values.items()}, **values, **changed}


@pytest.mark.req("SO-F-19")
@pytest.mark.parametrize("kind", list(standard.FORM_TABLES))
def test_every_kind_of_service_is_added_from_an_empty_page(cast, topic, kind):
    draft = drafting.begin(topic, actor=cast.saule)
    client = client_of(cast.saule)
    assert client.get(reverse("planning:service_choose", args=[draft.pk])).status_code == 200
    address = reverse("planning:service_new", args=[draft.pk, kind])
    page = client.get(address).content.decode()
    # Nothing is asked of materials before they are ticked, nor of a centre for a single year.
    assert ("value-" in page) == (kind not in ("information", "civic_centre"))
    bare: dict[str, object] = {
        "name_kk": "Қызмет", "quantity": "1", "form": "", "format": "online",
    }  # fmt: skip
    forms = dict(standard.forms_of(kind))
    if kind != "information" and len(forms) > 1:
        bare["form"] = next(iter(forms))
    if kind == "consultation":
        bare["topic"] = "methods"
    if kind in standard.LISTS:
        bare["rows"] = [standard.rows_of(kind)[0][0]]
    assert client.post(address, bare).status_code == 302
    service = draft.services.get()
    assert (service.facts["service"], service.key) == (kind, "s1")
    assert client.get(reverse("planning:service", args=[service.pk])).status_code == 200
    assert client.post(address, {"name_kk": ""}).status_code == 422
    unknown = reverse("planning:service_new", args=[draft.pk, "massage"])
    assert client.get(unknown).status_code == 404


@pytest.mark.req("SO-F-19", "SO-T-047")
def test_the_standard_answers_while_one_types_and_nothing_is_saved(cast, topic):
    draft, service = service_of(topic, cast.saule)
    client = client_of(cast.saule)
    address = reverse("planning:service_check", args=[draft.pk, "event"])
    said = client.post(
        address, typed(service, **{"value-participants": "20"}), headers={"HX-Request": "true"}
    ).content.decode()
    assert 'id="said-value-participants"' in said
    assert "13-кесте" in said
    assert "<input" not in said
    # Another form brings other questions.
    anew = client.post(
        address,
        typed(service, form="round_table", anew="1"),
        headers={"HX-Request": "true"},
    ).content.decode()
    assert "value-practical_application" in anew
    assert "value-involvement" not in anew
    assert f'hx-post="{address}"' in anew
    # One wrong field does not silence the others.
    half = typed(service, **{"value-participants": "20", "value-satisfaction": "abc"})
    said = client.post(address, half, headers={"HX-Request": "true"}).content.decode()
    assert "13-кесте" in said
    assert "error" in said.partition('id="said-value-satisfaction"')[2].partition("</div>")[0]
    service.refresh_from_db()
    assert service.facts["targets"]["participants"] == 200


def test_without_a_script_the_same_is_said_on_saving_and_the_text_is_kept(cast, topic):
    _draft, service = service_of(topic, cast.saule)
    client = client_of(cast.saule)
    address = reverse("planning:service", args=[service.pk])
    page = client.post(address, typed(service, **{"value-participants": "20"}), follow=True)
    assert "13-кесте" in page.content.decode()
    service.refresh_from_db()
    assert service.facts["targets"]["participants"] == 20
    nonsense = client.post(address, typed(service, **{"value-satisfaction": "400"}))
    assert nonsense.status_code == 422
    assert 'value="400"' in nonsense.content.decode()
    service.refresh_from_db()
    assert service.facts["targets"]["satisfaction"] == 75


def test_two_officers_who_change_different_fields_lose_nothing(cast, topic):
    _draft, service = service_of(topic, cast.saule)
    client = client_of(cast.saule)
    address = reverse("planning:service", args=[service.pk])
    first, second = typed(service, quantity="3"), typed(service, name_ru="Праздник")
    client.post(address, first)
    assert client.post(address, second).status_code == 302
    service.refresh_from_db()
    assert (service.quantity, service.name_ru) == (3, "Праздник")


def test_two_officers_who_change_the_same_field_are_asked(cast, topic):
    draft = budget_scenes.a_specification(cast.saule, topic)
    client = client_of(cast.saule)
    address = reverse("planning:specification_edit", args=[draft.pk])
    shown = {
        f"{key}_{language}": (draft.content.get(key) or {}).get(language, "")
        for key in drafting.sections_of(draft)
        for language in ("kk", "ru")
    }
    hidden = {f"initial-{name}": value for name, value in shown.items()}
    client.post(address, {**hidden, **shown, "goal_kk": "Бірінші"})
    answer = client.post(address, {**hidden, **shown, "goal_kk": "Екінші", "tasks_kk": "Менікі"})
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "Бірінші" in page
    assert "Екінші" in page
    draft.refresh_from_db()
    assert draft.content["goal"]["kk"] == "Бірінші"
    settled = {"goal_kk": "Екінші", "tasks_kk": "Менікі", "keep-goal_kk": "theirs"}
    assert client.post(address, {**hidden, **shown, **settled}).status_code == 302
    draft.refresh_from_db()
    assert draft.content["goal"]["kk"] == "Бірінші"
    assert draft.content["tasks"]["kk"] == "Менікі"


def test_indicators_saved_meanwhile_by_another_are_shown_and_mine_stay_typed(cast, topic):
    draft = budget_scenes.a_specification(cast.saule, topic)
    client = client_of(cast.saule)
    address = reverse("planning:specification_indicators", args=[draft.pk])
    rows = {
        "form-TOTAL_FORMS": "1", "form-INITIAL_FORMS": "0", "version": str(draft.version),
        "form-0-level": "input", "form-0-nature": "quantitative", "form-0-text_kk": "Менің",
        "form-0-text_ru": "Мой", "form-0-expected": "5",
    }  # fmt: skip
    drafting.write_indicators(draft, [], actor=cast.saule)
    drafting.write_indicators(draft, list(draft.indicators.all()), actor=cast.saule)
    first = {**rows, "form-0-text_kk": "Оныкі", "version": str(draft.version + 2)}
    assert client.post(address, first).status_code == 302
    answer = client.post(address, rows)
    assert answer.status_code == 409
    assert "Оныкі" in answer.content.decode()
    assert "Менің" in answer.content.decode()


def sent_back(page: str, **changed: str) -> dict[str, str]:
    """What a browser sends from a page without touching its form, and what is changed there."""
    fields = re.findall(
        r'<input type="(?:hidden|text|number)" name="([^"]+)" value="([^"]*)"', page
    )
    texts = re.findall(r'<textarea name="([^"]+)"[^>]*>\n?([^<]*)</textarea>', page)
    chosen = re.findall(
        r'<select name="([^"]+)"(?:(?!</select>).)*?<option value="([^"]*)" selected',
        page,
        re.DOTALL,
    )
    return {name: unescape(value) for name, value in (*fields, *texts, *chosen)} | changed


@pytest.mark.req("SO-F-20")
def test_rows_come_back_from_the_page_as_they_were_shown(cast, topic):
    draft = budget_scenes.a_specification(cast.saule, topic)
    client = client_of(cast.saule)
    address = reverse("planning:specification_indicators", args=[draft.pk])
    page = client.get(address).content.decode()
    before = list(draft.indicators.values_list("text_kk", "level"))
    struck = {"form-1-DELETE": "on", "form-0-expected": "12"}
    assert client.post(address, sent_back(page, **struck)).status_code == 302
    assert list(draft.indicators.values_list("text_kk", "level")) == [before[0], *before[2:]]
    assert draft.indicators.get(position=1).expected == "12"

    budget_scenes.specified_as_it_stands(cast.saule, draft)
    budget_scenes.a_request(cast.saule, topic, 1_000_000, 2_000_000)
    address = reverse("planning:budget_request", args=[topic.pk])
    page = client.get(address).content.decode()
    more = {"lines-1-quantity": "1000", "lines-1-unit_cost_tiyn": "2 000"}
    assert client.post(address, sent_back(page, **more)).status_code == 302
    lines = list(topic.budget_request.lines.all())
    assert [line.total_tiyn for line in lines] == [100_000_000, 200_000_000]
    absurd = {"lines-1-quantity": "9999999999", "lines-1-unit_cost_tiyn": "999999999999"}
    assert client.post(address, sent_back(page, **absurd)).status_code == 422


@pytest.mark.req("SO-F-20")
def test_a_request_is_written_in_the_page_with_exact_sums(cast, topic):
    budget_scenes.specified(cast.saule, topic)
    client = client_of(cast.saule)
    service = queries.services_for_estimate(topic)[0]
    answers = {
        f"{key}_{language}": "Жауап"
        for keys in budgeting.QUESTIONS.values()
        for key in keys
        for language in ("kk", "ru")
    }
    rows = {
        "lines-TOTAL_FORMS": "2", "lines-INITIAL_FORMS": "0",
        "lines-0-service": str(service.pk), "lines-0-item_kk": "Жалдау",
        "lines-0-item_ru": "Аренда", "lines-0-unit": "сағат", "lines-0-quantity": "2,5",
        "lines-0-unit_cost_tiyn": "10 000,01",
        "lines-1-item_kk": "", "lines-1-quantity": "", "lines-1-unit_cost_tiyn": "",
    }  # fmt: skip
    address = reverse("planning:budget_request", args=[topic.pk])
    sent = {**answers, **rows, "programme": "001", "level": "oblast"}
    assert client.post(address, sent).status_code == 302
    topic.refresh_from_db()
    (line,) = topic.budget_request.lines.all()
    assert (line.quantity, line.unit_cost_tiyn) == (Decimal("2.5"), 1_000_001)
    assert line.total_tiyn == 2_500_002  # 2.5 × 1 000 001 tiyn; half a tiyn is cut off
    assert "25 000,02" in client.get(address).content.decode().replace("\xa0", " ")
    FORMATION.take("request", topic.formation, actor=cast.saule)
    assert client.post(address, sent).status_code == 409


def test_who_sees_a_specification(clock, cast):
    formation = budget_scenes.requested(clock, cast.saule, cast.akimat)
    topic = formation.topics.get()
    approved = topic.specifications.get()
    draft = drafting.begin(topic, actor=cast.saule, source=approved)
    strangers = [client_of(who) for who in (cast.madina, cast.aliya, cast.nurlan)]

    def seen(one):
        pages = [reverse("planning:specification", args=[one.pk])]
        pages.append(
            reverse(
                "planning:specification_paper", args=[one.pk, "general-requirements", "ru", "html"]
            )
        )
        return {client.get(page).status_code for client in strangers for page in pages}

    assert seen(approved) == seen(draft) == {404}
    FORMATION.take(
        "budget", formation, actor=cast.saule, sums={topic.pk: topic.requested_tiyn or 500_000_000},
        decision="№ 1", decided_on=scenes.PUBLISHED.date(),
    )  # fmt: skip
    assert seen(approved) == {200}
    address = reverse("planning:specification", args=[approved.pk])
    page = strangers[0].get(reverse("planning:topic", args=[topic.pk])).content.decode()
    assert address in page
    assert seen(draft) == {404}
    edit = reverse("planning:specification_edit", args=[draft.pk])
    assert {client.get(edit).status_code for client in strangers[1:]} == {404}


@pytest.mark.req("SO-T-044", "SO-T-046", "SO-T-109")
@pytest.mark.parametrize("kind", ["docx", "pdf"])
def test_the_papers_are_printed_in_both_languages(cast, topic, kind):
    approved = budget_scenes.specified(cast.saule, topic)
    client = client_of(cast.saule)
    for name in ("general-requirements", "bidders-sample"):
        for language in ("kk", "ru"):
            address = reverse(
                "planning:specification_paper", args=[approved.pk, name, language, kind]
            )
            content = b"".join(client.get(address))
            assert len(content) > 5000
            if kind == "docx" and name == "general-requirements" and language == "ru":
                with zipfile.ZipFile(io.BytesIO(content)) as book:
                    text = book.read("word/document.xml").decode()
                assert "не допускается передача услуг" in text  # SO-T-109
                assert "Фестиваль" in text
                assert "75%" in text


def test_pages_run_the_same_queries_at_any_size(clock, cast, django_assert_num_queries):
    formation = budget_scenes.listed(clock, cast.saule, cast.akimat, topics=4)
    topics = list(formation.topics.order_by("position"))
    for topic in topics[:1]:
        budget_scenes.specified(cast.saule, topic)
        budget_scenes.a_request(cast.saule, topic)
    with django_assert_num_queries(3):
        queries.budget(formation)
    for topic in topics[1:]:
        budget_scenes.specified(cast.saule, topic)
        budget_scenes.a_request(cast.saule, topic, 1, 2, 3)
    with django_assert_num_queries(3):
        assert len(queries.budget(formation).lines) == 4
    approved = topics[0].specifications.get()
    with django_assert_num_queries(2):
        queries.sheet(approved)

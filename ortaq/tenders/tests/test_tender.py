"""The documentation of a tender: what it needs, when it is announced, who may change it (SO-T-043..064)."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.base import ContentFile
from django.test import Client
from django.urls import reverse
from django.utils import translation
from django.utils.html import escape

from ortaq import law
from ortaq.core import clock as house_clock
from ortaq.core import journal
from ortaq.core.models import Duty, Letter
from ortaq.core.procedure import SYSTEM, Refused
from ortaq.law import tender as rules
from ortaq.people.models import Role
from ortaq.planning.models import Specification
from ortaq.planning.tests import budget_scenes
from ortaq.planning.tests.scenes import cast as planning_cast
from ortaq.registry.models import AnnualReturn
from ortaq.tenders.choices import arguments
from ortaq.tenders.models import Lot, Tender, TenderFile
from ortaq.tenders.procedure import question, tender_draft
from ortaq.tenders.procedure.tender import TENDER
from ortaq.tenders.queries import tender as queries
from ortaq.tenders.tests import scenes
from ortaq.testing import factories

pytestmark = pytest.mark.django_db
State = Tender.State


def codes(refused) -> set[str]:
    return {finding.code for finding in refused.value.findings if finding.severity == "error"}


def day(instant: datetime | None) -> date:
    """The day of an instant that is set."""
    assert instant is not None
    return house_clock.day_of(instant)


def last_facts(row: Any) -> Any:
    """What the journal noted last of a row."""
    entry = journal.history(row).last()
    assert entry is not None
    return entry.facts


def browser_of(actor: Any) -> Client:
    """The browser in which somebody has signed in."""
    browser = Client()
    browser.force_login(actor.user)
    return browser


def just_after(tender: Tender) -> datetime:
    """One second after the deadline."""
    assert tender.closes_at is not None
    return tender.closes_at + timedelta(seconds=1)


def read(address: str, language: str) -> str:
    """A page as a passer-by reads it."""
    return Client(headers={"accept-language": language}).get(address).content.decode()


# --- Dates -----------------------------------------------------------------------------------------


@pytest.mark.req("SO-T-002", "SO-T-060", "SO-T-061", "SO-T-076", "SO-T-080")
def test_the_example_of_dates_from_approval_to_the_end_of_the_review(clock):
    people = planning_cast()
    draft = scenes.a_tender_draft(clock, people, on=date(2019, 1, 14), closes_on=date(2019, 2, 6))
    TENDER.take("approve", draft, actor=people.saule)
    assert day(draft.announce_by) == date(2019, 1, 17)

    clock.set(house_clock.at(date(2019, 1, 17), 17))
    TENDER.take("announce", draft, actor=people.saule)
    assert draft.announced_at == house_clock.at(date(2019, 1, 17), 17)

    clock.set(just_after(draft))
    TENDER.take("open", draft, actor=SYSTEM)
    assert day(draft.opened_at) == date(2019, 2, 6)
    assert day(draft.review_by) == date(2019, 2, 20)


@pytest.mark.req("SO-T-061")
def test_a_deadline_sooner_than_twenty_days_is_refused_and_the_twentieth_day_is_not(clock):
    people = planning_cast()
    draft = scenes.a_tender_draft(clock, people, on=date(2019, 1, 14), closes_on=date(2019, 2, 5))
    TENDER.take("approve", draft, actor=people.saule)
    clock.set(house_clock.at(date(2019, 1, 17), 17))
    with pytest.raises(Refused) as refused:
        TENDER.take("announce", draft, actor=people.saule)
    assert codes(refused) == {"window_too_short"}
    (short,) = refused.value.findings
    assert short.numbers["earliest"] == date(2019, 2, 6)
    with translation.override("ru"):
        assert "6 февраля 2019" in str(short.message)  # until when to move it is said
    assert draft.state == State.APPROVED

    TENDER.take("revise", draft, actor=people.saule)
    scenes.set_deadline(draft, date(2019, 2, 6), people.saule)
    TENDER.take("approve", draft, actor=people.saule)
    TENDER.take("announce", draft, actor=people.saule)
    assert draft.state == State.ANNOUNCED


@pytest.mark.req("SO-T-060")
def test_three_working_days_to_announce_are_a_duty_and_lateness_stays_in_the_journal(clock):
    people = planning_cast()
    draft = scenes.a_tender_draft(clock, people, on=date(2019, 1, 14), closes_on=date(2019, 2, 20))
    TENDER.take("approve", draft, actor=people.saule)
    duty = Duty.objects.get(code="announce", done_at=None)
    assert (duty.due_at, duty.bearer) == (draft.announce_by, f"organisation:{people.akimat.pk}")
    clock.set(house_clock.at(date(2019, 1, 18), 9))
    found = TENDER.findings("announce", draft, people.saule)
    assert [finding.code for finding in found] == ["announced_late"]
    TENDER.take("announce", draft, actor=people.saule)
    assert last_facts(draft)["late"] is True
    duty.refresh_from_db()
    assert duty.done_at is not None


# --- What the documentation needs ----------------------------------------------------------------


@pytest.mark.req("SO-T-050", "SO-T-059")
@pytest.mark.parametrize("field", ["title_ru", "title_kk", "conditions_kk", "conditions_ru"])
def test_documentation_without_one_language_is_not_approved(clock, field):
    people = planning_cast()
    draft = scenes.a_tender_draft(clock, people)
    setattr(draft, field, " ")
    tender_draft.edit(draft, [field], actor=people.saule)
    with pytest.raises(Refused) as refused:
        TENDER.take("approve", draft, actor=people.saule)
    assert [finding.about for finding in refused.value.findings] == [field]


@pytest.mark.req("SO-T-059")
def test_a_language_lost_after_approval_keeps_the_tender_from_being_announced(clock):
    people = planning_cast()
    draft = scenes.a_tender_draft(clock, people)
    TENDER.take("approve", draft, actor=people.saule)
    Tender.objects.update(conditions_ru="")
    with pytest.raises(Refused) as refused:
        TENDER.take("announce", draft, actor=people.saule)
    assert codes(refused) == {"language_missing"}


@pytest.mark.req("SO-T-058", "SO-F-21")
def test_only_topics_with_money_and_a_specification_made_for_it_become_lots(clock):
    people = planning_cast()
    draft = scenes.a_tender_draft(clock, people)
    lot = draft.lots.get()
    topic = lot.topic
    topic.approved_tiyn -= 1
    topic.save()
    assert queries.topics_ready(people.saule) == []
    # The page from which a tender is begun says why, and leads to the specification.
    begins = browser_of(people.saule).get(reverse("tenders:tender_new")).content.decode()
    assert reverse("planning:specifications", args=[topic.pk]) in begins
    with pytest.raises(Refused) as refused:
        TENDER.take("approve", draft, actor=people.saule)
    assert codes(refused) == {"revision_needed", "above_approved"}

    lot.specification.state = Specification.State.SUPERSEDED
    lot.specification.save()
    later = Specification.objects.create(
        topic=topic,
        number=2,
        act=lot.specification.act,
        edition=lot.specification.edition,
        state=Specification.State.APPROVED,
        sum_tiyn=topic.approved_tiyn,
    )
    with pytest.raises(Refused) as refused:
        TENDER.take("approve", draft, actor=people.saule)
    assert codes(refused) == {"specification_replaced", "above_approved"}
    tender_draft.renew(lot, actor=people.saule)
    lot.allocated_tiyn = topic.approved_tiyn
    tender_draft.write_lot(lot, actor=people.saule)
    TENDER.take("approve", draft, actor=people.saule)
    assert draft.lots.get().specification == later


@pytest.mark.req("SO-T-058")
def test_a_topic_whose_money_another_tender_holds_is_not_announced_twice(clock):
    people = planning_cast()
    first = scenes.a_tender_draft(clock, people)
    topic = first.lots.get().topic
    second = tender_draft.begin(Tender(), [topic], actor=people.saule)
    TENDER.take("approve", first, actor=people.saule)
    assert queries.topics_ready(people.saule) == []
    found = TENDER.findings("approve", second, people.saule)
    assert "above_approved" in {finding.code for finding in found}
    # A lot that did not take place gives its money back.
    Lot.objects.filter(tender=first).update(result=Lot.Result.NOT_HELD)
    assert queries.topics_ready(people.saule) == [topic]
    found = TENDER.findings("approve", second, people.saule)
    assert "above_approved" not in {finding.code for finding in found}


@pytest.mark.req("SO-T-107", "SO-T-043")
def test_a_lot_states_its_term_after_the_deadline_and_an_advance_of_at_most_a_half(clock):
    people = planning_cast()
    draft = scenes.a_tender_draft(clock, people)
    lot = draft.lots.get()
    lot.starts_on, lot.ends_on = day(draft.closes_at), date(2019, 1, 1)
    tender_draft.write_lot(lot, actor=people.saule)
    assert _missing(draft, people) == {"term_reversed"}
    lot.ends_on = date(2030, 1, 1)
    tender_draft.write_lot(lot, actor=people.saule)
    assert _missing(draft, people) == {"begins_before_deadline"}
    lot.starts_on = None
    tender_draft.write_lot(lot, actor=people.saule)
    assert _missing(draft, people) == {"no_term"}


def _missing(draft, people) -> set[str]:
    found = TENDER.findings("approve", draft, people.saule)
    return {finding.code for finding in found if finding.severity == "error"}


@pytest.mark.req("SO-T-044")
def test_the_package_has_a_version_that_grows_and_a_fingerprint_at_approval(clock):
    people = planning_cast()
    draft = scenes.a_tender_draft(clock, people)
    before = draft.version
    part = TenderFile(
        tender=draft, part="contract", title_kk="Шарт жобасы", title_ru="Проект договора"
    )
    tender_draft.add_file(part, ContentFile(scenes.PDF, "shart.pdf"), actor=people.saule)
    draft.refresh_from_db()
    assert draft.version == before + 1
    TENDER.take("approve", draft, actor=people.saule)
    first = last_facts(draft)["content"]
    TENDER.take("revise", draft, actor=people.saule)
    tender_draft.remove_file(part, actor=people.saule)
    TENDER.take("approve", draft, actor=people.saule)
    assert last_facts(draft)["content"] != first


# --- Where the sources are silent -----------------------------------------------------------------


@pytest.mark.req("GAP-T-08", "GAP-T-09")
def test_whoever_departs_from_the_proposal_names_the_rule(clock):
    people = planning_cast()
    draft = scenes.a_tender_draft(clock, people)
    assert arguments(draft) == {"single_bid": "winner", "above_allocated": "admitted"}
    draft.choices = {"above_allocated": {"value": "not_admitted", "cite": ""}}
    tender_draft.edit(draft, ["choices"], actor=people.saule)
    assert _missing(draft, people) == {"choice_without_ground"}
    draft.choices["above_allocated"]["cite"] = "№ 648 бұйрық"
    tender_draft.edit(draft, ["choices"], actor=people.saule)
    assert _missing(draft, people) == set()
    assert arguments(draft)["above_allocated"] == "not_admitted"


@pytest.mark.req("GAP-T-09")
def test_a_price_above_the_allocated_sum_is_judged_as_the_tender_chose():
    edition = law.edition("tender_scoring", "2019")
    scores = {"C1": 2, "C2": 1, "C3": 3, "C4": 2, "C5": 3, "C6": 4}
    bid = rules.Bid("A", 1001, scores)
    admitted = rules.decide(edition, [bid], allocated_tiyn=1000)
    barred = rules.decide(edition, [bid], allocated_tiyn=1000, above_allocated="not_admitted")
    assert (admitted.kind, barred.kind) == ("winner", "did_not_take_place")
    assert [finding.code for finding in barred.bids[0].findings] == ["above_allocated"]
    at_most = rules.decide(edition, [rules.Bid("A", 1000, scores)], allocated_tiyn=1000,
                           above_allocated="not_admitted")  # fmt: skip
    assert at_most.kind == "winner"


@pytest.mark.req("GAP-T-11", "GAP-T-12", "GAP-T-14", "SO-T-016")
def test_what_the_guide_leaves_out_or_contradicts_is_said_on_a_page_of_the_law(client):
    edition = law.edition("tender_scoring", "2019")
    assert edition.parameter("security.required").value is False
    assert edition.parameter("portal.fee").value is False
    page = client.get(reverse("faces:edition", args=["tender_scoring", "2019"])).content.decode()
    for key in ("scoring.paragraph", "questions.until", "portal.fee"):
        assert edition.parameter(key).remark.kk.split(";")[0][:40] in page


# --- Who may ----------------------------------------------------------------------------------------


@pytest.mark.req("SO-T-004", "SO-T-065")
def test_strangers_neither_begin_nor_change_nor_announce(clock):
    people = planning_cast()
    draft = scenes.a_tender_draft(clock, people)
    topic = draft.lots.get().topic
    for stranger in (people.nurlan, people.aliya):
        with pytest.raises(PermissionDenied):
            tender_draft.begin(Tender(), [topic], actor=stranger)
        draft.title_kk = "Бөтен"
        with pytest.raises(Refused):
            tender_draft.edit(draft, ["title_kk"], actor=stranger)
        draft.refresh_from_db()
        with pytest.raises(Refused):
            TENDER.take("approve", draft, actor=stranger)


@pytest.mark.req("SO-T-065")
def test_a_single_organiser_approves_what_the_customer_wrote(clock):
    people = planning_cast()
    draft = scenes.a_tender_draft(clock, people, organiser=people.ministry)
    assert draft.single_organiser
    with pytest.raises(Refused) as refused:
        TENDER.take("approve", draft, actor=people.saule)
    assert codes(refused) == {"not_yours"}
    TENDER.take("approve", draft, actor=people.nurlan)
    TENDER.take("announce", draft, actor=people.nurlan)
    assert draft.state == State.ANNOUNCED


@pytest.mark.req("SO-T-059")
def test_nobody_outside_sees_a_tender_before_it_is_announced(clock):
    people = planning_cast()
    draft = scenes.a_tender_draft(clock, people)
    lot = draft.lots.get()
    pages = [
        reverse("tenders:tender", args=[draft.pk]),
        reverse("tenders:lot", args=[lot.pk]),
        reverse("tenders:tender_manage", args=[draft.pk]),
    ]
    stranger, officer = browser_of(people.aliya), browser_of(people.saule)
    for state in ("draft", "approve"):
        if state == "approve":
            TENDER.take("approve", draft, actor=people.saule)
        assert [stranger.get(page).status_code for page in pages] == [404, 404, 404]
        assert [officer.get(page).status_code for page in pages] == [200, 200, 200]
    TENDER.take("announce", draft, actor=people.saule)
    assert [stranger.get(page).status_code for page in pages] == [200, 200, 404]
    assert [Client().get(page).status_code for page in pages[:2]] == [200, 200]


# --- Announced -------------------------------------------------------------------------------------


@pytest.mark.req("SO-T-059", "SO-T-062")
def test_announcing_numbers_the_tender_makes_its_key_and_tells_ngos(clock):
    people = planning_cast()
    AnnualReturn.objects.create(
        organisation=people.ngo, year=2022, sent_on=date(2023, 3, 1), evidence="№ 1"
    )
    found = scenes.an_announced(clock, people)
    assert found.number == "2024-001"
    assert len(found.seal_key) == 64
    letter = Letter.objects.get(kind="announced")
    assert letter.recipient == people.aliya.user
    assert reverse("tenders:tender", args=[found.pk]) in letter.body
    second = scenes.an_announced(clock, people)
    assert (second.number, second.seal_key != found.seal_key) == ("2024-002", True)


@pytest.mark.req("SO-T-062", "SO-T-063", "SO-T-064")
def test_tenders_are_found_by_bin_name_lot_and_sum(clock, django_assert_num_queries):
    people = planning_cast()
    found = scenes.an_announced(clock, people)
    address = reverse("tenders:tenders")
    hits = [
        {"q": found.title_ru[:12].upper()},
        {"q": "лот: жастармен"},
        {"q": found.number},
        {"bin": people.akimat.bin},
        {"bin": people.akimat.bin[:8]},
        {"sum_from": "10 000 000", "sum_to": "10000000,00"},
        {"q": "", "bin": "", "sum_from": "", "sum_to": ""},
    ]
    misses = [
        {"q": "мектеп"},
        {"bin": people.ngo.bin},
        {"sum_from": "10 000 000,01"},
        {"sum_to": "9 999 999"},
    ]
    link = reverse("tenders:tender", args=[found.pk])
    reader = Client()
    assert all(link in reader.get(address, asked).content.decode() for asked in hits)
    assert not any(link in reader.get(address, asked).content.decode() for asked in misses)
    wrong = reader.get(address, {"bin": "abc", "sum_from": "көп"})
    assert wrong.status_code == 200
    assert 'id="guide"' in wrong.content.decode()
    with django_assert_num_queries(2):
        queries.tender_list(people.madina)


@pytest.mark.req("SO-T-016", "SO-T-044", "GAP-T-08")
def test_the_public_page_holds_the_documentation_and_asks_no_security(clock):
    people = planning_cast()
    found = scenes.an_announced(clock, people)
    page = read(reverse("tenders:tender", args=[found.pk]), "en")
    assert "No bank guarantee, no security of the bid and none of the contract." in page
    assert "the tender takes place and the only one admitted wins" in page
    edition = law.edition("tender_scoring", "2019")
    for criterion in edition.rubric(rules.RUBRIC).criteria:
        assert escape(criterion.label.en) in page


@pytest.mark.req("SO-T-062")
def test_the_pages_of_a_tender_run_the_same_queries_at_any_size(clock, django_assert_num_queries):
    people = planning_cast()
    found = scenes.an_announced(clock, people, lots=6)
    with django_assert_num_queries(4):
        queries.announcement(queries.announcements(people.madina).get(pk=found.pk))
    with django_assert_num_queries(5):
        queries.desk(found)


# --- Questions -------------------------------------------------------------------------------------


@pytest.mark.req("GAP-T-12", "SO-T-043")
def test_questions_are_public_dated_and_clarified_in_both_languages(clock):
    people = planning_cast()
    found = scenes.an_announced(clock, people)
    asked = question.ask(found, "Залды кім береді?", actor=people.aliya)
    duty = Duty.objects.get(code="answer_question", done_at=None)
    assert duty.due_at == found.closes_at
    with pytest.raises(ValidationError):
        question.ask(found, "Залды кім береді?", actor=people.aliya)
    with pytest.raises(PermissionDenied):
        question.answer(asked, "Біз", "Мы", actor=people.dana)
    question.answer(asked, "Тапсырыс беруші береді.", "Предоставляет заказчик.", actor=people.saule)
    with pytest.raises(ValidationError):
        question.answer(asked, "Басқаша", "Иначе", actor=people.saule)
    page = read(reverse("tenders:tender", args=[found.pk]), "ru")
    assert "Залды кім береді?" in page
    assert "Предоставляет заказчик." in page
    assert "Әлиева" not in page
    assert Letter.objects.get(kind="answered").recipient == people.aliya.user
    assert not Duty.objects.filter(code="answer_question", done_at=None).exists()


@pytest.mark.req("GAP-T-12")
def test_the_last_instant_for_a_question_is_the_deadline_itself(clock):
    people = planning_cast()
    found = scenes.an_announced(clock, people)
    clock.set(found.closes_at)
    question.ask(found, "Соңғы сұрақ", actor=people.aliya)
    clock.set(just_after(found))
    with pytest.raises(ValidationError) as refused:
        question.ask(found, "Кеш сұрақ", actor=people.aliya)
    assert refused.value.code == "deadline_over"


def test_somebody_who_asks_too_much_is_asked_to_wait(clock):
    people = planning_cast()
    found = scenes.an_announced(clock, people)
    for number in range(question.MOST_AN_HOUR):
        question.ask(found, f"{number}-сұрақ", actor=people.aliya)
    with pytest.raises(ValidationError) as refused:
        question.ask(found, "Тағы біреуі", actor=people.aliya)
    assert refused.value.code == "too_many"
    question.ask(found, "Тағы біреуі", actor=people.dana)


# --- Pages -----------------------------------------------------------------------------------------


@pytest.mark.req("SO-T-043", "SO-T-058", "SO-T-059")
def test_an_officer_walks_from_topics_to_the_announcement_by_pages(clock):
    people = planning_cast()
    # Discussed, listed, specified; 5 000 000 tenge were asked for.
    planned = budget_scenes.budgeted(clock, people.saule, people.akimat, 3_000_000)
    topic = planned.topics.get()
    clock.set(scenes.ANNOUNCED)
    browser = browser_of(people.saule)
    begin = reverse("tenders:tender_new")
    assert browser.post(begin, {"topics": [topic.pk]}).status_code == 422
    budget_scenes.revised(people.saule, topic)
    answer = browser.post(begin, {"topics": [topic.pk]}, follow=True)
    found = Tender.objects.get()
    assert answer.redirect_chain == [(reverse("tenders:tender_manage", args=[found.pk]), 302)]
    edit = reverse("tenders:tender_edit", args=[found.pk])
    assert browser.get(edit).status_code == 200
    texts = {
        "title_kk": "Жастар", "title_ru": "Молодёжь", "conditions_kk": "Шарт",
        "conditions_ru": "Условия", "contact": "Сәуле", "closes_at": "2024-03-01T18:00",
        "single_bid": "winner", "single_bid_cite": "", "above_allocated": "admitted",
        "above_allocated_cite": "",
    }  # fmt: skip
    assert browser.post(edit, texts).status_code == 302
    lot = found.lots.get()
    page = reverse("tenders:lot_edit", args=[lot.pk])
    terms = {"starts_on": "2024-03-15", "ends_on": "2024-11-30", "advance_percent": "51"}
    answer = browser.post(page, {"allocated_tiyn": "3 000 000", **terms})
    assert answer.status_code == 422
    terms["advance_percent"] = "50"
    assert browser.post(page, {"allocated_tiyn": "3 000 000", **terms}).status_code == 302
    for step in ("approve", "announce"):
        address = reverse("tenders:tender_step", args=[found.pk, step])
        assert browser.post(address).status_code == 302
    found.refresh_from_db()
    assert (found.state, found.lots.get().advance_percent) == (State.ANNOUNCED, 50)
    assert browser.post(reverse("tenders:tender_step", args=[found.pk, "open"])).status_code == 404
    assert browser.post(edit, texts).status_code == 409


def test_two_officers_change_different_texts_and_nothing_is_lost(clock):
    people = planning_cast()
    colleague = factories.a_member(people.akimat, Role.OFFICER)
    draft = scenes.a_tender_draft(clock, people)
    browser = browser_of(people.saule)
    address = reverse("tenders:tender_edit", args=[draft.pk])
    shown = browser.get(address).context["form"]
    sent = {name: shown[name].value() for name in shown.fields}
    sent["closes_at"] = house_clock.at(scenes.CLOSES_ON, 18).strftime("%Y-%m-%dT%H:%M")
    sent |= {shown.add_initial_prefix(name): value for name, value in sent.items()}
    draft.title_ru = "Название коллеги"
    tender_draft.edit(draft, ["title_ru"], actor=colleague)
    assert browser.post(address, {**sent, "contact": "Менің байланысым"}).status_code == 302
    draft.refresh_from_db()
    assert (draft.title_ru, draft.contact) == ("Название коллеги", "Менің байланысым")
    answer = browser.post(address, {**sent, "title_ru": "Моё название"})
    assert answer.status_code == 409
    assert "Название коллеги" in answer.content.decode()
    assert "Моё название" in answer.content.decode()
    draft.refresh_from_db()
    assert draft.title_ru == "Название коллеги"


@pytest.mark.req("SO-T-044")
def test_a_file_that_is_none_of_ours_is_refused_with_a_sentence(clock):
    people = planning_cast()
    draft = scenes.a_tender_draft(clock, people)
    browser = browser_of(people.saule)
    address = reverse("tenders:tender_files", args=[draft.pk])
    fields = {"part": "contract", "title_kk": "Шарт", "title_ru": "Договор"}
    wrong = ContentFile(b"MZ not a document", "shart.pdf")
    assert browser.post(address, {**fields, "upload": wrong}).status_code == 422
    assert not draft.files.exists()
    right = ContentFile(scenes.PDF, "shart.pdf")
    assert browser.post(address, {**fields, "upload": right}).status_code == 302
    file = draft.files.get()
    link = reverse("tenders:tender_file", args=[file.pk])
    assert Client().get(link).status_code == 404
    answer: Any = browser.get(link)
    assert b"".join(answer.streaming_content) == scenes.PDF
    assert browser.post(reverse("tenders:tender_file_remove", args=[file.pk])).status_code == 302
    assert not draft.files.exists()


def test_a_draft_is_discarded_and_its_topic_is_free_again(clock):
    people = planning_cast()
    draft = scenes.a_tender_draft(clock, people)
    topic = draft.lots.get().topic
    browser = browser_of(people.saule)
    assert browser.post(reverse("tenders:tender_discard", args=[draft.pk])).status_code == 302
    assert not Tender.objects.exists()
    assert queries.topics_ready(people.saule) == [topic]


# --- What the officers must not learn, and what two of them do at once ------------------------------


@pytest.mark.req("SO-T-079")
def test_no_page_of_a_tender_changes_when_somebody_bids(clock):
    """Its officers do not even learn that there is a bid before the opening."""
    people = planning_cast()
    found = scenes.an_announced(clock, people)
    lot = found.lots.select_related("tender", "topic").get()
    officer = browser_of(people.saule)
    pages = [
        reverse("tenders:tenders"),
        *(reverse(f"tenders:{name}", args=[found.pk]) for name in ("tender", "tender_manage")),
        reverse("tenders:lot", args=[lot.pk]),
    ]

    def shown() -> list[str]:
        texts = [officer.get(page).content.decode() for page in pages]
        return [
            re.sub(r'(csrf\w*"?[^>]*value=|"X-CSRFToken": )"[^"]+"', "", text) for text in texts
        ]

    before = shown()
    assert all(len(text) > 1000 for text in before)
    scenes.a_submitted_bid(lot, people.aliya)
    assert shown() == before


def test_of_two_officers_who_announce_at_once_the_second_is_told(clock):
    people = planning_cast()
    first = scenes.a_tender_draft(clock, people)
    TENDER.take("approve", first, actor=people.saule)
    second = Tender.objects.get(pk=first.pk)
    TENDER.take("announce", first, actor=people.saule)
    with pytest.raises(Refused) as refused:
        TENDER.take("announce", second, actor=people.saule)
    assert codes(refused) == {"moved_on"}
    assert Tender.objects.get().number == "2024-001"


@pytest.mark.req("SO-T-076", "SO-T-080")
def test_nobody_opens_by_hand_and_the_review_is_a_duty_of_ten_working_days(clock):
    people = planning_cast()
    found = scenes.an_announced(clock, people)
    with pytest.raises(Refused) as refused:
        TENDER.take("open", found, actor=people.saule)
    assert "not_yours" in codes(refused)
    clock.set(found.closes_at)
    with pytest.raises(Refused) as refused:
        TENDER.take("open", found, actor=SYSTEM)
    assert codes(refused) == {"too_early"}
    clock.set(just_after(found))
    assert (
        browser_of(people.saule).get(reverse("tenders:tender_manage", args=[found.pk])).status_code
        == 200
    )
    found.refresh_from_db()
    assert found.state == State.OPENED
    duty = Duty.objects.get(code="review", done_at=None)
    assert (duty.due_at, day(duty.due_at)) == (found.review_by, date(2024, 3, 7))


def test_every_page_of_a_draft_with_many_lots_and_files_is_shown(clock):
    """Also in each language, and without a query for each lot."""
    people = planning_cast()
    draft = scenes.a_tender_draft(clock, people, lots=3)
    for number in range(2):
        part = TenderFile(tender=draft, title_kk=f"{number}-файл")
        tender_draft.add_file(part, ContentFile(scenes.PDF, "f.pdf"), actor=people.saule)
    scenes.a_ready_topic(people)
    officer = browser_of(people.saule)
    names = ("tender", "tender_manage", "tender_edit", "tender_topics", "tender_files")
    pages = [reverse(f"tenders:{name}", args=[draft.pk]) for name in names]
    pages += [reverse("tenders:tender_new"), reverse("tenders:tenders")]
    pages += [reverse("tenders:lot_edit", args=[draft.lots.all()[0].pk])]
    for language in ("kk", "ru", "en"):
        officer.cookies["ortaq_language"] = language
        assert [officer.get(page).status_code for page in pages] == [200] * len(pages)
    ticked = list(draft.lots.values_list("topic_id", flat=True))[1:]
    topics = reverse("tenders:tender_topics", args=[draft.pk])
    assert officer.post(topics, {"topics": ticked}).status_code == 302
    assert [lot.position for lot in draft.lots.all()] == [1, 2]
    assert officer.post(topics, {"sent": "1"}).status_code == 422
    assert officer.post(topics, {"topics": ["0", "x"]}).status_code == 422
    assert draft.lots.count() == 2

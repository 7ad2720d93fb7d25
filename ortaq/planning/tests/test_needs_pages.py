"""Pages of needs assessments: who sees what, two officers at once, papers, fixed query counts."""

from __future__ import annotations

from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from ortaq import law
from ortaq.core import clock as house_clock
from ortaq.documents.paper import Table
from ortaq.law import needs
from ortaq.people.models import Role
from ortaq.planning.models import Assessment, Canvas, Source
from ortaq.planning.papers.needs import canvas_paper
from ortaq.planning.procedure import needs_draft
from ortaq.planning.tests import scenes
from ortaq.testing import factories

pytestmark = pytest.mark.django_db
BEGUN = house_clock.at(date(2024, 2, 12), 10)


@pytest.fixture
def cast(clock):
    clock.set(BEGUN)
    return scenes.cast()


def browser(actor) -> Client:
    """The browser of somebody, signed in unless they have no account."""
    client = Client()
    if actor.user:
        client.force_login(actor.user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def address(name, *args) -> str:
    return reverse(f"planning:{name}", args=args)


def text(answer) -> str:
    return str(answer.content.decode())


def a_canvas(cast, assessment, kind="swot") -> Canvas:
    canvas = Canvas(assessment=assessment, kind=kind, title="Жалғыз қарттар")
    return needs_draft.begin_canvas(canvas, actor=cast.saule)


# --- Who sees what -------------------------------------------------------------------------------


@pytest.mark.req("SO-F-01", "SO-T-024")
def test_everybody_reads_an_approved_assessment_and_nobody_else_a_draft(cast):
    approved = scenes.approved_needs(cast.saule, cast.akimat)
    draft = scenes.an_assessment(cast.saule, cast.akimat, title_kk="Жасырын жоба")
    for reader in (cast.madina, cast.aliya, cast.nurlan):
        client = browser(reader)
        page = client.get(address("assessment", approved.pk))
        assert page.status_code == 200
        assert "Жалғызбасты қарттарға үйде көмек қажет." in text(page)
        assert client.get(address("assessment", draft.pk)).status_code == 404
        listed = text(client.get(address("assessments")))
        assert approved.title_kk in listed
        assert "Жасырын жоба" not in listed
    assert "Жасырын жоба" in text(browser(cast.saule).get(address("assessments")))


@pytest.mark.req("SO-F-02")
def test_the_desk_of_the_body_warns_until_the_needs_are_assessed(cast):
    client = browser(cast.saule)
    cite = "№18-2022 ¶7(1)"
    assert cite in text(client.get(address("formations")))
    assert "notice-warning" in text(client.get(address("assessments")))
    scenes.approved_needs(cast.saule, cast.akimat)
    after = text(client.get(address("formations")))
    assert cite in after  # when the next one is due
    assert "notice-warning" not in after


def test_worksheets_and_files_are_for_the_officers_of_the_body(cast):
    assessment = scenes.a_whole_assessment(cast.saule, cast.akimat)
    canvas = a_canvas(cast, assessment)
    source = assessment.sources.all()[0]
    pages = [
        address("canvas", canvas.pk),
        address("canvas_cards", canvas.pk),
        address("canvas_edit", canvas.pk),
        address("canvas_paper", canvas.pk, "kk", "pdf"),
        address("source_edit", source.pk),
        address("source_file", source.pk),
    ]
    for stranger in (cast.aliya, cast.nurlan):
        client = browser(stranger)
        assert [client.get(page).status_code for page in pages] == [404] * len(pages)
        assert client.post(pages[1], {"cell": "threats", "text": "а"}).status_code == 404
    assert browser(cast.saule).get(pages[0]).status_code == 200
    assert not canvas.cards.exists()


def test_a_topic_and_its_assessment_lead_to_each_other(cast):
    assessment = scenes.approved_needs(cast.saule, cast.akimat)
    formation = scenes.a_draft(cast.saule, cast.akimat, 1)
    topic = formation.topics.get()
    topic.assessments.add(assessment)
    for reader, seen in ((cast.saule, True), (cast.madina, False)):  # the list is a draft still
        page = text(browser(reader).get(address("assessment", assessment.pk)))
        assert (address("topic", topic.pk) in page) is seen
    shown = text(browser(cast.saule).get(address("topic", topic.pk)))
    assert address("assessment", assessment.pk) in shown


# --- Filling a draft -----------------------------------------------------------------------------


@pytest.mark.req("SO-F-01", "SO-F-03", "SO-T-026", "SO-T-028")
def test_an_officer_fills_and_approves_an_assessment_with_nothing_but_the_pages(cast):
    client = browser(cast.saule)
    head = {
        "body": cast.akimat.pk,
        "kind": "preliminary",
        "title_kk": "Қарттар",
        "title_ru": "Пожилые",
        "begun_on": "2024-02-01",
    }
    client.post(address("assessment_new"), head)
    found = Assessment.objects.get()
    assert (found.edition, found.act) == ("2022", "rules_social_order")
    for number in range(3):
        client.post(
            address("source_new", found.pk),
            {"kind": "proposals", "title": f"Ұсыныс {number}", "version": ""},
        )
    sources = list(found.sources.values_list("pk", flat=True))
    client.post(
        address("conclusion_new", found.pk),
        {"text_kk": "Көмек қажет", "text_ru": "Нужна помощь", "sources": sources},
    )
    told = {"indicator_kk": "Үлес", "indicator_ru": "Доля", "unit": "%", "source": sources[0]}
    client.post(
        address("baseline_new", found.pk), {**told, "value": "1 234,5", "measured_on": "2024-02-01"}
    )
    assert str(found.baselines.get().value) == "1234.5000"
    answers = {f"{key}_{one}": "Жауап" for key in needs.questions() for one in ("kk", "ru")}
    client.post(address("assessment_answers", found.pk), answers)
    page = client.post(address("assessment_approve", found.pk), follow=True)
    found.refresh_from_db()
    assert found.state == "approved", text(page)


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"begun_on": "2024-02-13"}, "begun_on"),  # tomorrow
        ({"begun_on": "2017-01-01"}, "begun_on"),  # before any edition
        ({"begun_on": "0000-99-99"}, "begun_on"),
        ({"kind": "endless"}, "kind"),
        ({"title_kk": ""}, "title_kk"),
        ({"body": "999999"}, "body"),
    ],
)
def test_a_head_that_cannot_be_is_refused_with_its_field(cast, changed, field):
    head = {"body": cast.akimat.pk, "kind": "final", "title_kk": "Қ", "begun_on": "2024-02-01"}
    answer = browser(cast.saule).post(address("assessment_new"), {**head, **changed})
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == [field]
    assert not Assessment.objects.exists()


@pytest.mark.parametrize("value", ["", "көп", "1e400", "NaN", "12345678901234567890", "1.00001"])
def test_a_value_that_is_no_exact_number_is_refused(cast, value):
    assessment = scenes.an_assessment(cast.saule, cast.akimat)
    typed = {"indicator_kk": "Үлес", "value": value, "measured_on": "2024-02-01"}
    answer = browser(cast.saule).post(address("baseline_new", assessment.pk), typed)
    assert answer.status_code == 422
    assert "value" in answer.context["form"].errors


@pytest.mark.req("SO-G-03")
def test_a_field_is_one_of_the_edition_of_the_day(cast):
    old, new = (
        {one.key for one in law.fields_of(key)}
        for key in ("social_order_2019_guide", "social_order_2022")
    )
    head = {
        "body": cast.akimat.pk,
        "kind": "preliminary",
        "title_kk": "Қ",
        "begun_on": "2020-02-01",
        "field": min(new - old),
    }
    answer = browser(cast.saule).post(address("assessment_new"), head)
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == ["field"]
    browser(cast.saule).post(address("assessment_new"), {**head, "begun_on": "2024-02-01"})
    assert Assessment.objects.get().field == min(new - old)


def test_the_file_of_a_source_is_kept_for_the_body_and_a_program_is_refused(cast):
    assessment = scenes.an_assessment(cast.saule, cast.akimat)
    client, page = browser(cast.saule), address("source_new", assessment.pk)
    typed = {"kind": "proposals", "title": "Зерттеу"}
    program = SimpleUploadedFile("зерттеу.pdf", b"MZ" * 500)
    refused = client.post(page, {**typed, "upload": program})
    assert refused.status_code == 422
    assert "Зерттеу" in text(refused)
    assert not Source.objects.exists()
    client.post(page, {**typed, "upload": SimpleUploadedFile("зерттеу.pdf", b"%PDF-1.7 x")})
    source = Source.objects.get()
    answer = client.get(address("source_file", source.pk))
    assert b"".join(answer).startswith(b"%PDF")
    assert browser(cast.nurlan).get(address("source_file", source.pk)).status_code == 404


def test_the_source_of_another_body_supports_no_conclusion(cast):
    mine = scenes.an_assessment(cast.saule, cast.akimat)
    theirs = scenes.an_assessment(cast.nurlan, cast.ministry)
    source = scenes.a_source(theirs, cast.nurlan)
    answer = browser(cast.saule).post(
        address("conclusion_new", mine.pk), {"text_kk": "Қ", "sources": [source.pk]}
    )
    assert answer.status_code == 422
    assert not mine.conclusions.exists()


def test_what_a_colleague_saved_meanwhile_stands_beside_what_was_typed(cast):
    assessment = scenes.an_assessment(cast.saule, cast.akimat)
    source = scenes.a_source(assessment, cast.saule)
    client, page = browser(cast.saule), address("source_edit", source.pk)
    typed = {"kind": "proposals", "title": "Менің сөзім", "version": "0"}
    client.post(page, {**typed, "title": "Әріптестің сөзі"})
    answer = client.post(page, typed)
    assert answer.status_code == 409
    assert "Менің сөзім" in text(answer)
    assert "Әріптестің сөзі" in text(answer)
    assert 'name="version" value="1"' in text(answer)
    removed = client.post(address("needs_remove", "source", source.pk), {"version": "0"})
    assert removed["Location"] == page  # look first
    assert client.post(page, {**typed, "version": "1"}).status_code == 302
    assert Source.objects.get().title == "Менің сөзім"
    client.post(address("needs_remove", "source", source.pk), {"version": "2"})
    assert not Source.objects.exists()


def test_an_answer_that_a_colleague_wrote_meanwhile_is_shown_and_not_overwritten(cast):
    assessment = scenes.an_assessment(cast.saule, cast.akimat)
    client, page = browser(cast.saule), address("assessment_answers", assessment.pk)
    key = next(iter(needs.questions()))
    client.post(page, {f"{key}_kk": "бірінші", f"{key}_version": "0"})
    answer = client.post(page, {f"{key}_kk": "екінші", f"{key}_version": "0"})
    assert answer.status_code == 409
    assert "бірінші" in text(answer)
    assert "екінші" in text(answer)
    client.post(page, {f"{key}_kk": "екінші", f"{key}_version": "1"})
    assessment.refresh_from_db()
    assert assessment.answers[key]["kk"] == "екінші"


# --- Worksheets ----------------------------------------------------------------------------------


@pytest.mark.req("SO-T-032", "SO-T-035")
def test_two_officers_fill_a_worksheet_together_with_and_without_scripts(cast):
    assessment = scenes.an_assessment(cast.saule, cast.akimat)
    canvas = a_canvas(cast, assessment)
    other = factories.a_member(cast.akimat, Role.OFFICER, surname="Жұмабаева")
    cards = address("canvas_cards", canvas.pk)
    first, second = browser(cast.saule), browser(other)
    added = first.post(cards, {"cell": "strengths", "text": "Көршілер көмектеседі"})
    assert added["Location"] == f"{address('canvas', canvas.pk)}#strengths"
    by_script = second.post(
        cards, {"cell": "threats", "text": "Көлік сирек"}, headers={"HX-Request": "true"}
    )
    assert 'id="add-threats"' in text(by_script)
    assert 'id="add-strengths"' not in text(by_script)  # where the other one may be typing
    looked = text(first.get(cards))
    assert "Көлік сирек" in looked
    assert "Жұмабаева" in looked
    assert "<form" not in looked
    assert canvas.cards.count() == 2


@pytest.mark.req("SO-T-032")
def test_a_card_that_a_colleague_removed_is_offered_as_a_new_one(cast):
    canvas = a_canvas(cast, scenes.an_assessment(cast.saule, cast.akimat))
    card = needs_draft.add_card(canvas, "threats", "бір", actor=cast.saule)
    client, page = browser(cast.saule), address("card", canvas.pk, card.pk)
    client.post(address("card_remove", canvas.pk, card.pk), {"version": "0"})
    answer = client.post(page, {"cell": "threats", "text": "менің ойым", "version": "0"})
    assert answer.status_code == 409
    assert "менің ойым" in text(answer)
    assert f'action="{address("canvas_cards", canvas.pk)}"' in text(answer)


@pytest.mark.parametrize(
    ("cell", "words"), [("threats", ""), ("nowhere", "а"), ("threats", "а" * 2001)]
)
def test_a_card_that_cannot_stand_is_refused_and_its_text_kept(cast, cell, words):
    canvas = a_canvas(cast, scenes.an_assessment(cast.saule, cast.akimat))
    answer = browser(cast.saule).post(
        address("canvas_cards", canvas.pk), {"cell": cell, "text": words}
    )
    assert answer.status_code == 422
    assert cell == "nowhere" or words in text(answer)
    assert not canvas.cards.exists()


@pytest.mark.req("SO-T-036", "SO-T-037", "GAP-T-15")
@pytest.mark.parametrize("kind", Canvas.Kind.values)
def test_every_worksheet_is_shown_and_printed_with_its_cells_in_order(cast, kind):
    canvas = a_canvas(cast, scenes.an_assessment(cast.saule, cast.akimat), kind)
    cells = [cell.name.kk for cell in needs.worksheets()[kind].cells]
    for cell in needs.worksheets()[kind].cells:
        needs_draft.add_card(canvas, cell.key, f"ой {cell.key}", actor=cast.saule)
    page = text(browser(cast.saule).get(address("canvas", canvas.pk)))
    assert [
        page.index(f'id="head-{cell.key}"') for cell in needs.worksheets()[kind].cells
    ] == sorted(page.index(f'id="head-{cell.key}"') for cell in needs.worksheets()[kind].cells)
    paper = canvas_paper(canvas, "kk")
    assert paper.orientation == "landscape"
    tables = [block for block in paper.blocks if isinstance(block, Table)]
    assert [column.header for table in tables for column in table.columns] == cells
    assert all(len(table.columns) <= 5 for table in tables)


@pytest.mark.req("SO-T-038")
def test_an_analysis_carries_its_context_onto_its_page_and_paper(cast):
    assessment = scenes.an_assessment(cast.saule, cast.akimat)
    context = {key: f"мәнмәтін: {key}" for key in needs.context()}
    assert len(context) == 6  # from the level to the culture
    posted = {f"context_{key}": words for key, words in context.items()}
    client = browser(cast.saule)
    client.post(address("canvas_new", assessment.pk), {"kind": "swot", "title": "Ауыл", **posted})
    canvas = Canvas.objects.get()
    page, paper = text(client.get(address("canvas", canvas.pk))), str(canvas_paper(canvas, "kk"))
    assert all(words in page and words in paper for words in context.values())
    assert needs.worksheets()["swot"].about.kk in page  # one unit; PEST looks at the whole field


def test_a_worksheet_of_an_approved_assessment_is_read_and_no_longer_written(cast):
    assessment = scenes.a_whole_assessment(cast.saule, cast.akimat)
    canvas = a_canvas(cast, assessment)
    client = browser(cast.saule)
    client.post(address("assessment_approve", assessment.pk))
    assert "<textarea" not in text(client.get(address("canvas", canvas.pk)))
    answer = client.post(address("canvas_cards", canvas.pk), {"cell": "threats", "text": "а"})
    assert answer.status_code == 409
    assert not canvas.cards.exists()


# --- Papers, counts ------------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["kk", "ru"])
@pytest.mark.parametrize(("kind", "begins"), [("pdf", b"%PDF"), ("docx", b"PK")])
def test_an_assessment_and_a_worksheet_are_printed_in_both_languages(cast, language, kind, begins):
    assessment = scenes.a_whole_assessment(cast.saule, cast.akimat)
    canvas = a_canvas(cast, assessment)
    client = browser(cast.saule)
    for name, row in (("assessment_paper", assessment), ("canvas_paper", canvas)):
        answer = client.get(address(name, row.pk, language, kind))
        assert b"".join(answer).startswith(begins)
    assert client.get(address("assessment_paper", assessment.pk, "fr", kind)).status_code == 404
    assert client.get(address("assessment_paper", assessment.pk, "kk", "exe")).status_code == 404


def counted(client, page) -> int:
    with CaptureQueriesContext(connection) as asked:
        assert client.get(page).status_code == 200
    return len(asked)


def test_pages_ask_as_often_whatever_they_hold(cast):
    assessment = scenes.a_whole_assessment(cast.saule, cast.akimat)
    canvas = a_canvas(cast, assessment)
    needs_draft.add_card(canvas, "threats", "ой", actor=cast.saule)
    client = browser(cast.saule)
    pages = [
        address("assessments"),
        address("assessment", assessment.pk),
        address("canvas", canvas.pk),
        address("canvas_cards", canvas.pk),
    ]
    few = [counted(client, page) for page in pages]
    sources = [scenes.a_source(assessment, cast.saule, number) for number in range(4, 10)]
    for number in range(5):
        scenes.a_conclusion(assessment, cast.saule, sources)
        scenes.a_value(assessment, cast.saule, str(number), source=sources[0])
        needs_draft.add_card(canvas, "threats", f"{number}", actor=cast.saule)
        scenes.an_assessment(cast.saule, cast.akimat)
    assert [counted(client, page) for page in pages] == few

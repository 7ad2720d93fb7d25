"""The pages of the annual return: written while typing, sent, checked beside the year before; the form in Word read back."""

import io
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from docx import Document

from ortaq.documents import render
from ortaq.documents.filling import blank
from ortaq.documents.writing.page import element_id
from ortaq.registry.content import known, word
from ortaq.registry.content.parts import PARTS, form
from ortaq.registry.content.whole import load
from ortaq.registry.models import AnnualReturn
from ortaq.registry.papers import annual_return as papers
from ortaq.registry.procedure import ANNUAL_RETURN
from ortaq.testing.factories import SINCE

from .return_scenes import MARCH, begun, body, sent
from .scenes import assemble

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def march(clock):
    clock.set(MARCH)
    with known.registered():
        yield


@pytest.fixture
def cast():
    return assemble()


def docx(content: bytes, name="report.docx"):
    return SimpleUploadedFile(name, content)


def as_officer(client, cast):
    """Saule signs in for the authorised body."""
    ministry = body(cast).acting_for
    assert ministry is not None
    client.force_login(cast.saule)
    session = client.session
    session["acting_for"] = ministry.pk
    session.save()


@pytest.mark.req("NG-007", "NG-016", "NG-017", "NG-018")
def test_aliya_fills_page_after_page_and_sends_and_a_stranger_finds_nothing(client, cast):
    client.force_login(cast.aliya)
    assert "489-1" in client.get("/returns/").content.decode()
    answer = client.post("/returns/begin/2025/")
    row = AnnualReturn.objects.get(organisation=cast.ngo, year=2025)
    assert answer.url == f"/returns/{row.pk}/fill/organisation/"
    page = client.get(answer.url).content.decode()
    assert cast.ngo.bin in page  # from the card
    typed = {"v:identity/site": "1", "identity/site": "https://alem.kz", "do": "next"}
    answer = client.post(answer.url, typed)
    assert answer.url == f"/returns/{row.pk}/fill/founders/"
    assert load(row).flat["identity/site"] == "https://alem.kz"
    for one in PARTS:
        assert client.get(f"/returns/{row.pk}/fill/{one.key}/").status_code == 200
    assert client.post(f"/returns/{row.pk}/finish/", {"declared": "on"}).status_code == 409
    client.force_login(cast.dana)
    assert client.get(f"/returns/{row.pk}/").status_code == 404
    assert client.get(f"/returns/{row.pk}/fill/organisation/").status_code == 404
    client.force_login(cast.gulnara)
    assert client.get(f"/returns/{row.pk}/").status_code == 404  # a draft is its NGO's alone


@pytest.mark.req("NG-013")
def test_the_finish_names_the_field_that_lacks_a_language_and_links_to_it(client, cast):
    row = begun(cast)
    client.force_login(cast.bolat)
    version = load(row).draft.version
    address = f"/returns/{row.pk}/fill/organisation/"
    typed = {"v:identity/purpose_ru": str(version), "identity/purpose_ru": ""}
    answer = client.post(address, typed, headers={"HX-Request": "true"})
    assert answer.status_code == 200
    finish = client.get(f"/returns/{row.pk}/finish/").content.decode()
    assert f"{address}#{element_id('identity/purpose_ru')}" in finish


@pytest.mark.req("NG-002", "NG-020", "NG-023")
def test_saule_reads_it_beside_the_year_before_and_remarks_on_a_field(client, cast):
    ANNUAL_RETURN.take("approve", sent(cast, 2024), actor=body(cast))
    row = sent(cast, 2025)
    as_officer(client, cast)
    assert cast.ngo.name_kk in client.get("/returns/?queue=1").content.decode()
    page = client.get(f"/returns/{row.pk}/versions/1/")
    income = next(s for s in page.context["sections"] if s.section.key == "income")
    opening = next(p for p in income.places if p.path == "income/opening")
    assert (opening.changed, opening.is_number) == (False, True)
    answer = client.post(f"/returns/{row.pk}/return/", {"remark-income/grants": "Шарттан аз"})
    assert answer.status_code == 302
    row.refresh_from_db()
    assert row.state == "returned"
    # What the NGO writes now is its own until it is sent again.
    assert client.get(f"/returns/{row.pk}/fill/money/").status_code == 404
    assert client.get(f"/returns/{row.pk}/finish/").status_code == 302
    client.force_login(cast.aliya)
    assert "Шарттан аз" in client.get(f"/returns/{row.pk}/fill/money/").content.decode()
    client.force_login(cast.gulnara)  # the operator knows the status and reads nothing
    assert client.get(f"/returns/{row.pk}/").status_code == 200
    assert client.get(f"/returns/{row.pk}/versions/1/").status_code == 404


@pytest.mark.req("NG-026")
def test_the_overview_takes_as_many_queries_for_one_ngo_as_for_many(
    client, cast, django_assert_max_num_queries
):
    sent(cast)
    client.force_login(cast.gulnara)
    client.get("/returns/overview/")
    with django_assert_max_num_queries(7):
        page = client.get("/returns/overview/?year=2025&standing=absent")
    assert [row.pk for row in page.context["page"].rows] == [cast.rival.pk]


@pytest.mark.req("NG-009")
def test_a_paper_is_attached_to_its_row_and_what_is_no_document_is_refused_with_a_sentence(
    client, cast
):
    row = begun(cast)
    client.force_login(cast.bolat)
    pdf = SimpleUploadedFile("жарғы.pdf", b"%PDF-1.4 x")
    client.post(f"/returns/{row.pk}/papers/", {"paper": "charter", "file": pdf})
    paper = row.papers.get()
    found = client.get(f"/returns/{row.pk}/papers/{paper.pk}/")
    assert b"".join(found.streaming_content) == b"%PDF-1.4 x"
    bad = SimpleUploadedFile("a.exe", b"MZ rubbish")
    client.post(f"/returns/{row.pk}/papers/", {"paper": "balance", "file": bad})
    assert row.papers.count() == 1
    client.force_login(cast.dana)
    assert client.get(f"/returns/{row.pk}/papers/{paper.pk}/").status_code == 404


@pytest.mark.req("NG-027", "NG-028")
@pytest.mark.parametrize("language", ["kk", "ru"])
def test_what_ortaq_prints_is_read_back_from_word(cast, language):
    version = sent(cast).versions.get()
    filled = word.read(docx(render.docx(papers.make(version, language))))
    assert filled.findings == []
    sections = version.content["sections"]
    for key in ("identity", "head", "income", "spending", "people"):
        assert filled.data[key] == sections[key]
    assert filled.data["activity"][0]["direction"] == sections["activity"][0]["direction"]


@pytest.mark.req("NG-028")
def test_what_cannot_be_read_in_word_is_named_by_row_and_the_rest_is_taken(client, cast):
    document = Document(io.BytesIO(render.docx(blank(form(), "kk"))))
    tables = document.tables
    tables[0].rows[0].cells[-1].text = "«Әлем» қоры"
    tables[0].rows[3].cells[-1].text = "былтыр"
    tables[2].rows[1].cells[1].text = "кәсіпкер"
    tables[2].rows[1].cells[2].text = "Ыбыраев Болат"
    kept = io.BytesIO()
    document.save(kept)
    row = begun(cast, data={})
    client.force_login(cast.aliya)
    page = client.post(f"/returns/{row.pk}/word/", {"file": docx(kept.getvalue())})
    said = [str(one.message) for one, _address in page.context["unread"]]
    assert len(said) == 2
    assert "былтыр" in said[0]
    assert "кәсіпкер" in said[1]
    flat = load(row).flat
    assert flat["identity/name_kk"] == "«Әлем» қоры"
    assert flat["founders/~w1/name_kk"] == "Ыбыраев Болат"


@pytest.mark.parametrize("content", [b"", b"rubbish", b"%PDF-1.4", b"PK\x03\x04broken"])
def test_a_file_that_is_not_the_form_changes_nothing(client, cast, content):
    row = begun(cast)
    before = load(row).draft.version
    client.force_login(cast.aliya)
    answer = client.post(f"/returns/{row.pk}/word/", {"file": docx(content)})
    assert answer.status_code == 422
    assert answer.context["form"].errors["file"]
    assert load(row).draft.version == before


@pytest.mark.req("NG-028")
def test_an_officer_registers_a_paper_return_and_enters_it(client, cast):
    as_officer(client, cast)
    typed = {
        "organisation": cast.ngo.bin,
        "year": "2025",
        "posted_on": "2026-03-10",
        "received_on": "2026-03-18",
        "letter_number": "12/3",
    }
    bad = client.post("/returns/paper/", typed | {"posted_on": "2026-03-19"})
    assert list(bad.context["form"].errors) == ["posted_on"]
    answer = client.post("/returns/paper/", typed)
    row = AnnualReturn.objects.get(organisation=cast.ngo, year=2025)
    assert answer.url == f"/returns/{row.pk}/word/"
    assert row.sent_on == date(2026, 3, 10) > SINCE
    assert client.post(f"/returns/{row.pk}/finish/").url == f"/returns/{row.pk}/versions/1/"
    assert client.post(f"/returns/{row.pk}/approve/").status_code == 409  # fields are missing

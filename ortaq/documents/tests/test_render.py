import io
import re
import shutil
import subprocess
import zlib
from decimal import Decimal

import docx as python_docx
import pytest
import python_calamine as calamine
from django.utils.html import escape
from docx.enum.section import WD_ORIENT
from docx.oxml.ns import qn
from hypothesis import given, settings
from hypothesis import strategies as st

from ortaq.documents import paper, render
from ortaq.documents.forms import form
from ortaq.documents.paper import Align, Cell, Column, Paper, Row, Table
from ortaq.documents.render import columns
from ortaq.documents.samples import filled
from ortaq.documents.text import breakable

RENDERERS = [render.html, render.docx, render.xlsx, render.pdf]


def pages(content: bytes) -> int:
    """How many pages a PDF has, page objects being inside packed streams or outside."""
    plain = [content]
    for stream in re.findall(rb"stream\r?\n(.*?)\r?\nendstream", content, re.DOTALL):
        try:
            plain.append(zlib.decompress(stream))
        except zlib.error:
            continue
    return len(re.findall(rb"/Type\s*/Page\b", b"".join(plain)))


def one(text: str) -> Paper:
    """`text` in every place where a paper can have text."""
    table = Table(
        (Column(text, 1, footnote=1), Column(text, 9, columns=(Column(text), Column(text)))),
        (Row((Cell(text), Cell(text), Cell(text, align=Align.RIGHT))),),
    )
    signatory = paper.Signatory(text, text, text, text, text, text)
    blocks = (
        paper.Heading(text, 1),
        paper.Paragraph(text),
        paper.Fields((paper.Field(text, text, text),)),
        table,
        paper.Signatures((paper.Party((signatory,), text, text),), text),
        paper.Signatures((paper.Party((signatory,)),) * 2),
        paper.Footnotes((paper.Footnote(1, text),)),
    )
    return Paper(text, "kk", blocks, footer=text)


# Between them: fields, rows, an estimate, choices, headings across a table, pages turned.
FEW = [("GRANT-A5", "2020"), ("SO-A4", "2022"), ("SO-A9", "2022")]


@pytest.mark.req("GR-A-13", "GR-K-03", "SO-R-03")
@pytest.mark.parametrize("one", FEW, ids="-".join)
def test_a_filled_form_leaves_in_every_format(one):
    made = filled(form(*one), "kk", rows=2)
    assert escape(made.title) in render.html(made).replace("<br>", "\n")
    assert render.pdf(made).startswith(b"%PDF-")
    words = [p.text for p in python_docx.Document(io.BytesIO(render.docx(made))).paragraphs]
    assert made.title in "\n".join(words)
    assert calamine.load_workbook(io.BytesIO(render.xlsx(made))).sheet_names


@pytest.mark.parametrize("renderer", RENDERERS)
def test_the_same_paper_gives_the_same_bytes(renderer):
    made = filled(form("GRANT-K3", "2024"), "kk")
    assert renderer(made) == renderer(made)


@pytest.mark.parametrize(
    "text",
    [
        "#panic() #sys.inputs $x^2$ *a* _b_ `c` <d> @e // f /* g \\ #{{ 1/0 }}",
        "<script>alert(1)</script> {{ paper }} {% load x %} & \" '",
        '=HYPERLINK("http://example.kz") +1 @SUM(A1) \'',
        "\x00\x01\x1f\x7f\x85\ufffe\ud800 б\udfff\u202eабв\u2066",
        "שלום עולם مرحبا بالعالم",
        "😀👩‍👩‍👧 ұзақ",
        "ә" * 1000,
        "https://example.kz/" + "a" * 600,
        "\n\n\r\n\u2028",
        "",
    ],
)
@pytest.mark.parametrize("renderer", RENDERERS)
def test_no_text_breaks_a_renderer_or_is_read_as_markup(renderer, text):
    assert renderer(one(text))


@pytest.mark.parametrize("renderer", RENDERERS)
def test_a_megabyte_of_text_is_printed(renderer):
    words = "Әлеуметтік жоба және бағдарлама. " * 16_500
    assert len(words.encode()) > 1_000_000
    assert renderer(Paper("Үлкен", "kk", (paper.Paragraph(words),)))


def test_a_megabyte_without_a_space_stays_inside_its_cell():
    row = Row((Cell("ә" * 500_000), Cell("1")))  # two bytes each
    content = render.pdf(Paper("Үлкен", "kk", (Table((Column("а"), Column("б")), (row,)),)))
    assert pages(content) > 50


@given(st.text(st.characters(codec=None), max_size=60))
@settings(max_examples=25, deadline=None)
def test_any_text_at_all_is_printed(text):
    made = one(text)
    for renderer in RENDERERS:
        assert renderer(made)


def test_text_in_html_is_escaped():
    page = render.html(one("<script>alert(1)</script>"))
    assert "<script" not in page
    assert page.count("&lt;script&gt;") > 10


def test_html_keeps_to_the_policy_that_allows_no_style():
    page = render.html(filled(form("GRANT-A5"), "kk"))
    assert "style=" not in page
    assert "<style" not in page


def test_text_in_a_workbook_is_never_a_formula():
    content = render.xlsx(one("=1+1"))
    book = calamine.load_workbook(io.BytesIO(content))
    assert book.get_sheet_by_index(0).to_python()[0][0] == "=1+1"


def test_the_head_of_a_word_table_is_repeated_on_every_page():
    made = filled(form("GRANT-A5"), "kk")
    table = python_docx.Document(io.BytesIO(render.docx(made))).tables[0]
    heads = [row for row in table._tbl.tr_lst if row.find(f".//{qn('w:tblHeader')}") is not None]
    assert len(heads) == 2
    assert table.cell(0, 6).text == "Қаржыландыру көздері"
    assert table.cell(0, 6)._tc is table.cell(0, 8)._tc


def test_a_word_document_turns_its_pages_as_the_paper_says():
    made = python_docx.Document(io.BytesIO(render.docx(filled(form("GRANT-A4"), "kk"))))
    turned = [section.orientation for section in made.sections]
    assert turned == [WD_ORIENT.PORTRAIT, WD_ORIENT.LANDSCAPE, WD_ORIENT.PORTRAIT]


def test_a_word_document_numbers_its_pages_and_hides_its_maker():
    made = python_docx.Document(io.BytesIO(render.docx(one("Өтінім"))))
    footer = made.sections[0].footer._element.xml
    assert "PAGE" in footer
    assert "NUMPAGES" in footer
    assert made.core_properties.author == ""


def test_sums_in_a_workbook_are_numbers():
    made = filled(form("GRANT-A5"), "kk")
    cells = calamine.load_workbook(io.BytesIO(render.xlsx(made))).get_sheet_by_index(0).to_python()
    total = next(row for row in cells if row[1] == "Барлығы:")
    lines = sum(row[3] == 3 for row in cells)
    assert total[5] == lines * 1500.0 > 0


def test_a_second_table_gets_a_worksheet_of_its_own_with_its_heading():
    names = calamine.load_workbook(
        io.BytesIO(render.xlsx(filled(form("GRANT-A4"), "ru")))
    ).sheet_names
    assert len(names) == len(set(names)) > 8
    assert any("Календарный план" in name for name in names)


PDFTOTEXT = shutil.which("pdftotext")


needs_pdftotext = pytest.mark.skipif(
    not PDFTOTEXT, reason="text of a PDF: pdftotext not found: install poppler-utils"
)


def text_of(content: bytes) -> str:
    command = [str(PDFTOTEXT), "-layout", "-", "-"]
    read = subprocess.run(command, input=content, capture_output=True, check=True)  # noqa: S603 - our own words
    return read.stdout.decode()


@needs_pdftotext
def test_a_pdf_repeats_heads_and_numbers_its_pages():
    content = render.pdf(filled(form("GRANT-A5"), "kk"))
    sheets = text_of(content).split("\f")[:-1]
    assert len(sheets) == pages(content) > 2
    for number, sheet in enumerate(sheets, 1):
        assert re.search(rf"\b{number}\s*/\s*{len(sheets)}\b", sheet)
        assert "Қаржыландыру көздері" in sheet


def test_a_row_wider_than_its_table_is_a_programmers_slip():
    with pytest.raises(ValueError, match="more cells"):
        Table((Column("а"),), (Row((Cell("1"), Cell("2"))),)).placed()


def test_a_column_is_as_wide_as_its_longest_word_where_there_is_room():
    words = ("Қанағаттандырылмағандықтары", "бір екі үш төрт")
    table = Table((Column("а", 1), Column("б", 9)), (Row(tuple(map(Cell, words))),))
    narrow, wide = columns.widths(table, Decimal(170))
    assert narrow > 17 * 2  # a tenth of the page is what the form says
    assert narrow + wide == 170
    assert breakable(words[0], Decimal(20)) == words[0]


def test_a_word_without_room_is_hyphenated_between_syllables_and_an_address_anywhere():
    assert breakable("қанағаттандырылмаған", Decimal(4)).split("\N{SOFT HYPHEN}") == [
        "қа", "на", "ғат", "тан", "ды", "рыл", "ма", "ған",
    ]  # fmt: skip
    assert "\N{SOFT HYPHEN}" not in breakable("https://example.kz/aaaa", Decimal(4))


@needs_pdftotext
def test_a_heading_across_a_table_comes_again_on_the_next_page():
    rows = [Row((Cell("1-сала", across=2),), paper.RowKind.GROUP)]
    rows += [Row((Cell(str(n)), Cell("жоба"))) for n in range(90)]
    made = Paper("Есеп", "kk", (Table((Column("№"), Column("б", 9)), tuple(rows)),))
    assert text_of(render.pdf(made)).count("1-сала") == 2


def test_links_lead_to_places_of_the_paper_and_to_files_beside_it_and_never_elsewhere():
    leads = (
        paper.Piece("<b>см. "),
        paper.Piece("3", "#annex-3"),
        paper.Piece(" и "),
        paper.Piece("4", "#annex-4"),
        paper.Piece("қосымша", "003 Тізім/қатысушылар.xlsx"),
        paper.Piece("!", "javascript:alert(1)"),
    )
    text = paper.Linked(leads).text
    table = Table(
        (Column("№"), Column("Аты")), (Row((Cell("3", id="annex-3"), Cell(text, pieces=leads))),)
    )
    made = Paper("Есеп", "kk", (paper.Paragraph(text, pieces=leads), table))
    html = render.html(made)
    assert html.count('<a href="#annex-3">3</a>') == 2
    assert '<td id="annex-3"' in html
    assert "&lt;b&gt;см. " in html
    assert "javascript:" not in html
    document = python_docx.Document(io.BytesIO(render.docx(made)))
    links = document.element.body.findall(f".//{qn('w:hyperlink')}")
    assert [one.get(qn("w:anchor")) for one in links][:2] == ["annex_3", "annex_4"]
    assert document.element.body.find(f".//{qn('w:bookmarkStart')}").get(qn("w:name")) == "annex_3"
    outside = {one.target_ref for one in document.part.rels.values() if one.is_external}
    assert len(outside) == 2
    assert any(one.startswith("003%20") for one in outside)
    assert not any(one.startswith("javascript:") for one in outside)
    # Nothing in the paper is the place "annex-4": the PDF is made all the same, without that link.
    assert render.pdf(made).count(b"/Subtype/Link") + render.pdf(made).count(b"/Subtype /Link") == 6
    assert "см. 3 и 4" in "".join(
        str(cell)
        for row in calamine.load_workbook(io.BytesIO(render.xlsx(made)))
        .get_sheet_by_index(0)
        .to_python()
        for cell in row
    )


@needs_pdftotext
def test_headings_without_lines_may_follow_one_another_and_end_the_one_before():
    """Annex 9 names all fields, most of them empty; heads that follow one another break Typst."""

    def group(text: str) -> Row:
        return Row((Cell(text, across=2),), paper.RowKind.GROUP)

    lines = [Row((Cell("1"), Cell("жоба " * 50)))] * 12
    rows = [group("а-сала"), group("б-сала"), *lines, group("в-сала"), group("г-сала"), *lines]
    rows += [group("ғ-сала"), group("д-сала"), lines[0], group("е-сала")]
    made = Paper("Есеп", "kk", (Table((Column("№"), Column("б", 2)), tuple(rows)),))
    text = text_of(render.pdf(made))
    assert [text.count(f"{letter}-сала") for letter in "авғе"] == [1] * 4
    assert text.count("г-сала") > 1

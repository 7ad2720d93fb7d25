"""Plans from tables: the real one of 2020, operators' own, and tables that cannot be read."""

from __future__ import annotations

import csv
import io

import pytest
import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from ortaq.core.procedure import Refused
from ortaq.documents.columns import TableRefused
from ortaq.documents.spreadsheet import read_table
from ortaq.grants import importing
from ortaq.grants.importing import read_rows, read_totals
from ortaq.grants.models import PlanVersion, Topic, TopicAmount
from ortaq.grants.procedure.plan import VERSION
from ortaq.grants.queries import plan as queries
from ortaq.grants.tests import scenes

THOUSAND = 100_000


@pytest.fixture
def played(db):
    return scenes.cast()


@pytest.fixture
def browse(client, clock):
    clock.set(scenes.APPROVED)

    def sign_in(actor):
        client.force_login(actor.user, backend="django.contrib.auth.backends.ModelBackend")
        return client

    return sign_in


def in_words(refused):
    return [(u.row, u.column, u.found) for u in refused.value.unread]


def as_csv(table, encoding="utf-8", delimiter=","):
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter).writerows(table)
    return text.getvalue().encode(encoding)


def as_xlsx(table):
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream)
    sheet = book.add_worksheet()
    for at, row in enumerate(table):
        sheet.write_row(at, 0, row)
    book.close()
    return stream.getvalue()


# --- The real plan -------------------------------------------------------------------------------


@pytest.mark.req("GR-P-05", "GR-P-06", "GR-P-07", "GR-P-08", "GR-P-11")
def test_the_plan_of_2020_is_imported_whole(played):
    version = scenes.draft_version(played.gulnara, *importing.shipped())
    assert version.topics.count() == 75
    assert version.fields.count() == 12
    assert version.unit_tiyn == THOUSAND
    by_year = {
        year: sum(TopicAmount.objects.filter(year=year).values_list("amount_tiyn", flat=True))
        for year in (2020, 2021)
    }
    assert by_year == {2020: 1_131_260 * THOUSAND, 2021: 15_391 * THOUSAND}
    two_years = Topic.objects.filter(amounts__year=2021).values_list("number", flat=True)
    assert set(two_years) == {"57", "58", "59", "60"}
    # Numbers within field 11 repeat and have gaps: they are labels.
    printed = list(
        version.topics.filter(field__number="11").values_list("number_in_field", flat=True)
    )
    assert printed[:5] == ["1", "3", "4", "5", "5"]
    assert not version.topics.filter(goal_kk="").exists()
    assert not version.topics.filter(term=[]).exists()
    assert not version.topics.filter(coverage="").exists()
    assert version.fields.get(number="3").direction


@pytest.mark.req("GR-P-09", "GR-X-09", "GR-X-10")
def test_the_printed_total_of_field_11_is_shown_beside_the_computed_one_and_changes_nothing(played):
    version = scenes.draft_version(played.gulnara, *importing.shipped())
    page = queries.plan_page(version)
    told = [(f.code, f.numbers.get("field", ""), f.severity) for f in page.findings]
    assert told == [("total_differs", "11", "warning"), ("subtotals_differ", "", "warning")]
    field_11, subtotals = (finding.numbers for finding in page.findings)
    assert field_11["printed_tiyn"] == 248_046 * THOUSAND
    assert field_11["computed_tiyn"] == 236_240 * THOUSAND
    assert field_11["difference_tiyn"] == 11_806 * THOUSAND
    assert subtotals["printed_tiyn"] == 1_131_260 * THOUSAND
    assert subtotals["computed_tiyn"] == 1_143_066 * THOUSAND
    assert version.printed_totals.count() == 15
    assert version.printed_totals.get(field__number="11", year=2020).printed == "248 046"
    # It blocks nothing.
    scenes.approve(version, played.gulnara)
    assert version.state == PlanVersion.State.APPROVED


@pytest.mark.req("GR-P-13", "GR-X-11")
def test_small_grants_are_proposed_to_the_editor_with_their_doubts(played):
    version = scenes.draft_version(played.gulnara, *importing.shipped())
    small = version.topics.get(number="16").small_grants
    assert (small.kind, small.amount_tiyn, small.minimum) == ("up_to", 300_000_00, 68)
    assert small.remark == "GR-X-11"
    assert not hasattr(version.topics.get(number="1"), "small_grants")


# --- Operators' own tables -----------------------------------------------------------------------

RUSSIAN = [
    [
        "№ направления",
        "Направление",
        "№ п/п",
        "Тема гранта",
        "Объем выделенных средств, тенге",
        "Год",
    ],
    ["1", "Образование", "1", "Школа волонтёра", "5 000 000", "2020"],
    ["1", "Образование", "1", "Школа волонтёра", "2 500 000,50", "2021"],
]
KAZAKH = [
    ["Бағыт №", "Бағыт", "Р/с №", "Грант тақырыптары", "Бөлінген қаражат көлемі мың теңге"],
    ["1", "Білім беру", "1", "Еріктілер мектебі", "5 000,0"],
]


def test_russian_headings_and_tenge_are_understood():
    rows, unit = read_rows(RUSSIAN, default_year=2019)
    assert unit == 100
    assert [(r.year, r.amount_tiyn) for r in rows] == [(2020, 500_000_000), (2021, 250_000_050)]


def test_kazakh_headings_and_thousand_tenge_are_understood():
    rows, unit = read_rows(KAZAKH, default_year=2020)
    assert unit == THOUSAND
    assert [(r.year, r.amount_tiyn) for r in rows] == [(2020, 500_000_000)]


@pytest.mark.parametrize("make", [as_csv, as_xlsx])
def test_a_table_is_uploaded_as_csv_or_xlsx(played, browse, make):
    version = scenes.draft_version(played.gulnara)
    table = SimpleUploadedFile("жоспар.bin", make(RUSSIAN))
    answer = browse(played.gulnara).post(
        reverse("grants:plan_import", args=[version.pk]), {"table": table}
    )
    assert answer.status_code == 302
    topic = version.topics.get()
    assert topic.title == "Школа волонтёра"
    assert [(a.year, a.amount_tiyn) for a in topic.amounts.all()] == [
        (2020, 500_000_000),
        (2021, 250_000_050),
    ]


def test_a_table_in_the_cyrillic_page_of_windows_with_semicolons_is_read(played, browse):
    version = scenes.draft_version(played.gulnara)
    table = SimpleUploadedFile("план.csv", as_csv(RUSSIAN, "cp1251", ";"))
    browse(played.gulnara).post(reverse("grants:plan_import", args=[version.pk]), {"table": table})
    assert version.topics.get().title == "Школа волонтёра"


# --- What cannot be read -------------------------------------------------------------------------


def test_bad_rows_are_told_one_by_one_with_row_column_and_what_stands_there():
    table = [
        [*RUSSIAN[0], "Срок реализации"],
        ["1", "Образование", "1", "Школа", "пять миллионов", "2020", ""],
        ["1", "", "2", "Школа", "-5", "2020", ""],
        ["1", "Образование", "3", "Ш" * 20_001, "0", "двадцать", ""],
        ["", "", "", "", "", "", ""],
        ["1", "Образование", "4", "Школа", "1,001", "2020", ""],
        ["1", "Образование", "12345678901", "Школа", "", "2020", ""],
        ["1", "Образование", "6", "Школа", "100000000000000000000000", "3020", ""],
    ]
    with pytest.raises(TableRefused) as refused:
        read_rows(table, default_year=2020)
    assert in_words(refused) == [
        (2, "amount_tenge", "пять миллионов"),
        (3, "field_name_kk", ""),
        (3, "amount_tenge", "-5"),
        (4, "title_kk", "Ш" * 60 + "…"),
        (4, "year", "двадцать"),
        (4, "amount_tenge", "0"),
        (6, "amount_tenge", "1,001"),
        (7, "amount_tenge", ""),
        (7, "topic_no", "12345678901"),
        (8, "year", "3020"),
        (8, "amount_tenge", "100000000000000000000000"),
    ]
    assert all(u.expected for u in refused.value.unread)


def test_a_topic_that_stands_twice_for_one_year_is_told_with_both_rows():
    with pytest.raises(TableRefused) as refused:
        read_rows([*RUSSIAN, RUSSIAN[1]], default_year=2020)
    assert in_words(refused) == [(4, "topic_no", "1")]
    assert "2" in refused.value.unread[0].expected


@pytest.mark.parametrize("table", [[], [["№"]], [["x", "y"], ["1", "2"]], [RUSSIAN[0]]])
def test_a_table_without_headings_or_topics_is_refused(table):
    with pytest.raises(TableRefused):
        read_rows(table, default_year=2020)


def test_totals_that_cannot_be_read_are_told():
    _table, totals = importing.shipped()
    wrong = [totals[0], ["whole", "1", "", "2020", "ЖИЫНЫ", "x", "жүз"]]
    with pytest.raises(TableRefused) as refused:
        read_totals(wrong)
    assert in_words(refused) == [(2, "amount_thousand_tenge", "жүз"), (2, "scope", "whole")]
    with pytest.raises(TableRefused):
        read_totals([["scope"]])


def test_nothing_is_imported_unless_every_row_can_be_read(played):
    version = scenes.draft_version(played.gulnara, KAZAKH)
    bad = [*RUSSIAN, ["1", "Образование", "2", "Школа", "много", "2020"]]
    with pytest.raises(TableRefused):
        VERSION.take("import", version, actor=played.gulnara, table=bad, totals=None)
    assert [t.title_kk for t in version.topics.all()] == ["Еріктілер мектебі"]


def test_a_total_of_a_field_that_the_plan_lacks_imports_nothing(played):
    version = scenes.draft_version(played.gulnara, KAZAKH)
    _table, totals = importing.shipped()
    with pytest.raises(TableRefused) as refused:
        VERSION.take("import", version, actor=played.gulnara, table=KAZAKH, totals=totals)
    assert {found.column for found in refused.value.unread} == {"field_no"}
    assert version.topics.count() == 1
    assert not version.printed_totals.exists()


def test_the_page_shows_what_could_not_be_read_and_keeps_the_plan(played, browse):
    version = scenes.draft_version(played.gulnara, KAZAKH)
    bad = [*RUSSIAN[:1], ["1", "Образование", "2", "<b>Школа</b>", "=1+1", "2020"]]
    answer = browse(played.gulnara).post(
        reverse("grants:plan_import", args=[version.pk]),
        {"table": SimpleUploadedFile("план.csv", as_csv(bad))},
    )
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Ештеңе енгізілген жоқ" in page
    assert "=1+1" in page
    assert version.topics.count() == 1


@pytest.mark.parametrize(
    "content", [b"", b"\x00\x01\x02" * 50, b"%PDF-1.4", b"PK\x03\x04broken", b"one;two\n1;2"]
)
def test_a_file_that_is_no_plan_is_refused_with_a_sentence(played, browse, content):
    version = scenes.draft_version(played.gulnara, KAZAKH)
    answer = browse(played.gulnara).post(
        reverse("grants:plan_import", args=[version.pk]),
        {"table": SimpleUploadedFile("жоспар.xlsx", content)},
    )
    assert answer.status_code == 422
    assert version.topics.count() == 1


def test_an_approved_version_is_not_imported_into(played):
    version = scenes.approved_plan(played.gulnara)
    with pytest.raises(Refused) as refused:
        VERSION.take("import", version, actor=played.gulnara, table=KAZAKH, totals=None)
    assert [f.code for f in refused.value.findings] == ["moved_on"]


# --- Out and in again ----------------------------------------------------------------------------


@pytest.mark.req("GR-P-07")
@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_an_exported_plan_is_imported_as_the_same_plan(played, browse, kind):
    version = scenes.shipped_plan(played.gulnara)
    # Text that a spreadsheet would run comes back as it was.
    hostile = '=HYPERLINK("http://example.kz")'
    Topic.objects.filter(version=version, number="3").update(goal_kk=hostile)
    answer = browse(played.gulnara).get(reverse(f"grants:plan_{kind}", args=[version.pk]))
    content = answer.getvalue()
    if kind == "csv":
        assert f'"\'{hostile.replace(chr(34), chr(34) * 2)}"'.encode() in content
    table = read_table(io.BytesIO(content))
    assert "amount_thousand_tenge" in table[0]
    rows, unit = read_rows(table, default_year=2020)
    assert unit == THOUSAND
    amounts = TopicAmount.objects.filter(topic__version=version).select_related("topic")
    assert {(r["number"], r.year): (r.amount_tiyn, r["goal"]) for r in rows} == {
        (a.topic.number, a.year): (a.amount_tiyn, a.topic.goal_kk) for a in amounts
    }

import contextlib
import csv
import io
import time
import tracemalloc
import zipfile
from datetime import date, datetime
from decimal import Decimal

import pytest
import python_calamine as calamine
import xlsxwriter
from django.utils import timezone, translation
from hypothesis import given, settings
from hypothesis import strategies as st

from ortaq.documents import spreadsheet
from ortaq.documents.spreadsheet import (
    Sheet,
    SpreadsheetRefused,
    Value,
    csv_lines,
    read_table,
    tenge,
    write_rows,
)

DANGEROUS = ["=1+1", "+77000000001", "-2+3", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "＝1+1"]


def written(*sheets: Sheet) -> calamine.CalamineWorkbook:
    stream = io.BytesIO()
    write_rows(stream, sheets)
    return calamine.load_workbook(io.BytesIO(stream.getvalue()))


def workbook(rows: list[list[object]], **options: object) -> bytes:
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, {"in_memory": True, **options})
    # The same bytes whenever it is made: one more or less of them and a damage is another one.
    book.set_properties({"created": datetime(2020, 5, 14)})
    sheet = book.add_worksheet()
    for number, row in enumerate(rows):
        for at, value in enumerate(row):
            sheet.write(number, at, value)
    book.close()
    return stream.getvalue()


def repacked(content: bytes, name: str, change) -> bytes:
    """The workbook with one of its parts changed."""
    result = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as old,
        zipfile.ZipFile(result, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for entry in old.infolist():
            part = old.read(entry)
            new.writestr(entry.filename, change(part) if entry.filename == name else part)
    return result.getvalue()


def refused(content: bytes, **limits: int) -> str:
    with pytest.raises(SpreadsheetRefused) as caught:
        read_table(io.BytesIO(content), **limits)
    return str(caught.value.code)


# --- Out ------------------------------------------------------------------------------------------


def test_an_export_keeps_sums_days_and_numbers_as_what_they_are():
    row: list[Value] = [
        "Аялы алақан",
        5,
        tenge(1_234_56),
        date(2020, 5, 14),
        True,
        None,
        "012345678901",
    ]
    cells = written(Sheet("Өтінімдер", ["а"] * 7, [row])).get_sheet_by_name("Өтінімдер").to_python()
    assert cells[1] == ["Аялы алақан", 5.0, 1234.56, date(2020, 5, 14), True, "", "012345678901"]


def test_an_instant_is_written_in_the_time_of_almaty():
    instant = datetime(2020, 5, 14, 13, 0, tzinfo=timezone.get_fixed_timezone(0))
    cells = written(Sheet("а", ["а"], [[instant]])).get_sheet_by_index(0).to_python()
    assert cells[1][0] == timezone.make_naive(instant)


@pytest.mark.parametrize("text", DANGEROUS)
def test_text_like_a_formula_stays_text_in_a_workbook(text):
    stream = io.BytesIO()
    write_rows(stream, [Sheet("а", [text], [[text]])])
    with zipfile.ZipFile(stream) as archive:
        assert b"<f>" not in archive.read("xl/worksheets/sheet1.xml")


def test_a_workbook_does_not_tell_when_it_was_made():
    """Two exports of the same rows are the same bytes, whatever the clock of the machine says."""
    stream = io.BytesIO()
    write_rows(stream, [Sheet("А", ["Б"], [["в"]])])
    with zipfile.ZipFile(stream) as book:
        assert b"1980-01-01T00:00:00Z" in book.read("docProps/core.xml")


@pytest.mark.parametrize("text", DANGEROUS)
def test_text_like_a_formula_gets_an_apostrophe_in_csv(text):
    lines = b"".join(csv_lines([text], [[text]])).decode("utf-8-sig")
    cells = [row[0] for row in csv.reader(io.StringIO(lines, newline=""))]
    assert [cell[0] for cell in cells] == ["'", "'"]


def test_a_negative_number_is_not_taken_for_a_formula():
    assert list(csv_lines(["а"], [[-5, Decimal("-1.50"), True, date(2020, 5, 14)]]))[2] == (
        b"-5,-1.50,true,2020-05-14\r\n"
    )


def test_a_long_export_keeps_its_memory_flat():
    def peak(count: int) -> int:
        row: list[Value] = ["Қоғамдық қор" * 3, 1, "012345678901"] * 4
        rows = (row for _ in range(count))
        tracemalloc.start()
        write_rows(_Forgetful(), [Sheet("а", ["а"] * 12, rows)])
        _, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        return most

    peak(10)  # what is loaded once
    assert peak(4000) < 2 * peak(400) + 500_000


class _Forgetful(io.BytesIO):
    """A stream that counts and keeps nothing."""

    def write(self, data) -> int:
        return len(data)


def test_what_does_not_fit_in_a_cell_ends_with_an_ellipsis():
    cells = written(Sheet("а", ["а"], [["ә" * 40_000]])).get_sheet_by_index(0).to_python()
    assert cells[1][0] == "ә" * 32_766 + "…"


def test_rows_beyond_a_worksheet_go_on_on_the_next(monkeypatch):
    monkeypatch.setattr(spreadsheet, "MOST_ROWS", 3)
    book = written(Sheet("Тізім", ["№"], ([n] for n in range(5))))
    assert book.sheet_names == ["Тізім", "Тізім (2)", "Тізім (3)"]
    assert book.get_sheet_by_index(2).to_python() == [["№"], [4.0]]


def test_any_title_becomes_the_name_of_a_worksheet():
    titles = ["", "'[a]:*?/\\'", "Ұзақ " * 20, "ұзақ " * 20, "\x00\ud800"]
    book = written(*(Sheet(title, ["а"], []) for title in titles))
    assert len({name.casefold() for name in book.sheet_names}) == 5
    assert max(map(len, book.sheet_names)) <= 31


def test_an_export_of_nothing_opens():
    assert written().sheet_names == ["Sheet1"]


# --- In -------------------------------------------------------------------------------------------


def test_a_workbook_is_read_as_people_see_it():
    content = workbook(
        [
            ["№", "Тақырып", "Сома"],
            [1, "  Жастар ", 1_250_000.0],
            [2, 0.1 + 0.2, 1e15],
            ["", "", ""],
        ]
    )
    assert read_table(io.BytesIO(content)) == [
        ["№", "Тақырып", "Сома"],
        ["1", "Жастар", "1250000"],
        ["2", "0.3", "1000000000000000"],
    ]


def test_days_in_a_workbook_are_read_as_iso():
    stream = io.BytesIO()
    write_rows(stream, [Sheet("а", ["күні"], [[date(2020, 5, 14)]])])
    assert read_table(io.BytesIO(stream.getvalue())) == [["күні"], ["2020-05-14"]]


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "kz1048"])
def test_a_csv_file_is_read_in_every_usual_writing(encoding, delimiter):
    text = delimiter.join(["№", '"Өтінім, ұйым; қор"', "Ғ"]) + "\r\n1" + delimiter * 2 + "\r\n\r\n"
    assert read_table(io.BytesIO(text.encode(encoding))) == [
        ["№", "Өтінім, ұйым; қор", "Ғ"],
        ["1", "", ""],
    ]


def test_russian_in_the_windows_page_is_read_right():
    content = "Тема;Сумма\nПоддержка молодёжи;1 250,50".encode("cp1251")
    assert read_table(io.BytesIO(content))[1] == ["Поддержка молодёжи", "1 250,50"]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty"),
        (b" \r\n ", "empty"),
        (b";;\n;;", "empty"),
        (workbook([]), "empty"),
        (b"%PDF-1.7\x00\x01", "kind"),
        (b"\x89PNG\r\n\x1a\n\x00", "kind"),
        (b"PK\x03\x04 not an archive", "kind"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "old"),
        (b"\xff\xfe\x00", "kind"),
        ('а;"б\nв'.encode(), "csv"),
        (b"a," + b"x" * 200_000, "csv"),
    ],
)
def test_what_is_not_a_table_is_refused(content, code):
    assert refused(content) == code


def test_an_archive_of_another_kind_is_refused():
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("content.xml", "<table/>")
    assert refused(stream.getvalue()) == "kind"


def test_a_bomb_is_refused_before_it_is_unpacked():
    content = repacked(workbook([[1]]), "xl/styles.xml", lambda _: b" " * 70_000_000)
    started = time.perf_counter()
    assert refused(content) == "bomb"
    assert time.perf_counter() - started < 1


def test_a_bomb_that_lies_about_its_size_is_refused():
    content = bytearray(repacked(workbook([[1]]), "xl/styles.xml", lambda _: b" " * 70_000_000))
    size = (70_000_000).to_bytes(4, "little")
    assert size in content
    assert refused(bytes(content.replace(size, (1000).to_bytes(4, "little")))) == "kind"


def test_too_many_parts_are_refused():
    stream = io.BytesIO(workbook([[1]]))
    with zipfile.ZipFile(stream, "a") as archive:
        for number in range(600):
            archive.writestr(f"x{number}.xml", "")
    assert refused(stream.getvalue()) == "bomb"


@pytest.mark.parametrize(
    "cell",
    [b'<c r="XFD1048576"><v>1</v></c>', b"<x:c s='1' r = 'XFD1048576'><v>1</v></x:c>"],
)
def test_one_cell_at_the_end_of_the_sheet_does_not_eat_the_memory(cell):
    row = b'<row r="1048576">' + cell + b"</row></sheetData>"
    content = repacked(
        workbook([[1]]),
        "xl/worksheets/sheet1.xml",
        lambda part: part.replace(b"</sheetData>", row),
    )
    assert refused(content) == "grid"


def test_a_worksheet_made_to_be_slow_to_search_is_searched_fast():
    content = repacked(
        workbook([[1]]), "xl/worksheets/sheet1.xml", lambda _: b"<c x=" + b"<c " * 3_000_000
    )
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(spreadsheet, "MAX_RATIO", 10**6)
        started = time.perf_counter()
        refused(content)
    assert time.perf_counter() - started < 10


def test_limits_of_rows_columns_and_bytes_are_kept():
    assert refused("а\n".encode() * 11, max_rows=10) == "long"
    assert refused(workbook([[1] * 11]), max_columns=10) == "long"
    assert refused(b"a,b\n" * 100, max_bytes=100) == "large"
    assert len(read_table(io.BytesIO("а\n".encode() * 10), max_rows=10)) == 10


def test_empty_lines_between_rows_are_kept_and_those_at_the_end_are_not():
    assert read_table(io.BytesIO("а\n\nб\n".encode() + b"\n" * 1_000_000), max_rows=10) == [
        ["а"],
        [""],
        ["б"],
    ]
    assert refused(b"a" + b"\n" * 1_000_000 + b"b") == "long"


def test_control_characters_do_not_get_in():
    content = workbook([["Ж\x02астар", "а\u202eб"]])
    assert read_table(io.BytesIO(content)) == [["Жастар", "аб"]]


@given(st.data())
@settings(max_examples=60, deadline=None)
def test_a_damaged_workbook_is_refused_or_read_and_never_breaks(data):
    content = bytearray(workbook([["№", "Тақырып"], [1, "Жастар"]]))
    for _ in range(data.draw(st.integers(1, 8))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    with contextlib.suppress(SpreadsheetRefused):
        read_table(io.BytesIO(bytes(content)))


@given(st.binary(max_size=300))
@settings(max_examples=60, deadline=None)
def test_any_bytes_are_refused_or_read_and_never_break(content):
    try:
        rows = read_table(io.BytesIO(content))
    except SpreadsheetRefused:
        return
    assert len({len(row) for row in rows}) == 1


@pytest.mark.parametrize(
    ("language", "sentence"),
    [("kk", "Файл бос"), ("ru", "Файл пуст"), ("en", "The file is empty")],
)
def test_a_refusal_speaks_the_language_of_the_reader(language, sentence):
    with translation.override(language), pytest.raises(SpreadsheetRefused) as caught:
        read_table(io.BytesIO(b""))
    with translation.override(language):
        assert caught.value.messages[0].startswith(sentence)

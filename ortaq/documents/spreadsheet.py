"""Tables in and out: exports of any length with flat memory, uploads that cannot do harm."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from functools import lru_cache
from typing import IO, Any

import python_calamine as calamine
import xlsxwriter
from django.core.exceptions import ValidationError
from django.template.defaultfilters import filesizeformat
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ortaq.core.files import kind_of
from ortaq.core.money import TIYN

from .text import printable

Value = str | int | Decimal | date | bool | None

# --- Out ------------------------------------------------------------------------------------------

# The same rows give the same bytes: a workbook says no more of its moment than the papers do.
MADE = datetime(1980, 1, 1)  # noqa: DTZ001 - a mark, not a moment
MOST_LETTERS = 32_767  # in a cell
MOST_ROWS = 1_048_576  # in a worksheet, the head among them
MOST_DIGITS = 10**15  # a worksheet keeps 15 digits: longer numbers are written as text
# A spreadsheet may run what begins like this, from a csv file; the last four are the full-width
# forms that some of them read likewise.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


@dataclass(frozen=True, slots=True)
class Band:
    """A row of a worksheet that is a heading over those below it."""

    text: str


@dataclass(frozen=True)
class Sheet:
    """One worksheet. `rows` may be a generator: it is read once. `widths` are in letters. `above` are lines over the head, the last of
    them its title; with `wraps` long text takes several lines of its cell.
    """

    name: str
    header: Sequence[str]
    rows: Iterable[Sequence[Value] | Band]
    widths: Sequence[int] = ()
    above: Sequence[str] = ()
    wraps: bool = False


def tenge(amount_tiyn: int | None) -> Decimal | None:
    """A sum for a cell that people reckon with: exact, in tenge."""
    return None if amount_tiyn is None else Decimal(amount_tiyn) / TIYN


def write_rows(stream: IO[bytes], sheets: Iterable[Sheet]) -> None:
    """Write a workbook into `stream`, row by row: its memory does not grow with the rows.

    Numbers and dates are numbers and dates, all else is text that no spreadsheet reads as a
    formula or a link. Rows that do not fit on one worksheet go on on the next.
    """
    book = xlsxwriter.Workbook(
        stream,
        {
            "constant_memory": True,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
        },
    )
    book.set_properties({"created": MADE})
    formats = {
        "head": book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bottom": 1}),
        "sum": book.add_format({"num_format": "#,##0.00"}),
        "date": book.add_format({"num_format": "dd.mm.yyyy"}),
        "instant": book.add_format({"num_format": "dd.mm.yyyy hh:mm"}),
        "band": book.add_format({"bold": True, "valign": "top"}),
        "text": None,
        "number": None,
    }
    wrapped = formats | {
        "text": book.add_format({"text_wrap": True, "valign": "top"}),
        "number": book.add_format({"valign": "top"}),
        "sum": book.add_format({"num_format": "#,##0.00", "valign": "top"}),
    }
    names: set[str] = set()
    for sheet in sheets:
        _write_sheet(book, sheet, wrapped if sheet.wraps else formats, names)
    if not names:
        book.add_worksheet()
    book.close()


def _write_sheet(book: Any, sheet: Sheet, formats: dict[str, Any], names: set[str]) -> None:
    worksheet: Any = None
    number = MOST_ROWS
    for row in sheet.rows:
        if number == MOST_ROWS:
            worksheet, number = _new_worksheet(book, sheet, formats, names)
        if isinstance(row, Band):
            worksheet.write_string(number, 0, fitting(printable(row.text)), formats["band"])
            number += 1
            continue
        for at, value in enumerate(row):
            _write_cell(worksheet, number, at, value, formats)
        number += 1
    if worksheet is None:
        _new_worksheet(book, sheet, formats, names)


def _new_worksheet(
    book: Any, sheet: Sheet, formats: dict[str, Any], names: set[str]
) -> tuple[Any, int]:
    """The worksheet with all that stands above its rows, and the number of its first row."""
    worksheet = book.add_worksheet(sheet_name(sheet.name, names))
    top = len(sheet.above)
    for at, line in enumerate(sheet.above, 1):
        worksheet.write_string(
            at - 1, 0, fitting(printable(line)), formats["band"] if at == top else None
        )
    for at, title in enumerate(sheet.header):
        width = sheet.widths[at] if at < len(sheet.widths) else max(12, min(40, len(title) + 2))
        worksheet.set_column(at, at, width)
        worksheet.write_string(top, at, fitting(printable(str(title))), formats["head"])
    worksheet.freeze_panes(top + 1, 0)
    return worksheet, top + 1


def _write_cell(sheet: Any, row: int, at: int, value: Value, formats: dict[str, Any]) -> None:
    # The kinds of which a long table is made are asked for first: a workbook has hundreds of thousands of cells.
    if type(value) is str:
        if value:
            sheet.write_string(row, at, fitting(printable(value)), formats["text"])
    elif type(value) is int and -MOST_DIGITS < value < MOST_DIGITS:
        sheet.write_number(row, at, value, formats["number"])
    elif type(value) is Decimal and -MOST_DIGITS < value < MOST_DIGITS:
        sheet.write_number(row, at, value, formats["sum"])
    elif value is None:
        return
    elif isinstance(value, bool):
        sheet.write_boolean(row, at, value)
    elif isinstance(value, datetime):
        local = timezone.make_naive(value) if timezone.is_aware(value) else value
        sheet.write_datetime(row, at, local, formats["instant"])
    elif isinstance(value, date):
        sheet.write_datetime(row, at, value, formats["date"])
    elif text := str(value):
        sheet.write_string(row, at, fitting(printable(text)), formats["text"])


def fitting(text: str) -> str:
    """`text` as long as a cell takes; where it is cut, it ends with an ellipsis."""
    return text if len(text) <= MOST_LETTERS else f"{text[: MOST_LETTERS - 1]}…"


def sheet_name(title: str, taken: set[str]) -> str:
    """A name for a worksheet out of any title, unlike those `taken`; adds it to them."""
    base = re.sub(r"[\[\]:*?/\\\n\t]", " ", printable(title)).strip(" '")[:31].strip(" '") or "1"
    name, number = base, 1
    while name.casefold() in taken:
        number += 1
        name = f"{base[:26].strip()} ({number})"
    taken.add(name.casefold())
    return name


def csv_lines(
    header: Sequence[str], rows: Iterable[Sequence[Value]], *, delimiter: str = ","
) -> Iterator[bytes]:
    """The lines of a csv file in UTF-8 with its mark, for a streaming answer.

    Text that a spreadsheet would run as a formula gets an apostrophe before it.
    """
    yield "\ufeff".encode()
    yield _csv_line(header, delimiter)
    for row in rows:
        yield _csv_line(row, delimiter)


def _csv_line(row: Sequence[Value], delimiter: str) -> bytes:
    line = io.StringIO()
    csv.writer(line, delimiter=delimiter).writerow([_csv_cell(value) for value in row])
    return line.getvalue().encode()


def _csv_cell(value: Value) -> str:
    if value is None:
        return ""
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return f"{value:f}"
    if not isinstance(value, str):
        return str(value).lower()  # a number, true or false
    # Before it is cleaned: a carriage return at the beginning is a sign too.
    text = printable(value)
    return f"'{text}" if value.startswith(_FORMULA) or text.startswith(_FORMULA) else text


# --- In -------------------------------------------------------------------------------------------

MAX_BYTES = 5 * 1024 * 1024
MAX_UNPACKED = 60 * 1024 * 1024
MAX_RATIO = 200  # tables of text pack 10 to 40 times
LONG_RATIO = 60
MAX_ENTRIES = 500
MAX_GRID = 2_000_000  # cells between the first and the last one, empty ones too
_OLD_EXCEL = b"\xd0\xcf\x11\xe0"
_ARCHIVE = b"PK\x03\x04"
_PLACE = re.compile(rb"<(?:\w+:)?(?:c|row)\b[^<>]{0,200}?\br\s*=\s*[\"']([A-Za-z]*)([0-9]+)[\"']")
_FORMULA_MARK = re.compile(rb"<(?:\w+:)?f[\s/>]")
_CHUNK = 1 << 20
_OVERLAP = 200
_DELIMITERS = ",;\t"


class SpreadsheetRefused(ValidationError):
    """The upload cannot be read as a table; the message says why and what to do."""


@dataclass(frozen=True)
class Table:
    """What an uploaded table holds, and what a reader of it should be told of.

    All `rows` are equally long; empty rows and columns at the end are dropped. `merged` are the first and the last
    row of each range of merged cells (row 1 is the first), `others` the names of further worksheets, which were not
    read; `formulas`: some values are the last results of formulas.
    """

    rows: list[list[str]]
    merged: Sequence[tuple[int, int]] = ()
    others: Sequence[str] = ()
    formulas: bool = False


def read_table(
    file: IO[bytes], *, max_rows: int = 5000, max_columns: int = 60, max_bytes: int = MAX_BYTES
) -> list[list[str]]:
    """The rows of an uploaded table: see `read_sheet`."""
    return read_sheet(file, max_rows=max_rows, max_columns=max_columns, max_bytes=max_bytes).rows


def read_sheet(
    file: IO[bytes],
    *,
    max_rows: int = 5000,
    max_columns: int = 60,
    max_bytes: int = MAX_BYTES,
    max_unpacked: int = MAX_UNPACKED,
) -> Table:
    """The cells of an uploaded xlsx (its first worksheet) or csv file, as text.

    Numbers are written plainly ("1250000", "2.5"), dates as ISO, of a formula its last result. csv
    may be in UTF-8, UTF-16 or the Cyrillic page of Windows, divided by comma, semicolon or tab. What
    the file is, its content says, not its name. Raises `SpreadsheetRefused`.
    """
    content = file.read(max_bytes + 1)
    if not content.strip():
        raise SpreadsheetRefused(_("The file is empty. Choose the table again."), code="empty")
    if len(content) > max_bytes:
        raise SpreadsheetRefused(
            _("The file is larger than %(limit)s. Leave only the table in it and try again."),
            code="large",
            params={"limit": filesizeformat(max_bytes)},
        )
    if content.startswith(_ARCHIVE):
        table = _read_xlsx(content, max_rows, max_columns, max_unpacked)
    elif content.startswith(_OLD_EXCEL):
        raise SpreadsheetRefused(
            _(
                "This is a workbook of the old kind (.xls) or one locked with a password. "
                "Save it as .xlsx without a password and try again."
            ),
            code="old",
        )
    elif kind_of(content) is not None:  # a PDF or a photograph under a false name
        raise _not_a_table()
    else:
        table = Table(_read_csv(content, max_rows, max_columns))
    return replace(table, rows=_limited(table.rows, max_rows, max_columns))


def _not_a_table() -> SpreadsheetRefused:
    return SpreadsheetRefused(
        _(
            "This file cannot be read as a table. Save the table as .xlsx or .csv and try again; "
            "renaming the file is not enough."
        ),
        code="kind",
    )


def _read_xlsx(content: bytes, max_rows: int, max_columns: int, max_unpacked: int) -> Table:
    too_long = _too_long(max_rows, max_columns)
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            _refuse_bomb(archive, len(content), max_unpacked, too_long)
            _refuse_other_archives(archive)
            formulas = _refuse_vast_grid(archive, max_rows, too_long)
        book = calamine.load_workbook(io.BytesIO(content))
        if not book.sheet_names:
            return Table([])
        sheet = book.get_sheet_by_index(0)
        cells = sheet.to_python(skip_empty_area=False)
        merged = [(first[0] + 1, last[0] + 1) for first, last in sheet.merged_cell_ranges or ()]
        others = list(book.sheet_names[1:])
    except SpreadsheetRefused:
        raise
    except Exception as error:
        raise _not_a_table() from error
    except BaseException as error:
        # What the reader's Rust code did not foresee comes as a panic, outside `Exception`.
        if type(error).__name__ == "PanicException":
            raise _not_a_table() from error
        raise
    return Table([[_plain(value) for value in row] for row in cells], merged, others, formulas)


def _refuse_bomb(
    archive: zipfile.ZipFile, packed: int, max_unpacked: int, too_long: SpreadsheetRefused
) -> None:
    entries = archive.infolist()
    unpacked = sum(entry.file_size for entry in entries)
    if len(entries) <= MAX_ENTRIES and max_unpacked < unpacked <= LONG_RATIO * packed:
        raise too_long  # it packs as a table does: there is only too much of it
    if len(entries) > MAX_ENTRIES or unpacked > min(max_unpacked, MAX_RATIO * packed):
        raise SpreadsheetRefused(
            _(
                "This workbook unpacks to far more than a table needs. "
                "Copy the table into a new workbook and try again."
            ),
            code="bomb",
        )


def _refuse_other_archives(archive: zipfile.ZipFile) -> None:
    """The reader would try other formats too, whose size is told in other ways."""
    names = set(archive.namelist())
    if "xl/workbook.xml" not in names or names & {"content.xml", "xl/workbook.bin"}:
        raise _not_a_table()


def _refuse_vast_grid(
    archive: zipfile.ZipFile, max_rows: int, too_long: SpreadsheetRefused
) -> bool:
    """A few bytes can name the last cell of a sheet, and the reader would make room for all
    cells before it; so look at the places of the cells first. Whether there are formulas.
    """
    formulas = False
    for entry in archive.infolist():
        last_row = last_column = 1
        rows = 0
        tail = b""
        with archive.open(entry) as sheet:
            while chunk := sheet.read(_CHUNK):
                formulas = formulas or _FORMULA_MARK.search(tail + chunk) is not None
                for letters, digits in _PLACE.findall(tail + chunk):
                    rows += not letters
                    last_row = max(last_row, int(digits[:9]))
                    last_column = max(last_column, _column_number(letters))
                tail = chunk[-_OVERLAP:]
        if last_row * last_column > MAX_GRID:
            if rows > max_rows:
                raise too_long
            raise SpreadsheetRefused(
                _(
                    "A cell in row %(row)s stands far away from the table. "
                    "Copy only the table into a new workbook and try again."
                ),
                code="grid",
                params={"row": last_row},
            )
    return formulas


@lru_cache(maxsize=1000)
def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters.upper()[:4]:
        number = number * 26 + letter - ord("A") + 1
    return max(number, 1)


def _plain(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float):
        # A worksheet keeps and shows 15 digits; the rest is noise of the binary fraction.
        number = Decimal(f"{value:.15g}")
        return (
            f"{number.quantize(Decimal(1)) if number == number.to_integral_value() else number:f}"
        )
    if isinstance(value, datetime) and value.time() == time():
        return value.date().isoformat()
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, timedelta):
        return str(value)
    return printable(str(value)).strip()


def _read_csv(content: bytes, max_rows: int, max_columns: int) -> list[list[str]]:
    text = _decoded(content)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text), strict=True)
    rows: list[list[str]] = []
    empty = 0
    try:
        for row in reader:
            cells = [printable(cell).strip() for cell in row]
            if not any(cells):
                empty += 1
                continue
            if len(rows) + empty >= max_rows:
                raise _too_long(max_rows, max_columns)
            rows += [[]] * empty + [cells]
            empty = 0
    except csv.Error as error:
        raise SpreadsheetRefused(
            _(
                "Line %(line)s of the file cannot be read: look for a quotation mark without its "
                "pair there, or save the table as .xlsx."
            ),
            code="csv",
            params={"line": reader.line_num},
        ) from error
    return rows


def _decoded(content: bytes) -> str:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        encodings = ["utf-16"]
    else:
        # KZ-1048 is the Windows page 1251 with the Kazakh letters in place of the Serbian ones.
        encodings = ["utf-8-sig", "kz1048"]
    for encoding in encodings:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if not re.search("[\x00-\x08\x0e-\x1f]", text):
            return text
    raise _not_a_table()


def _delimiter(text: str) -> str:
    """The mark that divides the first line most often, outside quotation marks."""
    first = re.sub(r'"[^"]*"', "", next(iter(text.lstrip("\r\n").splitlines()), ""))
    return max(_DELIMITERS, key=first.count)


def _limited(rows: list[list[str]], max_rows: int, max_columns: int) -> list[list[str]]:
    while rows and not any(rows[-1]):
        rows.pop()
    width = max((at for row in rows for at, cell in enumerate(row, 1) if cell), default=0)
    if not rows:
        raise SpreadsheetRefused(
            _("There is no table on the first worksheet. Put the table there and try again."),
            code="empty",
        )
    if len(rows) > max_rows or width > max_columns:
        raise _too_long(max_rows, max_columns)
    return [[*row[:width], *[""] * (width - len(row))] for row in rows]


def _too_long(max_rows: int, max_columns: int) -> SpreadsheetRefused:
    return SpreadsheetRefused(
        _(
            "The table has more than %(rows)s rows or %(columns)s columns. "
            "Divide it and read in the parts one after another."
        ),
        code="long",
        params={"rows": max_rows, "columns": max_columns},
    )

"""A table of the state as rows by our names of its columns, and all that in it cannot be read."""

from __future__ import annotations

import hashlib
import json
import re
import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from pathlib import Path
from typing import IO, Any, Protocol

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from ortaq.core.identifiers import LENGTH, validate_bin
from ortaq.documents.columns import Unread, head, placed, plain
from ortaq.documents.spreadsheet import Table, read_sheet

FILE = Path(__file__).parent.parent / "data" / "columns.toml"
# A register of 25 000 NGOs with twenty columns fits twice; what is longer is no register of this country.
MOST_ROWS: int = settings.ORTAQ_TABLE_ROWS
MOST_COLUMNS = 60
MOST_BYTES: int = settings.ORTAQ_TABLE_BYTES
MOST_UNPACKED = 200 * 1024 * 1024
# The head of a table stands below its title, if it has one.
HEAD_WITHIN = 15

# What is to be done about a place that cannot be read, and what is told of one that can.
EXPECTED: dict[str, Any] = {
    "column": _("a column with this heading: add it, or choose another table"),
    "rows": _("at least one row below the headings"),
    "merged": _("cells that are not merged: split them, and write the value into each row"),
    "digits": _("a BIN of exactly 12 digits"),
    "mangled": _("a BIN kept as text: this program has rounded it, so format the column as text and enter it anew"),
    "control": _("a BIN whose control digit is right: one of its digits is mistyped"),
    "kind_of_bin": _("the BIN of a legal person: its third to fifth digits name a month and a legal person"),
    "twice": _("a BIN that stands in one row only: keep one of the rows, they say different things"),
    "name": _("the name of the organisation, in Kazakh, in Russian or in both"),
    "long": _("a text of at most 300 characters"),
    "long_text": _("a text of at most 5000 characters"),
    "unreadable": _("readable text: it has characters that no keyboard writes"),
    "date": _("a day such as 31.03.2024"),
    "future": _("a day that has come already"),
    "early": _("a day after the end of the reporting year"),
    "no_day": _("the day on which it was sent: it decides whether the return was in time"),
    "legal_form": _("a legal form such as “қоғамдық қор” or “общественный фонд”"),
    "region": _("the name of an oblast or of a city of republican significance"),
    "direction": _("directions as the law names them, divided by semicolons"),
    "number": _("a whole number such as 12"),
    "state": _("“бекітілді”, “жіберілді”, “түзетуге қайтарылды” or “жоқ”"),
    "another_kind": _("the BIN of an NGO: here it belongs to an organisation of another kind"),
    "fact": _("liquidation, bankruptcy, attached property or suspended activity, in Kazakh or Russian"),
    "source": _("where the fact is known from: court, tax authority, register"),
    "evidence": _("number and day of the act, or of the extract"),
    "ends_early": _("a last day that is not before the first"),
    "two_open": _("one row of this fact that has no end: of one organisation only one holds at a time"),
    # Told, and not in the way.
    "not_read": _("Nobody asked for this column: it was not read."),
    "other_sheet": _("Only the first worksheet was read; this one was not."),
    "formulas": _("The table has formulas: what they came to when it was last saved was read."),
    "zeros": _("The zeros at its beginning were lost; they are put back."),
    "same_twice": _("The same row stands twice; it counts once."),
    "one_name": _("The name is known in one language; it stands for the other until the NGO tells it."),
    "unknown_bin": _("No organisation of the register has this BIN: the row is left out."),
    "return_differs": _("This site holds the NGO's return with another day or state; it stays as it is."),
    "ended_already": _("The fact is recorded with another last day; the record stays as it is."),
}  # fmt: skip


@cache
def _data(file: Path = FILE) -> Mapping[str, Any]:
    return tomllib.loads(file.read_text(encoding="utf-8"))


@dataclass(frozen=True, slots=True)
class Layout:
    """How a table of one kind is headed: section `name` of `file` has the columns' headings and the words of cells.

    A table must have the `required` columns, and one of `either`; `more` finds columns that are known by other means:
    (the headings, the places that are taken) → {our name of the column: place}.
    """

    name: str
    required: Sequence[str]
    either: Sequence[str] = ()
    file: Path = FILE
    more: Callable[[Sequence[str], set[int]], dict[str, int]] | None = None

    def words(self, column: str) -> Mapping[str, str]:
        """What a cell of a column may say → our word for it."""
        return _words(self.file, self.name, column)

    @property
    def headings(self) -> Mapping[str, Sequence[str]]:
        """The headings of each column; the first is the one that we write."""
        found: Mapping[str, Sequence[str]] = _data(self.file)[self.name]["columns"]
        return found


@cache
def _words(file: Path, kind: str, column: str) -> Mapping[str, str]:
    told: Mapping[str, Sequence[str]] = _data(file)[kind]["words"][column]
    return {head(one) or one: name for name, ones in told.items() for one in ones}


def return_headings(year: int) -> tuple[str, str]:
    """The headings of a return's day and state, as we write them."""
    told = _data()["register"]["returns"]
    return told["head"].format(year=year), told["state_head"].format(year=year)


@dataclass
class Rows:
    """The rows of a table: (number of the row, {our name of a column: what the cell says}).

    `titles` are the headings as the table has them; `returns` tells for each year the columns of its day and state;
    `wrong` keeps from taking the table, `remarks` do not.
    """

    rows: list[tuple[int, dict[str, str]]] = field(default_factory=list)
    titles: dict[str, str] = field(default_factory=dict)
    wrong: list[Unread] = field(default_factory=list)
    remarks: list[Unread] = field(default_factory=list)

    def miss(self, row: int, column: str, found: str, code: str) -> None:
        self.wrong.append(Unread(row, self.titles.get(column, column), found[:100], code))

    def remark(self, row: int, column: str, found: str, code: str) -> None:
        self.remarks.append(Unread(row, self.titles.get(column, column), found[:100], code))


def read(layout: Layout, file: IO[bytes]) -> Rows:
    """The rows of an uploaded table of this layout; `SpreadsheetRefused` when it is no table."""
    table = read_sheet(
        file,
        max_rows=MOST_ROWS,
        max_columns=MOST_COLUMNS,
        max_bytes=MOST_BYTES,
        max_unpacked=MOST_UNPACKED,
    )
    found = Rows()
    for name in table.others:
        found.remark(1, "", name, "other_sheet")
    if table.formulas:
        found.remark(1, "", "=", "formulas")
    at, columns = _head_of(layout, table)
    _fill(layout, found, table, at, columns)
    return found


def _head_of(layout: Layout, table: Table) -> tuple[int, dict[str, int]]:
    """Which row is the head, and where each column stands: the row that we know most of."""
    looks = [placed(row, layout.headings) for row in table.rows[:HEAD_WITHIN]]
    at = max(range(len(looks)), key=lambda number: (len(looks[number]), -number))
    return at, looks[at]


def _fill(layout: Layout, found: Rows, table: Table, at: int, columns: dict[str, int]) -> None:
    header = table.rows[at]
    if layout.more:
        columns |= layout.more(header, set(columns.values()))
    found.titles = {name: header[place] for name, place in columns.items()}
    shown = ", ".join(title for title in header if title)
    missing = [name for name in layout.required if name not in columns]
    if layout.either and not set(layout.either) & columns.keys():
        missing.append(layout.either[0])
    for name in missing:
        found.miss(at + 1, layout.headings[name][0], shown, "column")
    if missing:
        return
    for place, title in enumerate(header):
        if title and place not in columns.values():
            found.remark(at + 1, title, "", "not_read")
    for first, last in table.merged:
        if last > at + 1:
            found.miss(max(first, at + 2), "", f"{first}–{last}", "merged")
    pairs = list(columns.items())
    for number, cells in enumerate(table.rows[at + 1 :], at + 2):
        row = {name: plain(cells[place]) for name, place in pairs}
        if any(row.values()):
            found.rows.append((number, row))
    if not found.rows:
        found.miss(at + 2, "", "", "rows")


_YEAR = re.compile(r"(?<!\d)(20\d\d)(?!\d)")


def _return_columns(header: Sequence[str], taken: set[int]) -> dict[str, int]:
    """Columns of returns: "sent 2023" and "state 2023" by the year and the words of their headings."""
    told = _data()["register"]["returns"]
    found: dict[str, int] = {}
    for place, title in enumerate(header):
        year = _YEAR.search(title)
        if place in taken or year is None:
            continue
        said = head(title).split()
        for name in ("state", "sent"):  # "мәртебесі" may stand beside a day
            if any(word.startswith(stem) for word in said for stem in told[name]):
                found.setdefault(f"{name} {year[1]}", place)
                break
    return found


REGISTER = Layout("register", ("bin",), ("name_kk", "name_ru"), more=_return_columns)
STANDINGS = Layout("standings", ("bin", "kind", "since", "source", "evidence"))


# --- Cells ----------------------------------------------------------------------------------------

_SCIENTIFIC = re.compile(r"\d([.,]\d+)?[eе]\+?\d+", re.IGNORECASE)
_BAD = re.compile("[\x00-\x08\x0b-\x1f\ufffd]")
_DAY = re.compile(r"(\d{1,2})[./-](\d{1,2})[./-](\d{4})|(\d{4})-(\d{1,2})-(\d{1,2})")
_AFTER_DAY = re.compile(r"(?:[\sT]+00:00(?::00(?:\.0+)?)?)?\s*(?:жылы|жыл|года|год|ж\.?|г\.?)?$")


def a_bin(found: Rows, row: int, text: str, *, column: str = "bin") -> str:
    """The BIN that a cell of a column says, or "" with a finding."""
    digits = re.sub(r"[\s\u00a0']", "", text).removesuffix(".0")
    if _SCIENTIFIC.fullmatch(digits):
        found.miss(row, column, text, "mangled")
        return ""
    if digits.isascii() and digits.isdigit() and LENGTH - 2 <= len(digits) < LENGTH:
        # A number in a cell has no zeros before it: "050140000123" has become 50140000123.
        digits = digits.zfill(LENGTH)
        found.remark(row, column, digits, "zeros")
    try:
        validate_bin(digits)
    except ValidationError as wrong:
        code = {"kind": "kind_of_bin"}.get(wrong.code or "", wrong.code or "digits")
        found.miss(row, column, text, code)
        return ""
    return digits


def a_text(found: Rows, row: int, column: str, text: str, *, most: int = 300) -> str:
    text = " ".join(text.split()) if most <= 300 else text.strip()
    if len(text) > most:
        found.miss(row, column, f"{text[:60]}…", "long" if most <= 300 else "long_text")
        return ""
    if _BAD.search(text):
        found.miss(row, column, _BAD.sub("�", text[:60]), "unreadable")
        return ""
    return text


def a_day(found: Rows, row: int, column: str, text: str) -> date | None:
    """A day in any usual writing: 31.03.2024, 31/03/2024, 2024-03-31, "31.03.2024 ж."."""
    match = _DAY.match(text)
    if match and _AFTER_DAY.match(text[match.end() :]):
        d, m, y, year, month, day = match.groups()
        try:
            return date(int(y or year), int(m or month), int(d or day))
        except ValueError:
            pass
    found.miss(row, column, text, "date")
    return None


def a_number(found: Rows, row: int, column: str, text: str) -> int | None:
    digits = re.sub(r"[\s\u00a0]", "", text).removesuffix(".0")
    if digits.isascii() and digits.isdigit() and len(digits) < 8:
        return int(digits)
    found.miss(row, column, text, "number")
    return None


class Known:
    """Cells that say one of a few things, each looked up once however many rows say it."""

    def __init__(self, look: Callable[[str], Any], code: str) -> None:
        self._look, self._code = look, code
        self._found: dict[str, Any] = {}

    def __call__(self, found: Rows, row: int, column: str, text: str) -> Any:
        """What the cell says, or None with a finding."""
        if text not in self._found:
            self._found[text] = self._look(text)
        if self._found[text] is None:
            found.miss(row, column, text, self._code)
        return self._found[text]


class Shown(Protocol):
    """A change, as a page shows it: text and whole numbers only."""

    def shown(self) -> dict[str, Any]: ...


def digest_of(changes: Iterable[Shown]) -> str:
    """SHA-256 of what would change."""
    found = hashlib.sha256()
    for one in changes:
        found.update(json.dumps(one.shown(), sort_keys=True).encode())
    return found.hexdigest()


def told(rows: Sequence[Unread], most: int) -> Iterator[list[Any]]:
    """Findings as a row keeps them, in the order of the table."""
    for one in sorted(rows, key=lambda one: one.row)[:most]:
        yield [one.row, one.column, one.found, one.expected]


def telling(kept: Sequence[Sequence[Any]]) -> list[Unread]:
    """Kept findings for a page, in the reader's language."""
    return [
        Unread(row, column, found, EXPECTED.get(code, code)) for row, column, found, code in kept
    ]

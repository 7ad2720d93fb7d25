"""The form as Ortaq issues it, filled in in Word: read back table by table (NG-027, NG-028).

A table is known by its words, a row by its label, in either language; whoever fills it in may add rows. What cannot be
taken is named by table and row with the words that stand there, and everything else is taken.
"""

from __future__ import annotations

import io
import unicodedata
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from docx import Document
from docx.opc.exceptions import PackageNotFoundError

from ortaq.core import files
from ortaq.documents import forms
from ortaq.documents.writing import checks, values
from ortaq.documents.writing.slots import MOST_ROWS, Slot
from ortaq.faces import say
from ortaq.law.findings import Finding, Severity
from ortaq.law.text import Text

from .parts import form, whole_layout

MOST_TABLES, MOST_BYTES = 60, 5 * 1024 * 1024
LANGUAGES = ("kk", "ru", "en")
Lines = list[list[str]]


@dataclass(slots=True)
class Filled:
    """What a file says: values nested as the form, and what of it could not be taken."""

    data: dict[str, Any] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)
    taken: int = 0


def read(upload: Any) -> Filled:
    """What the form in `upload` says. `ValidationError` with a sentence for a file that is not this form."""
    content = upload.read(MOST_BYTES + 1)
    if len(content) > MOST_BYTES:
        raise ValidationError(
            _("The file is larger than 5 MB. Send the form without pictures."), "size"
        )
    if files.kind_of(content) != files.DOCX:
        raise ValidationError(
            _(
                "This is not a Word file (DOCX). In Word choose “Save as” and the type “Word document”."
            ),
            code="kind",
        )
    try:
        tables = Document(io.BytesIO(content)).tables
        found = [_lines(table) for table in tables[:MOST_TABLES]]
    except (PackageNotFoundError, zipfile.BadZipFile, KeyError, ValueError, SyntaxError) as error:
        message = _("This file is damaged and cannot be read. Open it in Word and save it anew.")
        raise ValidationError(message, code="damaged") from error
    filled = Filled()
    known = 0
    for section in form().sections:
        lines = next((one for one in found if _is_of(section, one)), None)
        if lines is None:
            message = format_lazy(
                _("The table “{title}” is not in the file."), title=checks.said(section.title)
            )
            filled.findings.append(
                Finding("no_table", Severity.WARNING, message, about=section.key)
            )
            continue
        known += 1
        _Section(section, lines, filled).read()
    if not known:
        raise ValidationError(
            _(
                "None of the tables of the annual return is in this file. Fill in the form that is issued here."
            ),
            code="other_form",
        )
    return filled


def _lines(table: Any) -> Lines:
    """The cells of a table as text, row by row; a cell that spans several columns once."""
    lines = []
    for row in list(table.rows)[: MOST_ROWS + 50]:
        cells: list[str] = []
        before = None
        for cell in row.cells:
            element = cell._tc  # noqa: SLF001 - a cell over several columns is given once for each
            if element is not before:
                cells.append(cell.text.strip())
            before = element
        lines.append(cells)
    return lines


def plain(text: str) -> str:
    """A label without what a hand may change in it: case, spaces, stops."""
    return " ".join(unicodedata.normalize("NFC", text).casefold().split()).rstrip(".: ")


def _said(text: Text) -> set[str]:
    return {plain(text.say(language)) for language in LANGUAGES}


def _is_of(section: forms.Section, lines: Lines) -> bool:
    """Whether a table is that of a section: most of its labels stand in it."""
    table = section.tables[0]
    labels = [_said(row.label) for row in table.rows] or [
        _said(column.label) for column in table.leaves()
    ]
    there = {plain(cell) for line in lines for cell in line}
    return sum(bool(label & there) for label in labels) * 2 > len(labels)


class _Section:
    """One table read into `filled`."""

    def __init__(self, section: forms.Section, lines: Lines, filled: Filled) -> None:
        self.section, self.lines, self.filled = section, lines, filled
        group = next(one for one in whole_layout().groups if one.section.key == section.key)
        self.slots: Mapping[str, Slot] = {one.path: one for one in group.slots}
        self.columns: Sequence[Slot] = group.rows.slots if group.rows else ()

    def read(self) -> None:
        if self.columns:
            self._rows()
        else:
            self._fields()

    def _fields(self) -> None:
        table = self.section.tables[0]
        found: dict[str, Any] = {}
        checklist = bool(table.columns)
        for number, line in enumerate(self.lines, 1):
            row = next(
                (one for one in table.rows for cell in line if plain(cell) in _said(one.label)),
                None,
            )
            if row is None:
                if not (checklist and number == 1) and any(line):
                    self._unknown(number, line)
                continue
            place = next(n for n, cell in enumerate(line) if plain(cell) in _said(row.label))
            text = line[place + 1] if place + 1 < len(line) else ""
            path = f"{self.section.key}/{row.key}" + ("/there" if checklist else "")
            value = self._value(self.slots[path], text, number, path)
            if value is not None:
                found[row.key] = {"there": value} if checklist else value
                self.filled.taken += 1
        if found:
            self.filled.data[self.section.key] = found

    def _rows(self) -> None:
        wanted = [(slot.path, _said(_text(slot.label))) for slot in self.columns]
        head = max(range(len(self.lines)), key=lambda n: self._matches(self.lines[n], wanted))
        places = {
            path: place
            for path, labels in wanted
            for place, cell in enumerate(self.lines[head])
            if plain(cell) in labels
        }
        slots = {slot.path: slot for slot in self.columns}
        rows: list[dict[str, Any]] = []
        for number, line in enumerate(self.lines[head + 1 :], 1):
            texts = {path: line[place] for path, place in places.items() if place < len(line)}
            if not any(texts.values()):
                continue
            if len(rows) >= MOST_ROWS:
                message = format_lazy(_("“{table}”: only the first {limit} rows were taken."), table=checks.said(self.section.title), limit=MOST_ROWS)  # fmt: skip
                self._note("too_many_rows", message, self.section.key)
                break
            unit = f"{self.section.key}/~w{number}"
            cells = {
                path: value
                for path, text in texts.items()
                if (value := self._value(slots[path], text, number, f"{unit}/{path}")) is not None
            }
            if cells:
                rows.append({"id": f"~w{number}", **cells})
                self.filled.taken += len(cells)
        if rows:
            self.filled.data[self.section.key] = rows

    @staticmethod
    def _matches(line: list[str], wanted: Sequence[tuple[str, set[str]]]) -> int:
        there = {plain(cell) for cell in line}
        return sum(bool(labels & there) for _path, labels in wanted)

    def _value(self, slot: Slot, text: str, number: int, about: str) -> Any:
        """What a cell says; None for nothing or for what cannot be taken, which is then named."""
        if not text:
            return None
        if len(text) > slot.limit:
            self._refuse(slot, number, about, _("the text is longer than {limit} characters"), text, limit=slot.limit)  # fmt: skip
            return None
        if slot.kind == "choice":
            found = choice(slot, text)
            if found is None:
                words = "; ".join(say.text(one) for _key, one in slot.choices)
                self._refuse(
                    slot, number, about, _("write one of these: {words}"), text, words=words
                )
            return found
        value = values.read(slot.kind, text)
        if values.trouble(slot.kind, value):
            # Kept as it is typed, so that nothing is lost; it stops the sending until it is mended.
            self._refuse(slot, number, about, _("this cannot be read"), text)
        return value

    def _refuse(
        self, slot: Slot, number: int, about: str, why: Any, text: str, **words: Any
    ) -> None:
        message = format_lazy(
            _("“{table}”, row {number}, “{column}”: {why}. Written: “{text}”."),
            table=checks.said(self.section.title),
            number=number,
            column=checks.said(slot.label),
            why=format_lazy(why, **words),
            text=text[:120],
        )
        self._note("unread", message, about)

    def _unknown(self, number: int, line: list[str]) -> None:
        message = format_lazy(
            _("“{table}”, row {number}: the form has no such row. Written: “{text}”."),
            table=checks.said(self.section.title),
            number=number,
            text=" | ".join(filter(None, line))[:200],
        )
        self._note("unknown_row", message, self.section.key)

    def _note(self, code: str, message: Any, about: str) -> None:
        self.filled.findings.append(Finding(code, Severity.WARNING, message, about=about))


def choice(slot: Slot, text: str) -> str | None:
    """The choice that a text names in any language, whole or by its beginning; None when it names none or several."""
    typed = plain(text)
    exact = [key for key, words in slot.choices if typed in _said(_text(words))]
    begins = [
        key for key, words in slot.choices if any(w.startswith(typed) for w in _said(_text(words)))
    ]
    found = exact or begins
    return found[0] if len(found) == 1 else None


def _text(label: Any) -> Text:
    return label if isinstance(label, Text) else Text(str(label), str(label), str(label))

"""Blank forms and values become papers.

    fill(form("GRANT-A4"), {"sections": {"basics": {"goal": "..."}}}, "kk") -> Paper

The values follow the keys of the form; whatever is missing stays blank:

    {
        "fields": {key: value},            # the head, the gaps of the text, the date
        "sections": {section key: ...},    # see below
        "signatures": {signatory key: {"position": str, "name": str}},
    }

A section without a table holds its text, with choices the key of the one chosen; with one table that table's value; with several
tables a mapping of their values by table key. The value of a table:

    fields      {row key: value}, or {row key: {column key: value}} where the form has several columns to fill in
    rows        [{column key: value}, ...]
                with a head field:  {head key: value, "rows": [...]}
                repeated:           [{"task_text": str, "rows": [...]}, ...]; of fields "values": {...}
                {"group": str} (where no column is named so) and {"total": row key, column key: value} are rows across
    estimate    {"activities": [name, ...],
                 "lines": [{"row": key, "activity": number from 1 under direct costs,
                            "item": str, column key: value}, ...]}

One value: text as `str`; int as `int`; decimal as `Decimal`, `int` or `str`; money as `int`
tiyn; percent as a whole number; date as `date` or ISO text; person as a mapping (surname,
given_name, patronymic, position, phone_numbers, email); months as a list of numbers from 1;
`multiple` values as a list. A `paper.Linked` is a text with links in it. Text is accepted everywhere and printed as it stands, so that a
draft can be printed before it is right. Keys that the form does not have raise `LookupError`,
except inside a row, where records may carry more than the form prints.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date
from itertools import chain
from typing import Any

from ortaq.law.text import Text

from . import forms, paper, stamp
from .paper import Align, Cell, Orientation
from .showing import show
from .tables import GAP, Tables, know

Values = Mapping[str, Any]

BLANK_LINES = 4  # for free text in an empty form


def fill(
    form: forms.Form,
    values: Values,
    language: str,
    *,
    number: str = "",
    on: date | None = None,
    note: str = "",
) -> paper.Paper:
    """The form with its `values` (see above) as a paper in `language` (kk, ru, en).

    A paper that is registered has its `number` and day at its head. At the foot of every page stand
    `note`, the edition of the form and the hash of the values.
    """
    made = _Filler(form, values, language).make()
    blocks = made.blocks
    if head := stamp.head(number, on, language):
        blocks = (paper.Paragraph(head, align=Align.LEFT), *blocks)
    return replace(made, blocks=blocks, footer=stamp.foot(form, values, language, note))


def blank(form: forms.Form, language: str) -> paper.Paper:
    """The empty form, to be filled in by hand."""
    return fill(form, {}, language)


def title(form: forms.Form, language: str) -> str:
    """The title of the empty form."""
    return _Filler(form, {}, language).title()


class _Filler:
    def __init__(self, form: forms.Form, values: Values, language: str) -> None:
        self.form, self.language = form, language
        self.fields: Values = values.get("fields", {})
        self.sections: Values = values.get("sections", {})
        self.signatures: Values = values.get("signatures", {})
        self.is_blank = not any((self.fields, self.sections, self.signatures))
        self.tables = Tables(language, blank=self.is_blank)
        know(values, ("fields", "sections", "signatures"), form.id)
        know(self.fields, (one.key for one in self._gaps()), form.id)
        know(self.sections, (one.key for one in form.sections), form.id)

    def make(self) -> paper.Paper:
        title = self.title()
        orientation = Orientation(self.form.orientation)
        return paper.Paper(title, self.language, tuple(self._blocks(title)), orientation)

    def title(self) -> str:
        return self._filled(self.form.title)

    def say(self, text: Text) -> str:
        return text.say(self.language)

    # --- The parts of a form, from top to bottom ---

    def _blocks(self, title: str) -> Iterator[paper.Block]:
        form = self.form
        marks = [mark for mark in (self._filled(form.annex), self.say(form.mark)) if mark]
        if marks:
            yield paper.Paragraph("\n".join(marks), align=Align.RIGHT)
        if form.header:
            yield paper.Fields(tuple(self._header(one) for one in form.header))
        yield paper.Heading(title, level=1)
        if form.particulars:
            yield paper.Fields(tuple(self._header(one) for one in form.particulars))
        for text in form.body:
            yield paper.Paragraph(self._filled(text), align=Align(form.align))
        yield from self._all_sections()
        for text in form.foot:
            yield paper.Paragraph(self._filled(text))
        if form.parties:
            yield self._signatures()
        for note in form.notes:
            yield paper.Paragraph(self.say(note), small=True)

    def _all_sections(self) -> Iterator[paper.Block]:
        turned = self.form.orientation
        for section in self.form.sections:
            wanted = self.form.orientation
            if section.orientation == Orientation.LANDSCAPE:
                wanted = section.orientation
            if wanted != turned:
                yield paper.PageBreak(Orientation(wanted))
                turned = wanted
            yield from self._section(section)
        if turned != self.form.orientation:
            yield paper.PageBreak(Orientation(self.form.orientation))

    def _section(self, section: forms.Section) -> Iterator[paper.Block]:
        if title := self._filled(section.title):
            yield paper.Heading(f"{section.num}. {title}" if section.num else title)
        if instruction := self.say(section.instruction):
            yield paper.Paragraph(instruction, small=True, leads=True)
        for text in section.body:
            yield paper.Paragraph(self._filled(text))
        for item in section.items:
            yield paper.Paragraph(f"– {self.say(item)}")
        yield from self._content(section, self.sections.get(section.key))
        if section.footnotes:
            notes = (paper.Footnote(one.num, self.say(one.text)) for one in section.footnotes)
            yield paper.Footnotes(tuple(notes))
        for note in section.notes:
            yield paper.Paragraph(self.say(note), small=True)

    def _content(self, section: forms.Section, value: Any) -> Iterator[paper.Block]:
        if section.fixed:
            return
        if section.choices:
            know({value: True} if value else {}, (one.key for one in section.choices), section.key)
            for choice in section.choices:
                yield paper.Paragraph(self.say(choice.text), underlined=choice.key == value)
        elif not section.tables:
            yield self._free_text(value)
        elif len(section.tables) == 1:
            yield from self.tables.blocks(section.tables[0], value)
        else:
            know(value or {}, (table.key for table in section.tables), section.key)
            for table in section.tables:
                yield from self.tables.blocks(table, (value or {}).get(table.key))

    def _free_text(self, value: str | paper.Linked | None) -> paper.Block:
        if isinstance(value, paper.Linked):
            return paper.Paragraph(value.text, pieces=value.pieces)
        if value:
            return paper.Paragraph(str(value))
        lines = BLANK_LINES if self.is_blank else 1
        row = paper.Row((Cell(lines=lines),))
        return paper.Table((paper.Column(""),), (row,), head=False)

    def _signatures(self) -> paper.Signatures:
        parties = tuple(
            paper.Party(
                tuple(self._signatory(one) for one in party.signatories),
                preamble=self.say(party.preamble),
                label=self.say(party.label),
            )
            for party in self.form.parties
        )
        known = (one.key for party in self.form.parties for one in party.signatories)
        know(self.signatures, known, self.form.id)
        dated = self.form.dated
        if dated is None:
            return paper.Signatures(parties)
        on = self._value(dated, self.fields.get(dated.key)) or self.say(dated.blank)
        label = self.say(dated.label)
        return paper.Signatures(parties, dated=f"{label}: {on}" if label else on)

    def _signatory(self, one: forms.Signatory) -> paper.Signatory:
        value = self.signatures.get(one.key, {})
        return paper.Signatory(
            position=value.get("position") or self.say(one.position),
            name=value.get("name", ""),
            position_hint=self.say(one.position_hint),
            signature_hint=self.say(one.signature_hint),
            name_hint=self.say(one.name_hint),
            seal=self.say(one.seal),
        )

    # --- Gaps in running text ---

    def _gaps(self) -> Iterable[forms.Blank]:
        dated = (self.form.dated,) if self.form.dated else ()
        return chain(self.form.header, self.form.particulars, self.form.blanks, dated)

    def _header(self, one: forms.Blank) -> paper.Field:
        value = self._value(one, self.fields.get(one.key))
        label, hint = self.say(one.label), self.say(one.hint)
        # Without a label only the hint below the line tells what stands on it.
        return paper.Field(label, value or GAP, "" if value and label else hint)

    def _filled(self, text: Text) -> str:
        gaps = {}
        for one in self.form.blanks:
            gap = self.say(one.blank) or GAP
            empty = " ".join(part for part in (gap, self.say(one.hint)) if part)
            gaps[one.key] = self._value(one, self.fields.get(one.key)) or empty
        return self.say(text.fill(**gaps))

    def _value(self, one: forms.Blank, value: Any) -> str:
        return show(value, one.type, self.language).text

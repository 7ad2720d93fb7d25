"""A report on paper: the form filled with what was assembled and written, as it stands or as it was submitted.

References to annexes lead to the list of annexes; in an archive the list leads on to the files that lie beside the paper.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from ortaq.documents.filling import fill
from ortaq.documents.forms import Form, Section, Table
from ortaq.documents.paper import Linked, Paper, Piece
from ortaq.documents.signed import signed
from ortaq.projects import signing
from ortaq.projects.models import Report
from ortaq.projects.reporting.annexes import on_paper, row_id
from ortaq.projects.reporting.layout import ASSEMBLED, form_of
from ortaq.projects.reporting.words import LANGUAGES, said

Content = Mapping[str, Any]
Files = Mapping[int, Sequence[tuple[str, str]]]
NUMBER_OF_ANNEX = "attachment_no"
__all__ = ["LANGUAGES", "make"]


def make(report: Report, content: Content, language: str, files: Files | None = None) -> Paper:
    """The paper of a report in kk or ru from its content (see `reporting.content`).

    `files` of an archive by the number of their annex: the name of each, and its path from the paper.
    """
    numbers = frozenset(one["number"] for one in content["annexes"])
    made = _Writer(content, language, numbers, files or {}).make(report)
    # The signatures are those of the last round, and of nothing while the next one is written.
    if report.state in (Report.State.DRAFT, Report.State.RETURNED):
        return made
    if signing.stated(content) != signing.what_of_report(report).content:
        return made
    return replace(made, blocks=(*made.blocks, *signed("projects.report", report, language)))


@dataclass(frozen=True, slots=True)
class _Writer:
    content: Content
    language: str
    numbers: Collection[int]
    files: Files

    def make(self, report: Report) -> Paper:
        form = _printed(form_of(report))
        values = {
            "fields": said(self.content["fields"], self.language),
            "sections": {
                section.key: self._section(section)
                for section in form.sections
                if not section.fixed
            },
            "signatures": self.content["signatures"],
        }
        return fill(form, values, self.language, note=report.project.contract.number)

    def _section(self, section: Section) -> Any:
        if not section.tables:
            return self._text(section.key)
        values = {one.key: self._table(section, one) for one in section.tables}
        return next(iter(values.values())) if len(values) == 1 else values

    def _table(self, section: Section, table: Table) -> Any:
        path = f"{section.key}/{table.key}"
        if table.key == "annexes":
            return [self._annex(one) for one in self.content["annexes"]]
        if table.repeated:
            return [
                {
                    "task_text": task["text"],
                    "values": {
                        row.key: self._text(f"{path}/{task['key']}/{row.key}") for row in table.rows
                    },
                }
                for task in self.content["tasks"]
            ]
        if table.shape == "fields":
            return {row.key: self._text(f"{path}/{row.key}") for row in table.rows}
        if table.key in ASSEMBLED:
            rows = said(self.content["tables"].get(path, []), self.language)
            return [{key: self._cell(key, value) for key, value in row.items()} for row in rows]
        return [{one.key: self._text(f"{path}/{one.key}") for one in table.columns}]

    def _cell(self, key: str, value: Any) -> Any:
        if key == NUMBER_OF_ANNEX and value in self.numbers:
            return Linked((Piece(str(value), f"#{row_id(value)}"),))
        if isinstance(value, str) and key not in ("group", "total"):
            return on_paper(value, self.numbers)
        return value

    def _annex(self, one: Mapping[str, Any]) -> dict[str, Any]:
        words = said(one["papers"], self.language)
        pieces = [Piece(words)] if words else []
        for name, path in self.files.get(one["number"], ()):
            pieces += [Piece("\n" if pieces else ""), Piece(name, path)]
        return {
            "number": one["number"],
            "title": Linked((Piece(said(one["title"], self.language)),), row_id(one["number"])),
            "files": Linked(tuple(pieces)),
        }

    def _text(self, path: str) -> str | Linked:
        """What the records say at a place, and below it what a person wrote."""
        line = said(self.content["lines"].get(path, ""), self.language)
        text = "\n".join(part for part in (line, self.content["texts"].get(path, "")) if part)
        return on_paper(text, self.numbers)


def _printed(form: Form) -> Form:
    """The form without the list of what may be attached: that is told to the writer, not to the reader."""
    return replace(form, sections=tuple(replace(one, items=()) for one in form.sections))

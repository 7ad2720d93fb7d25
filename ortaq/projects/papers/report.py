"""A report on paper: the form filled with what was assembled and written, as it stands or as it was submitted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from ortaq.documents.filling import fill
from ortaq.documents.forms import Form, Section, Table
from ortaq.documents.paper import Paper
from ortaq.projects.models import Report
from ortaq.projects.reporting.layout import ASSEMBLED, form_of
from ortaq.projects.reporting.words import LANGUAGES, said

Content = Mapping[str, Any]
__all__ = ["LANGUAGES", "make"]


def make(report: Report, content: Content, language: str) -> Paper:
    """The paper of a report in kk or ru from its content (see `reporting.content`)."""
    form = _printed(form_of(report))
    values = {
        "fields": said(content["fields"], language),
        "sections": {
            section.key: _section(section, content, language)
            for section in form.sections
            if not section.fixed
        },
        "signatures": content["signatures"],
    }
    return fill(form, values, language, note=report.project.contract.number)


def _printed(form: Form) -> Form:
    """The form without the list of what may be attached: that is told to the writer, not to the reader."""
    return replace(form, sections=tuple(replace(one, items=()) for one in form.sections))


def _section(section: Section, content: Content, language: str) -> Any:
    if not section.tables:
        return text_of(content, section.key, language)
    values = {one.key: _table(section, one, content, language) for one in section.tables}
    return next(iter(values.values())) if len(values) == 1 else values


def _table(section: Section, table: Table, content: Content, language: str) -> Any:
    path = f"{section.key}/{table.key}"
    if table.key == "annexes":
        return [
            {
                "number": one["number"],
                "title": said(one["title"], language),
                "files": said(one["papers"], language),
            }
            for one in content["annexes"]
        ]
    if table.repeated:
        return [
            {
                "task_text": task["text"],
                "values": {
                    row.key: text_of(content, f"{path}/{task['key']}/{row.key}", language)
                    for row in table.rows
                },
            }
            for task in content["tasks"]
        ]
    if table.shape == "fields":
        return {row.key: text_of(content, f"{path}/{row.key}", language) for row in table.rows}
    if table.key in ASSEMBLED:
        return said(content["tables"].get(path, []), language)
    row = {one.key: text_of(content, f"{path}/{one.key}", language) for one in table.columns}
    return [row]


def text_of(content: Content, path: str, language: str) -> str:
    """What the records say at a place, and below it what a person wrote."""
    line = said(content["lines"].get(path, ""), language)
    return "\n".join(part for part in (line, content["texts"].get(path, "")) if part)

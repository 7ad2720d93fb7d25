"""A report as its page shows it: sections with what the records say, what is written, what was remarked."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.safestring import SafeString
from django.utils.translation import get_language

from ortaq.core import money
from ortaq.documents import forms
from ortaq.documents.writing.page import Field
from ortaq.documents.writing.slots import Group
from ortaq.faces.parts import Difference
from ortaq.law.findings import Finding
from ortaq.law.text import Text
from ortaq.projects.models import Remark

from .annexes import linked, row_id
from .content import Content, mark_of
from .layout import ANSWERS, ASSEMBLED
from .words import Both, said


@dataclass(frozen=True, slots=True)
class Place:
    """One place where a person writes. `lines` is what the records say there, `shown` what was written, both with their
    references as links; `heading` stands above the first place of a task, `mark` stands for the text that the page shows, `proposed`
    is what Ortaq proposes for an empty place, with a mark of its own.
    """

    field: Field
    lines: SafeString
    shown: SafeString
    heading: Text | None = None
    mark: int = 0
    proposed: str = ""
    proposed_mark: int = 0

    @property
    def label(self) -> Any:
        return self.field.slot.label


@dataclass(slots=True)
class GridRow:
    """A row of a table: `kind` is line, group or total; a group has one cell."""

    kind: str
    cells: list[SafeString]
    heads: list[tuple[Text, bool]] = field(default_factory=list)
    id: str = ""
    event: int | None = None

    @property
    def cells_under(self) -> list[tuple[SafeString, tuple[Text, bool]]]:
        """Each cell with the head of its column."""
        return list(zip(self.cells, self.heads, strict=True))


@dataclass(frozen=True, slots=True)
class Grid:
    """A table that the records fill. `numeric` says of each column whether it holds numbers."""

    title: Text
    heads: list[tuple[Text, bool]]
    rows: list[GridRow]


@dataclass(frozen=True, slots=True)
class Part:
    """One section of a report."""

    section: Any
    places: list[Place] = field(default_factory=list)
    grids: list[Grid] = field(default_factory=list)
    remarks: list[tuple[Remark, Place | None]] = field(default_factory=list)

    @property
    def id(self) -> str:
        return id_of_section(self.section.key)


@dataclass(frozen=True, slots=True)
class Typed:
    """What a page sent that was not saved: texts by path, and why."""

    texts: Mapping[str, str] = field(default_factory=dict)
    refused: Mapping[str, Finding] = field(default_factory=dict)


def id_of_section(key: str) -> str:
    """The element of a whole section; a place in it has the id of its path."""
    return f"section-{key}"


def parts(
    form: forms.Form,
    groups: Iterable[Group],
    content: Content,
    remarks: Iterable[Remark],
    typed: Typed | None = None,
    *,
    proposals: Mapping[str, Both] | None = None,
) -> list[Part]:
    """The sections of a report, in the reader's language."""
    language = "ru" if (get_language() or "kk").startswith("ru") else "kk"
    asked, typed, shown = list(remarks), typed or Typed(), []
    by_key = {group.section.key: group for group in groups}
    for section in form.sections:
        offered = {path: said(one, language) for path, one in (proposals or {}).items()}
        group = by_key[section.key]
        places = list(_places(section, group, content, typed, proposals=offered, language=language))
        answers = {p.field.name: p for p in places if p.field.name.startswith(f"{ANSWERS}/")}
        shown.append(
            Part(
                section,
                [one for one in places if one.field.name not in answers],
                [_grid(section, table, content, language) for table in _assembled(section)],
                [
                    (one, answers.get(f"{ANSWERS}/r{one.pk}"))
                    for one in asked
                    if one.section == section.key
                ],
            )
        )
    return shown


def _assembled(section: forms.Section) -> Iterable[forms.Table]:
    return (table for table in section.tables if table.key in ASSEMBLED)


def _places(
    section: forms.Section,
    group: Group,
    content: Content,
    typed: Typed,
    *,
    proposals: Mapping[str, str],
    language: str,
) -> Iterable[Place]:
    numbers = {one["number"] for one in content["annexes"]}
    tasks = {task["key"]: n for n, task in enumerate(content["tasks"], 1)}
    texts = {task["key"]: task["text"] for task in content["tasks"]}
    seen: set[str] = set()
    for slot in group.slots:
        path = slot.path
        saved = content["texts"].get(path, "")
        shown = Field(slot, path, saved, typed.texts.get(path, saved), typed.refused.get(path))
        lines = linked(said(content["lines"].get(path, ""), language), numbers)
        task = next((step for step in path.split("/") if step in tasks), "")
        heading = None
        if task and task not in seen:
            seen.add(task)
            title = next(table.title for table in section.tables if table.repeated)
            heading = title.fill(n=tasks[task], task_text=texts[task])
        text = proposals.get(path, "") if not shown.text.strip() else ""
        yield Place(
            shown, lines, linked(saved, numbers), heading, mark_of(saved), text, mark_of(text)
        )


def _grid(section: forms.Section, table: forms.Table, content: Content, language: str) -> Grid:
    columns = list(_columns(table.columns))
    if table.key == "annexes":
        rows = [
            {
                "number": one["number"],
                "title": one["title"],
                "files": one["papers"],
                "event": one["event"],
            }
            for one in content["annexes"]
        ]
    else:
        rows = content["tables"].get(f"{section.key}/{table.key}", [])
    heads = [(label, column.type in ("int", "money")) for label, column in columns]
    annexes = {one["number"] for one in content["annexes"]}
    shown = [
        _row(table, columns, {"num": number, **row}, language, annexes)
        for number, row in enumerate(rows, 1)
    ]
    for one in shown:
        one.heads = heads
    return Grid(table.title, heads, shown)


def _columns(columns: Iterable[forms.Column], over: Text | None = None) -> Iterable[Any]:
    for column in columns:
        label = column.label
        if over is not None:
            label = Text(*(f"{a}: {b}" if a and b else b for a, b in zip(over, label, strict=True)))
        if column.columns:
            yield from _columns(column.columns, label)
        else:
            yield label, column


def _row(
    table: forms.Table,
    columns: list[Any],
    row: Mapping[str, Any],
    language: str,
    annexes: Collection[int],
) -> GridRow:
    if "group" in row:
        return GridRow("group", [linked(said(row["group"], language), ())])
    cells = [
        linked(_cell(said(row.get(column.key), language), column.type), annexes)
        for _label, column in columns
    ]
    if "total" in row:
        cells[0] = linked(table.row(row["total"]).label.say(language), ())
        return GridRow("total", cells)
    if table.key == "annexes":
        return GridRow("line", cells, id=row_id(row["number"]), event=row["event"])
    return GridRow("line", cells)


def _cell(value: Any, kind: str) -> str:
    if value is None:
        return ""
    if kind == "money":
        return money.show(value, sign=False)
    return str(value)


def differences(before: Content, after: Content, groups: Iterable[Group]) -> list[Difference]:
    """Where what a person wrote differs between two rounds: the place, what stood there, what stands there."""
    labels = {slot.path: slot.label for group in groups for slot in group.slots}
    found = []
    for path in {**before["texts"], **after["texts"]}:
        old, new = before["texts"].get(path, ""), after["texts"].get(path, "")
        if old != new and not path.startswith(ANSWERS):
            found.append(Difference(labels.get(path, path), old or "—", new or "—"))
    return found


def tables_changed(before: Content, after: Content, form: forms.Form) -> list[tuple[Any, int]]:
    """Sections whose tables from the records differ between two rounds, with the number of rows that do."""
    found = []
    for section in form.sections:
        rows = 0
        for table in _assembled(section):
            path = f"{section.key}/{table.key}"
            old = before["tables"].get(path, []) if table.key != "annexes" else before["annexes"]
            new = after["tables"].get(path, []) if table.key != "annexes" else after["annexes"]
            rows += sum(one not in old for one in new) or sum(one not in new for one in old)
        if rows:
            found.append((section, rows))
    return found

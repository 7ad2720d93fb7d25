"""All that a report says, as one value: shown while it is written, frozen when it is submitted."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ortaq.documents.forms import Form
from ortaq.documents.writing import paths
from ortaq.documents.writing.merge import Edit
from ortaq.documents.writing.slots import Layout
from ortaq.projects.models import Contract, Remark, Report, TeamMember

from . import facts, money, proposals
from .annexes import Annex, numbered
from .layout import CREATIVE, EDITION, FORMS, Task, form_of, layout_of, tasks_of
from .words import Both, day, pair, said

Content = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Assembled:
    """A report as it stands now: its form, the places where a person writes, what it says; `proposals` for empty places, by path."""

    report: Report
    form: Form
    tasks: Sequence[Task]
    layout: Layout
    content: Content
    proposals: Mapping[str, Both]


def assemble(report: Report, remarks: Iterable[Remark] = ()) -> Assembled:
    """A report from the records and from what was written; a fixed number of queries.

    `report` with its project and contract loaded; `remarks` of the last round, which are answered in it.
    """
    form = form_of(report)
    tasks = tasks_of(report) if _judges_tasks(form) else []
    annexes: Sequence[Annex]
    proposed: Mapping[str, Both] = {}
    if report.kind in CREATIVE:
        records = facts.Records.of(report)
        annexes = facts.annexes_of(records)
        numbers = _numbers(report, annexes)
        found = facts.of(records, tasks, annexes, numbers)
        proposed = proposals.of(records, tasks, numbers)
    else:
        booked = money.Records.of(report)
        annexes = money.annexes_of(booked)
        numbers = _numbers(report, annexes)
        found = money.of(booked)
    layout = layout_of(form, tasks, remarks)
    content: Content = {
        "form": [FORMS[Report.Kind(report.kind)], EDITION],
        "kind": report.kind,
        "number": report.number,
        "fields": fields_of(report),
        "signatures": signatures_of(report),
        "tasks": [{"key": task.key, "text": task.text} for task in tasks],
        "tables": found.tables,
        "lines": found.lines,
        "texts": written(report, layout),
        "annexes": [
            one.as_dict(numbers[one.key])
            for one in sorted(annexes, key=lambda one: numbers[one.key])
        ],
    }
    asked = {slot.path for group in layout.groups for slot in group.slots}
    empty = {
        path: lines
        for path, lines in proposed.items()
        if path in asked and not content["texts"].get(path, "").strip()
    }
    return Assembled(report, form, tasks, layout, content, empty)


def layout_for(report: Report, remarks: Iterable[Remark] = ()) -> Layout:
    """The places of a report where a person writes, without assembling the rest."""
    form = form_of(report)
    return layout_of(form, tasks_of(report) if _judges_tasks(form) else [], remarks)


def keys_now(report: Report) -> list[str]:
    """The keys of the annexes in the order of their numbers, with those that came since."""
    if report.kind in CREATIVE:
        present: Sequence[Annex] = facts.annexes_of(facts.Records.of(report))
    else:
        present = money.annexes_of(money.Records.of(report))
    return numbered(report.annexes, [one.key for one in present])


def written(report: Report, layout: Layout) -> dict[str, str]:
    """What a person wrote, by path; texts of places that the form does not have any more are left out."""
    flat = paths.flatten(report.texts)
    slots = [slot.path for group in layout.groups for slot in group.slots]
    return {path: str(flat[path]) for path in slots if path in flat}


def fields_of(report: Report) -> Content:
    """The head of the paper, as far as its form asks for it."""
    contract = report.project.contract
    period = f"{day(report.period_from)} – {day(report.period_to)}"
    if report.kind not in CREATIVE:
        return {
            "procurement_no": contract.number,
            "topic": pair(contract.title_kk, contract.title_ru),
            "term": period,
        }
    found: Content = {
        "supplier": pair(contract.grantee.name_kk, contract.grantee.name_ru),
        "project": pair(contract.title_kk, contract.title_ru),
        "contract_no": contract.number,
        "period": period,
    }
    if report.kind == Report.Kind.FINAL_CREATIVE:
        found["compiler"] = _with_contact(report)
    return found


def signatures_of(report: Report) -> Content:
    """Who compiles an interim report, who signs the final one (IM-048, IM-061)."""
    if report.kind == Report.Kind.INTERIM_CREATIVE:
        return {"manager": {"name": _manager(report)}}
    if report.kind == Report.Kind.FINAL_CREATIVE:
        return {"head": {"name": _head_of(report.project.contract)}}
    return {}


def _manager(report: Report) -> str:
    manager = report.project.manager
    return manager.full_name if manager else _head_of(report.project.contract)


def _with_contact(report: Report) -> str:
    """The compiler's name and telephones (IM-049): the manager as the team names them, else the head."""
    name = _manager(report)
    team = report.project.contract.team.filter(until=None)
    member = team.filter(full_name=name).first()
    return ", ".join(filter(None, (name, member.contact if member else "")))


def _head_of(contract: Contract) -> str:
    head = contract.team.filter(role=TeamMember.Role.HEAD, until=None).first()
    return head.full_name if head else ""


def _judges_tasks(form: Form) -> bool:
    return any(table.repeated for section in form.sections for table in section.tables)


def _numbers(report: Report, annexes: Sequence[Annex]) -> Mapping[str, int]:
    keys = numbered(report.annexes, [one.key for one in annexes])
    return {key: number for number, key in enumerate(keys, 1)}


def mark_of(text: str) -> int:
    """A number that stands for a text: the page sends it back as the version of the place that it showed."""
    return zlib.crc32(text.encode("utf-8", "surrogatepass")) % 10**9


def taken_over(
    made: Assembled, shown: Mapping[str, int], language: str, typed: Iterable[Edit]
) -> list[Edit]:
    """The proposals that become the writer's own text, as edits for `procedure.report.write`.

    `shown`: the mark of each proposal that the page showed, by path. One that reads otherwise by now is left out, and one beside whose
    place something is `typed`.
    """
    own = {path for edit in typed for path, text in edit.values.items() if str(text or "").strip()}
    texts = {path: said(lines, language) for path, lines in made.proposals.items()}
    return [
        Edit(path, mark_of(""), {path: text})
        for path, text in texts.items()
        if path not in own and shown.get(path) == mark_of(text)
    ]

"""What a report asks a person to write: the places of its form that no record fills."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from ortaq.documents import forms
from ortaq.documents.writing.slots import LONG, Group, Layout, Slot
from ortaq.law.text import Text
from ortaq.projects.models import Activity, Contract, Remark, Report

Kind = Report.Kind
EDITION = "2019"
FORMS = {
    Kind.INTERIM_CREATIVE: "SO-IC",
    Kind.FINAL_CREATIVE: "SO-FC",
    Kind.INTERIM_FINANCIAL: "SO-IF",
    Kind.FINAL_FINANCIAL: "SO-FF",
}
CREATIVE = (Kind.INTERIM_CREATIVE, Kind.FINAL_CREATIVE)
FINAL = (Kind.FINAL_CREATIVE, Kind.FINAL_FINANCIAL)
# Tables that the records fill; any other table of rows is written as one row of text.
ASSEMBLED = frozenset(
    {
        "activities",
        "indicator_results",
        "by_sex",
        "annexes",
        "expenses",
        "salary",
        "civil_contracts",
        "taxes",
    }
)
# "If any": nobody has to write these.
OPTIONAL = frozenset({"corrections", "partners", "explanation"})
FIRST_REPORT = "first_report"
ANSWERS = "answers"
_TITLES = {
    Kind.INTERIM_FINANCIAL: Text(
        "Аралық қаржылық есеп беру", "Промежуточный финансовый отчет", "Interim financial report"
    ),
    Kind.FINAL_FINANCIAL: Text(
        "Қорытынды қаржылық есеп беру", "Итоговый финансовый отчет", "Final financial report"
    ),
}
_GRANTEE = Text("Грант алушы атауы", "Наименование грантополучателя", "Name of the grantee")
_GRANT = Text("Грант шартының нөмірі", "Номер договора гранта", "Number of the grant contract")
_TOPIC = Text("Грант тақырыбы", "Тема гранта", "Topic of the grant")


def form_of(report: Report) -> forms.Form:
    """The blank form of a report, without what only a first interim report has to say.

    For grants the contract's own form of reports is not in the sources (GR-I-16): the same form is used without its number of
    an annex to the guide, under names that fit a grant.
    """
    kind = Kind(report.kind)
    form = forms.form(FORMS[kind], EDITION)
    first = kind == Kind.INTERIM_CREATIVE and report.number == 1
    sections = tuple(s for s in form.sections if first or s.only_if != FIRST_REPORT)
    form = replace(form, sections=sections)
    if report.project.contract.instrument == Contract.Instrument.SOCIAL_ORDER:
        return form
    labels = {"supplier": _GRANTEE, "procurement_no": _GRANT, "topic": _TOPIC}
    header = tuple(replace(one, label=labels.get(one.key, one.label)) for one in form.header)
    return replace(form, annex=Text(), title=_TITLES.get(kind, form.title), header=header)


@dataclass(frozen=True, slots=True)
class Task:
    """A task of the plan, which the interim report judges. `key` is its step in paths."""

    key: str
    text: str
    activities: frozenset[int]


def tasks_of(report: Report) -> list[Task]:
    """The tasks of the plan in their order; one query."""
    rows = Activity.objects.filter(
        contract=report.project.contract_id, section=Activity.Section.TASK
    ).values_list("task", "pk")
    found = []
    for text, group in groupby(rows, key=lambda row: row[0]):
        pks = [pk for _text, pk in group]
        found.append(Task(f"t{min(pks)}", text, frozenset(pks)))
    return found


def layout_of(form: forms.Form, tasks: Sequence[Task], remarks: Iterable[Remark] = ()) -> Layout:
    """All places of a report that a person writes in, section by section.

    `tasks` of the plan, each of which the interim report judges; `remarks` of the last round, each with a place for its answer.
    """
    asked = list(remarks)
    return Layout(
        tuple(
            Group(section, (*_slots(section, tasks), *_answers(section, asked)))
            for section in form.sections
        )
    )


def _slots(section: forms.Section, tasks: Sequence[Task]) -> Iterator[Slot]:
    if section.fixed:
        return
    if not section.tables:
        yield _slot(section.key, section.title, required=section.key not in OPTIONAL)
    for table in section.tables:
        path = f"{section.key}/{table.key}"
        if table.repeated:
            for task in tasks:
                for row in table.rows:
                    yield _slot(f"{path}/{task.key}/{row.key}", row.label)
        elif table.shape == "fields":
            for row in table.rows:
                yield _slot(f"{path}/{row.key}", row.label, required=row.required)
        elif table.key not in ASSEMBLED:
            for column in table.columns:
                yield _slot(f"{path}/{column.key}", column.label)


def _answers(section: forms.Section, remarks: Sequence[Remark]) -> Iterator[Slot]:
    for remark in remarks:
        if remark.section == section.key:
            yield _slot(f"{ANSWERS}/r{remark.pk}", ANSWER)


def _slot(path: str, label: Text, *, required: bool = True) -> Slot:
    return Slot(path, label, "text", LONG, required)


ANSWER = Text(
    "Ескерту бойынша не істелді",
    "Что сделано по замечанию",
    "What was done about the remark",
)

"""Papers of a contract: annex 3 on the form GRANT-K3, the estimate and the calendar plan.

Annexes 1 and 2 are not in the sources; that they are the estimate and the calendar plan is our
reading (GR-K-03). The contract itself is written by the body that concludes it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from django.utils.translation import gettext_lazy as _

from ortaq.core.bilingual import pick
from ortaq.documents import forms
from ortaq.documents.filling import fill
from ortaq.documents.paper import (
    Align,
    Cell,
    Column,
    Heading,
    Orientation,
    Paper,
    Paragraph,
    Row,
    Table,
)
from ortaq.documents.signed import signed
from ortaq.law.text import Text
from ortaq.people.actor import Actor
from ortaq.projects import baseline, estimate, months
from ortaq.projects.models import Activity, Approval, Contract
from ortaq.projects.queries import contract as queries

LANGUAGES = ("kk", "ru")
K3 = ("GRANT-K3", "2024")
LISTS = ("target_group", "expected_results", "partners")
ANNEX = Text(
    "Мемлекеттік грант беру туралы {date} № {number} шарттың №{annex} қосымшасы",
    "Приложение № {annex} к Договору о предоставлении государственного гранта от {date} № {number}",
    "Annex No. {annex} to the contract No. {number} of {date} on the provision of a state grant",
)
GAP = "_" * 12
NAMES: dict[str, Any] = {
    "estimate": _("Annex 1: cost estimate"),
    "calendar": _("Annex 2: calendar plan"),
    "annex-3": _("Annex 3: full description of the project"),
}


def make(name: str, contract: Contract, language: str, actor: Actor) -> Paper:
    """One of the papers by its name in `NAMES`, as `actor` may see it."""
    if name == "annex-3":
        return annex_3(contract, language, actor)
    makers: dict[str, Callable[[Contract, str], Paper]] = {
        "estimate": cost_estimate,
        "calendar": calendar_plan,
    }
    return makers[name](contract, language)


def annex_3(contract: Contract, language: str, actor: Actor) -> Paper:
    """The full description of the project; contacts of the team only for those who see them."""
    general: dict[str, Any] = dict(contract.general)
    for row in LISTS:
        general[row] = str(general.get(row) or "").splitlines()
    team = queries.team_of(contract, actor)
    tasks = queries.plan_of(contract)
    sections: dict[str, Any] = {
        "general": general,
        "team": {table: [_member(row) for row in rows] for table, rows in team.items()},
        "monitoring_plan": {
            "task": [
                {"task_text": task.text, "rows": [_activity(row) for row in task.activities]}
                for task in tasks
                if task.number
            ],
            **{
                section: [
                    _activity(row, several=section != Activity.Section.INFORMATION)
                    for task in tasks
                    if task.section == section
                    for row in task.activities
                ]
                for section in (Activity.Section.PRESENTATION, Activity.Section.INFORMATION)
            },
        },
        "social_effect": contract.social_effect,
    }
    fields: dict[str, Any] = {}
    if contract.number:
        fields["contract_no"] = contract.number
    if contract.concluded_on:
        fields["contract_date"] = contract.concluded_on
    values = {"fields": fields, "sections": sections, "signatures": _signatures(contract)}
    made = fill(forms.form(*K3), values, language, note=contract.source_number)
    if not baseline.is_as_signed(contract):
        return made
    return replace(made, blocks=(*made.blocks, *signed("projects.contract", contract, language)))


def _member(row: Any) -> dict[str, Any]:
    return {
        "full_name": row.full_name,
        "position": row.post,
        "contact": row.contact,
        "duties": row.duties,
        "project_share": int(row.share) if row.share.isdecimal() else row.share,
    }


def _activity(row: Activity, *, several: bool = True) -> dict[str, Any]:
    indicators = [one.text for one in row.indicators.all()]
    planned = [one.planned for one in row.indicators.all()]
    cells: dict[str, Any] = {
        "activity": row.text,
        # An activity without indicators is printed all the same.
        "indicators": indicators or [""] if several else "\n".join(indicators),
        "planned": planned or [""] if several else "\n".join(planned),
        "term": row.term,
    }
    if row.section == Activity.Section.INFORMATION:
        return cells | {"channel": row.channel}
    return cells | {"place": row.place}


def _signatures(contract: Contract) -> dict[str, Any]:
    """Names under the printed positions, as far as they are known."""
    found = {}
    for place in contract.approvals.select_related("person"):
        key = "director" if place.role == Approval.Role.GRANTEE else place.role
        if place.person:
            found[key] = {"name": place.person.short_name}
    return found


def _annex(contract: Contract, number: int, language: str) -> Paragraph:
    day = f"{contract.concluded_on:%d.%m.%Y}" if contract.concluded_on else GAP
    text = ANNEX.fill(annex=number, date=day, number=contract.number or GAP).say(language)
    return Paragraph(text, Align.RIGHT)


def cost_estimate(contract: Contract, language: str) -> Paper:
    """The estimate on the form of annex 5, one table for each year."""
    form = replace(forms.form("GRANT-A5", contract.edition), annex=Text(), mark=Text())
    activities = list(contract.activities.all())
    direct = {key for key, item in estimate.items(contract.edition).items() if item.direct}
    numbers = {activity.pk: number for number, activity in enumerate(activities, 1)}
    lines = list(contract.budget.all())
    years = sorted({line.year for line in lines}) or [0]
    blocks: list[Any] = [_annex(contract, 1, language)]
    for year in years:
        rows = [
            _line(line, numbers if line.category in direct else None)
            for line in lines
            if line.year == year
        ]
        # The last activity is where lines stand that have lost theirs.
        named = [activity.text for activity in activities]
        if any(row.get("activity") == len(named) + 1 for row in rows):
            named.append("—")
        budget = {"activities": named, "lines": rows}
        made = fill(form, {"sections": {"budget": budget}}, language)
        for block in made.blocks:
            blocks.append(block)
            if isinstance(block, Heading) and block.level == 1 and len(years) > 1:
                blocks.append(Paragraph(str(year), Align.CENTER, bold=True))
    title = form.title.say(language)
    return Paper(title, language, tuple(blocks), Orientation.LANDSCAPE, contract.source_number)


def _line(line: Any, numbers: dict[int, int] | None) -> dict[str, Any]:
    """A row of the form; `numbers` of the activities under direct costs only."""
    row: dict[str, Any] = {
        "row": line.category,
        "item": line.item,
        "unit": line.unit,
        "quantity": line.quantity,
        "unit_cost": line.unit_cost_tiyn,
        "total": line.total_tiyn,
        "own_contribution": line.own_tiyn,
        "other_cofinancing": line.other_tiyn,
        "grant": line.grant_tiyn,
    }
    if numbers is None:
        return row
    return row | {"activity": numbers.get(line.activity_id or 0, len(numbers) + 1)}


def calendar_plan(contract: Contract, language: str) -> Paper:
    """The activities by month, in the columns of the application's calendar plan."""
    section = forms.form("GRANT-A4", contract.edition).section("calendar_plan")
    table = section.tables[0]
    activity, month = table.columns[0], table.columns[1]
    tasks = queries.plan_of(contract)
    running = months.between(contract.starts_on, contract.ends_on)
    shown = sorted(
        {m for task in tasks for row in task.activities for m in row.months} | {*running}
    )
    heads = [
        Column(f"{month.label.fill(n=n).say(language)}\n{one[5:]}.{one[:4]}", 2, Align.CENTER)
        for n, one in enumerate(shown, 1)
    ]
    rows = [
        Row(
            (
                Cell(str(number)),
                Cell(row.text),
                *(Cell("+" if one in row.months else "") for one in shown),
            )
        )
        for number, row in enumerate((row for task in tasks for row in task.activities), 1)
    ]
    title = section.title.say(language).rstrip(".")
    name = pick(contract.title_kk, contract.title_ru, language)
    blocks = (
        _annex(contract, 2, language),
        Heading(title, 1),
        Paragraph(name, Align.CENTER, bold=True),
        Table((Column("№"), Column(activity.label.say(language), 10), *heads), tuple(rows)),
    )
    return Paper(title, language, blocks, Orientation.LANDSCAPE, contract.source_number)

"""Lineage: from a printed figure to the records it comes from.

Frozen content keeps beside each figure the keys of its records (`core.keys`). `records` says what stands behind them now: whoever may
read the figure learns which records they are; opening one is decided by the record's own room. A kind of record more is one
`register`ed function.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from ortaq.core import clock
from ortaq.faces.say import day
from ortaq.oversight.models import Account, CorrectiveAction, Evaluation, Visit
from ortaq.oversight.queries.evaluation import evaluations_visible_to
from ortaq.oversight.queries.project import projects_overseen_by
from ortaq.oversight.queries.visit import visits_visible_to
from ortaq.people.actor import Actor
from ortaq.planning.models import Topic
from ortaq.planning.queries.formation import topics_visible_to
from ortaq.projects.models import Change, Contract, Indicator, Project, Tranche
from ortaq.projects.queries.contract import contracts_visible_to
from ortaq.review.models import ScoreSheet


@dataclass(frozen=True, slots=True)
class Record:
    """A record behind a figure. `address` is empty where the reader may not open it; `tiyn` its sum as it stands now."""

    kind: Any
    title: Any = ""
    address: str = ""
    tiyn: int | None = None
    gone: bool = False


Describe = Callable[[Sequence[int], Actor], Mapping[int, Record]]
_KINDS: dict[str, Describe] = {}


def register(label: str) -> Callable[[Describe], Describe]:
    """Let records with keys `label`:number be described: numbers and reader in, records by number out, in a fixed number of queries."""

    def keep(describe: Describe) -> Describe:
        _KINDS[label] = describe
        return describe

    return keep


def records(keys: Iterable[str], actor: Actor) -> list[Record]:
    """What stands behind these keys, in their order, each once; a fixed number of queries for each kind. A record that is gone, or
    of a kind that nobody describes, is named by its key.
    """
    wanted = list(dict.fromkeys(keys))
    numbers: dict[str, list[int]] = {}
    for key in wanted:
        label, _colon, number = key.partition(":")
        if number.isdecimal():
            numbers.setdefault(label, []).append(int(number))
    found = {
        f"{label}:{pk}": record
        for label, pks in numbers.items()
        if label in _KINDS
        for pk, record in _KINDS[label](pks, actor).items()
    }
    return [found.get(key) or Record(key, gone=True) for key in wanted]


@register("planning.topic")
def _topics(pks: Sequence[int], actor: Actor) -> Mapping[int, Record]:
    open_to = set(topics_visible_to(actor).filter(pk__in=pks).values_list("pk", flat=True))
    return {
        one.pk: Record(
            _("Topic of the social order"),
            one.title,
            reverse("planning:topic", args=[one.pk]) if one.pk in open_to else "",
            one.planned_tiyn,
        )
        for one in Topic.objects.filter(pk__in=pks)
    }


@register("projects.contract")
def _contracts(pks: Sequence[int], actor: Actor) -> Mapping[int, Record]:
    rows = Contract.objects.filter(pk__in=pks)
    open_to = set(contracts_visible_to(actor).filter(pk__in=pks).values_list("pk", flat=True))
    return {
        one.pk: Record(
            _("Contract"),
            _numbered(one.number, one.concluded_on),
            reverse(one.page, args=[one.pk]) if one.page and one.pk in open_to else "",
            one.sum_tiyn,
        )
        for one in rows.only("number", "concluded_on", "sum_tiyn", "instrument", "source")
    }


@register("projects.change")
def _changes(pks: Sequence[int], actor: Actor) -> Mapping[int, Record]:
    rows = Change.objects.filter(pk__in=pks).select_related("project")
    open_to = set(
        contracts_visible_to(actor)
        .filter(project__changes__in=pks)
        .values_list("project__pk", flat=True)
    )
    return {
        one.pk: Record(
            _("Approved change of the contract"),
            _numbered(str(one.number), clock.day_of(one.decided_at) if one.decided_at else None),
            reverse("projects:change", args=[one.project_id, one.number])
            if one.project_id in open_to
            else "",
        )
        for one in rows.only("number", "decided_at", "project__id")
    }


@register("oversight.evaluation")
def _evaluations(pks: Sequence[int], actor: Actor) -> Mapping[int, Record]:
    open_to = set(evaluations_visible_to(actor).filter(pk__in=pks).values_list("pk", flat=True))
    return {
        one.pk: Record(
            _("Evaluation report (annex 8)"),
            day(clock.day_of(one.formed_at)) if one.formed_at else "",
            _evaluation(one, one.pk in open_to),
        )
        for one in Evaluation.objects.filter(pk__in=pks).only("state", "formed_at")
    }


def _evaluation(one: Evaluation, is_open: bool) -> str:
    if is_open:
        return reverse("oversight:evaluation", args=[one.pk])
    if one.state == Evaluation.State.POSTED:
        return reverse("oversight:public_evaluation", args=[one.pk])
    return ""


@register("review.scoresheet")
def _sheets(pks: Sequence[int], actor: Actor) -> Mapping[int, Record]:
    """Sheets of members of the expert council. Who gave which points is told by the page of the evaluation, to those who may know."""
    rows = ScoreSheet.objects.filter(pk__in=pks).values_list("pk", "dossier__evaluation")
    open_to = set(
        evaluations_visible_to(actor)
        .filter(dossier__score_sheets__in=pks)
        .values_list("pk", flat=True)
    )
    return {
        pk: Record(
            _("Score sheet of a member of the expert council (annex 7)"),
            f"№ {pk}",
            reverse("oversight:evaluation", args=[evaluation]) if evaluation in open_to else "",
        )
        for pk, evaluation in rows
    }


@register("projects.tranche")
def _tranches(pks: Sequence[int], actor: Actor) -> Mapping[int, Record]:
    rows = Tranche.objects.filter(pk__in=pks).only("project_id", "number", "paid_on", "paid_tiyn")
    open_to = set(
        contracts_visible_to(actor)
        .filter(project__tranches__in=pks)
        .values_list("project__pk", flat=True)
    )
    return {
        one.pk: Record(
            _("Payment under the contract"),
            _numbered(str(one.number), one.paid_on),
            reverse("projects:tranches", args=[one.project_id])
            if one.project_id in open_to
            else "",
            one.paid_tiyn,
        )
        for one in rows
    }


@register("oversight.visit")
def _visits(pks: Sequence[int], actor: Actor) -> Mapping[int, Record]:
    open_to = set(visits_visible_to(actor).filter(pk__in=pks).values_list("pk", flat=True))
    return {
        one.pk: Record(
            _("Monitoring visit"),
            _numbered(str(one.number), clock.day_of(one.started_at) if one.started_at else None),
            reverse("oversight:visit", args=[one.pk]) if one.pk in open_to else "",
        )
        for one in Visit.objects.filter(pk__in=pks).only("number", "started_at")
    }


@register("oversight.correctiveaction")
def _actions(pks: Sequence[int], actor: Actor) -> Mapping[int, Record]:
    rows = CorrectiveAction.objects.filter(pk__in=pks)
    project = "observation__visit__plan__project"
    mine = _overseen(rows.values_list(project, flat=True), actor)
    return {
        pk: Record(
            _("Corrective action"),
            what,
            reverse("oversight:action", args=[pk]) if of in mine else "",
        )
        for pk, what, of in rows.values_list("pk", "what", project)
    }


@register("oversight.account")
def _accounts(pks: Sequence[int], actor: Actor) -> Mapping[int, Record]:
    rows = Account.objects.filter(pk__in=pks)
    mine = _overseen(rows.values_list("project", flat=True), actor)
    return {
        one.pk: Record(
            _("What is reported of the project"),
            str(one.year),
            reverse("oversight:account", args=[one.project_id, one.year])
            if one.project_id in mine
            else "",
        )
        for one in rows.only("project_id", "year")
    }


@register("projects.project")
def _projects(pks: Sequence[int], actor: Actor) -> Mapping[int, Record]:
    mine = _overseen(pks, actor)
    rows = Project.objects.filter(pk__in=pks).values_list("pk", "contract__number")
    return {
        pk: Record(
            _("Project"),
            f"№ {number}",
            reverse("projects:project", args=[pk]) if pk in mine else "",
        )
        for pk, number in rows
    }


@register("projects.indicator")
def _indicators(pks: Sequence[int], actor: Actor) -> Mapping[int, Record]:
    rows = Indicator.objects.filter(pk__in=pks)
    contract, project = "activity__contract", "activity__contract__project"
    mine = _overseen(rows.values_list(project, flat=True), actor)
    return {
        pk: Record(
            _("Indicator of the plan"),
            text,
            reverse("projects:plan", args=[of]) if run in mine else "",
        )
        for pk, text, of, run in rows.values_list("pk", "text", contract, project)
    }


def _overseen(projects: Iterable[int], actor: Actor) -> set[int]:
    """Those of these projects that the reader oversees."""
    rows = projects_overseen_by(actor).filter(pk__in=projects).order_by()
    return set(rows.values_list("pk", flat=True))


def _numbered(number: str, on: Any) -> Any:
    if on is None:
        return f"№ {number}"
    return format_lazy("№ {number}, {on}", number=number, on=day(on))

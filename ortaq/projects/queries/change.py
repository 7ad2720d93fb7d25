"""What the pages of changes read; the changes of a period for the reports (IM-041)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from itertools import groupby
from operator import itemgetter
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext_lazy as _

from ortaq.core import clock, money
from ortaq.faces import say
from ortaq.faces.paging import KeyPage, key_page
from ortaq.people.actor import Actor
from ortaq.projects import changing, completeness, estimate, months
from ortaq.projects.changing import Row, Thing
from ortaq.projects.models import Change, Contract, Project
from ortaq.projects.policy import project as of_project

WHOLE = {
    changing.TEAM: _("Member of the team"),
    changing.ACTIVITY: _("Activity"),
    changing.INDICATOR: _("Indicator"),
    changing.LINE: _("Line of the estimate"),
}
OF_CONTRACT = {"ends_on": _("Last day of the project")}
# What stands in the numbers of an indicator stands in its text too.
UNSHOWN = {"reading", "second"}


@dataclass(frozen=True, slots=True)
class Shown:
    """One thing that changes, as a page and a letter say it; an empty side is one where there was or will be nothing."""

    what: str
    field: str
    before: str
    after: str


def changes_visible_to(actor: Actor, project: Project) -> QuerySet[Change]:
    """The one visibility query: of a project that the actor sees, all requests for its NGO; for the body those that
    were asked for. A draft is the NGO's own.
    """
    if of_project.is_ngo(actor, project):
        return project.changes.all()
    return project.changes.exclude(state=Change.State.DRAFT).exclude(asked_at=None)


def changes_of(actor: Actor, project: Project, asked: Any) -> KeyPage[Change]:
    """The requests of a project, the newest first; one query."""
    rows = changes_visible_to(actor, project).defer("typed").select_related("decided_by")
    return key_page(rows, asked, order=["-number"], size=25)


def of_period(project: Project, begins: date, ends: date) -> QuerySet[Change]:
    """The changes approved from one day to another, both included: section 4 of the interim report (IM-041, IM-046)."""
    return project.changes.filter(
        state=Change.State.APPROVED,
        decided_at__gte=clock.at(begins),
        decided_at__lt=clock.at(ends + timedelta(days=1)),
    ).order_by("decided_at", "number")


def waiting(project: Project) -> int:
    """How many requests wait for the body; one query."""
    return project.changes.filter(state=Change.State.ASKED).count()


# --- Rows in words ---------------------------------------------------------------------------------


def shown(change: Change, contract: Contract) -> list[Shown]:
    """The rows of a change in the reader's language, those of one record together."""
    return together(one for row in changing.rows_of(change) for one in said(row, contract))


def together(parts: Iterable[Shown]) -> list[Shown]:
    """Fields of one record that stand side by side as one: "Grant funds: 100", "Unit cost: 50" under each other."""
    found = []
    for what, group in groupby(parts, key=lambda one: one.what):
        several = list(group)
        if len(several) == 1 or not all(one.before and one.after for one in several):
            found += several
            continue
        before, after = (
            "\n".join(f"{one.field}: {getattr(one, side) or '—'}" for one in several)
            for side in ("before", "after")
        )
        found.append(Shown(what, "", before, after))
    return found


def said(row: Row, contract: Contract) -> Iterable[Shown]:
    """A row in words: a field that changes, or the fields of a record that begins or ends."""
    if row.field:
        if row.field not in UNSHOWN:
            yield Shown(
                what_of(row),
                field_of(row.model, row.field),
                value_of(row.model, row.field, row.before, contract),
                value_of(row.model, row.field, row.after, contract),
            )
        return
    whole = row.after if row.begins else row.before
    words = "\n".join(
        f"{field_of(row.model, name)}: {text}"
        for name, value in whole.items()
        if name not in UNSHOWN and (text := value_of(row.model, name, value, contract)) and value
    )
    if row.begins:
        yield Shown(str(WHOLE[row.model]), pgettext("a record of the plan", "new"), "", words)
    else:
        yield Shown(what_of(row), pgettext("a record of the plan", "falls away"), words, "")


def what_of(row: Row) -> str:
    if row.model == changing.CONTRACT:
        return str(_("Project"))
    return f"{WHOLE[row.model]}: {row.about}" if row.about else str(WHOLE[row.model])


def field_of(model: str, field: str) -> str:
    """A field as a reader knows it."""
    column, _dot, entry = field.partition(".")
    if entry:
        return str({**completeness.GENERAL, **completeness.SOCIAL_EFFECT}.get(entry, entry)
                   if column == "general" else completeness.SOCIAL_EFFECT.get(entry, entry))  # fmt: skip
    if model == changing.CONTRACT:
        return str(OF_CONTRACT.get(column, column))
    known: Any = changing.MODELS[model]._meta
    name = str(known.get_field(column).verbose_name)
    return name[:1].upper() + name[1:]


def value_of(model: str, field: str, value: Any, contract: Contract) -> str:
    """A kept value in the reader's language; "" for none."""
    if value is None or value in ("", []):
        return ""
    if field.endswith("_tiyn"):
        return money.show(value)
    if field in {"ends_on", "since", "until"}:
        return say.day(date.fromisoformat(value))
    if field == "months":
        return months.said(value, get_language() or "kk")
    if field == "quantity":
        return f"{Decimal(value):f}".replace(".", ",")
    if model == changing.LINE and field == "category":
        known = estimate.items_of(contract)
        return say.text(known[value].label) if value in known else str(value)
    if model == changing.LINE and field == "activity":
        found = contract.activities.filter(key=value).first()
        return str(found) if found else ""
    column = field.partition(".")[0]
    choices = dict(
        getattr(changing.MODELS[model]._meta.get_field(column), "flatchoices", None) or ()
    )
    return str(choices.get(value, value))


@dataclass(frozen=True, slots=True)
class Story:
    """What approved changes did to one thing, oldest first, in words."""

    what: str
    steps: list[tuple[Change, Shown]]


def stories(project: Project) -> list[Story]:
    """The history of everything that was ever changed; one query, and one for each new line of the estimate."""
    return [
        Story(
            _title(thing),
            [
                (change, one)
                for change, rows in groupby(thing.steps, key=itemgetter(0))
                for one in together(
                    part for _change, row in rows for part in said(row, project.contract)
                )
            ],
        )
        for thing in changing.history(project)
    ]


def _title(thing: Thing) -> str:
    if thing.model == changing.CONTRACT:
        return field_of(thing.model, thing.key)
    return what_of(Row(thing.model, thing.key, about=thing.about))

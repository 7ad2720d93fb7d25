"""What a change does: the living plan by the names that changes use, rows applied to it, rows replayed from what was signed.

A row says one thing: `model` and `key` name a record of the plan, `field` what of it. Without a field it is the whole record: one that
begins (`before` is None) or ends (`after` is None). Keys outlive pages and databases: activities and lines have their own, a member of
the team and an indicator are named by their place, which is never given a second time.

    contract                ends_on, general.territory, social_effect.employees
    team       "3"          place in the team
    activity   "~a1"
    indicator  "~a1/2"      the second of activity ~a1; "~a1/" one that begins gets its place when the change is approved
    line       "~b1"
"""

from __future__ import annotations

import copy
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import models

from . import baseline
from .models import Activity, BudgetLine, Change, Contract, Indicator, Project, TeamMember
from .spelling import keep_in_step

CONTRACT, TEAM, ACTIVITY, INDICATOR, LINE = "contract", "team", "activity", "indicator", "line"
MODELS: dict[str, type[models.Model]] = {
    CONTRACT: Contract,
    TEAM: TeamMember,
    ACTIVITY: Activity,
    INDICATOR: Indicator,
    LINE: BudgetLine,
}
FIELDS: dict[str, tuple[str, ...]] = {
    TEAM: (
        "table", "full_name", "post", "role", "contact", "duties", "share", "since", "until",
    ),
    ACTIVITY: ("section", "task", "text", "place", "channel", "term", "months"),
    INDICATOR: ("text", "planned", "reading", "minimum", "second"),
    LINE: (
        "year", "category", "activity", "item", "unit", "quantity", "unit_cost_tiyn", "own_tiyn",
        "other_tiyn", "grant_tiyn",
    ),
}  # fmt: skip
# What the signed content never held, so that a replay leaves it out.
UNSIGNED = {"contact"}


@dataclass(frozen=True, slots=True)
class Row:
    """One thing that changes; `about` is how the record was called when the change was asked for."""

    model: str
    key: str
    field: str = ""
    before: Any = None
    after: Any = None
    about: str = ""

    @property
    def begins(self) -> bool:
        return not self.field and self.before is None

    @property
    def ends(self) -> bool:
        return not self.field and self.after is None

    @property
    def name(self) -> tuple[str, str]:
        return self.model, self.key

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)


def rows_of(change: Change) -> list[Row]:
    """The rows of a change as they are kept."""
    return [Row(**one) for one in change.rows]


def plain(value: Any) -> Any:
    """A field's value as a row keeps it: days as ISO, quantities as text, an activity by its key."""
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return str(value.normalize())
    if isinstance(value, Activity):
        return value.key
    return value


class Plan:
    """The living plan of a contract, found by the names that changes use; five queries."""

    def __init__(self, contract: Contract) -> None:
        self.contract = contract
        activities = list(contract.activities.prefetch_related("indicators"))
        self.team = {str(one.position): one for one in contract.team.all()}
        self.activities = {one.key: one for one in activities}
        self.indicators = {
            f"{activity.key}/{one.position}": one
            for activity in activities
            for one in activity.indicators.all()
        }
        self.lines = {one.key: one for one in contract.budget.select_related("activity")}

    def find(self, model: str, key: str) -> Any:
        """The record of that name, or None."""
        if model == CONTRACT:
            return self.contract
        named: Mapping[str, Mapping[str, Any]] = {
            TEAM: self.team,
            ACTIVITY: self.activities,
            INDICATOR: self.indicators,
            LINE: self.lines,
        }
        return named[model].get(key)

    def value(self, row: Row) -> Any:
        """What stands now where `row` changes something; None where there is nothing."""
        record = self.find(row.model, row.key)
        if record is None:
            return None
        if not row.field:
            return {name: plain(getattr(record, name)) for name in FIELDS[row.model]}
        column, _, entry = row.field.partition(".")
        value = getattr(record, column)
        return (value or {}).get(entry) if entry else plain(value)

    def row(self, model: str, key: str, field: str, after: Any) -> Row | None:
        """The row that would bring `field` to `after`; None where it stands so already."""
        found = Row(model, key, field, after=plain(after))
        before = self.value(found)
        if before == found.after:
            return None
        return replace(found, before=before, about=about(self.find(model, key)))

    def end(self, model: str, key: str) -> Row:
        """The row by which a record ends."""
        found = Row(model, key)
        return replace(found, before=self.value(found), about=about(self.find(model, key)))

    def overtaken(self, rows: Iterable[Row]) -> list[Row]:
        """The rows whose `before` does not hold any more: somebody else's change came first."""
        return [row for row in rows if not row.begins and self.value(row) != row.before]


def begin(model: str, key: str, values: Mapping[str, Any]) -> Row:
    """The row by which a record with `values` begins; `key` as the top of this page says."""
    known: Any = MODELS[model]._meta
    whole = {
        name: plain(values.get(name, known.get_field(name).get_default())) for name in FIELDS[model]
    }
    return Row(model, key, after=whole, about=str(values.get("text") or values.get("item") or values.get("full_name") or ""))  # fmt: skip


def about(record: Any) -> str:
    """How a record is called in the list of changes; nothing for the contract itself."""
    return "" if isinstance(record, Contract) else str(record)


# --- Applied to the plan ---------------------------------------------------------------------------


def apply(contract: Contract, rows: Sequence[Row]) -> list[Row]:
    """Write `rows` into the plan of a locked contract; gives them back with the places that new ones got.

    Whoever calls has seen that `before` still holds (`Plan.overtaken`). Raises `ProtectedError` for an end that records stand against.
    """
    plan, done = Plan(contract), []
    places = _places(contract)
    for row in rows:
        if row.begins:
            done.append(_begun(plan, row, places))
        elif row.ends:
            plan.find(row.model, row.key).delete()
            done.append(row)
        else:
            _set(plan, row)
            done.append(row)
    contract.refresh_from_db(fields=["general"])
    keep_in_step(contract)
    return done


def _set(plan: Plan, row: Row) -> None:
    record = plan.find(row.model, row.key)
    column, _, entry = row.field.partition(".")
    if entry:
        setattr(record, column, {**(getattr(record, column) or {}), entry: row.after})
    else:
        setattr(record, column, _typed(plan, row.model, column, row.after))
    record.save(update_fields=[column])


def _typed(plan: Plan, model: str, field: str, value: Any) -> Any:
    """A kept value as the model's field holds it."""
    if model == LINE and field == "activity":
        return plan.activities.get(value) if value else None
    column: Any = MODELS[model]._meta.get_field(field)
    return value if isinstance(column, models.JSONField) else column.to_python(value)


def _begun(plan: Plan, row: Row, places: dict[str, int]) -> Row:
    values = {name: _typed(plan, row.model, name, v) for name, v in row.after.items()}
    owner, key = (row.key.partition("/")[0] if row.model == INDICATOR else ""), row.key
    series = f"{INDICATOR}/{owner}" if owner else row.model
    position = places[series] = places.get(series, 0) + 1
    if row.model == INDICATOR:
        key = f"{owner}/{position}"
        made: Any = Indicator(activity=plan.activities[owner], position=position, **values)
    elif row.model == TEAM:
        key = str(position)
        made = TeamMember(contract=plan.contract, position=position, **values)
    else:
        made = MODELS[row.model](contract=plan.contract, key=key, position=position, **values)
    made.save()
    if row.model == ACTIVITY:
        plan.activities[key] = made
    return replace(row, key=key)


def _places(contract: Contract) -> dict[str, int]:
    """The last place ever given in each series: those of records that ended are not given again."""
    found: dict[str, int] = {}

    def take(series: str, position: int) -> None:
        found[series] = max(found.get(series, 0), position)

    plan = Plan(contract)
    for model, records in ((TEAM, plan.team), (ACTIVITY, plan.activities), (LINE, plan.lines)):
        for record in records.values():
            take(model, record.position)
    for key, indicator in plan.indicators.items():
        take(f"{INDICATOR}/{key.partition('/')[0]}", indicator.position)
    for row in (row for change in approved(contract.project) for row in rows_of(change)):
        owner, _, place = row.key.rpartition("/")
        if row.model == INDICATOR and place.isdigit():
            take(f"{INDICATOR}/{owner}", int(place))
    return found


# --- Replayed from what was signed -----------------------------------------------------------------


def approved(project: Project, until: datetime | None = None, *, kind: str = "") -> list[Change]:
    """The approved changes of a project in the order of their approval; up to an instant, of one kind."""
    found = project.changes.filter(state=Change.State.APPROVED).order_by("decided_at", "pk")
    if kind:
        found = found.filter(kind=kind)
    return list(found.filter(decided_at__lte=until) if until else found)


def plan_at(project: Project, instant: datetime) -> dict[str, Any]:
    """Annex 3 and the estimate as they stood at an instant: what was signed, and every change approved by then."""
    content: dict[str, Any] = copy.deepcopy(project.baseline)
    for change in approved(project, instant):
        content = replayed(content, rows_of(change))
    return content


def replayed(content: Mapping[str, Any], rows: Iterable[Row]) -> dict[str, Any]:
    """`content` (as `baseline.of` gives it) with `rows` done to it; the argument stays as it is."""
    after = copy.deepcopy(dict(content))
    for row in rows:
        if row.model == CONTRACT:
            column, _, entry = row.field.partition(".")
            if entry:
                after[column] = {**(after[column] or {}), entry: row.after}
            else:
                after[column] = row.after
            continue
        records, match = _series(after, row)
        if row.begins:
            records.append(_signed(row))
        elif row.ends:
            records[:] = [one for one in records if not match(one)]
        elif row.field not in UNSIGNED:
            for one in filter(match, records):
                one[row.field] = row.after
    after["budget"].sort(key=lambda line: line["year"])  # as the estimate is ordered; stable
    return after


def _series(content: dict[str, Any], row: Row) -> tuple[list[dict[str, Any]], Any]:
    """The list of the content in which the record of `row` stands, and how to know it there."""
    if row.model == TEAM:
        return content["team"], lambda one: str(one["position"]) == row.key
    if row.model == INDICATOR:
        owner, _, place = row.key.rpartition("/")
        for activity in content["plan"]:
            if activity["key"] == owner:
                return activity["indicators"], lambda one: str(one["position"]) == place
        return [], lambda _one: False
    name = {ACTIVITY: "plan", LINE: "budget"}[row.model]
    return content[name], lambda one: one["key"] == row.key


def _signed(row: Row) -> dict[str, Any]:
    """A record that begins, in the shape of the signed content."""
    made: dict[str, Any] = {k: v for k, v in row.after.items() if k not in UNSIGNED}
    if row.model == TEAM:
        return made | {"position": int(row.key) if row.key.isdigit() else 0}
    if row.model == INDICATOR:
        place = row.key.rpartition("/")[2]
        return made | {"position": int(place) if place.isdigit() else 0}
    if row.model == ACTIVITY:
        return made | {"key": row.key, "indicators": []}
    return made | {"key": row.key, "activity": made["activity"] or ""}


def present(contract: Contract) -> dict[str, Any]:
    """The living plan in the shape of the signed content; five queries."""
    return baseline.of(contract)


# --- The history of a thing ------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Thing:
    """A record of the plan with everything that approved changes did to it, oldest first."""

    model: str
    key: str
    about: str
    steps: list[tuple[Change, Row]]


def history(project: Project) -> list[Thing]:
    """Every record that an approved change touched, in the order of its first change; one query."""
    found: dict[tuple[str, str], Thing] = {}
    for change in approved(project):
        for row in rows_of(change):
            name = (row.model, row.field if row.model == CONTRACT else row.key)
            thing = found.setdefault(name, Thing(*name, row.about, []))
            thing.steps.append((change, row))
    return list(found.values())

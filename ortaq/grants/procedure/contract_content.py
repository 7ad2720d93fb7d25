"""What an application says about annex 3 of the contract: blocks I-IV and the estimate.

block I     annex 4, sections 1 and 4; the plan's direction and topic
block II    the project team of annex 3
block III   the monitoring plan of annex 4 by task, with the months of its calendar plan; the
media coverage as information work; the final presentation, which no application has
block IV    numbers that follow from the rest; what does not, stays open
estimate    annex 5, line by line, with the identity that each line has there
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from ortaq.core.bilingual import pick
from ortaq.core.kazakh import fold
from ortaq.documents.forms import form
from ortaq.documents.writing import values
from ortaq.grants.content.parts import CONTENT
from ortaq.grants.content.whole import Whole, Written
from ortaq.projects import months, planned
from ortaq.projects.models import Activity, TeamMember
from ortaq.projects.names import as_name

Section = Activity.Section
Row = Mapping[str, Any]


@dataclass(slots=True)
class Planned:
    """An activity with its indicators; `key` is its identity in the application."""

    key: str
    values: dict[str, Any]
    indicators: list[dict[str, Any]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the estimate; `activity` is the key of the activity it pays for, if any."""

    activity: str
    values: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Content:
    general: dict[str, str]
    social_effect: dict[str, int | None]
    team: list[dict[str, Any]]
    activities: list[Planned]
    budget: list[Line]


def read(whole: Whole) -> Content:
    """Everything that the application says; nothing is invented where it is silent."""
    team = list(_team(whole))
    return Content(
        general=_general(whole),
        social_effect=_social_effect(whole, team),
        team=team,
        activities=_activities(whole),
        budget=list(_budget(whole)),
    )


# --- Block I -------------------------------------------------------------------------------------


def _general(whole: Whole) -> dict[str, str]:
    application, language = whole.application, whole.application.language
    topic, ngo = application.lot.topic, application.organisation
    basics = [one.data.get("basics") or {} for one in whole.of(CONTENT)]

    def of_all_years(key: str) -> str:
        return "\n".join(dict.fromkeys(str(one[key]).strip() for one in basics if one.get(key)))

    partners = list(dict.fromkeys(str(row.get("partner") or "") for row in whole.partners))
    begins, ends = application.starts_on, application.ends_on
    return {
        "grantee": as_name(pick(ngo.name_kk, ngo.name_ru, language)),
        "priority_direction": as_name(pick(topic.field.name_kk, topic.field.name_ru, language)),
        "grant_topic": as_name(pick(topic.title_kk, topic.title_ru, language)),
        "project_goal": of_all_years("goal"),
        "territory": of_all_years("territory"),
        "target_group": of_all_years("target_groups"),
        "period": f"{begins:%d.%m.%Y} – {ends:%d.%m.%Y}" if begins and ends else "",
        "expected_results": of_all_years("expected_results"),
        "partners": "\n".join([f"{len(partners)}", *partners]),
    }


# --- Block II ------------------------------------------------------------------------------------


def _team(whole: Whole) -> Iterator[dict[str, Any]]:
    """Those engaged from outside come into the second table, all others into the first."""
    for row in whole.team:
        table = TeamMember.Table.CIVIL_LAW if row.get("engaged") else TeamMember.Table.STAFF
        role = row.get("role") or TeamMember.Role.OTHER
        yield {
            "table": table,
            "full_name": str(row.get("member_name") or ""),
            "post": str(row.get("position") or ""),
            "role": role,
            "contact": _contact(whole, role),
            "duties": str(row.get("duties") or ""),
        }


def _contact(whole: Whole, role: str) -> str:
    """Contacts of the head and the accountant stand in the questionnaire; no others are known."""
    key = {"head": "head", "accountant": "chief_accountant"}.get(role, "")
    person = whole.questionnaire.get(key) or {}
    known = (person.get("phone_numbers"), person.get("email"))
    return ", ".join(str(one) for one in known if one)[:300]


# --- Block III -----------------------------------------------------------------------------------


def _activities(whole: Whole) -> list[Planned]:
    found: dict[str, Planned] = {}
    for one in whole.of(CONTENT):
        found |= {activity.key: activity for activity in _of_tasks(whole, one)}
    last = months.between(whole.application.starts_on, whole.application.ends_on)[-1:]
    found["final_presentation"] = Planned(
        "final_presentation",
        {
            "section": Section.PRESENTATION,
            "text": _final_presentation(whole.application.language),
            "months": last,
            "term": months.said(last, whole.application.language),
        },
    )
    for one in whole.of(CONTENT):
        found |= {activity.key: activity for activity in _information(one)}
    return list(found.values())


def _of_tasks(whole: Whole, one: Written) -> list[Planned]:
    """The rows of the monitoring plan, each with the months of the activity of the same name in
    the calendar plan; then activities that only the calendar plan has. Costs refer to the
    calendar plan, so an activity that stands in both keeps the identity it has there.
    """
    year, calendar = one.part.year, whole.calendar(one.part.year)
    place = str((one.data.get("basics") or {}).get("territory") or "")
    by_name = {fold(str(row.get("activity") or "")): row for row in calendar}
    monitored = one.data.get("monitoring_plan") or {}
    found: dict[str, Planned] = {}
    for row in monitored.get("rows") or ():
        timed = by_name.get(fold(str(row.get("activity") or "")))
        key = _key(year, timed["id"]) if timed else _key(year, row["id"], "monitoring")
        activity = found.setdefault(key, Planned(key, _of_task(whole, year, row, timed, place)))
        activity.indicators += indicators(str(row.get("indicators") or ""))
    for row in calendar:
        key = _key(year, row["id"])
        if key not in found:
            found[key] = Planned(key, _of_task(whole, year, row, row, place))
    # An activity with more than one task stands under its first; tasks keep their order.
    tasks = list(dict.fromkeys(one.values["task"] for one in found.values()))
    return sorted(found.values(), key=lambda one: tasks.index(one.values["task"]))


def _of_task(whole: Whole, year: int, row: Row, timed: Row | None, place: str) -> dict[str, Any]:
    running = [f"{day:%Y-%m}" for day in whole.months(year)]
    marked = (timed or {}).get("months") or ()
    chosen = [running[n - 1] for n in marked if 0 < n <= len(running)]
    return {
        "section": Section.TASK,
        "task": str(row.get("task") or ""),
        "text": str(row.get("activity") or ""),
        "place": place,
        "months": chosen,
        "term": months.said(chosen, whole.application.language, of=running),
    }


def _final_presentation(language: str) -> str:
    """The contract's own words for it: the title of its table in annex 3."""
    title = form("GRANT-K3", "2024").section("monitoring_plan").table("final_presentation").title
    return title.say(language)


def _information(one: Written) -> Iterator[Planned]:
    """The media coverage of annex 4; the count is the indicator's planned value (GR-X-20)."""
    for row in one.data.get("media_coverage") or ():
        product, count = str(row.get("product") or ""), row.get("count")
        yield Planned(
            _key(one.part.year, row["id"], "media"),
            {
                "section": Section.INFORMATION,
                "text": product,
                "channel": str(row.get("channels") or ""),
                "term": str(row.get("frequency") or "")[:500],
            },
            [_indicator(product, "" if count is None else str(count))],
        )


def indicators(text: str) -> list[dict[str, Any]]:
    """Indicators as an application writes them, each with its planned value."""
    return [_indicator(name, value) for name, value in planned.written(text)]


def _indicator(text: str, value: str) -> dict[str, Any]:
    read_value = planned.read(value)
    return {
        "text": text,
        "planned": value,
        "reading": read_value.reading,
        "minimum": read_value.minimum,
        "second": read_value.second,
    }


# --- Block IV ------------------------------------------------------------------------------------


def _social_effect(whole: Whole, team: Iterable[Row]) -> dict[str, int | None]:
    """Proposals where the application has the numbers; the others are for the parties to state."""
    groups = [
        row for one in whole.of(CONTENT) for row in one.data.get("target_groups_detail") or ()
    ]
    counts = [row["count"] for row in groups if isinstance(row.get("count"), int)]
    tables = [row["table"] for row in team]
    return {
        "direct_beneficiaries": sum(counts) if counts else None,
        "indirect_beneficiaries": None,
        "employees": tables.count(TeamMember.Table.STAFF),
        "specialists": tables.count(TeamMember.Table.CIVIL_LAW),
        "ngos_covered": None,
        "partners": len({str(row.get("partner") or "") for row in whole.partners}),
    }


# --- The estimate --------------------------------------------------------------------------------


def _budget(whole: Whole) -> Iterator[Line]:
    amounts = whole.application.lot.topic.amounts.all()
    only = next((one.year for one in amounts), whole.application.competition.version.plan.year)
    for one, estimate in whole.estimates:
        year = one.part.year
        for line in estimate.lines:
            yield Line(
                _key(year, line.activity) if line.activity else "",
                {
                    "key": _key(year, line.id),
                    "year": year or only,
                    "category": line.row,
                    "item": line.item,
                    "unit": str(line.data.get("unit") or ""),
                    "quantity": values.quantity(line.data.get("quantity")) or Decimal(0),
                    "unit_cost_tiyn": line.typed("unit_cost") or 0,
                    "own_tiyn": line.sums.own_contribution,
                    "other_tiyn": line.sums.other_cofinancing,
                    "grant_tiyn": line.sums.grant,
                },
            )


def _key(year: int, row: str, table: str = "") -> str:
    """A row's identity; those of a project of two years have their year before it, since the
    second year's forms may have been copied from the first. Rows of different tables may have the
    same identity: `table` keeps them apart; the calendar plan, to which costs refer, needs none.
    """
    return (f"{year}{row}" if year else row) + table

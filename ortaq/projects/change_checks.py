"""What stands against a change: judged on the plan as it would be, all problems at once.

The sources set neither forms nor terms of changes (GR-I-16): what is asked here keeps what the contract itself had to have.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from functools import cached_property
from typing import Any

from django.db.models import Max
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from ortaq import law
from ortaq.core import clock
from ortaq.core.procedure import Attempt
from ortaq.law import grants as rules
from ortaq.law.findings import Finding, Severity

from . import changing, completeness, months
from .changing import Row
from .models import (
    Activity,
    Change,
    Contract,
    Event,
    Expense,
    Indicator,
    Project,
    Proof,
    TeamMember,
)
from .queries.money import by_line

Content = Mapping[str, Any]
WANTED_ROLES = {
    TeamMember.Role.HEAD: _("No first head would be left in the team."),
    TeamMember.Role.ACCOUNTANT: _("No accountant would be left in the team."),
    TeamMember.Role.PR: _("No public relations specialist would be left in the team."),
}


@dataclass(frozen=True)
class Case:
    """A change with the plan as it is and as it would be."""

    change: Change
    rows: Sequence[Row]

    @property
    def project(self) -> Project:
        return self.change.project

    @property
    def contract(self) -> Contract:
        return self.change.project.contract

    @cached_property
    def plan(self) -> changing.Plan:
        return changing.Plan(self.contract)

    @cached_property
    def now(self) -> Content:
        return changing.present(self.contract)

    @cached_property
    def after(self) -> Content:
        return changing.replayed(self.now, self.rows)

    def of(self, model: str, field: str = "") -> list[Row]:
        """The rows about records of `model`, or about one of their fields."""
        return [
            row for row in self.rows if row.model == model and (not field or row.field == field)
        ]

    def error(self, code: str, message: Any, cite: str = "GR-I-16", about: str = "", **numbers: Any) -> Finding:  # fmt: skip
        return self.finding(code, Severity.ERROR, message, cite, about, **numbers)

    def warning(self, code: str, message: Any, cite: str = "GR-I-11", **numbers: Any) -> Finding:
        return self.finding(code, Severity.WARNING, message, cite, "", **numbers)

    def finding(
        self, code: str, severity: Severity, message: Any, cite: str, about: str, **numbers: Any
    ) -> Finding:
        # Social orders know changes only as a section of the interim report (IM-046).
        grant = self.contract.instrument == Contract.Instrument.GRANT
        place = completeness.cite(
            self.contract, cite if grant else "guide, SO annex 3, section 4", inferred=True
        )
        return Finding(code, severity, message, place, numbers, about)


def complete(change: Change, attempt: Attempt) -> Iterable[Finding]:
    """Something changes, and it is said why and to what effect (IM-041)."""
    case = Case(change, changing.rows_of(change))
    if not change.rows:
        yield case.error("nothing_changes", _("The request changes nothing: state what is to be different."), about="rows")  # fmt: skip
    if not change.reason.strip():
        yield case.error("no_reason", _("State the reason of the change."), about="reason")
    if not change.effect.strip():
        yield case.error(
            "no_effect",
            _("State the effect on tasks, indicators and money; if there is none, say so."),
            about="effect",
        )


def fits(change: Change, attempt: Attempt) -> Iterable[Finding]:
    """Everything that the plan as it would be has against it; nothing else is asked of rows that somebody overtook."""
    case = Case(change, changing.rows_of(change))
    overtaken = list(still_holds(case))
    yield from overtaken
    if not overtaken:
        for check in CHECKS:
            yield from check(case)


def still_holds(case: Case) -> Iterator[Finding]:
    """What the request starts from is still so: no other change came first."""
    for row in case.plan.overtaken(case.rows):
        other = last_to_touch(case.project, row)
        message = _(
            "“{what}” was changed meanwhile by request No. {number}. Return this request: drawn up anew, it starts from the present plan."
        )
        if other is None:
            message = _(
                "“{what}” is not as it was when this was drawn up. Draw the request up anew: it then starts from the present plan."
            )
        yield case.error(
            "changed_since",
            format_lazy(
                message,
                what=row.about or str(completeness.GENERAL.get(row.field.partition(".")[2], "")) or row.field,
                number=other.number if other else 0,
            ),
            number=other.number if other else 0,
            field=row.field,
        )  # fmt: skip


def last_to_touch(project: Project, row: Row) -> Change | None:
    """The last approved change of the same record."""
    found = (
        change
        for change in reversed(changing.approved(project))
        if any(one.name == row.name for one in changing.rows_of(change))
    )
    return next(found, None)


# --- Money -----------------------------------------------------------------------------------------


def money_stays(case: Case) -> Iterator[Finding]:
    """The sum of the contract is kept, no line falls below what is spent of it, each line adds up (GR-K-06..08)."""
    if not case.of(changing.LINE):
        return
    annex = "413-rules via announcement 2020 annex 5"
    before, after = (
        sum(line["grant_tiyn"] for line in c["budget"]) for c in (case.now, case.after)
    )
    if before != after:
        yield case.error(
            "total_changed",
            _("The grant funds of the estimate would not be the sum of the contract any more."),
            annex,
            "rows",
            before_tiyn=before,
            after_tiyn=after,
        )
    spent = {one.line.key: one.money.grant.spent for one in by_line(case.project)}
    touched = {row.key for row in case.of(changing.LINE)}
    for line in (one for one in case.after["budget"] if one["key"] in touched):
        if line["grant_tiyn"] < spent.get(line["key"], 0):
            yield case.error(
                "line_below_spent",
                format_lazy(
                    _("More is spent already on “{line}” than would be left for it."),
                    line=line["item"],
                ),
                annex,
                "rows",
                planned_tiyn=line["grant_tiyn"],
                spent_tiyn=spent[line["key"]],
            )
        sources = line["own_tiyn"] + line["other_tiyn"] + line["grant_tiyn"]
        if Fraction(line["quantity"]) * line["unit_cost_tiyn"] != sources:
            yield case.error(
                "line_differs",
                format_lazy(
                    _(
                        "In “{line}” the three sources would not make the total, quantity times unit cost."
                    ),
                    line=line["item"],
                ),
                annex,
                "rows",
            )
    yield from _material(case)


def _material(case: Case) -> Iterator[Finding]:
    """Material and technical support stays within its share (GR-K-06); social orders have none."""
    if case.contract.instrument != Contract.Instrument.GRANT:
        return
    lines = case.after["budget"]
    yield rules.material_support(
        law.edition(case.contract.act, case.contract.edition),
        grant_tiyn=case.contract.sum_tiyn,
        project_tiyn=sum(ln["own_tiyn"] + ln["other_tiyn"] + ln["grant_tiyn"] for ln in lines),
        material_tiyn=sum(
            ln["grant_tiyn"] for ln in lines if ln["category"].startswith("material_support")
        ),
    )


# --- Terms -----------------------------------------------------------------------------------------


def terms_ahead(case: Case) -> Iterator[Finding]:
    """A change speaks of what is ahead: no month that is over becomes a term, nothing recorded falls out of the project."""
    month = f"{clock.today():%Y-%m}"
    for row in case.rows:
        added = row.after["months"] if row.begins and row.model == changing.ACTIVITY else ()
        if row.field == "months":
            added = set(row.after) - set(row.before or ())
        if past := sorted(one for one in added if one < month):
            yield case.error(
                "term_in_the_past",
                _("A new term cannot lie in months that are over."),
                about="months",
                months=past,
            )
    for row in case.of(changing.CONTRACT, "ends_on"):
        yield from _end(case, date.fromisoformat(row.after))
    yield from _outside(case)


def _end(case: Case, ends: date) -> Iterator[Finding]:
    contract = case.contract
    if contract.starts_on and ends < contract.starts_on:
        yield case.error("ends_before_it_begins", _("The last day comes before the first one."), about="ends_on")  # fmt: skip
    if ends < clock.today():
        yield case.error(
            "ends_in_the_past", _("The new last day is over already."), about="ends_on"
        )
    live = Event.objects.filter(project=case.project).exclude(state=Event.State.CANCELLED)
    last_event = live.aggregate(last=Max("starts_at"))["last"]
    spent = Expense.objects.filter(project=case.project).exclude(state=Expense.State.VOIDED)
    last = max(
        filter(None, (last_event and clock.day_of(last_event), spent.aggregate(last=Max("spent_on"))["last"])),
        default=None,
    )  # fmt: skip
    if last and ends < last:
        yield case.error(
            "ends_before_records",
            _("Events or expenses of a later day are recorded already."),
            about="ends_on",
            last=last,
        )


def _outside(case: Case) -> Iterator[Finding]:
    """Terms of activities lie within that of the contract (GR-I-11)."""
    moved = {row.key for row in case.of(changing.ACTIVITY) if row.field == "months" or row.begins}
    everything = bool(case.of(changing.CONTRACT, "ends_on"))
    term = (case.after["starts_on"], case.after["ends_on"])
    running = set(months.between(*(date.fromisoformat(d) if d else None for d in term)))
    outside = [
        one["text"]
        for one in case.after["plan"]
        if (everything or one["key"] in moved) and running and set(one["months"]) - running
    ]
    if outside:
        yield case.warning(
            "outside_the_term",
            _("Some activities would have months outside the term of the contract."),
            activities=outside,
        )


# --- Team ------------------------------------------------------------------------------------------


def team_whole(case: Case) -> Iterator[Finding]:
    """Head, accountant and public relations specialist stay in the team (GR-K-10); nobody leaves before months that are paid."""
    if not case.of(changing.TEAM):
        return
    left = {one["role"] for one in case.after["team"] if not one["until"]}
    had = {one["role"] for one in case.now["team"] if not one["until"]}
    for role, message in WANTED_ROLES.items():
        if role in had - left:
            yield case.warning("role_missing", message, "announcement 2020 §5, notes to item 5", role=str(role))  # fmt: skip
    for row in case.of(changing.TEAM, "until"):
        pay = Expense.objects.filter(project=case.project, person=case.plan.team[row.key])
        paid = pay.exclude(state=Expense.State.VOIDED).aggregate(last=Max("month"))["last"]
        if paid and row.after and paid > row.after[:7]:
            yield case.error(
                "left_before_pay",
                format_lazy(_("{who} was paid for a later month."), who=row.about),
                about="until",
                month=paid,
            )


# --- Activities and indicators -----------------------------------------------------------------------


def plan_whole(case: Case) -> Iterator[Finding]:
    """Every indicator has a number, every activity an indicator, every section an activity (GR-I-04, GR-K-11)."""
    if not (case.of(changing.ACTIVITY) or case.of(changing.INDICATOR)):
        return
    notes = "contract 2024 annex 3, block III, footnotes 1-5"
    touched = {row.key.partition("/")[0] for row in case.rows}
    for activity in (one for one in case.after["plan"] if one["key"] in touched):
        if not activity["indicators"]:
            yield case.error(
                "no_indicators",
                format_lazy(
                    _("“{activity}” would have no indicator."), activity=activity["text"][:60]
                ),
                notes,
                "indicators",
            )
    for row in case.of(changing.INDICATOR):
        if (row.field == "minimum" or row.begins) and _number(row) is None:
            yield case.error(
                "indicator_without_number",
                format_lazy(
                    _("“{indicator}” needs a planned number. Give it by hand."), indicator=row.about
                ),
                notes,
                "minimum",
            )
        if row.field == "minimum" and (row.after or 0) < (row.before or 0):
            yield case.warning(
                "promise_lowered",
                format_lazy(
                    _("“{indicator}” would promise less than was signed."), indicator=row.about
                ),
                "GR-I-14",
                before=row.before,
                after=row.after,
            )
    gone = {one["section"] for one in case.now["plan"]} - {
        one["section"] for one in case.after["plan"]
    }
    for section in sorted(gone):
        yield case.error(
            "section_missing",
            format_lazy(
                _("The plan would have nothing left under “{section}”."),
                section=Activity.Section(section).label,
            ),
            "contract 2024 annex 3, block III",
        )


def _number(row: Row) -> Any:
    return row.after["minimum"] if row.begins else row.after


def nothing_hangs_on_it(case: Case) -> Iterator[Finding]:
    """What has records is not dropped: the past stays."""
    for row in case.rows:
        if row.ends and row.model == changing.INDICATOR:
            indicator: Indicator = case.plan.indicators[row.key]
            if Proof.objects.filter(indicator=indicator).exists():
                yield case.error(
                    "indicator_has_proofs",
                    format_lazy(_("“{indicator}” has proofs already, so it stays in the plan."), indicator=row.about),
                )  # fmt: skip
        elif row.ends and row.model == changing.ACTIVITY:
            activity: Activity = case.plan.activities[row.key]
            held: list[Callable[[], bool]] = [
                activity.events.exists,
                activity.expenses.exists,
                activity.evidence.exists,
                activity.consultations.exists,
                activity.budget_lines.exists,
            ]
            if any(there() for there in held):
                yield case.error(
                    "activity_has_records",
                    format_lazy(
                        _(
                            "Events, expenses, evidence or lines of the estimate belong to “{activity}”, so it stays in the plan. Change its content or term instead."
                        ),
                        activity=row.about,
                    ),
                )


CHECKS: tuple[Callable[[Case], Iterator[Finding]], ...] = (
    money_stays,
    terms_ahead,
    team_whole,
    plan_whole,
    nothing_hangs_on_it,
)

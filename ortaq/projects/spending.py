"""What can be said against an expense before it is recorded: errors stop it, warnings want a reason.

The sources do not say what follows an expense outside the line, the term or the plan, so these warn and stay visible to the body,
which admits or does not (GR-I-16). Only what cannot be is an error.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from django.db.models import Q, Sum
from django.utils.functional import lazy
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from ortaq import law
from ortaq.core import clock, money
from ortaq.faces import say
from ortaq.law import grants as rules
from ortaq.law.findings import Citation, Finding, Severity

from .models import BudgetLine, Contract, Expense, Project, WorkingEstimate
from .payroll import in_team

ERROR, WARNING, NOTICE = Severity.ERROR, Severity.WARNING, Severity.NOTICE
MATERIAL_SUPPORT = "material_support_lines"
SOURCES = {
    Expense.Source.GRANT: "grant_tiyn",
    Expense.Source.OWN: "own_tiyn",
    Expense.Source.OTHER: "other_tiyn",
}
# Where each rule stands in the sources of either instrument.
PLACES = {
    Contract.Instrument.GRANT: {
        "line": "413-rules via announcement 2020 annex 5",
        "term": "contract 2024 annex 3, block I",
        "plan": "413-rules via announcement 2020 annex 5, note",
        "holding": "guide, comparison table",
        "document": "guide, comparison table",
    },
    Contract.Instrument.SOCIAL_ORDER: {
        "line": "guide, SO vs grants table",
        "term": "guide, SO vs grants table",
        "plan": "guide, SO vs grants table",
        "holding": "guide, general requirements",
        "document": "guide, SO annex 6",
    },
}
shown = lazy(money.show, str)
day_of = lazy(say.day, str)


def clause(contract: Contract, rule: str, *, inferred: bool = True) -> Citation:
    """Where `rule` of `PLACES` stands for this contract."""
    place = PLACES[Contract.Instrument(contract.instrument)][rule]
    return law.edition(contract.act, contract.edition).cite(place, inferred=inferred)


def live() -> Q:
    """Expenses that count: all but the voided ones."""
    return ~Q(state=Expense.State.VOIDED)


def estimate_agreed(project: Project) -> bool:
    """There are lines to spend on: those of the contract, or an agreed working estimate; at most two queries."""
    working = WorkingEstimate.objects.filter(project=project).values_list("state", flat=True)
    state = working.first()
    if state is not None:
        return state == WorkingEstimate.State.AGREED
    return BudgetLine.objects.filter(contract=project.contract_id).exists()


def against(project: Project, expense: Expense) -> list[Finding]:
    """All findings about an expense that is not recorded yet, in a fixed number of queries. What is not typed yet is
    left out, so that a page can ask while somebody types.
    """
    found = [*_cannot_be(project, expense)]
    if expense.line_id and expense.sum_tiyn:
        found += [*_line(project, expense), *_material_support(project, expense)]
    found += [*_term(project, expense), *_plan(project, expense), *_document(project, expense)]
    return found


def _cannot_be(project: Project, expense: Expense) -> Iterator[Finding]:
    contract = project.contract
    if not estimate_agreed(project):
        yield Finding(
            "no_estimate",
            ERROR,
            _("There is no agreed estimate yet: every expense belongs to one of its lines."),
            clause(contract, "line"),
            about="line",
        )
    if expense.line_id and expense.line.contract_id != project.contract_id:
        yield Finding("foreign_line", ERROR, _("This line belongs to another project."),
                      clause(contract, "line"), about="line")  # fmt: skip
    day: date | None = expense.spent_on  # none while somebody types
    if day and day > clock.today():
        yield Finding(
            "in_future",
            ERROR,
            _("The document has a date in the future. Record it when the money is spent."),
            clause(contract, "document"),
            {"spent_on": day},
            "spent_on",
        )


def _line(project: Project, expense: Expense) -> Iterator[Finding]:
    """The line's rest of the contract's money, and that money as a whole. More of one's own than planned harms nobody."""
    contract = project.contract
    if expense.source != Expense.Source.GRANT:
        return
    rows = Expense.objects.filter(project=project, source=Expense.Source.GRANT)
    spent = _spent(rows.filter(line=expense.line_id))
    planned: int = expense.line.grant_tiyn
    left = max(planned - spent, 0)
    if expense.sum_tiyn > left:
        yield Finding(
            "beyond_line",
            WARNING,
            format_lazy(
                _("The line has {left} left, the expense is {sum}: {over} too much."),
                left=shown(left),
                sum=shown(expense.sum_tiyn),
                over=shown(expense.sum_tiyn - left),
            ),
            clause(contract, "line"),
            {"planned_tiyn": planned, "spent_tiyn": spent, "sum_tiyn": expense.sum_tiyn},
            "sum_tiyn",
        )
    rest = contract.sum_tiyn - _spent(rows)
    if expense.sum_tiyn > rest:
        yield Finding(
            "beyond_contract",
            ERROR,
            format_lazy(
                _(
                    "Of the contract's money {rest} is left. Record what goes beyond it as own "
                    "contribution or other sources."
                ),
                rest=shown(rest),
            ),
            clause(contract, "line"),
            {"rest_tiyn": rest, "sum_tiyn": expense.sum_tiyn},
            "sum_tiyn",
        )


def _spent(rows: object) -> int:
    total = rows.filter(live()).aggregate(sum=Sum("sum_tiyn"))["sum"]  # type: ignore[attr-defined]
    return int(total or 0)


def _material_support(project: Project, expense: Expense) -> Iterator[Finding]:
    """Material and technical support: at most its share of the grant (GR-K-06)."""
    contract = project.contract
    if (
        contract.instrument != Contract.Instrument.GRANT
        or expense.source != Expense.Source.GRANT
        or expense.line.category != MATERIAL_SUPPORT
    ):
        return
    said = material_support(project, spent_on_material(project) + expense.sum_tiyn)
    if said.severity is ERROR:
        yield replace(said, severity=WARNING, about="line")


def spent_on_material(project: Project) -> int:
    """What of the grant went into material and technical support."""
    return _spent(
        Expense.objects.filter(
            project=project, source=Expense.Source.GRANT, line__category=MATERIAL_SUPPORT
        )
    )


def material_support(project: Project, material_tiyn: int) -> Finding:
    """Whether so much material support stays within its share of the grant, by the contract's edition."""
    contract = project.contract
    whole = sum(
        one.total_tiyn for one in contract.budget.all()
    )  # of all sources: which base counts, the edition says
    return rules.material_support(
        law.edition(contract.act, contract.edition),
        grant_tiyn=contract.sum_tiyn,
        project_tiyn=whole,
        material_tiyn=material_tiyn,
    )


def _term(project: Project, expense: Expense) -> Iterator[Finding]:
    """Money is spent within the term of the contract, in the year of its line (GR-I-15)."""
    contract = project.contract
    day: date | None = expense.spent_on
    if day is None:
        return
    numbers = {
        "spent_on": day,
        "starts_on": contract.starts_on,
        "ends_on": contract.ends_on,
    }
    if contract.starts_on and day < contract.starts_on:
        message = format_lazy(
            _("The document is of {day}, before the project begins ({first})."),
            day=day_of(day),
            first=day_of(contract.starts_on),
        )
        yield Finding(
            "before_the_term", WARNING, message, clause(contract, "term"), numbers, "spent_on"
        )
    if contract.ends_on and day > contract.ends_on:
        message = format_lazy(
            _("The document is of {day}, after the project ends ({last})."),
            day=day_of(day),
            last=day_of(contract.ends_on),
        )
        yield Finding(
            "after_the_term", WARNING, message, clause(contract, "term"), numbers, "spent_on"
        )
    if expense.line_id and _several_years(contract) and day.year != expense.line.year:
        message = format_lazy(
            _("The line is of {year}, the document of {other}: money is followed year by year."),
            year=expense.line.year,
            other=day.year,
        )
        yield Finding("other_year", WARNING, message, clause(contract, "line"), numbers, "line")


def _several_years(contract: Contract) -> bool:
    first, last = contract.starts_on, contract.ends_on
    return bool(first and last and first.year != last.year)


def _plan(project: Project, expense: Expense) -> Iterator[Finding]:
    """The line pays for the activity that is named (GR-K-09, IM-071); nobody else holds events (IM-026)."""
    contract = project.contract
    named = {expense.activity_id, expense.event.activity_id if expense.event else None} - {None}
    line_activity = expense.line.activity_id if expense.line_id else None
    if line_activity and named - {line_activity}:
        yield Finding(
            "other_activity",
            WARNING,
            _("The line pays for another activity than the one named here."),
            clause(contract, "plan"),
            about="line",
        )
    if expense.for_holding_event and expense.payee_is_organisation:
        yield Finding(
            "holding_handed_over",
            WARNING,
            _(
                "An organisation is paid for holding an event. Organising and holding events may not "
                "be handed to others; the body will see this mark."
            ),
            clause(contract, "holding", inferred=contract.instrument == Contract.Instrument.GRANT),
            about="for_holding_event",
        )


def _document(project: Project, expense: Expense) -> Iterator[Finding]:
    """The document once, with its copy (IM-067 d)."""
    contract = project.contract
    if expense.document_number and expense.sum_tiyn and (expense.payee_number or expense.payee):
        payee = (
            Q(payee_number=expense.payee_number)
            if expense.payee_number
            else Q(payee__iexact=expense.payee)
        )
        # The same receipt in two projects of an NGO is paid twice as well.
        twin = (
            Expense.objects.filter(
                live(),
                payee,
                project__contract__grantee=contract.grantee_id,
                document_number=expense.document_number,
                sum_tiyn=expense.sum_tiyn,
                person=expense.person_id,
                month=expense.month,
            )
            .select_related("project__contract")
            .first()
        )
        if twin:
            yield Finding(
                "same_document",
                WARNING,
                format_lazy(
                    _(
                        "The same document of the same payee with the same sum is recorded already: "
                        "expense {number} of the project under contract {contract}."
                    ),
                    number=twin.number,
                    contract=twin.project.contract.number,
                ),
                clause(contract, "document"),
                {"number": twin.number},
                "document_number",
            )
    if expense.person and expense.month and not in_team(expense.person, expense.month):
        since, until = expense.person.since, expense.person.until
        if until and f"{until:%Y-%m}" < expense.month:
            message = format_lazy(
                _("{person} was in the team until {day}: the pay is of a later month."),
                person=expense.payee, day=day_of(until),
            )  # fmt: skip
        else:
            message = format_lazy(
                _("{person} is in the team from {day}: the pay is of an earlier month."),
                person=expense.payee, day=day_of(since),
            )  # fmt: skip
        numbers = {"since": since, "until": until}
        yield Finding("not_in_team", WARNING, message, clause(contract, "document"), numbers, "month")  # fmt: skip
    if expense.person_id and expense.month and expense.line_id:
        same = Expense.objects.filter(
            live(),
            project=project,
            person=expense.person_id,
            month=expense.month,
            line=expense.line_id,
        )
        if same.exists():
            message = format_lazy(
                _("{person} has pay of this month on this line already."), person=expense.payee
            )
            yield Finding(
                "paid_already", WARNING, message, clause(contract, "document"), {}, "month"
            )
    if expense.payee and not expense.payee_number and expense.payee_is_organisation:
        message = _("The BIN of the payee is missing.")
        yield Finding("no_payee_number", NOTICE, message, clause(contract, "document"), {}, "payee_number")  # fmt: skip
    if expense.sum_tiyn and not expense.scan_id:
        message = _("No copy of the document is attached; the final report needs it.")
        yield Finding("no_scan", NOTICE, message, clause(contract, "document"), {}, "scan")

"""What `ortaq check` asks of this room: money that follows from money, kept figures from their rows, reports as they were frozen."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import F, Q, QuerySet, Sum

from ortaq.core import audit
from ortaq.core.audit import Fault, Faults, Machine
from ortaq.core.keys import key_of

from . import tally
from .models import BudgetLine, Contract, Expense, Project, Report, Submission, Tranche

State = Expense.State
MACHINES = (
    # A contract that was concluded elsewhere is taken over as it is.
    Machine(Contract, without_journal=lambda one: one.source.startswith(Contract.ELSEWHERE)),
    # Drafts in which nobody has written go with the schedule that knows them no more.
    Machine(Report, may_go=True),
)
RECOUNT = "Anything that changes the project counts it anew; nothing else is to be done if it does not come back."


def faults(*, quick: bool = False) -> Faults:
    """Every row of this room that contradicts another."""
    yield from money()
    for drift in tally.drifts(quick=quick):
        yield Fault(
            drift.key, f"{drift.figure}: kept {drift.kept}, counted {drift.counted}", RECOUNT
        )
    yield from _contracts(quick=quick)
    yield from audit.frozen(Submission.objects.all(), digest="content_sha256", quick=quick)
    yield from audit.frozen(
        Project.objects.all(), content="baseline", digest="baseline_sha256", quick=quick
    )


def _contracts(*, quick: bool) -> Faults:
    """The lines of the estimate of a signed contract of a grant make its sum (GR-K-07)."""
    signed = Contract.objects.filter(
        state=Contract.State.SIGNED, instrument=Contract.Instrument.GRANT
    ).only("pk", "sum_tiyn")
    for some in audit.pieces(signed, quick=quick):
        lines = BudgetLine.objects.filter(contract__in=some).order_by()
        sums = dict(
            lines.values("contract").annotate(sum=Sum("grant_tiyn")).values_list("contract", "sum")
        )
        for one in some:
            if one.pk in sums and sums[one.pk] != one.sum_tiyn:
                yield Fault(
                    key_of(one),
                    f"its sum is {one.sum_tiyn}, the lines of its estimate make {sums[one.pk]}",
                )


def money() -> Faults:
    """Every row of money that contradicts another; five queries."""
    for line in _money():
        subject, _colon, what = line.partition(": ")
        yield Fault(subject, what)


def _money() -> Iterator[str]:
    decided = {
        State.RECORDED: Q(admitted_tiyn=None),
        State.ADMITTED: Q(admitted_tiyn=F("sum_tiyn")),
        State.PARTLY: Q(admitted_tiyn__gt=0, admitted_tiyn__lt=F("sum_tiyn")),
        State.REFUSED: Q(admitted_tiyn=0),
        State.VOIDED: Q(admitted_tiyn=None),
    }
    fits = Q(pk__in=())
    for state, admitted in decided.items():
        fits |= Q(state=state) & admitted
    yield from _expenses(
        Expense.objects.exclude(fits), "the admitted sum does not go with the state"
    )
    yield from _expenses(
        Expense.objects.exclude(line__contract=F("project__contract")),
        "its line belongs to another contract",
    )
    yield from _expenses(
        Expense.objects.exclude(person=None).exclude(person__contract=F("project__contract")),
        "its person belongs to another team",
    )
    for tranche in (
        Tranche.objects.values("project")
        .annotate(planned=Sum("planned_tiyn"), paid=Sum("paid_tiyn"))
        .filter(Q(paid__gt=F("project__contract__sum_tiyn")))
        .order_by("project")
        .iterator()
    ):
        yield f"projects.project:{tranche['project']}: more is paid than the contract's sum"
    for pk in (
        Project.objects.filter(spent_tiyn__gt=F("contract__sum_tiyn"))
        .order_by("pk")
        .values_list("pk", flat=True)
        .iterator()
    ):
        yield f"projects.project:{pk}: more of the contract's money is spent than there is"


def _expenses(rows: QuerySet[Expense], why: str) -> Iterator[str]:
    for project, number in (
        rows.order_by("project", "number").values_list("project", "number").iterator()
    ):
        yield f"projects.project:{project} expense {number}: {why}"

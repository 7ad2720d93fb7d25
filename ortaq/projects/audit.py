"""What `ortaq check` asks of money every night: sums that must follow from one another, row by row."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import F, Q, QuerySet, Sum

from .models import Expense, Project, Tranche

State = Expense.State


def faults() -> Iterator[str]:
    """Every row of money that contradicts another, in words for whoever keeps the server; five queries."""
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

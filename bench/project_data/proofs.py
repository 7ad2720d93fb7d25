"""What was spent and what proves the indicators."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from bench import bulk
from ortaq.core import clock
from ortaq.projects.models import Evidence, Expense, Proof, Tranche

from .shape import (
    ACTIVITIES,
    BEFORE,
    INDICATORS,
    LINES,
    PLANNED,
    SPENT,
    SUM,
    Row,
    first,
    once,
    shape,
)


def money(projects: int) -> None:
    """The advance, and expenses on every line, half of them admitted."""
    today = clock.today()
    paid, rest = SUM * 4 // 10, SUM - SUM * 4 // 10
    bulk.load(
        Tranche(),
        ("project_id", "number", "is_advance", "planned_tiyn", "paid_on", "paid_tiyn"),
        (
            row
            for n in range(projects)
            for row in ((n + 1, 1, True, paid, today, paid), (n + 1, 2, False, rest, None, None))
        ),
    )
    pattern = Expense(
        document=Expense.Document.INVOICE,
        document_number="15",
        payee="«Үлгі» ЖШС",
        what_for="Баннер мен тарату материалдары",
        added_at=clock.now(),
    )

    def rows() -> Iterator[Row]:
        for n in range(projects):
            count = shape(n).expenses
            each = SPENT // count
            for k in range(count):
                admitted = k % 2 == 0
                yield (
                    n + 1,
                    once(n, k),
                    k + 1,
                    n * LINES + k % LINES + 1,
                    first(n, "events") + k % shape(n).events if k % 2 else None,
                    today - timedelta(days=k * BEFORE // count),
                    each,
                    "admitted" if admitted else "recorded",
                    each if admitted else None,
                )

    names = (
        "project_id",
        "once",
        "number",
        "line_id",
        "event_id",
        "spent_on",
        "sum_tiyn",
        "state",
        "admitted_tiyn",
    )
    bulk.load(pattern, names, rows())


def evidence(projects: int) -> None:
    """Links, each proving half of an indicator; every second is accepted."""
    pattern = Evidence(
        kind=Evidence.Kind.PUBLICATION,
        title="Семинар туралы мақала",
        medium="Арқа ажары",
        media=Evidence.Media.REGIONAL,
        link="https://example.kz/2026/seminar",
        day=clock.today(),
        added_at=clock.now(),
    )

    def rows() -> Iterator[Row]:
        key = 0
        for n in range(projects):
            of = shape(n)
            for k in range(of.evidence):
                key += 1
                event = first(n, "events") + k % of.events
                state = "accepted" if k % 2 == 0 else "attached"
                yield key, n + 1, once(n, k), k + 1, event, state

    def proofs() -> Iterator[Row]:
        key, indicators = 0, ACTIVITIES * INDICATORS
        for n in range(projects):
            for k in range(shape(n).evidence):
                key += 1
                yield key, n * indicators + k % indicators + 1, PLANNED // 2

    bulk.load(pattern, ("id", "project_id", "once", "number", "event_id", "state"), rows())
    bulk.load(Proof(), ("evidence_id", "indicator_id", "amount"), proofs())

"""What another room must say before a step of a project may be taken.

    gates.register(evaluation_published)     in the `ready` of `oversight`

The customer signs the act of services only after the report on the evaluation of the project is posted on the portal (SO-E-21). Rooms
above this one hold evaluations; until one of them registers, nobody can say that it is posted, and the act waits.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.utils.translation import gettext_lazy as _

from ortaq.law import citing
from ortaq.law.findings import Finding, Severity

from .models import Project

Gate = Callable[[Project], Finding | None]
CLAUSE = "rules_social_order/2022 №18-2022 ¶14, ¶20"
_gates: list[Gate] = []


def register(gate: Gate) -> None:
    """Let `gate` say whether the evaluation report of a project is posted: None when it is, else a finding that says what is lacking."""
    _gates[:] = [gate]


@contextmanager
def registered(gate: Gate | None) -> Iterator[None]:
    """For tests: inside the block this gate answers, or (None) no room has registered one."""
    kept, _gates[:] = list(_gates), [gate] if gate else []
    try:
        yield
    finally:
        _gates[:] = kept


def evaluation(project: Project) -> list[Finding]:
    """What stands between the act of services and the customer's signature; empty when the evaluation report is posted."""
    if not _gates:
        return [not_there()]
    found = _gates[0](project)
    return [found] if found else []


def not_there() -> Finding:
    """That nothing here can tell whether the evaluation report is posted."""
    return Finding(
        "evaluation_not_there",
        Severity.ERROR,
        _(
            "The customer signs the act only after the report on the evaluation of the project is posted. "
            "This installation does not hold evaluations yet, so the act waits."
        ),
        citing.read(CLAUSE),
    )

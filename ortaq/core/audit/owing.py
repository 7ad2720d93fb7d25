"""Open duties are those that the procedures state."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from django.apps import apps

from ortaq.core.keys import key_of
from ortaq.core.models import Duty
from ortaq.core.procedure import Procedure

from .states import Machine
from .told import TELL, Fault, Faults, pieces


def owed(
    procedures: Sequence[Procedure[Any]], machine: Machine | None = None, *, quick: bool = False
) -> Faults:
    """Subjects whose open duties are not those that one of their procedures states now.

    A subject with several procedures has the duties of the one whose step was the last.
    """
    stating = [one for one in procedures if one.owed]
    if not stating:
        return
    model, column = procedures[0].model, procedures[0].state_field
    rows = model._default_manager.all()
    if machine is not None and machine.related:
        rows = rows.select_related(*machine.related)
    for some in pieces(rows, quick=quick):
        open_now: dict[str, set[tuple[str, str]]] = defaultdict(set)
        known = Duty.objects.filter(subject__in=[key_of(row) for row in some], done_at=None)
        for subject, code, bearer in known.values_list("subject", "code", "bearer"):
            open_now[subject].add((code, bearer))
        for row in some:
            have, key = open_now[key_of(row)], key_of(row)
            stated = [{(o.code, o.bearer) for o in one.owed(row)} for one in stating if one.owed]
            if have in stated:
                continue
            wanted = min(stated, key=lambda one: len(one ^ have))
            for code, bearer in sorted(wanted - have):
                yield Fault(
                    key,
                    f"nobody is reminded of “{code}” ({bearer} at “{getattr(row, column)}”)",
                    TELL,
                )
            for code, bearer in sorted(have - wanted):
                yield Fault(
                    key, f"“{code}” is still asked of {bearer} at “{getattr(row, column)}”", TELL
                )


def loose_duties(*, quick: bool = False) -> Faults:
    """Open duties of subjects that are gone."""
    for some in pieces(
        Duty.objects.filter(done_at=None).only("pk", "subject", "code"), quick=quick
    ):
        keys: dict[str, set[str]] = defaultdict(set)
        for duty in some:
            label, _colon, pk = duty.subject.partition(":")
            keys[label].add(pk)
        there: set[str] = set()
        for label, pks in keys.items():
            try:
                model = apps.get_model(label)
            except (LookupError, ValueError):
                continue
            found = model._default_manager.filter(pk__in=pks).values_list("pk", flat=True)
            there |= {f"{label}:{pk}" for pk in found}
        for duty in some:
            if duty.subject not in there:
                yield Fault(
                    duty.subject, f"“{duty.code}” is asked for, and what it is about is gone", TELL
                )

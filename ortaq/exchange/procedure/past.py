"""Public money of past years: taken with its table, and taken back row by row.

past award   public → withdrawn
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

from ortaq.core import journal
from ortaq.core.keys import key_of
from ortaq.core.procedure import Attempt, Procedure, Step
from ortaq.exchange.importing import past
from ortaq.exchange.models import PastAward
from ortaq.exchange.policy import withdraws_past_award
from ortaq.registry.importing.progress import Progress, parts, portions, silent
from ortaq.registry.models import TableImport
from ortaq.registry.procedure.shared import reasoned

State = PastAward.State
WRITTEN_AT_ONCE, CHANGED_AT_ONCE = 1000, 300


def take(
    imported: TableImport,
    changes: Sequence[past.Change],
    attempt: Attempt,
    progress: Progress = silent,
) -> None:
    """Write the awards of a table that is being taken."""
    new = [one for one in changes if one.award is None]
    known = [one for one in changes if one.award is not None]
    making, changing, noting = parts(progress, len(changes), 3)
    made: list[PastAward] = []
    for some in portions(new, WRITTEN_AT_ONCE, making):
        made += PastAward.objects.bulk_create(
            PastAward(
                identity=one.line.identity,
                instrument=one.line.instrument,
                body_bin=one.line.body_bin,
                ngo_bin=one.line.ngo_bin,
                source=imported,
                taken_at=attempt.now,
                **_values(one.line.values),
            )
            for one in some
        )
    rows = []
    for one in known:
        assert one.award is not None
        told = _values({name: told for name, (_stands, told) in one.fields.items()})
        for name, value in told.items():
            setattr(one.award, name, value)
        one.award.source, one.award.taken_at = imported, attempt.now
        rows.append(one.award)
    fields = [*past.FIELDS, "source", "taken_at"]
    for awards in portions(rows, CHANGED_AT_ONCE, changing):
        PastAward.objects.bulk_update(awards, fields)
    facts = {"source": key_of(imported)}
    for awards in portions([*made, *rows], WRITTEN_AT_ONCE, noting):
        journal.append_many(
            ((row, facts) for row in awards),
            "imported",
            actor=attempt.actor.key,
            behalf=attempt.actor.behalf,
            at=attempt.now,
        )


def _values(told: Mapping[str, Any]) -> dict[str, Any]:
    values = dict(told)
    if day := values.get("concluded_on"):
        values["concluded_on"] = date.fromisoformat(day)
    return values


def _withdrawn(award: PastAward, attempt: Attempt) -> Mapping[str, Any]:
    # Prose that may name people: the row keeps it, the journal does not.
    award.reason = str(attempt.facts["reason"]).strip()
    award.save(update_fields=["reason"])
    return {}


PAST: Procedure[PastAward] = Procedure(
    PastAward,
    (
        Step(
            "withdraw",
            _("Withdraw the row"),
            source=State.PUBLIC,
            target=State.WITHDRAWN,
            by=withdraws_past_award,
            requires=(reasoned,),
            effect=_withdrawn,
            final=True,
        ),
    ),
)

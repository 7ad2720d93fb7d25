"""What a migration may do so that two releases work side by side over one database while hosts are changed one by one.

Expand first, contract a release later:

    expand     new tables, columns that may be empty or that the database itself fills (`db_default`), indexes, longer texts.
               The release before knows nothing of them and goes on writing.
    move       the new release writes both; a step or a command fills what is old.
    contract   what no running release reads or writes any more is dropped: in the release after, and it is named in
               `releases.toml` with the reason, so that somebody has thought of it.

`faults` finds what breaks the release before: it would read or write a column that is gone or renamed, or could not insert a
row any more because the database asks for something of which it knows nothing.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.db import models
from django.db.migrations import operations as ops
from django.db.migrations.graph import MigrationGraph
from django.db.migrations.state import ProjectState
from django.db.models import NOT_PROVIDED

PLACE = Path(__file__).with_name("releases.toml")


@dataclass(frozen=True, slots=True)
class Release:
    """The release before this one: the last migration of each app, and what may break it because nobody rolls from it."""

    name: str
    leaves: Mapping[str, str]
    allowed: Mapping[str, str]


def previous() -> Release:
    """What `releases.toml` says."""
    said = tomllib.loads(PLACE.read_text(encoding="utf-8"))
    return Release(said["previous"], said["leaves"], said.get("allowed", {}))


def since(graph: MigrationGraph, release: Release) -> list[tuple[str, str]]:
    """The migrations of our own apps that the release does not have, in an order in which they can run."""
    known = {
        node for app, name in release.leaves.items() for node in graph.forwards_plan((app, name))
    }
    plan: list[tuple[str, str]] = []
    for leaf in graph.leaf_nodes():
        plan += [node for node in graph.forwards_plan(leaf) if node not in plan]
    return [
        node
        for node in plan
        if node not in known and graph.nodes[node].__module__.startswith("ortaq.")
    ]


def faults(
    operations: Sequence[Any], app: str, state: ProjectState, old: ProjectState
) -> Iterator[str]:
    """Which of these operations break the release before, one sentence each. `state` is what stands before them and is
    moved on; `old` is what the release before knows.
    """
    for operation in operations:
        yield from _faults(operation, app, state, old)
        operation.state_forwards(app, state)


def _faults(operation: Any, app: str, state: ProjectState, old: ProjectState) -> Iterator[str]:
    if isinstance(operation, ops.SeparateDatabaseAndState):
        yield from faults(operation.database_operations, app, state.clone(), old)
        return
    if isinstance(
        operation, ops.CreateModel | ops.AddIndex | ops.RemoveIndex | ops.RemoveConstraint
    ):
        return  # of a table that it does not know, or of no rows
    if isinstance(operation, ops.DeleteModel | ops.RenameModel):
        name = getattr(operation, "old_name", None) or operation.name
        if (app, name.lower()) in old.models:
            yield f"{app}.{name}: its table is gone for the release before"
        return
    model = str(getattr(operation, "model_name", "") or getattr(operation, "name", "")).lower()
    if not model or (app, model) not in old.models:
        return
    known = old.models[app, model].fields
    if isinstance(operation, ops.AlterModelTable | ops.AlterOrderWithRespectTo):
        yield f"{app}.{model}: the release before looks for another table"
    elif isinstance(operation, ops.RemoveField) and operation.name in known:
        yield f"{app}.{model}.{operation.name}: the release before reads this column"
    elif isinstance(operation, ops.RenameField) and operation.old_name in known:
        yield f"{app}.{model}.{operation.old_name}: the release before knows it by this name"
    elif isinstance(operation, ops.AddField) and not _fills_itself(operation.field):
        yield (
            f"{app}.{model}.{operation.name}: the release before inserts rows without it; "
            "let it be empty (null=True) or filled by the database (db_default)"
        )
    elif isinstance(operation, ops.AlterField) and operation.name in known:
        was = state.models[app, model].fields[operation.name]
        yield from (
            f"{app}.{model}.{operation.name}: {why}" for why in _narrowed(was, operation.field)
        )
    elif isinstance(operation, ops.AddConstraint):
        yield (
            f"{app}.{model}: the release before may write rows that “{operation.constraint.name}” refuses"
        )


def _fills_itself(field: Any) -> bool:
    if isinstance(field, models.ManyToManyField):
        return True
    return bool(field.null or field.db_default is not NOT_PROVIDED or field.generated)


def _narrowed(was: Any, now: Any) -> Iterator[str]:
    if was.null and not now.null and now.db_default is NOT_PROVIDED:
        yield "the release before leaves it empty"
    if now.unique and not was.unique:
        yield "the release before may write a value twice"
    if (was.max_length or 0) > (now.max_length or was.max_length or 0):
        yield "the release before writes longer texts"
    if was.get_internal_type() != now.get_internal_type() and not _wider(was, now):
        yield "the release before writes another kind of value"
    if was.db_column != now.db_column:
        yield "the release before knows another name of the column"


def _wider(was: Any, now: Any) -> bool:
    """Whether every value of the kind that was fits into the kind that is."""
    kinds = [
        ["PositiveSmallIntegerField", "PositiveIntegerField", "PositiveBigIntegerField"],
        ["SmallIntegerField", "IntegerField", "BigIntegerField"],
        ["SlugField", "CharField", "TextField"],
        ["URLField", "CharField", "TextField"],
        ["EmailField", "CharField", "TextField"],
    ]
    before, after = was.get_internal_type(), now.get_internal_type()
    return any(
        before in row and after in row and row.index(before) <= row.index(after) for row in kinds
    )

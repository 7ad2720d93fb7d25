"""Whether everything that must hold does hold: every room's `audit`, and what all procedures promise, in one place.

A room that brings an `audit.py` stands in `ROOMS`; procedures are found by themselves.
"""

from __future__ import annotations

import pkgutil
from collections.abc import Callable, Iterator
from functools import cache
from importlib import import_module
from time import sleep
from types import ModuleType
from typing import Any

from django.db import DatabaseError, models

import ortaq
from ortaq.core import audit as core
from ortaq.core.audit import Fault, Machine
from ortaq.core.procedure import Procedure
from ortaq.gazette import audit as gazette
from ortaq.grants import audit as grants
from ortaq.opendata import audit as opendata
from ortaq.oversight import audit as oversight
from ortaq.people import audit as people
from ortaq.planning import audit as planning
from ortaq.prizes import audit as prizes
from ortaq.projects import audit as projects
from ortaq.registry import audit as registry
from ortaq.review import audit as review
from ortaq.signing import audit as signing
from ortaq.tenders import audit as tenders

# In the order in which they are asked: what arrived first, what is made of it later.
ROOMS: tuple[ModuleType, ...] = (
    core, people, signing, registry, review, projects, planning, grants, tenders, prizes, oversight, gazette, opendata,
)  # fmt: skip
Kind = type[models.Model]


@cache
def procedures() -> dict[Kind, list[Procedure[Any]]]:
    """All procedures of all rooms, by the model whose state they change."""
    found: dict[Kind, dict[int, Procedure[Any]]] = {}
    for room in pkgutil.iter_modules(ortaq.__path__):
        for module in _modules(f"ortaq.{room.name}.procedure"):
            for one in vars(module).values():
                if isinstance(one, Procedure):
                    found.setdefault(one.model, {})[id(one)] = one
    return {model: list(ones.values()) for model, ones in found.items()}


def _modules(name: str) -> Iterator[ModuleType]:
    try:
        package = import_module(name)
    except ModuleNotFoundError as error:
        if error.name and name.startswith(error.name):
            return
        raise
    yield package
    for inner in pkgutil.iter_modules(getattr(package, "__path__", ())):
        yield import_module(f"{name}.{inner.name}")


def machines() -> dict[Kind, Machine]:
    """What rooms say of states beyond their procedures."""
    return {one.model: one for room in ROOMS for one in getattr(room, "MACHINES", ())}


def every(*, quick: bool = False, watch: Callable[[str], None] | None = None) -> Iterator[Fault]:
    """Every broken invariant of this installation, and remarks; `quick` looks at samples.

    Memory stays flat: rows are read in pieces. `watch` hears what is looked at next.
    """
    say = watch or (lambda _what: None)
    known, kinds = machines(), procedures()
    say("states and duties")
    for model in sorted(kinds, key=lambda one: one._meta.label_lower):
        yield from whole(
            model._meta.label_lower, core.states(kinds[model], known.get(model), quick=quick)
        )
        yield from whole(
            model._meta.label_lower, core.owed(kinds[model], known.get(model), quick=quick)
        )
    tracked = {m: ones for m, ones in kinds.items() if not (m in known and known[m].may_go)}
    yield from whole("journal", core.vanished(tracked, quick=quick))
    for room in ROOMS:
        name = room.__name__.split(".")[1]
        say(name)
        yield from whole(name, room.faults(quick=quick))


PAUSE = 2.0  # seconds: longer than any step takes
MOST = 10_000


def certain(
    *,
    quick: bool = False,
    watch: Callable[[str], None] | None = None,
    pause: float = PAUSE,
) -> Iterator[Fault]:
    """As `every`, of a site that is at work: what a step was just doing while its rows were read is no fault.

    Whatever is found is looked for once more after a pause; what both looks see holds. Of more than ten thousand faults the
    first look is believed.
    """
    found: dict[str, Fault] = {}
    for fault in every(quick=quick, watch=watch):
        if fault.remark:
            yield fault
        elif len(found) < MOST:
            found[str(fault)] = fault
        else:
            yield fault
    if not found:
        return
    sleep(pause)
    for fault in every(quick=quick, watch=watch):
        if found.pop(str(fault), None):
            yield fault


def whole(name: str, faults: Iterator[Fault]) -> Iterator[Fault]:
    """These faults; where rows are so broken that looking at them fails, that is a fault too and ends nothing else."""
    try:
        yield from faults
    except DatabaseError:
        raise
    except Exception as error:  # noqa: BLE001 - whatever a broken row does to whoever reads it
        what = f"a row is so broken that the rest could not be looked at ({type(error).__name__}: {error})"
        yield Fault(name, what)

"""Which kinds of long work there are: rooms register them (see `core.work`). It knows no models, so that models may ask it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

# How work is done: a function of a `core.work.Task`.
Act = Callable[[Any], None]


@dataclass(frozen=True, slots=True)
class Kind:
    """How one kind of work is done and called. `offered` says to which person (or None: nobody) /work/ itself offers it."""

    name: str
    title: Any
    act: Act
    offered: Callable[[Any], bool] | None = None


kinds: dict[str, Kind] = {}


def kind(
    name: str, title: Any, *, offered: Callable[[Any], bool] | None = None
) -> Callable[[Act], Act]:
    """Register how work of this name is done; `title` is what its asker reads."""

    def register(act: Act) -> Act:
        kinds[name] = Kind(name, title, act, offered)
        return act

    return register

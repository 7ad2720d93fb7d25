"""What a chapter of the story consists of."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from ortaq.core import clock


@dataclass(frozen=True, slots=True)
class Beat:
    """Something that somebody does at an instant."""

    at: datetime
    act: Callable[[], object]


def beat(at: datetime, act: Callable[..., object], *arguments: Any) -> Beat:
    """A beat at `at`; an instant without a zone, as the data files have it, is of Asia/Almaty."""
    instant = at if at.tzinfo else at.replace(tzinfo=clock.ALMATY)
    return Beat(instant, partial(act, *arguments) if arguments else act)

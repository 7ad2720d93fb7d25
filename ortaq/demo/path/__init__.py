"""What a newcomer does next: a short way through each part of the story, for one person after another.

Whatever is left undone, the others do as soon as the clock moves on.
"""

from __future__ import annotations

from django.core.exceptions import ObjectDoesNotExist

from ortaq.core import clock

from . import competition, order, oversight, prizes, projects
from .leg import Leg, Part

PARTS: tuple[Part, ...] = tuple(
    sorted(
        (
            part
            for chapter in (competition, order, projects, oversight, prizes)
            for part in chapter.PARTS
        ),
        key=lambda part: part.begins,
    )
)


def present() -> tuple[list[tuple[Leg, str]], str]:
    """The legs of the part in which the clock stands, with their addresses, and the stage after.

    A leg whose page visitors have made impossible is left out.
    """
    part = [part for part in PARTS if part.begins <= clock.now()][-1]
    legs = []
    for leg in part.legs:
        try:
            legs.append((leg, leg.address()))
        except (ObjectDoesNotExist, LookupError):
            continue
    return legs, part.onward


__all__ = ["PARTS", "Leg", "Part", "present"]

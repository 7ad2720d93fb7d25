"""Addresses, found quickly: a list of 25 rows asks for fifty of one view."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.urls import NoReverseMatch, get_script_prefix, get_urlconf, reverse

# Stand for the numbers of rows in an address that is tried out; no address has them in its own words.
STANDING_IN = (7130560591, 7130560592, 7130560593)


def address(view: str, args: Sequence[Any] = (), current_app: str | None = None) -> str:
    """What `reverse` answers. Where only numbers stand in an address, it is worked out once for each view."""
    if len(args) <= len(STANDING_IN) and all(type(one) is int and one >= 0 for one in args):
        place = get_urlconf() or settings.ROOT_URLCONF, get_script_prefix()
        if pieces := _around(view, len(args), current_app, *place):
            first, *others = pieces
            return first + "".join(
                f"{number}{rest}" for number, rest in zip(args, others, strict=True)
            )
    return str(reverse(view, args=args, current_app=current_app))


@lru_cache(maxsize=2000)
def _around(
    view: str, numbers: int, current_app: str | None, *_place: str
) -> tuple[str, ...] | None:
    """What stands around the numbers of an address; None where another number may lead elsewhere."""
    standing_in = STANDING_IN[:numbers]
    try:
        found = str(reverse(view, args=standing_in, current_app=current_app))
    except NoReverseMatch:
        return None
    pieces = []
    for number in map(str, standing_in):
        before, said, found = found.partition(number)
        if not said:
            return None
        pieces.append(before)
    return (*pieces, found)

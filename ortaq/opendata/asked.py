"""What a reader asks of a table, and what is said to a question that has no answer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from ortaq import law
from ortaq.core import clock, regions

from .tables.declared import Table

FIRST_YEAR = 1991  # before it there is nothing that a table of this country could tell
LAST_YEARS = 10  # plans are made for so many years ahead, and not for more


class Absurd(Exception):
    """A question that a table cannot answer, with the sentence that says why."""


def filters_of(table: Table, given: Mapping[str, str]) -> dict[str, Any]:
    """The filters asked for, checked: year, region, field. Raises `Absurd`.

    What a table cannot be narrowed by is refused and not ignored: whoever mistypes a filter would take the whole for a
    part.
    """
    found: dict[str, Any] = {}
    for name, value in given.items():
        if name not in table.filters:
            raise Absurd(_unknown(name, list(table.filters)))
        if value != "":
            found[name] = _CHECKS[name](value)
    return found


def _unknown(name: str, known: Sequence[str]) -> str:
    if not known:
        return _("This table cannot be narrowed: leave “%(name)s” out.") % {"name": shown(name)}
    words = {"name": shown(name), "known": ", ".join(known)}
    return _("This table cannot be narrowed by “%(name)s”; it knows: %(known)s.") % words


def _year(value: str) -> int:
    last = clock.today().year + LAST_YEARS
    if not (value.isascii() and value.isdigit() and len(value) == 4):
        raise Absurd(_("A year is four digits, for example 2026."))
    if not FIRST_YEAR <= int(value) <= last:
        words = {"first": FIRST_YEAR, "last": last}
        raise Absurd(_("There are data on years from %(first)s to %(last)s.") % words)
    return int(value)


def _region(value: str) -> str:
    if value not in {one.code for one in regions.every()}:
        raise Absurd(
            _("No region has the code “%(code)s”; see the list “regions”.") % {"code": shown(value)}
        )
    return value


def _field(value: str) -> str:
    if value not in {key for keys in law.field_sets().values() for key in keys}:
        raise Absurd(
            _("No field has the code “%(code)s”; see the list “fields”.") % {"code": shown(value)}
        )
    return value


_CHECKS = {"year": _year, "region": _region, "field": _field}
NUMBER = 18  # digits of a number: more is none of ours


def number(value: str, *, name: str, most: int | None = None) -> int:
    """A whole number from the address. Raises `Absurd`."""
    if not (value.isascii() and value.isdigit() and len(value) <= NUMBER):
        raise Absurd(
            _("“%(name)s” is a whole number, not “%(value)s”.")
            % {"name": name, "value": shown(value)}
        )
    return int(value) if most is None else min(int(value), most)


def shown(value: str) -> str:
    """What somebody typed, short and printable."""
    clean = "".join(letter for letter in value if letter.isprintable())
    return clean if len(clean) <= 40 else f"{clean[:40]}…"

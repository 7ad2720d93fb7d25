"""Which pictures stay, and which go: the last of each of some days, weeks and months."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date

from ortaq.core import clock
from ortaq.operations.backup import Trouble, contents, manifest
from ortaq.operations.backup.manifest import Manifest
from ortaq.operations.backup.place import Place

UNITS: dict[str, Callable[[date], str]] = {
    "daily": lambda day: day.isoformat(),
    "weekly": lambda day: "{}-{}".format(*day.isocalendar()),
    "monthly": lambda day: f"{day:%Y-%m}",
}
Rule = dict[str, int]


def rule_of(words: Iterable[str]) -> Rule:
    """`daily 14 weekly 8`, also `daily=14`, as a rule; `Trouble`."""
    parts = " ".join(words).replace("=", " ").split()
    names, counts = parts[::2], parts[1::2]
    if (
        len(names) != len(counts)
        or not set(names) <= UNITS.keys()
        or not all(count.isdigit() for count in counts)
    ):
        raise Trouble("Say what to keep as: daily 14 weekly 8 monthly 12.")
    return dict(zip(names, map(int, counts), strict=True))


def kept(pictures: Iterable[tuple[str, date]], rule: Rule) -> set[str]:
    """The names of those that stay, of (name, day) with the newest first; the newest itself always does."""
    found = list(pictures)
    stays = {name for name, _day in found[:1]}
    for unit, count in rule.items():
        seen: set[str] = set()
        for name, day in found:
            when = UNITS[unit](day)
            if when not in seen and len(seen) < count:
                seen.add(when)
                stays.add(name)
    return stays


def prune(place: Place, rule: Rule) -> tuple[int, int]:
    """Delete the pictures that the rule does not keep, unfinished ones, and objects that no picture knows; how many pictures and
    objects went.

    A picture whose manifest cannot be read stays, and with it every object: somebody has to look first.
    """
    with place.alone():
        pictures = [manifest.read(place, name) for name in reversed(manifest.names(place))]
        if not pictures:
            return 0, 0
        stays = kept([(one.name, clock.day_of(one.at)) for one in pictures], rule)
        gone = [one for one in pictures if one.name not in stays]
        for one in gone:
            # The manifest first: what is left of a picture is no picture.
            place.drop(one.name_of(manifest.MANIFEST))
            for part in one.parts:
                place.drop(one.name_of(part))
        for name in manifest.unfinished(place, before=pictures[0].name):
            place.drop(name)
        left: list[Manifest] = [one for one in pictures if one.name in stays]
        return len(gone), contents.drop_unknown(place, left)

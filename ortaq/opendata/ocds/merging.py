"""Releases of one process merged into its compiled release, by the rules of the standard."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

# Of each release only, not of the process.
OWN = frozenset({"id", "date", "tag", "ocid"})
# What says which object is meant.
IDENTIFIERS = frozenset({"id", "awardID"})


def merged(compiled: dict[str, Any], release: dict[str, Any]) -> dict[str, Any]:
    """`compiled` ({} at the beginning) with what the next release tells; neither is changed.

    Objects are merged field by field, lists of objects by `id`, all else is replaced; None takes a field away.
    """
    found = _objects(compiled, {k: v for k, v in release.items() if k not in OWN})
    head = {
        "ocid": release["ocid"],
        "id": f"{release['id']}-compiled",
        "date": release["date"],
        "tag": ["compiled"],
    }
    return {**head, **{k: v for k, v in found.items() if k not in OWN}}


def compiled_of(releases: Iterable[dict[str, Any]]) -> dict[str, Any]:
    """All releases of a process, oldest first, in one."""
    found: dict[str, Any] = {}
    for release in releases:
        found = merged(found, release)
    return found


def _objects(before: dict[str, Any], after: dict[str, Any]) -> dict[str, Any]:
    found = dict(before)
    for name, value in after.items():
        if value is None:
            found.pop(name, None)
        elif isinstance(value, dict):
            known = found.get(name)
            found[name] = _objects(known if isinstance(known, dict) else {}, value)
        elif isinstance(value, list) and value and all(_has_id(one) for one in value):
            found[name] = _lists(found.get(name) or [], value)
        else:
            found[name] = value
    return found


def _lists(before: list[Any], after: list[Any]) -> list[Any]:
    found = {one["id"]: one for one in before if _has_id(one)}
    for one in after:
        found[one["id"]] = _objects(found.get(one["id"], {}), one)
    return list(found.values())


def _has_id(one: Any) -> bool:
    return isinstance(one, dict) and "id" in one


def without(part: dict[str, Any], later: dict[str, Any]) -> dict[str, Any]:
    """`part` without what `later` says as well: telling `part` once more leaves standing what was told after it.

    Objects that are left with nothing but what identifies them go.
    """
    found = {}
    for name, value in part.items():
        if name in IDENTIFIERS or name not in later:
            found[name] = value
            continue
        said = later[name]
        rest: Any = None
        if isinstance(value, dict) and isinstance(said, dict):
            rest = without(value, said)
        elif isinstance(value, list) and all(_has_id(one) for one in value):
            known = {one["id"]: one for one in said if _has_id(one)}
            rest = [
                left
                for one in value
                if (left := without(one, known.get(one["id"], {}))).keys() - IDENTIFIERS
            ]
        if rest and not (isinstance(rest, dict) and not rest.keys() - IDENTIFIERS):
            found[name] = rest
    return found

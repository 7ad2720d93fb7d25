"""Citations as they are written, and the rule of an edition to which each leads.

Four forms are in use: a `Citation`; "act/edition place"; a place alone, as the acts' files
write it ("guide, grants, step 5"); a requirement of the specification ("GR-S-13"), where a rule
is a reading of ours. A place may name more than an edition has as a rule of its own: then the
nearest wider place answers ("announcement 2020 §5, notes to item 5" by "announcement 2020 §5").
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import cache, lru_cache
from typing import Any

from .editions import Edition, edition, editions
from .errors import Refused
from .findings import Citation

_FULL = re.compile(r"(\w+)/(\S+) (.+)")
_REQUIREMENT = re.compile(r"[A-Z]{2,3}-[A-Z0-9]+(-\d+)?")


def rules(one: Edition, table: str) -> Iterator[tuple[str, Mapping[str, Any], Citation]]:
    """Every rule of `table`, however deep: its key, its row and where it stands."""
    yield from _rules(one, table, one.data.get(table, ()))


def _rules(one: Edition, key: str, rows: Any) -> Iterator[tuple[str, Mapping[str, Any], Citation]]:
    if isinstance(rows, Mapping):
        if place := _place(rows):
            yield key, rows, one.cite(place, inferred=bool(rows.get("inferred", False)))
        for name, row in rows.items():
            yield from _rules(one, str(name), row)
    elif isinstance(rows, list | tuple):
        for row in rows:
            if isinstance(row, Mapping):
                yield from _rules(one, str(row.get("key", key)), row)


def _place(row: Mapping[str, Any]) -> str:
    if "cite" in row:
        return str(row["cite"])
    # The Standard's tables: as its own findings cite them.
    number = row.get("number")
    marks = [f"T{number}"] if isinstance(number, int) else []
    return ", ".join([*marks, *(f"¶{one}" for one in row.get("paragraphs", ()))])


@lru_cache(maxsize=2000)  # a page may cite fifty clauses
def read(written: Citation | str) -> Citation | None:
    """What a citation in any form names: act, edition and place as written; `None` for none.

    Where only a requirement is named, the place of its rule stands for it: readers know no others.
    """
    if isinstance(written, Citation):
        return _readable(written)
    if full := _FULL.fullmatch(written):
        return _readable(Citation(full[1], full[2], full[3]))
    for one in editions():
        if rule(one.cite(written)):
            return _readable(one.cite(written))
    return None


def _readable(cite: Citation) -> Citation:
    parts = [part.strip() for part in cite.place.split(";")]
    kept = [part for part in parts if not _REQUIREMENT.fullmatch(part)]
    if len(kept) == len(parts):
        return cite
    return replace(cite, place="; ".join(kept)) if kept else rule(cite) or cite


@lru_cache(maxsize=2000)
def rule(cite: Citation) -> Citation | None:
    """The rule of the cited edition at that place or at the nearest wider one, else `None`.

    What the citation marks as inferred stays so.
    """
    try:
        edition(cite.act, cite.edition)
    except Refused:
        return None
    places, requirements = _index(cite.act, cite.edition)
    for place in _wider(cite.place):
        known = places.get(place)
        if known is None and _REQUIREMENT.fullmatch(place):
            known = requirements.get(place)
        if known:
            return Citation(cite.act, cite.edition, known.place, cite.inferred or known.inferred)
    return None


@cache
def _index(act: str, key: str) -> tuple[dict[str, Citation], dict[str, Citation]]:
    """The rules of an edition by place and by requirement; of several the first."""
    places: dict[str, Citation] = {}
    requirements: dict[str, Citation] = {}
    one = edition(act, key)
    for table in one.data:
        for _key, row, cite in rules(one, table):
            places.setdefault(cite.place, one.cite(cite.place))
            if requirement := row.get("requirement"):
                requirements.setdefault(requirement, cite)
    for place, cite in list(places.items()):
        # A rule that stands in two places answers for both: "guide; plan", "T1, ¶8, ¶47".
        for part in [*place.split(";"), *re.findall(r"¶\w+", place)]:
            places.setdefault(part.strip(), cite)
    return places, requirements


def _wider(written: str) -> Iterator[str]:
    """The place as written, then without its last detail, and so on; parts split by ";" likewise."""
    yield written
    for part in written.split(";"):
        place = part.strip()
        while place:
            yield place
            place = _shorter(place)


def _shorter(place: str) -> str:
    """The place without its last detail; "" where there is none left to leave out."""
    for detail in (r" and \d+$", r"(?<=\d)-\d+$", r"\(\d+\)$", r", [^,]*$"):
        if (shorter := re.sub(detail, "", place)) != place:
            return re.sub(r"\bsteps (?=\d+$)", "step ", shorter)
    return ""

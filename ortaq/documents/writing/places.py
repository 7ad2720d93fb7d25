"""Where things of a draft stand: the room says the address of each, the rest follows from its findings."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from ortaq.faces.parts import Stage
from ortaq.law.findings import Finding, Severity

# (key of the draft, what a finding is about) → where it is mended; "" for what is outside of the draft.
Address = Callable[[int, str], str]


def links(address_of: Address, pk: int, findings: Iterable[Finding]) -> dict[str, str]:
    """The address for every `about`."""
    return {one.about: address_of(pk, one.about) for one in findings if one.about}


def nearest_gap(address_of: Address, pk: int, findings: Iterable[Finding]) -> str:
    """The address of the first thing that keeps a draft from being handed in; "" for none."""
    gaps = (one for one in findings if one.severity is Severity.ERROR and one.about)
    return next((address for one in gaps if (address := address_of(pk, one.about))), "")


def stage(
    text: Any, address: str, place: str, here: str, *, missing: Iterable[Finding], note: str = ""
) -> Stage:
    """One page on the way through a draft: the present one, one that lacks something, or one that is done."""
    lacks = any(
        one.severity is Severity.ERROR and one.about.startswith(f"{place}/") for one in missing
    )
    return Stage(text, address, "doing" if place == here else "todo" if lacks else "done", note)

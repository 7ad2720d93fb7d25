"""Where things of a bid stand: addresses of findings, and the way through its parts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from ortaq.documents.writing.page import element_id
from ortaq.faces.parts import Stage
from ortaq.law.findings import Finding, Severity
from ortaq.people.actor import Actor
from ortaq.tenders.content import checks
from ortaq.tenders.content.parts import PARTS, part
from ortaq.tenders.content.whole import Whole
from ortaq.tenders.policy import bid as policy


def address_of(pk: int, about: str) -> str:
    """The place where a finding on a bid can be mended; "" for one outside of it."""
    key, _slash, path = about.partition("/")
    if key == "files":
        return f"{reverse('tenders:bid_files', args=[pk])}#{path}"
    if part(key) is None:
        return ""
    address = reverse("tenders:bid_part", args=[pk, key])
    return f"{address}#{element_id(path)}" if path else address


def links(pk: int, findings: Iterable[Finding]) -> dict[str, str]:
    """The address for every `about`."""
    return {one.about: address_of(pk, one.about) for one in findings if one.about}


def nearest_gap(pk: int, findings: Iterable[Finding]) -> str:
    """The address of the first thing that keeps a bid from being handed in; "" for none."""
    gaps = (one for one in findings if one.severity is Severity.ERROR and one.about)
    return next((address for one in gaps if (address := address_of(pk, one.about))), "")


def frame(
    whole: Whole, findings: Sequence[Finding], actor: Actor, *, here: str = ""
) -> dict[str, Any]:
    """What every page of a draft shows: the way through its parts and what is missing."""
    bid = whole.bid
    return {
        "bid": bid,
        "whole": whole,
        "row": whole.draft,
        "findings": findings,
        "links": links(bid.pk, findings),
        "asked": checks.asked(whole),
        "stages": stages(bid.pk, findings, here),
        "may_edit": policy.may_edit(actor, bid),
    }


def stages(pk: int, findings: Sequence[Finding], here: str = "") -> list[Stage]:
    """The parts of a bid in their order."""
    found = [
        _stage(one.title, reverse("tenders:bid_part", args=[pk, one.key]), one.key, here, findings)
        for one in PARTS
    ]
    found.append(
        _stage(_("Files"), reverse("tenders:bid_files", args=[pk]), "files", here, findings)
    )
    submit = reverse("tenders:bid_submit", args=[pk])
    found.append(Stage(_("Hand it in"), submit, "doing" if here == "submit" else "todo"))
    return found


def _stage(text: Any, address: str, place: str, here: str, findings: Sequence[Finding]) -> Stage:
    missing = any(
        one.severity is Severity.ERROR and one.about.startswith(f"{place}/") for one in findings
    )
    state = "doing" if place == here else "todo" if missing else "done"
    return Stage(text, address, state)

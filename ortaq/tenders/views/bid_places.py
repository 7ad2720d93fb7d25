"""Where things of a bid stand: addresses of findings, and the way through its parts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from ortaq.documents.writing import places
from ortaq.documents.writing.page import element_id
from ortaq.faces.parts import Stage
from ortaq.law.findings import Finding
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
        "links": places.links(address_of, bid.pk, findings),
        "asked": checks.asked(whole),
        "stages": stages(bid.pk, findings, here),
        "may_edit": policy.may_edit(actor, bid),
    }


def stages(pk: int, findings: Sequence[Finding], here: str = "") -> list[Stage]:
    """The parts of a bid in their order."""
    found = [
        places.stage(
            one.title,
            reverse("tenders:bid_part", args=[pk, one.key]),
            one.key,
            here,
            missing=findings,
        )
        for one in PARTS
    ]
    found.append(
        places.stage(
            _("Files"), reverse("tenders:bid_files", args=[pk]), "files", here, missing=findings
        )
    )
    submit = reverse("tenders:bid_submit", args=[pk])
    found.append(Stage(_("Hand it in"), submit, "doing" if here == "submit" else "todo"))
    return found

"""Where things of a return stand: addresses of findings, and the way through its pages."""

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
from ortaq.registry.content import checks
from ortaq.registry.content.parts import PARTS, part
from ortaq.registry.content.whole import Whole
from ortaq.registry.policy import annual_return as policy


def address_of(pk: int, about: str) -> str:
    """The place where a finding on a return is mended; "" for one outside of it."""
    key, _slash, path = about.partition("/")
    if part(key) is None:
        return ""
    address = reverse("registry:return_part", args=[pk, key])
    return f"{address}#{element_id(path)}" if path else address


def frame(
    whole: Whole, findings: Sequence[Finding], actor: Actor, *, here: str = ""
) -> dict[str, Any]:
    """What every page of a return that is written shows: the way through its pages and what is missing."""
    row = whole.annual_return
    return {
        "annual_return": row,
        "whole": whole,
        "row": whole.draft,
        "findings": findings,
        "links": places.links(address_of, row.pk, findings),
        "asked": checks.asked(),
        "stages": stages(row.pk, findings, here),
        "may_edit": policy.may_write(actor, row),
        "is_entered": policy.enters(actor, row),
    }


def stages(pk: int, findings: Sequence[Finding], here: str = "") -> list[Stage]:
    """The pages of a return in their order, the finish last (NG-017)."""
    found = [
        places.stage(
            one.title,
            reverse("registry:return_part", args=[pk, one.key]),
            one.key,
            here,
            missing=findings,
        )
        for one in PARTS
    ]
    finish = reverse("registry:return_finish", args=[pk])
    return [*found, Stage(_("Finish"), finish, "doing" if here == "finish" else "todo")]

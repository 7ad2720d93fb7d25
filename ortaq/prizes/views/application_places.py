"""Where things of an application stand: addresses of findings, and the way through its parts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from ortaq.documents.writing import places
from ortaq.documents.writing.page import element_id
from ortaq.faces.parts import Stage
from ortaq.law.findings import Finding
from ortaq.people.actor import Actor
from ortaq.prizes.content import checks
from ortaq.prizes.content.parts import PARTS, part
from ortaq.prizes.content.whole import Whole
from ortaq.prizes.models import Attachment
from ortaq.prizes.policy import application as policy


@dataclass(frozen=True, slots=True)
class Row:
    """What the form of a draft says of itself: its version, and when it was saved."""

    version: int
    edited_at: datetime | None


def address_of(pk: int, about: str) -> str:
    """The place where a finding on an application can be mended; "" for one outside of it."""
    key, _slash, path = about.partition("/")
    if key == "files":
        return f"{reverse('prizes:files', args=[pk])}#{path.replace('~', '_')}"
    if part(key) is None:
        return ""
    address = reverse("prizes:part", args=[pk, key])
    return f"{address}#{element_id(path)}" if path else address


def frame(
    whole: Whole, findings: Sequence[Finding], actor: Actor, *, here: str = ""
) -> dict[str, Any]:
    """What every page of a draft shows: the way through its parts and what is missing."""
    application = whole.application
    last = application.changes.order_by("-version").first()
    return {
        "application": application,
        "whole": whole,
        "row": Row(application.version, last.made_at if last else None),
        "findings": findings,
        "links": places.links(address_of, application.pk, findings),
        "asked": checks.asked(whole),
        "stages": stages(application.pk, findings, here),
        "may_edit": policy.may_edit(actor, application),
    }


def stages(pk: int, findings: Sequence[Finding], here: str = "") -> list[Stage]:
    """The parts of an application in their order."""
    chosen = reverse("prizes:direction", args=[pk])
    found = [Stage(_("Direction"), chosen, "doing" if here == "direction" else "done")]
    found += [
        places.stage(
            one.title, reverse("prizes:part", args=[pk, one.key]), one.key, here, missing=findings
        )
        for one in PARTS
    ]
    found.append(
        places.stage(
            _("Files"), reverse("prizes:files", args=[pk]), "files", here, missing=findings
        )
    )
    submit = reverse("prizes:submit", args=[pk])
    found.append(Stage(_("Hand it in"), submit, "doing" if here == "submit" else "todo"))
    return found


def files_for(whole: Whole, *, personal: bool) -> list[tuple[Attachment, str]]:
    """The files that a reader opens, each with its address: scorers get evidence alone."""
    return [
        (one, reverse("prizes:file", args=[whole.application.pk, one.pk]))
        for one in whole.files
        if personal or one.for_scorers
    ]

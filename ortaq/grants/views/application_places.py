"""Where things of an application stand: addresses of findings, and the way through its parts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from ortaq.documents.writing import places
from ortaq.documents.writing.page import element_id
from ortaq.faces.parts import Stage
from ortaq.grants.content import checks
from ortaq.grants.content.whole import Whole
from ortaq.grants.policy import application as policy
from ortaq.law.findings import Finding
from ortaq.people.actor import Actor


def address_of(pk: int, about: str) -> str:
    """The place where a finding on an application can be mended; "" for one outside of it."""
    key, _slash, rest = about.partition("/")
    if key == "details":
        return f"{reverse('grants:application_details', args=[pk])}#id_{rest}"
    if key == "files":
        return f"{reverse('grants:application_files', args=[pk])}#{rest.partition('/')[0]}"
    year, _slash, path = rest.partition("/")
    if not year.isdecimal():
        return ""
    address = reverse("grants:application_part", args=[pk, key, int(year)])
    return f"{address}#{element_id(path)}" if path else address


def frame(
    whole: Whole, findings: Sequence[Finding], actor: Actor, *, here: str = ""
) -> dict[str, Any]:
    """What every page of a draft shows: the way through its parts and what is missing."""
    application = whole.application
    return {
        "application": application,
        "whole": whole,
        "findings": findings,
        "links": places.links(address_of, application.pk, findings),
        "asked": checks.asked(whole),
        "stages": stages(whole, findings, here),
        "may_edit": policy.may_edit(actor, application),
    }


def stages(whole: Whole, findings: Sequence[Finding], here: str = "") -> list[Stage]:
    """The parts of an application in their order, each with how many things it lacks."""
    pk = whole.application.pk
    details = reverse("grants:application_details", args=[pk])
    found = [places.stage(_("Name and term"), details, "details", here, missing=findings)]
    for written in whole.written:
        part = written.part
        address = reverse("grants:application_part", args=[pk, part.key, part.year])
        note = str(part.year) if part.year else ""
        found.append(
            places.stage(part.title, address, part.place, here, missing=findings, note=note)
        )
    files = reverse("grants:application_files", args=[pk])
    found.append(places.stage(_("Files"), files, "files", here, missing=findings))
    letter = reverse("grants:application_letter", args=[pk])
    found.append(Stage(_("Letter"), letter, "doing" if here == "letter" else "done"))
    submit = reverse("grants:application_submit", args=[pk])
    found.append(Stage(_("Hand it in"), submit, "doing" if here == "submit" else "todo"))
    return found

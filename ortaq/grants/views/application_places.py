"""Where things of an application stand: addresses of findings, and the way through its parts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from ortaq.documents.writing.page import element_id
from ortaq.faces.parts import Stage
from ortaq.grants.content import checks
from ortaq.grants.content.whole import Whole
from ortaq.grants.policy import application as policy
from ortaq.law.findings import Finding, Severity
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


def links(pk: int, findings: Iterable[Finding]) -> dict[str, str]:
    """The address for every `about`."""
    return {one.about: address_of(pk, one.about) for one in findings if one.about}


def nearest_gap(pk: int, findings: Iterable[Finding]) -> str:
    """The address of the first thing that keeps an application from being handed in; "" for none."""
    gaps = (one for one in findings if one.severity is Severity.ERROR and one.about)
    return next((address_of(pk, one.about) for one in gaps), "")


def frame(
    whole: Whole, findings: Sequence[Finding], actor: Actor, *, here: str = ""
) -> dict[str, Any]:
    """What every page of a draft shows: the way through its parts and what is missing."""
    application = whole.application
    return {
        "application": application,
        "whole": whole,
        "findings": findings,
        "links": links(application.pk, findings),
        "asked": checks.asked(whole),
        "stages": stages(whole, findings, here),
        "may_edit": policy.may_edit(actor, application),
    }


def stages(whole: Whole, findings: Sequence[Finding], here: str = "") -> list[Stage]:
    """The parts of an application in their order, each with how many things it lacks."""
    pk = whole.application.pk
    details = reverse("grants:application_details", args=[pk])
    found = [_stage(_("Name and term"), details, "details", here, findings)]
    for written in whole.written:
        part = written.part
        address = reverse("grants:application_part", args=[pk, part.key, part.year])
        note = str(part.year) if part.year else ""
        found.append(_stage(part.title, address, part.place, here, findings, note=note))
    files = reverse("grants:application_files", args=[pk])
    found.append(_stage(_("Files"), files, "files", here, findings))
    letter = reverse("grants:application_letter", args=[pk])
    found.append(Stage(_("Letter"), letter, "doing" if here == "letter" else "done"))
    submit = reverse("grants:application_submit", args=[pk])
    found.append(Stage(_("Hand it in"), submit, "doing" if here == "submit" else "todo"))
    return found


def _stage(
    text: Any, address: str, place: str, here: str, findings: Sequence[Finding], *, note: str = ""
) -> Stage:
    missing = [
        one
        for one in findings
        if one.severity is Severity.ERROR and one.about.startswith(f"{place}/")
    ]
    state = "doing" if place == here else "todo" if missing else "done"
    return Stage(text, address, state, note)

"""What the rooms answer alike when a page of a form was sent: what is said, what changed, what collided."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponseRedirect
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from ortaq.faces.parts import Conflict, Difference
from ortaq.law.findings import Finding
from ortaq.people.actor import ActorRequest
from ortaq.people.models import User

from . import paths
from .draft import Draft
from .merge import Merged
from .page import element_id
from .reading import Reading

KEEP = "keep-"


def person_of(request: ActorRequest) -> int:
    """The number of whoever writes; 0 for nobody."""
    return int(request.actor.user.pk) if request.actor.user else 0


def findings_of(findings: Iterable[Finding], place: str) -> list[Finding]:
    """Those about something on the page `place`."""
    return [one for one in findings if one.about.startswith(f"{place}/")]


def refusals_of(sent: Reading | None) -> list[tuple[str, Any]]:
    """(element, finding) for each text that could not be read."""
    return [(element_id(path), finding) for path, finding in (sent.refused if sent else {}).items()]


def units_of(merged: Merged, version: int) -> list[tuple[str, str, int]]:
    """(unit, element of its mark, new version) for each unit that was saved."""
    changed = {paths.unit_of(path) for path in merged.before}
    return [(unit, f"{element_id(unit)}-v", version) for unit in merged.current if unit in changed]


def saved(request: HttpRequest, merged: Merged, anchor: str, address: str) -> HttpResponseRedirect:
    """Say what became of a form that was sent by its button, and lead back to the place where one wrote."""
    if merged.conflicts:
        messages.warning(
            request, _("Somebody else changed the same place meanwhile: choose what stays.")
        )
    elif merged.kept:
        messages.warning(
            request, _("Somebody else changed this row meanwhile, so it stays. Look at it first.")
        )
    elif not anchor:
        messages.success(request, _("Saved."))
    return redirect(f"{address}#{anchor}" if anchor and not merged.conflicts else address)


def chosen(sent: Mapping[str, str]) -> list[str]:
    """The paths for which one's own text was chosen in a conflict."""
    return [
        name.removeprefix(KEEP)
        for name, value in sent.items()
        if name.startswith(KEEP) and value == "mine"
    ]


def conflict_of(
    draft: Draft, person: int, differences: Iterable[Difference], address: str
) -> dict[str, Any] | None:
    """The open conflict of `person` with who wrote last beside them; None where nothing differs any more. One query."""
    kept, found = draft.conflicts.get(person), list(differences)
    if kept is None or not found:
        return None
    others = [change for change in draft.since(kept.base_version) if change.person_id != person]
    who = User.objects.filter(pk=others[-1].person_id).first() if others else None
    shown = Conflict(
        who.full_name if who else _("Another person"),
        datetime.fromisoformat(others[-1].at if others else kept.at),
        found,
    )
    return {"address": address, "shown": shown}

"""What was signed beside what holds now, and the approved changes between them (IM-041)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from ortaq.projects import completeness
from ortaq.projects.models import Change, Project

from .progress import Progress, Signed

OF_ACTIVITY = {
    "text": _("Activity"),
    "task": _("Task"),
    "place": _("Place"),
    "channel": _("Channel"),
    "term": _("Term"),
}
OF_INDICATOR = {"text": _("Indicator"), "planned": _("Planned value")}
NEW = Signed(_("New: it was not in the signed plan."), "")


def beside_signed(progress: Progress, project: Project) -> list[str]:
    """Put beside each activity and indicator what was signed instead; the signed activities that are gone. Two queries."""
    signed = {row["key"]: row for row in project.baseline.get("plan", ())}
    changes = _changes(project)
    for work in progress.works:
        work.changes = changes.get(work.activity.key, [])
        was = signed.pop(work.activity.key, None)
        if was is None:
            work.signed = [NEW]
            continue
        work.signed = list(_differing(OF_ACTIVITY, was, work.activity))
        lines = {row["position"]: row for row in was["indicators"]}
        for line in work.lines:
            row = lines.pop(line.indicator.position, None)
            line.signed = list(_differing(OF_INDICATOR, row, line.indicator)) if row else [NEW]
        work.signed += [
            Signed(_("Indicator taken out"), f"{row['text']} — {row['planned']}")
            for row in lines.values()
        ]
    return [str(row["text"]) for row in signed.values()]


def _differing(names: Mapping[str, Any], was: Mapping[str, Any], now: Any) -> Iterator[Signed]:
    for name, label in names.items():
        if name in was and str(was[name]) != str(getattr(now, name)):
            yield Signed(label, str(was[name]) or "—")


def _changes(project: Project) -> dict[str, list[Change]]:
    """Approved changes by the key of the activity that they touch; one query. An indicator is named "activity/place"."""
    found: dict[str, list[Change]] = {}
    for change in Change.objects.filter(project=project, state=Change.State.APPROVED).only(
        "number", "rows", "decided_at", "project"
    ):
        touched = (str(row["key"]).partition("/")[0] for row in change.rows)
        for key in dict.fromkeys(touched):
            found.setdefault(key, []).append(change)
    return found


def general_of(project: Project) -> list[tuple[Any, str, str]]:
    """Block I: label, present text, and the signed one where it differs."""
    was, now = project.baseline.get("general", {}), project.contract.general
    return [
        (
            label,
            str(now.get(row) or ""),
            str(was.get(row) or "") if was.get(row) != now.get(row) else "",
        )
        for row, label in completeness.GENERAL.items()
    ]

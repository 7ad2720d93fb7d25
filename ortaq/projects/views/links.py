"""Where what a risk or a coming thing is about can be mended: its `about` as an address in the project's room."""

from __future__ import annotations

from django.urls import reverse

# The pages of a whole project by the word that findings use for them.
PAGES = {
    "plan": "projects:project_plan",
    "about": "projects:project_about",
    "money": "projects:money",
    "people": "projects:people",
    "reports": "projects:reports",
    "changes": "projects:changes",
    "evidence": "projects:evidence",
    "events": "projects:events",
    "event_new": "projects:event_new",
}


def address(project: int, about: str) -> str:
    """The page of "money", "event-15", "activity-3", "report-2" ... in the project with this number; "" for no page."""
    kind, _dash, number = about.partition("-")
    if kind == "activity":
        return f"{reverse('projects:project_plan', args=[project])}#{about}"
    if kind in ("event", "report"):
        return reverse(f"projects:{kind}", args=[project, int(number)])
    if about == "unread":
        return f"{reverse('projects:project_plan', args=[project])}?show=unread"
    return reverse(PAGES[about], args=[project]) if about in PAGES else ""

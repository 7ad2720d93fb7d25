"""The first page of the console."""

from __future__ import annotations

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from ortaq.faces.parts import Column
from ortaq.operations.console import ENTRIES, for_staff, links, page
from ortaq.operations.readiness import readiness
from ortaq.people.actor import ActorRequest

CHECKS = {
    "database": gettext_lazy("Database"),
    "migrations": gettext_lazy("Tables of this version"),
    "files": gettext_lazy("Store of files"),
    "seals": gettext_lazy("Folder of keys of sealed bids"),
    "clock": gettext_lazy("Clock"),
    "worker": gettext_lazy("Background work"),
}
COLUMNS = [Column(gettext_lazy("What")), Column(gettext_lazy("State"))]
WORDS = {
    "ok": (gettext_lazy("in order"), "good"),
    "late": (gettext_lazy("not seen lately"), "warning"),
    "failed": (gettext_lazy("does not work"), "bad"),
}


@require_safe
@for_staff
def overview(request: ActorRequest) -> HttpResponse:
    """Whether everything that must run does run, and where to look further."""
    about = {str(entry.title): entry.about for entry in ENTRIES}
    return page(
        request,
        "operations/overview.html",
        console_title=_("Overview"),
        console_lead=_(
            "How this installation works. What people write in it is not shown here: an administrator sees no "
            "applications, bids, points or letters."
        ),
        found=readiness(),
        checks=[(CHECKS[name], *WORDS[state]) for name, state in readiness().checks.items()],
        columns=COLUMNS,
        pages=[
            (link, about[str(link.text)])
            for link in links(request)
            if not link.current and about[str(link.text)]
        ],
    )

"""The first page of the console."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from ortaq.faces import say
from ortaq.faces.parts import Column
from ortaq.operations.console import ENTRIES, for_staff, links, page
from ortaq.operations.queries.figures import figures
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


def standing() -> list[tuple[Any, str]]:
    """How the installation stands: what, and how much of it."""
    found = figures()
    return [
        (_("Errors not dealt with"), say.number(found.faults_open)),
        (_("Letters that wait to be sent"), say.number(found.letters_waiting)),
        (_("Letters that could not be sent"), say.number(found.letters_failed)),
        (_("Duties whose term has passed"), say.number(found.duties_late)),
        (_("Last good backup"), _ago(found.backup_age)),
        (_("Size of the database"), filesizeformat(found.database_bytes)),
        (_("Size of the files"), filesizeformat(found.files_bytes)),
        (_("Free on the disk"), filesizeformat(found.disk_free_bytes)),
    ]


def _ago(seconds: float | None) -> str:
    if seconds is None:
        return _("never")
    hours = int(seconds // 3600)
    return _("%(hours)s h ago") % {"hours": say.number(hours)}


@require_safe
@for_staff
def overview(request: ActorRequest) -> HttpResponse:
    """Whether everything that must run does run, and where to look further."""
    found = readiness()
    about = {str(entry.title): entry.about for entry in ENTRIES}
    return page(
        request,
        "operations/overview.html",
        console_title=_("Overview"),
        console_lead=_(
            "How this installation works. What people write in it is not shown here: an administrator sees no "
            "applications, bids, points or letters."
        ),
        found=found,
        checks=[(CHECKS[name], *WORDS[state]) for name, state in found.checks.items()],
        standing=standing() if found.ready else [],
        columns=COLUMNS,
        pages=[
            (link, about[str(link.text)])
            for link in links(request)
            if not link.current and about[str(link.text)]
        ],
    )

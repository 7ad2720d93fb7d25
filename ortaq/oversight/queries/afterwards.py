"""Conflicts of interest found after the work was done, for the authorised body alone. What a person declared word by word is theirs and
the body's: here stand who, about whom, when, and of which kind.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Exists, F, OuterRef, QuerySet, Subquery
from django.utils.translation import gettext_lazy as _

from ortaq.faces.paging import KeyPage, key_page
from ortaq.oversight.models import Admission, Notice
from ortaq.people.models import Organisation, User
from ortaq.review.models import Conflict, ScoreSheet

PARTS = {
    "scored": _("known only after points were given"),
    "notice": _("declared only after a notice without conflict"),
    "admitted": _("admitted in spite of a conflict"),
}


@dataclass(frozen=True, slots=True)
class Found:
    """Who, about which organisation, at which body, since when it is known; `before` is when the sheet or first notice was signed."""

    person: User
    organisation: Organisation
    body: Organisation
    what: Any
    since: datetime
    before: datetime | None
    said: str = ""


def scored() -> QuerySet[Conflict]:
    """Conflicts that came to be known after the person had signed a sheet on a dossier of that organisation; one query."""
    sheets = ScoreSheet.objects.filter(
        seat__person=OuterRef("person"),
        dossier__panel=OuterRef("panel"),
        dossier__organisation=OuterRef("organisation"),
        signed_at__lt=OuterRef("since"),
    )
    rows = Conflict.objects.filter(Exists(sheets))
    return rows.annotate(before=Subquery(sheets.order_by("signed_at").values("signed_at")[:1]))


def declared() -> QuerySet[Notice]:
    """Notices of a conflict by whoever had signed one without before, about the same project; one query."""
    earlier = Notice.objects.filter(
        person=OuterRef("person"),
        project=OuterRef("project"),
        conflict=False,
        pk__lt=OuterRef("pk"),
    )
    rows = Notice.objects.filter(Exists(earlier), conflict=True)
    return rows.annotate(before=Subquery(earlier.order_by("-pk").values("signed_at")[:1]))


def admitted() -> QuerySet[Admission]:
    """Decisions that somebody with a declared conflict goes on; one query."""
    return Admission.objects.annotate(since=F("decided_at"))


_PROJECT = ("project__contract__grantor", "project__contract__grantee")


def rows_of(part: str) -> QuerySet[Any]:
    """One of `PARTS` with all that its lines show, the last ones first."""
    if part == "scored":
        return scored().select_related("person", "organisation", "panel__organisation")
    if part == "notice":
        return declared().select_related("person", *_PROJECT).defer("answers", "project__baseline")
    found = admitted().select_related(
        "notice__person", *(f"notice__{name}" for name in _PROJECT), "decided_by"
    )
    return found.defer("notice__answers", "notice__project__baseline")


def found_in(part: str, row: Any) -> Found:
    """A row of `rows_of` as a line."""
    if part == "scored":
        what = row.get_reason_display()
        return Found(
            row.person, row.organisation, row.panel.organisation, what, row.since, row.before
        )
    notice = row.notice if part == "admitted" else row
    contract = notice.project.contract
    return Found(
        notice.person,
        contract.grantee,
        contract.grantor,
        notice.get_role_display(),
        row.decided_at if part == "admitted" else row.signed_at,
        notice.signed_at if part == "admitted" else row.before,
        row.reason if part == "admitted" else "",
    )


def page_of(part: str, asked: Mapping[str, Any]) -> tuple[KeyPage[Any], list[Found]]:
    """A page of one of `PARTS`; one query."""
    page = key_page(rows_of(part), asked, order=["-pk"], size=50)
    return page, [found_in(part, row) for row in page.rows]


def counts() -> dict[str, int]:
    """How many there are of each of `PARTS`; three queries."""
    return {
        "scored": scored().count(),
        "notice": declared().count(),
        "admitted": admitted().count(),
    }

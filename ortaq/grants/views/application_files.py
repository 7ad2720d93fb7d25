"""Files of an application: handed in, shown to whoever may read them, taken out of a draft."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ortaq.documents.downloads import stored_download
from ortaq.grants.content import checks
from ortaq.grants.content.whole import Whole
from ortaq.grants.forms.application import AttachmentForm
from ortaq.grants.models import Attachment
from ortaq.grants.procedure import application_draft as draft
from ortaq.grants.queries import application as queries
from ortaq.people.actor import ActorRequest

from . import application_places as places
from .application import GET_POST, own, readable

Kind = Attachment.Kind


@dataclass(frozen=True, slots=True)
class Place:
    """A place for files on the page: what belongs there, what is there, what the form sends."""

    kind: str
    title: Any
    files: list[Attachment]
    row: str = ""
    about: str = ""
    needed: bool = False

    @property
    def optional(self) -> bool:
        """Whether another file is hardly wanted here."""
        return not self.needed or bool(self.files)


@require_http_methods(GET_POST)
def files(request: ActorRequest, pk: int) -> HttpResponse:
    """Parts 6-9: what is needed, what is there, one form to add a file to each place."""
    application = own(request, pk)
    form = AttachmentForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            draft.attach(
                application,
                given["file"],
                actor=request.actor,
                kind=given["kind"],
                about=given["about"],
                row=given["row"],
            )
        except ValidationError as error:
            form.add_error("file", error)
        else:
            messages.success(request, _("The file is added."))
            return redirect(f"{request.path}#{given['kind']}")
    whole = queries.whole_of(application)
    context = {
        **places.frame(whole, checks.everything(whole), request.actor, here="files"),
        "places": _places(whole),
        "form": form,
        "failed": form.is_bound and not form.is_valid(),
    }
    return render(
        request, "grants/application_files.html", context, status=422 if context["failed"] else 200
    )


def _places(whole: Whole) -> list[Place]:
    """Where files belong, in the order of the parts; consents one by one."""
    found = [
        Place(kind, Kind(kind).label, whole.files_of(kind), needed=True)
        for kind in (Kind.CHARTER, Kind.BALANCE)
    ]
    consents = whole.files_of(Kind.CONSENT)
    needed = checks.consents_needed(whole)
    for row, name in needed:
        mine = [one for one in consents if one.row == row]
        found.append(Place(Kind.CONSENT, Kind.CONSENT.label, mine, row, name, needed=True))
    stray = [one for one in consents if one.row not in {row for row, _name in needed}]
    if stray:
        found.append(Place(Kind.CONSENT, Kind.CONSENT.label, stray))
    missing = {finding.about for finding in checks.files(whole)}
    for kind in (Kind.OWN_MONEY, Kind.OTHER_MONEY, Kind.SIGNED, Kind.OTHER):
        wanted = f"files/{kind}" in missing
        found.append(Place(kind, Kind(kind).label, whole.files_of(kind), needed=wanted))
    return found


@require_safe
def file(request: ActorRequest, pk: int, attachment: int) -> FileResponse:
    """A file's content, as a download that no browser runs."""
    application, personal = readable(request, pk)
    row = get_object_or_404(
        Attachment.objects.select_related("file"),
        application=application,
        pk=attachment,
        removed_at=None,
    )
    if not row.open_to(personal=personal):
        raise Http404
    return stored_download(row.file)


@require_POST
def remove(request: ActorRequest, pk: int, attachment: int) -> HttpResponse:
    row = get_object_or_404(
        Attachment.objects.select_related("file", "application"),
        application=own(request, pk),
        pk=attachment,
        removed_at=None,
    )
    draft.detach(row, actor=request.actor)
    messages.success(request, _("The file is taken out."))
    return redirect(f"{reverse('grants:application_files', args=[pk])}#{row.kind}")

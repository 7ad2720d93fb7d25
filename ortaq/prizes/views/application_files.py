"""Files of an application: handed in, shown to whoever may read them, taken out of a draft (PR-014)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ortaq.documents.downloads import stored_download
from ortaq.people.actor import ActorRequest
from ortaq.prizes.content import checks
from ortaq.prizes.content.whole import Whole
from ortaq.prizes.forms.application import FileForm
from ortaq.prizes.models import Attachment
from ortaq.prizes.procedure import application_draft as draft

from . import application_places as places
from .application import GET_POST, own, own_draft, readable

Kind = Attachment.Kind


@dataclass(frozen=True, slots=True)
class Place:
    """A place for files on the page: what belongs there, what is there, what the form sends."""

    kind: str
    title: Any
    files: list[Attachment]
    needed: bool = True
    row: str = ""
    about: str = ""

    @property
    def id(self) -> str:
        """Its place on the page, without signs CSS dislikes."""
        return f"letter-{self.row}".replace("~", "_") if self.row else str(self.kind)


@require_http_methods(GET_POST)
def files(request: ActorRequest, pk: int) -> HttpResponse:
    """What is needed, what is there, one form to add a file to each place."""
    whole = own_draft(request, pk)
    form = FileForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            one = draft.attach(
                whole.application,
                given["file"],
                actor=request.actor,
                kind=given["kind"],
                row=given["row"],
                original=given["original"],
            )
        except ValidationError as error:
            form.add_error("file", error)
        else:
            messages.success(request, _("The file is added."))
            return redirect(f"{request.path}#{_place_of(one)}")
    failed = form.is_bound and not form.is_valid()
    context = {
        **places.frame(whole, checks.everything(whole), request.actor, here="files"),
        "places": _places(whole),
        "form": form,
        "failed": failed,
    }
    status = 422 if failed else 200
    return render(request, "prizes/application_files.html", context, status=status)


def _places(whole: Whole) -> list[Place]:
    """Where files belong, in the order of the list of documents; letters one by one."""
    found = [Place(Kind.MATERIAL, Kind.MATERIAL.label, whole.of_kind(Kind.MATERIAL))]
    letters = whole.of_kind(Kind.RECOMMENDATION)
    rows = {row["id"]: row.get("organisation") or "—" for row in whole.recommendations}
    for row, who in rows.items():
        mine = [one for one in letters if one.row == row]
        found.append(Place(Kind.RECOMMENDATION, Kind.RECOMMENDATION.label, mine, True, row, who))
    if stray := [one for one in letters if one.row not in rows]:
        label = Kind.RECOMMENDATION.label
        found.append(Place(Kind.RECOMMENDATION, label, stray, needed=False))
    kinds = (Kind.CHARTER, Kind.REGISTRATION, Kind.BANK)
    found += [Place(kind, kind.label, whole.of_kind(kind)) for kind in kinds]
    found.append(Place(Kind.OTHER, Kind.OTHER.label, whole.of_kind(Kind.OTHER), needed=False))
    return found


def _place_of(one: Attachment) -> str:
    return Place(one.kind, "", [], row=one.row).id


@require_safe
def file(request: ActorRequest, pk: int, attachment: int) -> HttpResponseBase:
    """A file's content, as a download that no browser runs."""
    whole, personal = readable(request, pk)
    row = next((one for one in whole.files if one.pk == attachment), None)
    if row is None or not (personal or row.for_scorers):
        raise Http404
    return stored_download(row.file)


@require_POST
def remove(request: ActorRequest, pk: int, attachment: int) -> HttpResponse:
    row = get_object_or_404(
        Attachment.objects.select_related("file", "application__round"),
        application=own(request, pk),
        pk=attachment,
        removed_at=None,
    )
    draft.detach(row, actor=request.actor)
    messages.success(request, _("The file is taken out."))
    return redirect(f"{reverse('prizes:files', args=[pk])}#{_place_of(row)}")

"""The pages of signing: find the object, see who has signed, take one signature."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.text import slugify
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from ortaq.faces.parts import Column

from . import manifest as manifests
from . import modes, ncalayer, occasions, policy, procedure, queries, requirement
from .forms import SignatureFileForm, SignatureForm, form_for
from .models import Verdict
from .occasions import Occasion, Party
from .packing import pack

FILES = [
    Column(gettext_lazy("File")),
    Column(gettext_lazy("Size"), numeric=True),
    Column(gettext_lazy("SHA-256")),
]


@dataclass(frozen=True, slots=True)
class Scene:
    """One object that may be signed, as this reader meets it."""

    occasion: Occasion
    obj: Any
    data: bytes  # what is signed
    parties: list[Party]
    mine: list[Party]  # those for whom this reader may sign

    @property
    def digest(self) -> str:
        return hashlib.sha256(self.data).hexdigest()


def scene(request: Any, occasion: str, pk: int) -> Scene:
    """The object and what is signed of it; 404 for an unknown occasion, a hidden or absent object."""
    kind = occasions.get(occasion)
    obj = kind.find(request.actor, pk) if kind else None
    if kind is None or obj is None:
        raise Http404
    parties = list(kind.parties(obj))
    mine = policy.signs_for(request.actor, kind, obj, parties)
    return Scene(kind, obj, kind.manifest(obj, parties), parties, mine)


@ncalayer.reaches_ncalayer
def sign(request: Any, occasion: str, pk: int) -> HttpResponse:
    """What is signed, who has signed, and signing it: with NCALayer or by a chosen file."""
    found = scene(request, occasion, pk)
    form = form_for(request.POST, request.FILES)
    if request.method == "POST":
        answer = _receive(request, found, form)
        if answer is not None:
            return answer
    mode = requirement.mode(found.occasion, found.obj)
    standings = queries.standing(found.occasion, found.obj, data=found.data, parties=found.parties)
    party = _chosen(request, found, standings)
    user = request.actor.user
    read = manifests.read(found.data)
    own = next((one for one in standings if party and one.party.key == party.key), None)
    context = {
        "scene": found,
        "read": read,
        "title": _title(read.title),
        "mode_text": modes.LABELS[mode],
        "open": mode != modes.OFF and found.occasion.open(found.obj),
        "standings": standings,
        "party": party,
        "others": [one for one in found.mine if one is not party] if party else [],
        "mine": found.mine,
        "refused": own and own.refused,
        # A person's signature is compared with their own IIN.
        "without_iin": party and not (party.bin or party.iin or (user and user.iin)),
        "form": form,
        "upload": form if isinstance(form, SignatureFileForm) else SignatureFileForm(),
        "extra": party and [("manifest", found.digest), ("party", party.key)],
        "next": _next(request),
        "back": found.occasion.address(found.obj),
        "papers": found.occasion.papers(found.obj),
        "columns": FILES,
        "wish": party
        and ncalayer.wish(
            found.data, "sign", iin=party.iin or (user.iin if user else ""), bin=party.bin
        ),
    }
    return render(request, "signing/sign.html", context)


def _receive(request: Any, found: Scene, form: SignatureForm) -> HttpResponse | None:
    """Take what was handed in; None when the page has to show what is wrong with the form."""
    if request.POST.get("manifest") != found.digest:
        messages.warning(
            request,
            _(
                "The document was changed meanwhile, so nothing was signed. Look at it again, then sign."
            ),
        )
        return redirect(_again(request))
    if not form.is_valid():
        return None
    signature = procedure.receive(
        found.occasion,
        found.obj,
        actor=request.actor,
        cms=form.cleaned_data["der"],
        party=request.POST.get("party", ""),
    )
    if signature.verdict == Verdict.VALID:
        messages.success(request, _("The signature is verified and kept."))
        return redirect(_next(request) or found.occasion.address(found.obj))
    if signature.verdict == Verdict.UNCHECKED:
        messages.warning(
            request,
            _("The signature is kept, but it could not be checked, so it does not count yet."),
        )
    else:
        messages.error(request, _("The signature was not accepted. The reasons stand below."))
    return redirect(_again(request))


def _chosen(request: Any, found: Scene, standings: list[queries.Standing]) -> Party | None:
    """The party for whom this reader signs now: the one asked for, else the first without a signature."""
    asked = request.GET.get("party", "")
    waiting = {one.party.key for one in standings if one.signed is None}
    order = sorted(found.mine, key=lambda party: (party.key != asked, party.key not in waiting))
    return order[0] if order and order[0].key in waiting else None


def _title(titles: Mapping[str, str]) -> str:
    """The title in the reader's language, else in the one that there is."""
    return titles.get(get_language() or "") or next(filter(None, titles.values()), "")


def _next(request: HttpRequest) -> str:
    """Where to go afterwards, if it is a page of ours."""
    page = request.GET.get("next", "")
    safe = url_has_allowed_host_and_scheme(page, allowed_hosts={request.get_host()})
    return page if safe else ""


def _again(request: HttpRequest) -> str:
    return request.get_full_path()


@require_safe
def manifest(request: Any, occasion: str, pk: int) -> HttpResponse:
    """The bytes to be signed, as a file: for whoever signs them in another program."""
    found = scene(request, occasion, pk)
    response = HttpResponse(found.data, content_type="application/json")
    response["Content-Disposition"] = f'attachment; filename="{_name(found)}.json"'
    return response


@require_safe
def package(request: Any, occasion: str, pk: int) -> FileResponse:
    """What was signed with every signature on it, for whoever verifies it elsewhere."""
    found = scene(request, occasion, pk)
    if not found.occasion.packs(request.actor, found.obj):
        raise Http404
    packed = pack(found.occasion, found.obj)
    if packed is None:
        raise Http404
    return FileResponse(
        packed,
        as_attachment=True,
        filename=f"{_name(found)}-signed.zip",
        content_type="application/zip",
    )


def _name(found: Scene) -> str:
    """The name of the object as a file's."""
    subject = found.occasion.subject(found.obj)
    return str(slugify(subject.replace(".", "-").replace(":", "-")))

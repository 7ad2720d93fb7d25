"""Two pages: what the API is, for everybody; an organisation's tokens, for those who head it."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterator, Mapping
from functools import cache
from itertools import groupby
from typing import Any

from allauth.account.decorators import reauthentication_required
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from ortaq.core import clock
from ortaq.core.procedure import Refused
from ortaq.people.actor import ActorRequest

from . import policy, procedure, queries
from .forms import TokenForm
from .service import api

TAGS = {
    "public": gettext_lazy("For everybody"),
    "law": gettext_lazy("The law"),
    "own": gettext_lazy("Of one's own organisation"),
    "events": gettext_lazy("Events"),
    "drafts": gettext_lazy("Drafts of applications and bids"),
    "expenses": gettext_lazy("Expenses"),
}


@login_not_required
@require_safe
def openapi(request: ActorRequest) -> HttpResponse:
    """The OpenAPI document, the same for everybody."""
    return HttpResponse(_document(), content_type="application/json")


@cache
def _document() -> bytes:
    document = {**api.get_openapi_schema(), "servers": [{"url": settings.SITE_URL}]}
    return json.dumps(document, ensure_ascii=False, default=str).encode()


@login_not_required
@require_safe
def about(request: ActorRequest) -> HttpResponse:
    """What the API is, its limits, tokens, examples, and every address of its OpenAPI document."""
    found = {
        "parts": [
            (TAGS[tag], list(lines))
            for tag, lines in groupby(_operations(), key=lambda line: line["tag"])
        ],
        "site": settings.SITE_URL,
        "token_limit": settings.ORTAQ_API_TOKEN_LIMIT,
        "address_limit": settings.ORTAQ_API_ADDRESS_LIMIT,
    }
    return render(request, "api/about.html", found)


def _operations() -> Iterator[Mapping[str, Any]]:
    """Each operation of the document: tag, method, address, what it gives in the reader's language."""
    for address, methods in json.loads(_document())["paths"].items():
        for method, one in methods.items():
            yield {
                "tag": one["tags"][0],
                "method": method.upper(),
                "address": address,
                "summary": _(one["summary"]),
                "parameters": [p["name"] for p in one["parameters"] if p["in"] == "query"],
            }


@never_cache
@reauthentication_required(allow_get=True)  # type: ignore[untyped-decorator]  # allauth has no types
def tokens(request: ActorRequest) -> HttpResponse:
    """The tokens of the organisation acted for; the secret of a new one stands on the answer to its form alone."""
    organisation = request.actor.acting_for
    makes = policy.makes_tokens(request.actor)
    form = TokenForm(request.POST or None, initial={"once": uuid.uuid4()})
    made, secret, refused, status = None, "", [], 200
    if request.method == "POST":
        status = 422
        if makes and organisation is not None and form.is_valid():
            try:
                made, secret = procedure.make(
                    organisation, actor=request.actor, **form.cleaned_data
                )
            except Refused as said:
                refused, status = said.findings, 409
            else:
                status, form = 200, TokenForm(initial={"once": uuid.uuid4()})
    visible = queries.tokens_visible_to(request.actor).filter(organisation=organisation)
    return render(
        request,
        "api/tokens.html",
        {
            "makes": makes,
            "organisation": organisation,
            "tokens": list(visible[:100]),
            "form": form,
            "made": made,
            "secret": secret,
            "refused": refused,
            "today": clock.today(),
        },
        status=status,
    )


@require_POST
def revoke(request: ActorRequest, pk: int) -> HttpResponse:
    """From this moment the token opens nothing."""
    token = get_object_or_404(queries.tokens_visible_to(request.actor), pk=pk)
    procedure.TOKEN.take("revoke", token, actor=request.actor)
    messages.success(request, _("The token is revoked: it opens nothing any more."))
    return redirect("api:tokens")

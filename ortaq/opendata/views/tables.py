"""The page of the open data, its dictionary, and the tables themselves."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, TypeVar

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import render
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_safe

from ortaq.faces.public import from_replica, public_page
from ortaq.opendata import archive, dictionary
from ortaq.opendata.asked import Absurd, filters_of
from ortaq.opendata.codelists import CODELISTS
from ortaq.opendata.exact import dumps
from ortaq.opendata.groups import GROUPS
from ortaq.opendata.tables import TABLES, Table
from ortaq.opendata.writing import MEDIA, written


@public_page("archive")
def index(request: HttpRequest) -> HttpResponse:
    """Everything that can be taken, with sizes, formats, licence and contact."""
    last = archive.last()
    sizes = last.tables if last else {}
    return render(
        request,
        "opendata/index.html",
        {
            "groups": [
                (
                    words,
                    [(one, sizes.get(one.slug)) for one in TABLES.values() if one.group == group],
                )
                for group, words in GROUPS.items()
            ],
            "codelists": CODELISTS.values(),
            "last": last,
            "days": archive.days(),
            **about(),
        },
    )


def about() -> dict[str, Any]:
    """Licence and contact, for every page of the room."""
    return {
        "licence": settings.ORTAQ_DATA_LICENCE,
        "licence_url": settings.ORTAQ_DATA_LICENCE_URL,
        "contact": settings.ORTAQ_DATA_CONTACT,
        "publisher": settings.ORTAQ_DATA_PUBLISHER,
    }


@public_page()
def table(request: HttpRequest, slug: str) -> HttpResponse:
    """What a table holds, column by column, and where to take it."""
    found = _table(slug)
    return render(
        request,
        "opendata/table.html",
        {"table": found, "formats": MEDIA, "codelists": CODELISTS, **about()},
    )


def _table(slug: str) -> Table:
    if slug not in TABLES:
        raise Http404
    return TABLES[slug]


@login_not_required
@require_safe
@from_replica
@gzip_page
def table_rows(request: HttpRequest, slug: str, kind: str) -> HttpResponseBase:
    """The table, narrowed by `year`, `region`, `field`; streamed, packed where the reader can unpack: it holds no secret."""
    found = _table(slug)
    if kind not in MEDIA:
        raise Http404
    try:
        asked = filters_of(found, request.GET.dict())
    except Absurd as absurd:
        return plain_refusal(absurd)
    name = "-".join([found.slug, *(str(value) for value in asked.values())])
    head = dictionary.head_of(found, asked)
    return download(written(kind, found.codes, found.read(asked), head), kind, name)


def plain_refusal(absurd: Absurd, status: int = 400) -> HttpResponse:
    """One sentence, for people and programs alike."""
    return HttpResponse(f"{absurd}\n", content_type="text/plain; charset=utf-8", status=status)


def download(pieces: Iterable[bytes], kind: str, name: str) -> StreamingHttpResponse:
    """A file that is written while it is sent; any site may read it."""
    answer = StreamingHttpResponse(pieces, content_type=MEDIA[kind])
    answer["Content-Disposition"] = f'attachment; filename="{name}.{kind}"'
    return shared(answer)


Answer = TypeVar("Answer", bound=HttpResponseBase)


def shared(answer: Answer) -> Answer:
    """The same for pages of other sites: these data are everybody's."""
    answer["Access-Control-Allow-Origin"] = "*"
    return answer


@login_not_required
@require_safe
@from_replica
@gzip_page
def data_package(request: HttpRequest) -> HttpResponse:
    """The dictionary for machines."""
    return shared(HttpResponse(dumps(dictionary.package()), content_type="application/json"))


@login_not_required
@require_safe
@from_replica
@gzip_page
def codelist(request: HttpRequest, slug: str, kind: str) -> HttpResponseBase:
    """A list of codes with their words in three languages."""
    if slug not in CODELISTS or kind not in MEDIA:
        raise Http404
    found = CODELISTS[slug]
    head = {"codelist": slug, "title": found.title.as_dict(), "licence": dictionary.LICENCE}
    return download(written(kind, found.heads, found.rows(), head), kind, slug)

"""Feeds of what is published: Atom for readers of news, iCal for calendars."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import translation
from django.utils.feedgenerator import Atom1Feed
from django.utils.html import escape
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from ortaq.core import clock, money
from ortaq.documents.text import printable
from ortaq.faces import ical
from ortaq.faces.public import public_page
from ortaq.gazette.models import Publication
from ortaq.people import agenda
from ortaq.people.actor import ActorRequest
from ortaq.subscriptions import queries
from ortaq.subscriptions.filters import Filters, NotUnderstood, no_page


def _told(
    request: HttpRequest, make: Callable[[HttpRequest, Filters], HttpResponse]
) -> HttpResponse:
    """The feed in the language that is asked for (`lang`), or that of the request; a filter that means nothing is told."""
    language = request.GET.get("lang") or translation.get_language()
    if language not in dict(settings.LANGUAGES):
        language = settings.LANGUAGE_CODE
    with translation.override(language):
        try:
            filters = Filters.read(request.GET)
        except NotUnderstood as wrong:
            return _not_understood(wrong.sentences)
        if not filters.is_there():
            return _not_understood([no_page(filters.page)])
        return make(request, filters)


def _not_understood(sentences: Sequence[str]) -> HttpResponse:
    text = "\n".join(sentences)
    return HttpResponse(f"{text}\n", status=400, content_type="text/plain; charset=utf-8")


@public_page("gazette")
def publications(request: HttpRequest) -> HttpResponse:
    """What changed last of what is followed, as Atom."""
    return _told(request, _atom)


def _atom(request: HttpRequest, filters: Filters) -> HttpResponse:
    rows = queries.entries(filters)
    site = settings.SITE_URL
    here = reverse("subscriptions:atom") + (f"?{filters.query}" if filters.query else "")
    feed = Atom1Feed(
        title=_plain(f"{settings.SITE_NAME}: {filters.title()}"),
        link=f"{site}/",
        description=_("What state bodies and NGOs publish about public money for civil society."),
        language=translation.get_language(),
        author_name=settings.SITE_NAME,
        feed_url=f"{site}{here}",
        feed_guid=f"{site}{here}",
    )
    for row in rows:
        feed.add_item(
            title=_plain(row.title),
            link=f"{site}{row.address}",
            # A summary is HTML to whoever reads the feed: what people typed must stay text.
            description=escape(_plain(_about(row))),
            pubdate=row.published_at,
            updateddate=row.changed_at,
            unique_id=f"{site}/#{row.key}",
            categories=[str(row.get_kind_display())],
        )
    return HttpResponse(
        feed.writeString("utf-8"), content_type="application/atom+xml; charset=utf-8"
    )


def _about(row: Publication) -> str:
    """What a line says of a publication beside its title."""
    told: list[Any] = [capfirst(str(row.get_kind_display()))]
    told += [row.body.name] if row.body else []
    told += [row.recipient.name] if row.recipient and row.recipient.name != row.title else []
    told += [money.show(row.sum_tiyn)] if row.sum_tiyn else []
    told += [row.summary] if row.summary else []
    return " · ".join(str(one) for one in told)


def _plain(text: str) -> str:
    """A text in one line, without what XML refuses."""
    return " ".join(printable(text).split())


@public_page("gazette")
def deadlines(request: HttpRequest) -> HttpResponse:
    """The public terms of what is followed, as a calendar."""
    return _told(request, _calendar)


def _calendar(request: HttpRequest, filters: Filters) -> HttpResponse:
    rows = queries.deadlines(filters, clock.now())
    events = (
        ical.Event(
            f"publication-{row.pk}",
            row.closes_at,
            f"{capfirst(str(row.get_kind_display()))}: {row.title}",
            row.body.name if row.body else "",
            row.address,
            row.changed_at,
        )
        for row in rows
        if row.closes_at
    )
    name = f"{settings.SITE_NAME}: {filters.title()}"
    return HttpResponse(
        ical.feed(events, name=name, site=settings.SITE_URL), content_type=ical.TYPE
    )


@login_not_required
@require_safe
def organisation(request: ActorRequest, token: str) -> HttpResponse:
    """The duties of one organisation, for whoever's secret address this is, in their language."""
    found = queries.calendar_holder(token)
    if found is None:
        raise Http404
    with translation.override(found.user.language):
        feed = ical.feed(
            agenda.events(
                (duty, found.organisation) for duty in queries.duties_of(found.organisation)
            ),
            name=f"{settings.SITE_NAME}: {found.organisation.name}",
            site=settings.SITE_URL,
        )
    response = HttpResponse(feed, content_type=ical.TYPE)
    response["Cache-Control"] = "private, no-store"
    return response

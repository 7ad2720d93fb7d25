"""Pages that everybody gets alike are made once and kept ready while what they tell stays the same.

    @public_page("gazette", "late")
    def home(request): ...

Such a page is kept for readers without a session, by address, filters and language. It is shown again only while each
of its marks answers as it did before the page was made (a mark is one cheap query: "the last number of the gazette",
see `marks`), and until the next instant at which a clock on it may change. A step that was committed therefore shows
in the next request, in every process, and nobody has to remember to throw anything away.

What carries a token, a cookie or a message is never kept: it is one reader's.
"""

from __future__ import annotations

import gzip
import hashlib
from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial, wraps
from typing import Any, cast
from urllib.parse import parse_qsl

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.cache import caches
from django.core.exceptions import DisallowedHost
from django.http import (
    FileResponse,
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    StreamingHttpResponse,
)
from django.utils.cache import get_conditional_response, patch_vary_headers
from django.utils.translation import get_language_from_request
from django.views.decorators.http import require_safe

from ortaq.core import clock, replica

CACHE = "pages"
# Nobody's filters are longer; what a scraper makes up is answered, and not kept.
QUERY = 500
# Cookies that make a page one reader's.
OWN = (settings.SESSION_COOKIE_NAME, "messages")
VARY = ("Cookie", "Accept-Language", "Accept-Encoding")

Mark = Callable[[], Hashable]
# By name; whoever publishes something says here how it is seen that something has changed.
marks: dict[str, Mark] = {}


@dataclass(frozen=True, slots=True)
class Ready:
    """A page as it is kept: `content` is compressed, `marks` are what they answered before it was made."""

    content: bytes
    headers: dict[str, str]
    etag: str
    since: datetime
    until: datetime
    marks: dict[str, Hashable] = field(default_factory=dict)

    def holds(self, now: datetime) -> bool:
        """Whether it is still what would be made now. A clock set back makes a page anew, too."""
        return self.since <= now < self.until and all(
            marks[name]() == answer for name, answer in self.marks.items()
        )


def next_change(now: datetime) -> datetime:
    """The next instant at which a clock on a page may change: on the minute, and with its last second, since terms
    end at 23:59:59.
    """
    begun = now.replace(microsecond=0)
    return begun + timedelta(seconds=59 - now.second if now.second < 59 else 1)


def public_page(*names: str) -> Callable[[Callable[..., HttpResponseBase]], Any]:
    """A view that everybody may read without signing in and that shows nothing of the reader; `names` are its marks."""

    def kept(view: Callable[..., HttpResponseBase]) -> Any:
        @wraps(view)
        def shown(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if hasattr(request, "ready"):
                # Before the page is read, and from where it is read: what is committed meanwhile makes it old, never wrong.
                request.ready = {name: marks[name]() for name in names}
            return view(request, *args, **kwargs)

        return login_not_required(require_safe(from_replica(shown)))

    return kept


def from_replica(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """A view that only reads what is public: for readers without a session the replica answers, where there is one."""

    @wraps(view)
    def shown(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not is_anybody(request):
            return view(request, *args, **kwargs)
        response, replicated = replica.answered(lambda: view(request, *args, **kwargs))
        made_while_sent = isinstance(response, StreamingHttpResponse)
        if replicated and made_while_sent and not isinstance(response, FileResponse):
            streaming = cast(StreamingHttpResponse, response)
            pieces = cast(Iterable[bytes], streaming.streaming_content)
            streaming.streaming_content = replica.streamed(pieces)
        return response

    return shown


def is_anybody(request: HttpRequest) -> bool:
    """Whether a request only reads and says nothing of who sends it: it need not see what its sender did a moment ago."""
    if request.method not in ("GET", "HEAD") or "Authorization" in request.headers:
        return False
    return not any(name in request.COOKIES for name in OWN)


class ReadyPagesMiddleware:
    """Answers with a page that is ready, and keeps what the views of `public_page` made.

    It stands before the session: a reader without one costs no more than the marks.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if not may_be_ready(request):
            return self.get_response(request)
        name, now = name_of(request), clock.now()
        kept: Ready | None = caches[CACHE].get(name)
        if kept is not None and replica.answered(partial(kept.holds, now))[0]:
            return answer(request, kept)
        request.ready = None  # type: ignore[attr-defined]  # a view of `public_page` puts its marks there
        response = self.get_response(request)
        seen = request.ready  # type: ignore[attr-defined]
        if seen is None or not is_alike_for_all(response):
            return response
        assert isinstance(response, HttpResponse)
        ready = made(response, seen, now)
        caches[CACHE].set(name, ready, (ready.until - now).total_seconds())
        return answer(request, ready)


def may_be_ready(request: HttpRequest) -> bool:
    """Whether everybody would get the same answer to this request."""
    if not is_anybody(request):
        return False
    if len(request.META.get("QUERY_STRING", "")) > QUERY or "HX-Request" in request.headers:
        return False
    try:
        request.get_host()
    except DisallowedHost:  # whoever is behind this middleware refuses it
        return False
    return True


def is_alike_for_all(response: HttpResponseBase) -> bool:
    """Whether an answer may be given to others too: a cookie on it would mean a token or a message."""
    return response.status_code == 200 and not response.streaming and not response.cookies


def name_of(request: HttpRequest) -> str:
    """Path, filters (their order does not matter) and language of a request, as the name of what is kept."""
    query = request.META.get("QUERY_STRING", "")
    filters = sorted(parse_qsl(query, keep_blank_values=True), key=lambda pair: pair[0])
    asked = repr((request.path, filters, get_language_from_request(request)))
    return hashlib.sha256(asked.encode(errors="surrogatepass")).hexdigest()


def made(response: HttpResponse, seen: dict[str, Hashable], now: datetime) -> Ready:
    """The answer as it is kept."""
    headers = {name: value for name, value in response.items() if name != "Content-Length"}
    headers["Cache-Control"] = "public, no-cache"
    return Ready(
        # Compressing what carries no secret tells nobody anything.
        content=gzip.compress(response.content, 6, mtime=0),
        headers=headers,
        etag=f'W/"{hashlib.sha256(response.content).hexdigest()[:32]}"',
        since=now,
        until=next_change(now),
        marks=seen,
    )


def answer(request: HttpRequest, ready: Ready) -> HttpResponseBase:
    """What is kept, or 304 for whoever has it already."""
    response = HttpResponse(headers=ready.headers)
    response["ETag"] = ready.etag
    patch_vary_headers(response, VARY)
    if "gzip" in request.headers.get("Accept-Encoding", ""):
        response.content = ready.content
        response["Content-Encoding"] = "gzip"
    else:
        response.content = gzip.decompress(ready.content)
    response["Content-Length"] = str(len(response.content))
    found = get_conditional_response(request, etag=ready.etag, response=response)
    assert found is not None
    return found

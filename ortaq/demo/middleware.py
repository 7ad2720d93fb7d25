"""Each request of a demonstration is answered at the demonstration's instant."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import timedelta
from typing import cast

from django.http import FileResponse, HttpRequest, StreamingHttpResponse
from django.http.response import HttpResponseBase

from ortaq.core import clock

from . import travel


class TravellingClockMiddleware:
    """Runs the clock ahead around a request, and around what is streamed after it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        by = travel.ahead()
        with clock.ahead(by):
            response = self.get_response(request)
        if isinstance(response, StreamingHttpResponse) and not isinstance(response, FileResponse):
            chunks = cast(Iterable[bytes], response.streaming_content)  # the house streams no other
            response.streaming_content = at_the_same_time(chunks, by)
        return response


def at_the_same_time(chunks: Iterable[bytes], by: timedelta) -> Iterator[bytes]:
    """The chunks, each made with the clock ahead by `by`: an export still asks what time it is."""
    source = iter(chunks)
    while True:
        with clock.ahead(by):
            chunk = next(source, None)
        if chunk is None:
            return
        yield chunk

"""What a request takes of the server's own time, whatever else works on the machine."""

from __future__ import annotations

import time
from collections.abc import Callable

from django.http import HttpRequest
from django.http.response import HttpResponseBase

HEADER = "Server-Timing"


def thread_time(
    get_response: Callable[[HttpRequest], HttpResponseBase],
) -> Callable[[HttpRequest], HttpResponseBase]:
    """Middleware: tells the milliseconds of CPU that the thread spent on the answer."""

    def answer(request: HttpRequest) -> HttpResponseBase:
        began = time.thread_time()
        response = get_response(request)
        response[HEADER] = f"cpu;dur={(time.thread_time() - began) * 1000:.2f}"
        return response

    return answer


def told(header: str | None) -> float:
    """The milliseconds of such a header."""
    return float((header or "dur=0").rpartition("=")[2])

"""A body that stops before its promised length is no body: nothing of it is read as a form.

A line that drops in the middle of an upload would otherwise leave the first half of a photograph, which no parser of forms
tells from a whole one.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from typing import Any, Protocol

from ortaq.core import clock

Application = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


PROMPT = 1.0  # seconds within which a form is here, however busy the server


class Source(Protocol):
    """What a web server gives as `wsgi.input`."""

    def read(self, size: int = -1, /) -> bytes: ...
    def readline(self, size: int = -1, /) -> bytes: ...


class BrokenOff(OSError):
    """The client is gone; Django answers as to every connection that breaks while it reads."""


class Promised:
    """The body of a request, which must be as long as its head says."""

    def __init__(self, source: Source, length: int) -> None:
        self.source, self.left = source, length
        self.begun = time.monotonic()

    def read(self, size: int = -1, /) -> bytes:
        wanted = self.left if size < 0 else min(size, self.left)
        return self._taken(self.source.read(wanted), wanted)

    def readline(self, size: int = -1, /) -> bytes:
        wanted = self.left if size < 0 else min(size, self.left)
        return self._taken(self.source.readline(wanted), min(wanted, 1))

    def _taken(self, chunk: bytes, least: int) -> bytes:
        if not chunk and least:
            raise BrokenOff(f"{self.left} bytes of the request never came")
        self.left -= len(chunk)
        if not self.left and time.monotonic() - self.begun > PROMPT:
            clock.arrived_only_now()  # the end of a form must not come after a deadline that its beginning kept
        return chunk


def whole_bodies(application: Application) -> Application:
    """`application`, which never sees the beginning of a body as the whole of it."""

    def answer(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        length = str(environ.get("CONTENT_LENGTH") or "")
        if length.isascii() and length.isdigit():
            environ = {**environ, "wsgi.input": Promised(environ["wsgi.input"], int(length))}
        return application(environ, start_response)

    return answer

"""HTTP to the service: with its token, over TLS that is always verified, within bounds of time and size."""

from __future__ import annotations

import random
import ssl
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from http.client import HTTPException
from typing import Any, Protocol
from urllib.error import HTTPError
from urllib.parse import urlsplit
from urllib.request import HTTPRedirectHandler, HTTPSHandler, Request, build_opener

TIMEOUT = 20  # seconds for a word of the service
LONGEST = 60  # seconds for its whole answer
LARGEST = 8 * 1024 * 1024  # 200 rows of some kilobytes
TRIES = 4
LONGEST_PAUSE = 30  # seconds
AGAIN = frozenset({408, 429, 500, 502, 503, 504})
LOCAL = frozenset({"127.0.0.1", "::1", "localhost"})


class Trouble(Exception):
    """Nothing can be read: `code` is one of `TROUBLES`, `why` a word for the administrator, never the token."""

    def __init__(self, code: str, why: str = "") -> None:
        self.code, self.why = code, why[:200]
        super().__init__(f"{code}: {why}")


class Transport(Protocol):
    """Sends one request: `path` begins with "/"; what comes back is the status and the body."""

    name: str

    def send(self, path: str, body: bytes | None = None) -> tuple[int, bytes]: ...


class _NoRedirects(HTTPRedirectHandler):
    """The token goes to the service and to nobody whom it names."""

    def redirect_request(self, *_args: Any, **_kwargs: Any) -> None:
        return None


@dataclass
class Https:
    """The service at `url`. Only https, but for a double on this machine.

    `bundle`: file of the authorities that are trusted, where those of the system do not do. A proxy is the environment's
    (`HTTPS_PROXY`). There is no way to switch the verification of TLS off.
    """

    url: str
    token: str
    bundle: str = ""
    timeout: float = TIMEOUT
    longest: float = LONGEST
    tries: int = TRIES
    pause: Callable[[float], None] = time.sleep
    name: str = field(init=False)

    def __post_init__(self) -> None:
        at = urlsplit(self.url)
        if at.scheme != "https" and not (at.scheme == "http" and at.hostname in LOCAL):
            raise Trouble("settings", "ORTAQ_GOSZAKUP_URL")
        if not self.token or not self.token.isascii() or not self.token.isprintable():
            raise Trouble("settings", "ORTAQ_GOSZAKUP_TOKEN")
        try:
            context = ssl.create_default_context(cafile=self.bundle or None)
        except (OSError, ssl.SSLError) as error:
            raise Trouble("settings", "ORTAQ_GOSZAKUP_CA") from error
        self.name = at.netloc.rpartition("@")[2]
        self._opener = build_opener(_NoRedirects, HTTPSHandler(context=context))

    def send(self, path: str, body: bytes | None = None) -> tuple[int, bytes]:
        """The answer to the last of at most `tries` attempts; `Trouble` when none came."""
        for attempt in range(1, self.tries + 1):
            wait = min(2.0 ** (attempt - 1), LONGEST_PAUSE)
            last = attempt == self.tries
            try:
                status, answer, asked = self._once(path, body)
            except (OSError, HTTPException, ValueError) as error:
                if last or isinstance(error, ssl.SSLCertVerificationError) or _untrusted(error):
                    raise Trouble("down", type(error).__name__) from error
            else:
                if status not in AGAIN or last:
                    return status, answer
                wait = min(max(wait, asked), LONGEST_PAUSE)
            # Many who were turned away together do not come back together.
            self.pause(wait * random.uniform(0.75, 1.0))  # noqa: S311
        raise AssertionError("unreachable")  # pragma: no cover

    def _once(self, path: str, body: bytes | None) -> tuple[int, bytes, int]:
        headers = {"Accept": "application/json", "Authorization": f"Bearer {self.token}"}
        if body is not None:
            headers["Content-Type"] = "application/json"
        request = Request(self.url.rstrip("/") + path, body, headers)  # noqa: S310 - looked at above
        until = time.monotonic() + self.longest
        try:
            with self._opener.open(request, timeout=self.timeout) as response:
                return response.status, _read(response, until), 0
        except HTTPError as refused:
            with refused:
                asked = refused.headers.get("Retry-After", "")
                seconds = int(asked[:6]) if asked.isascii() and asked.isdigit() else 0
                return refused.code, _read(refused, until), seconds


def _read(response: Any, until: float) -> bytes:
    found = b""
    while piece := response.read1(64 * 1024):
        found += piece
        if len(found) > LARGEST:
            raise Trouble("odd", "an answer without end")
        if time.monotonic() > until:
            raise Trouble("down", "timeout")
    return found


def _untrusted(error: Exception) -> bool:
    """A certificate that is not trusted now will not be trusted in a second."""
    return isinstance(getattr(error, "reason", None), ssl.SSLCertVerificationError)

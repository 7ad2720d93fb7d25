"""What browsers report of our content policy (CSP): what they refused to load or run on one of our pages.

Anybody may send such a report, true or not. So it is read as one reads a stranger's: few, small, and of each only the directive,
the origin of what was refused and the name of the page's address. Neither its address with numbers and tokens, nor the browser,
the sample of the script, the network or the reader are kept.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from django.urls import Resolver404, resolve

from .present import NO_ROUTE

MOST_BYTES = 16_384  # of one message
MOST_REPORTS = 5  # that are read of one message
MOST_A_MINUTE = 30  # messages of all together
MOST_AN_HOUR = 60  # messages of one network
LONGEST_URL = 2_000
# By the two ways in which browsers send them (report-uri, report-to).
TYPES = frozenset({"application/csp-report", "application/reports+json", "application/json"})
DIRECTIVES = frozenset(
    {
        *("default-src", "script-src", "script-src-elem", "script-src-attr", "style-src"),
        *("style-src-elem", "style-src-attr", "img-src", "font-src", "connect-src", "media-src"),
        *("object-src", "frame-src", "child-src", "worker-src", "manifest-src", "base-uri"),
        *("form-action", "frame-ancestors", "sandbox", "require-trusted-types-for"),
    }
)
WORDS = frozenset({"inline", "eval", "wasm-eval", "self"})
WEB = frozenset({"http", "https", "ws", "wss"})
# Of these the scheme says all that an administrator can use; which extension somebody has is nobody's business.
SCHEMES = frozenset(
    {
        *("data", "blob", "filesystem", "about", "javascript", "file"),
        *("chrome-extension", "moz-extension", "safari-extension", "safari-web-extension"),
    }
)
HOST = re.compile(r"[a-z0-9.-]{1,100}")
OTHER = "other"


@dataclass(frozen=True, slots=True)
class Violation:
    """What was refused: by which directive, from where (an origin, or a word for it), on which page (name of its address)."""

    directive: str
    blocked: str
    route: str


class Unreadable(Exception):
    """No report of a browser."""


def read(body: bytes) -> list[Violation]:
    """The violations in a message; those of directives that nobody knows are left out. `Unreadable` for what is no report."""
    try:
        told = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise Unreadable from error
    rows = told if isinstance(told, list) else [told]
    return list(dict.fromkeys(_violations(rows[:MOST_REPORTS])))


def _violations(rows: list[Any]) -> Iterator[Violation]:
    for row in rows:
        if not isinstance(row, dict):
            raise Unreadable
        found = row.get("csp-report") or row.get("body")
        if not isinstance(found, dict):
            raise Unreadable
        directive = _text(found, "effective-directive", "effectiveDirective", "violated-directive")
        name = directive.split(" ")[0].lower()
        if name in DIRECTIVES:
            blocked = _text(found, "blocked-uri", "blockedURL")
            page = _text(found, "document-uri", "documentURL")
            yield Violation(name, origin_of(blocked), route_of(page))


def _text(found: dict[str, Any], *names: str) -> str:
    told = next((found[name] for name in names if isinstance(found.get(name), str)), "")
    return str(told).strip()[:LONGEST_URL]


def origin_of(told: str) -> str:
    """Scheme, host and port of an address; a word where there are none."""
    text = told.lower()
    if text in WORDS or text.rstrip(":") in SCHEMES:
        return text.rstrip(":")
    try:
        parts = urlsplit(text)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        return OTHER
    if parts.scheme in WEB and HOST.fullmatch(host):
        return f"{parts.scheme}://{host}" + (f":{port}" if port else "")
    return parts.scheme if parts.scheme in SCHEMES else OTHER


def route_of(told: str) -> str:
    """The name of the address of one of our pages."""
    try:
        match = resolve(urlsplit(told).path)
    except (Resolver404, ValueError):
        return NO_ROUTE
    return match.view_name or NO_ROUTE

"""The server's side of NCALayer: where the reader's browser finds it, and which pages may reach it.

NCALayer is the program of the national certification authority on the reader's own machine. The server never
talks to it: the page does (`static/signing/ncalayer.js`), and hands in the CMS like any other field.
"""

from __future__ import annotations

import base64
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import wraps
from typing import Any, Concatenate, ParamSpec, cast
from urllib.parse import urlsplit

from csp.decorators import csp_update
from django.conf import settings
from django.http import HttpResponse
from django.utils.translation import get_language

Parameters = ParamSpec("Parameters")
View = Callable[Concatenate[Any, Parameters], HttpResponse]

# KAZTOKEN, which answers in the place of NCALayer, also has an address of its own.
KAZTOKEN = "https://127.0.0.1:24680"
LANGUAGES = {"kk", "ru"}  # those that NCALayer speaks


@dataclass(frozen=True, slots=True)
class Identity:
    """Somebody whose test certificate a demonstration offers."""

    iin: str
    name: str


# Functions that name the people of a demonstration: on any other installation there are none.
identities: list[Callable[[], Sequence[Identity]]] = []


@dataclass(frozen=True, slots=True)
class Wish:
    """What the page asks of NCALayer: content (base64), purpose ("sign" or "authenticate"), and whose
    certificates it offers to choose from. A filter for the eye only: who may sign is judged afterwards.
    """

    content: str
    purpose: str
    iin: str = ""
    bin: str = ""

    @property
    def address(self) -> str:
        return str(settings.ORTAQ_NCALAYER_URL)

    @property
    def language(self) -> str:
        language = (get_language() or "")[:2]
        return language if language in LANGUAGES else "kk"

    @property
    def is_test(self) -> bool:
        """Whether a stand-in of NCALayer answers, with keys that everybody could have."""
        return bool(settings.DEMO)


def wish(content: bytes, purpose: str, *, iin: str | None = "", bin: str | None = "") -> Wish:  # noqa: A002
    """The wish for one signature over `content`."""
    return Wish(base64.b64encode(content).decode(), purpose, iin or "", bin or "")


def people() -> list[Identity]:
    """Whom a demonstration offers to sign in as."""
    return [one for offered in identities for one in offered()]


def reaches_ncalayer(view: View[Parameters]) -> View[Parameters]:
    """The pages of `view` may connect to NCALayer, and no other page may."""

    @wraps(view)
    def opened(
        request: Any, /, *args: Parameters.args, **kwargs: Parameters.kwargs
    ) -> HttpResponse:
        update = csp_update({"connect-src": sources()})
        return cast(HttpResponse, update(view)(request, *args, **kwargs))

    return opened


def sources() -> list[str]:
    """What the content security policy of a signing page allows beside the site itself."""
    parts = urlsplit(settings.ORTAQ_NCALAYER_URL)
    found = [f"{parts.scheme}://{parts.netloc}"]
    return found if settings.DEMO else [*found, KAZTOKEN]

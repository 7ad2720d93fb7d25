"""Headers of every answer, whichever room gave it; what pages may load is said by `CONTENT_SECURITY_POLICY`."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase

# No page of the house uses any of these, so neither does anything that might be smuggled into one.
NOTHING_OF = (
    "accelerometer",
    "autoplay",
    "browsing-topics",
    "camera",
    "display-capture",
    "encrypted-media",
    "fullscreen",
    "geolocation",
    "gyroscope",
    "magnetometer",
    "microphone",
    "midi",
    "payment",
    "picture-in-picture",
    "screen-wake-lock",
    "serial",
    "usb",
    "xr-spatial-tracking",
)
OWN = ("publickey-credentials-create", "publickey-credentials-get")
PERMISSIONS = ", ".join([*(f"{one}=()" for one in NOTHING_OF), *(f"{one}=(self)" for one in OWN)])
# What is not one of our pages is never more than data, even where a browser would show it: it runs nothing, loads
# nothing, sends nothing, and is nobody's page.
SANDBOX = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'; sandbox"
POLICY = "Content-Security-Policy"


class SafetyMiddleware:
    """Outside of all others: also what they answer themselves has these headers."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        if request.path_info.startswith(settings.STATIC_URL):
            response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
            return response
        response.headers["Permissions-Policy"] = PERMISSIONS
        response.headers["X-Content-Type-Options"] = "nosniff"
        # Who may read an answer from elsewhere may embed it as well: the API, open data.
        shared = "Access-Control-Allow-Origin" in response
        response.headers.setdefault(
            "Cross-Origin-Resource-Policy", "cross-origin" if shared else "same-origin"
        )
        # An answer without a policy was given before the pages' own layers: a probe, a redirect to TLS.
        if is_data(response) or POLICY not in response:
            response.headers[POLICY] = SANDBOX
        response.headers.setdefault("Cache-Control", "private, no-cache")
        if request.path_info == LEAVING and request.method == "POST":
            response.headers["Clear-Site-Data"] = '"cache"'
        return response


# Pages of a person may lie in the browser's own store, or nothing typed would survive the way back; they leave it
# with the person.
LEAVING = "/account/logout/"


def is_data(response: HttpResponseBase) -> bool:
    """Whether an answer is a file, a feed, a table, and not one of our pages."""
    kind = response.get("Content-Type", "").partition(";")[0]
    return "Content-Disposition" in response or (bool(kind) and kind != "text/html")

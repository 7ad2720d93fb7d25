"""Every address of the house, room by room."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

# Rooms in the order in which addresses are tried; a room brings its own prefix. Trying all of them takes longer than
# registering somebody: what a whole hall asks for at one moment stands first.
ROOMS = (
    "projects",
    "portal",
    "grants",
    "planning",
    "tenders",
    "prizes",
    "oversight",
    "review",
    "registry",
    "people",
    "signing",
    "documents",
    "faces",
    "demo",
)

urlpatterns: list[URLPattern | URLResolver] = [
    path("account/", include("allauth.account.urls")),
    path("account/2fa/", include("allauth.mfa.urls")),
    *(path("", include(f"ortaq.{room}.urls")) for room in ROOMS),
]

handler404 = "ortaq.faces.views.not_found"
handler403 = "ortaq.faces.views.forbidden"
handler429 = "ortaq.faces.views.too_many"
handler500 = "ortaq.faces.views.broken"
handler400 = "ortaq.faces.views.bad_request"

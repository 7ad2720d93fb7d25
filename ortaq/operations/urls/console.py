"""Addresses of the console's own pages, and of what machines ask."""

from __future__ import annotations

from django.urls import URLPattern, path

from ortaq.operations.views import health, overview

urlpatterns: list[URLPattern] = [
    path("health/", health.health, name="health"),
    path("ready/", health.ready, name="ready"),
    path("console/", overview.overview, name="console"),
]

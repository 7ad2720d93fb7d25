"""Addresses of planning, by noun."""

from __future__ import annotations

from django.urls import URLPattern

from . import council, formation, needs, specification

app_name = "planning"
urlpatterns: list[URLPattern] = [
    *needs.urlpatterns,
    *formation.urlpatterns,
    *council.urlpatterns,
    *specification.urlpatterns,
]

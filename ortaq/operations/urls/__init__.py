"""Addresses for whoever runs an installation, and for the machines that watch it."""

from __future__ import annotations

from django.urls import URLPattern

from . import background, console

app_name = "operations"
urlpatterns: list[URLPattern] = [
    *console.urlpatterns,
    *background.urlpatterns,
]

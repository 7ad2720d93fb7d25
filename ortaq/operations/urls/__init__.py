"""Addresses for whoever runs an installation, and for the machines that watch it."""

from __future__ import annotations

from django.urls import URLPattern

from . import background, console, personal

app_name = "operations"
urlpatterns: list[URLPattern] = [
    *console.urlpatterns,
    *personal.urlpatterns,
    *background.urlpatterns,
]

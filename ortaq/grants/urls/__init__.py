"""Addresses of grants, by noun."""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec

from django.urls import URLPattern

app_name = "grants"
urlpatterns: list[URLPattern] = []
for noun in ("plan", "proposal", "competition", "application", "check", "outcome", "contract"):
    if find_spec(f"{__name__}.{noun}"):
        urlpatterns += import_module(f"{__name__}.{noun}").urlpatterns

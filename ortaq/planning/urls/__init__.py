"""Addresses of planning, by noun."""

from __future__ import annotations

from django.urls import URLPattern

from . import formation

app_name = "planning"
urlpatterns: list[URLPattern] = [
    *formation.urlpatterns,
]

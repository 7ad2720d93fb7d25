"""The addresses of the exports that follow a standard."""

from __future__ import annotations

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []

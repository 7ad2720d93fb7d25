"""Addresses of oversight, by noun."""

from __future__ import annotations

from django.urls import URLPattern

from . import engagement

app_name = "oversight"
urlpatterns: list[URLPattern] = [*engagement.urlpatterns]

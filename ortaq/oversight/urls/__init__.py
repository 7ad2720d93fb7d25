"""Addresses of oversight, by noun."""

from __future__ import annotations

from django.urls import URLPattern

from . import council, engagement, evaluation, instrument, project, statutory, visit

app_name = "oversight"
urlpatterns: list[URLPattern] = [
    *project.urlpatterns,
    *council.urlpatterns,
    *engagement.urlpatterns,
    *evaluation.urlpatterns,
    *statutory.urlpatterns,
    *visit.urlpatterns,
    *instrument.urlpatterns,
]

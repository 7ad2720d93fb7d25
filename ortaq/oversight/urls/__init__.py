"""Addresses of oversight, by noun."""

from __future__ import annotations

from django.urls import URLPattern

from . import (
    collected,
    council,
    engagement,
    evaluation,
    followup,
    government,
    instrument,
    lesson,
    overseers,
    project,
    statutory,
    visit,
)

app_name = "oversight"
urlpatterns: list[URLPattern] = [
    *project.urlpatterns,
    *council.urlpatterns,
    *engagement.urlpatterns,
    *evaluation.urlpatterns,
    *statutory.urlpatterns,
    *collected.urlpatterns,
    *government.urlpatterns,
    *visit.urlpatterns,
    *instrument.urlpatterns,
    *followup.urlpatterns,
    *lesson.urlpatterns,
    *overseers.urlpatterns,
]

"""Addresses of prizes, by noun."""

from __future__ import annotations

from django.urls import URLPattern

from . import application, awarding
from . import round as rounds

app_name = "prizes"
urlpatterns: list[URLPattern] = [
    *rounds.urlpatterns,
    *application.urlpatterns,
    *awarding.urlpatterns,
]

"""Addresses of tenders, by noun."""

from __future__ import annotations

from django.urls import URLPattern

from . import bid, commission, tender

app_name = "tenders"
urlpatterns: list[URLPattern] = [
    *tender.urlpatterns,
    *bid.urlpatterns,
    *commission.urlpatterns,
]

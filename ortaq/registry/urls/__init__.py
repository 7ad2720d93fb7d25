"""Addresses of the registers, by noun."""

from __future__ import annotations

from django.urls import URLPattern

from . import annual_return, expert, law_data, ngo, standing_flag, table_import

app_name = "registry"
urlpatterns: list[URLPattern] = [
    *expert.urlpatterns,
    *annual_return.urlpatterns,
    *law_data.urlpatterns,
    *ngo.urlpatterns,
    *standing_flag.urlpatterns,
    *table_import.urlpatterns,
]

"""Addresses of contracts and projects, by noun."""

from __future__ import annotations

from django.urls import URLPattern

from . import (
    centre,
    change,
    consultation,
    contract,
    event,
    evidence,
    money,
    participant,
    phone,
    project,
    report,
    small,
)

app_name = "projects"
urlpatterns: list[URLPattern] = [
    *phone.urlpatterns,  # first: see `ortaq.site.urls`
    *contract.urlpatterns,
    *project.urlpatterns,
    *event.urlpatterns,
    *money.urlpatterns,
    *change.urlpatterns,
    *evidence.urlpatterns,
    *consultation.urlpatterns,
    *centre.urlpatterns,
    *participant.urlpatterns,
    *report.urlpatterns,
    *small.urlpatterns,
]

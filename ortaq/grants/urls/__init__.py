"""Addresses of grants, by noun."""

from __future__ import annotations

from django.urls import URLPattern

from . import application, check, competition, contract, outcome, plan, proposal

app_name = "grants"
urlpatterns: list[URLPattern] = [
    *plan.urlpatterns,
    *proposal.urlpatterns,
    *competition.urlpatterns,
    *application.urlpatterns,
    *check.urlpatterns,
    *outcome.urlpatterns,
    *contract.urlpatterns,
]

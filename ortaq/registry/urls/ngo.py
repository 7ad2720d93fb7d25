"""Addresses of the public register; the page of one NGO stands in `portal`, which knows all rooms."""

from __future__ import annotations

from django.urls import path

from ortaq.registry import views

urlpatterns = [path("ngos/", views.ngos, name="ngos")]

"""Addresses of the standing watch."""

from __future__ import annotations

from django.urls import path

from ortaq.registry.views import standing_flag as views

urlpatterns = [
    path("standing-watch/", views.standing_flags, name="standing_flags"),
    path("standing-watch/<int:pk>/", views.standing_flag, name="standing_flag"),
]

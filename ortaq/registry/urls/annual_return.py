"""Addresses of annual returns."""

from __future__ import annotations

from django.urls import path

from ortaq.registry import views

urlpatterns = [
    path("returns/", views.returns_list, name="returns"),
    path("returns/record/", views.record_return, name="record_return"),
    path("returns/<int:pk>/", views.annual_return, name="annual_return"),
    path("returns/<int:pk>/<slug:step>/", views.return_step, name="return_step"),
]

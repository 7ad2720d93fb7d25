"""Addresses of the tables of the state."""

from __future__ import annotations

from django.urls import path

from ortaq.registry.views import table_import as views

urlpatterns = [
    path("imports/", views.table_imports, name="table_imports"),
    path("imports/new/", views.table_import_new, name="table_import_new"),
    path("imports/empty/<slug:kind>.xlsx", views.table_empty, name="table_empty"),
    path("imports/<int:pk>/", views.table_import, name="table_import"),
    path("imports/<int:pk>/changes.csv", views.table_import_changes, name="table_import_changes"),
    path("imports/<int:pk>/<slug:step>/", views.table_import_step, name="table_import_step"),
]

"""Addresses of the calendar and the index."""

from __future__ import annotations

from django.urls import path

from ortaq.registry import views

urlpatterns = [
    path("law/calendar/", views.calendar, name="calendar"),
    path("law/calendar/record/", views.record_day, name="record_day"),
    path("law/calendar/<int:pk>/", views.day, name="day"),
    path("law/calendar/<int:pk>/<slug:step>/", views.day_step, name="day_step"),
    path("law/index/", views.index, name="index"),
    path("law/index/record/", views.record_index, name="record_index"),
    path("law/index/<int:pk>/", views.index_value, name="index_value"),
    path("law/index/<int:pk>/<slug:step>/", views.index_step, name="index_step"),
]

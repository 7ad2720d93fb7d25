"""Addresses of the experts' register, the NGO database, the calendar and the index."""

from django.urls import path

from . import views

app_name = "registry"

urlpatterns = [
    path("experts/", views.experts, name="experts"),
    path("experts/me/", views.nominate, name="nominate"),
    path("experts/propose/", views.propose, name="propose"),
    path("experts/<int:pk>/", views.expert, name="expert"),
    path("experts/<int:pk>/amend/", views.amend, name="amend"),
    path("experts/<int:pk>/ties/", views.add_tie, name="add_tie"),
    path("experts/<int:pk>/ties/<int:tie>/end/", views.end_tie, name="end_tie"),
    path("experts/<int:pk>/<slug:step>/", views.expert_step, name="expert_step"),
    path("returns/", views.returns_list, name="returns"),
    path("returns/record/", views.record_return, name="record_return"),
    path("returns/<int:pk>/", views.annual_return, name="annual_return"),
    path("returns/<int:pk>/<slug:step>/", views.return_step, name="return_step"),
    path("law/calendar/", views.calendar, name="calendar"),
    path("law/calendar/record/", views.record_day, name="record_day"),
    path("law/calendar/<int:pk>/", views.day, name="day"),
    path("law/calendar/<int:pk>/<slug:step>/", views.day_step, name="day_step"),
    path("law/index/", views.index, name="index"),
    path("law/index/record/", views.record_index, name="record_index"),
    path("law/index/<int:pk>/", views.index_value, name="index_value"),
    path("law/index/<int:pk>/<slug:step>/", views.index_step, name="index_step"),
]

"""Addresses of the experts' register."""

from __future__ import annotations

from django.urls import path

from ortaq.registry import views

urlpatterns = [
    path("experts/", views.experts, name="experts"),
    path("experts/me/", views.nominate, name="nominate"),
    path("experts/propose/", views.propose, name="propose"),
    path("experts/<int:pk>/", views.expert, name="expert"),
    path("experts/<int:pk>/amend/", views.amend, name="amend"),
    path("experts/<int:pk>/ties/", views.add_tie, name="add_tie"),
    path("experts/<int:pk>/ties/<int:tie>/end/", views.end_tie, name="end_tie"),
    path("experts/<int:pk>/<slug:step>/", views.expert_step, name="expert_step"),
]

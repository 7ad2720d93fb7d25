"""Addresses of the experts' register and the NGO database."""

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
]

"""Addresses of the demonstration; on other installations they do not exist."""

from django.urls import path

from . import views

app_name = "demo"

urlpatterns = [
    path("demo/", views.guide, name="guide"),
    path("demo/travel/", views.go, name="go"),
    path("demo/people/<slug:key>/sign-in/", views.sign_in, name="sign_in"),
]

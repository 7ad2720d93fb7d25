"""Addresses of the demonstration; on other installations they do not exist."""

from django.urls import path

from . import views

app_name = "demo"

urlpatterns = [
    path("demo/", views.guide, name="guide"),
    path("demo/travel/", views.go, name="go"),
    path("demo/tours/<slug:key>/", views.tour, name="tour"),
    path("demo/tours/<slug:key>/<int:number>/", views.step, name="step"),
    path("demo/tours/<slug:key>/anew/", views.anew, name="anew"),
    path("demo/people/<slug:key>/sign-in/", views.sign_in, name="sign_in"),
]

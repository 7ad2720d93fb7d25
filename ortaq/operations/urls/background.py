"""Addresses of what runs by itself."""

from __future__ import annotations

from django.urls import URLPattern, path

from ortaq.operations.views import background as views

urlpatterns: list[URLPattern] = [
    path("console/schedule/", views.schedule, name="schedule"),
    path("console/schedule/<int:pk>/run/", views.run_now, name="run_now"),
    path("console/work/", views.works, name="works"),
    path("console/work/<uuid:pk>/cancel/", views.cancel, name="cancel_work"),
    path("console/letters/", views.letters, name="letters"),
    path("console/letters/send-failed/", views.send_failed_again, name="send_failed_again"),
    path("console/letters/<int:pk>/", views.letter, name="letter"),
    path("console/letters/<int:pk>/send/", views.send_again, name="send_again"),
    path("console/letters/<int:pk>/give-up/", views.give_up, name="give_up"),
]

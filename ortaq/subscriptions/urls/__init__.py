"""Addresses of this room, by noun."""

from __future__ import annotations

from django.urls import URLPattern, path

from ortaq.subscriptions.views import calendars, feeds, subscription

app_name = "subscriptions"
urlpatterns: list[URLPattern] = [
    path("feeds/publications.atom", feeds.publications, name="atom"),
    path("feeds/deadlines.ics", feeds.deadlines, name="deadlines"),
    path("feeds/organisation/<str:token>.ics", feeds.organisation, name="organisation"),
    path("subscriptions/", subscription.subscribe, name="subscribe"),
    path("subscriptions/asked/", subscription.asked, name="asked"),
    path("subscriptions/calendars/", calendars.calendars, name="calendars"),
    path("subscriptions/calendars/<int:pk>/renew/", calendars.renew, name="renew_calendar"),
    path("subscriptions/never/<str:signed>/", subscription.never, name="never"),
    path("subscriptions/<str:token>/", subscription.manage, name="manage"),
    path("subscriptions/<str:token>/confirm/", subscription.confirm, name="confirm"),
    path("subscriptions/<str:token>/language/", subscription.speak, name="speak"),
    path("subscriptions/<str:token>/end/", subscription.end_all, name="end_all"),
    path("subscriptions/<str:token>/<int:pk>/end/", subscription.end, name="end"),
    path("subscriptions/<str:token>/<int:pk>/frequency/", subscription.change, name="change"),
]

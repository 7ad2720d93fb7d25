"""Addresses of this room, by noun."""

from __future__ import annotations

from django.urls import URLPattern, path

from ortaq.exchange.views import past, received

app_name = "exchange"
urlpatterns: list[URLPattern] = [
    path("exchange/", received.exchange, name="exchange"),
    path("exchange/rows/", received.rows, name="rows"),
    path("exchange/listings/<int:pk>/", received.listing, name="listing"),
    path("past-awards/<int:pk>/", past.past_award, name="past_award"),
    path("past-awards/<int:pk>/<slug:step>/", past.past_award_step, name="past_award_step"),
]

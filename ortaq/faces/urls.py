from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.urls import path
from django.views.i18n import set_language

from . import views

app_name = "faces"
urlpatterns = [
    path("language/", login_not_required(set_language), name="language"),
    path("components/", views.components, name="components"),
    path("law/", views.law, name="law"),
    path("law/<slug:act>/<slug:key>/", views.edition, name="edition"),
]

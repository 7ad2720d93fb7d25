from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.urls import path
from django.views.decorators.csrf import csrf_exempt
from django.views.i18n import set_language

from . import views

app_name = "faces"
urlpatterns = [
    # Without a token, so that a page of everybody carries none: what it sets is the reader's language.
    path("language/", csrf_exempt(login_not_required(set_language)), name="language"),
    path("components/", views.components, name="components"),
    path("law/", views.law, name="law"),
    path("law/<slug:act>/<slug:key>/", views.edition, name="edition"),
]

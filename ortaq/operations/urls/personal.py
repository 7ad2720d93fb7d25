"""What is kept of persons: for everybody in general, for each person of themselves."""

from __future__ import annotations

from django.urls import URLPattern, path

from ortaq.operations.views import personal

urlpatterns: list[URLPattern] = [
    path("privacy/", personal.privacy, name="privacy"),
    path("account/data/", personal.own, name="personal"),
    path("account/data/archive.zip", personal.archive, name="personal_archive"),
    path("account/data/erase/", personal.erase, name="personal_erase"),
]

"""What everybody may know: what is kept of persons, and the seals of the journal."""

from __future__ import annotations

from django.urls import URLPattern, path

from ortaq.operations.views import history, personal

urlpatterns: list[URLPattern] = [
    path("journal/", history.seals, name="seals"),
    path("journal/checkpoints.jsonl", history.checkpoints, name="checkpoints"),
    path("privacy/", personal.privacy, name="privacy"),
    path("account/data/", personal.own, name="personal"),
    path("account/data/archive.zip", personal.archive, name="personal_archive"),
    path("account/data/erase/", personal.erase, name="personal_erase"),
]

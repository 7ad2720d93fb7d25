"""Addresses of annual returns."""

from __future__ import annotations

from django.urls import path

from ortaq.registry.views import annual_return as views
from ortaq.registry.views import return_parts as parts
from ortaq.registry.views import return_review as review

urlpatterns = [
    path("returns/", views.returns_list, name="returns"),
    path("returns/record/", views.record_return, name="record_return"),
    path("returns/begin/<int:year>/", views.begin, name="return_begin"),
    path("returns/overview/", review.overview, name="return_overview"),
    path("returns/paper/", review.register_paper, name="return_register_paper"),
    path("returns/<int:pk>/", views.annual_return, name="annual_return"),
    path("returns/<int:pk>/fill/<slug:key>/", parts.part, name="return_part"),
    path("returns/<int:pk>/contracts/", parts.take_over, name="return_contracts"),
    path("returns/<int:pk>/conflict/", parts.settle, name="return_conflict"),
    path("returns/<int:pk>/papers/", parts.attach, name="return_attach"),
    path("returns/<int:pk>/papers/<int:paper>/", views.paper_file, name="return_paper_file"),
    path("returns/<int:pk>/papers/<int:paper>/remove/", parts.detach, name="return_detach"),
    path("returns/<int:pk>/word/", parts.word, name="return_word"),
    path("returns/<int:pk>/finish/", parts.finish, name="return_finish"),
    path("returns/<int:pk>/scans/<int:paper>/", views.scan, name="return_scan"),
    path("returns/<int:pk>/versions/<int:number>/", review.version, name="return_version"),
    path(
        "returns/<int:pk>/versions/<int:number>/<slug:language>.<slug:kind>",
        views.version_paper,
        name="return_version_paper",
    ),
    path("returns/<int:pk>/<slug:step>/", views.return_step, name="return_step"),
]

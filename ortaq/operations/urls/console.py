"""Addresses of the console's own pages, and of what machines ask."""

from __future__ import annotations

from django.urls import URLPattern, path

from ortaq.operations.views import account, health, overview, trouble

urlpatterns: list[URLPattern] = [
    path("health/", health.health, name="health"),
    path("ready/", health.ready, name="ready"),
    path("metrics", health.metrics, name="metrics"),
    path("console/", overview.overview, name="console"),
    path("console/accounts/", account.accounts, name="accounts"),
    path("console/accounts/<int:pk>/", account.account, name="account"),
    path("console/ways-in/<int:pk>/open/", account.open_way_in, name="open_way_in"),
    path("console/errors/", trouble.errors, name="errors"),
    path("console/slow/", trouble.slow, name="slow"),
    path(
        "console/errors/<int:pk>/settle/", trouble.settle, {"kind": "errors"}, name="errors_settle"
    ),
    path("policy-reports/", trouble.report, name="report_violation"),
    path("console/violations/", trouble.violations, name="violations"),
    path(
        "console/violations/<int:pk>/settle/",
        trouble.settle,
        {"kind": "violations"},
        name="violations_settle",
    ),
    path("console/slow/<int:pk>/settle/", trouble.settle, {"kind": "slow"}, name="slow_settle"),
]

from django.apps import AppConfig


class GrantsConfig(AppConfig):
    """State grants: plan, competition, application, outcome."""

    name = "ortaq.grants"
    label = "grants"

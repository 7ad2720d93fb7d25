from django.apps import AppConfig


class GazetteConfig(AppConfig):
    """Everything that is public, one row each, in the order in which it became so."""

    name = "ortaq.gazette"
    label = "gazette"

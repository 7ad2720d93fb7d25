from django.apps import AppConfig


class CoreConfig(AppConfig):
    """Clock, money, files, procedures, duties, journal: what every room stands on."""

    name = "ortaq.core"
    label = "core"

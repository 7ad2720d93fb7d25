from django.apps import AppConfig
from django.db.backends.signals import connection_created


class CoreConfig(AppConfig):
    """Clock, money, files, procedures, duties, journal: what every room stands on."""

    name = "ortaq.core"
    label = "core"

    def ready(self) -> None:
        from .prepared import watch_connection

        connection_created.connect(watch_connection)

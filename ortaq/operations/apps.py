from django.apps import AppConfig
from django.db.backends.signals import connection_created
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from ortaq.faces import hooks


def administers(request: HttpRequest) -> bool:
    from .console import is_staff

    return is_staff(request)


class OperationsConfig(AppConfig):
    """What keeps an installation alive: its console, health, copies and their return, checks of everything."""

    name = "ortaq.operations"
    label = "operations"

    def ready(self) -> None:
        from .noticing import watch_connection

        connection_created.connect(watch_connection)
        hooks.navigation.append(
            hooks.Entry("operations:console", _("Console"), order=95, shown=administers)
        )

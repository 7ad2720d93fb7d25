from django.apps import AppConfig
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from ortaq.faces import hooks


def _signed_in(request: HttpRequest) -> bool:
    return request.user.is_authenticated


def _keeps_database(request: HttpRequest) -> bool:
    from .policy import keeps_database

    return keeps_database(getattr(request, "actor", None))


class RegistryConfig(AppConfig):
    """NGO database, experts' register, affiliations."""

    name = "ortaq.registry"
    label = "registry"

    def ready(self) -> None:
        hooks.navigation += [
            hooks.Entry("registry:experts", _("Experts"), order=60, shown=_signed_in),
            hooks.Entry("registry:returns", _("Annual returns"), order=70, shown=_keeps_database),
        ]

from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_save
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from ortaq.faces import hooks


def _signed_in(request: HttpRequest) -> bool:
    return request.user.is_authenticated


def _keeps_database(request: HttpRequest) -> bool:
    from .policy import keeps_database

    return keeps_database(getattr(request, "actor", None))


def _organisation_saved(instance: Any, **_: Any) -> None:
    from .procedure import ngo

    ngo.enter([instance])


def _return_saved(instance: Any, **_: Any) -> None:
    from .procedure import ngo

    ngo.enter([instance.organisation])


class RegistryConfig(AppConfig):
    """NGO database, experts' register, affiliations."""

    name = "ortaq.registry"
    label = "registry"

    def ready(self) -> None:
        hooks.navigation += [
            hooks.Entry("registry:experts", _("Experts"), order=60, shown=_signed_in),
            hooks.Entry("registry:returns", _("Annual returns"), order=70, shown=_keeps_database),
        ]
        # The public register is searched without looking anywhere else: it follows what it copies.
        post_save.connect(_organisation_saved, sender="people.Organisation")
        post_save.connect(_return_saved, sender="registry.AnnualReturn")

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


def _standing_saved(instance: Any, **_: Any) -> None:
    from .procedure.standing_flag import settle

    settle([instance.organisation_id])


def _keeps_watch(request: HttpRequest) -> bool:
    from .policy.standing_flag import keeps_watch

    return keeps_watch(getattr(request, "actor", None))


def _flag_bar(request: HttpRequest) -> str:
    from .views.standing_flag import flag_bar

    return flag_bar(request)  # type: ignore[arg-type]


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
        watch = hooks.Entry(
            "registry:standing_flags", _("Standing watch"), order=72, shown=_keeps_watch
        )
        hooks.navigation.append(watch)
        hooks.bars.append(_flag_bar)
        # A fact recorded about an NGO flags at once what it has running.
        post_save.connect(_standing_saved, sender="people.Standing")
        # The public register is searched without looking anywhere else: it follows what it copies.
        post_save.connect(_organisation_saved, sender="people.Organisation")
        post_save.connect(_return_saved, sender="registry.AnnualReturn")

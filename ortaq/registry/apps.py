from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_save
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from ortaq.faces import hooks


def _signed_in(request: HttpRequest) -> bool:
    return request.user.is_authenticated


def _has_returns(request: HttpRequest) -> bool:
    """For those who keep the database, and for the people of an NGO who fill its returns in."""
    from .policy import files_returns, keeps_database

    actor = getattr(request, "actor", None)
    return actor is not None and (keeps_database | files_returns)(actor)


def _files_returns(request: HttpRequest) -> bool:
    from .policy import files_returns

    actor = getattr(request, "actor", None)
    return actor is not None and files_returns(actor)


def _organisation_saved(instance: Any, **_: Any) -> None:
    from .procedure import ngo

    ngo.enter([instance])


def _standing_saved(instance: Any, **_: Any) -> None:
    from .procedure.standing_flag import settle

    settle([instance.organisation_id])


def _keeps_watch(request: HttpRequest) -> bool:
    from .policy.standing_flag import keeps_watch

    return keeps_watch(getattr(request, "actor", None))


def _reads_tables(request: HttpRequest) -> bool:
    from .policy.table_import import reads_tables

    return reads_tables(getattr(request, "actor", None))


def _flag_notices(request: HttpRequest) -> str:
    from .views.standing_flag import flag_notices

    return flag_notices(request)  # type: ignore[arg-type]


def _return_saved(instance: Any, **_: Any) -> None:
    from .procedure import ngo

    ngo.enter([instance.organisation])


class RegistryConfig(AppConfig):
    """NGO database, experts' register, affiliations."""

    name = "ortaq.registry"
    label = "registry"

    def ready(self) -> None:
        from . import signing, work  # noqa: F401 - registers what is signed here, and what takes long

        hooks.navigation += [
            hooks.Entry("registry:ngos", _("NGOs"), order=58),
            hooks.Entry("registry:experts", _("Experts"), order=60, shown=_signed_in),
            hooks.Entry("registry:returns", _("Annual returns"), order=70, shown=_has_returns),
        ]
        filing = hooks.Entry(
            "registry:returns", _("Annual return for the past year"), 60, _files_returns
        )
        hooks.beginnings.append(filing)
        watch = hooks.Entry(
            "registry:standing_flags", _("Standing watch"), order=72, shown=_keeps_watch
        )
        tables = hooks.Entry(
            "registry:table_imports", _("Tables of the state"), order=74, shown=_reads_tables
        )
        hooks.navigation += [watch, tables]
        hooks.notices.append(_flag_notices)
        # A fact recorded about an NGO flags at once what it has running.
        post_save.connect(_standing_saved, sender="people.Standing")
        # The public register is searched without looking anywhere else: it follows what it copies.
        post_save.connect(_organisation_saved, sender="people.Organisation")
        post_save.connect(_return_saved, sender="registry.AnnualReturn")

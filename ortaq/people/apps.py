from django.apps import AppConfig
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from ortaq.faces import hooks


def sees_all_organisations(request: HttpRequest) -> bool:
    from .policy import may_record_standings

    return may_record_standings(getattr(request, "actor", None))


class PeopleConfig(AppConfig):
    """Who signs in, which organisations there are, and who may act for them."""

    name = "ortaq.people"
    label = "people"

    def ready(self) -> None:
        entry = hooks.Entry(
            "people:organisations", _("Organisations"), order=80, shown=sees_all_organisations
        )
        hooks.navigation.append(entry)

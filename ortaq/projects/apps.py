from django.apps import AppConfig
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from ortaq.faces import hooks


def has_contracts(request: HttpRequest) -> bool:
    """The entry stands for those who act for a party: who gives grants, buys services, or does either."""
    from ortaq.people.policy import is_authorised_body, is_ngo, is_operator, is_state_body

    actor = getattr(request, "actor", None)
    parties = is_ngo | is_operator | is_state_body | is_authorised_body
    return actor is not None and parties(actor)


def is_passer_by(request: HttpRequest) -> bool:
    """Whoever is not signed in: citizens look for small grants, those who work here have them in their projects."""
    actor = getattr(request, "actor", None)
    return actor is None or not actor.is_signed_in


class ProjectsConfig(AppConfig):
    """Contracts and what is done under them."""

    name = "ortaq.projects"
    label = "projects"

    def ready(self) -> None:
        from ortaq.registry import watched
        from ortaq.registry.content import known

        from .annual_return import contracts_of
        from .standing import ROOMS

        watched.rooms.extend(ROOMS)
        known.register(contracts_of)
        from .procedure import contract  # noqa: F401 - registers what is signed here

        hooks.navigation.append(
            hooks.Entry("projects:contracts", _("Contracts"), order=50, shown=has_contracts)
        )
        hooks.navigation.append(
            hooks.Entry("projects:projects", _("Projects"), order=52, shown=has_contracts)
        )
        hooks.navigation.append(
            hooks.Entry("projects:small_grants", _("Small grants"), order=54, shown=is_passer_by)
        )

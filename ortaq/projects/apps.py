from django.apps import AppConfig
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from ortaq.faces import hooks


def has_contracts(request: HttpRequest) -> bool:
    """The entry stands for those who act for a body that gives or receives grants."""
    from ortaq.people.policy import is_ngo, is_operator

    actor = getattr(request, "actor", None)
    return actor is not None and (is_ngo(actor) or is_operator(actor))


class ProjectsConfig(AppConfig):
    """Contracts and what is done under them."""

    name = "ortaq.projects"
    label = "projects"

    def ready(self) -> None:
        hooks.navigation.append(
            hooks.Entry("projects:contracts", _("Contracts"), order=50, shown=has_contracts)
        )

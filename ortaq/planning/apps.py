from django.apps import AppConfig
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from ortaq.faces import hooks


def plans(request: HttpRequest) -> bool:
    """The entry stands for officers of state bodies."""
    from ortaq.people.policy import is_authorised_body, is_state_body

    actor = getattr(request, "actor", None)
    return actor is not None and (is_state_body(actor) or is_authorised_body(actor))


class PlanningConfig(AppConfig):
    """The social order from needs to the approved budget."""

    name = "ortaq.planning"
    label = "planning"

    def ready(self) -> None:
        hooks.navigation += [
            hooks.Entry("planning:discussions", _("Public discussion"), order=10),
            hooks.Entry("planning:formations", _("Social order"), order=28, shown=plans),
        ]

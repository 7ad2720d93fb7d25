from django.apps import AppConfig
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from ortaq.faces import hooks


def oversees(request: HttpRequest) -> bool:
    """The entry stands for state bodies and the authorised body; experts and members find theirs among their duties."""
    from ortaq.people.policy import is_authorised_body, is_state_body

    actor = getattr(request, "actor", None)
    return actor is not None and (is_state_body | is_authorised_body)(actor)


class OversightConfig(AppConfig):
    """Monitoring, evaluation, and the reports that state bodies owe on fixed days."""

    name = "ortaq.oversight"
    label = "oversight"

    def ready(self) -> None:
        hooks.navigation.append(
            hooks.Entry("oversight:oversight", _("Oversight"), order=56, shown=oversees)
        )

from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_save
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
        from ortaq.projects import gates

        hooks.navigation.append(
            hooks.Entry("oversight:oversight", _("Oversight"), order=56, shown=oversees)
        )
        gates.register(_evaluation_posted)
        # The registers lie below and do not know us: a tie recorded there bars an expert here.
        post_save.connect(_affiliation_recorded, sender="registry.Affiliation")
        post_save.connect(_membership_recorded, sender="people.Membership")
        post_save.connect(_employer_recorded, sender="registry.Expert")


def _evaluation_posted(project: Any) -> Any:
    from .procedure.evaluation import gate

    return gate(project)


def _affiliation_recorded(instance: Any, **kwargs: Any) -> None:
    from .procedure.engagement import watch

    watch(instance.person_id, instance.organisation_id)


def _membership_recorded(instance: Any, **kwargs: Any) -> None:
    from .procedure.engagement import watch

    watch(instance.user_id, instance.organisation_id)


def _employer_recorded(instance: Any, **kwargs: Any) -> None:
    from .procedure.engagement import watch

    if instance.employer_id is not None:
        watch(instance.person_id, instance.employer_id)

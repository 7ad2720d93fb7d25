from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_save
from django.http import HttpRequest
from django.urls import reverse
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
        from ortaq.planning import origins
        from ortaq.projects import beside, gates
        from ortaq.registry import watched

        from . import work  # noqa: F401 - registers what takes long
        from .standing import ROOM

        watched.rooms.append(ROOM)

        hooks.navigation.append(
            hooks.Entry("oversight:oversight", _("Oversight"), order=56, shown=oversees)
        )
        gates.register(_evaluation_posted)
        beside.tabs.append(_tab_of_project)
        origins.register(_lessons_entered)
        # A completed project is to be evaluated; projects do not know us (SO-E-03).
        post_save.connect(_project_saved, sender="projects.Project")
        # The registers lie below and do not know us: a tie recorded there bars an expert here.
        post_save.connect(_affiliation_recorded, sender="registry.Affiliation")
        post_save.connect(_membership_recorded, sender="people.Membership")
        post_save.connect(_employer_recorded, sender="registry.Expert")


def _evaluation_posted(project: Any) -> Any:
    from .procedure.evaluation import gate

    return gate(project)


def _lessons_entered(sources: Any, actor: Any) -> Any:
    from .queries.lesson import origins_of

    return origins_of(sources, actor)


def _tab_of_project(actor: Any, project: Any) -> tuple[Any, str] | None:
    """Of a social order: for the NGO what is asked of it, for the body its oversight."""
    from ortaq.projects.models import Contract
    from ortaq.projects.policy.project import is_body, is_ngo

    if project.contract.instrument != Contract.Instrument.SOCIAL_ORDER:
        return None
    if is_body(actor, project):
        return _("Oversight"), reverse("oversight:project", args=[project.pk])
    if is_ngo(actor, project):
        return _("Oversight"), reverse("oversight:asked_of_ngo", args=[project.pk])
    return None


def _project_saved(instance: Any, update_fields: Any = None, **kwargs: Any) -> None:
    # A step that changes the state saves the state alone.
    if update_fields is not None and "state" in update_fields:
        from .procedure.evaluation_duties import settle_duty

        settle_duty(instance)


def _tie_recorded(person: int, organisation: int) -> None:
    from .procedure import discovery, engagement

    engagement.watch(person, organisation)
    discovery.watch(person, organisation)


def _affiliation_recorded(instance: Any, **kwargs: Any) -> None:
    _tie_recorded(instance.person_id, instance.organisation_id)


def _membership_recorded(instance: Any, **kwargs: Any) -> None:
    _tie_recorded(instance.user_id, instance.organisation_id)


def _employer_recorded(instance: Any, **kwargs: Any) -> None:
    if instance.employer_id is not None:
        _tie_recorded(instance.person_id, instance.employer_id)

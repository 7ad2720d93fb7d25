from django.apps import AppConfig
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from ortaq.faces import hooks


def plans(request: HttpRequest) -> bool:
    """The entry stands for officers of state bodies."""
    from ortaq.people.policy import is_authorised_body, is_state_body
    from ortaq.planning.policy import works_for

    actor = getattr(request, "actor", None)
    if actor is None or not (is_state_body(actor) or is_authorised_body(actor)):
        return False
    return works_for(actor, actor.acting_for)


def speaks(request: HttpRequest) -> bool:
    """The entry stands for whoever speaks for an NGO."""
    from ortaq.people.policy import is_ngo
    from ortaq.planning.policy import SPEAKERS

    actor = getattr(request, "actor", None)
    return actor is not None and is_ngo(actor) and bool(actor.roles_in(actor.acting_for) & SPEAKERS)


class PlanningConfig(AppConfig):
    """The social order from needs to the approved budget."""

    name = "ortaq.planning"
    label = "planning"

    def ready(self) -> None:
        begin = _("Begin a list of topics of the social order")
        hooks.navigation += [
            hooks.Entry("planning:discussions", _("Public discussion"), order=10),
            hooks.Entry("planning:formations", _("Social order"), order=28, shown=plans),
        ]
        hooks.beginnings += [
            hooks.Entry("planning:formation_new", begin, order=10, shown=plans),
            hooks.Entry("planning:assessment_new", _("Assess needs"), order=12, shown=plans),
            hooks.Entry("planning:proposal_new", _("Propose a topic"), order=14, shown=speaks),
        ]

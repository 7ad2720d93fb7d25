from django.apps import AppConfig
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from ortaq.faces import hooks


def writes_applications(request: HttpRequest) -> bool:
    from ortaq.people.policy import is_ngo

    actor = getattr(request, "actor", None)
    return actor is not None and is_ngo(actor)


def reads_proposals(request: HttpRequest) -> bool:
    from ortaq.people.policy import is_ngo, is_operator

    actor = getattr(request, "actor", None)
    return actor is not None and (is_ngo(actor) or is_operator(actor))


class GrantsConfig(AppConfig):
    """State grants: plan, competition, application, outcome."""

    name = "ortaq.grants"
    label = "grants"

    def ready(self) -> None:
        from ortaq.registry import watched

        from . import signing, work  # noqa: F401 - registers what is signed here, and what takes long
        from .standing import ROOM

        watched.rooms.append(ROOM)
        hooks.navigation += [
            hooks.Entry("grants:competitions", _("Competitions"), order=20),
            hooks.Entry(
                "grants:applications",
                _("My applications"),
                order=25,
                shown=writes_applications,
            ),
            hooks.Entry("grants:plans", _("Plans"), order=59),
            hooks.Entry(
                "grants:proposals", _("Proposals for the plan"), order=61, shown=reads_proposals
            ),
        ]

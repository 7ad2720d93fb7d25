from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from ortaq.faces import hooks


class PrizesConfig(AppConfig):
    """Prizes for NGOs: the round of a year from the announcement to the diploma."""

    name = "ortaq.prizes"
    label = "prizes"

    def ready(self) -> None:
        from ortaq.registry import watched
        from ortaq.registry.content import known

        from . import signing  # noqa: F401 - registers what is signed here
        from .annual_return import prizes_of
        from .standing import ROOM

        watched.rooms.append(ROOM)
        known.register(prizes_of)

        hooks.navigation.append(hooks.Entry("prizes:rounds", _("Prizes"), order=24))

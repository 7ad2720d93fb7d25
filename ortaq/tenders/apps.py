from django.apps import AppConfig
from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from ortaq.faces import hooks


def bids(request: HttpRequest) -> bool:
    """The entry stands for NGOs."""
    from ortaq.people.policy import is_ngo

    actor = getattr(request, "actor", None)
    return actor is not None and is_ngo(actor)


def openers(request: HttpRequest) -> bool:
    """The entry stands where two persons open bids, for whoever may be named."""
    actor = getattr(request, "actor", None)
    return settings.ORTAQ_OPENING == "two" and actor is not None and actor.is_signed_in


class TendersConfig(AppConfig):
    """Tenders of the social order."""

    name = "ortaq.tenders"
    label = "tenders"

    def ready(self) -> None:
        from ortaq.registry import watched
        from ortaq.review.appointed import ADOPTED

        from . import signing  # noqa: F401 - registers what is signed here
        from .procedure import scoring
        from .standing import ROOM

        watched.rooms.append(ROOM)

        ADOPTED[scoring.KIND] = scoring.adopted
        hooks.navigation += [
            hooks.Entry("tenders:tenders", _("Tenders"), order=22),
            hooks.Entry("tenders:bids", _("My bids"), order=26, shown=bids),
            hooks.Entry("tenders:opening_key", _("My opening key"), order=95, shown=openers),
        ]

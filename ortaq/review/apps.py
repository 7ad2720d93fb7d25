from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_save
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from ortaq.faces import hooks


def _signed_in(request: HttpRequest) -> bool:
    return request.user.is_authenticated


class ReviewConfig(AppConfig):
    """Panels, conflicts of interest, score sheets, meetings: shared by every commission."""

    name = "ortaq.review"
    label = "review"

    def ready(self) -> None:
        from ortaq.registry import watched

        from .standing import ROOM

        watched.rooms.append(ROOM)
        from . import signing  # noqa: F401 - registers what is signed here

        second_factor_of_judges()
        entry = hooks.Entry("review:panels", _("Commissions"), order=50, shown=_signed_in)
        hooks.navigation.append(entry)
        # The registers lie below and do not know us; a tie recorded there closes dossiers here.
        post_save.connect(_affiliation_recorded, sender="registry.Affiliation")
        post_save.connect(_membership_recorded, sender="people.Membership")
        post_save.connect(_employer_recorded, sender="registry.Expert")


def second_factor_of_judges() -> None:
    from ortaq.people import second_factor

    from .policy import judges

    second_factor.judges.append(judges)


def _affiliation_recorded(instance: Any, **kwargs: Any) -> None:
    from .conflicts import watch

    watch(instance.person_id, instance.organisation_id)


def _membership_recorded(instance: Any, **kwargs: Any) -> None:
    from .conflicts import watch

    watch(instance.user_id, instance.organisation_id)


def _employer_recorded(instance: Any, **kwargs: Any) -> None:
    from .conflicts import watch

    if instance.employer_id is not None:
        watch(instance.person_id, instance.employer_id)

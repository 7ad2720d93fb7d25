from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_save


class ReviewConfig(AppConfig):
    """Panels, conflicts of interest, score sheets, meetings: shared by every commission."""

    name = "ortaq.review"
    label = "review"

    def ready(self) -> None:
        # The registers lie below and do not know us; a tie recorded there closes dossiers here.
        post_save.connect(_tie_recorded, sender="registry.Affiliation")
        post_save.connect(_membership_recorded, sender="people.Membership")


def _tie_recorded(instance: Any, **kwargs: Any) -> None:
    from .conflicts import watch

    watch(instance.person_id, instance.organisation_id)


def _membership_recorded(instance: Any, **kwargs: Any) -> None:
    from .conflicts import watch

    watch(instance.user_id, instance.organisation_id)

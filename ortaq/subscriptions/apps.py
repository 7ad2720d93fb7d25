from collections.abc import Mapping
from typing import Any

from django.apps import AppConfig

from ortaq.faces import hooks


def _follow(about: Mapping[str, Any]) -> list[tuple[str, Any]]:
    from .following import links

    return links(about)


class SubscriptionsConfig(AppConfig):
    """Subscriptions by e-mail, Atom and iCal."""

    name = "ortaq.subscriptions"
    label = "subscriptions"

    def ready(self) -> None:
        hooks.followings.append(_follow)

from collections.abc import Mapping
from typing import Any

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from ortaq.faces import hooks


def _follow(about: Mapping[str, Any]) -> list[tuple[str, Any]]:
    from .following import links

    return links(about)


class SubscriptionsConfig(AppConfig):
    """Subscriptions by e-mail, Atom and iCal."""

    name = "ortaq.subscriptions"
    label = "subscriptions"

    def ready(self) -> None:
        hooks.navigation.append(
            hooks.Entry("subscriptions:subscribe", _("Subscriptions"), order=90)
        )
        hooks.followings.append(_follow)

from django.apps import AppConfig
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from ortaq.faces import hooks


def is_signed_in(request: HttpRequest) -> bool:
    from ortaq.people import policy

    return policy.is_signed_in(getattr(request, "actor", None))


class PortalConfig(AppConfig):
    """The front door: what Ortaq is, and what awaits whom."""

    name = "ortaq.portal"
    label = "portal"

    def ready(self) -> None:
        desk = hooks.Entry("portal:desk", _("My desk"), order=10, shown=is_signed_in)
        hooks.navigation.append(desk)

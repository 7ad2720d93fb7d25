from typing import Any

from django.apps import AppConfig
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from ortaq.faces import hooks


def is_signed_in(request: HttpRequest) -> bool:
    from ortaq.people import policy

    return policy.is_signed_in(getattr(request, "actor", None))


def page_of(organisation: Any) -> str:
    """The page of an NGO; other organisations have none."""
    if getattr(organisation, "kind", "") != "ngo":
        return ""
    return reverse("portal:ngo", args=[organisation.bin])


class PortalConfig(AppConfig):
    """The front door: what Ortaq is, and what awaits whom."""

    name = "ortaq.portal"
    label = "portal"

    def ready(self) -> None:
        desk = hooks.Entry("portal:desk", _("My desk"), order=10, shown=is_signed_in)
        hooks.navigation.append(desk)
        hooks.organisation_pages.append(page_of)

"""goszakup.gov.kz (OWS v3) as an adapter: off unless an installation turns it on.

`ORTAQ_GOSZAKUP` = "" (off), "http" (the service), "double" (this package's own stand-in, in memory).
"""

from __future__ import annotations

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from .client import Client, Page, Row
from .transport import Https, Transport, Trouble

__all__ = ["TROUBLES", "Client", "Page", "Row", "Transport", "Trouble", "client"]

# What can stop a reading, for whoever looks after the installation.
TROUBLES = {
    "down": _("The service does not answer. The next reading goes on from the same place."),
    "refused": _("The service refused our token: ask for a new one and put it into the settings."),
    "odd": _("The service answered in a form that is not known here; nothing of it was taken."),
    "settings": _("The settings of the connection cannot be used."),
    "overtaken": _("Another reading is under way."),
}


def client() -> Client | None:
    """The service as this installation is set; None where it is off. `Trouble` for settings that cannot be used."""
    if not settings.ORTAQ_GOSZAKUP:
        return None
    if settings.ORTAQ_GOSZAKUP == "double":
        from .double import Double

        return Client(Double())
    if settings.ORTAQ_GOSZAKUP != "http":
        raise Trouble("settings", "ORTAQ_GOSZAKUP")
    return Client(
        Https(
            settings.ORTAQ_GOSZAKUP_URL,
            settings.ORTAQ_GOSZAKUP_TOKEN,
            bundle=settings.ORTAQ_GOSZAKUP_CA,
        )
    )

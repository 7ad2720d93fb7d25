from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from ortaq.faces import hooks


class TendersConfig(AppConfig):
    """Tenders of the social order."""

    name = "ortaq.tenders"
    label = "tenders"

    def ready(self) -> None:
        hooks.navigation.append(hooks.Entry("tenders:tenders", _("Tenders"), order=22))

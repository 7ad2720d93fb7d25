from django.apps import AppConfig
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from ortaq.faces import hooks


def _sees_exchange(request: HttpRequest) -> bool:
    from .policy import sees_exchange

    return sees_exchange(getattr(request, "actor", None))


class ExchangeConfig(AppConfig):
    """What other systems of the state tell us: procurement, spreadsheets of past years. Off unless configured."""

    name = "ortaq.exchange"
    label = "exchange"

    def ready(self) -> None:
        from ortaq.registry.importing.kinds import Kind, kinds

        from .importing import past
        from .procedure.past import take

        kinds["past"] = Kind(
            _("contracts of past years"),
            past.LAYOUT,
            past.plan_of,
            take,
            past.NAMES,
            past.said,
        )
        hooks.navigation.append(
            hooks.Entry("exchange:exchange", _("Other systems"), order=76, shown=_sees_exchange)
        )

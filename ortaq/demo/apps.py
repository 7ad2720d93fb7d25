from django.apps import AppConfig
from django.conf import settings

from ortaq.faces import hooks


class DemoConfig(AppConfig):
    """The demonstration: an invented competition on the real plan of 2020, and its clock."""

    name = "ortaq.demo"
    label = "demo"

    def ready(self) -> None:
        from ortaq.core.work import worker
        from ortaq.signing import ncalayer

        from . import stand_in
        from .bar import clock_bar

        hooks.bars.append(clock_bar)
        ncalayer.identities.append(stand_in.offered)
        if settings.DEMO:
            from . import travel

            worker.surroundings.append(travel.while_nobody_travels)

from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.http import HttpRequest

from ortaq.faces import hooks


# The story knows every room: what has no page to draw begins without it.
def _clock_bar(request: HttpRequest) -> str:
    from .bar import clock_bar

    return clock_bar(request)


def _offered() -> Sequence[Any]:
    from .stand_in import offered

    return offered()


class DemoConfig(AppConfig):
    """The demonstration: an invented competition on the real plan of 2020, and its clock."""

    name = "ortaq.demo"
    label = "demo"

    def ready(self) -> None:
        from ortaq.core.work import worker
        from ortaq.signing import ncalayer

        hooks.bars.append(_clock_bar)
        ncalayer.identities.append(_offered)
        if settings.DEMO:
            from . import travel

            worker.surroundings.append(travel.while_nobody_travels)

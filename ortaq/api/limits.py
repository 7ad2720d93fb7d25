"""How often one may ask: so many requests a minute for a token, for a network without one."""

from __future__ import annotations

import time

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from ortaq.core.limits import count
from ortaq.people.floods import network_of

from .problems import Problem, error

MINUTE = 60


def seconds() -> int:
    """Real time: a clock that the demonstration sets would let everybody through, or nobody."""
    return int(time.time())


def of_token(pk: int) -> None:
    """Count a request with this token; raises `Problem` beyond `ORTAQ_API_TOKEN_LIMIT` a minute."""
    _count(f"api.token.{pk}", settings.ORTAQ_API_TOKEN_LIMIT)


def of_address(request: HttpRequest) -> None:
    """Count a request without a valid token; raises `Problem` beyond `ORTAQ_API_ADDRESS_LIMIT` a minute.

    Only networks that are known are counted (`floods.network_of`): nobody silences those behind the same proxy.
    """
    if (network := network_of(request)) is not None:
        _count(f"api.network.{network}", settings.ORTAQ_API_ADDRESS_LIMIT)


def _count(name: str, most: int) -> None:
    now = seconds()
    if count(f"{name}.{now // MINUTE}", 2 * MINUTE) > most:
        wait = MINUTE - now % MINUTE
        message = _("At most %(most)s requests a minute. Ask again in %(wait)s seconds.")
        raise Problem(
            "too_many",
            [error("too_many", message % {"most": most, "wait": wait}, most=most, wait=wait)],
            headers={"Retry-After": str(wait)},
        )

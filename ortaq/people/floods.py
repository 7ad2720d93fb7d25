"""Floods from passers-by: how much one network may send within an hour."""

from __future__ import annotations

from ipaddress import IPv4Address, ip_address, ip_network

from allauth.account.adapter import get_adapter
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest

from ortaq.core.limits import count

AN_HOUR = 3600


def is_flooding(request: HttpRequest, what: str, most: int) -> bool:
    """Count one more of `what` from the reader's network; whether those of this hour are more than `most`.

    Only addresses of the open internet count: behind a proxy that the site is not told of (setting
    `ORTAQ_PROXIES`) all readers have the proxy's, and one of them must not silence the others.
    """
    network = network_of(request)
    if network is None:
        return False
    return count(f"floods.{what}.{network}", AN_HOUR) > most


def network_of(request: HttpRequest) -> str | None:
    """The address, for version 6 the subscriber's /64; None where it says nothing about the reader."""
    try:
        address = ip_address(get_adapter(request).get_client_ip(request))
    except (PermissionDenied, ValueError):
        return None
    if not address.is_global:
        return None
    if isinstance(address, IPv4Address):
        return str(address)
    return str(ip_network((address, 64), strict=False).network_address)

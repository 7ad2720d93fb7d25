"""What of this room is signed electronically, by whom.

The contract of a social order is a contract of `projects`: this room adds what only it has (`kinds`).
"""

from __future__ import annotations

from typing import Any

from ortaq.projects import signing
from ortaq.projects.models import Contract
from ortaq.projects.signing import Kind


def of_order(contract: Contract) -> dict[str, Any]:
    """What the supplier promised and was scored for, and its requisites (SO-T-104, SO-T-106)."""
    order = contract.order
    return {"promises": order.promises, "requisites": order.requisites}


def _settle(contract: Contract) -> None:
    from .procedure.contract import ORDER

    ORDER.settle(contract)


signing.kinds[Contract.Instrument.SOCIAL_ORDER] = Kind(of_order, _settle)

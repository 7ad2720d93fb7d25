"""Who may sign: each occasion says it of its own objects; here it is asked for all its parties."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from .occasions import Occasion, Party


def signs_for(actor: Any, occasion: Occasion, obj: Any, parties: Iterable[Party]) -> list[Party]:
    """Those of the parties for whom `actor` may sign the object, in their order."""
    return [party for party in parties if occasion.may_sign(actor, obj, party)]

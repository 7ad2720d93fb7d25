"""What `ortaq check` asks of planning: annex 3 as it was issued."""

from __future__ import annotations

from ortaq.core import audit
from ortaq.core.audit import Faults

from .models import Information


def faults(*, quick: bool = False) -> Faults:
    """Every row of this room that contradicts another."""
    yield from audit.frozen(Information.objects.all(), quick=quick)

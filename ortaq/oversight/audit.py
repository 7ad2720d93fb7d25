"""What `ortaq check` asks of oversight: reports as they were formed, submitted and published."""

from __future__ import annotations

from ortaq.core import audit
from ortaq.core.audit import Faults

from .models import (
    Evaluation,
    GovernmentInformation,
    PublicInformation,
    StatutorySubmission,
    Visit,
)

FROZEN = (Evaluation, GovernmentInformation, PublicInformation, StatutorySubmission, Visit)


def faults(*, quick: bool = False) -> Faults:
    """Every row of this room that contradicts another."""
    for model in FROZEN:
        yield from audit.frozen(model._default_manager.all(), digest="content_sha256", quick=quick)

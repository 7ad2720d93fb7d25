"""What the steps of several nouns ask."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext_lazy as _

from ortaq.core.procedure import Attempt
from ortaq.law.findings import Finding, Severity


def reasoned(subject: Any, attempt: Attempt) -> Iterable[Finding]:
    """The decision says why."""
    if not str(attempt.facts.get("reason", "")).strip():
        yield Finding(
            "no_reason",
            Severity.ERROR,
            _("State the reason: whoever is concerned will read it."),
            about="reason",
        )

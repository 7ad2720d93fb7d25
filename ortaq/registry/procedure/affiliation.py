"""Ties of experts to organisations: recorded, and ended."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import transaction

from ortaq.core import journal
from ortaq.core.keys import organisation
from ortaq.registry.models import Affiliation, Expert


def record_tie(expert: Expert, tie: Affiliation, *, actor: Any) -> Affiliation:
    """Keep a tie of the expert to an organisation; commissions hear of it at once (GR-C-11)."""
    with transaction.atomic():
        tie.person = expert.person
        tie.save()
        _note(expert, "tie", tie, actor)
    return tie


def end_tie(expert: Expert, tie: Affiliation, until: date, *, actor: Any) -> None:
    """Say since when a tie no longer holds; conflicts written down already stay."""
    with transaction.atomic():
        tie.until = until
        tie.save(update_fields=["until"])
        _note(expert, "tie_ended", tie, actor)


def _note(expert: Expert, step: str, tie: Affiliation, actor: Any) -> None:
    facts = {"organisation": organisation(tie.organisation_id), "kind": tie.kind}
    journal.append(expert, step, actor=actor.key, behalf=actor.behalf, facts=facts)

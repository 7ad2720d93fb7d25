"""Results, diplomas and transfers as pages record them: the round ends by itself with the last of them."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from ortaq.core.procedure import SYSTEM
from ortaq.people.actor import Actor
from ortaq.prizes.models import Award, Round

from . import awarding, paying
from .round import ROUND


@transaction.atomic
def publish(found: Round, *, actor: Actor) -> None:
    """Publish the list of recipients. Raises `Refused` with every direction that is not decided on."""
    ROUND.take(awarding.PUBLISH, found, actor=actor)
    _end_if_done(found)


@transaction.atomic
def record(award: Award, step: str, *, actor: Actor, **facts: Any) -> None:
    """Record the diploma ("diploma") or the transfer ("pay") of one recipient; the steps say which facts they need. Raises `Refused`."""
    found = award.application.round
    ROUND.take(step, found, actor=actor, award=award, **facts)
    award.refresh_from_db()
    _end_if_done(found)


def _end_if_done(found: Round) -> None:
    if found.state == Round.State.PUBLISHED and not paying.open_awards(found):
        ROUND.take(paying.END, found, actor=SYSTEM)

"""Loading the demonstration into a database, and what is there."""

from __future__ import annotations

import os
from dataclasses import dataclass

from django.conf import settings
from django.core.management import call_command
from django.db import transaction

from ortaq.core import clock
from ortaq.core.models import JournalEntry
from ortaq.grants.models import Application, Competition
from ortaq.people.models import Organisation, User
from ortaq.projects.models import Contract
from ortaq.review.models import ScoreSheet

from . import story, travel
from .models import Travel


class NotLoaded(Exception):
    """The demonstration was not loaded; the text says why and what to do."""


def is_here() -> bool:
    """Whether this database holds the demonstration."""
    return Travel.objects.exists()


def load(stage: str, *, fresh: bool = False) -> bool:
    """Load the demonstration up to `stage`; False when it is here already and stays as it is.

    With `fresh` the demonstration that is there is deleted first. Raises `NotLoaded` on an
    installation that is no demonstration, and for a database with other data, which is never deleted.
    """
    if not settings.DEMO:
        raise NotLoaded(
            "This installation is no demonstration: everybody knows the passwords of the demo. "
            "Set ORTAQ_DEMO=1 on an installation that holds nothing else."
        )
    if is_here():
        if not fresh:
            return False
        call_command("flush", interactive=False, verbosity=0)
    elif JournalEntry.objects.exists() or User.objects.exists() or Organisation.objects.exists():
        raise NotLoaded(
            "This database holds other data, and nothing was changed. Give the demonstration a "
            "database of its own (ORTAQ_DATABASE_URL), or begin it in another folder."
        )
    build(stage)
    if "ORTAQ_DATABASE_URL" not in os.environ:
        settings.DEMONSTRATION.touch()  # every later command in this folder knows
    return True


@transaction.atomic
def build(stage: str) -> None:
    """Play the story up to `stage` in an empty database, and set the clock there; all or nothing."""
    at = story.STAGES[stage]
    Travel.objects.create(pk=1)
    travel.tell(at, strict=True)
    with clock.frozen(at):
        travel.daily_work()
    travel.arrive(at)


@dataclass(frozen=True, slots=True)
class Numbers:
    """How much of everything there is."""

    organisations: int
    people: int
    competitions: int
    applications: int
    sheets: int
    contracts: int


def numbers() -> Numbers:
    counted = (Organisation, User, Competition, Application, ScoreSheet, Contract)
    return Numbers(*(model._default_manager.count() for model in counted))

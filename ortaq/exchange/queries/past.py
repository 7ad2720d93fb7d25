"""Public money of past years."""

from __future__ import annotations

from django.db.models import QuerySet

from ortaq.exchange.models import PastAward
from ortaq.exchange.policy import withdraws_past_award
from ortaq.people.actor import Actor


def public_awards() -> QuerySet[PastAward]:
    """THE public visibility of past awards: all that were taken and not withdrawn."""
    return PastAward.objects.filter(state=PastAward.State.PUBLIC)


def awards_visible_to(actor: Actor) -> QuerySet[PastAward]:
    """What is public; those who read tables in also see what was withdrawn."""
    return PastAward.objects.all() if withdraws_past_award(actor) else public_awards()


def awards_of(bin_: str) -> QuerySet[PastAward]:
    """What an NGO got before this system, the last year first."""
    return public_awards().filter(ngo_bin=bin_).order_by("-year", "-concluded_on", "pk")

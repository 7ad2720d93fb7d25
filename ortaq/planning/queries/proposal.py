"""What the pages of topics proposed by NGOs read, each in a fixed number of queries."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db.models import Q, QuerySet

from ortaq import law
from ortaq.core.kazakh import fold
from ortaq.faces.paging import KeyPage, key_page
from ortaq.people.actor import Actor
from ortaq.people.models import Organisation
from ortaq.people.policy import responsible_for
from ortaq.planning.models import Formation, TopicProposal
from ortaq.planning.policy import BODIES

State = TopicProposal.State


def proposals_visible_to(actor: Actor) -> QuerySet[TopicProposal]:
    """An NGO's own, and those that came to the actor's state bodies."""
    return TopicProposal.objects.filter(
        Q(organisation__in=actor.organisation_ids) | Q(body__in=responsible_for(actor))
    ).select_related("organisation", "body", "topic__formation", "author")


def proposal_list(
    actor: Actor, asked: Mapping[str, Any], *, query: str = "", state: str = ""
) -> KeyPage[TopicProposal]:
    """The visible proposals, the newest first; one query."""
    rows = proposals_visible_to(actor).defer("problem")
    if state in State.values:
        rows = rows.filter(state=state)
    if words := fold(query):
        rows = rows.filter(search__contains=words)
    return key_page(rows, asked, order=["-sent_at", "-id"], size=30)


def addressees() -> QuerySet[Organisation]:
    """The state bodies to which a topic can be proposed."""
    return Organisation.objects.filter(kind__in=BODIES).order_by("sort", "id")


def drafts_of(body: int) -> QuerySet[Formation]:
    """The lists of a body that can still take a topic, the latest year first."""
    rows = Formation.objects.filter(body=body, state=Formation.State.DRAFT)
    return rows.order_by("-plan_year", "-number")


def field_text(proposal: TopicProposal) -> law.Text:
    """The field of a proposal in words."""
    return law.field(proposal.field).text

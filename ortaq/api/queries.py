"""Which tokens whom, and whose a secret is."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from datetime import timedelta

from django.db.models import Q, QuerySet

from ortaq.core import clock
from ortaq.people.actor import Actor, actor_for
from ortaq.people.models import Organisation
from ortaq.people.policy import MANAGERS

from .models import Token

# A token in use is written to this often, not with each reading.
NOTED = timedelta(minutes=10)


def digest_of(secret: str) -> str:
    """What is kept of a secret. It has 256 bits of chance, so a slow hash would guard nothing."""
    return hashlib.sha256(secret.encode("utf-8", "surrogateescape")).hexdigest()


def tokens_visible_to(actor: Actor) -> QuerySet[Token]:
    """The one visibility query: tokens of the organisations that the actor heads, those in force first, newest first."""
    headed = [one.organisation_id for one in actor.memberships if one.role in MANAGERS]
    return (
        Token.objects.filter(organisation__in=headed)
        .select_related("organisation", "made_by")
        .order_by("state", "-id")
    )


def in_force(organisation: Organisation) -> QuerySet[Token]:
    """The tokens that open something today."""
    return Token.objects.filter(
        organisation=organisation, state=Token.State.ACTIVE, expires_on__gt=clock.today()
    )


@dataclass(frozen=True, slots=True)
class Holder:
    """Whoever holds a token: the token, and as whom it acts."""

    token: Token
    actor: Actor

    @property
    def organisation(self) -> Organisation:
        return self.token.organisation

    def may(self, scope: str) -> bool:
        return scope in self.token.scopes


def holder_of(secret: str) -> Holder | str:
    """Whose secret this is, or why it opens nothing: "unknown", "revoked", "expired", "left"; two queries.

    "left": the person who made it has no role in the organisation any more, or no account. The actor has only this organisation's
    roles: what the person is elsewhere (an expert, a head of another NGO) no token opens.
    """
    rows = Token.objects.select_related("organisation", "made_by")
    token = rows.filter(digest=digest_of(secret)).first()
    if token is None:
        return "unknown"
    if token.state == Token.State.REVOKED:
        return "revoked"
    if token.expires_on <= clock.today():
        return "expired"
    actor = actor_for(token.made_by)
    if not token.made_by.is_active or token.organisation_id not in actor.organisation_ids:
        return "left"
    here = tuple(one for one in actor.memberships if one.organisation_id == token.organisation_id)
    return Holder(token, replace(actor, memberships=here, acting_for=token.organisation))


def note_use(token: Token) -> None:
    """Write down that the token is in use, at most every ten minutes."""
    now = clock.now()
    long_ago = Q(last_used_at=None) | Q(last_used_at__lt=now - NOTED)
    if token.last_used_at is None or token.last_used_at < now - NOTED:
        Token.objects.filter(long_ago, pk=token.pk).update(last_used_at=now)

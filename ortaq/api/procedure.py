"""A token: in force → revoked. It ends by itself on its last day, or with its maker's role.

make      by head or deputy, for the organisation acted for; the secret is given back once and kept nowhere
revoke    by any head or deputy of the organisation
"""

from __future__ import annotations

import secrets
import uuid
from collections.abc import Collection, Mapping
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from ortaq.core import clock, journal
from ortaq.core.procedure import Attempt, Procedure, Refused, Step, locked, not_yours
from ortaq.law.findings import Finding, Severity
from ortaq.people.actor import Actor
from ortaq.people.models import Organisation

from . import policy, queries
from .models import Token

State = Token.State
MOST = 20  # in force at once: more than this nobody keeps an eye on
MARK = "ortaq_"  # so that whoever finds one in a file knows what it opens


def _revoked(token: Token, attempt: Attempt) -> Mapping[str, Any]:
    token.revoked_at = attempt.now
    token.save(update_fields=["revoked_at"])
    return {}


MAKE = Step("make", _("Make a token"), source=State.ACTIVE, target=None, by=policy.manages)
REVOKE = Step(
    "revoke",
    _("Revoke the token"),
    source=State.ACTIVE,
    target=State.REVOKED,
    by=policy.takes_back,
    effect=_revoked,
    final=True,
)
TOKEN: Procedure[Token] = Procedure(Token, (REVOKE,))


@transaction.atomic
def make(
    organisation: Organisation,
    *,
    name: str,
    scopes: Collection[str],
    days: int,
    once: uuid.UUID,
    actor: Actor,
) -> tuple[Token, str]:
    """A new token of `organisation` and its secret; "" instead of the secret where the form `once` made the token before.

    `days` is how long it is in force. Raises `Refused` for whoever does not head the organisation, and beyond `MOST` tokens.
    """
    # One maker at a time, so that two do not pass the limit together.
    locked(Organisation, organisation.pk)
    secret = MARK + secrets.token_urlsafe(32)
    token = Token(
        organisation=organisation,
        once=once,
        name=name,
        scopes=sorted({Token.Scope.READ.value, *scopes}),
        digest=queries.digest_of(secret),
        hint=secret[-4:],
        made_by=actor.user,
        made_at=clock.now(),
        expires_on=clock.today() + timedelta(days=days),
    )
    if not policy.manages(actor, token):
        raise Refused(MAKE, [not_yours(MAKE)])
    if before := Token.objects.filter(once=once, organisation=organisation).first():
        return before, ""
    if queries.in_force(organisation).count() >= MOST:
        message = _("The organisation has %(most)s tokens in force. Revoke one that nobody uses.")
        raise Refused(MAKE, [Finding("too_many_tokens", Severity.ERROR, message % {"most": MOST})])
    TOKEN.begin(token, actor=actor, scopes=token.scopes, until=token.expires_on)
    return token, secret


@transaction.atomic
def note(token: Token, what: str, step: str, *, actor: Actor) -> None:
    """Write into the token's own chain what was done with it: `what` is the subject's key, `step` the step."""
    facts = {"subject": what, "step": step}
    journal.append(token, "use", actor=actor.key, behalf=actor.behalf, facts=facts)

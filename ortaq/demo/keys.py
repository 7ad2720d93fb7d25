"""Who signs in a demonstration: everybody of the cast has test certificates. Nobody but a demonstration trusts them."""

from __future__ import annotations

from typing import Any

from django.conf import settings

from ortaq.core import clock
from ortaq.people.actor import Actor
from ortaq.people.models import Membership, Role, User
from ortaq.signing import occasions, procedure, queries
from ortaq.signing.authority import Authority
from ortaq.signing.credentials import Credential
from ortaq.signing.occasions import Occasion
from ortaq.signing.verify import checks

ROLES = {
    Role.HEAD: occasions.HEAD,
    Role.DEPUTY: occasions.MAY_SIGN,
    Role.OFFICER: occasions.MAY_SIGN,
    Role.ACCOUNTANT: occasions.MAY_SIGN_MONEY,
}


def authority() -> Authority:
    """The demonstration's own authority, made when there is none yet."""
    return Authority.at(settings.ORTAQ_SIGNING_AUTHORITY)


def credential(
    person: User,
    source: Authority,
    *,
    bin: str = "",  # noqa: A002  (what it is called)
    usage: str = checks.SIGN,
) -> Credential:
    """The key of a person, for an organisation (its BIN) to which they belong today, else their own."""
    own = {"name": person.full_name.upper(), "iin": person.iin or "", "usage": usage}
    held = Membership.objects.current().filter(user=person, organisation__bin=bin)
    belongs = held.select_related("organisation").order_by("pk").first() if bin else None
    if belongs is None:
        return source.credential(**own)
    return source.credential(
        **own,
        bin=bin,
        organisation=belongs.organisation.name_ru,
        roles=[ROLES.get(belongs.role, occasions.EMPLOYEE)],
    )


def sign(occasion: Occasion, obj: Any, actor: Actor) -> None:
    """Somebody of the cast signs, unless their part is signed already; as a reader does with the stand-in."""
    party = occasion.party_of(actor, obj)
    assert party is not None
    assert actor.user is not None
    if queries.standing(occasion, obj, parties=[party])[0].signed is None:
        source = authority()
        key = credential(actor.user, source, bin=party.bin or "")
        cms = source.sign(key, occasion.manifest(obj), attached=True, at=clock.now())
        procedure.receive(occasion, obj, actor=actor, cms=cms, party=party.key)

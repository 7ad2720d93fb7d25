"""Signatures for tests: a test authority that the tests' settings trust, made once in a process.

cms = signing.sign(occasion, contract, aliya)          # by Aliya, for the organisation she acts for
receive(occasion, contract, actor=aliya, cms=cms)
"""

from __future__ import annotations

from functools import cache
from typing import Any

from ortaq.core.identifiers import complete, control_digit
from ortaq.signing.authority import Authority
from ortaq.signing.credentials import Credential
from ortaq.signing.occasions import Occasion
from ortaq.signing.verify.checks import SIGN
from ortaq.signing.verify.offline import Offline
from ortaq.signing.verify.report import Verifier


@cache
def authority() -> Authority:
    """RSA only: GOST takes seconds."""
    return Authority.fresh(["rsa"])


def verifier() -> Verifier:
    """What `ORTAQ_SIGNATURE_VERIFIER` of the tests names."""
    return Offline(authority().anchors())


def iin_of(user: Any) -> str:
    """The person's IIN, or one invented for them."""
    if user.iin:
        return str(user.iin)
    # Some numbers have no control digit and are not issued: then the person was born a day later.
    days = (f"8801{day:02d}4{user.pk % 10000:04d}" for day in range(1, 29))
    return complete(next(one for one in days if control_digit(one) is not None))


def credential(user: Any, organisation: Any = None, **rest: Any) -> Credential:
    """The certificate of a person, for an organisation when one is given."""
    for_whom = (
        {"bin": organisation.bin, "organisation": organisation.name_ru} if organisation else {}
    )
    return authority().issue(
        **{"name": user.full_name.upper(), "iin": iin_of(user), "usage": SIGN, **for_whom, **rest}
    )


def sign(occasion: Occasion, obj: Any, actor: Any, **rest: Any) -> bytes:
    """A right CMS over the object as it is now, by the actor for the part that they may sign for."""
    party = occasion.party_of(actor, obj)
    organisation = actor.acting_for if party is None or party.bin else None
    return authority().sign(credential(actor.user, organisation, **rest), occasion.manifest(obj))

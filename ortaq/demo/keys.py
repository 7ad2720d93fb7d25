"""Who signs in a demonstration: everybody of the cast has test certificates, and a stand-in of NCALayer holds
their keys. Nobody but a demonstration trusts them.
"""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import urlsplit

from django.conf import settings
from django.db import connection

from ortaq.core import clock
from ortaq.people.models import Membership, Role, User
from ortaq.signing import occasions
from ortaq.signing.authority import Authority, Credential
from ortaq.signing.ncalayer import Identity
from ortaq.signing.ncalayer_double import Double, Sign, Wanted
from ortaq.signing.verify import checks

from . import cast, travel

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
    *,
    bin: str = "",
    usage: str = checks.SIGN,
    source: Authority | None = None,  # noqa: A002
) -> Credential:
    """The key of a person, for an organisation (its BIN) to which they belong today, else their own."""
    source = source or authority()
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


def stand_in() -> Double:
    """A stand-in of NCALayer with the keys of everybody who has an IIN; without a wish it is Aliya's."""
    source = authority()

    def choose(wanted: Wanted) -> Sign | None:
        usage = checks.AUTH if wanted.authentication else checks.SIGN
        try:
            with clock.ahead(travel.ahead()):
                iin = wanted.iin or cast.people()["aliya"].iin
                person = User.objects.filter(iin=iin).first()
                if person is None:
                    return None
                key = credential(person, bin=wanted.bin, usage=usage, source=source)
                now = clock.now()
        finally:
            connection.close()  # each talk has a thread of its own
        return lambda content, attached: source.sign(key, content, attached=attached, at=now)

    return Double(choose)


def port() -> int | None:
    """Where the pages look for the stand-in; None when they look for a real NCALayer."""
    parts = urlsplit(settings.ORTAQ_NCALAYER_URL)
    return parts.port or 80 if parts.scheme == "ws" else None


def offered() -> Sequence[Identity]:
    """Whose certificates the page of signing in offers: nobody's outside a demonstration."""
    if not settings.DEMO:
        return ()
    return [
        Identity(guide.person.iin, f"{' '.join(guide.person.name[:2])}, {guide.who}")
        for guide in cast.GUIDES
    ]

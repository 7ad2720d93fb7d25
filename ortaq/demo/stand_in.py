"""A stand-in of NCALayer for a demonstration: it holds the test keys of the whole cast and asks for no password."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import urlsplit

from django.conf import settings
from django.db import connection

from ortaq.core import clock
from ortaq.people.models import User
from ortaq.signing.ncalayer import Identity
from ortaq.signing.ncalayer_double import Double, Sign, Wanted
from ortaq.signing.verify import checks

from . import cast, keys, travel


def stand_in() -> Double:
    """A stand-in of NCALayer with the keys of everybody who has an IIN; without a wish it is Aliya's."""
    source = keys.authority()

    def choose(wanted: Wanted) -> Sign | None:
        usage = checks.AUTH if wanted.authentication else checks.SIGN
        try:
            with clock.ahead(travel.ahead()):
                iin = wanted.iin or cast.people()["aliya"].iin
                person = User.objects.filter(iin=iin).first()
                if person is None:
                    return None
                key = keys.credential(person, source, bin=wanted.bin, usage=usage)
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

"""Those whom every world has to keep out: who was everything there until today, and an NGO that takes part elsewhere."""

from __future__ import annotations

from collections.abc import Iterable

from ortaq.core import clock
from ortaq.people.models import Membership, Organisation, Role, User
from ortaq.review.models import Panel, Seat
from ortaq.testing import factories


def a_former(bodies: Iterable[Organisation], *panels: Panel) -> User:
    """Somebody who headed these organisations and sat on these commissions until today, and sits on another one now.

    A person without an organisation has no more rights than they, nor has a member of another commission.
    """
    person = factories.a_person()
    for body in bodies:
        Membership.objects.create(
            user=person,
            organisation=body,
            role=Role.HEAD,
            starts_on=factories.SINCE,
            ends_on=clock.today(),
        )
    elsewhere = Panel.objects.create(
        organisation=factories.an_organisation("operator"),
        title_kk="Басқа комиссия",
        act="grants_rules",
        edition="2020",
        state=Panel.State.SCORING,
    )
    for panel, until in (*((one, clock.now()) for one in panels), (elsewhere, None)):
        Seat.objects.create(
            panel=panel, person=person, since=clock.at(factories.SINCE, 9), until=until
        )
    return person


def a_newcomer() -> User | None:
    """The head of an NGO that has nothing to do with what happens here."""
    return factories.a_member(factories.an_organisation(), Role.HEAD).user

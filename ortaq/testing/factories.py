"""People and organisations for tests, with few defaults: a test names what it is about."""

from __future__ import annotations

from datetime import date
from itertools import count
from typing import Any

from ortaq.core import identifiers
from ortaq.people.actor import Actor, actor_for
from ortaq.people.models import Membership, Organisation, Role, User

SINCE = date(2015, 1, 20)
_numbers = count(1)


def a_bin() -> str:
    """The next business identification number with a right control digit."""
    while True:
        first = f"150140{next(_numbers):05d}"
        if identifiers.control_digit(first) is not None:
            return identifiers.complete(first)


def an_organisation(kind: str = Organisation.Kind.NGO, **fields: Any) -> Organisation:
    """An organisation, an NGO if not said otherwise."""
    number = next(_numbers)
    defaults = {
        "bin": a_bin(),
        "name_kk": f"«Үміт-{number}» қоғамдық қоры",
        "name_ru": f"Общественный фонд «Умит-{number}»",
        "address_kk": "Астана қаласы, Достық көшесі, 1",
        "address_ru": "город Астана, улица Достык, 1",
        "registered_on": SINCE,
    }
    return Organisation.objects.create(kind=kind, **{**defaults, **fields})


def a_person(**fields: Any) -> User:
    """A person who belongs to nobody."""
    defaults = {
        "email": f"person-{next(_numbers)}@example.kz",
        "surname": "Сейтқали",
        "given_name": "Аружан",
        "phone": "+7 700 000 00 01",
    }
    return User.objects.create(**{**defaults, **fields})


def a_member(organisation: Organisation, role: str = Role.HEAD, **person: Any) -> Actor:
    """A new person with a role in the organisation, acting for it."""
    user = a_person(**person)
    Membership.objects.create(user=user, organisation=organisation, role=role, starts_on=SINCE)
    return actor_for(user, organisation)

"""The cast and their organisations, with few defaults: a test names what it is about."""

from __future__ import annotations

from datetime import date
from itertools import count

import factory

from ortaq.core import identifiers
from ortaq.people.actor import Actor, actor_for
from ortaq.people.models import Membership, Organisation, Role, User

_numbers = count(1)


def next_bin() -> str:
    """The next business identification number with a right control digit."""
    while True:
        first = f"150140{next(_numbers):05d}"
        if identifiers.control_digit(first) is not None:
            return identifiers.complete(first)


class OrganisationFactory(factory.django.DjangoModelFactory[Organisation]):
    class Meta:
        model = Organisation

    kind = Organisation.Kind.NGO
    bin = factory.LazyFunction(next_bin)
    name_kk = factory.Sequence(lambda n: f"«Үміт-{n}» қоғамдық қоры")
    name_ru = factory.Sequence(lambda n: f"Общественный фонд «Умит-{n}»")
    address_kk = "Астана қаласы, Достық көшесі, 1"
    address_ru = "город Астана, улица Достык, 1"
    registered_on = date(2015, 1, 20)


class OperatorFactory(OrganisationFactory):
    kind = Organisation.Kind.OPERATOR
    name_kk = factory.Sequence(lambda n: f"Гранттар операторы {n}")
    name_ru = factory.Sequence(lambda n: f"Оператор грантов {n}")


class UserFactory(factory.django.DjangoModelFactory[User]):
    class Meta:
        model = User

    surname = "Сейтқали"
    given_name = "Аружан"
    email = factory.Sequence(lambda n: f"person-{n}@example.kz")
    phone = "+7 700 000 00 01"


class MembershipFactory(factory.django.DjangoModelFactory[Membership]):
    class Meta:
        model = Membership

    user = factory.SubFactory(UserFactory)
    organisation = factory.SubFactory(OrganisationFactory)
    role = Role.HEAD
    starts_on = date(2015, 1, 20)


def member(organisation: Organisation, role: str = Role.HEAD, **person: object) -> Actor:
    """A new person with a role in the organisation, acting for it."""
    user = UserFactory(**person)
    MembershipFactory(user=user, organisation=organisation, role=role)
    return actor_for(user, organisation)

"""The cast of the house's tests: people and organisations with invented, valid numbers."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import count
from typing import Any

from ortaq.core.identifiers import complete, control_digit
from ortaq.people import procedure
from ortaq.people.actor import Actor, actor_for
from ortaq.people.models import Organisation, Role, User
from ortaq.testing.remembered import remembered

PASSWORD = "steppe-wind-2020"
_numbers = count(1)


def a_bin() -> str:
    """A new valid BIN."""
    while True:
        eleven = f"2001410{next(_numbers):04d}"
        if control_digit(eleven) is not None:
            return complete(eleven)


def a_person(given_name: str, surname: str, **fields: Any) -> User:
    """A person who can sign in with `PASSWORD`."""
    email = f"person{next(_numbers)}@example.kz"
    return procedure.add_person(
        email=email, password=PASSWORD, given_name=given_name, surname=surname, **fields
    )


def an_organisation(
    name: str, *members: tuple[User, Role], kind: str = "ngo", **fields: str
) -> Organisation:
    """A registered organisation with its first members."""
    organisation = Organisation(
        kind=kind, bin=a_bin(), name_kk=f"«{name}»", name_ru=f"«{name}» (рус.)", **fields
    )
    procedure.add_organisation(organisation, members)
    return organisation


@dataclass
class Cast:
    """Aliya and Bolat of one NGO, Dana of its rival, Erlan the expert, Gulnara the operator,
    Saule of an akimat."""

    aliya: User
    bolat: User
    dana: User
    erlan: User
    gulnara: User
    saule: User
    ngo: Organisation
    rival: Organisation
    operator: Organisation
    akimat: Organisation

    def actor(self, name: str) -> Actor:
        """One of them as an actor of this moment."""
        return actor_for(getattr(self, name))


@remembered
def assemble() -> Cast:
    """The whole cast, in the database."""
    people = {
        "aliya": a_person("Әлия", "Сәрсенова"),
        "bolat": a_person("Болат", "Ыбыраев", patronymic="Қайратұлы"),
        "dana": a_person("Дана", "Жұмабаева", language="ru"),
        "erlan": a_person("Ерлан", "Тоқтаров"),
        "gulnara": a_person("Гүлнара", "Омарова"),
        "saule": a_person("Сәуле", "Қасымова"),
    }
    return Cast(
        **people,
        ngo=an_organisation(
            "Әлем", (people["aliya"], Role.HEAD), (people["bolat"], Role.ACCOUNTANT)
        ),
        rival=an_organisation("Үміт", (people["dana"], Role.HEAD)),
        operator=an_organisation("Оператор", (people["gulnara"], Role.OFFICER), kind="operator"),
        akimat=an_organisation("Әкімдік", (people["saule"], Role.OFFICER), kind="state_body"),
    )

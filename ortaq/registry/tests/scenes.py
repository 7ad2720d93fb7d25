"""The cast of the registers' tests, and experts in the register by the real steps."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ortaq.people.actor import Actor, actor_for
from ortaq.people.models import Membership, Organisation, Role, User
from ortaq.registry.models import Expert
from ortaq.registry.procedure import EXPERT, propose
from ortaq.testing.factories import SINCE, a_person, an_organisation
from ortaq.testing.remembered import remembered

DIRECTION = "education_science_information_sport"
QUALIFIED = {"direction": DIRECTION, "education": "Педагог, 2005", "years": 10, "evidence": ""}


@dataclass
class Cast:
    """Aliya heads an NGO and Bolat keeps its books, Dana heads a rival; Erlan is to be an expert;
    Gulnara is the operator's officer, Saule an akimat's."""

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


def person(surname: str = "Сейтқали", given_name: str = "Аружан", **fields: Any) -> User:
    return a_person(surname=surname, given_name=given_name, **fields)


def organisation(name: str, kind: str = "ngo") -> Organisation:
    return an_organisation(kind, name_kk=name)


def membership(who: User, body: Organisation, role: str = Role.STAFF) -> Membership:
    return Membership.objects.create(user=who, organisation=body, role=role, starts_on=SINCE)


@remembered
def assemble() -> Cast:
    """The whole cast, in the database."""
    found = Cast(
        aliya=person("Сәрсенова", "Әлия"),
        bolat=person("Ыбыраев", "Болат"),
        dana=person("Жұмабаева", "Дана", language="ru"),
        erlan=person("Тоқтаров", "Ерлан"),
        gulnara=person("Омарова", "Гүлнара"),
        saule=person("Қасымова", "Сәуле"),
        ngo=organisation("«Әлем» қоғамдық қоры"),
        rival=organisation("«Қамқор» қоғамдық бірлестігі"),
        operator=organisation("Гранттар операторы", "operator"),
        akimat=organisation("Әкімдік", "state_body"),
    )
    for user, body, role in (
        (found.aliya, found.ngo, Role.HEAD),
        (found.bolat, found.ngo, Role.ACCOUNTANT),
        (found.dana, found.rival, Role.HEAD),
        (found.gulnara, found.operator, Role.OFFICER),
        (found.saule, found.akimat, Role.OFFICER),
    ):
        membership(user, body, role)
    return found


def proposed(who: User, by: Organisation | None, actor: Actor, **row: Any) -> Expert:
    """An entry that waits for the operator; `row` changes the direction stated."""
    return propose(person=who, by=by, directions=[QUALIFIED | row], actor=actor)


def registered(
    who: User, by: Organisation | None, actor: Actor, operator: Actor, **row: Any
) -> Expert:
    """An expert in the register."""
    expert = proposed(who, by, actor, **row)
    EXPERT.take("register", expert, actor=operator)
    return expert

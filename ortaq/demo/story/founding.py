"""January to May: the site opens, NGOs register, the plan comes into force, experts are proposed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from django.contrib.auth.hashers import make_password

from ortaq.core import clock
from ortaq.demo import cast
from ortaq.grants import importing
from ortaq.grants.models import Plan
from ortaq.grants.procedure.plan import VERSION, new_version
from ortaq.people.models import Organisation, Role, User
from ortaq.people.procedure import add_organisation, add_person
from ortaq.registry.models import Affiliation, AnnualReturn, Expert
from ortaq.registry.procedure import ANNUAL_RETURN, EXPERT, propose, record_return, record_tie

from . import data, returns
from .beat import Beat, beat

OPENS = clock.at(date(2020, 1, 15), 9)
PLAN_ACT = date(2020, 2, 27)
PLAN_NUMBER = "72"


def beats() -> Iterator[Beat]:
    yield beat(OPENS, open_site)
    yield beat(clock.at(date(2020, 2, 28), 10), bring_plan_into_force)
    yield beat(clock.at(date(2020, 3, 31), 17), record_returns)
    yield beat(clock.at(date(2020, 4, 7), 11), propose_experts)
    yield beat(clock.at(date(2020, 4, 14), 15), register_experts)


def open_site() -> None:
    """Everybody of the cast, with one password hashed once, and every organisation."""
    password = make_password(cast.PASSWORD)
    people: dict[str, User] = {}
    for key, person in cast.people().items():
        surname, given_name, patronymic = person.name
        people[key] = add_person(
            email=person.email,
            surname=surname,
            given_name=given_name,
            patronymic=patronymic,
            iin=person.iin,
            iin_confirmed_at=clock.now(),  # their test certificates sign them in at once
            phone=person.phone,
            language=person.language,
        )
    User.objects.filter(pk__in=[user.pk for user in people.values()]).update(password=password)
    staff = [people[key].pk for key, person in cast.people().items() if person.administers]
    User.objects.filter(pk__in=staff).update(is_staff=True)
    for body in cast.bodies().values():
        members = [
            (people[key], Role(person.role))
            for key, person in cast.people().items()
            if person.at == body.key
        ]
        add_organisation(organisation(body), members)


def organisation(body: cast.Body) -> Organisation:
    """The unsaved row of an organisation of the cast."""
    head = next((p for p in cast.people().values() if (p.at, p.role) == (body.key, "head")), None)
    return Organisation(
        kind=body.kind,
        bin=body.bin,
        name_kk=body.name_kk,
        name_ru=body.name_ru,
        legal_form=body.form,
        address_kk=body.address_kk,
        address_ru=body.address_ru,
        region_code=body.region,
        email=f"office@{body.key}.{cast.DOMAIN}",
        phone=head.phone if head else "+7 700 000 00 00",
        charter_goals=body.work,
        registered_on=body.since,
    )


def bring_plan_into_force() -> None:
    """The ministry imports the plan of 2020 as printed, mismatch and all, and approves it."""
    askar = cast.actor("askar")
    plan = Plan.objects.create(
        body=cast.body("ministry"),
        level=Plan.Level.REPUBLICAN,
        year=2020,
        title_kk="Гранттық қаржыландырудың 2020 жылға арналған жоспары",
        title_ru="План грантового финансирования на 2020 год",
        basis_kk="Қоғамдық тыңдаулардың қорытындысы, үкіметтік емес ұйымдардың ұсыныстары.",
        basis_ru="Итоги общественных слушаний, предложения неправительственных организаций.",
        first_act_date=date(2019, 12, 25),
        first_act_number="507",
    )
    version = new_version(plan, actor=askar)
    table, totals = importing.shipped()
    VERSION.take("import", version, actor=askar, table=table, totals=totals)
    VERSION.take(
        "approve",
        version,
        actor=askar,
        act_body=plan.body.name_kk,
        act_date=PLAN_ACT,
        act_number=PLAN_NUMBER,
    )


# --- Annual returns ----------------------------------------------------------------------------------


def record_returns() -> None:
    """The returns of 2019 that nobody filled in here (`returns`), as the NGO database shows them: approved, but for the last few, still
    in review.
    """
    askar = cast.actor("askar")
    others = {*returns.filers(2019), *data.competition()["returns"]["absent"]}
    timely = [one for one in cast.bodies().values() if one.kind == "ngo" and one.key not in others]
    for number, body in enumerate(timely):
        row = AnnualReturn(
            organisation=cast.body(body.key),
            year=2019,
            sent_on=date(2020, 2, 3) + timedelta(days=number * 7 % 56),
            evidence=f"ҮЕҰ дерекқоры, № 2019-{body.number:04} үзінді көшірме",
        )
        annual_return = record_return(row, actor=askar)
        if number < len(timely) - 3:
            ANNUAL_RETURN.take("approve", annual_return, actor=askar)


# --- The experts' register -------------------------------------------------------------------------


def propose_experts() -> None:
    for row in cast.experts():
        person = cast.user(row["key"])
        expert = propose(
            person=person,
            by=cast.body(row["by"]) if row["by"] else None,
            directions=[
                {
                    "direction": row["direction"],
                    "education": row["education"],
                    "years": row["years"],
                    "evidence": "Диплом және еңбек кітапшасының көшірмесі",
                }
            ],
            actor=cast.actor(proposer(row)),
            employer_name=row["employer"],
            region_code=row["region"],
        )
        if tie := row.get("tie"):
            known = {key: value for key, value in tie.items() if key != "at"}
            record_tie(
                expert,
                Affiliation(organisation=cast.body(tie["at"]), **known),
                actor=cast.actor("gulnara"),
            )


def proposer(row: dict[str, Any]) -> str:
    """Who proposes: the operator's officer, the head of an NGO, or the person themselves."""
    if row["by"] == "operator":
        return "gulnara"
    return cast.head_of(row["by"]).key if row["by"] else str(row["key"])


def register_experts() -> None:
    """Everybody whom an organisation proposed; whoever proposed themselves still waits."""
    proposed = [cast.user(row["key"]).pk for row in cast.experts() if row["by"]]
    gulnara = cast.actor("gulnara")
    for expert in Expert.objects.filter(person__in=proposed, state="proposed").order_by("id"):
        EXPERT.take("register", expert, actor=gulnara)

"""A prize whose list of applicants is published: Әлем and Қамқор in one direction, Үміт alone in another, a third one empty.

Gulnara is the officer of the authorised body; Erlan and Zhanar score. Up to the list the rows are made at once: how an NGO applies is
tested beside its own steps.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from ortaq.core import clock
from ortaq.people.actor import Actor, actor_for
from ortaq.people.models import Membership, Organisation, Role, User
from ortaq.prizes.models import Application, Award, Direction, Round
from ortaq.prizes.procedure import awards
from ortaq.prizes.procedure.judging import panel_of
from ortaq.prizes.procedure.round import ROUND
from ortaq.review.evaluating import EVALUATING
from ortaq.review.models import Dossier
from ortaq.review.procedure import SHEET
from ortaq.review.procedure.declaring import open_questions
from ortaq.review.procedure.sheet import save_draft
from ortaq.testing.factories import SINCE, a_person, an_organisation
from ortaq.testing.remembered import remembered

YEAR = 2026
LISTED = clock.at(date(YEAR, 9, 14), 10)
SCORED = clock.at(date(YEAR, 10, 20), 10)
PUBLISHED = clock.at(date(YEAR, 11, 27), 10)
PAID = clock.at(date(YEAR, 12, 18), 10)
HEALTH, VULNERABLE, CULTURE = "health_healthy_lifestyle", "vulnerable_groups", "culture_arts"
KEYS = ("contribution", "experience", "innovation")
# Accounts whose control digits are right.
ACCOUNT, ANOTHER = "KZ75125KZT1001300335", "KZ48125KZT1001300336"
BIC = "KCJBKZKX"
REASONS = {"reason_kk": "Ең жоғары орташа балл.", "reason_ru": "Наибольший средний балл."}


@dataclass
class Scene:
    """The round and everybody around it."""

    round: Round
    gulnara: Actor
    aliya: Actor
    dana: Actor
    erlan: User
    zhanar: User
    applications: dict[str, Application] = field(default_factory=dict)

    def application(self, name: str) -> Application:
        found = self.applications[name]
        found.refresh_from_db()
        return found

    def direction(self, key: str) -> Direction:
        return self.round.directions.get(field=key)

    def take(self, step: str, **facts: Any) -> None:
        ROUND.take(step, self.round, actor=self.gulnara, **facts)

    def declare(self, user: User, conflicts: dict[str, str] | None = None) -> None:
        """One who scores declares: no conflict, but for the applicants named in `conflicts`."""
        panel = panel_of(self.round)
        seat = panel.seats.get(person=user, until=None)
        why = {
            self.applications[key].organisation_id: text for key, text in (conflicts or {}).items()
        }
        answers = {
            one.organisation_id: (one.organisation_id in why, why.get(one.organisation_id, ""))
            for one in open_questions(panel, seat)
        }
        EVALUATING.take("declare", panel, actor=actor_for(user), answers=answers)

    def dossier(self, name: str) -> Dossier:
        dossier = self.application(name).dossier
        assert dossier is not None
        return dossier

    def sign(self, user: User, name: str, points: tuple[int, int, int]) -> None:
        """A sheet, filled in and signed."""
        dossier = self.dossier(name)
        seat = dossier.panel.seats.get(person=user, until=None)
        marks: dict[str, Any] = {
            key: {"points": given, "ticks": [], "fully": False, "comment": "" if given else "Жоқ."}
            for key, given in zip(KEYS, points, strict=True)
        }
        saved = save_draft(dossier, seat, None, marks, version=0, window="w")
        SHEET.take("sign", saved.sheet, actor=actor_for(user), version=saved.sheet.version)

    def decide(self, key: str, *names: str, **facts: Any) -> None:
        chosen = [self.application(name) for name in names]
        facts = {"version": 0, "remainder": ""} | REASONS | facts
        self.take("decide", direction=self.direction(key), recipients=chosen, **facts)

    def award(self, name: str) -> Award:
        return Award.objects.select_related("application__round", "direction__round").get(
            application=self.applications[name]
        )

    def pay(self, name: str, **facts: Any) -> None:
        award = self.award(name)
        given = {
            "paid_on": clock.today(),
            "paid_tiyn": award.share_tiyn,
            "bank": "Банк",
            "bic": BIC,
            "account": ACCOUNT,
            "account_remark": "",
            "version": award.version,
        }
        awards.record(award, "pay", actor=self.gulnara, **(given | facts))

    def hand(self, name: str, number: str, on: date | None = None) -> None:
        award = self.award(name)
        given = {"diploma_number": number, "diploma_on": on, "version": award.version}
        awards.record(award, "diploma", actor=self.gulnara, **given)


def user_of(actor: Actor) -> User:
    """Who the actor is."""
    assert isinstance(actor.user, User)
    return actor.user


def _ngo(name: str) -> tuple[Organisation, Actor]:
    body = an_organisation(name_kk=f"«{name}» қоғамдық қоры", name_ru=f"Общественный фонд «{name}»")
    user = a_person(surname=f"{name}ова")
    Membership.objects.create(user=user, organisation=body, role=Role.HEAD, starts_on=SINCE)
    return body, actor_for(user, body)


def content_of(name: str) -> dict[str, Any]:
    """What an application says, as far as the scoring and the payment read it."""
    project = {"id": "p1", "project": f"{name} жобасы", "carried_out": "own"}
    return {
        "questionnaire": {"name": name, "bank": "Банк", "bic": BIC, "iban": ACCOUNT},
        "contribution": f"{name}: әлеуметтік үлес.",
        "experience": {"projects": [project | {"first": "2025-03", "last": "", "results": "Бар"}]},
        "innovation": "Жаңа тәсіл.",
        "recommendations": [{"id": "r1", "organisation": "Әкімдік", "person": "А. Б."}],
    }


@remembered
def listed() -> Scene:
    """Up to the published list of applicants, on 14 September."""
    body = an_organisation(Organisation.Kind.AUTHORISED_BODY, name_kk="Уәкілетті орган")
    officer = a_person(surname="Омарова", given_name="Гүлнара")
    Membership.objects.create(user=officer, organisation=body, role=Role.OFFICER, starts_on=SINCE)
    with clock.frozen(LISTED):
        found = Round(
            organiser=body,
            year=YEAR,
            edition="2018",
            state=Round.State.LISTED,
            announce_due=clock.end_of(date(YEAR, 7, 1)),
            announced_at=clock.at(date(YEAR, 6, 25), 9),
            apply_until=clock.end_of(date(YEAR, 9, 1)),
            list_due=clock.end_of(date(YEAR, 9, 15)),
            listed_at=LISTED,
            results_due=clock.end_of(date(YEAR, 12, 1)),
            payment_due=clock.end_of(date(YEAR, 12, 20)),
        )
        ROUND.begin(found, actor=actor_for(officer, body))
    sums = ((HEALTH, 900_000_000), (VULNERABLE, 1_000_000_001), (CULTURE, 900_000_000))
    for position, (key, amount) in enumerate(sums, 1):
        Direction.objects.create(round=found, position=position, field=key, amount_tiyn=amount)
    people: dict[str, Actor] = {}
    applications: dict[str, Application] = {}
    for number, (name, key) in enumerate(
        (("Әлем", VULNERABLE), ("Қамқор", VULNERABLE), ("Үміт", HEALTH)), 1
    ):
        ngo, people[name] = _ngo(name)
        applications[name] = Application.objects.create(
            round=found,
            direction=found.directions.get(field=key),
            organisation=ngo,
            number=f"С-{YEAR}-{number:03}",
            state=Application.State.ADMITTED,
            content=content_of(name),
            created_by=user_of(people[name]),
            created_at=clock.at(date(YEAR, 8, 20), 12),
            submitted_at=clock.at(date(YEAR, 8, 30), 12),
            applicant_name=ngo.name_kk,
        )
    return Scene(
        round=found,
        gulnara=actor_for(officer, body),
        aliya=people["Әлем"],
        dana=people["Қамқор"],
        erlan=a_person(surname="Тоқтаров", given_name="Ерлан"),
        zhanar=a_person(surname="Асанова", given_name="Жанар"),
        applications=applications,
    )


@remembered
def scored() -> Scene:
    """Two have scored: Әлем and Қамқор are equal at 13 1/2, Үміт has 12; the officer decides."""
    scene = listed()
    with clock.frozen(SCORED):
        scene.take("appoint", people=[scene.erlan, scene.zhanar])
        for user in (scene.erlan, scene.zhanar):
            scene.declare(user)
        for name, first, second in (
            ("Әлем", (5, 5, 4), (5, 4, 4)),
            ("Қамқор", (5, 4, 5), (4, 4, 5)),
            ("Үміт", (4, 4, 4), (5, 4, 3)),
        ):
            scene.sign(scene.erlan, name, first)
            scene.sign(scene.zhanar, name, second)
        scene.take("complete")
    return scene


@remembered
def published() -> Scene:
    """Әлем and Қамқор share a prize, Үміт has one of its own; the list of recipients is published."""
    scene = scored()
    with clock.frozen(PUBLISHED):
        scene.decide(VULNERABLE, "Әлем", "Қамқор", remainder="first")
        scene.decide(HEALTH, "Үміт")
        awards.publish(scene.round, actor=scene.gulnara)
    return scene

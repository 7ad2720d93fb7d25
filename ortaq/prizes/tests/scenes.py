"""Scenes of prizes: what happened before a test begins, by the real steps. The year is that of the worked examples, 2019."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from ortaq.core import clock
from ortaq.documents.writing import paths
from ortaq.documents.writing.merge import Edit
from ortaq.people.actor import Actor, actor_for
from ortaq.people.models import Organisation, Role
from ortaq.prizes.models import Application, Attachment, Direction, Receipt, Round
from ortaq.prizes.procedure import application as procedure
from ortaq.prizes.procedure import application_draft as draft
from ortaq.prizes.procedure import round_draft
from ortaq.prizes.procedure.application import APPLICATION
from ortaq.prizes.procedure.closing import close_due
from ortaq.prizes.procedure.round import ROUND
from ortaq.testing import factories
from ortaq.testing.remembered import remembered

YEAR = 2019
PREPARED = clock.at(date(YEAR, 6, 3), 10)
ANNOUNCED = clock.at(date(YEAR, 6, 28), 10)
DURING = clock.at(date(YEAR, 8, 10), 12)
LAST = clock.at(date(YEAR, 9, 1), 23, 59, 59)  # a Sunday, taken as included
AFTER = clock.at(date(YEAR, 9, 2), 0, 0, 0)
TENGE = 100
PDF = b"%PDF-1.4\n% invented paper\n%%EOF\n"
SECRET = "Құпия инновация"  # a text to look for where it must not stand
ACCOUNT = {"bank": "«Үлгі Банк» АҚ, Астана", "bic": "ULGBKZKX", "iban": "KZ75125KZT1001300335"}
TEXTS = {
    "text_kk": "Сыйлықақы конкурсына өтінімдер қабылданады.",
    "text_ru": "Принимаются заявки на конкурс премий.",
    "contacts_kk": "Астана қ., Үлгі көшесі, 1, 9.00-18.00",
    "contacts_ru": "г. Астана, ул. Улги, 1, с 9.00 до 18.00",
    "addressee_kk": "Министрлікке",
    "addressee_ru": "В Министерство",
}
HEALTH, YOUTH = "health_healthy_lifestyle", "youth_policy_children_initiatives"


@dataclass
class Cast:
    """Aliya heads an NGO, Bolat keeps its accounts, Dana heads a rival, Saule is an officer of the authorised body, Gulnara of the
    operator of grants; Erlan is an expert and belongs to nobody."""

    ngo: Organisation
    rival: Organisation
    ministry: Organisation
    aliya: Actor
    bolat: Actor
    dana: Actor
    saule: Actor
    gulnara: Actor
    erlan: Actor


@dataclass
class Scene:
    """The cast and the round of 2019."""

    cast: Cast
    round: Round

    def direction(self, field: str = HEALTH) -> Direction:
        return self.round.directions.get(field=field)


@remembered
def cast() -> Cast:
    """The people that scenes of prizes are played by."""
    ngo = factories.an_organisation(
        name_kk="«Әлем» қоғамдық қоры",
        name_ru="Общественный фонд «Алем»",
        address_kk="Астана қ., Бейбітшілік көшесі, 1",
        charter_goals="Денсаулықты сақтау",
        registered_on=date(2010, 3, 1),
    )
    rival = factories.an_organisation(
        name_kk="«Қамқор» қоғамдық бірлестігі",
        name_ru="Общественное объединение «Камкор»",
        address_kk="Алматы қ., Абай даңғылы, 2",
        charter_goals="Жастарды қолдау",
        registered_on=date(2012, 5, 4),
    )
    ministry = factories.an_organisation(
        "authorised_body",
        name_kk="Ақпарат және қоғамдық даму министрлігі",
        name_ru="Министерство информации и общественного развития",
    )
    operator = factories.an_organisation("operator", name_kk="Гранттар операторы")
    return Cast(
        ngo,
        rival,
        ministry,
        factories.a_member(ngo, Role.HEAD, surname="Әлиева", given_name="Әлия", phone="+7 700 000 00 01"),
        factories.a_member(ngo, Role.ACCOUNTANT, surname="Болатов", given_name="Болат"),
        factories.a_member(rival, Role.HEAD, surname="Данаева", given_name="Дана", phone="+7 700 000 00 02"),
        factories.a_member(ministry, Role.OFFICER, surname="Қасымова", given_name="Сәуле"),
        factories.a_member(operator, Role.OFFICER, surname="Гүлнарова", given_name="Гүлнар"),
        actor_for(factories.a_person(surname="Ерланов", given_name="Ерлан")),
    )  # fmt: skip


@remembered
def drafted() -> Scene:
    """A round that is being prepared, its texts written."""
    with clock.frozen(PREPARED):
        people = cast()
        found = round_draft.begin(people.ministry, YEAR, actor=people.saule)
        round_draft.edit(found, TEXTS, actor=people.saule)
    return Scene(people, found)


@remembered
def announced() -> Scene:
    """The round, announced in time."""
    scene = drafted()
    with clock.frozen(ANNOUNCED):
        ROUND.take("announce", scene.round, actor=scene.cast.saule)
    return scene


# --- An application ------------------------------------------------------------------------------


def write(application: Application, actor: Actor, values: dict[str, Any]) -> None:
    """Save `values` by path, as a page does; rows are saved together."""
    units: dict[str, dict[str, Any]] = {}
    for path, value in values.items():
        units.setdefault(paths.unit_of(path), {})[path] = value
    edits = [Edit(unit, application.version, cells) for unit, cells in units.items()]
    draft.save(application, edits, actor=actor)


def content(recommendations: int = 2) -> dict[str, Any]:
    """What a complete application says beyond what is filled in by itself."""
    said: dict[str, Any] = {
        "questionnaire/head/position": "директор",
        **{f"questionnaire/{key}": value for key, value in ACCOUNT.items()},
        "contribution": "Ауылдарда салауатты өмір салты мектептерін аштық.",
        "innovation": SECRET,
        "experience/projects/~a1/project": "Салауатты ауыл",
        "experience/projects/~a1/carried_out": "own",
        "experience/projects/~a1/first": "2018-02",
        "experience/projects/~a1/last": "2018-11",
        "experience/projects/~a1/results": "12 ауыл, 3000 адам",
    }
    for number in range(1, recommendations + 1):
        row = f"recommendations/~r{number}"
        said |= {
            f"{row}/kind": "state_body" if number == 2 else "ngo",
            f"{row}/organisation": f"{number}-ұйым",
            f"{row}/person": "Б. Ұсынушы, төраға",
            f"{row}/contacts": f"+7 700 000 00 {10 + number}",
            f"{row}/about": "Бірлескен жоба",
        }
    return said


def upload(name: str = "paper.pdf", content: bytes = PDF) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


@remembered
def begun(scene: Scene, actor: Actor | None = None, field: str = HEALTH) -> Application:
    """A draft as its first page shows it."""
    actor = actor or scene.cast.aliya
    assert actor.acting_for is not None
    return draft.begin(scene.direction(field), actor.acting_for, actor=actor)


@remembered
def written(scene: Scene, actor: Actor | None = None, field: str = HEALTH) -> Application:
    """A draft with all six kinds of papers."""
    actor = actor or scene.cast.aliya
    application = begun(scene, actor, field)
    write(application, actor, content())
    kind = Attachment.Kind
    for one in (kind.MATERIAL, kind.CHARTER, kind.REGISTRATION):
        draft.attach(application, upload(f"{one}.pdf"), actor=actor, kind=one)
    for number in (1, 2):
        draft.attach(
            application,
            upload(f"letter{number}.pdf"),
            actor=actor,
            kind=kind.RECOMMENDATION,
            row=f"~r{number}",
        )
    draft.attach(application, upload("bank.pdf"), actor=actor, kind=kind.BANK, original=True)
    return application


@remembered
def submitted(
    scene: Scene, actor: Actor | None = None, field: str = HEALTH, at: datetime = DURING
) -> Application:
    """An application handed in on this site."""
    with clock.frozen(at):
        application = written(scene, actor, field)
        procedure.submit(application, actor=actor or scene.cast.aliya, declared=True)
    return application


def closed(scene: Scene) -> None:
    """The end of acceptance has come."""
    close_due()
    scene.round.refresh_from_db()


@remembered
def two_applicants() -> tuple[Scene, Application, Application]:
    """Aliya's NGO applied in health, Dana's in youth; acceptance has ended."""
    scene = announced()
    mine, theirs = (
        submitted(scene),
        submitted(scene, scene.cast.dana, YOUTH),
    )
    with clock.frozen(AFTER):
        closed(scene)
    for one in (mine, theirs):
        one.refresh_from_db()
    return scene, mine, theirs


@remembered
def listed() -> tuple[Scene, Application, Application]:
    """The list of applicants is published with both on it."""
    scene, mine, theirs = two_applicants()
    with clock.frozen(clock.at(date(YEAR, 9, 10), 11)):
        for one in (mine, theirs):
            APPLICATION.take("admit", one, actor=scene.cast.saule)
        ROUND.take("list", scene.round, actor=scene.cast.saule)
        for one in (mine, theirs):
            one.refresh_from_db()
    return scene, mine, theirs


def receipt_of(application: Application) -> Receipt:
    return Receipt.objects.get(application=application)

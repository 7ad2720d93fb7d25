"""What Ortaq knows already, offered to an application: the organisation, its head, its projects (PR-020, PR-025)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.formats import date_format

from ortaq import law
from ortaq.core import clock
from ortaq.core.bilingual import pick
from ortaq.people.models import Membership, Organisation, Role
from ortaq.prizes.models import Application
from ortaq.projects.models import Project

from .parts import OWN

# Of the questionnaire what an earlier application of the same NGO can give; the rest is the registry's.
BANK = ("bank", "bic", "iban")
KEPT = ("actual_address", "subject", "goal", *BANK)


def questionnaire(organisation: Organisation, language: str) -> dict[str, Any]:
    """Annex 2 as far as the organisation's card, its people and its last application answer it; two queries."""
    head = (
        Membership.objects.current()
        .filter(organisation=organisation, role=Role.HEAD)
        .select_related("user")
        .order_by("starts_on", "id")
        .first()
    )
    address = pick(organisation.address_kk, organisation.address_ru, language)
    found: dict[str, Any] = {
        "name": pick(organisation.name_kk, organisation.name_ru, language),
        "registered_on": organisation.registered_on and organisation.registered_on.isoformat(),
        "bin": organisation.bin,
        "legal_address": address,
        "actual_address": address,
        "subject": organisation.charter_goals,
        "goal": organisation.charter_goals,
    }
    if head is not None:
        found["head"] = {
            "surname": head.user.surname,
            "given_name": head.user.given_name,
            "patronymic": head.user.patronymic,
            "phone_numbers": head.user.phone or organisation.phone,
            "email": head.user.email,
        }
    found |= _earlier(organisation)
    return {key: value for key, value in found.items() if value}


def _earlier(organisation: Organisation) -> dict[str, Any]:
    """What the NGO said last time of what changes rarely."""
    last = (
        Application.objects.filter(organisation=organisation)
        .exclude(submitted_at=None)
        .order_by("-submitted_at")
        .first()
    )
    if last is None:
        return {}
    said = last.content.get("questionnaire") or {}
    return {key: said[key] for key in KEPT if said.get(key)}


@dataclass(frozen=True, slots=True)
class Offered:
    """A project that Ortaq holds, as a row of annex 3; `row` is the row's id, so that it is taken once."""

    project: Project
    row: str
    cells: Mapping[str, Any]


def projects(application: Application) -> list[Offered]:
    """The NGO's projects of the last three years, running ones included, the newest first; one query (PR-023, PR-025)."""
    edition = application.round.rules
    on = clock.today()
    since = date(on.year - edition.number("prize.experience_years"), on.month, 1)
    rows = (
        Project.objects.filter(
            contract__grantee=application.organisation_id, contract__starts_on__lte=on
        )
        .exclude(contract__ends_on__lt=since)
        .exclude(state=Project.State.TERMINATED)
        .select_related("contract")
        .order_by("-contract__starts_on", "-id")
    )
    return [Offered(one, f"~o{one.pk}", _cells(one, application.language)) for one in rows]


RESULTS = law.Text(
    "Өткізілген іс-шаралар: {events}; қатысқан адамдар: {people}; орындалған көрсеткіштер: {done} / {asked}.",
    "Проведено мероприятий: {events}; охвачено человек: {people}; достигнуто показателей: {done} из {asked}.",
    "Events held: {events}; people who took part: {people}; indicators reached: {done} of {asked}.",
)


def _cells(project: Project, language: str) -> dict[str, Any]:
    contract = project.contract
    over = project.state != Project.State.RUNNING
    title = pick(contract.title_kk, contract.title_ru, language)
    direction = pick(contract.direction_kk, contract.direction_ru, language)
    cells = {
        "project": f"{title} ({direction})" if direction else title,
        "carried_out": OWN,
        "first": contract.starts_on and f"{contract.starts_on:%Y-%m}",
        "last": contract.ends_on and over and f"{contract.ends_on:%Y-%m}",
        "results": RESULTS.say(language).format(
            events=project.events_held,
            people=project.covered,
            done=project.indicators_done,
            asked=project.indicators,
        ),
    }
    return {key: value for key, value in cells.items() if value}


def said_term(project: Project) -> str:
    """The term of a project as a page says it."""
    contract = project.contract
    days = (contract.starts_on, contract.ends_on)
    return " – ".join(date_format(day, "F Y") for day in days if day)

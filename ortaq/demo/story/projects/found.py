"""Where the story of the projects finds what it goes on with."""

from __future__ import annotations

from ortaq.demo import cast
from ortaq.people.actor import Actor
from ortaq.projects.models import Activity, BudgetLine, Event, Project

from .data import GRANT, ORDER, Happening

BODIES: dict[str, tuple[str, str]] = {GRANT: ("operator", "gulnara"), ORDER: ("akimat", "saule")}


def project(ngo: str, instrument: str) -> Project:
    """The project of an NGO under one instrument; `Project.DoesNotExist` where it has none."""
    rows = Project.objects.filter(contract__grantee=cast.body(ngo), contract__instrument=instrument)
    found = rows.select_related("contract__grantor", "contract__grantee").order_by("id").first()
    if found is None:
        raise Project.DoesNotExist
    return found


def projects(instrument: str) -> list[Project]:
    """The projects of the story's body under one instrument, in the order of their contracts."""
    body, _officer = BODIES[instrument]
    rows = Project.objects.filter(
        contract__grantor=cast.body(body), contract__instrument=instrument
    )
    return list(rows.select_related("contract__grantor", "contract__grantee").order_by("id"))


def officer(instrument: str) -> Actor:
    """Who answers for the projects in the body that pays."""
    return cast.actor(BODIES[instrument][1])


def head(ngo: str) -> Actor:
    return cast.actor(cast.head_of(ngo).key)


def accountant(ngo: str) -> Actor:
    return cast.actor(cast.accountant_of(ngo).key)


def activity(of: Project, key: str) -> Activity:
    return Activity.objects.get(contract=of.contract_id, key=key)


def line(of: Project, key: str) -> BudgetLine:
    """A line of the estimate by its number: of the first year where there are several."""
    rows = BudgetLine.objects.filter(contract=of.contract_id, key__endswith=f"~{key}")
    found: BudgetLine = rows.order_by("year").select_related("contract")[:1].get()
    return found


def event(told: Happening) -> Event | None:
    """An event of the story where it was planned, whatever became of it."""
    of = project(told.ngo, told.instrument)
    found: Event | None = Event.objects.filter(project=of, once=told.form).first()
    if found is not None:
        found.project = of
    return found

"""What the pages of small grants read. Who applied is personal data: the public sees NGOs by name, all others by number."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Prefetch, Q, QuerySet, Sum, prefetch_related_objects
from django.utils.translation import gettext as _

from ortaq.core import regions
from ortaq.faces import say
from ortaq.faces.paging import KeyPage, key_page
from ortaq.projects.models import Expense, Project, SmallCompetition, SmallGrant, SmallGrantVersion
from ortaq.projects.small_checks import GIVEN

State = SmallCompetition.State
MOST_OPEN = 100


def competitions_of(project: Project) -> QuerySet[SmallCompetition]:
    """The competitions of a project with how many applied, were selected and how much was given; one query."""
    given = Q(grants__state__in=GIVEN)
    return project.small_competitions.annotate(
        applied=Count("grants"),
        given=Count("grants", filter=given),
        given_tiyn=Sum("grants__given_tiyn", filter=given),
    )


def grants_of(competition: SmallCompetition) -> list[SmallGrant]:
    """The applications with their expenses, kept on the competition for the checks that follow; one query."""
    rows = SmallGrant.objects.select_related("expense", "proof_file")
    prefetch_related_objects([competition], Prefetch("grants", rows))
    return list(competition.grants.all())


def payments(project: Project, grant: SmallGrant) -> QuerySet[Expense]:
    """The live expenses of the contract's money that pay no small grant yet; one query."""
    rows = Expense.objects.filter(project=project, source=Expense.Source.GRANT)
    free = Q(small_grant=None) | Q(small_grant=grant)
    return rows.filter(free).exclude(state=Expense.State.VOIDED).order_by("-number")


@dataclass(frozen=True, slots=True)
class Totals:
    """What a project gave on so far."""

    given: int
    given_tiyn: int
    paid: int
    proved: int
    regions: int


def totals(project: Project) -> Totals:
    """One query."""
    rows = SmallGrant.objects.filter(
        competition__project=project, competition__state=State.DECIDED, state__in=GIVEN
    )
    found = rows.aggregate(
        given=Count("id"),
        given_tiyn=Sum("given_tiyn"),
        paid=Count("id", filter=Q(state__in=("paid", "proved"))),
        proved=Count("id", filter=Q(state="proved")),
        regions=Count("region", distinct=True),
    )
    return Totals(**{name: value or 0 for name, value in found.items()})


def region_name(code: str) -> str:
    found = regions.find(code) if code else None
    return say.text(found.name) if found else ""


# --- For everybody ---------------------------------------------------------------------------------


def public_competitions() -> QuerySet[SmallCompetition]:
    """The one visibility query of the public: whatever was announced."""
    return SmallCompetition.objects.exclude(opens_at=None).select_related(
        "project__contract__grantee", "project__contract__grantor"
    )


def announced(now: Any, asked: Mapping[str, Any]) -> tuple[list[SmallCompetition], KeyPage[SmallCompetition]]:  # fmt: skip
    """Those that take applications, the first to close first, and all others by page; two queries."""
    taking = Q(state=State.OPEN, closes_at__gte=now)
    rows = public_competitions()
    open_ones = rows.filter(taking).order_by("closes_at", "id")[:MOST_OPEN]
    return list(open_ones), key_page(rows.exclude(taking), asked, order=["-id"], size=25)


def announced_one(code: str) -> QuerySet[SmallCompetition]:
    """One announced competition with its results, for everybody; two queries."""
    chosen = SmallGrant.objects.filter(state__in=(*GIVEN, SmallGrant.State.RETURNED))
    return (
        public_competitions()
        .filter(code=code)
        .prefetch_related(Prefetch("grants", chosen.order_by("number"), to_attr="chosen"))
    )


@dataclass(frozen=True, slots=True)
class Result:
    """A selected application as the public sees it."""

    who: str
    region: str
    title: str
    given_tiyn: int


def results(competition: SmallCompetition) -> list[Result]:
    """The published results; nothing before they are published."""
    if competition.state != State.DECIDED:
        return []
    chosen: list[SmallGrant] = getattr(competition, "chosen", [])
    return [
        Result(public_name(one), region_name(one.region), one.title, one.given_tiyn or 0)
        for one in chosen
    ]


def public_name(grant: SmallGrant) -> str:
    """An NGO by its name; citizens and groups by number, since initials and a village name a person."""
    if grant.applicant == SmallGrant.Applicant.NGO and grant.name:
        return grant.name
    return _("Application No. %(number)s") % {"number": grant.number}


def receipt(code: str, token: uuid.UUID) -> QuerySet[SmallGrant]:
    """An application with all that was sent, the last first, for whoever has its receipt; two queries."""
    return (
        SmallGrant.objects.filter(competition__code=code, once=token)
        .exclude(on_paper=True)
        .select_related("competition__project__contract__grantee")
        .prefetch_related(Prefetch("versions", SmallGrantVersion.objects.order_by("-number")))
    )


def is_amendable(grant: SmallGrant, now: datetime) -> bool:
    """While applications are taken."""
    taking = grant.competition.state == State.OPEN and (
        grant.competition.closes_at is None or now <= grant.competition.closes_at
    )
    return taking and grant.state == SmallGrant.State.SUBMITTED


def is_withdrawable(grant: SmallGrant) -> bool:
    """Until the results are out; what the selection thinks of it meanwhile is not seen by this."""
    return grant.competition.state in (State.OPEN, State.SELECTING) and grant.withdrawn_at is None

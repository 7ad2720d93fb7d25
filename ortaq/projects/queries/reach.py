"""The social effect of a project, planned and done: block IV of annex 3 (GR-I-10)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Q, Sum

from ortaq.core.kazakh import fold
from ortaq.faces.paging import KeyPage, key_page
from ortaq.projects import completeness
from ortaq.projects.models import Consumer, Project, Reach, TeamMember

MOST_OFFERED = 50
# How the name of an NGO tells that it is one, in Kazakh and in Russian.
_NGO = re.compile(
    r"\b(?:ҚБ|ҚҚ|ҮЕҰ|ҚОҚБ|РҚБ|ОО|ОФ|РОО|НПО|ОЮЛ)\b|қоғамдық\s+(?:қор|бірлест)|корпоративтік\s+қор|корпоративн\w+\s+фонд|"
    r"жеке\s+(?:мекеме|қор)|частн\w+\s+фонд|общественн\w+\s+(?:фонд|объединен)|қауымдастығ|ассоциаци",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Reached:
    """People reached through the mass media, and NGOs covered, as recorded and not struck out."""

    indirect: int = 0
    ngos: int = 0


def reached(project: Project, begins: date | None = None, ends: date | None = None) -> Reached:
    """What is recorded of a project, of all days or of a period with its first and last day; one query."""
    rows = Reach.objects.filter(project=project, struck="")
    if begins:
        rows = rows.filter(day__gte=begins)
    if ends:
        rows = rows.filter(day__lte=ends)
    found = rows.aggregate(indirect=Sum("people"), ngos=Count("id", filter=Q(kind=Reach.Kind.NGO)))
    return Reached(found["indirect"] or 0, found["ngos"])


@dataclass(frozen=True, slots=True)
class Effect:
    """One of the six numbers of block IV: `planned` as annex 3 has it now, `signed` where it was another, `done` so far."""

    key: str
    label: Any
    planned: int | None
    signed: int | None
    done: int

    @property
    def percent(self) -> int | None:
        """How much of the plan is done, in whole per cents, cut off; None where nothing is planned."""
        return self.done * 100 // self.planned if self.planned else None


def effect_of(project: Project, found: Reached | None = None) -> list[Effect]:
    """Block IV, planned and done; at most four queries.

    Direct beneficiaries are the different people who took part in events; workers and specialists are those of block II, all who were
    in the team; partners are those that block I names. The other two the NGO records.
    """
    contract, found = project.contract, found or reached(project)
    team = dict(contract.team.order_by().values_list("table").annotate(Count("id")))
    done = {
        "direct_beneficiaries": project.covered,
        "indirect_beneficiaries": found.indirect,
        "employees": team.get(TeamMember.Table.STAFF, 0),
        "specialists": team.get(TeamMember.Table.CIVIL_LAW, 0),
        "ngos_covered": found.ngos,
        "partners": contract.partners.count(),
    }
    now, was = contract.social_effect, project.baseline.get("social_effect", {})
    return [
        Effect(key, label, now.get(key), was.get(key) if was.get(key) != now.get(key) else None, done[key])
        for key, label in completeness.SOCIAL_EFFECT.items()
    ]  # fmt: skip


def lines_of(project: Project, asked: Mapping[str, Any]) -> KeyPage[Reach]:
    """What is recorded, the newest first, with what was struck out; one query."""
    rows = Reach.objects.filter(project=project)
    if asked.get("kind") in Reach.Kind.values:
        rows = rows.filter(kind=asked["kind"])
    return key_page(rows, asked, order=["-number"], size=50)


def ngos_to_offer(project: Project) -> list[str]:
    """NGOs that participants named as their place of work and that are not counted yet; two queries."""
    counted = set(
        Reach.objects.filter(project=project, kind=Reach.Kind.NGO, struck="").values_list(
            "likeness", flat=True
        )
    )
    rows = Consumer.objects.filter(project=project, attended__gt=0).exclude(workplace="")
    found: dict[str, str] = {}
    for name in rows.order_by("workplace").values_list("workplace", flat=True).distinct():
        if _NGO.search(name) and fold(name) not in counted:
            found.setdefault(fold(name), " ".join(name.split()))
    return list(found.values())[:MOST_OFFERED]

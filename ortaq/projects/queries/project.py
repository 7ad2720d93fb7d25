"""What the pages of projects read, each in a fixed number of queries."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext_lazy as _

from ortaq.core import money
from ortaq.core.kazakh import fold
from ortaq.faces.paging import KeyPage, key_page
from ortaq.people.actor import Actor
from ortaq.people.models import Organisation
from ortaq.projects.models import Contract, Project
from ortaq.projects.risks import percent, time_passed

from .contract import contracts_visible_to

Trouble = Project.Trouble
TONES = {Trouble.NONE: "good", Trouble.SOME: "warning", Trouble.DEEP: "bad"}


def projects_visible_to(actor: Actor) -> QuerySet[Project]:
    """The one visibility query: projects of which one of the actor's organisations is a party."""
    # Asked of each project: a body's 20 000 contracts are not gathered to find one.
    mine = contracts_visible_to(actor).filter(pk=OuterRef("contract"))
    return Project.objects.filter(Exists(mine))


def project_head(actor: Actor) -> QuerySet[Project]:
    """Visible projects with what the head of every tab shows and the policies ask; one query."""
    return projects_visible_to(actor).select_related(
        "contract__grantor", "contract__grantee", "manager"
    ).defer("baseline")  # fmt: skip


# --- The list --------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Gauge:
    """How far something has got: `done` of `whole`, and the same in whole per cents."""

    label: Any
    done: int
    whole: int
    words: Any = ""

    @property
    def percent(self) -> int:
        return self.done * 100 // self.whole if self.whole else 0

    @property
    def shown(self) -> int:
        """What the bar shows: it cannot be longer than itself."""
        return min(self.done, self.whole)


@dataclass(frozen=True, slots=True)
class Glance:
    """A row of the list: a project with its gauges, from what is kept of it alone."""

    project: Project
    gauges: list[Gauge]

    @property
    def tone(self) -> str:
        return TONES[Trouble(self.project.trouble)]


def gauges_of(project: Project, today: date) -> list[Gauge]:
    """Time burnt, money burnt, indicators proved: the three that are compared."""
    return [
        Gauge(_("Time"), percent(time_passed(project, today)), 100),
        Gauge(_("Money"), project.spent_tiyn, project.contract.sum_tiyn),
        Gauge(_("Proved"), project.indicators_proved, project.indicators),
    ]


def project_list(actor: Actor, asked: Mapping[str, Any], today: date) -> KeyPage[Project]:
    """Projects of the organisation acted for, those in the deepest trouble first; one query.

    `asked` may have `q` (number, title, the other party), `state`, `trouble`, `instrument` and `page`.
    """
    mine = actor.acting_for
    if mine is None:
        return KeyPage([])
    # The organisation acted for is always one's own: its side of the contract is all that has to be asked, and for a body of
    # 20 000 projects the visibility query would ask it twice.
    side = "grantee" if mine.kind == Organisation.Kind.NGO else "grantor"
    rows = Project.objects.filter(**{f"contract__{side}": mine})
    if words := fold(str(asked.get("q", ""))[:200]):
        rows = rows.filter(contract__search__contains=words) | rows.filter(
            contract__grantee__search__contains=words
        )
    if asked.get("state") in Project.State.values:
        rows = rows.filter(state=asked["state"])
    if asked.get("instrument") in Contract.Instrument.values:
        rows = rows.filter(contract__instrument=asked["instrument"])
    if asked.get("trouble") in {str(level) for level in Trouble.values}:
        rows = rows.filter(trouble=int(asked["trouble"]))
    rows = rows.select_related("contract__grantor", "contract__grantee").defer(
        "baseline", "contract__general", "contract__social_effect", "contract__search"
    )
    return key_page(rows, asked, order=["-trouble", "-id"], size=25)


def glances(projects: Sequence[Project], today: date) -> list[Glance]:
    return [Glance(one, gauges_of(one, today)) for one in projects]


# --- One project at one glance -------------------------------------------------------------------------


def whole_of(project: Project, today: date) -> list[Gauge]:
    """The gauges of the overview, each in words; what is not planned has no gauge."""
    contract = project.contract
    people = contract.social_effect.get("direct_beneficiaries") or 0
    begins, ends = contract.starts_on, contract.ends_on
    days = (
        min(max((today - begins).days + 1, 0), (ends - begins).days + 1) if begins and ends else 0
    )
    whole = (ends - begins).days + 1 if begins and ends else 0
    found = [
        Gauge(_("Time, days"), days, whole),
        Gauge(
            _("Money spent"),
            project.spent_tiyn,
            contract.sum_tiyn,
            _money(project.spent_tiyn, contract.sum_tiyn),
        ),
        Gauge(_("Indicators reached"), project.indicators_done, project.indicators),
        Gauge(_("Indicators proved"), project.indicators_proved, project.indicators),
        Gauge(_("People covered"), project.covered, people),
        Gauge(_("Events held"), project.events_held, project.events),
    ]
    return [one for one in found if one.whole]


def _money(done: int, whole: int) -> str:
    return f"{money.show(done, sign=False)} / {money.show(whole)}"


def rating_of(project: Project) -> Fraction | None:
    """The average of all ratings from 1 to 5, exact; None where nobody rated."""
    return Fraction(project.points, project.answers) if project.answers else None

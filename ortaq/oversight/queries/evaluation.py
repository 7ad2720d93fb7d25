"""Evaluations: who knows of one, how far its members are, what they rest on, what everybody may read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from ortaq import law
from ortaq.core.bilingual import pick
from ortaq.core.kazakh import fold
from ortaq.faces.paging import KeyPage, key_page
from ortaq.faces.parts import ScoreGrid, ScoreRow
from ortaq.oversight.annex9 import fraction
from ortaq.oversight.models import Evaluation, ExpertCouncil, Notice, Visit
from ortaq.oversight.procedure.annex8 import rubric_of
from ortaq.oversight.procedure.evaluation_duties import DONE
from ortaq.oversight.verdicts import VERDICTS
from ortaq.people.actor import Actor
from ortaq.people.models import Organisation, User
from ortaq.projects.models import Project, Report, Submission
from ortaq.review import scoring
from ortaq.review.models import Conflict, Panel, ScoreSheet, Seat
from ortaq.review.procedure.evaluating import STEPPED_DOWN

from .project import projects_overseen_by

State = Evaluation.State
PARTIES = ("project__contract__grantor", "project__contract__grantee")


def evaluations_visible_to(actor: Actor) -> QuerySet[Evaluation]:
    """The one visibility query: the body sees those of its projects, a member of the council those laid before them; nobody else, the
    NGO neither, before the report is posted.
    """
    rows = Evaluation.objects.select_related(*PARTIES, "council", "dossier__panel").defer(
        "project__baseline", "project__contract__general", "project__contract__search"
    )
    if actor.user is None:
        return rows.none()
    mine = projects_overseen_by(actor).order_by().values("pk")
    seats = Seat.objects.filter(panel=OuterRef("dossier__panel"), person=actor.user)
    return rows.filter(Q(project__in=mine) | Exists(seats))


def council_in_office(body: Organisation | int) -> ExpertCouncil | None:
    """The body's expert council that evaluates today: of several the one that took office last."""
    rows = ExpertCouncil.objects.filter(body=body, state=ExpertCouncil.State.IN_OFFICE)
    return rows.order_by("-office_from", "-id").first()


def completed(actor: Actor, asked: Mapping[str, Any]) -> KeyPage[Project]:
    """Completed projects of the bodies for which the actor answers, each with its evaluation if there is one; the last ones first.

    `asked` may have `q` (number, title, NGO), `state` ("none" or a state of the evaluation) and `page`; one query.
    """
    rows = projects_overseen_by(actor).filter(state__in=DONE).select_related("evaluation")
    if words := fold(str(asked.get("q", ""))[:200]):
        rows = rows.filter(
            Q(contract__search__contains=words) | Q(contract__grantee__search__contains=words)
        )
    if asked.get("state") == "none":
        rows = rows.filter(evaluation=None)
    elif asked.get("state") in State.values:
        rows = rows.filter(evaluation__state=asked["state"])
    return key_page(rows, asked, order=("-pk",), size=25)


# --- The members ------------------------------------------------------------------------------------


@dataclass(slots=True)
class Member:
    """A member of the council before one evaluation: how far they are, never what they gave."""

    seat: Seat
    notices: list[Notice] = field(default_factory=list)
    conflicts: list[Conflict] = field(default_factory=list)

    @property
    def person(self) -> User:
        return self.seat.person

    @property
    def stepped_down(self) -> bool:
        """Stated a conflict, on which the body may decide."""
        return self.seat.end_reason == STEPPED_DOWN

    @property
    def standing(self) -> tuple[Any, str]:
        """In words, and in which tone."""
        if self.conflicts:
            return _("barred by a conflict of interest"), "bad"
        if self.stepped_down:
            return _("a conflict of interest is declared"), "bad"
        if self.seat.until is not None:
            return _("no longer on the council"), "neutral"
        if self.seat.signed:
            return _("the sheet is signed"), "good"
        if self.seat.dossiers:
            return _("is scoring"), "progress"
        return _("no notice yet"), "warning"


def members_of(evaluation: Evaluation) -> list[Member]:
    """Everybody before whom the project was laid, each once with their last seat; three queries."""
    assert evaluation.dossier is not None
    panel = evaluation.dossier.panel
    found: dict[int, Member] = {}
    for seat in panel.seats.select_related("person").order_by("id"):
        found[seat.person_id] = Member(seat)
    for notice in notices_of(evaluation).filter(person__in=found):
        found[notice.person_id].notices.append(notice)
    for conflict in panel.conflicts.filter(person__in=found).order_by("id"):
        found[conflict.person_id].conflicts.append(conflict)
    return sorted(found.values(), key=lambda one: one.person.sort)


def notices_of(evaluation: Evaluation) -> QuerySet[Notice]:
    """The notices of members about the project, the last one first."""
    rows = Notice.objects.filter(project=evaluation.project_id, role=Notice.Role.MEMBER)
    return rows.order_by("-id")


# --- What it rests on (SO-E-12) ------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Monitored:
    """The report of a visit: its conclusion, and each indicator with verdict and words."""

    visit: Visit
    lines: list[tuple[Any, Any, str]]


@dataclass(frozen=True, slots=True)
class Basis:
    """The conclusions of monitoring and the reports on which an evaluation rests."""

    visits: list[Monitored]
    reports: list[Report]


def basis_of(evaluation: Evaluation) -> Basis:
    """Two queries. Creative reports only: financial ones name people and their pay, of them the sums are enough."""
    visits = Visit.objects.filter(
        plan__project=evaluation.project_id, state=Visit.State.REPORTED
    ).select_related("plan")
    reports = Report.objects.filter(
        project=evaluation.project_id,
        kind__in=(Report.Kind.INTERIM_CREATIVE, Report.Kind.FINAL_CREATIVE),
        state=Report.State.ACCEPTED,
    )
    return Basis(
        [Monitored(visit, _indicators(visit)) for visit in visits.order_by("started_at", "id")],
        list(reports.order_by("period_to", "id")),
    )


def _indicators(visit: Visit) -> list[tuple[Any, Any, str]]:
    edition = law.edition("rules_social_order", visit.plan.edition)
    found = []
    for key, ground in edition.grounds("monitoring_indicators").items():
        given = (visit.content or {}).get("verdicts", {}).get(key, {})
        words = pick(given.get("kk", ""), given.get("ru", ""))
        found.append((ground.text, VERDICTS.get(given.get("verdict"), "—"), words))
    return found


def submitted(report: Report) -> Submission | None:
    """The round of a report that was accepted."""
    return report.submissions.filter(round=report.round).first()


# --- The figures ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Line:
    """A criterion of the report: its exact mean and what is said beside it."""

    criterion: law.Criterion
    mean: Fraction | None
    remark: Mapping[str, str]

    @property
    def said(self) -> str:
        return pick(self.remark.get("kk", ""), self.remark.get("ru", ""))


def lines_of(evaluation: Evaluation, content: Mapping[str, Any]) -> list[Line]:
    """The lines of annex 8 out of frozen or present content."""
    return [
        Line(
            criterion,
            fraction(content["means"].get(criterion.key)),
            content["remarks"].get(criterion.key, {}),
        )
        for criterion in rubric_of(evaluation).criteria
    ]


def grid_of(
    evaluation: Evaluation, sheets: Sequence[ScoreSheet], results: Mapping[str, Any]
) -> ScoreGrid:
    """Every member's points by criterion, and the means; for whoever may see points."""
    rubric = rubric_of(evaluation)
    rows = [
        ScoreRow(
            sheet.seat.person.full_name,
            [scoring.mark_of(sheet.marks, key)["points"] for key in rubric.keys],
            sheet.total,
        )
        for sheet in sheets
    ]
    totals = None
    if results:
        means = [results["means"][key] for key in rubric.keys]
        totals = ScoreRow(_("Mean of the council"), means, results["total"])
    columns = [(one.label, one.maximum) for one in rubric.criteria]
    return ScoreGrid(columns, rows, totals, _("Points of the members of the council"))


def comments_of(
    evaluation: Evaluation, sheets: Sequence[ScoreSheet]
) -> Mapping[str, list[tuple[str, int, str]]]:
    """What members wrote beside each criterion: name, points, words; empty comments are left out."""
    found: dict[str, list[tuple[str, int, str]]] = {key: [] for key in rubric_of(evaluation).keys}
    for sheet in sheets:
        for key, rows in found.items():
            mark = scoring.mark_of(sheet.marks, key)
            if mark["comment"].strip():
                rows.append((sheet.seat.person.short_name, mark["points"], mark["comment"]))
    return found


# --- For everybody ----------------------------------------------------------------------------------------


def published() -> QuerySet[Evaluation]:
    """Evaluations that everybody may read: posted ones, and under an edition with a discussion from its beginning on."""
    discussed = Q(state__in=(State.DISCUSSED, State.FORMED), discussion_until__isnull=False)
    rows = Evaluation.objects.filter(Q(state=State.POSTED) | discussed)
    return rows.select_related(*PARTIES).defer(
        "project__baseline", "project__contract__general", "project__contract__search"
    )


def public_page(asked: Mapping[str, Any]) -> KeyPage[Evaluation]:
    """Published evaluations, the last ones first; `asked` may have `q` and `page`; one query."""
    rows = published()
    if words := fold(str(asked.get("q", ""))[:200]):
        rows = rows.filter(
            Q(project__contract__search__contains=words)
            | Q(project__contract__grantee__search__contains=words)
        )
    return key_page(rows, asked, order=("-pk",), size=25)


def is_closed(evaluation: Evaluation) -> bool:
    """The scoring is over, so that points may be shown to those who may see them."""
    return evaluation.dossier is not None and evaluation.dossier.panel.state == Panel.State.CLOSED

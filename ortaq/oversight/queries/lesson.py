"""What the records propose as lessons of a project, what was kept of them, and which assessments may take it."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import partial
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.urls import reverse
from django.utils import translation
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from ortaq import law
from ortaq.core import clock
from ortaq.core.kazakh import fold
from ortaq.core.keys import key_of
from ortaq.faces import say as show
from ortaq.faces.paging import KeyPage, key_page
from ortaq.oversight.models import CorrectiveAction, Evaluation, Lesson, Visit
from ortaq.oversight.procedure.lesson import LANGUAGES, LONGEST
from ortaq.people.actor import Actor
from ortaq.planning.models import Assessment, Source
from ortaq.planning.origins import Origin
from ortaq.projects.models import Participation, Project
from ortaq.projects.queries.progress import DONE, PROVED, UNREAD, Line, progress_of
from ortaq.projects.targets import Amount

from .project import projects_overseen_by

Kind = Lesson.Kind
# The same proposal is the same row, whoever keeps it and however often.
_NAMES = uuid.UUID("5d0c4f0e-3a57-4c4c-9d0f-6f1f7d0f9a11")
OVER = (Project.State.ACCEPTED, Project.State.CLOSED)
FORMED = (Evaluation.State.FORMED, Evaluation.State.POSTED)
# Below this mean of 1..5 participants were not content, and so low is a rating that is read. Our own measure.
CONTENT, LOW = 4, 2
MOST_REVIEWS = 5


@dataclass(frozen=True, slots=True)
class Proposal:
    """A lesson that a record proposes: both texts are drafts for the officer. `one_language`: the record has the words in one only."""

    project: int
    kind: str
    origin: str
    kk: str
    ru: str
    one_language: bool = False

    @property
    def once(self) -> uuid.UUID:
        return uuid.uuid5(_NAMES, f"{self.project} {self.kind} {self.origin}")

    @property
    def key(self) -> str:
        """The key of the record."""
        return key_in(self.origin)

    @property
    def said(self) -> Any:
        return Kind(self.kind).label


def key_in(origin: str) -> str:
    """The key of the record in an origin, which may say more after a stroke: `oversight.visit:7/coverage`."""
    return origin.partition("/")[0]


def lessons_visible_to(actor: Actor) -> QuerySet[Lesson]:
    """The one visibility query: lessons of the projects that the actor oversees."""
    mine = projects_overseen_by(actor).order_by().values("pk")
    rows = Lesson.objects.filter(project__in=mine)
    return rows.select_related(
        "project__contract__grantor", "project__contract__grantee", "used_in"
    ).defer("project__baseline", "project__contract__general", "project__contract__search")


def drafts_of(body: int) -> QuerySet[Assessment]:
    """The body's assessments that are being carried out, the last begun first."""
    rows = Assessment.objects.filter(body=body, state=Assessment.State.DRAFT)
    return rows.order_by("-begun_on", "-id")


# --- What the records propose -------------------------------------------------------------------------------


def proposals_of(project: Project) -> list[Proposal]:
    """Results, recommendations and unmet needs that the records of a project show and nobody kept yet, in a fixed number of queries.

    Nothing that is not settled: only formed evaluations and reports of visits.
    """
    kept = set(project.lessons.values_list("once", flat=True))
    found = [one for part in PARTS for one in part(project) if one.kk or one.ru]
    return [one for one in found if one.once not in kept]


def _evaluation(project: Project) -> Iterator[Proposal]:
    """The recommendations of annex 8."""
    row = Evaluation.objects.filter(project=project, state__in=FORMED).first()
    if row is not None:
        yield _proposal(
            project, Kind.ADVICE, key_of(row), row.recommendations_kk, row.recommendations_ru
        )


def _account(project: Project) -> Iterator[Proposal]:
    """What the body says of the project in its last year: results and positive impact."""
    row = project.accounts.order_by("-year").first()
    if row is not None:
        for name in ("results", "impact"):
            kk, ru = (getattr(row, f"{name}_{language}") for language in LANGUAGES)
            yield _proposal(project, Kind.RESULT, f"{key_of(row)}/{name}", kk, ru)


def _visits(project: Project) -> Iterator[Proposal]:
    """Conclusions of monitoring, and indicators that were not met or met in part."""
    rows = Visit.objects.filter(plan__project=project, state=Visit.State.REPORTED)
    for visit in rows.select_related("plan").order_by("reported_at", "id"):
        content = visit.content or {}
        said = content.get("conclusion", {})
        yield _proposal(project, Kind.ADVICE, key_of(visit), said.get("kk", ""), said.get("ru", ""))
        grounds = law.edition("rules_social_order", visit.plan.edition).grounds(
            "monitoring_indicators"
        )
        for key, verdict in content.get("verdicts", {}).items():
            if verdict.get("verdict") not in ("not_met", "partly") or key not in grounds:
                continue
            kk, ru = (
                f"{grounds[key].text.say(language)}: {verdict.get(language, '')}".rstrip(": ")
                for language in LANGUAGES
            )
            yield _proposal(project, Kind.UNMET, f"{key_of(visit)}/{key}", kk, ru)


def _actions(project: Project) -> Iterator[Proposal]:
    """Corrective actions of reported visits: what had to be mended in this project is to be seen to in the next one."""
    rows = CorrectiveAction.objects.filter(
        observation__visit__plan__project=project,
        observation__visit__state=Visit.State.REPORTED,
        observation__withdrawn_at=None,
    ).exclude(state=CorrectiveAction.State.DROPPED)
    for row in rows.order_by("id"):
        yield _proposal(project, Kind.ADVICE, key_of(row), row.what, row.what, one_language=True)


def _indicators(project: Project) -> Iterator[Proposal]:
    """Indicators that stayed below their planned value when the project was over."""
    if project.state not in OVER:
        return
    for line in progress_of(project, clock.today()).lines:
        if line.state in (DONE, PROVED, UNREAD):
            continue
        kk, ru = _in_both(partial(_unreached, line))
        yield _proposal(project, Kind.UNMET, key_of(line.indicator), kk, ru, one_language=True)


def _unreached(line: Line) -> str:
    words = _("Not reached: %(indicator)s. Planned: %(planned)s, done: %(done)s.")
    planned = line.indicator.planned or "—"
    return words % {
        "indicator": line.indicator.text,
        "planned": planned,
        "done": _amount(line.done),
    }


def _amount(amount: Amount) -> str:
    return f"{amount.first}/{amount.second}" if amount.second is not None else str(amount.first)


def _target_groups(project: Project) -> Iterator[Proposal]:
    """Fewer people of the target groups were reached than promised."""
    planned = project.contract.social_effect.get("direct_beneficiaries")
    if project.state not in OVER or not isinstance(planned, int) or project.covered >= planned:
        return
    kk, ru = _in_both(partial(_uncovered, project.covered, planned))
    yield _proposal(project, Kind.UNMET, f"{key_of(project)}/covered", kk, ru)


def _uncovered(covered: int, planned: int) -> str:
    words = _("Target groups were not reached in full: %(covered)s people of %(planned)s promised.")
    return words % {"covered": show.number(covered), "planned": show.number(planned)}


def _ratings(project: Project) -> Iterator[Proposal]:
    """Participants who were not content, and what they wrote; nobody is named."""
    if not project.answers:
        return
    mean = Fraction(project.points, project.answers)
    if mean < CONTENT:
        kk, ru = _in_both(partial(_discontent, mean, project.answers))
        yield _proposal(project, Kind.UNMET, f"{key_of(project)}/ratings", kk, ru)
    rows = Participation.objects.filter(
        event__project=project, points__lte=LOW, rated_at__isnull=False
    ).exclude(review="")
    for row in rows.only("review").order_by("-rated_at", "-id")[:MOST_REVIEWS]:
        kk, ru = _in_both(partial(_review, row.review))
        yield _proposal(
            project, Kind.UNMET, f"{key_of(project)}/review-{row.pk}", kk, ru, one_language=True
        )


def _discontent(mean: Fraction, answers: int) -> str:
    words = _("Participants rate the project %(mean)s of 5; ratings given: %(answers)s.")
    return words % {"mean": show.points(mean), "answers": show.number(answers)}


def _review(text: str) -> str:
    return _("A participant: “%(review)s”") % {"review": text}


PARTS: Sequence[Callable[[Project], Iterable[Proposal]]] = (
    _account,
    _evaluation,
    _visits,
    _actions,
    _indicators,
    _target_groups,
    _ratings,
)


def _in_both(words: Callable[[], str]) -> list[str]:
    """A sentence in Kazakh and in Russian, its numbers written as each language writes them."""
    found = []
    for language in LANGUAGES:
        with translation.override(language):
            found.append(words())
    return found


def _proposal(
    project: Project, kind: str, origin: str, kk: str, ru: str, *, one_language: bool = False
) -> Proposal:
    return Proposal(
        project.pk, kind, origin, kk.strip()[:LONGEST], ru.strip()[:LONGEST], one_language
    )


# --- What was kept --------------------------------------------------------------------------------------------


@dataclass(slots=True)
class Taught:
    """A project with what it leaves for next year's needs."""

    project: Project
    lessons: list[Lesson] = field(default_factory=list)

    @property
    def left(self) -> int:
        """How many stand in no assessment yet."""
        return sum(one.used_in_id is None for one in self.lessons)


STANDINGS = {
    "left": _("to be entered in an assessment"),
    "none": _("nothing is kept yet"),
    "entered": _("all stand in an assessment"),
}


def taught(actor: Actor, asked: Mapping[str, Any]) -> tuple[KeyPage[Any], list[Taught]]:
    """Completed projects of the actor's bodies and others with lessons, the last ones first, with these; two queries.

    `asked` may have `q`, `state` (one of `STANDINGS`) and `page`.
    """
    rows = projects_overseen_by(actor).annotate(
        kept=Count("lessons"), left=Count("lessons", filter=Q(lessons__used_in=None))
    )
    rows = rows.filter(Q(state__in=OVER) | Q(kept__gt=0))
    if words := fold(str(asked.get("q", ""))[:200]):
        rows = rows.filter(
            Q(contract__search__contains=words) | Q(contract__grantee__search__contains=words)
        )
    narrowed = {"left": Q(left__gt=0), "none": Q(kept=0), "entered": Q(kept__gt=0, left=0)}
    if asked.get("state") in narrowed:
        rows = rows.filter(narrowed[asked["state"]])
    page = key_page(rows, asked, order=["-pk"], size=25)
    found = {project.pk: Taught(project) for project in page.rows}
    for lesson in Lesson.objects.filter(project__in=found).select_related("used_in__assessment"):
        found[lesson.project_id].lessons.append(lesson)
    return page, list(found.values())


def with_something_left(actor: Actor, body: int) -> QuerySet[Project]:
    """Projects of a body with lessons that stand in no assessment yet."""
    left = Lesson.objects.filter(used_in=None).values("project")
    return projects_overseen_by(actor).filter(contract__grantor=body, pk__in=left).order_by("pk")


def origins_of(sources: Sequence[Source], actor: Actor) -> dict[int, Origin]:
    """Which projects these sources of an assessment came from: overseers are led to the lessons, everybody else to the evaluation when
    it is posted; two queries.
    """
    rows = Lesson.objects.filter(used_in__in=sources).values_list(
        "used_in",
        "project",
        "project__contract__number",
        "project__evaluation",
        "project__evaluation__state",
    )
    found = list(rows.order_by().distinct())
    mine = set()
    if found:
        overseen = projects_overseen_by(actor).filter(pk__in={row[1] for row in found})
        mine = set(overseen.order_by().values_list("pk", flat=True))
    return {
        source: Origin(
            format_lazy(_("Project under contract No. {number}"), number=number),
            _address(project, evaluation, state, is_open=project in mine),
        )
        for source, project, number, evaluation, state in found
    }


def _address(project: int, evaluation: int | None, state: str | None, *, is_open: bool) -> str:
    if is_open:
        return reverse("oversight:project_lessons", args=[project])
    if state == Evaluation.State.POSTED:
        return reverse("oversight:public_evaluation", args=[evaluation])
    return ""

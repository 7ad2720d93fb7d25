"""What the pages of needs assessments read, each in a fixed number of queries."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from ortaq import law
from ortaq.core import clock, journal, terms
from ortaq.core.kazakh import fold
from ortaq.core.models import JournalEntry
from ortaq.faces.paging import KeyPage, key_page
from ortaq.faces.parts import Entry
from ortaq.law import needs
from ortaq.law.findings import Citation
from ortaq.law.text import EMPTY, Text
from ortaq.people.actor import Actor
from ortaq.people.models import Organisation
from ortaq.people.policy import responsible_for
from ortaq.planning import origins, values
from ortaq.planning.models import (
    Assessment,
    Baseline,
    Canvas,
    Card,
    Conclusion,
    Formation,
    Source,
    Topic,
)
from ortaq.planning.origins import Origin
from ortaq.planning.policy import BODIES
from ortaq.planning.procedure import needs as procedure
from ortaq.planning.procedure.editions import edition_of

from .history import titles, told

State = Assessment.State


# --- Who sees what -------------------------------------------------------------------------------


def assessments_visible_to(actor: Actor) -> QuerySet[Assessment]:
    """What is approved is public; a draft is for its body."""
    return Assessment.objects.filter(
        Q(state=State.APPROVED) | Q(body__in=responsible_for(actor))
    ).select_related("body")


def assessments_written_by(actor: Actor) -> QuerySet[Assessment]:
    """The assessments of the bodies that the actor answers for."""
    return Assessment.objects.filter(body__in=responsible_for(actor)).select_related("body")


def assessments_of(body: Organisation | int) -> QuerySet[Assessment]:
    """The approved assessments of a body, the newest first: what its topics may rest on."""
    found = Assessment.objects.filter(body=body, state=State.APPROVED)
    return found.order_by("-approved_on", "-id")


def canvases_visible_to(actor: Actor) -> QuerySet[Canvas]:
    """Worksheets are working papers: for the body that fills them."""
    written = Canvas.objects.filter(assessment__body__in=responsible_for(actor))
    return written.select_related("assessment__body")


def cards_visible_to(actor: Actor) -> QuerySet[Card]:
    """The cards of visible worksheets."""
    return Card.objects.filter(canvas__in=canvases_visible_to(actor)).select_related(
        "canvas__assessment__body", "author"
    )


def bodies_of(actor: Actor) -> QuerySet[Organisation]:
    """The state bodies that the actor answers for."""
    answered = Organisation.objects.filter(pk__in=responsible_for(actor), kind__in=BODIES)
    return answered.order_by("sort")


# --- Lists ---------------------------------------------------------------------------------------


def assessment_list(
    actor: Actor, query: str = "", asked: Mapping[str, Any] | None = None
) -> KeyPage[Assessment]:
    """Visible assessments, the newest first; one query. `query` is looked for in title and body."""
    rows = assessments_visible_to(actor).annotate(
        conclusion_count=Count("conclusions", distinct=True),
        source_count=Count("sources", distinct=True),
    )
    if words := fold(query):
        rows = rows.filter(Q(search__contains=words) | Q(body__search__contains=words))
    return key_page(rows.defer("answers"), asked or {}, order=["-id"], size=20)


@dataclass(frozen=True, slots=True)
class Standing:
    """Whether a body has assessed the needs within the interval of the rules (SO-F-02)."""

    body: Organisation
    last: Assessment | None
    due_at: datetime | None
    overdue: bool
    cite: Citation


def standings(actor: Actor) -> list[Standing]:
    """The standing of each body that the actor answers for, by the edition in force; 3 queries."""
    bodies = list(bodies_of(actor))
    if not bodies:
        return []
    edition = law.at(procedure.ACT, clock.today())
    parameter = edition.parameter("formation.needs_assessment.max_interval_years")
    done = Assessment.objects.filter(body__in=bodies, state=State.APPROVED)
    latest: dict[int, Assessment] = {}
    for one in done.defer("answers").order_by("approved_on", "id"):
        latest[one.body_id] = one
    found, calendar = [], terms.working_calendar()
    for body in bodies:
        last = latest.get(body.pk)
        due = procedure.next_due(last, edition, calendar) if last else None
        overdue = parameter.value is not None and (
            last is None or (due is not None and clock.now() > due)
        )
        found.append(Standing(body, last, due, overdue, parameter.cite))
    return found


# --- One assessment ------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Answer:
    """A question with what is written on it."""

    key: str
    question: Text
    kk: str
    ru: str
    version: int


def answers(assessment: Assessment) -> list[Answer]:
    """All questions in the guide's order; no query."""
    return [
        Answer(
            key,
            question.text,
            procedure.answer(assessment, key, "kk"),
            procedure.answer(assessment, key, "ru"),
            assessment.answers.get(key, {}).get("version", 0),
        )
        for key, question in needs.questions().items()
    ]


@dataclass(frozen=True, slots=True)
class Rested:
    """A conclusion with its sources and how many of them are distinct."""

    conclusion: Conclusion
    sources: list[Source]
    distinct: int
    few: bool


@dataclass(frozen=True, slots=True)
class Compared:
    """An indicator before and after; `change` is the exact difference with its sign."""

    now: Baseline | None
    before: Baseline | None

    @property
    def indicator(self) -> str:
        row = self.now or self.before
        return row.indicator if row else ""

    @property
    def unit(self) -> str:
        row = self.now or self.before
        return row.unit if row else ""

    @property
    def was(self) -> str:
        return values.exact(self.before.value) if self.before else ""

    @property
    def is_now(self) -> str:
        return values.exact(self.now.value) if self.now else ""

    @property
    def change(self) -> str:
        if self.now is None or self.before is None:
            return ""
        return values.change(self.before.value, self.now.value)


@dataclass(frozen=True, slots=True)
class Page:
    """An assessment with all that stands on its page."""

    kind: needs.Kind
    field: Text
    answers: list[Answer]
    sources: list[tuple[Source, Text, Origin | None]]
    conclusions: list[Rested]
    values: list[Compared]
    topics: list[Topic]
    least: int
    cite: Citation

    @property
    def compares(self) -> bool:
        return any(one.before for one in self.values)


def page(assessment: Assessment, actor: Actor) -> Page:
    """The content of an assessment and the topics that rest on it; 6 queries, and those of `origins`."""
    kinds = needs.sources(edition_of(assessment))
    sources = list(assessment.sources.select_related("file"))
    number = {source.pk: n for n, source in enumerate(sources)}
    came = origins.of(sources, actor)
    least = needs.method().parameter("needs.sources_min")
    rested = []
    for conclusion in assessment.conclusions.prefetch_related("sources"):
        of_it = sorted(conclusion.sources.all(), key=lambda source: number[source.pk])
        count = procedure.distinct(of_it)
        rested.append(Rested(conclusion, of_it, count, bool(needs.triangulated(1, count))))
    return Page(
        kind=needs.kinds()[assessment.kind],
        field=field_name(assessment),
        answers=answers(assessment),
        sources=[
            (one, kinds[one.kind].text if one.kind in kinds else EMPTY, came.get(one.pk))
            for one in sources
        ],
        conclusions=rested,
        values=comparison(assessment),
        topics=list(topics_of(assessment, actor)),
        least=int(least.value),
        cite=least.cite,
    )


def field_name(assessment: Assessment) -> Text:
    """The field that is assessed; empty where there are several."""
    parameter = edition_of(assessment).parameter("fields.set")
    known = {one.key: one.text for one in law.fields_of(str(parameter.value))}
    return known.get(assessment.field, EMPTY)


def comparison(assessment: Assessment) -> list[Compared]:
    """Its values beside those measured before, then what was not measured again; 2 queries."""
    rows = assessment.baselines.select_related("earlier", "source", "earlier__source")
    found = [Compared(one, one.earlier) for one in rows]
    if assessment.baseline_of_id is not None:
        found += [Compared(None, one) for one in procedure.unmeasured(assessment)]
    return found


def topics_of(assessment: Assessment, actor: Actor) -> QuerySet[Topic]:
    """The topics that name this assessment: published ones, and drafts of the actor's bodies."""
    published = ~Q(formation__state=Formation.State.DRAFT)
    return (
        assessment.topics.filter(published | Q(formation__body__in=responsible_for(actor)))
        .select_related("formation__body")
        .order_by("-formation__plan_year", "-formation_id", "position")
    )


# --- Worksheets ----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Filled:
    """A cell of a worksheet with its cards in order."""

    cell: needs.Cell
    cards: list[Card]


def cells(canvas: Canvas) -> list[Filled]:
    """The worksheet's cells in the order of work, with their cards; one query."""
    by_cell: dict[str, list[Card]] = {}
    for card in canvas.cards.select_related("author"):
        by_cell.setdefault(card.cell, []).append(card)
    return [Filled(cell, by_cell.get(cell.key, [])) for cell in worksheet(canvas).cells]


def worksheet(canvas: Canvas) -> needs.Worksheet:
    return needs.worksheets()[canvas.kind]


def rows_of(found: Sequence[Filled], kind: str) -> list[list[Filled]]:
    """The cells as they stand beside one another: a tree one above the other, SWOT two by two."""
    across = {Canvas.Kind.PROBLEM_TREE: 1, Canvas.Kind.SWOT: 2}.get(Canvas.Kind(kind))
    if across is None:  # PEST and its variants: one row, or two where it would be too narrow
        across = len(found) if len(found) <= 5 else -(-len(found) // 2)
    return [list(found[n : n + across]) for n in range(0, len(found), across)]


def context_of(canvas: Canvas) -> list[tuple[Text, str]]:
    """What the analysis says of its surroundings (SO-T-038), without what is left empty."""
    return [
        (part.text, canvas.context[key])
        for key, part in needs.context().items()
        if canvas.context.get(key)
    ]


# --- The journal ---------------------------------------------------------------------------------

WRITTEN = {
    "begin": _("Draft begun"),
    "edit": _("Head changed"),
    "answer": _("Answers written"),
}
ROWS = {
    ("add", "source"): _("Source added"),
    ("write", "source"): _("Source changed"),
    ("remove", "source"): _("Source removed"),
    ("add", "conclusion"): _("Conclusion added"),
    ("write", "conclusion"): _("Conclusion changed"),
    ("remove", "conclusion"): _("Conclusion removed"),
    ("add", "baseline"): _("Value added"),
    ("write", "baseline"): _("Value changed"),
    ("remove", "baseline"): _("Value removed"),
    ("add", "canvas"): _("Worksheet begun"),
    ("write", "canvas"): _("Worksheet changed"),
    ("remove", "canvas"): _("Worksheet removed"),
}
MOST_ENTRIES = 50


def entries(assessment: Assessment) -> list[Entry]:
    """The last fifty entries of the journal for people, the newest first; 2 queries.

    Cards are left out: they are many, and each names its author on the worksheet.
    """
    rows = journal.history(assessment).filter(Q(facts__what__isnull=True) | ~Q(facts__what="card"))
    known = titles(procedure.ASSESSMENT, WRITTEN)

    def title(entry: JournalEntry) -> Any:
        return ROWS.get((entry.step, entry.facts.get("what", ""))) or known(entry)

    return told(rows.order_by("-number")[:MOST_ENTRIES], title)

"""What the pages of competitions read: each function brings its page in a fixed number of queries."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Exists, OuterRef, Prefetch, Q, QuerySet, Sum
from django.utils.translation import gettext_lazy as _

from ortaq import law
from ortaq.core import clock, journal
from ortaq.core.kazakh import fold
from ortaq.documents import forms
from ortaq.faces.paging import KeyPage, key_page
from ortaq.faces.parts import Entry, Event
from ortaq.grants.models import (
    Application,
    Competition,
    Extension,
    Lot,
    Plan,
    PlanField,
    PlanVersion,
    Question,
    Topic,
)
from ortaq.grants.procedure.competition import COMPETITION
from ortaq.grants.procedure.competition_announcement import FAILED
from ortaq.grants.procedure.competition_scoring import counters
from ortaq.people.actor import Actor
from ortaq.people.models import User
from ortaq.people.policy import responsible_for

State = Competition.State


def competitions_visible_to(actor: Actor) -> QuerySet[Competition]:
    """What is announced is public; a draft is for its operator."""
    return Competition.objects.filter(
        ~Q(state=State.DRAFT) | Q(operator__in=responsible_for(actor))
    )


def competitions_managed_by(actor: Actor) -> QuerySet[Competition]:
    """The competitions that the actor prepares and runs."""
    return Competition.objects.filter(operator__in=responsible_for(actor))


def questions_managed_by(actor: Actor) -> QuerySet[Question]:
    """The questions on those competitions."""
    rows = Question.objects.select_related("competition", "lot__topic", "asked_by")
    return rows.filter(competition__in=competitions_managed_by(actor))


def lots_visible_to(actor: Actor) -> QuerySet[Lot]:
    """The lots of visible competitions."""
    return Lot.objects.filter(competition__in=competitions_visible_to(actor))


# --- Lists ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class CompetitionList:
    """The public list: what can be applied for now, the operator's drafts, and everything else."""

    open: list[Competition]
    drafts: list[Competition]
    earlier: KeyPage[Competition]


MOST_OPEN = 50


def competition_list(
    actor: Actor, query: str = "", asked: Mapping[str, Any] | None = None
) -> CompetitionList:
    """Open competitions by their end, then the rest, the newest first; 2 queries, 3 for an operator.

    `query` is looked for in the titles of competitions and in their topics.
    """
    asked = asked or {}
    # Columns that lists do not show are left where they are: texts of announcements are long.
    rows = (
        Competition.objects.annotate(lot_count=Count("lots"), amount_tiyn=Sum("lots__amount_tiyn"))
        .select_related("operator")
        .only(
            "kind", "state", "title_kk", "title_ru", "announced_at", "closes_at",
            "operator__name_kk", "operator__name_ru", "operator__bin", "operator__kind",
        )
    )  # fmt: skip
    if words := fold(query):
        topics = Lot.objects.filter(competition=OuterRef("pk"), topic__search__contains=words)
        rows = rows.filter(Q(search__contains=words) | Exists(topics))
    now_open = Q(state=State.ANNOUNCED, closes_at__gte=clock.now())
    first_page = not asked.get("page")
    operated = responsible_for(actor)
    drafts = rows.filter(state=State.DRAFT, operator__in=operated).order_by("-id")
    return CompetitionList(
        open=list(rows.filter(now_open).order_by("closes_at", "id")[:MOST_OPEN])
        if first_page
        else [],
        drafts=list(drafts[:MOST_OPEN]) if first_page and operated else [],
        earlier=key_page(
            rows.exclude(state=State.DRAFT).exclude(now_open),
            asked,
            order=["-announced_at", "-id"],
            size=20,
        ),
    )


# --- The announcement ----------------------------------------------------------------------------


@dataclass(slots=True)
class FieldLots:
    """The lots of one field of the plan, with their subtotal (GR-A-02)."""

    field: PlanField
    lots: list[Lot]

    @property
    def amount_tiyn(self) -> int:
        return sum(lot.amount_tiyn for lot in self.lots)


@dataclass(frozen=True, slots=True)
class Document:
    """A part of an application as the announcement lists it."""

    number: int
    text: law.Text
    cite: law.Citation
    required: bool
    form: str = ""  # of its blank form; empty for a part that is a file


@dataclass(frozen=True, slots=True)
class Announcement:
    """All that the public page of a competition shows."""

    competition: Competition
    fields: list[FieldLots]
    edition: law.Edition
    documents: list[Document]
    exclusions: list[law.Ground]
    refusals: list[law.Ground]
    failures: list[law.Ground]
    methods: list[Application.Method]
    desk_hours: law.Parameter
    criteria: tuple[law.Criterion, ...]
    extensions: list[Extension]
    questions: list[Question]
    followed_by: list[Competition]

    @property
    def amount_tiyn(self) -> int:
        return sum(part.amount_tiyn for part in self.fields)

    @property
    def lots(self) -> int:
        return sum(len(part.lots) for part in self.fields)


def announcement(competition: Competition) -> Announcement:
    """The public page: 4 queries besides that of the competition (see `announcements`)."""
    edition = competition.rules
    parts: dict[int, FieldLots] = {}
    lots = competition.lots.select_related("topic__field", "repeats").defer(
        "topic__goal_kk", "topic__goal_ru", "topic__tasks_kk", "topic__tasks_ru",
        "topic__result_kk", "topic__result_ru", "topic__search",
    )  # fmt: skip
    for lot in lots:
        parts.setdefault(lot.topic.field_id, FieldLots(lot.topic.field, [])).lots.append(lot)
    return Announcement(
        competition=competition,
        fields=list(parts.values()),
        edition=edition,
        documents=documents(edition),
        exclusions=list(edition.grounds("exclusions").values()),
        refusals=list(edition.grounds("refusal_grounds").values()),
        failures=list(edition.grounds("failure_grounds").values()),
        methods=[Application.Method(name) for name in competition.methods],
        desk_hours=edition.parameter("acceptance.desk_hours"),
        criteria=tuple(_rubric(competition, edition).criteria),
        extensions=list(competition.extensions.select_related("scan").order_by("made_at", "id")),
        questions=list(
            competition.questions.select_related("lot__topic").defer("lot__topic__search")
        ),
        followed_by=list(competition.followed_by.exclude(state=State.DRAFT).order_by("id")),
    )


def _rubric(competition: Competition, edition: law.Edition) -> law.Rubric:
    local = competition.version.plan.level == Plan.Level.LOCAL
    return edition.rubric("GRANT-S7").given(*(["local_budget"] if local else []))


def announcements(actor: Actor) -> QuerySet[Competition]:
    """Visible competitions with what their pages' heads show."""
    return competitions_visible_to(actor).select_related(
        "operator", "version__plan__body", "previous"
    )


def documents(edition: law.Edition) -> list[Document]:
    """The parts of an application as the edition lists them (GR-A-13)."""
    return [
        Document(
            number=row["number"],
            text=law.Text.of(row["text"]),
            cite=edition.cite(row["cite"]),
            required=row["required"] is True,
            form=row.get("form", ""),
        )
        for row in edition.data["parts"].values()
    ]


def blank_form(competition: Competition, form_id: str) -> forms.Form | None:
    """The empty form of a part of an application, as its edition prints it (GR-A-02)."""
    edition = competition.rules
    if form_id not in {document.form for document in documents(edition)} - {""}:
        return None
    return forms.form(form_id, edition.key)


def lot_page(actor: Actor) -> QuerySet[Lot]:
    """Visible lots with all that a lot's page shows."""
    return (
        lots_visible_to(actor)
        .select_related(
            "competition__operator",
            "competition__version__plan",
            "topic__field",
            "topic__small_grants",
            "repeats__competition",
        )
        .prefetch_related(
            "topic__amounts",
            "questions",
            Prefetch(
                "repeated_by",
                Lot.objects.exclude(competition__state=State.DRAFT).select_related("competition"),
                to_attr="repeated_in",
            ),
        )
    )


def timeline(competition: Competition, extensions: list[Extension]) -> list[Event]:
    """What has happened and what is ahead, in order."""
    events = [Event(competition.announced_at, _("Announced"))]
    events += [
        Event(
            one.made_at,
            _("Acceptance extended by decision No. %(number)s") % {"number": one.number},
            one.reason,
        )
        for one in extensions
    ]
    events.append(Event(competition.closes_at, _("Acceptance ends")))
    if competition.check_due_at:
        events.append(Event(competition.check_due_at, _("Check of applications ends")))
    events.append(Event(competition.published_at, _("Results")))
    return events


# --- The operator --------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class LotLine:
    """A lot with its two counters (GR-X-01)."""

    lot: Lot
    submitted: int
    admitted: int


@dataclass(frozen=True, slots=True)
class Desk:
    """The operator's overview of one competition."""

    lots: list[LotLine]
    entries: list[Entry]
    unanswered: int

    @property
    def submitted(self) -> int:
        return sum(line.submitted for line in self.lots)

    @property
    def admitted(self) -> int:
        return sum(line.admitted for line in self.lots)


def desk(competition: Competition) -> Desk:
    """Counters, journal and open questions of a competition; 5 queries."""
    counted = counters(competition)
    lots = competition.lots.select_related("topic").only(
        "position", "amount_tiyn", "competition", "topic__number", "topic__title_kk",
        "topic__title_ru",
    )  # fmt: skip
    return Desk(
        lots=[LotLine(lot, *counted[lot.pk]) for lot in lots],
        entries=_entries(competition),
        unanswered=competition.questions.filter(answered_at=None).count(),
    )


def _entries(competition: Competition) -> list[Entry]:
    """The journal for people: what, when, who."""
    written = list(journal.history(competition))
    keys = {entry.actor for entry in written if entry.actor}
    people = User.objects.in_bulk([int(key.partition(":")[2]) for key in keys])
    titles = {name: step.title for name, step in COMPETITION.steps.items()}
    titles |= {
        "begin": _("Draft begun"),
        "edit": _("Text changed"),
        "choose_topics": _("Topics chosen"),
    }
    entries = []
    for entry in reversed(written):
        person = people.get(int(entry.actor.partition(":")[2])) if entry.actor else None
        entries.append(
            Entry(
                entry.at,
                titles.get(entry.step, entry.step),
                person.short_name if person else _("Ortaq, by the clock"),
                hash=entry.hash,
            )
        )
    return entries


# --- Choosing topics -----------------------------------------------------------------------------


def versions_to_announce() -> QuerySet[PlanVersion]:
    """The versions in force, from which topics are announced."""
    return (
        PlanVersion.objects.filter(state=PlanVersion.State.APPROVED)
        .select_related("plan__body")
        .order_by("-plan__year", "plan_id")
    )


def topics_to_choose(version: PlanVersion) -> QuerySet[Topic]:
    """The topics of a version as the choosing page shows them: with field and amounts."""
    return (
        version.topics.select_related("field", "version")
        .prefetch_related("amounts")
        .defer("goal_kk", "goal_ru", "tasks_kk", "tasks_ru", "result_kk", "result_ru", "search")
    )


def failed_lots(competition: Competition) -> QuerySet[Lot]:
    """The lots of a published competition that failed and are not announced again yet (GR-P-14)."""
    return (
        competition.lots.filter(outcome__kind__in=FAILED, outcome__published_at__isnull=False)
        .exclude(repeated_by__competition__state__in=[s for s in State if s != State.DRAFT])
        .select_related("topic", "outcome")
    )

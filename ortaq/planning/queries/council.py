"""What the pages of councils and of the Information read, each in a fixed number of queries."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db.models import Count, F, Prefetch, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from ortaq import law
from ortaq.core import clock, terms
from ortaq.core.bilingual import pick
from ortaq.faces.paging import KeyPage, key_page
from ortaq.faces.parts import Entry
from ortaq.people.actor import Actor
from ortaq.people.models import Organisation
from ortaq.people.policy import responsible_for
from ortaq.planning.models import (
    Council,
    CouncilMember,
    Formation,
    Information,
    Recommendation,
    Session,
    Topic,
)
from ortaq.planning.models.formation import in_thousands
from ortaq.planning.policy import BODIES
from ortaq.planning.procedure import council as procedure
from ortaq.planning.procedure import hearing, yearly
from ortaq.planning.procedure.council import SESSION

from .formation import edition_of
from .history import history

Issue = Information.Issue
State = Formation.State
# The list of topics is public from here on.
LISTED = (State.LISTED, State.REQUESTED, State.BUDGETED)


# --- Who sees what -------------------------------------------------------------------------------


def _seated(actor: Actor) -> QuerySet[CouncilMember]:
    """Where the actor sits today or will sit."""
    today = clock.today()
    mine = CouncilMember.objects.filter(person=actor.user) if actor.user else None
    if mine is None:
        return CouncilMember.objects.none()
    return mine.filter(Q(until=None) | Q(until__gt=today))


def _heard_by(actor: Actor) -> QuerySet[Session]:
    """The sessions of the actor's councils since they became a member."""
    return Session.objects.filter(
        council__members__in=_seated(actor), held_on__gte=F("council__members__since")
    )


def sessions_visible_to(actor: Actor) -> QuerySet[Session]:
    """For the body of the council and its members; once sent, for the bodies that it advised."""
    bodies = responsible_for(actor)
    advised = Session.objects.filter(sent_at__isnull=False, agenda__body__in=bodies)
    return Session.objects.filter(
        Q(council__body__in=bodies)
        | Q(pk__in=_heard_by(actor).values("pk"))
        | Q(pk__in=advised.values("pk"))
    ).select_related("council__body")


def informations_visible_to(actor: Actor) -> QuerySet[Information]:
    """Public once published; before, for its body, for whom it was sent to, and for the council."""
    bodies = responsible_for(actor)
    laid_before = Information.objects.filter(sessions__in=_heard_by(actor).values("pk"))
    return Information.objects.filter(
        Q(published_at__isnull=False)
        | Q(body__in=bodies)
        | Q(sent_to__in=bodies)
        | Q(pk__in=laid_before.values("pk"))
    ).select_related("formation", "body", "sent_to")


def councils_of(actor: Actor) -> QuerySet[Council]:
    """The councils that the actor's bodies run."""
    return Council.objects.filter(body__in=responsible_for(actor)).select_related("body")


# --- Councils ------------------------------------------------------------------------------------


def council_list() -> QuerySet[Council]:
    """Every council, the Coordination Council first; one query."""
    seated = Q(members__until=None) | Q(members__until__gt=clock.today())
    return (
        Council.objects.select_related("body")
        .annotate(seats=Count("members", filter=seated))
        .order_by("-kind", "body__sort", "id")
    )


def bodies_without_council(actor: Actor) -> bool:
    """Whether the actor may enter a council: for a body that has not one of each kind; 2 queries."""
    return any(kinds_left(body) for body in bodies_of(actor))


def bodies_of(actor: Actor) -> list[Organisation]:
    """The state bodies that the actor answers for, with their councils; 2 queries."""
    rows = Organisation.objects.filter(pk__in=responsible_for(actor), kind__in=BODIES)
    return list(rows.prefetch_related("councils").order_by("sort", "id"))


def kinds_left(body: Organisation) -> list[Council.Kind]:
    """The kinds of council that a body may have and has not; the Coordination Council sits at the
    authorised body only (SO-F-12).
    """
    lawful = [Council.Kind.COOPERATION]
    if body.kind == Organisation.Kind.AUTHORISED_BODY:
        lawful.insert(0, Council.Kind.COORDINATION)
    has = {council.kind for council in body.councils.all()}
    return [kind for kind in lawful if kind not in has]


def council_kind(information: Information) -> Council.Kind:
    """The kind of council that hears it, by the level of the body that submitted it."""
    central = information.formation.level == Formation.Level.CENTRAL
    return Council.Kind.COORDINATION if central else Council.Kind.COOPERATION


def members(council: Council) -> list[CouncilMember]:
    """Who sits on it today or will sit, the chair first; one query."""
    rows = CouncilMember.objects.filter(
        Q(until=None) | Q(until__gt=clock.today()), council=council
    ).select_related("person")
    order = list(CouncilMember.Office)
    return sorted(rows, key=lambda one: (order.index(CouncilMember.Office(one.office)), one.pk))


def sessions(council: Council, actor: Actor) -> list[Session]:
    """The council's sessions that the actor may see, the newest first; 2 queries."""
    rows = sessions_visible_to(actor).filter(council=council).order_by("-held_on", "-id")
    return list(rows.prefetch_related("agenda__body", "agenda__formation")[:200])


# --- A session -----------------------------------------------------------------------------------


@dataclass(slots=True)
class Heard:
    """A topic on the agenda and what the council recommends on it."""

    topic: Topic
    field: law.Text
    advised: Recommendation | None = None


@dataclass(slots=True)
class Laid:
    """A list of topics on the agenda: what was submitted, and its topics."""

    information: Information
    topics: list[Heard] = field(default_factory=list)

    @property
    def planned_tiyn(self) -> int:
        return sum(heard.topic.planned_tiyn for heard in self.topics)


@dataclass(frozen=True, slots=True)
class SessionPage:
    """A session with everything that its members read and say."""

    session: Session
    agenda: list[Laid]
    present: list[CouncilMember]

    @property
    def topics(self) -> list[Heard]:
        return [heard for laid in self.agenda for heard in laid.topics]


def session_page(session: Session, actor: Actor) -> SessionPage:
    """The agenda body by body, its topics and their recommendations; a fixed number of queries.

    A body that was only advised sees its own topics: recommendations go out by competence (SO-F-16).
    """
    advice = {row.topic_id: row for row in session.recommendations.all()}
    topics = Topic.objects.defer("search").order_by("position", "id")
    laid = session.agenda.select_related("formation__body", "body").prefetch_related(
        Prefetch("formation__topics", queryset=topics)
    )
    if not sees_whole(session, actor):
        laid = laid.filter(body__in=responsible_for(actor))
    agenda = []
    for information in laid.order_by("body__sort", "id"):
        known = {one.key: one.text for one in _fields(information.formation)}
        heard = [
            Heard(topic, known.get(topic.field, law.Text()), advice.get(topic.pk))
            for topic in information.formation.topics.all()
        ]
        agenda.append(Laid(information, heard))
    return SessionPage(session, agenda, list(session.present.order_by("full_name", "id")))


def sees_whole(session: Session, actor: Actor) -> bool:
    """Whether the actor reads the minutes and everything on the agenda: the council's body, its members."""
    if session.council.body_id in responsible_for(actor):
        return True
    return _heard_by(actor).filter(pk=session.pk).exists()


def _fields(formation: Formation) -> list[law.Field]:
    return law.fields_of(str(edition_of(formation).parameter("fields.set").value))


TITLES = {
    "begin": _("Session called"),
    "write": _("Minutes and recommendations written"),
}


def could_be_present(session: Session) -> QuerySet[CouncilMember]:
    """The members among whom the officer ticks who came; the step looks at the day itself."""
    rows = CouncilMember.objects.filter(council=session.council_id)
    return rows.exclude(until__lte=session.held_on).order_by("full_name", "id")


def entries(session: Session) -> list[Entry]:
    """The session's journal for people; 2 queries."""
    return history(session, SESSION, TITLES)


# --- The Information -----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Project:
    """A row of annex 3 in the reader's language."""

    administrator: str
    name: str
    amount_tiyn: int
    summary: str

    @property
    def thousand(self) -> int | Decimal:
        return in_thousands(self.amount_tiyn)


@dataclass(frozen=True, slots=True)
class Section:
    """A field of annex 3 with its rows as they were frozen."""

    number: int
    field: law.Text
    rows: list[Project]

    @property
    def total_tiyn(self) -> int:
        return sum(row.amount_tiyn for row in self.rows)

    @property
    def total_thousand(self) -> int | Decimal:
        return in_thousands(self.total_tiyn)


def sections(content: Iterable[Mapping[str, Any]]) -> list[Section]:
    """Annex 3, every field of the edition, from the content of an Information; no query."""
    return [
        Section(number, law.field(row["field"]).text, [_project(one) for one in row["rows"]])
        for number, row in enumerate(content, 1)
    ]


def _project(row: Mapping[str, Any]) -> Project:
    said = {
        key: pick(row[key]["kk"], row[key]["ru"]) for key in ("administrator", "name", "summary")
    }
    return Project(amount_tiyn=row["amount"], **said)


def is_late(information: Information) -> bool:
    """Whether it was sent after its day."""
    due = yearly.due(information.formation, information.issue)
    return yearly.is_late(due, information.sent_at or information.issued_at)


@dataclass(frozen=True, slots=True)
class Handing:
    """What a body owes before or after the budget: what it handed over, by when, whether too late."""

    information: Information | None
    due: law.Due | None
    late: bool
    cite: law.Citation


@dataclass(frozen=True, slots=True)
class Body:
    """A list of topics of the year and its Informations; None where another addressee gets it."""

    formation: Formation
    before: Handing | None
    after: Handing


@dataclass(frozen=True, slots=True)
class Year:
    """Who has handed over what for a year (SO-F-13, SO-F-21)."""

    year: int
    years: list[int]
    lines: list[Body]
    silent: list[Organisation]

    @property
    def late(self) -> int:
        """How many Informations came too late or are overdue."""
        handed = [one for line in self.lines for one in (line.before, line.after)]
        return sum(one is not None and one.late for one in handed)


def received(actor: Actor, year: int | None) -> Year:
    """Everything that goes to the actor's bodies for a year, what is missing with it; 5 queries.

    The authorised body sees each state body; any other one what came to its council.
    """
    mine = responsible_for(actor)
    authorised = Organisation.objects.filter(pk__in=mine, kind=Organisation.Kind.AUTHORISED_BODY)
    every = authorised.exists()
    formations = Formation.objects.exclude(state=State.DRAFT)
    if not every:
        formations = formations.filter(
            Q(body__in=mine, level=Formation.Level.LOCAL) | Q(informations__sent_to__in=mine)
        ).distinct()
    years = list(formations.order_by("-plan_year").values_list("plan_year", flat=True).distinct())
    year = year or (years[0] if years else clock.today().year)
    of_year = list(
        formations.filter(plan_year=year)
        .select_related("body")
        .prefetch_related("informations")
        .order_by("body__sort", "number")
    )
    calendar = terms.working_calendar()
    lines = [
        Body(
            formation,
            _handing(formation, Issue.BEFORE, calendar)
            if not every or formation.level == Formation.Level.CENTRAL
            else None,
            _handing(formation, Issue.AFTER, calendar),
        )
        for formation in of_year
    ]
    silent = Organisation.objects.filter(kind__in=BODIES).exclude(
        pk__in={formation.body_id for formation in of_year}
    )
    return Year(year, years, lines, list(silent.order_by("sort", "id")[:500]) if every else [])


def _handing(formation: Formation, issue: str, calendar: law.WorkingCalendar) -> Handing:
    found = next((one for one in formation.informations.all() if one.issue == issue), None)
    due = yearly.due(formation, issue, calendar)
    cite = edition_of(formation).parameter(parameter_of(formation, issue)).cite
    return Handing(found, due, yearly.is_late(due, found.issued_at if found else None), cite)


def parameter_of(formation: Formation, issue: str) -> str:
    """The parameter that holds the date, known or not in the edition."""
    if issue == Issue.AFTER:
        return "formation.publish_after_budget.month_day"
    if formation.level == Formation.Level.CENTRAL:
        return "formation.central_to_authorised.month_day"
    return "formation.local_to_council.month_day"


def published(asked: Mapping[str, Any]) -> KeyPage[Information]:
    """The published Informations, the newest year first; one query."""
    rows = Information.objects.filter(published_at__isnull=False).select_related(
        "formation", "body"
    )
    return key_page(rows, asked, order=["-plan_year", "-id"], size=30)


# --- The list of topics --------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Decided:
    """A topic with what the council recommended and what the body decided."""

    topic: Topic
    field: law.Text
    advised: Recommendation | None

    @property
    def departs(self) -> bool:
        """Whether the body did not follow the council."""
        return hearing.departs(self.topic.state, self.advised)


def decided(formation: Formation) -> list[Decided]:
    """Each topic with its recommendation, in the order of annex 1; 2 queries."""
    advice = hearing.recommendations(formation)
    known = {one.key: one.text for one in _fields(formation)}
    return [
        Decided(topic, known.get(topic.field, law.Text()), advice.get(topic.pk))
        for topic in formation.topics.defer("search")
    ]


def heard_in(topics: Iterable[Decided]) -> list[Session]:
    """The sessions whose recommendations these are."""
    found = {one.advised.session_id: one.advised.session for one in topics if one.advised}
    return sorted(found.values(), key=lambda session: (session.held_on, session.pk))


def council_of(formation: Formation) -> QuerySet[Council]:
    """The councils that may hear these topics, the body's own first."""
    rows: QuerySet[Council] = hearing.councils(formation)
    return rows


def waiting(council: Council) -> QuerySet[Information]:
    """What came in and stands on no agenda yet."""
    return procedure.waiting(council)

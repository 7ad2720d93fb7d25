"""What the pages of lists of topics and their discussion read, each in a fixed number of queries."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Exists, F, Model, OuterRef, Q, QuerySet, Sum
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from ortaq import law
from ortaq.core import clock
from ortaq.core.canonical import sha256
from ortaq.core.kazakh import fold
from ortaq.faces.paging import KeyPage, key_page
from ortaq.faces.parts import Entry, Event, Stage
from ortaq.people.actor import Actor
from ortaq.people.models import Organisation
from ortaq.people.policy import responsible_for
from ortaq.planning.models import Assessment, Comment, Formation, Topic
from ortaq.planning.policy import BODIES, SPEAKERS
from ortaq.planning.procedure.drafting import fields
from ortaq.planning.procedure.formation import FORMATION
from ortaq.planning.procedure.hearing import knows_councils

from .history import history

State = Formation.State
PAGE = 30
MOST_OPEN = 50


# --- Who sees what -------------------------------------------------------------------------------


def formations_visible_to(actor: Actor) -> QuerySet[Formation]:
    """What is published is public; a draft is for its body."""
    return Formation.objects.filter(
        ~Q(state=State.DRAFT) | Q(body__in=responsible_for(actor))
    ).select_related("body")


def formations_of(actor: Actor) -> QuerySet[Formation]:
    """The lists of topics that the actor prepares and runs."""
    return Formation.objects.filter(body__in=responsible_for(actor)).select_related("body")


def topics_visible_to(actor: Actor) -> QuerySet[Topic]:
    """The topics of visible lists."""
    return Topic.objects.filter(formation__in=formations_visible_to(actor)).select_related(
        "formation__body"
    )


def bodies_of(actor: Actor) -> QuerySet[Organisation]:
    """The state bodies that the actor answers for."""
    return Organisation.objects.filter(pk__in=responsible_for(actor), kind__in=BODIES).order_by(
        "sort"
    )


def spoken_for(actor: Actor) -> list[Organisation]:
    """The NGOs in whose name the actor may comment; no query."""
    return [
        one
        for one in actor.organisations
        if one.kind == Organisation.Kind.NGO and actor.roles_in(one) & SPEAKERS
    ]


# --- Lists ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Discussions:
    """The public list: what can be discussed now, and what was."""

    open: list[Formation]
    past: KeyPage[Formation]


def discussions(query: str = "", asked: Mapping[str, Any] | None = None) -> Discussions:
    """Open discussions by their end, then the past ones, the newest first; 2 queries.

    `query` is looked for in the topics and in the name of the state body.
    """
    asked = asked or {}
    rows = (
        Formation.objects.exclude(state=State.DRAFT)
        .select_related("body")
        .annotate(topic_count=Count("topics"), planned_tiyn=Sum("topics__planned_tiyn"))
    )
    if words := fold(query):
        topics = Topic.objects.filter(formation=OuterRef("pk"), search__contains=words)
        rows = rows.filter(Q(body__search__contains=words) | Exists(topics))
    now_open = Q(state=State.DISCUSSION, closes_at__gte=clock.now())
    return Discussions(
        open=[]
        if asked.get("page")
        else list(rows.filter(now_open).order_by("closes_at", "id")[:MOST_OPEN]),
        past=key_page(rows.exclude(now_open), asked, order=["-closes_at", "-id"], size=20),
    )


def own_list(actor: Actor, asked: Mapping[str, Any]) -> KeyPage[Formation]:
    """All lists of the actor's bodies, the newest year first; one query."""
    rows = formations_of(actor).annotate(
        topic_count=Count("topics"), planned_tiyn=Sum("topics__planned_tiyn")
    )
    return key_page(rows, asked, order=["-plan_year", "-id"], size=20)


# --- Annex 1 -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Line:
    """A topic as annex 1 shows it."""

    topic: Topic
    field: law.Text
    sources: list[law.Text]
    assessments: list[Assessment]


@dataclass(frozen=True, slots=True)
class Annex1:
    """The topics in their order, with the name of the edition they stand under."""

    lines: list[Line]
    edition: law.Edition

    @property
    def planned_tiyn(self) -> int:
        return sum(line.topic.planned_tiyn for line in self.lines)

    @property
    def mark(self) -> str:
        """Another one with anything that a page shows of the topics, or in another language.

        All readers of a discussion see the same topics, so they are drawn once for each mark.
        """
        linked = [
            [[one.pk, one.title_kk, one.title_ru] for one in line.assessments]
            for line in self.lines
        ]
        edition = [self.edition.act, self.edition.key]
        return mark_of([line.topic for line in self.lines], edition, linked)


def mark_of(rows: Iterable[Model], *more: Any) -> str:
    """Another one with anything that the loaded columns of `rows` or `more` hold, or in another language."""
    said = [{name: value for name, value in vars(row).items() if name[0] != "_"} for row in rows]
    return sha256([get_language(), said, *more])


def annex1(formation: Formation) -> Annex1:
    """The topics of a list with fields and sources said in words; 2 queries."""
    topics = formation.topics.defer("search").prefetch_related("assessments")
    return Annex1(lines_of(formation, topics), edition_of(formation))


def lines_of(formation: Formation, topics: Any) -> list[Line]:
    """Topics with their fields, sources and assessments said in words."""
    kinds, known = source_kinds(formation), {one.key: one.text for one in fields(formation)}
    return [
        Line(
            topic,
            known.get(topic.field, law.Text()),
            [kinds[key] for key in topic.sources if key in kinds],
            list(topic.assessments.all()),
        )
        for topic in topics
    ]


def edition_of(formation: Formation) -> law.Edition:
    return law.edition(formation.act, formation.edition)


def source_kinds(formation: Formation) -> dict[str, law.Text]:
    """The kinds of sources that a justification may name, by key, in the edition's order (SO-F-03)."""
    grounds = edition_of(formation).grounds("sources")
    return {key: ground.text for key, ground in grounds.items()}


# --- The public discussion -----------------------------------------------------------------------


def comments_shown(formation: Formation) -> QuerySet[Comment]:
    """What the public reads: comments in time, hidden ones as such. Late ones are not among them.

    Only what is in time has a number, and the index of numbers knows only these.
    """
    return (
        Comment.objects.filter(formation=formation, number__isnull=False)
        .select_related("organisation", "topic")
        .only(
            "number", "author_name", "text", "summary", "received_at", "hidden_at", "hidden_reason", "decision",
            "reasons_kk", "reasons_ru", "formation_id", "organisation__name_kk",
            "organisation__name_ru", "topic__position", "topic__title_kk", "topic__title_ru",
        )
    )  # fmt: skip


def comment_page(
    formation: Formation, asked: Mapping[str, Any], topic: Topic | None = None
) -> KeyPage[Comment]:
    """A page of the public comments, the newest first; one query, whatever their number.

    How many there are is kept by the steps and not counted here.
    """
    rows = comments_shown(formation)
    total = formation.comments
    if topic is not None:
        rows, total = rows.filter(topic=topic), topic.comments
    return key_page(rows, asked, order=["-number"], size=PAGE, total=total)


def comments_mark(page: KeyPage[Comment], formation: Formation) -> str:
    """As `Annex1.mark`, for a page of comments."""
    beside = [[row.who, row.topic and row.topic.position] for row in page.rows]
    return mark_of(page.rows, beside, formation.reported_at)


def own_comments(formation: Formation, actor: Actor, topic: Topic | None = None) -> list[Comment]:
    """What the actor wrote here (on `topic`), late ones too; no query for a passer-by."""
    if actor.user is None:
        return []
    mine = Comment.objects.filter(formation=formation, author=actor.user)
    if topic is not None:
        mine = mine.filter(topic=topic)
    shown = mine.only("number", "state", "text", "received_at")
    return list(shown.order_by("-id")[:PAGE])


def timeline(formation: Formation) -> list[Event]:
    """What has happened and what is ahead."""
    edition = edition_of(formation)
    decided = Event(
        formation.decide_by,
        _("Decisions on the comments are due"),
        cite=edition.term("discussion.decision").cite,
    )
    return [
        Event(
            formation.published_at,
            _("Topics published"),
            cite=edition.parameter("form.annex1.columns").cite,
        ),
        Event(
            formation.closes_at,
            _("Comments are taken until"),
            cite=edition.term("discussion").cite,
        ),
        *([decided] if formation.decide_by else []),
        Event(
            formation.reported_at,
            _("Report on the discussion"),
            cite=edition.parameter("form.annex2.columns").cite,
        ),
    ]


def late_before(formation: Formation) -> list[Formation]:
    """The body's lists of the year before whose late comments this one may take into account, with
    how many (`late`); none under an edition that leaves them out for good (SO-18-02); one query.
    """
    late = Count("all_comments", filter=Q(all_comments__state=Comment.State.LATE))
    lists = Formation.objects.filter(body=formation.body_id, plan_year=formation.plan_year - 1)
    rows = lists.annotate(late=late).filter(late__gt=0).order_by("number")
    return [one for one in rows if late_serves_next_year(one)]


def is_open(formation: Formation) -> bool:
    """Comments count at this moment."""
    return (
        formation.state == State.DISCUSSION
        and formation.closes_at is not None
        and clock.now() <= formation.closes_at
    )


def late_serves_next_year(formation: Formation) -> bool:
    """Whether the edition lets late comments be taken into account in the next year (SO-18-02)."""
    said = edition_of(formation).parameter("discussion.late_comments").value
    return isinstance(said, list) and "next_year" in said


# --- The officer ---------------------------------------------------------------------------------

# The stages of the way, and how many of them each state has behind it.
STAGES = {
    "topics": _("Topics"),
    "discussion": _("Public discussion"),
    "decisions": _("Decisions on comments"),
    "report": _("Report"),
    "council": _("Council"),
    "list": _("List of topics"),
    "request": _("Budget request"),
    "budget": _("Budget"),
}
BEHIND = {
    State.DRAFT: 0,
    State.DISCUSSION: 1,
    State.DECIDING: 2,
    State.REPORTED: 4,
    State.COUNCIL: 4,
    State.LISTED: 6,
    State.REQUESTED: 7,
    State.BUDGETED: 8,
}


def stages(formation: Formation) -> list[Stage]:
    """The way from the draft to the approved budget, and where the list stands on it.

    Without the council where the edition names none; a council that was left out is told.
    """
    keys = list(STAGES)
    done = set(keys[: BEHIND[State(formation.state)]])
    if not knows_councils(formation):
        keys.remove("council")
    doing = next((key for key in keys if key not in done), "")
    way = []
    for key in keys:
        skipped = key == "council" and bool(formation.without_council)
        state = (
            "todo" if skipped else "done" if key in done else "doing" if key == doing else "todo"
        )
        way.append(Stage(STAGES[key], state=state, note=_("left out") if skipped else ""))
    return way


@dataclass(frozen=True, slots=True)
class Counts:
    """How many comments there are of each sort."""

    counted: int
    undecided: int
    late: int
    hidden: int


def counts(formation: Formation) -> Counts:
    """For the officer's desk; one query."""
    received = Q(state=Comment.State.RECEIVED)
    found = Comment.objects.filter(formation=formation).aggregate(
        undecided=Count("pk", filter=received & Q(decision="")),
        late=Count("pk", filter=Q(state=Comment.State.LATE)),
        hidden=Count("pk", filter=Q(hidden_at__isnull=False)),
    )
    return Counts(formation.comments, found["undecided"], found["late"], found["hidden"])


FILTERS = {
    "": _("All that count"),
    "undecided": _("Not decided yet"),
    "decided": _("Decided"),
    "hidden": _("Hidden"),
    "late": _("Not considered: late"),
}


def desk_comments(
    formation: Formation, asked: Mapping[str, Any], *, which: str = "", topic: int | None = None
) -> KeyPage[Comment]:
    """The officer's list, the first that came first; one query. `which` is a key of `FILTERS`."""
    rows = Comment.objects.filter(formation=formation).select_related("organisation", "topic")
    if which == "late":
        rows = rows.filter(state=Comment.State.LATE)
    else:
        rows = rows.filter(state=Comment.State.RECEIVED)
        if which == "undecided":
            rows = rows.filter(decision="")
        elif which == "decided":
            rows = rows.exclude(decision="")
        elif which == "hidden":
            rows = rows.filter(hidden_at__isnull=False)
    if topic is not None:
        rows = rows.filter(topic=topic)
    return key_page(rows, asked, order=["received_at", "id"], size=PAGE)


def comments_of(actor: Actor) -> QuerySet[Comment]:
    """The comments that the actor may decide on or hide: confirmed ones, late ones too."""
    return (
        Comment.objects.filter(formation__in=formations_of(actor))
        .exclude(state=Comment.State.UNCONFIRMED)
        .select_related("formation__body", "topic", "organisation")
    )


def next_undecided(comment: Comment) -> Comment | None:
    """The first comment besides this one that waits for a decision; one query."""
    waiting = Comment.objects.filter(
        formation=comment.formation_id, state=Comment.State.RECEIVED, decision=""
    ).exclude(pk=comment.pk)
    return waiting.order_by("number").first()


def topics_to_copy(formation: Formation) -> QuerySet[Topic]:
    """The topics of the body's other lists, the newest year first."""
    return (
        Topic.objects.filter(formation__body=formation.body_id)
        .exclude(formation=formation)
        .select_related("formation")
        .order_by("-formation__plan_year", "-formation__number", "position")
    )


def entries(formation: Formation) -> list[Entry]:
    """The journal for people: what, when, who; 2 queries."""
    return history(formation, FORMATION, EDITS)


EDITS = {
    "begin": _("Draft begun"),
    "edit": _("Head changed"),
    "add_topic": _("Topic added"),
    "write_topic": _("Topic changed"),
    "remove_topic": _("Topic removed"),
    "move_topic": _("Order of topics changed"),
    "copy_topics": _("Topics of another year copied"),
    "publish": _("Topics published for discussion"),
    "close_discussion": _("Public discussion ended"),
    "report": _("Report on the discussion published"),
    "submit": _("Information submitted to the council"),
    "form_list": _("List of topics formed"),
    "request": _("Topics included in the budget request"),
    "budget": _("Approved budget entered"),
    "publish_budget": _("Information after the budget published"),
}


# --- Annex 2 -------------------------------------------------------------------------------------


def report_rows(formation: Formation) -> QuerySet[Comment]:
    """The comments that annex 2 lists, by topic and number; those on the whole list come last."""
    return (
        Comment.objects.filter(formation=formation, state=Comment.State.RECEIVED)
        .select_related("organisation", "topic")
        .order_by(F("topic__position").asc(nulls_last=True), "topic_id", "number")
    )


def report_mark(formation: Formation) -> str:
    """Another one with anything that annex 2 says; one query."""
    mark = hashlib.sha256(f"{formation.act} {formation.edition}".encode())
    rows = report_rows(formation).values_list(
        "number", "topic__position", "topic__title_kk", "topic__title_ru", "author_name",
        "organisation__name_kk", "organisation__name_ru", "text", "summary", "hidden_at",
        "hidden_reason", "decision", "reasons_kk", "reasons_ru",
    )  # fmt: skip
    for row in rows.iterator(chunk_size=2000):
        mark.update(repr(row).encode())
    return mark.hexdigest()


def report_page(formation: Formation, asked: Mapping[str, Any]) -> KeyPage[Comment]:
    """Annex 2 on the page: by number, so that long reports have pages; one query."""
    rows = comments_shown(formation)
    return key_page(rows, asked, order=["number"], size=PAGE, total=formation.comments)


def report_totals(formation: Formation) -> tuple[int, int]:
    """How many comments were accepted (wholly or in part) and how many not; one query."""
    each = decisions(formation).values()
    return sum(yes for yes, _no in each), sum(no for _yes, no in each)


def names_authors(formation: Formation) -> bool:
    """Whether the edition's annex 2 names who commented: four columns in 2022, six in 2018."""
    return edition_of(formation).number("form.annex2.columns") == 4


def decisions(formation: Formation) -> dict[int | None, tuple[int, int]]:
    """How many comments were accepted (wholly or in part) and how many not, by topic; one query."""
    rows = (
        Comment.objects.filter(formation=formation, state=Comment.State.RECEIVED)
        .values("topic_id")
        .annotate(
            accepted=Count("pk", filter=Q(decision__in=("accepted", "partly"))),
            declined=Count("pk", filter=Q(decision="declined")),
        )
    )
    return {row["topic_id"]: (row["accepted"], row["declined"]) for row in rows}

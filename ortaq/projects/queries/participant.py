"""What the pages of participants read, each in a fixed number of queries."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q, QuerySet

from ortaq.core import clock
from ortaq.core.kazakh import fold
from ortaq.faces.paging import KeyPage, key_page
from ortaq.projects import feedback, identity
from ortaq.projects.feedback import Feedback
from ortaq.projects.models import Apart, Consumer, Event, Participation, Project

REVIEWS = 30
MOST_CANDIDATES = 100


# What the pages of telephones ask: three hundred people may ask for it at one moment.
OF_EVENT = (
    "code",
    "state",
    "title_kk",
    "title_ru",
    "place",
    "programme",
    "service",
    "form",
    "format",
    "facts",
    "expected_result",
    "starts_at",
    "ends_at",
    "expected_participants",
    "registered",
    "project__state",
    "project__standard",
    "project__contract__general",
    "project__contract__grantee__name_kk",
    "project__contract__grantee__name_ru",
)


def event_by_code(code: str) -> Event | None:
    """The event of a short link with what its page for participants shows; one query."""
    rows = (
        Event.objects.filter(code=code.lower())
        .select_related("project__contract__grantee")
        .only(*OF_EVENT)
        .order_by()
    )
    return next(iter(rows), None)


def own_participation(event: Event, code: str) -> Participation | None:
    """The participation of a personal link or code, if it is one of this event; one query."""
    key = identity.key_of(identity.read_code(code))
    if not key:
        return None
    found = Participation.objects.filter(key=key, event=event).select_related("consumer").first()
    if found is not None:
        found.event = event
    return found


# --- One event --------------------------------------------------------------------------------------


def participants_of(event: Event) -> QuerySet[Participation]:
    """Everybody of an event with their personal data, in the order of coming in: only for who may see people."""
    return Participation.objects.filter(event=event).select_related("consumer").order_by("pk")


def participants_page(event: Event, asked: Mapping[str, Any]) -> KeyPage[Participation]:
    """A page of them; one query."""
    return key_page(participants_of(event), asked, order=["pk"], size=100)


def feedback_of(event: Event) -> Feedback:
    """The feedback of one event; one query. Needs `event.project`."""
    said = told_of([event.pk]).get(event.pk, (0, 0))
    return feedback.of(event, *said)


def told_of(pks: list[int]) -> dict[int, tuple[int, int]]:
    """How many of each event said whether they apply it, and how many do; one query."""
    rows = (
        Participation.objects.filter(event__in=pks, applied__isnull=False)
        .order_by()
        .values("event")
        .annotate(told=Count("id"), yes=Count("id", filter=Q(applied=True)))
    )
    return {row["event"]: (row["told"], row["yes"]) for row in rows}


def reviews_of(event: Event) -> list[Participation]:
    """The latest reviews without a name; one query."""
    return list(_reviews(Participation.objects.filter(event=event)))


def _reviews(rows: QuerySet[Participation]) -> QuerySet[Participation]:
    return rows.exclude(review="").order_by("-rated_at", "-pk")[:REVIEWS]


# --- The project ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Heard:
    """An event with what its participants said."""

    event: Event
    feedback: Feedback


def heard(project: Project, asked: Mapping[str, Any]) -> tuple[KeyPage[Event], list[Heard]]:
    """The events that have begun to gather people, the latest first, each with its feedback; two queries a page."""
    rows = (
        Event.objects.filter(project=project)
        .exclude(state=Event.State.CANCELLED)
        .filter(registered__gt=0)
    )
    page = key_page(rows, asked, order=["-starts_at", "-pk"], size=25)
    said = told_of([event.pk for event in page.rows])
    found = []
    for event in page.rows:
        event.project = project
        found.append(Heard(event, feedback.of(event, *said.get(event.pk, (0, 0)))))
    return page, found


def project_reviews(project: Project) -> list[Participation]:
    """The latest reviews of all events, with their event; one query."""
    return list(
        _reviews(Participation.objects.filter(event__project=project).select_related("event"))
    )


def consumers_of(project: Project) -> QuerySet[Consumer]:
    """Everybody the project knows, each once."""
    return Consumer.objects.filter(project=project, merged_into=None)


def over_due() -> QuerySet[Project]:
    """Projects whose period of keeping personal data is over and whose people are not erased yet."""
    return (
        Project.objects.filter(keep_personal_until__lt=clock.today(), erased_at=None)
        .select_related("contract")
        .order_by("pk")
    )


def consumer_page(project: Project, asked: Mapping[str, Any]) -> KeyPage[Consumer]:
    """People by name, place of work or contact (`q`), the newest first; one query. Only for who may see people."""
    rows = consumers_of(project)
    if words := fold(str(asked.get("q", ""))[:200]):
        rows = rows.filter(search__contains=words)
    return key_page(rows, asked, order=["-pk"], size=25)


def candidates(project: Project) -> list[list[Consumer]]:
    """Groups of people who are probably one: the same name and place of work, or one contact; four queries.

    Whoever is known to be different from everybody else of a group is none of it any more.
    """
    known = consumers_of(project).filter(erased_at=None)
    apart = list(Apart.objects.filter(first__project=project).values_list("first", "second"))
    wanted = Q()
    for name in ("likeness", "contact"):
        twice = (
            known.exclude(**{name: ""})
            .order_by()
            .values_list(name, flat=True)
            .annotate(people=Count("id"))
            .filter(people__gt=1)[: MOST_CANDIDATES + len(apart)]
        )
        wanted |= Q(**{f"{name}__in": [value for value in twice]})  # noqa: C416 - evaluated here
    groups: dict[tuple[str, str], list[Consumer]] = {}
    for one in known.filter(wanted).order_by("pk"):
        for name in ("likeness", "contact"):
            if value := getattr(one, name):
                groups.setdefault((name, value), []).append(one)
    found = {
        tuple(one.pk for one in people): people
        for group in groups.values()
        if len(people := _in_doubt(group, apart)) > 1
    }
    return list(found.values())[:MOST_CANDIDATES]


def _in_doubt(group: list[Consumer], apart: list[tuple[int, int]]) -> list[Consumer]:
    """Those of a group who may still be the same as somebody else of it."""
    keys = {one.pk for one in group}
    known = Counter(pk for pair in apart if keys.issuperset(pair) for pk in pair)
    return [one for one in group if known[one.pk] < len(group) - 1]


def known_apart(project: Project) -> list[Apart]:
    """Pairs that look alike and were recorded as different people, the latest first; one query."""
    rows = Apart.objects.filter(first__project=project).select_related("first", "second")
    return list(rows.order_by("-pk")[:MOST_CANDIDATES])

"""What the pages of evidence read, each in a fixed number of queries."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, Prefetch, Q, QuerySet

from ortaq.core.kazakh import fold
from ortaq.faces.paging import KeyPage, key_page
from ortaq.law import Refused
from ortaq.law.findings import Finding
from ortaq.law.standard import check
from ortaq.projects import targets
from ortaq.projects.models import Activity, Event, Evidence, Indicator, Project, Proof
from ortaq.projects.targets import Amount

Kind, Media, State = Evidence.Kind, Evidence.Media, Evidence.State
# What still speaks for the project: neither refused nor withdrawn.
STANDS = (State.ATTACHED, State.ACCEPTED)
PAGE = 50
EVENTS = 100
MOST = 1000  # of a select: more are found through the event's own page


def of_project(project: Project) -> QuerySet[Evidence]:
    """The evidence of a project with what its lists show; two queries."""
    return (
        Evidence.objects.filter(project=project)
        .select_related("file", "event", "activity", "added_by", "decided_by")
        .prefetch_related(
            Prefetch("proofs", Proof.objects.select_related("indicator").order_by("indicator_id"))
        )
    )


def evidence_list(project: Project, asked: Mapping[str, Any]) -> KeyPage[Evidence]:
    """A page of the evidence, the newest first, by kind, state, event, indicator and words."""
    rows = of_project(project)
    if (kind := asked.get("kind")) in Kind.values:
        rows = rows.filter(kind=kind)
    if (state := asked.get("state")) in State.values:
        rows = rows.filter(state=state)
    else:
        rows = rows.exclude(state=State.WITHDRAWN)
    if (event := number(asked.get("event"))) is not None:
        rows = rows.filter(event=event)
    if (indicator := number(asked.get("indicator"))) is not None:
        rows = rows.filter(proofs__indicator=indicator)
    if words := fold(str(asked.get("q", ""))[:200]):
        rows = rows.filter(search__contains=words)
    return key_page(rows, asked, order=["-number"], size=PAGE)


def number(given: Any) -> int | None:
    """A key as an address carries it; None for what is none."""
    text = str(given or "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None


def events_of(project: Project) -> QuerySet[Event]:
    """Events to choose from: not cancelled, the latest first."""
    return (
        Event.objects.filter(project=project)
        .exclude(state=Event.State.CANCELLED)
        .order_by("-starts_at", "-id")
    )


# --- What is proved ------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Goal:
    """An indicator with what is attached for it and what of it is accepted."""

    indicator: Indicator
    attached: Amount
    accepted: Amount


def goals_of(project: Project) -> list[tuple[Activity, list[Goal]]]:
    """Every activity with its indicators and what is attached to each; three queries."""
    mine = Indicator.objects.filter(activity__contract=project.contract_id)
    counted = {row["pk"]: row for row in targets.counted(mine)}

    def goal(one: Indicator) -> Goal:
        return Goal(one, *targets.amounts(counted[one.pk], scale=bool(one.scale)))

    rows = Activity.objects.filter(contract=project.contract_id).prefetch_related("indicators")
    return [(row, [goal(one) for one in row.indicators.all()]) for row in rows]


# --- Publications and stories --------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Publications:
    """Publications that stand, by kind of media; `media` are those that count for the event's level."""

    level: str
    by_media: Mapping[str, int] = field(default_factory=dict)

    @property
    def media(self) -> int:
        """In mass media of the event's level. Of radio and television no level is recorded: they count."""
        own = Media.REPUBLICAN if self.level == Project.Level.REPUBLICAN else Media.REGIONAL
        return self.by_media.get(own, 0) + self.by_media.get(Media.BROADCAST, 0)

    @property
    def social(self) -> int:
        return self.by_media.get(Media.SOCIAL, 0)

    @property
    def total(self) -> int:
        return sum(self.by_media.values())

    def facts(self) -> dict[str, Any]:
        """As `law.standard.check` is told of them (¶42(2), ¶42(3))."""
        return {
            "publications": {"media": self.media, "social": self.social},
            "publication_list": self.total > 0,
        }


def publications_of(event: Event) -> Publications:
    """The publications of one event (ST-S-24, ST-S-25); one query, and the project where it is not at hand."""
    return publications_of_events([event])[event.pk]


def publications_of_events(events: Iterable[Event]) -> dict[int, Publications]:
    """The publications of several events by their keys; one query where their projects are at hand."""
    levels = {one.pk: one.level or one.project.level for one in events}
    counted = (
        Evidence.objects.filter(event__in=list(levels), kind=Kind.PUBLICATION, state__in=STANDS)
        .order_by()
        .values_list("event", "media")
        .annotate(of=Count("id"))
    )
    found: dict[int, dict[str, int]] = {pk: {} for pk in levels}
    for event, media, count in counted:
        found[event][media] = count
    return {pk: Publications(level, found[pk]) for pk, level in levels.items()}


def events_in_media(project: Project) -> list[Event]:
    """Events of which ¶42 speaks, or about which something was published, the latest first; one query."""
    published = Evidence.objects.filter(project=project, kind=Kind.PUBLICATION, state__in=STANDS)
    wanted = Q(service="event", state=Event.State.HELD) | Q(pk__in=published.values("event"))
    rows = list(events_of(project).filter(wanted)[:EVENTS])
    for row in rows:
        row.project = project
    return rows


def findings_of_publications(event: Event, found: Publications) -> list[Finding]:
    """What ¶42 says of the publications of one event, by the project's edition; nothing for a service
    that it does not speak of.
    """
    if event.service != "event":
        return []
    facts = {"service": "event", "form": event.form, **found.facts()}
    try:
        said = check(facts, "result", event.project.standard)
    except Refused:  # its form is none of the Standard's: its own page says so
        return []
    return [one for one in said if one.about.startswith("publication")]


def publications(project: Project, asked: Mapping[str, Any]) -> KeyPage[Evidence]:
    """A page of the media list, the newest first; refused ones stand in it with their remark."""
    rows = of_project(project).filter(kind=Kind.PUBLICATION).exclude(state=State.WITHDRAWN)
    if (event := number(asked.get("event"))) is not None:
        rows = rows.filter(event=event)
    if (media := asked.get("media")) in Media.values:
        rows = rows.filter(media=media)
    return key_page(rows, asked, order=["-day", "-number"], size=PAGE)


def media_list(project: Project, event: int | None = None) -> list[Evidence]:
    """All publications that stand, in the order of their days; one query."""
    rows = Evidence.objects.filter(project=project, kind=Kind.PUBLICATION, state__in=STANDS)
    if event is not None:
        rows = rows.filter(event=event)
    return list(rows.select_related("event").order_by("day", "number"))


def stories_of(event: Event) -> int:
    """Success stories of one event that stand: the practical application of table 1."""
    return Evidence.objects.filter(event=event, kind=Kind.STORY, state__in=STANDS).count()

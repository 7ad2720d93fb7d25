"""Events, the people who came, and what they answered."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from bench import bulk
from bench.data import WORDS
from ortaq.core import clock
from ortaq.projects.models import Consumer, Event, Participation

from .shape import ACTIVITIES, BEFORE, Row, day_of, first, once, shape


def events(projects: int) -> None:
    """From months ago to months ahead; who comes to the later ones is registered already."""
    morning = clock.at(clock.today(), 10)
    pattern = Event(
        kind=Event.Kind.SEMINAR,
        place="Көкшетау, Абай көшесі 1, мәжіліс залы",
        region="11",
        programme="10:00 тіркеу\n10:30 дәріс\n12:00 пікірталас\n13:00 қорытынды\n" * 3,
        expected_participants=30,
        duration_minutes=180,
        expected_result="Қатысушылар жоба жазуды үйренеді",
    )
    names = (
        "id",
        "project_id",
        "once",
        "number",
        "activity_id",
        "code",
        "state",
        "title_kk",
        "starts_at",
        "ends_at",
        "held_at",
        "registered",
        "attended",
        "answers",
        "points",
    )

    def rows() -> Iterator[Row]:
        key = 0
        for n in range(projects):
            of = shape(n)
            for e in range(of.events):
                key += 1
                at = morning + timedelta(days=day_of(of, e))
                over = e < of.held
                came = (of.each, of.answers, of.points) if over else (0, 0, 0)
                yield (
                    key,
                    n + 1,
                    once(n, e),
                    e + 1,
                    n * ACTIVITIES + e % ACTIVITIES + 1,
                    code_of(key),
                    "held" if over else "planned",
                    f"{e + 1}-семинар: жоба жазу мектебі",
                    at,
                    at + timedelta(hours=4),
                    at + timedelta(hours=5) if over else None,
                    of.each,
                    *came,
                )

    bulk.load(pattern, names, rows())


def code_of(event: int) -> str:
    """The short code of an event by its key."""
    return f"bb{event:06d}".replace("0", "x").replace("1", "y")


def participations(projects: int) -> None:
    """People, once for all events of a project, and each of their participations."""
    now = clock.now()

    def people() -> Iterator[Row]:
        key = 0
        for n in range(projects):
            of = shape(n)
            for c in range(of.people):
                key += 1
                name, work = f"қатысушы {WORDS[c % len(WORDS)]} {c}", f"№{c % 40} мектеп"
                contact = f"p{key}@example.kz"
                search = f"{name} {work} {contact}"
                yield (
                    key,
                    n + 1,
                    f"{key:064x}",
                    f"{key:x}",
                    name,
                    work,
                    contact,
                    of.attended(c),
                    search,
                )

    bulk.load(
        Consumer(created_at=now),
        (
            "id",
            "project_id",
            "identity",
            "likeness",
            "full_name",
            "workplace",
            "contact",
            "attended",
            "search",
        ),
        people(),
    )
    registered: datetime = now - timedelta(days=BEFORE)
    pattern = Participation(
        source=Participation.Source.PHONE, registered_at=registered, consent="2024"
    )

    def rows() -> Iterator[Row]:
        for n in range(projects):
            of, event, person = shape(n), first(n, "events"), first(n, "people")
            for e in range(of.events):
                over = e < of.held
                for k in range(of.each):
                    rating = of.ratings[k] if over else None
                    review = "Пайдалы болды, рақмет!" if rating and k % 5 == 0 else ""
                    yield event + e, person + of.person(e, k), over, rating, review

    bulk.load(pattern, ("event_id", "consumer_id", "attended", "points", "review"), rows())

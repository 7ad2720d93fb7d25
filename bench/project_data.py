"""Many projects at work, written in bulk: events, people who took part and answered, money, evidence.

Rows stand as the steps leave them; only the journal is not written. Everything is reckoned from the number of a project, so that
the kept figures can be too; `tally.drifts` then says whether rows and figures agree. The first project is a large one.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Any

from bench import bulk
from bench.data import WORDS, bins
from ortaq.core import clock
from ortaq.people.models import Membership, Organisation, Role, User
from ortaq.projects import baseline
from ortaq.projects.models import (
    Activity,
    BudgetLine,
    Consumer,
    Contract,
    Event,
    Evidence,
    Expense,
    Indicator,
    Participation,
    Project,
    Proof,
    TeamMember,
    Tranche,
)
from ortaq.projects.procedure.project import standard_of

OF_AN_NGO = 5  # projects
ACTIVITIES, INDICATORS = 4, 4  # indicators of each activity
LINES = 8
SUM = 6_000_000_00
SPENT = SUM // 2
PLANNED = 10  # of an indicator
HALLS = 500  # events at which people register while the page is measured: one event takes no more than 650
BEFORE, LENGTH = 140, 240  # days: when the first event was, and until the last
Row = tuple[Any, ...]


@dataclass(frozen=True)
class Shape:
    """How much there is of a project, and the figures that follow from it."""

    events: int
    people: int
    each: int  # people at an event
    expenses: int
    evidence: int

    @cached_property
    def held(self) -> int:
        return sum(day_of(self, n) < 0 for n in range(self.events))

    @cached_property
    def ratings(self) -> list[int | None]:
        """Of the people at an event, in their order: two of three answer."""
        return [None if k % 3 == 2 else 5 - k % 2 for k in range(self.each)]

    @property
    def answers(self) -> int:
        return self.each - self.ratings.count(None)

    @property
    def points(self) -> int:
        return sum(one or 0 for one in self.ratings)

    def person(self, event: int, k: int) -> int:
        """Who is the k-th at an event: all come in turn."""
        return (event * self.each + k) % self.people

    def attended(self, person: int) -> int:
        """How many events one person was at."""
        turns, rest = divmod(self.held * self.each, self.people)
        return turns + (person < rest)

    def reached(self, every: int) -> int:
        """How many indicators reach their number by each `every`-th piece of evidence."""
        shown = [0] * (ACTIVITIES * INDICATORS)
        for n in range(0, self.evidence, every):
            shown[n % len(shown)] += PLANNED // 2
        return sum(amount >= PLANNED for amount in shown)


COMMON = Shape(events=20, people=100, each=15, expenses=20, evidence=20)
LARGE = Shape(events=200, people=600, each=30, expenses=400, evidence=400)


def shape(project: int) -> Shape:
    """Of a project by its number, from 0."""
    return COMMON if project else LARGE


def first(project: int, noun: str) -> int:
    """The key of a project's first row of a noun: events, people, expenses, evidence."""
    large, common = getattr(LARGE, noun), getattr(COMMON, noun)
    return 1 + (large + (project - 1) * common if project else 0)


def day_of(of: Shape, event: int) -> int:
    """On which day from today an event is: negative when it is over."""
    return LENGTH * event // of.events - BEFORE


def once(project: int, number: int) -> uuid.UUID:
    return uuid.UUID(int=project << 40 | number)


def build(projects: int) -> dict[str, Any]:
    """Fill an empty database; gives the keys of what the requests are about."""
    people = organisations(projects)
    with bulk.loading():
        contracts(projects, people["operator"])
        all_projects(projects)
        events(projects)
        participations(projects)
        money(projects)
        evidence(projects)
    coming = [
        code_of(first(n, "events") + e)
        for n in range(1, projects)
        for e in range(COMMON.held + 1, COMMON.events)
    ]
    return {
        **people,
        "project": 2,
        "large": 1,
        "event": first(1, "events"),
        "code": coming[0],
        "codes": coming[1 : HALLS + 1],
        "events": LARGE.events + (projects - 1) * COMMON.events,
        "participations": LARGE.events * LARGE.each + (projects - 1) * COMMON.events * COMMON.each,
    }


def organisations(projects: int) -> dict[str, int]:
    """An operator, and an NGO for every five projects; the first has its people."""
    numbers = bins()
    made = {}
    operator = Organisation.objects.create(
        kind="operator", bin=next(numbers), name_kk="Оператор", name_ru="Оператор"
    )
    ngos = Organisation.objects.bulk_create(
        [
            Organisation(
                bin=next(numbers),
                name_kk=f"«{WORDS[n % len(WORDS)].title()} {n}» қоғамдық қоры",
                name_ru=f"Фонд {n}",
            )
            for n in range(-(-projects // OF_AN_NGO))
        ],
        batch_size=1000,
    )
    for name, organisation, role in (
        ("officer", operator, Role.OFFICER),
        ("manager", ngos[0], Role.HEAD),
        ("accountant", ngos[0], Role.ACCOUNTANT),
    ):
        person = User(email=f"{name}@example.kz", surname="Сәрсенова", given_name=name.title())
        person.set_unusable_password()
        person.save()
        Membership.objects.create(
            user=person, organisation=organisation, role=role, starts_on=date(2020, 1, 1)
        )
        made[name] = person.pk
    return made | {"operator": operator.pk, "ngo": ngos[0].pk}


def contracts(projects: int, operator: int) -> None:
    """Signed contracts with annex 3 and the estimate: four activities, sixteen indicators, eight lines."""
    today, words = clock.today(), len(WORDS)
    ngo = Organisation.objects.filter(kind="ngo").order_by("pk").values_list("pk", flat=True)[0]
    pattern = Contract(
        instrument=Contract.Instrument.GRANT,
        act="grants_rules",
        edition="2020",
        grantor_id=operator,
        direction_kk="Азаматтық қоғамды дамыту",
        sum_tiyn=SUM,
        advance_tiyn=SUM * 4 // 10,
        concluded_on=today - timedelta(days=BEFORE + 10),
        starts_on=today - timedelta(days=BEFORE + 5),
        ends_on=today + timedelta(days=LENGTH - BEFORE + 20),
        general={"goal": "Ауыл тұрғындарының қоғамдық бастамаларын қолдау. " * 6},
        social_effect={"direct_beneficiaries": 100},
        state=Contract.State.SIGNED,
        signed_at=clock.now(),
    )
    bulk.load(
        pattern,
        ("id", "source", "number", "grantee_id", "title_kk", "title_ru", "search"),
        (
            (
                n + 1,
                f"bench:{n}",
                f"{n}-Г",
                ngo + n // OF_AN_NGO,
                f"{WORDS[n % words].title()}: ауыл бастамалары {n}",
                f"Сельские инициативы {n}",
                f"{n}-г {WORDS[n % words]}: ауыл бастамалары {n} сельские инициативы {n}",
            )
            for n in range(projects)
        ),
    )
    member = TeamMember(table="staff", post="маман", share="50", contact="+7 700 000 00 00")
    bulk.load(
        member,
        ("contract_id", "position", "full_name", "role"),
        (
            (n + 1, position, f"Сәрсенова Әлия {n}", role)
            for n in range(projects)
            for position, role in enumerate(TeamMember.Role.values, 1)
        ),
    )
    months = [f"{today:%Y-%m}"]
    activity = Activity(
        section="task",
        task="Ауыл тұрғындарын оқыту және қоғамдық бастамаларын қолдау",
        place="Ақмола облысының аудандары",
        term="ай сайын",
        months=months,
    )
    bulk.load(
        activity,
        ("id", "contract_id", "key", "position", "text"),
        (
            (
                n * ACTIVITIES + a + 1,
                n + 1,
                f"~a{a}",
                a,
                f"{a + 1}. Ауыл тұрғындарына арналған " * 4,
            )
            for n in range(projects)
            for a in range(ACTIVITIES)
        ),
    )
    indicator = Indicator(
        planned=f"{PLANNED}-нан кем емес", reading=Indicator.Reading.AT_LEAST, minimum=PLANNED
    )
    bulk.load(
        indicator,
        ("id", "activity_id", "position", "text"),
        (
            (a * INDICATORS + i + 1, a + 1, i, f"Қатысушылардың дағдысы, {i + 1}-көрсеткіш " * 3)
            for a in range(projects * ACTIVITIES)
            for i in range(INDICATORS)
        ),
    )
    line = BudgetLine(
        year=today.year,
        unit="дана",
        quantity=1,
        unit_cost_tiyn=SUM // LINES,
        grant_tiyn=SUM // LINES,
    )
    categories = ("salaries_lines", "handouts_lines", "material_support_lines", "handouts_lines")
    bulk.load(
        line,
        ("id", "contract_id", "key", "position", "category", "item"),
        (
            (n * LINES + k + 1, n + 1, f"~b{k}", k, categories[k % 4], f"{k + 1}-шығыс бабы")
            for n in range(projects)
            for k in range(LINES)
        ),
    )


def all_projects(projects: int) -> None:
    """Opened, with their kept figures."""
    signed = Contract.objects.get(pk=1)
    content = baseline.of(signed)
    pattern = Project(
        standard=standard_of(signed),
        baseline=content,
        baseline_sha256=baseline.sha256(content),
        opened_at=clock.now() - timedelta(days=BEFORE + 10),
        reckoned_on=clock.today(),
        indicators=ACTIVITIES * INDICATORS,
        paid_tiyn=SUM * 4 // 10,
        spent_tiyn=SPENT,
        admitted_tiyn=SPENT // 2,
    )
    counted = ("events", "events_held", "attendances", "covered", "answers", "points")
    names = ("id", "contract_id", "trouble", *counted, "indicators_done", "indicators_proved")

    def figures(of: Shape) -> Row:
        return (
            of.events,
            of.held,
            of.held * of.each,
            min(of.people, of.held * of.each),
            of.held * of.answers,
            of.held * of.points,
            of.reached(1),
            of.reached(2),
        )

    known = {of: figures(of) for of in (COMMON, LARGE)}
    bulk.load(pattern, names, ((n + 1, n + 1, n % 3, *known[shape(n)]) for n in range(projects)))


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


def money(projects: int) -> None:
    """The advance, and expenses on every line, half of them admitted."""
    today = clock.today()
    paid, rest = SUM * 4 // 10, SUM - SUM * 4 // 10
    bulk.load(
        Tranche(),
        ("project_id", "number", "is_advance", "planned_tiyn", "paid_on", "paid_tiyn"),
        (
            row
            for n in range(projects)
            for row in ((n + 1, 1, True, paid, today, paid), (n + 1, 2, False, rest, None, None))
        ),
    )
    pattern = Expense(
        document=Expense.Document.INVOICE,
        document_number="15",
        payee="«Үлгі» ЖШС",
        what_for="Баннер мен тарату материалдары",
        added_at=clock.now(),
    )

    def rows() -> Iterator[Row]:
        for n in range(projects):
            count = shape(n).expenses
            each = SPENT // count
            for k in range(count):
                admitted = k % 2 == 0
                yield (
                    n + 1,
                    once(n, k),
                    k + 1,
                    n * LINES + k % LINES + 1,
                    first(n, "events") + k % shape(n).events if k % 2 else None,
                    today - timedelta(days=k * BEFORE // count),
                    each,
                    "admitted" if admitted else "recorded",
                    each if admitted else None,
                )

    names = (
        "project_id",
        "once",
        "number",
        "line_id",
        "event_id",
        "spent_on",
        "sum_tiyn",
        "state",
        "admitted_tiyn",
    )
    bulk.load(pattern, names, rows())


def evidence(projects: int) -> None:
    """Links, each proving half of an indicator; every second is accepted."""
    pattern = Evidence(
        kind=Evidence.Kind.PUBLICATION,
        title="Семинар туралы мақала",
        medium="Арқа ажары",
        media=Evidence.Media.REGIONAL,
        link="https://example.kz/2026/seminar",
        day=clock.today(),
        added_at=clock.now(),
    )

    def rows() -> Iterator[Row]:
        key = 0
        for n in range(projects):
            of = shape(n)
            for k in range(of.evidence):
                key += 1
                event = first(n, "events") + k % of.events
                state = "accepted" if k % 2 == 0 else "attached"
                yield key, n + 1, once(n, k), k + 1, event, state

    def proofs() -> Iterator[Row]:
        key, indicators = 0, ACTIVITIES * INDICATORS
        for n in range(projects):
            for k in range(shape(n).evidence):
                key += 1
                yield key, n * indicators + k % indicators + 1, PLANNED // 2

    bulk.load(pattern, ("id", "project_id", "once", "number", "event_id", "state"), rows())
    bulk.load(Proof(), ("evidence_id", "indicator_id", "amount"), proofs())

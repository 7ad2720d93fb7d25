"""A large competition, written in bulk: what the pages are measured on.

Rows stand as the steps leave them; only the journal is not written, since no page here reads it.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from random import Random

from django.contrib.sessions.backends.db import SessionStore
from django.db import transaction

from ortaq.core import clock, identifiers
from ortaq.core.keys import key_of
from ortaq.grants import importing
from ortaq.grants.models import (
    Application,
    ApplicationPart,
    Competition,
    Lot,
    Plan,
    PlanVersion,
    Topic,
)
from ortaq.people.models import Membership, Organisation, Role, User
from ortaq.registry.models import Expert
from ortaq.review.models import SCALE, Declaration, Dossier, Meeting, Panel, ScoreSheet, Seat

WORDS = [
    "жастар",
    "ауыл",
    "қоғам",
    "білім",
    "денсаулық",
    "мәдениет",
    "еріктілер",
    "отбасы",
    "құқық",
    "табиғат",
    "тарих",
    "кітапхана",
]
EXPERTS = 20
SHEETS = 3  # a dossier
CRITERIA = {
    "S1_capacity": 5,
    "S2_specialists": 3,
    "S3_content": 7,
    "S4_results": 5,
    "S5_budget_terms": 5,
}


def bins() -> Iterator[str]:
    number = 0
    while True:
        number += 1
        first = f"1501{4 if number < 100_000 else 5}0{number % 100_000:05d}"
        if identifiers.control_digit(first) is not None:
            yield identifiers.complete(first)


@transaction.atomic
def build(rows: int) -> dict[str, int | list[int]]:
    """Fill an empty database; gives the numbers of what the requests are about."""
    random = Random(2020)
    now = clock.now()
    numbers = bins()
    people = [
        User(email=f"expert-{n}@example.kz", surname="Сарапшы", given_name=f"Е{n}")
        for n in range(EXPERTS)
    ]
    officer = User(email="officer@example.kz", surname="Операторов", given_name="Г", is_active=True)
    manager = User(email="manager@example.kz", surname="Әлия", given_name="Ә")
    for person in (*people, officer, manager):
        person.set_unusable_password()
        person.save()
    operator = Organisation.objects.create(
        kind="operator", bin=next(numbers), name_kk="Оператор", name_ru="Оператор"
    )
    ngos = Organisation.objects.bulk_create(
        [
            Organisation(
                bin=next(numbers),
                name_kk=f"«{random.choice(WORDS).title()} {n}» қоғамдық қоры",
                name_ru=f"Фонд {n}",
            )
            for n in range(max(2, rows // 4))
        ],
        batch_size=1000,
    )
    Membership.objects.create(
        user=officer, organisation=operator, role=Role.OFFICER, starts_on=date(2020, 1, 1)
    )
    Membership.objects.create(
        user=manager, organisation=ngos[0], role=Role.HEAD, starts_on=date(2020, 1, 1)
    )
    plan = Plan.objects.create(
        body=operator, level="republican", year=2020, title_kk="Жоспар", title_ru="План"
    )
    version = PlanVersion.objects.create(plan=plan, number=1, state="draft")
    importing.fill(version, *importing.shipped())
    PlanVersion.objects.filter(pk=version.pk).update(
        state="approved", act_number="72", act_date=date(2020, 2, 27)
    )
    panel = Panel.objects.create(
        organisation=operator,
        title_kk="Комиссия",
        title_ru="Комиссия",
        act="grants_rules",
        edition="2020",
        state="scoring",
        scoring_from=now - timedelta(days=2),
        scoring_until=now + timedelta(days=20),
        points_open_at=now - timedelta(minutes=1),
    )
    Meeting.objects.create(panel=panel, opened_at=now)
    competition = Competition.objects.create(
        operator=operator,
        version=version,
        edition="2020",
        title_kk="Гранттар конкурсы",
        title_ru="Конкурс грантов",
        text_kk="Мәтін",
        text_ru="Текст",
        announced_at=now - timedelta(days=40),
        closes_at=now - timedelta(days=15),
        latest_project_end=now.date() + timedelta(days=150),
        balance_date=date(2020, 3, 31),
        state="scoring",
        panel=panel,
    )
    for n in range(60):  # what the public list pages through
        Competition.objects.create(
            operator=operator,
            version=version,
            edition="2020",
            title_kk=f"{random.choice(WORDS).title()} конкурсы {n}",
            title_ru=f"Конкурс {n}",
            announced_at=now - timedelta(days=100 + n),
            closes_at=now - timedelta(days=75 + n),
            state="published",
            published_at=now - timedelta(days=50),
        )
    lots = Lot.objects.bulk_create(
        Lot(
            competition=competition, topic=topic, position=topic.position, amount_tiyn=1_500_000_000
        )
        for topic in Topic.objects.filter(version=version)
    )
    experts = Expert.objects.bulk_create(
        Expert(
            person=p,
            side="ngo" if n % 10 > 2 else "operator",
            state="registered",
            proposed_at=now,
            name=p.full_name,
        )
        for n, p in enumerate(people)
    )
    seats = Seat.objects.bulk_create(
        Seat(panel=panel, person=e.person, expert=e, side=e.side, since=now - timedelta(days=30))
        for e in experts
    )
    Declaration.objects.bulk_create(
        [
            Declaration(seat=seat, organisation=ngo, conflict=False, declared_at=now)
            for seat in seats
            for ngo in ngos
        ],
        batch_size=2000,
    )
    dossiers = []
    for n in range(rows):
        totals = [random.randint(5, 25) for _ in range(SHEETS)]
        lot = lots[n % len(lots)]
        dossiers.append(
            Dossier(
                panel=panel,
                organisation=ngos[n % len(ngos)],
                contest=key_of(lot),
                contest_title=lot.topic.title_kk[:200],
                number=f"2020-{n:06d}",
                title=f"{random.choice(WORDS)} жобасы {n}",
                address=f"/applications/{n + 1}/",
                points=sum(totals),
                sheets=SHEETS,
                score=sum(totals) * (SCALE // SHEETS),
            )
        )
    dossiers = Dossier.objects.bulk_create(dossiers, batch_size=1000)
    applications = Application.objects.bulk_create(
        [
            Application(
                competition=competition,
                lot_id=lots[n % len(lots)].pk,
                organisation_id=dossier.organisation_id,
                number=dossier.number,
                title=dossier.title,
                state="admitted",
                created_by=manager,
                created_at=now - timedelta(days=20),
                submitted_at=now - timedelta(days=16),
                grant_tiyn=random.randint(100, 1500) * 1_000_000,
                total_tiyn=1_600_000_000,
                applicant_name=ngos[n % len(ngos)].name_kk,
                dossier=dossier,
            )
            for n, dossier in enumerate(dossiers)
        ],
        batch_size=1000,
    )
    for application in applications[:: max(1, rows // 50)]:
        Dossier.objects.filter(application=application).update(
            address=f"/applications/{application.pk}/"
        )
    sheets = []
    for n, dossier in enumerate(dossiers):
        for k in range(SHEETS):
            marks = {
                key: {
                    "points": min(most, 1 + (n + k) % most),
                    "ticks": [],
                    "fully": False,
                    "comment": "Түсінік",
                }
                for key, most in CRITERIA.items()
            }
            sheets.append(
                ScoreSheet(
                    dossier=dossier,
                    seat=seats[(n + k) % EXPERTS],
                    marks=marks,
                    total=sum(m["points"] for m in marks.values()),
                    state="signed" if n % 3 else "draft",
                    updated_at=now,
                    signed_at=now if n % 3 else None,
                )
            )
    ScoreSheet.objects.bulk_create(sheets, batch_size=1000)
    mine = applications[0]
    for form in ("GRANT-A2", "GRANT-A3", "GRANT-A4", "GRANT-A5"):
        ApplicationPart.objects.bulk_create([ApplicationPart(application=mine, form=form)])
    drafts = ScoreSheet.objects.filter(seat=seats[0], state="draft").order_by("id")
    mine_to_score = list(drafts.values_list("dossier_id", flat=True)[:8])
    return {
        "competition": competition.pk,
        "application": mine.pk,
        "scored": Application.objects.get(dossier=mine_to_score[0]).pk,
        "dossiers": mine_to_score,
        "panel": panel.pk,
        "officer": officer.pk,
        "manager": manager.pk,
        "expert": people[0].pk,
    }


def stage(panel: int, state: str) -> None:
    """Put the panel where a page needs it: sheets open while scoring, the ranking at the meeting."""
    Panel.objects.filter(pk=panel).update(state=state)


def sign_in(pk: int) -> str:
    """The cookie of a session for a person, made on the server's side."""
    user = User.objects.get(pk=pk)
    session = SessionStore()
    session["_auth_user_id"] = str(user.pk)
    session["_auth_user_backend"] = "django.contrib.auth.backends.ModelBackend"
    session["_auth_user_hash"] = user.get_session_auth_hash()
    session.create()
    return f"sessionid={session.session_key}"

"""Ten years of what is public, written in bulk: grants, the social order, projects and prizes of all NGOs.

Rows stand as the steps leave them; the journal is not written, and of a project no events and no people: what a public page tells
of them stands in the project's kept figures. Everything follows from numbers, so that two fillings are the same rows. The gazette
is then written by its own command.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from bench import bulk
from bench.data import WORDS
from ortaq import law
from ortaq.core import clock, identifiers, regions
from ortaq.grants import models as grants
from ortaq.oversight.models import PublicInformation
from ortaq.people.models import Organisation, User
from ortaq.planning import models as planning
from ortaq.prizes import models as prizes
from ortaq.projects import baseline
from ortaq.projects.models import Activity, BudgetLine, Contract, Presentation, Project
from ortaq.projects.procedure.project import standard_of
from ortaq.review.models import SCALE, Dossier, Panel
from ortaq.tenders import models as tenders

YEARS = 10
MINISTRIES = 5
COMPETITIONS = 10  # a year
LINES = 4
SUM = 6_000_000_00
DIRECTIONS = 10  # of a prize
SCORES = {f"C{number}": 0 for number in range(1, 7)}  # of a bid, under `tender_scoring`


@dataclass(frozen=True)
class Size:
    """How much there is."""

    ngos: int
    lots: int  # of competitions of grants in a year
    orders: int  # topics of the social order in a year
    applications: int  # for each lot of a competition
    bids: int = 3  # for each lot of a tender


SIZES = {
    "small": Size(ngos=300, lots=20, orders=50, applications=4),
    "medium": Size(ngos=2_500, lots=100, orders=100, applications=20),
    "full": Size(ngos=25_000, lots=1_000, orders=1_000, applications=20),
}


class Decade:
    """What is written, and the keys that follow from a number."""

    def __init__(self, size: Size) -> None:
        self.size, self.today, self.now = size, clock.today(), clock.now()
        self.first = self.today.year - YEARS + 1
        self.codes = [region.code for region in regions.on(self.today)]
        self.fields = [field.key for field in law.fields_of("social_order_2022")]
        of_grants = list(law.fields_of("grants_2019_guide"))
        self.directions = [field.key for field in of_grants]
        self.names = [field.text for field in of_grants]
        self.lots = YEARS * size.lots
        self.orders = YEARS * size.orders

    def at(self, year: int, month: int, day: int = 1) -> datetime:
        """An instant of the `year`-th year that has been."""
        return min(clock.at(date(self.first + year, month, day), 10), self.now - timedelta(days=20))

    def ngo(self, number: int) -> int:
        """Some NGO, another one for each of its first numbers."""
        return self.ngos[number * 7919 % len(self.ngos)]

    def region(self, number: int) -> str:
        return self.codes[number % len(self.codes)]

    def build(self) -> None:
        """Fill an empty database."""
        self._organisations()
        with bulk.loading():
            self._grants()
            self._applications()
            self._planning()
            self._tenders()
            self._contracts()
            self._projects()
            self._prizes()

    # --- Who -----------------------------------------------------------------------------------------

    def _organisations(self) -> None:
        from bench import ngo_data

        kinds = ["operator", "authorised_body", *["state_body"] * (MINISTRIES + len(self.codes))]
        made = Organisation.objects.bulk_create(
            Organisation(
                kind=kind,
                bin=bin_,
                name_kk=f"{n + 1}-басқарма",
                name_ru=f"Управление {n + 1}",
                region_code=self.codes[n - 2 - MINISTRIES] if n >= 2 + MINISTRIES else "",
            )
            for n, (kind, bin_) in enumerate(zip(kinds, _bins(), strict=False))
        )
        self.operator, self.bodies = made[0].pk, [one.pk for one in made[2:]]
        self.person = User.objects.create(
            email="manager@example.kz", surname="Әлия", given_name="Ә"
        )
        ngo_data.build(self.size.ngos)
        of_kind = Organisation.objects.filter(kind="ngo").order_by("pk")
        self.ngos = list(of_kind.values_list("pk", flat=True))

    # --- Grants ----------------------------------------------------------------------------------------

    def _grants(self) -> None:
        """Plans of the years, their topics, and competitions: all are over but one of the last year."""
        years, lots = range(YEARS), self.size.lots
        bulk.load(
            grants.Plan(
                body_id=self.operator,
                level="republican",
                title_kk="Гранттар жоспары",
                title_ru="План грантов",
            ),
            ("id", "year"),
            ((y + 1, self.first + y) for y in years),
        )
        bulk.load(
            grants.PlanVersion(number=1, state="approved", act_number="72"),
            ("id", "plan_id", "act_date", "approved_at"),
            ((y + 1, y + 1, self.at(y, 1).date(), self.at(y, 1)) for y in years),
        )
        many = len(self.directions)
        bulk.load(
            grants.PlanField(),
            ("id", "version_id", "position", "number", "name_kk", "name_ru", "direction"),
            (
                (y * many + f + 1, y + 1, f, str(f + 1), name.kk, name.ru, self.directions[f])
                for y in years
                for f, name in enumerate(self.names)
            ),
        )
        bulk.load(
            grants.Topic(coverage="regions", region_count=1),
            ("id", "version_id", "field_id", "position", "number", "title_kk", "title_ru", "regions"),
            (
                (
                    y * lots + k + 1, y + 1, y * many + k % many + 1, k, str(k + 1), *_title(k),
                    [self.region(k)],
                )
                for y in years
                for k in range(lots)
            ),
        )  # fmt: skip
        bulk.load(
            grants.TopicAmount(amount_tiyn=SUM),
            ("id", "topic_id", "year"),
            ((n + 1, n + 1, self.first + n // lots) for n in range(self.lots)),
        )
        bulk.load(
            Panel(
                organisation_id=self.operator,
                title_kk="Комиссия",
                title_ru="Комиссия",
                act="grants_rules",
                edition="2020",
                state="closed",
            ),
            ("id",),
            ((n + 1,) for n in range(YEARS * COMPETITIONS)),
        )
        bulk.load(
            grants.Competition(
                operator_id=self.operator, edition="2020", text_kk="Мәтін", text_ru="Текст", state="published"
            ),
            ("id", "version_id", "panel_id", "title_kk", "title_ru", "announced_at", "closes_at", "published_at"),
            (
                (
                    y * COMPETITIONS + c + 1, y + 1, y * COMPETITIONS + c + 1, f"Гранттар конкурсы {c + 1}",
                    f"Конкурс грантов {c + 1}", self.at(y, 2), self.at(y, 3), self.at(y, 5),
                )
                for y in years
                for c in range(COMPETITIONS)
            ),
        )  # fmt: skip
        each = lots // COMPETITIONS
        bulk.load(
            grants.Lot(amount_tiyn=SUM),
            ("id", "competition_id", "topic_id", "position"),
            ((n + 1, n // each + 1, n + 1, n % each) for n in range(self.lots)),
        )
        self._open()

    def _open(self) -> None:
        """A competition that takes applications, on the last year's topics."""
        one = grants.Competition.objects.create(
            operator_id=self.operator, version_id=YEARS, edition="2020", title_kk="Ашық конкурс", title_ru="Открытый конкурс",
            announced_at=self.now - timedelta(days=5), closes_at=self.now + timedelta(days=20), state="announced",
            kind="additional",
        )  # fmt: skip
        bulk.load(
            grants.Lot(amount_tiyn=SUM, competition=one),
            ("id", "topic_id", "position"),
            ((self.lots + k + 1, self.lots - k, k) for k in range(self.size.lots // COMPETITIONS)),
        )

    def _applications(self) -> None:
        """So many for each lot; the first one wins."""
        many, each = self.size.applications, self.size.lots // COMPETITIONS
        dossier = Dossier(sheets=3, points=66, score=66 * (SCALE // 3))
        numbers = range(self.lots * many)

        def place(n: int) -> tuple[int, int, int]:
            """Its lot, competition and year, from 0."""
            return n // many, n // many // each, n // many // self.size.lots

        bulk.load(
            dossier,
            ("id", "panel_id", "organisation_id", "contest", "number", "title"),
            (
                (
                    n + 1,
                    competition + 1,
                    self.ngo(n),
                    f"grants.lot:{lot + 1}",
                    f"{n:07d}",
                    f"жоба {n}",
                )
                for n in numbers
                for lot, competition, _year in [place(n)]
            ),
        )
        bulk.load(
            grants.Application(created_by=self.person, grant_tiyn=SUM - 1_000_00, total_tiyn=SUM),
            (
                "id", "competition_id", "lot_id", "organisation_id", "number", "title", "state", "dossier_id",
                "created_at", "submitted_at", "applicant_name", "starts_on", "ends_on",
            ),
            (
                (
                    n + 1, competition + 1, lot + 1, self.ngo(n), f"{n:07d}", f"{_title(n)[0]} {n}",
                    "not_awarded" if n % many else "awarded", n + 1, self.at(year, 2, 10), self.at(year, 2, 20),
                    f"ҚҚ {n}", self.at(year, 6).date(), self.at(year, 11).date(),
                )
                for n in numbers
                for lot, competition, year in [place(n)]
            ),
        )  # fmt: skip
        bulk.load(
            grants.Outcome(
                kind="winner", submitted=many, admitted=many, points=66, sheets=3, maximum=75
            ),
            ("id", "lot_id", "winner_id", "prepared_at", "published_at"),
            (
                (n + 1, n + 1, n * many + 1, self.at(year, 5), self.at(year, 5))
                for n in range(self.lots)
                for year in [n // self.size.lots]
            ),
        )

    # --- The social order ---------------------------------------------------------------------------------

    def _formation(self, order: int) -> int:
        """The list of topics on which an order stands, from 0: one of each body in a year."""
        year, k = divmod(order, self.size.orders)
        return year * len(self.bodies) + k % len(self.bodies)

    def _planning(self) -> None:
        """Lists of topics, budgeted; those of the year to come are being discussed."""
        bodies, past = len(self.bodies), YEARS * len(self.bodies)
        act, edition = "rules_social_order", "2022"
        common = {
            "act": act,
            "edition": edition,
            "introduction_kk": "Кіріспе",
            "introduction_ru": "Введение",
        }
        names = ("id", "body_id", "level", "plan_year", "published_at", "closes_at", "comments")
        bulk.load(
            planning.Formation(state="budgeted", **common),
            names,
            (
                (
                    n + 1, self.bodies[n % bodies], self._level(n), self.first + n // bodies,
                    self.at(n // bodies, 2) - timedelta(days=200), self.at(n // bodies, 2) - timedelta(days=180), 12,
                )
                for n in range(past)
            ),
        )  # fmt: skip
        bulk.load(
            planning.Formation(state="discussion", **common),
            names,
            (
                (
                    past + n + 1, self.bodies[n], self._level(n), self.today.year + 1,
                    self.now - timedelta(days=3), self.now + timedelta(days=9), 0,
                )
                for n in range(bodies)
            ),
        )  # fmt: skip
        topic = planning.Topic(
            planned_tiyn=SUM, justification_kk="Ауыл тұрғындарына қызмет жетіспейді.", justification_ru="Жителям не хватает услуг.",
            target_group_kk="Ауыл жастары", target_group_ru="Сельская молодёжь", result_kk="Қызмет алды", result_ru="Получили услуги",
        )  # fmt: skip
        columns = (
            "id",
            "formation_id",
            "position",
            "field",
            "title_kk",
            "title_ru",
            "state",
            "approved_tiyn",
            "region_code",
        )
        bulk.load(
            topic,
            columns,
            (
                (
                    n + 1, self._formation(n) + 1, n % self.size.orders // bodies, self.fields[n % len(self.fields)],
                    *_title(n), "listed", SUM, "",
                )
                for n in range(self.orders)
            ),
        )  # fmt: skip
        bulk.load(
            topic,
            columns,
            (
                (
                    self.orders + n + 1,
                    past + n % bodies + 1,
                    n // bodies,
                    self.fields[n % len(self.fields)],
                    *_title(n),
                    "planned",
                    None,
                    "",
                )
                for n in range(bodies * 5)
            ),
        )
        bulk.load(
            planning.Specification(act=act, edition=edition, state="approved", sum_tiyn=SUM),
            ("id", "topic_id", "approved_at"),
            ((n + 1, n + 1, self.at(n // self.size.orders, 1)) for n in range(self.orders)),
        )
        bulk.load(
            PublicInformation(act="rules_social_order", edition="2022", issue=1, content=_annex5()),
            ("id", "body_id", "year", "published_at"),
            (
                (n + 1, self.bodies[n % bodies], self.first + n // bodies, self.at(n // bodies, 12))
                for n in range(past)
            ),
        )

    def _level(self, formation: int) -> str:
        return "central" if formation % len(self.bodies) < MINISTRIES else "local"

    def _tenders(self) -> None:
        """A tender on each budgeted list, one lot a topic, three bids a lot."""
        bodies, bids = len(self.bodies), self.size.bids
        bulk.load(
            tenders.Tender(act="tender_scoring", edition="2019", state="ended", conditions_kk="Шарттар", conditions_ru="Условия"),
            (
                "id", "customer_id", "organiser_id", "number", "title_kk", "title_ru", "approved_at", "announced_at",
                "closes_at", "opened_at", "published_at",
            ),
            (
                (
                    n + 1, body, body, f"{self.first + y}-{n + 1}", f"Конкурс {n + 1}", f"Конкурс {n + 1}",
                    self.at(y, 2), self.at(y, 2, 5), self.at(y, 3), self.at(y, 3, 2), self.at(y, 4),
                )
                for n in range(YEARS * bodies)
                for y, body in [(n // bodies, self.bodies[n % bodies])]
            ),
        )  # fmt: skip
        bulk.load(
            tenders.Lot(allocated_tiyn=SUM, advance_percent=30, result="winner"),
            ("id", "tender_id", "topic_id", "specification_id", "position", "starts_on", "ends_on"),
            (
                (
                    n + 1,
                    self._formation(n) + 1,
                    n + 1,
                    n + 1,
                    n % self.size.orders // bodies,
                    self.at(y, 5).date(),
                    self.at(y, 11).date(),
                )
                for n in range(self.orders)
                for y in [n // self.size.orders]
            ),
        )
        content: dict[str, Any] = {"parts": {}}
        bulk.load(
            tenders.Bid(created_by=self.person, content=content, scores=SCORES),
            ("id", "lot_id", "organisation_id", "number", "created_at", "submitted_at", "state", "price_tiyn", "place"),
            (
                (
                    n + 1, n // bids + 1, self.ngo(n * 3), f"{n + 1}", self.at(y, 2, 20), self.at(y, 2, 25), "admitted",
                    SUM - (bids - n % bids) * 10_000_00, n % bids + 1,
                )
                for n in range(self.orders * bids)
                for y in [n // bids // self.size.orders]
            ),
        )  # fmt: skip

    # --- What came of it ------------------------------------------------------------------------------------

    def _contracts(self) -> None:
        """A contract for every result: first those of grants, then those of the social order."""
        general = {"goal": "Ауыл тұрғындарының қоғамдық бастамаларын қолдау."}
        common = {
            "state": "signed",
            "sum_tiyn": SUM,
            "advance_tiyn": SUM * 3 // 10,
            "general": general,
        }
        names = (
            "id", "source", "number", "grantee_id", "grantor_id", "title_kk", "title_ru", "direction_kk",
            "concluded_on", "starts_on", "ends_on", "signed_at",
        )  # fmt: skip

        def row(n: int, of: int, year: int, source: str, *parties: int) -> tuple[Any, ...]:
            name = self.names[n % len(self.names)].kk
            signed = self.at(year, 5, 20)
            return (
                n + 1, source, f"{n + 1}-Ш", *parties, *_title(of), name,
                signed.date(), signed.date(), self.at(year, 12, 20).date() + timedelta(days=30), signed,
            )  # fmt: skip

        bulk.load(
            Contract(instrument="grant", act="grants_rules", edition="2020", **common),
            names,
            (
                row(
                    n,
                    n,
                    n // self.size.lots,
                    f"grants.outcome:{n + 1}",
                    self.ngo(n * self.size.applications),
                    self.operator,
                )
                for n in range(self.lots)
            ),
        )
        bulk.load(
            Contract(instrument="social_order", act="tender_scoring", edition="2019", **common),
            names,
            (
                row(
                    self.lots + n, n, n // self.size.orders, f"tenders.lot:{n + 1}", self.ngo(n * self.size.bids * 3),
                    self.bodies[self._formation(n) % len(self.bodies)],
                )
                for n in range(self.orders)
            ),
        )  # fmt: skip
        bulk.load(
            Activity(
                section="task",
                task="Ауыл тұрғындарын оқыту",
                place="Аудандар",
                term="ай сайын",
                months=[],
                text="Іс-шара",
            ),
            ("id", "contract_id", "key", "position"),
            (
                (n * 2 + a + 1, n + 1, f"~a{a}", a)
                for n in range(self.lots + self.orders)
                for a in (0, 1)
            ),
        )
        bulk.load(
            BudgetLine(
                year=self.first,
                unit="дана",
                quantity=1,
                unit_cost_tiyn=SUM // LINES,
                grant_tiyn=SUM // LINES,
                category="handouts_lines",
            ),
            ("id", "contract_id", "key", "position", "item"),
            (
                (n * LINES + k + 1, n + 1, f"~b{k}", k, f"{k + 1}-шығыс бабы")
                for n in range(self.lots + self.orders)
                for k in range(LINES)
            ),
        )

    def _projects(self) -> None:
        """A project of every contract, closed but for those of the last year, with its results presented."""
        signed, last = Contract.objects.get(pk=1), Contract.objects.order_by("-pk")[0]
        content = baseline.of(signed)
        projects = range(self.lots + self.orders)
        bulk.load(
            Project(
                standard=standard_of(last), baseline=content, baseline_sha256=baseline.sha256(content),
                reckoned_on=self.today, events=20, events_held=20, attendances=300, covered=100, answers=200, points=900,
                indicators=16, indicators_done=14, indicators_proved=12, paid_tiyn=SUM * 9 // 10, spent_tiyn=SUM // 2,
                admitted_tiyn=SUM // 2,
            ),
            ("id", "contract_id", "opened_at", "state", "closed_at"),
            (
                (n + 1, n + 1, self.at(y, 5, 25), *(("running", None) if y == YEARS - 1 else ("closed", self.at(y, 12, 28))))
                for n in projects
                for y in [self._year(n)]
            ),
        )  # fmt: skip
        bulk.load(
            Presentation(
                summary_kk="Ауыл тұрғындары көмек алды. " * 5,
                summary_ru="Жители сёл получили помощь. " * 5,
            ),
            ("id", "project_id", "published_at"),
            ((n + 1, n + 1, self.at(self._year(n), 12, 20)) for n in projects),
        )

    def _year(self, project: int) -> int:
        if project < self.lots:
            return project // self.size.lots
        return (project - self.lots) // self.size.orders

    def _prizes(self) -> None:
        """A round a year, a laureate in every direction."""
        bulk.load(
            prizes.Round(
                organiser_id=self.bodies[0],
                edition="2018",
                state="ended",
                text_kk="Мәтін",
                text_ru="Текст",
            ),
            (
                "id",
                "year",
                "announce_due",
                "announced_at",
                "apply_until",
                "listed_at",
                "published_at",
            ),
            (
                (
                    y + 1,
                    self.first + y,
                    self.at(y, 2),
                    self.at(y, 2),
                    self.at(y, 3),
                    self.at(y, 4),
                    self.at(y, 10),
                )
                for y in range(YEARS)
            ),
        )
        numbers = range(YEARS * DIRECTIONS)
        bulk.load(
            prizes.Direction(amount_tiyn=SUM),
            ("id", "round_id", "position", "field"),
            (
                (n + 1, n // DIRECTIONS + 1, n % DIRECTIONS, self.fields[n % DIRECTIONS])
                for n in numbers
            ),
        )
        bulk.load(
            prizes.Application(state="awarded", created_by=self.person),
            (
                "id",
                "round_id",
                "direction_id",
                "organisation_id",
                "number",
                "created_at",
                "submitted_at",
                "once",
            ),
            (
                (
                    n + 1,
                    n // DIRECTIONS + 1,
                    n + 1,
                    self.ngo(n),
                    str(n + 1),
                    self.now,
                    self.now,
                    _uuid(n),
                )
                for n in numbers
            ),
        )
        bulk.load(
            prizes.Award(share_tiyn=SUM, paid_tiyn=SUM),
            ("id", "direction_id", "application_id", "paid_on", "once"),
            ((n + 1, n + 1, n + 1, self.at(n // DIRECTIONS, 11).date(), _uuid(n)) for n in numbers),
        )


def _bins() -> Iterator[str]:
    """BINs of bodies: other ones than those of NGOs."""
    number = 0
    while True:
        number += 1
        first = f"000540{number:05d}"
        if identifiers.control_digit(first) is not None:
            yield identifiers.complete(first)


def _title(number: int) -> tuple[str, str]:
    """What a topic is called, Kazakh and Russian; many are called alike, as in life."""
    first, second = WORDS[number % len(WORDS)], WORDS[number // len(WORDS) % len(WORDS)]
    return (
        f"{first.title()} және {second}: ауылдық бастамаларды дамыту {number % 997}",
        f"Развитие сельских инициатив: {RUSSIAN[first]} и {RUSSIAN[second]} {number % 997}",
    )


RUSSIAN = dict(
    zip(
        WORDS,
        ("молодёжь", "село", "общество", "образование", "здоровье", "культура", "волонтёры", "семья", "право", "природа", "история", "библиотека"),
        strict=True,
    )
)  # fmt: skip


def _uuid(number: int) -> Any:
    from uuid import UUID

    return UUID(int=number + 1)


def _annex5() -> dict[str, Any]:
    return {
        "rows": [
            {"name": {"kk": "Ауыл бастамалары", "ru": "Сельские инициативы"}, "contracted": {"tiyn": SUM}}
        ] * 3
    }  # fmt: skip

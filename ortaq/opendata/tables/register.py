"""Who takes part: NGOs of the public register, their yearly returns, state bodies, prizes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

from django.db.models import QuerySet

from ortaq.law.text import Text
from ortaq.people.actor import PASSER_BY
from ortaq.people.models import Organisation
from ortaq.prizes import standings
from ortaq.prizes.models import Application, Direction, Round
from ortaq.prizes.queries import award as awards
from ortaq.prizes.queries.round import LISTED, rounds_visible_to
from ortaq.registry import returns
from ortaq.registry.models import AnnualReturn, Ngo, NgoDirection
from ortaq.registry.queries.ngo import status_of

from .declared import (
    ID,
    PUBLISHED,
    SUM,
    YEAR,
    Column,
    Kind,
    Table,
    both,
    coded,
    day,
    instant,
    law_field,
    money,
    organisation,
    region,
    state_of,
    whole,
)

NGO = Text("ҮЕҰ", "НПО", "NGO")
NAME = Text("Атауы", "Название", "Name")
BIN = Text("БСН", "БИН", "BIN")


# --- The register ---------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Listed:
    """An NGO of the public register: no address, telephone or e-mail (GAP-N-10)."""

    ngo: Ngo
    organisation: Organisation
    directions: Sequence[str]


def _ngos(rows: Sequence[Ngo]) -> Iterator[Listed]:
    """One query for a chunk."""
    directions: dict[int, list[str]] = {}
    found = NgoDirection.objects.filter(ngo__in=[row.pk for row in rows])
    for ngo, direction in found.order_by("id").values_list("ngo_id", "direction"):
        directions.setdefault(ngo, []).append(direction)
    for row in rows:
        yield Listed(row, row.organisation, directions.get(row.pk, []))


def _returns() -> QuerySet[AnnualReturn]:
    """Returns that were sent, of NGOs in the public register: their status and nothing else."""
    rows = AnnualReturn.objects.filter(sent_on__isnull=False, organisation__ngo__isnull=False)
    return rows.select_related("organisation")


def _bodies() -> QuerySet[Organisation]:
    kinds = Organisation.Kind
    return Organisation.objects.filter(
        kind__in=(kinds.STATE_BODY, kinds.AUTHORISED_BODY, kinds.OPERATOR)
    ).only("bin", "name_kk", "name_ru", "kind", "region_code")


# --- Prizes ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Scored:
    """The mean of an applicant in one criterion of a published round."""

    direction: Direction
    application: Application
    place: int | None
    criterion: str
    mean: Fraction


def _scored(rounds: Sequence[Round]) -> Iterator[Scored]:
    """A round a year: five queries for each."""
    for row in rounds:
        for standing in standings.of_round(row):
            for nominee in standing.nominees:
                for criterion, mean in nominee.means.items():
                    yield Scored(
                        standing.direction, nominee.application, nominee.place, criterion, mean
                    )


def _applicants() -> QuerySet[Application]:
    """Who applied, once the list of applicants is published."""
    rows = Application.objects.filter(round__listed_at__isnull=False, state__in=LISTED)
    return rows.select_related("organisation", "direction", "round").defer("content")


TABLES = (
    Table(
        slug="ngos",
        group="register",
        title=Text("ҮЕҰ тізілімі", "Реестр НПО", "Register of NGOs"),
        about=Text(
            "Көпшілікке ашық тізілімдегі ұйымдар. Мекенжайлар мен телефондар берілмейді.",
            "Организации общедоступного реестра. Адреса и телефоны не приводятся.",
            "Organisations in the public register. Addresses and telephones are left out.",
        ),
        rows=lambda: Ngo.objects.select_related("organisation").defer("key"),
        expand=_ngos,
        columns=(
            Column("bin", BIN, "organisation.bin"),
            *both("name", NAME, "organisation.name"),
            coded(
                "legal_form",
                Text("Құқықтық нысаны", "Правовая форма", "Legal form"),
                "legal-forms",
                "ngo.legal_form",
            ),
            region("ngo.region_code"),
            coded(
                "directions",
                Text(
                    "Бағыттары, нүктелі үтірмен",
                    "Направления, через точку с запятой",
                    "Directions, separated by semicolons",
                ),
                "fields",
                lambda row: ";".join(row.directions),
            ),
            day(
                "registered_on",
                Text(
                    "Мемлекеттік тіркеу күні",
                    "Дата государственной регистрации",
                    "Registered by the state on",
                ),
                "organisation.registered_on",
            ),
            whole(
                "return_year",
                Text("Соңғы есеп жылы", "Год последнего отчёта", "Year of the last return"),
                "ngo.filed_year",
            ),
            day(
                "return_sent_on",
                Text("Соңғы есеп жіберілген", "Последний отчёт отправлен", "Last return sent on"),
                "ngo.filed_on",
            ),
            Column(
                "return_approved",
                Text("Соңғы есеп бекітілген", "Последний отчёт утверждён", "Last return approved"),
                "ngo.filed_approved",
                Kind.BOOLEAN,
            ),
        ),
        filters={"region": "region_code", "field": "directions__direction", "year": "filed_year"},
        key=("bin",),
    ),
    Table(
        slug="annual-returns",
        group="register",
        title=Text(
            "ҮЕҰ деректер базасындағы жылдық есептер",
            "Годовые отчёты в базе данных НПО",
            "Annual returns in the NGO database",
        ),
        about=Text(
            "Тек жай-күйі: мерзімінде, кешігіп немесе қаралуда. Есептің мазмұны жарияланбайды.",
            "Только статус: в срок, с опозданием или на рассмотрении. Содержание отчёта не публикуется.",
            "Their status only: in time, late or in review. What a return says is not published.",
        ),
        rows=_returns,
        columns=(
            Column("ngo_bin", Text("ҮЕҰ: БСН", "НПО: БИН", "NGO: BIN"), "organisation.bin"),
            whole("year", Text("Есепті жыл", "Отчётный год", "Reporting year")),
            coded("status", Text("Жай-күйі", "Статус", "Status"), "return-statuses", status_of),
            day(
                "due_on", Text("Соңғы күні", "Срок", "Due on"), lambda row: returns.due_on(row.year)
            ),
            day("sent_on", Text("Алғаш жіберілген", "Впервые отправлен", "First sent on")),
            day("approved_on", Text("Бекітілген", "Утверждён", "Approved on")),
        ),
        filters={"year": "year", "region": "organisation__region_code"},
        key=("ngo_bin", "year"),
    ),
    Table(
        slug="state-bodies",
        group="register",
        title=Text(
            "Мемлекеттік органдар мен оператор",
            "Государственные органы и оператор",
            "State bodies and the operator",
        ),
        about=Text(
            "Кім тапсырыс береді, гранттар береді және бақылайды.",
            "Кто заказывает, предоставляет гранты и контролирует.",
            "Who orders, gives grants and oversees.",
        ),
        rows=_bodies,
        columns=(
            Column("bin", BIN),
            *both("name", NAME),
            coded("kind", Text("Түрі", "Вид", "Kind"), "organisation-kinds"),
            region(),
        ),
        filters={"region": "region_code"},
        key=("bin",),
    ),
    Table(
        slug="prize-rounds",
        group="prizes",
        title=Text("Сыйлықақы конкурстары", "Конкурсы премии", "Rounds of the prize"),
        about=Text(
            "Жыл сайынғы мемлекеттік сыйлықақы, жарияланғаннан бастап.",
            "Ежегодная государственная премия с момента объявления.",
            "The yearly state prize from its announcement on.",
        ),
        rows=lambda: rounds_visible_to(PASSER_BY),
        columns=(
            ID,
            whole("year", YEAR),
            *organisation("organiser", Text("Ұйымдастырушы", "Организатор", "Organiser")),
            state_of("prize-states"),
            instant("announced_at", Text("Жарияланған", "Объявлен", "Announced")),
            instant(
                "apply_until",
                Text("Өтінім қабылдау мерзімі", "Приём заявок до", "Applications until"),
            ),
            instant(
                "listed_at",
                Text("Өтінім берушілер тізімі", "Список соискателей", "List of applicants"),
            ),
            instant(
                "published_at",
                PUBLISHED,
                lambda row: row.published_at if row.state in awards.PUBLISHED else None,
            ),
        ),
        filters={"year": "year"},
    ),
    Table(
        slug="prize-applicants",
        group="prizes",
        title=Text("Сыйлықақыға өтінім берушілер", "Соискатели премии", "Applicants for the prize"),
        about=Text(
            "Жарияланған тізім бойынша: ұйым және бағыт.",
            "По опубликованному списку: организация и направление.",
            "By the published list: organisation and direction.",
        ),
        rows=_applicants,
        columns=(
            Column(
                "application",
                Text("Өтінім нөмірі", "Номер заявки", "Number of the application"),
                "number",
            ),
            whole("year", YEAR, "round.year"),
            law_field("direction.field"),
            *organisation("ngo", NGO, "organisation"),
            region("organisation.region_code"),
        ),
        filters={
            "year": "round__year",
            "field": "direction__field",
            "region": "organisation__region_code",
        },
        key=("application",),
    ),
    Table(
        slug="laureates",
        group="prizes",
        title=Text("Сыйлықақы лауреаттары", "Лауреаты премии", "Recipients of the prize"),
        about=Text(
            "Жарияланған шешімдер: үлесі, дипломы, төленген күні. Банк деректемелері берілмейді.",
            "Опубликованные решения: доля, диплом, дата выплаты. Банковские реквизиты не приводятся.",
            "Published decisions: share, diploma, day of payment. Bank details are left out.",
        ),
        rows=awards.published,
        columns=(
            ID,
            Column(
                "application",
                Text("Өтінім нөмірі", "Номер заявки", "Number of the application"),
                "application.number",
            ),
            whole("year", YEAR, "direction.round.year"),
            law_field("direction.field"),
            *organisation("ngo", NGO, "application.organisation"),
            region("application.organisation.region_code"),
            money("sum", SUM, "share_tiyn"),
            Column(
                "diploma",
                Text("Диплом нөмірі", "Номер диплома", "Number of the diploma"),
                "diploma_number",
            ),
            day(
                "diploma_on", Text("Диплом тапсырылған", "Диплом вручён", "Diploma handed over on")
            ),
            day("paid_on", Text("Төленген күні", "Дата выплаты", "Paid on")),
        ),
        filters={
            "year": "direction__round__year",
            "field": "direction__field",
            "region": "application__organisation__region_code",
        },
    ),
    Table(
        slug="prize-points",
        group="prizes",
        title=Text(
            "Сыйлықақы балдары, өлшемшарттар бойынша",
            "Баллы премии по критериям",
            "Points of the prize by criterion",
        ),
        about=Text(
            "Комиссияның орташа балдары; мүшелердің жеке парақтары жарияланбайды.",
            "Средние баллы комиссии; листы отдельных членов не публикуются.",
            "The means of the commission; members' own sheets are not published.",
        ),
        rows=awards.published_rounds,
        expand=_scored,
        columns=(
            Column(
                "application",
                Text("Өтінім нөмірі", "Номер заявки", "Number of the application"),
                "application.number",
            ),
            law_field("direction.field"),
            whole("place", Text("Орын", "Место", "Place")),
            coded("criterion", Text("Өлшемшарт", "Критерий", "Criterion"), "criteria"),
            Column("mean", Text("Орташа балл", "Средний балл", "Mean"), kind=Kind.NUMBER),
        ),
        filters={"year": "year"},
        key=("application", "criterion"),
    ),
)

"""Tenders of the social order: announcements, lots, and of published results every bid with its points."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from django.db.models import Count, QuerySet, Sum

from ortaq.core.money import TIYN
from ortaq.law.text import Text
from ortaq.people.actor import PASSER_BY
from ortaq.tenders.models import Lot, Protocol
from ortaq.tenders.queries.review import PUBLISHED as KNOWN
from ortaq.tenders.queries.tender import lots_visible_to, tenders_visible_to

from .declared import (
    ID,
    REGION,
    TITLE,
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

CUSTOMER = Text("Тапсырыс беруші", "Заказчик", "Customer")
TENDER = Text("Конкурс", "Конкурс", "Tender")
LOT = Text("Лот", "Лот", "Lot")
BID = Text("Өтінім нөмірі", "Номер заявки", "Number of the bid")


def protocols() -> QuerySet[Protocol]:
    """The frozen protocols of tenders whose results are published."""
    return Protocol.objects.filter(tender__state__in=KNOWN).select_related("tender__customer")


@dataclass(frozen=True, slots=True)
class Line:
    """A bid as the frozen protocol of results records it."""

    lot: int
    tender: int
    kept: Mapping[str, Any]

    @property
    def conditional(self) -> Fraction | None:
        """The conditional price in tenge, exact."""
        price = self.kept["conditional_tiyn"]
        return None if price is None else Fraction(price) / TIYN


@dataclass(frozen=True, slots=True)
class Points:
    line: Line
    criterion: str
    points: int


def _lines(rows: Sequence[Protocol]) -> Iterator[Line]:
    """One query for a chunk."""
    lots = {
        (tender, position): pk
        for pk, tender, position in Lot.objects.filter(
            tender__in=[row.tender_id for row in rows]
        ).values_list("pk", "tender_id", "position")
    }
    for row in rows:
        for lot in row.content["lots"]:
            for bid in lot["bids"]:
                yield Line(lots[row.tender_id, lot["position"]], row.tender_id, bid)


def _points(rows: Sequence[Protocol]) -> Iterator[Points]:
    for line in _lines(rows):
        for criterion, points in sorted(line.kept["scores"].items()):
            yield Points(line, criterion, points)


def _kept(name: str) -> Any:
    return lambda line: line.kept[name]


def _known(read: str) -> Any:
    """What the commission decided is public with the results."""
    return lambda lot: getattr(lot, read) if lot.tender.state in KNOWN else ""


OF_TENDER = {"year": "tender__announced_at__year", "region": "tender__customer__region_code"}

TABLES = (
    Table(
        slug="tenders",
        group="tenders",
        title=Text(
            "Мемлекеттік әлеуметтік тапсырыс конкурстары",
            "Конкурсы государственного социального заказа",
            "Tenders of the social order",
        ),
        about=Text(
            "Жарияланған конкурстар.", "Объявленные конкурсы.", "Tenders that were announced."
        ),
        rows=lambda: (
            tenders_visible_to(PASSER_BY)
            .select_related("customer", "organiser")
            .annotate(lot_count=Count("lots"), allocated_tiyn=Sum("lots__allocated_tiyn"))
            .defer("conditions_kk", "conditions_ru", "contact", "search")
        ),
        columns=(
            ID,
            Column("number", Text("Нөмірі", "Номер объявления", "Number of the announcement")),
            *organisation("customer", CUSTOMER),
            *organisation("organiser", Text("Ұйымдастырушы", "Организатор", "Organiser")),
            region("customer.region_code"),
            *both("title", TITLE),
            state_of("tender-states"),
            instant("announced_at", Text("Жарияланған", "Объявлен", "Announced")),
            instant("closes_at", Text("Өтінім қабылдау мерзімі", "Приём заявок до", "Bids until")),
            instant("opened_at", Text("Өтінімдер ашылған", "Заявки вскрыты", "Bids opened")),
            instant(
                "published_at",
                Text("Қорытынды жарияланған", "Итоги опубликованы", "Results published"),
            ),
            whole("lots", Text("Лоттар саны", "Число лотов", "Lots"), "lot_count"),
            money("allocated", Text("Бөлінген сома", "Выделенная сумма", "Allocated sum")),
            Column(
                "edition",
                Text("Қағидалар редакциясы", "Редакция правил", "Edition of the rules"),
                lambda row: f"{row.act}/{row.edition}",
            ),
        ),
        filters={"year": "announced_at__year", "region": "customer__region_code"},
    ),
    Table(
        slug="tender-lots",
        group="tenders",
        title=Text("Конкурс лоттары", "Лоты конкурсов", "Lots of tenders"),
        about=Text(
            "Әрбір лот бір тақырып бойынша; нәтижесі жарияланғаннан кейін беріледі.",
            "Каждый лот по одной теме; результат указывается после публикации итогов.",
            "Each lot is about one topic; its result is given once results are published.",
        ),
        rows=lambda: (
            lots_visible_to(PASSER_BY).select_related("tender", "topic").defer("topic__search")
        ),
        columns=(
            ID,
            whole("tender", TENDER, "tender_id"),
            whole("topic", Text("Тақырып", "Тема", "Topic"), "topic_id"),
            whole("position", Text("Реті", "Порядковый номер", "Place")),
            law_field("topic.field"),
            coded("region", REGION, "regions", "topic.region_code"),
            *both("title", TITLE, "topic.title"),
            money("allocated", Text("Бөлінген сома", "Выделенная сумма", "Allocated sum")),
            day("starts_on", Text("Қызметтер басталады", "Услуги с", "Services from")),
            day("ends_on", Text("Қызметтер аяқталады", "Услуги до", "Services until")),
            whole("advance_percent", Text("Аванс, %", "Аванс, %", "Advance, %")),
            coded(
                "result", Text("Нәтиже", "Результат", "Result"), "tender-results", _known("result")
            ),
        ),
        filters={
            "year": "tender__announced_at__year",
            "region": "topic__region_code",
            "field": "topic__field",
        },
    ),
    Table(
        slug="tender-bids",
        group="tenders",
        title=Text("Конкурс өтінімдері мен орындар", "Заявки и места", "Bids and places"),
        about=Text(
            "Қорытындысы жарияланған конкурстардың барлық өтінімі: баға, балдар, орын. Шартты баға тек салыстыру үшін.",
            "Все заявки конкурсов с опубликованными итогами: цена, баллы, место. Условная цена служит только для сравнения.",
            "All bids of tenders whose results are published: price, points, place. The conditional price serves comparison only.",
        ),
        rows=protocols,
        expand=_lines,
        columns=(
            whole("tender", TENDER),
            whole("lot", LOT),
            Column("bid", BID, _kept("number")),
            Column(
                "bidder_bin",
                Text("Қатысушы: БСН", "Участник: БИН", "Bidder: BIN"),
                lambda line: line.kept["bidder"]["bin"],
            ),
            Column(
                "bidder_name_kk",
                Text("Қатысушы, қазақша", "Участник, на казахском", "Bidder, in Kazakh"),
                lambda line: line.kept["bidder"]["name_kk"],
            ),
            Column(
                "bidder_name_ru",
                Text("Қатысушы, орысша", "Участник, на русском", "Bidder, in Russian"),
                lambda line: line.kept["bidder"]["name_ru"],
            ),
            Column(
                "admitted",
                Text("Жіберілген", "Допущена", "Admitted"),
                _kept("admitted"),
                Kind.BOOLEAN,
            ),
            money(
                "price",
                Text("Ұсынылған баға", "Предложенная цена", "Price offered"),
                _kept("price_tiyn"),
            ),
            whole("points", Text("Балдар", "Баллы", "Points"), _kept("total")),
            whole(
                "reduction_percent",
                Text("Шартты төмендету, %", "Условное снижение, %", "Conditional reduction, %"),
                _kept("reduction_percent"),
            ),
            Column(
                "conditional_price",
                Text("Шартты баға, теңге", "Условная цена, тенге", "Conditional price, tenge"),
                "conditional",
                Kind.NUMBER,
            ),
            whole("place", Text("Орын", "Место", "Place"), _kept("place")),
        ),
        filters=OF_TENDER,
        key=("lot", "bid"),
    ),
    Table(
        slug="tender-points",
        group="tenders",
        title=Text(
            "Өтінімдердің балдары, өлшемшарттар бойынша",
            "Баллы заявок по критериям",
            "Points of bids by criterion",
        ),
        about=Text(
            "Комиссия бекіткен балдар; кім қалай дауыс бергені мұнда жоқ.",
            "Баллы, принятые комиссией; кто как голосовал, здесь нет.",
            "The points that the commission adopted; who voted how is not here.",
        ),
        rows=protocols,
        expand=_points,
        columns=(
            whole("lot", LOT, "line.lot"),
            Column("bid", BID, lambda row: row.line.kept["number"]),
            coded("criterion", Text("Өлшемшарт", "Критерий", "Criterion"), "criteria"),
            whole("points", Text("Балл", "Балл", "Points")),
        ),
        filters=OF_TENDER,
        key=("lot", "bid", "criterion"),
    ),
)

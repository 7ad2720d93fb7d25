"""Grants: plans, topics, competitions, how each topic ended, what the winners' points were."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from django.db.models import Count, QuerySet, Sum

from ortaq.grants.models import Lot, Outcome, PlanVersion, Topic
from ortaq.grants.queries.competition import competitions_visible_to, lots_visible_to
from ortaq.grants.queries.plan import topics_visible_to, versions_visible_to
from ortaq.law import grants as rules
from ortaq.law.text import Text
from ortaq.people.actor import PASSER_BY
from ortaq.review import evaluating
from ortaq.review.models import ScoreSheet

from .declared import (
    BODY,
    FIELD,
    ID,
    PUBLISHED,
    SUM,
    TITLE,
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

OPERATOR = Text("Оператор", "Оператор", "Operator")
COMPETITION = Text("Конкурс", "Конкурс", "Competition")
LOT = Text("Конкурстағы тақырып", "Тема в конкурсе", "Topic in the competition")
TOPIC = Text("Жоспар тақырыбы", "Тема плана", "Topic of the plan")
EDITION = Text("Қағидалар редакциясы", "Редакция правил", "Edition of the rules")
# Fewer sheets would be a member's own sheet and not a mean (GR-S-17).
FEWEST_SHEETS = 2


# --- Rows -----------------------------------------------------------------------------------------


def _versions() -> QuerySet[PlanVersion]:
    return (
        versions_visible_to(PASSER_BY)
        .select_related("plan__body")
        .annotate(
            topic_count=Count("topics", distinct=True), sum_tiyn=Sum("topics__amounts__amount_tiyn")
        )
    )


def _topics() -> QuerySet[Topic]:
    return (
        topics_visible_to(PASSER_BY)
        .select_related("field", "version__plan")
        .annotate(sum_tiyn=Sum("amounts__amount_tiyn"))
        .defer("search")
    )


def published_outcomes() -> QuerySet[Outcome]:
    """How topics ended, once their results are published."""
    return Outcome.objects.filter(
        published_at__isnull=False, lot__competition__state="published"
    ).select_related("lot__topic__field", "lot__competition__version__plan", "winner__organisation")


@dataclass(frozen=True, slots=True)
class Points:
    """What the commission gave the winner of a topic in one criterion: the sum of its sheets, never one of them."""

    outcome: Outcome
    criterion: str
    sheets: int
    mean: Fraction
    maximum: int


def _points(outcomes: Sequence[Outcome]) -> Iterator[Points]:
    """One query for a chunk."""
    dossiers = [one.winner.dossier_id for one in outcomes if one.winner and one.winner.dossier_id]
    rows = ScoreSheet.objects.filter(dossier__in=dossiers, state=ScoreSheet.State.SIGNED)
    marks: dict[int, list[Any]] = {}
    for dossier, given in rows.order_by("id").values_list("dossier", "marks"):
        marks.setdefault(dossier, []).append(given)
    for one in outcomes:
        sheets = marks.get(one.winner.dossier_id or 0, []) if one.winner else []
        if len(sheets) < FEWEST_SHEETS:
            continue
        rubric = rubric_of(one.lot)
        means = evaluating.means_of(sheets, rubric.keys)
        for criterion in rubric.criteria:
            mean = means[criterion.key]
            yield Points(one, criterion.key, len(sheets), mean, criterion.maximum)


def rubric_of(lot: Lot) -> Any:
    """The rubric under which a topic was scored."""
    competition = lot.competition
    local = competition.version.plan.level == "local"
    return competition.rules.rubric(rules.RUBRIC).given(*([rules.LOCAL_BUDGET] if local else []))


def _ground(outcome: Outcome) -> Any:
    if outcome.kind == Outcome.Kind.WINNER:
        return ""
    return outcome.lot.competition.rules.ground("failure_grounds", outcome.kind).text.ru


# --- Tables ---------------------------------------------------------------------------------------

TABLES = (
    Table(
        slug="grant-plans",
        group="grants",
        title=Text("Гранттар жоспарлары", "Планы грантов", "Plans of grants"),
        about=Text(
            "Жоспардың әрбір бекітілген нұсқасы, қайсысы қолданыста екені көрсетілген.",
            "Каждая утверждённая версия плана; указано, какая действует.",
            "Each approved version of a plan, and which one is in force.",
        ),
        rows=_versions,
        columns=(
            ID,
            *organisation("body", BODY, "plan.body"),
            whole("year", YEAR, "plan.year"),
            coded(
                "level",
                Text("Бюджет деңгейі", "Уровень бюджета", "Level of the budget"),
                "plan-levels",
                "plan.level",
            ),
            region("plan.region_code"),
            *both("title", TITLE, "plan.title"),
            whole("version", Text("Нұсқа", "Версия", "Version"), "number"),
            state_of("plan-states"),
            day("act_date", Text("Акт күні", "Дата акта", "Day of the act")),
            Column("act_number", Text("Акт нөмірі", "Номер акта", "Number of the act")),
            whole("topics", Text("Тақырыптар саны", "Число тем", "Topics"), "topic_count"),
            money("sum", SUM),
        ),
        filters={"year": "plan__year", "region": "plan__region_code"},
    ),
    Table(
        slug="grant-topics",
        group="grants",
        title=Text("Гранттар тақырыптары", "Темы грантов", "Topics of grants"),
        about=Text(
            "Жоспарлардың әрбір нұсқасындағы тақырыптар. Жолдарды қосу үшін бір нұсқаны таңдаңыз: state = approved.",
            "Темы каждой версии планов. Чтобы складывать суммы, выберите одну версию: state = approved.",
            "The topics of each version of a plan. Before you add up, choose one version: state = approved.",
        ),
        rows=_topics,
        columns=(
            ID,
            whole(
                "plan", Text("Жоспар нұсқасы", "Версия плана", "Version of the plan"), "version_id"
            ),
            state_of("plan-states", "version.state"),
            whole("year", YEAR, "version.plan.year"),
            Column("number", Text("Басылған нөмірі", "Номер в плане", "Number as printed")),
            law_field("field.direction"),
            *both("field_name", FIELD, "field.name"),
            *both("title", TITLE),
            *both("goal", Text("Мақсаты", "Цель", "Goal")),
            *both("tasks", Text("Міндеттері", "Задачи", "Tasks")),
            *both("result", Text("Күтілетін нәтиже", "Ожидаемый результат", "Expected result")),
            Column(
                "term",
                Text("Мерзімі, басылғандай", "Срок, как в плане", "Term as printed"),
                "term_printed",
            ),
            Column(
                "territory",
                Text("Аумағы, басылғандай", "Территория, как в плане", "Territory as printed"),
                "territory_printed",
            ),
            coded("coverage", Text("Қамту", "Охват", "Coverage"), "topic-coverage"),
            coded(
                "regions",
                Text(
                    "Өңірлер, нүктелі үтірмен",
                    "Регионы, через точку с запятой",
                    "Regions, separated by semicolons",
                ),
                "regions",
                lambda row: ";".join(row.regions),
            ),
            money("sum", SUM, about=Text("Барлық жылдарға.", "На все годы.", "For all years.")),
        ),
        filters={"year": "version__plan__year", "field": "field__direction"},
    ),
    Table(
        slug="grant-competitions",
        group="grants",
        title=Text("Грант конкурстары", "Конкурсы грантов", "Competitions of grants"),
        about=Text(
            "Жарияланған конкурстар.", "Объявленные конкурсы.", "Competitions that were announced."
        ),
        rows=lambda: (
            competitions_visible_to(PASSER_BY)
            .select_related("operator", "version__plan")
            .annotate(lot_count=Count("lots"), sum_tiyn=Sum("lots__amount_tiyn"))
            .defer("text_kk", "text_ru", "contacts_kk", "contacts_ru", "search")
        ),
        columns=(
            ID,
            *organisation("operator", OPERATOR),
            whole("year", YEAR, "version.plan.year"),
            whole(
                "plan", Text("Жоспар нұсқасы", "Версия плана", "Version of the plan"), "version_id"
            ),
            coded("kind", Text("Түрі", "Вид", "Kind"), "competition-kinds"),
            *both("title", TITLE),
            state_of("competition-states"),
            instant("announced_at", Text("Жарияланған", "Объявлен", "Announced")),
            instant(
                "closes_at",
                Text("Өтінім қабылдау мерзімі", "Приём заявок до", "Applications until"),
            ),
            instant(
                "published_at",
                Text("Қорытынды жарияланған", "Итоги опубликованы", "Results published"),
            ),
            whole(
                "previous",
                Text("Алдыңғы конкурс", "Предыдущий конкурс", "Competition before"),
                "previous_id",
            ),
            whole("lots", Text("Тақырыптар саны", "Число тем", "Topics"), "lot_count"),
            money("sum", SUM),
            Column("edition", EDITION, lambda row: f"grants_rules/{row.edition}"),
        ),
        filters={"year": "version__plan__year", "region": "version__plan__region_code"},
    ),
    Table(
        slug="grant-lots",
        group="grants",
        title=Text(
            "Конкурс тақырыптары (лоттар)", "Темы конкурсов (лоты)", "Topics in competitions (lots)"
        ),
        about=Text(
            "Әрбір конкурстағы тақырыптар мен олардың сомалары.",
            "Темы каждого конкурса и их суммы.",
            "The topics of each competition and their sums.",
        ),
        rows=lambda: lots_visible_to(PASSER_BY).select_related("topic__field", "competition"),
        columns=(
            ID,
            whole("competition", COMPETITION, "competition_id"),
            whole("topic", TOPIC, "topic_id"),
            whole("position", Text("Реті", "Порядковый номер", "Place")),
            law_field("topic.field.direction"),
            *both("title", TITLE, "topic.title"),
            money("sum", SUM, "amount_tiyn"),
            whole(
                "repeats",
                Text("Қайталанатын лот", "Повторяемый лот", "Lot that it repeats"),
                "repeats_id",
            ),
        ),
        filters={"year": "competition__version__plan__year", "field": "topic__field__direction"},
    ),
    Table(
        slug="grant-awards",
        group="grants",
        title=Text(
            "Грант конкурстарының қорытындылары",
            "Итоги конкурсов грантов",
            "Results of competitions of grants",
        ),
        about=Text(
            "Әрбір тақырып бойынша: жеңімпаз және оның балдары немесе конкурс өткізілмеді деп танылған негіздеме. Қалған өтінім берушілер аталмайды.",
            "По каждой теме: победитель и его баллы либо основание, по которому конкурс не состоялся. Остальные заявители не называются.",
            "For each topic the winner with its points, or the ground on which the competition failed. Other applicants are not named.",
        ),
        rows=published_outcomes,
        columns=(
            whole("lot", LOT, "lot_id"),
            whole("competition", COMPETITION, "lot.competition_id"),
            instant("published_at", PUBLISHED),
            law_field("lot.topic.field.direction"),
            coded("outcome", Text("Қорытынды", "Итог", "Outcome"), "grant-outcomes", "kind"),
            Column(
                "ground",
                Text("Негіздеме, орысша", "Основание, на русском", "Ground, in Russian"),
                _ground,
            ),
            whole(
                "submitted", Text("Берілген өтінімдер", "Подано заявок", "Applications handed in")
            ),
            whole(
                "admitted", Text("Жіберілген өтінімдер", "Допущено заявок", "Applications admitted")
            ),
            *organisation(
                "winner", Text("Жеңімпаз", "Победитель", "Winner"), "winner.organisation"
            ),
            region("winner.organisation.region_code"),
            Column(
                "application",
                Text("Өтінім нөмірі", "Номер заявки", "Number of the application"),
                "winner.number",
            ),
            Column("title", Text("Жоба", "Проект", "Project"), "winner.title"),
            money(
                "sum", Text("Грант сомасы", "Сумма гранта", "Sum of the grant"), "winner.grant_tiyn"
            ),
            whole("points", Text("Балдар қосындысы", "Сумма баллов", "Sum of points")),
            whole("sheets", Text("Бағалау парақтары", "Оценочные листы", "Score sheets")),
            whole(
                "maximum",
                Text(
                    "Бір парақтың ең көп балы", "Максимум одного листа", "Most points of one sheet"
                ),
            ),
        ),
        filters={
            "year": "lot__competition__version__plan__year",
            "region": "winner__organisation__region_code",
            "field": "lot__topic__field__direction",
        },
        key=("lot",),
    ),
    Table(
        slug="grant-award-points",
        group="grants",
        title=Text(
            "Жеңімпаздардың балдары, өлшемшарттар бойынша",
            "Баллы победителей по критериям",
            "Points of winners by criterion",
        ),
        about=Text(
            "Комиссия мүшелерінің орташа балы; жеке парақтар жарияланбайды.",
            "Средний балл членов комиссии; отдельные листы не публикуются.",
            "The mean of the members of the commission; no member's own sheet is published.",
        ),
        rows=lambda: published_outcomes().filter(winner__isnull=False),
        expand=_points,
        columns=(
            whole("lot", LOT, "outcome.lot_id"),
            Column(
                "application",
                Text("Өтінім нөмірі", "Номер заявки", "Number of the application"),
                "outcome.winner.number",
            ),
            coded("criterion", Text("Өлшемшарт", "Критерий", "Criterion"), "criteria"),
            whole("sheets", Text("Бағалау парақтары", "Оценочные листы", "Score sheets")),
            Column(
                "mean", Text("Орташа балл", "Средний балл", "Mean of the points"), kind=Kind.NUMBER
            ),
            whole("maximum", Text("Ең көп балл", "Максимум", "Maximum")),
        ),
        filters={
            "year": "lot__competition__version__plan__year",
            "region": "winner__organisation__region_code",
            "field": "lot__topic__field__direction",
        },
        key=("lot", "criterion"),
    ),
)

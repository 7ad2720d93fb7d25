"""Needs, topics of the social order, discussions, what was said in them, what councils advised."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, QuerySet, Sum

from ortaq.law.text import Text
from ortaq.people.actor import PASSER_BY
from ortaq.planning.models import Comment, Formation, Recommendation, Topic
from ortaq.planning.queries.council import LISTED
from ortaq.planning.queries.formation import formations_visible_to, topics_visible_to
from ortaq.planning.queries.needs import assessments_visible_to

from .declared import (
    BODY,
    ID,
    PUBLISHED,
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

TOPIC = Text("Тақырып", "Тема", "Topic")
DISCUSSION = Text("Талқылау", "Обсуждение", "Discussion")


# --- What a page of the room keeps back -----------------------------------------------------------


def _topics() -> QuerySet[Topic]:
    return topics_visible_to(PASSER_BY).select_related("formation__body").defer("search")


def _topic_state(topic: Topic) -> str:
    """Whether it is on the list of topics is public once the list is."""
    return str(topic.state if topic.formation.state in LISTED else Topic.State.PLANNED)


def _approved(topic: Topic) -> int | None:
    return topic.approved_tiyn if topic.formation.state == Formation.State.BUDGETED else None


def _formations() -> QuerySet[Formation]:
    return formations_visible_to(PASSER_BY).annotate(
        topic_count=Count("topics"), planned_tiyn=Sum("topics__planned_tiyn")
    )


def _comments() -> QuerySet[Comment]:
    """What came in time, in every published discussion; late ones are not public."""
    rows = Comment.objects.filter(
        formation__in=formations_visible_to(PASSER_BY).order_by().values("pk"), number__isnull=False
    )
    return rows.select_related("formation", "organisation").defer("author_name", "email", "token")


def _said(read: str) -> Any:
    """A text of a comment that moderation has not hidden."""
    return lambda comment: "" if comment.hidden_at else getattr(comment, read)


def _decided(read: str) -> Any:
    """A decision is public with the report on the discussion, not before."""
    return lambda comment: getattr(comment, read) if comment.formation.reported_at else ""


def _advice() -> QuerySet[Recommendation]:
    """What a council advised is public once it was sent and the list of topics is formed."""
    return Recommendation.objects.filter(
        session__sent_at__isnull=False, topic__formation__state__in=LISTED
    ).select_related("session__council", "topic__formation")


# --- Tables ---------------------------------------------------------------------------------------

TABLES = (
    Table(
        slug="needs-assessments",
        group="planning",
        title=Text("Қажеттіліктерді бағалау", "Оценки потребностей", "Needs assessments"),
        about=Text(
            "Мемлекеттік органдардың бекітілген бағалаулары.",
            "Утверждённые оценки государственных органов.",
            "Assessments that state bodies have approved.",
        ),
        rows=lambda: (
            assessments_visible_to(PASSER_BY)
            .annotate(
                conclusion_count=Count("conclusions", distinct=True),
                source_count=Count("sources", distinct=True),
            )
            .defer("answers")
        ),
        columns=(
            ID,
            *organisation("body", BODY),
            *both("title", TITLE),
            coded("kind", Text("Түрі", "Вид", "Kind"), "assessment-kinds"),
            law_field(),
            region(),
            day("begun_on", Text("Басталған күні", "Дата начала", "Begun on")),
            day("approved_on", Text("Бекітілген күні", "Дата утверждения", "Approved on")),
            whole(
                "conclusions",
                Text("Қорытындылар саны", "Число выводов", "Conclusions"),
                "conclusion_count",
            ),
            whole(
                "sources", Text("Дереккөздер саны", "Число источников", "Sources"), "source_count"
            ),
        ),
        filters={"year": "approved_on__year", "region": "region_code", "field": "field"},
    ),
    Table(
        slug="discussions",
        group="planning",
        title=Text("Көпшілік талқылаулар", "Общественные обсуждения", "Public discussions"),
        about=Text(
            "Мемлекеттік әлеуметтік тапсырыс тақырыптарының тізімдері мен олардың талқылануы.",
            "Списки тем государственного социального заказа и их обсуждения.",
            "Lists of topics of the state social order and their discussions.",
        ),
        rows=_formations,
        columns=(
            ID,
            *organisation("body", BODY),
            coded("level", Text("Деңгейі", "Уровень", "Level"), "formation-levels"),
            whole("year", YEAR, "plan_year"),
            whole("number", Text("Жылдағы реті", "Порядковый номер в году", "Number in the year")),
            state_of("formation-states"),
            instant("published_at", PUBLISHED),
            instant(
                "closes_at", Text("Пікір қабылдау мерзімі", "Приём замечаний до", "Comments until")
            ),
            instant(
                "reported_at", Text("Есеп жарияланған", "Отчёт опубликован", "Report published")
            ),
            whole("topics", Text("Тақырыптар саны", "Число тем", "Topics"), "topic_count"),
            whole("comments", Text("Пікірлер саны", "Число замечаний", "Comments")),
            money("planned", Text("Жоспарланған сома", "Планируемая сумма", "Planned sum")),
            Column(
                "edition",
                Text("Қағидалар редакциясы", "Редакция правил", "Edition of the rules"),
                lambda row: f"{row.act}/{row.edition}",
            ),
        ),
        filters={"year": "plan_year", "region": "body__region_code"},
    ),
    Table(
        slug="social-order-topics",
        group="planning",
        title=Text(
            "Мемлекеттік әлеуметтік тапсырыс тақырыптары",
            "Темы государственного социального заказа",
            "Topics of the state social order",
        ),
        about=Text(
            "Жарияланған тізімдердегі әрбір тақырып. Бекітілген сома бюджет бекітілгеннен кейін беріледі.",
            "Каждая тема опубликованных списков. Утверждённая сумма указывается после утверждения бюджета.",
            "Each topic of a published list. The approved sum is given once the budget is approved.",
        ),
        rows=_topics,
        columns=(
            ID,
            whole("discussion", DISCUSSION, "formation_id"),
            *organisation("body", BODY, "formation.body"),
            whole("year", YEAR, "formation.plan_year"),
            whole("position", Text("Тізімдегі реті", "Место в списке", "Place in the list")),
            law_field(),
            region(),
            *both("title", TITLE),
            *both("justification", Text("Негіздеме", "Обоснование", "Justification")),
            *both("target_group", Text("Нысаналы топ", "Целевая группа", "Target group")),
            *both("result", Text("Күтілетін нәтиже", "Ожидаемый результат", "Expected result")),
            whole(
                "financial_years",
                Text("Қаржы жылдарының саны", "Число финансовых лет", "Financial years"),
            ),
            state_of("topic-states", _topic_state),
            money("planned", Text("Жоспарланған сома", "Планируемая сумма", "Planned sum")),
            money(
                "approved", Text("Бекітілген сома", "Утверждённая сумма", "Approved sum"), _approved
            ),
            whole("comments", Text("Пікірлер саны", "Число замечаний", "Comments")),
        ),
        filters={"year": "formation__plan_year", "region": "region_code", "field": "field"},
    ),
    Table(
        slug="comments",
        group="planning",
        title=Text("Пікірлер мен ұсыныстар", "Замечания и предложения", "Comments and proposals"),
        about=Text(
            "Мерзімінде түскен пікірлер және оларға берілген жауаптар. Жеке тұлғалардың аты-жөні берілмейді; ұйым атынан жазылса, ұйым көрсетіледі. Модерация жасырған мәтін бос қалады.",
            "Замечания, поступившие в срок, и решения по ним. Имена граждан не приводятся; если замечание подано от организации, она указана. Текст, скрытый модерацией, пуст.",
            "Comments that came in time and what was decided on them. Names of persons are left out; where an organisation comments, it is named. A text hidden by moderation is empty.",
        ),
        rows=_comments,
        columns=(
            ID,
            whole("discussion", DISCUSSION, "formation_id"),
            whole(
                "number",
                Text("Талқылаудағы нөмірі", "Номер в обсуждении", "Number in the discussion"),
            ),
            whole("topic", TOPIC, "topic_id"),
            *organisation("organisation", Text("Ұйым", "Организация", "Organisation")),
            instant("received_at", Text("Келіп түскен", "Получено", "Received")),
            Column("text", Text("Мәтін", "Текст", "Text"), _said("text")),
            Column(
                "hidden",
                Text("Жасырылған", "Скрыто", "Hidden"),
                lambda row: row.hidden_at is not None,
                Kind.BOOLEAN,
            ),
            Column("hidden_reason", Text("Жасыру себебі", "Причина скрытия", "Why it is hidden")),
            coded(
                "decision",
                Text("Шешім", "Решение", "Decision"),
                "comment-decisions",
                _decided("decision"),
            ),
            Column(
                "reasons_kk",
                Text("Дәлелдер, қазақша", "Доводы, на казахском", "Reasons, in Kazakh"),
                _decided("reasons_kk"),
            ),
            Column(
                "reasons_ru",
                Text("Дәлелдер, орысша", "Доводы, на русском", "Reasons, in Russian"),
                _decided("reasons_ru"),
            ),
        ),
        filters={
            "year": "formation__plan_year",
            "region": "formation__body__region_code",
            "field": "topic__field",
        },
    ),
    Table(
        slug="council-recommendations",
        group="planning",
        title=Text("Кеңестердің ұсынымдары", "Рекомендации советов", "Recommendations of councils"),
        about=Text(
            "Кеңестер тақырыптар бойынша не ұсынғаны; тақырыптар тізімі қалыптасқаннан кейін.",
            "Что советы рекомендовали по темам; после формирования списка тем.",
            "What councils recommended on topics, once the list of topics is formed.",
        ),
        rows=_advice,
        columns=(
            ID,
            whole("topic", TOPIC, "topic_id"),
            *both("council", Text("Кеңес", "Совет", "Council"), "session.council.name"),
            day(
                "held_on",
                Text("Отырыс күні", "Дата заседания", "Day of the session"),
                "session.held_on",
            ),
            coded("verdict", Text("Ұсыным", "Рекомендация", "Recommendation"), "council-verdicts"),
            *both("text", Text("Дәлелдер", "Доводы", "Reasons")),
        ),
        filters={
            "year": "topic__formation__plan_year",
            "region": "topic__region_code",
            "field": "topic__field",
        },
    ),
)
